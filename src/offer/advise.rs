//! What would the merchant's numbers say? Program mode: publish in memory, decide, and add what only the merchant sees.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Serialize;

use crate::bucket::bucket;
use crate::money::Minor;
use crate::offer::decide::{decide_with, possible};
use crate::offer::decision::{Decision, Rejected};
use crate::offer::economics::budget;
use crate::offer::economics::figures::{Figures, Reckoner, Situation, known_margin_bp};
use crate::offer::economics::settings::{Mode, Size, Strategy};
use crate::offer::economics::verdict::{Judged, judge};
use crate::offer::policy::{Policy, PolicyOption};
use crate::offer::program::{Program, ProgramOption};
use crate::offer::publish::{PublishOptions, affordable, competing, compile_for, complete, serves};
use crate::offer::request::{Field, Reader, Request};
use crate::offer::rules::Found;
use crate::offer::words::{Channel, Rejection};
use crate::reject::Result;
use crate::score::model::Model;
use crate::score::stage::Stage;
use crate::time::zone::Zone;

/// A decision with the private part of its trace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct PrivateDecision {
    /// The decision; private reasons are named as they are.
    pub decision: Decision,
    /// What it costs and what was allowed.
    pub numbers: Numbers,
    /// How every option of the customer's group was reckoned.
    pub economics: Reckoning,
    /// The part of chance in full; absent where chance decided nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub chance: Option<Chance>,
    /// What speaks against options that were possible all the same: in `advise` nothing is refused for it.
    pub warnings: Vec<Rejected>,
    /// Paths of the program that the merchant left to the default.
    pub assumptions: Vec<Cow<'static, str>>,
}

/// What it costs and what was allowed, in minor units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Numbers {
    /// What a thank-you for this order may cost; absent without an order.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allowed: Option<Minor>,
    /// What the chosen option costs.
    pub issue_cost: Minor,
    /// Of 10,000 customers with this order number, how many ordered again within 90 days; absent without a model.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reorder_bp: Option<i64>,
    /// What an average order of the usual basket leaves over.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub margin: Option<Minor>,
    /// What the chosen option is expected to bring beyond its cost; absent where nothing is reckoned (plain thanks).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected_profit: Option<Minor>,
    /// Of 10,000 such customers, how many more have to order again for the chosen option to pay.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub break_even_bp: Option<i64>,
}

/// How the options of a group of customers were reckoned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Reckoning {
    /// Whether what does not pay is refused.
    pub mode: Mode,
    /// What stands first.
    pub strategy: Strategy,
    /// The stage it was reckoned for.
    pub stage: Stage,
    /// The numbers of every option.
    pub options: Vec<Figures>,
}

/// The part chance had, with all that is needed to repeat it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Chance {
    /// The policy's seed; `/holdout` follows it for the group that is left alone.
    pub seed: String,
    /// The field that was hashed.
    pub attribute: Cow<'static, str>,
    /// The bucket, 0 to 9,999.
    pub n: u32,
    /// The probability with which this was decided, in basis points.
    pub propensity_bp: u32,
}

/// A program made ready to decide for many customers.
#[derive(Debug, Clone)]
pub struct Adviser {
    program: Program,
    options: Vec<ProgramOption>,
    model: Option<Model>,
    zone: Zone,
    policies: BTreeMap<Channel, Policy>,
    costs: BTreeMap<String, Minor>,
}

impl Adviser {
    /// Publishes the program in memory, for pages, parcels and mails.
    ///
    /// # Errors
    /// As [`publish`](crate::offer::publish()).
    pub fn new(program: Program, model: Option<Model>, options: &PublishOptions) -> Result<Self> {
        let policies = [Channel::Page, Channel::Parcel, Channel::Email]
            .into_iter()
            .map(|audience| {
                let options = PublishOptions { audience, ..options.clone() };
                compile_for(&program, model.as_ref(), &options, false).map(|policy| (audience, policy))
            })
            .collect::<Result<_>>()?;
        let options = complete(&program);
        let costs = options.iter().map(|option| (option.id.clone(), option.issue_cost)).collect();
        Ok(Self { zone: program.zone()?, program, options, model, policies, costs })
    }

    /// The policy of an audience, if it was published.
    #[must_use]
    pub fn policy(&self, audience: Channel) -> Option<&Policy> {
        self.policies.get(&audience)
    }

    /// The program.
    #[must_use]
    pub const fn program(&self) -> &Program {
        &self.program
    }

    /// Program and model, ready to reckon.
    #[must_use]
    pub fn reckoner(&self) -> Reckoner<'_> {
        Reckoner::new(&self.program, self.model.as_ref())
    }

    /// Decides for one audience (page, parcel or e-mail).
    #[must_use]
    pub fn decide(&self, audience: Channel, request: &Request) -> Option<PrivateDecision> {
        let policy = self.policies.get(&audience)?;
        let reckoner = self.reckoner();
        let stage = Reader::new(request).stage();
        // As the policy was ranked: by stage, and by moment where moments have weights.
        let moment = (!self.program.receptivity.is_empty()).then_some(request.moment.kind);
        let situation = Situation { stage, audience, moment, order_number: None };
        let judged =
            judge(&reckoner, &competing(&reckoner, &self.options, audience, stage), situation).unwrap_or_default();
        let mut decision =
            decide_with(policy, request, &|option, reader| self.refused(&reckoner, option, reader, audience));
        name_the_excluded(&judged, &mut decision);
        self.name_the_absent(&reckoner, &judged, audience, policy, &mut decision);
        let chosen = decision.main.as_ref().map(|main| main.option.as_str());
        let figures = judged.iter().find(|one| Some(one.option.id.as_str()) == chosen).map(|one| &one.figures);
        let numbers = Numbers {
            allowed: request.order.as_ref().map(|order| self.program.allowed(order.subtotal)),
            issue_cost: chosen.and_then(|id| self.costs.get(id)).copied().unwrap_or(0),
            reorder_bp: self.model.as_ref().and_then(|model| {
                let n = request.facts.order_number.unwrap_or(1);
                model.reorder.iter().find(|rate| rate.order_number == n).map(|rate| rate.rate_bp)
            }),
            margin: self.model.as_ref().map(|_| reckoner.margin),
            expected_profit: figures.map(|figures| figures.expected_profit),
            break_even_bp: figures.and_then(|figures| figures.break_even_bp),
        };
        let mut assumed = assumptions(&self.program);
        if known_margin_bp(&self.program, self.model.as_ref()).is_some() {
            assumed.retain(|path| path != "marginBp");
        }
        for path in judged.iter().flat_map(|one| &one.figures.assumed) {
            if !assumed.contains(path) {
                assumed.push(path.clone());
            }
        }
        Some(PrivateDecision {
            chance: chance(policy, request, &decision),
            warnings: judged.iter().filter(|one| !one.excluded).filter_map(|one| one.objection.clone()).collect(),
            economics: Reckoning {
                mode: reckoner.mode(),
                strategy: reckoner.strategy(),
                stage,
                options: judged.into_iter().map(|one| one.figures).collect(),
            },
            decision,
            numbers,
            assumptions: assumed,
        })
    }

    /// The ids of all options that could stand as the main one for a request, best first.
    #[must_use]
    pub fn possible(&self, audience: Channel, request: &Request) -> Vec<&str> {
        let reckoner = self.reckoner();
        let private = |option: &PolicyOption, reader: &Reader<'_>| self.refused(&reckoner, option, reader, audience);
        self.policies.get(&audience).map(|policy| possible(policy, request, &private)).unwrap_or_default()
    }

    /// The options of the program and those that every shop has.
    #[must_use]
    pub fn options(&self) -> &[ProgramOption] {
        &self.options
    }

    /// The zone local days are cut in.
    #[must_use]
    pub const fn zone(&self) -> &Zone {
        &self.zone
    }

    /// What only program mode can see of a request: the allowance for this very order, and the budget.
    fn refused(
        &self,
        reckoner: &Reckoner<'_>,
        option: &PolicyOption,
        reader: &Reader<'_>,
        audience: Channel,
    ) -> Option<Found> {
        let own = self.options.iter().find(|own| own.id == option.id)?;
        self.above_allowance(own, reader).or_else(|| {
            if self.program.budgets.is_empty() {
                return None;
            }
            let stage = reader.stage();
            let situation = Situation { stage, audience, moment: None, order_number: None };
            let cost = reckoner.figures(own, situation).ok()?.expected_cost;
            let day = self.zone.day(reader.now());
            let line = budget::refused(&self.program, (own, cost, stage), day, &|id| reader.spent(id))?;
            Some(Found { code: line.code, field: line.field, provided: line.provided, required: line.required })
        })
    }

    fn above_allowance(&self, option: &ProgramOption, reader: &Reader<'_>) -> Option<Found> {
        let cost = option.issue_cost;
        if cost == 0 || option.size == Some(Size::Large) {
            return None;
        }
        let currency = reader.order_field(Field::OrderCurrency, |order| order.currency);
        if let Some(other) = currency.filter(|currency| *currency != self.program.shop.currency) {
            let wanted = self.program.shop.currency.as_str().to_owned();
            return Some(Found::new(
                Rejection::CurrencyMismatch,
                Field::OrderCurrency,
                Some(other.as_str().to_owned().into()),
                Some(wanted.into()),
            ));
        }
        let subtotal = reader.order_field(Field::OrderSubtotal, |order| order.subtotal);
        let allowed = subtotal.map_or(0, |subtotal| self.program.allowed(subtotal));
        (cost > allowed).then(|| {
            Found::new(
                Rejection::Unprofitable,
                Field::OrderSubtotal,
                subtotal.map(Into::into),
                self.smallest_order(cost).map(Into::into),
            )
        })
    }

    /// The smallest order at which a cost fits the allowance.
    fn smallest_order(&self, cost: Minor) -> Option<Minor> {
        let allowance = self.program.allowance();
        if allowance.rate_bp == 0 || cost > allowance.max {
            return None;
        }
        let rate = i64::from(allowance.rate_bp);
        // Half away from zero: the first subtotal whose share rounds up to the cost.
        let guess = (cost * 10_000 - 5_000).div_euclid(rate).max(0);
        (guess..guess + 2).find(|subtotal| self.program.allowed(*subtotal) >= cost)
    }

    /// Options that this audience never hears of: the merchant is told why.
    fn name_the_absent(
        &self,
        reckoner: &Reckoner<'_>,
        judged: &[Judged<'_>],
        audience: Channel,
        policy: &Policy,
        decision: &mut Decision,
    ) {
        for option in &self.options {
            if policy.options.iter().any(|published| published.id == option.id) {
                continue;
            }
            let line = |code, field: &str, provided, required| Rejected {
                option: option.id.clone(),
                code,
                field: Cow::Owned(field.to_owned()),
                provided,
                required,
            };
            let excluded = judged.iter().find(|one| one.option.id == option.id && one.excluded);
            decision.rejected.push(if let Some(objection) = excluded.and_then(|one| one.objection.clone()) {
                objection
            } else if !serves(option, audience) {
                let others = [Channel::Parcel, Channel::Page, Channel::Email];
                let elsewhere = others.into_iter().find(|other| serves(option, *other));
                line(
                    Rejection::ChannelUnavailable,
                    "channel",
                    Some(audience.as_str().into()),
                    elsewhere.map(|channel| channel.as_str().into()),
                )
            } else if !affordable(reckoner, option, audience) {
                let allowance = self.program.allowance();
                if option.issue_cost > allowance.max {
                    let required = Some(option.issue_cost.into());
                    line(Rejection::Unprofitable, "program.allowance.max", Some(allowance.max.into()), required)
                } else {
                    let rate = allowance.rate_bp;
                    let required = self.sufficient_rate(option.issue_cost, reckoner.basket).map(Into::into);
                    line(Rejection::Unprofitable, "program.allowance.rateBp", Some(rate.into()), required)
                }
            } else {
                line(Rejection::NotOffered, "policy.cells", None, None)
            });
        }
    }

    /// The smallest share of the usual basket that covers a cost.
    fn sufficient_rate(&self, cost: Minor, basket: Minor) -> Option<u32> {
        let covers = |rate: i64| crate::money::basis_points(basket, rate) >= cost;
        let guess = crate::money::share_bp(cost, basket);
        (guess.saturating_sub(2).max(0)..=guess + 2)
            .find(|rate| *rate <= 10_000 && covers(*rate))
            .and_then(|rate| u32::try_from(rate).ok())
    }
}

/// Options that this group of customers does not get for a reason only the merchant may read.
fn name_the_excluded(judged: &[Judged<'_>], decision: &mut Decision) {
    for line in decision.rejected.iter_mut().filter(|line| line.field == "policy.cells") {
        let one = judged.iter().find(|one| one.option.id == line.option && one.excluded);
        if let Some(objection) = one.and_then(|one| one.objection.clone()) {
            *line = objection;
        }
    }
}

fn chance(policy: &Policy, request: &Request, decision: &Decision) -> Option<Chance> {
    let drawn = decision.bucket?;
    let held = decision.rejected.iter().any(|line| line.code == Rejection::Holdout)
        && bucket(&format!("{}/holdout", policy.seed), &request.subject.id) == drawn.n
        && drawn.n < policy.holdout.bp;
    Some(Chance {
        seed: if held { format!("{}/holdout", policy.seed) } else { policy.seed.clone() },
        attribute: Cow::Borrowed("subject.id"),
        n: drawn.n,
        propensity_bp: drawn.propensity_bp,
    })
}

/// Paths of the program that the merchant left to the default.
#[must_use]
pub fn assumptions(program: &Program) -> Vec<Cow<'static, str>> {
    let mut paths = Vec::new();
    let mut assume = |absent: bool, path: &'static str| {
        if absent {
            paths.push(Cow::Borrowed(path));
        }
    };
    assume(program.allowance.is_none(), "allowance");
    assume(program.margin_bp.is_none(), "marginBp");
    assume(program.referral.as_ref().is_none_or(|referral| referral.friend.is_none()), "referral.friend");
    assume(program.tiers.is_none(), "tiers");
    assume(program.stages.is_none(), "stages");
    assume(program.caps.is_none(), "caps");
    paths
}

/// A decision as the public may see it: private reasons read `not_offered` and carry no number.
#[must_use]
pub fn public(mut decision: Decision) -> Decision {
    for line in &mut decision.rejected {
        if line.code.public() != line.code {
            line.code = line.code.public();
            // Where it stands in the program would tell which reason it was.
            line.field = Cow::Borrowed("policy.cells");
            line.provided = None;
            line.required = None;
        }
    }
    decision
}
