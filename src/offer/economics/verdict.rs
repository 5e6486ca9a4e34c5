//! Does this option pay for this group of customers? What speaks against it, and what would have to be different.

use std::borrow::Cow;

use super::acquisition;
use super::figures::{Figures, Reckoner, Situation, sufficient_uplift_bp};
use super::lifetime::Lifetime;
use super::profit::Offer;
use super::settings::{Mode, Override, Size};
use crate::money::Minor;
use crate::offer::decision::{Plain, Rejected};
use crate::offer::program::ProgramOption;
use crate::offer::words::{Kind, Purpose, Rejection};
use crate::reject::Result;

/// An option with its numbers and what speaks against it.
#[derive(Debug, Clone)]
pub(in crate::offer) struct Judged<'a> {
    pub(in crate::offer) option: &'a ProgramOption,
    pub(in crate::offer) figures: Figures,
    /// What speaks against it.
    pub(in crate::offer) objection: Option<Rejected>,
    /// Whether it may not be given: the mode says so, or no mode can help.
    pub(in crate::offer) excluded: bool,
}

/// Judges all options that are for the same customers, so that one can be compared with the other.
///
/// # Errors
/// `out_of_range` for amounts that are too large.
pub(in crate::offer) fn judge<'a>(
    reckoner: &Reckoner<'_>,
    options: &[&'a ProgramOption],
    situation: Situation,
) -> Result<Vec<Judged<'a>>> {
    let mut judged = options
        .iter()
        .map(|option| {
            let figures = reckoner.figures(option, situation)?;
            let objection = reckoner.objection(option, &figures, situation)?;
            // A large gift without tier or profit is no matter of taste.
            let large = objection.is_some() && option.size == Some(Size::Large);
            let growth = objection.as_ref().is_some_and(|line| line.code == Rejection::CacCeiling)
                && reckoner.overrides(Override::GrowthMode);
            let excluded = objection.is_some() && !growth && (large || reckoner.mode() == Mode::Enforce);
            Ok(Judged { option, figures, objection, excluded })
        })
        .collect::<Result<Vec<_>>>()?;
    let open: Vec<(usize, &ProgramOption, Minor)> = judged
        .iter()
        .enumerate()
        .filter(|(_, one)| !one.excluded)
        .map(|(index, one)| (index, one.option, one.figures.expected_gross))
        .collect();
    let dominated: Vec<(usize, Rejected)> =
        open.iter().filter_map(|one| reckoner.dominated(one, &open).map(|line| (one.0, line))).collect();
    for (index, line) in dominated {
        let one = &mut judged[index];
        if one.objection.is_none() {
            one.objection = Some(line);
            one.excluded = reckoner.mode() == Mode::Enforce;
        }
    }
    Ok(judged)
}

impl Reckoner<'_> {
    /// Where in the program a field of an option stands.
    pub(in crate::offer) fn path(&self, option: &ProgramOption, field: &str) -> String {
        match self.program.options.iter().position(|other| other.id == option.id) {
            Some(index) => format!("program.options[{index}].{field}"),
            None => format!("program.referral.friend.{}", field.trim_start_matches("promotion.")),
        }
    }

    fn objection(&self, option: &ProgramOption, figures: &Figures, situation: Situation) -> Result<Option<Rejected>> {
        if matches!(option.kind, Kind::Thanks | Kind::ServiceContact) {
            return Ok(None);
        }
        if Self::is_money(option) && figures.redemption_cost > 0 && !self.knows_margin() {
            return Ok(Some(Rejected {
                option: option.id.clone(),
                code: Rejection::MarginUnknown,
                field: Cow::Borrowed("program.marginBp"),
                provided: None,
                required: Some(super::figures::ASSUMED_MARGIN_BP.into()),
            }));
        }
        if option.kind == Kind::Referral || option.purpose == Some(Purpose::Acquire) {
            return self.above_ceiling(option, figures);
        }
        let pays = figures.exempt
            || figures.expected_profit >= 0
            || (option.size == Some(Size::Large) && option.min_tier.is_some());
        if pays {
            return Ok(None);
        }
        let uplift = option.effect.and_then(|effect| effect.uplift_bp).map(|bp| Plain::from(i64::from(bp)));
        if let Some(needed) = sufficient_uplift_bp(self, option, situation) {
            return Ok(Some(Rejected {
                option: option.id.clone(),
                code: Rejection::Unprofitable,
                field: Cow::Owned(self.path(option, "effect.upliftBp")),
                provided: uplift,
                required: Some(i64::from(needed).into()),
            }));
        }
        // No number of buyers is enough: it would have to take off less.
        let offer = Offer {
            base_bp: figures.base_bp,
            uplift_bp: figures.uplift_bp,
            redeem_bp: figures.redeem_bp,
            margin: figures.margin,
            issue_cost: figures.issue_cost,
            redemption_cost: figures.redemption_cost,
        };
        let amount = option.promotion.as_ref().and_then(|promotion| promotion.amount);
        let affordable = amount.and(offer.affordable_voucher()?).filter(|most| *most > 0);
        Ok(Some(Rejected {
            option: option.id.clone(),
            code: Rejection::Unprofitable,
            field: Cow::Owned(self.path(option, if amount.is_some() { "promotion.amount" } else { "effect.upliftBp" })),
            provided: amount.map_or(uplift, |amount| Some(amount.into())),
            required: affordable.map(Plain::from),
        }))
    }

    /// What winning a customer may cost at most; `None` without a limit.
    ///
    /// # Errors
    /// `out_of_range` for amounts that are too large.
    pub fn acquisition_ceiling(&self) -> Result<Option<Minor>> {
        let keep = self.program.economics.as_ref().and_then(|economics| economics.keep_bp).unwrap_or(2000);
        match self.new_customer()? {
            Lifetime::Worth(lifetime) => acquisition::ceiling(lifetime, i64::from(keep)).map(Some),
            Lifetime::Diverges => Ok(None),
        }
    }

    fn above_ceiling(&self, option: &ProgramOption, figures: &Figures) -> Result<Option<Rejected>> {
        let cost = figures.redemption_cost.saturating_add(figures.issue_cost);
        let Some(ceiling) = self.acquisition_ceiling()?.filter(|ceiling| cost > *ceiling) else { return Ok(None) };
        let amount = option.promotion.as_ref().and_then(|promotion| promotion.amount);
        let (field, provided, required) = match amount {
            Some(amount) => ("promotion.amount", amount, ceiling - figures.issue_cost),
            None if figures.redemption_cost > 0 => {
                ("redemptionCost", figures.redemption_cost, ceiling - figures.issue_cost)
            }
            None => ("issueCost", figures.issue_cost, ceiling),
        };
        Ok(Some(Rejected {
            option: option.id.clone(),
            code: Rejection::CacCeiling,
            field: Cow::Owned(self.path(option, field)),
            provided: Some(provided.into()),
            required: (required > 0).then(|| required.into()),
        }))
    }

    /// Whether another gift brings as much for less wherever this one could be given.
    fn dominated(
        &self,
        one: &(usize, &ProgramOption, Minor),
        all: &[(usize, &ProgramOption, Minor)],
    ) -> Option<Rejected> {
        let (index, option, gross) = *one;
        if Self::is_money(option) || option.issue_cost == 0 {
            return None;
        }
        let rivals = all.iter().filter(|(other, rival, brings)| {
            *other != index && *brings >= gross && !Self::is_money(rival) && as_available(rival, option)
        });
        // The largest cost at which nothing else is at least as good for less.
        let limit = rivals
            .map(|(_, rival, brings)| if *brings > gross { (rival.issue_cost - 1).max(0) } else { rival.issue_cost })
            .min()
            .filter(|limit| *limit < option.issue_cost)?;
        Some(Rejected {
            option: option.id.clone(),
            code: Rejection::Dominated,
            field: Cow::Owned(self.path(option, "issueCost")),
            provided: Some(option.issue_cost.into()),
            required: Some(limit.into()),
        })
    }
}

/// Whether `rival` can be given wherever and whenever `option` can.
fn as_available(rival: &ProgramOption, option: &ProgramOption) -> bool {
    use crate::offer::publish::{moments, serves, stages};
    let channels = crate::offer::words::Channel::ALL;
    rival.stock.is_none()
        && rival.surprise_bp.is_none()
        && (rival.season.is_none() || rival.season == option.season)
        && (rival.conditions.is_empty() || rival.conditions == option.conditions)
        && rival.min_tier.is_none_or(|tier| option.min_tier.is_some_and(|own| own >= tier))
        && rival.basis.is_none_or(|basis| option.basis.is_some_and(|own| own >= basis))
        && !rival.kind.needs_code()
        && !rival.kind.stands_beside()
        && (option.kind.is_physical() || !rival.kind.is_physical())
        && moments(option).iter().all(|moment| moments(rival).contains(moment))
        && stages(option).iter().all(|stage| stages(rival).contains(stage))
        && channels.iter().all(|channel| !serves(option, *channel) || serves(rival, *channel))
}
