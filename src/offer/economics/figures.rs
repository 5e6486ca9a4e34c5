//! What do we reckon with for this option and this group of customers? The program's numbers, or what is assumed.

use std::borrow::Cow;

use serde::Serialize;

use super::evidence::{self, WEIGHT, shrunk_bp, shrunk_uplift_bp};
use super::lifetime::{self, Lifetime};
use super::profit::{BreakEven, Offer};
use super::settings::{Counts, Effect, Mode, Override, Size, Strategy};
use super::words;
use crate::money::{MAX_MINOR, Minor, basis_points, share_bp};
use crate::offer::program::{Program, ProgramOption};
use crate::offer::words::{Channel, Kind, Moment};
use crate::reject::Result;
use crate::score::model::Model;
use crate::score::stage::Stage;

/// Margin of an order where the merchant names none, in basis points.
pub const ASSUMED_MARGIN_BP: u32 = 3000;

/// Basket assumed where no model says better, in major units.
const ASSUMED_BASKET: Minor = 40;

/// One option for one group of customers, in numbers. Private.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Figures {
    /// The option.
    pub option: String,
    /// Of 10,000 such customers, how many order again without it (p0).
    pub base_bp: i64,
    /// How many more with it (u).
    pub uplift_bp: i64,
    /// Of those who order again, how many redeem it (rho).
    pub redeem_bp: i64,
    /// What an order leaves over (m), in minor units.
    pub margin: Minor,
    /// What one costs, used or not.
    pub issue_cost: Minor,
    /// What one costs when it is redeemed.
    pub redemption_cost: Minor,
    /// What it is expected to cost in all.
    pub expected_cost: Minor,
    /// What the additional buyers bring before its cost, later periods of the horizon included.
    pub expected_gross: Minor,
    /// Expected incremental profit: what it brings less what it costs.
    pub expected_profit: Minor,
    /// The part of the cost that goes to those who would have ordered anyway.
    pub cannibalised: Minor,
    /// How many more of 10,000 have to order again for it to pay; absent when no number is enough.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub break_even_bp: Option<i64>,
    /// A gift within the allowance: it need not pay.
    pub exempt: bool,
    /// Which of these numbers are assumed: paths of the program, or `model`.
    pub assumed: Vec<Cow<'static, str>>,
    /// Break-even in a sentence.
    pub words: String,
}

/// Whom, where and when an option is reckoned for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Situation {
    /// The customers' stage.
    pub stage: Stage,
    /// The channel.
    pub audience: Channel,
    /// The moment, where moments have weights.
    pub moment: Option<Moment>,
    /// Which order of the customer this is, where that is known: finer than the stage.
    pub order_number: Option<u32>,
}

/// A program and a model, ready to reckon.
#[derive(Debug, Clone, Copy)]
pub struct Reckoner<'a> {
    pub(super) program: &'a Program,
    pub(super) model: Option<&'a Model>,
    /// The usual basket, in minor units.
    pub basket: Minor,
    /// What an order of the usual basket leaves over.
    pub margin: Minor,
}

/// The margin that the program says, or else the one that the orders told.
pub(crate) fn known_margin_bp(program: &Program, model: Option<&Model>) -> Option<u32> {
    let measured = || model.and_then(|model| model.margin_bp).and_then(|bp| u32::try_from(bp.max(0)).ok());
    program.margin_bp.or_else(measured)
}

impl<'a> Reckoner<'a> {
    /// Puts program and model together.
    #[must_use]
    pub fn new(program: &'a Program, model: Option<&'a Model>) -> Self {
        let basket = model
            .map(|model| model.basket_median)
            .filter(|basket| *basket > 0)
            .unwrap_or(ASSUMED_BASKET * program.shop.currency.scale());
        let margin = basis_points(basket, i64::from(known_margin_bp(program, model).unwrap_or(ASSUMED_MARGIN_BP)));
        Self { program, model, basket, margin }
    }

    /// Whether the margin is said or measured, and not assumed.
    pub(super) fn knows_margin(&self) -> bool {
        known_margin_bp(self.program, self.model).is_some()
    }

    /// The program.
    #[must_use]
    pub const fn program(&self) -> &'a Program {
        self.program
    }

    /// Whether what does not pay is refused.
    #[must_use]
    pub fn mode(&self) -> Mode {
        self.program.economics.as_ref().and_then(|economics| economics.mode).unwrap_or(Mode::Advise)
    }

    /// What stands first.
    #[must_use]
    pub fn strategy(&self) -> Strategy {
        self.program.economics.as_ref().and_then(|economics| economics.strategy).unwrap_or(Strategy::GiftsFirst)
    }

    pub(super) fn overrides(&self, rule: Override) -> bool {
        self.program.economics.as_ref().is_some_and(|economics| economics.overrides.contains(&rule))
    }

    /// Of 10,000 such customers, how many order again within 90 days without being given anything: from the reorder
    /// rates by order number, where they were observed. The second value tells whether that had to be assumed.
    #[must_use]
    pub fn base_bp(&self, situation: Situation) -> (i64, bool) {
        if matches!(situation.stage, Stage::Interested | Stage::Lead | Stage::Follower) {
            return (evidence::FIRST_ORDER_BP, true);
        }
        let count = |from: u32, to: u32| {
            let rates = self.model.map_or(&[][..], |model| &model.reorder);
            let inside = rates.iter().filter(|rate| (from..=to).contains(&rate.order_number));
            inside.fold((0_u32, 0_u32), |(hits, all), rate| {
                (hits.saturating_add(rate.reordered), all.saturating_add(rate.customers))
            })
        };
        let (hits, all) = count(1, u32::MAX);
        if all == 0 {
            return (evidence::REORDER_BP, true);
        }
        let pooled = shrunk_bp(evidence::REORDER_BP, evidence::REORDER_WEIGHT, hits, all);
        let (from, to) = match (situation.order_number, situation.stage) {
            (Some(number), _) => (number.clamp(1, 10), number.clamp(1, 10)),
            (None, Stage::FirstBuyer) => (1, 1),
            (None, Stage::Relationship) => (2, u32::MAX),
            (None, Stage::Vip) => (3, u32::MAX),
            (None, _) => (1, u32::MAX),
        };
        let (hits, all) = count(from, to);
        (shrunk_bp(pooled, evidence::REORDER_WEIGHT, hits, all), false)
    }

    /// What a redeemed code takes off an order, in minor units.
    #[must_use]
    pub fn redemption_cost(&self, option: &ProgramOption) -> Minor {
        let reckoned = option.promotion.as_ref().map_or(0, |promotion| {
            let basket = self.basket.max(promotion.minimum_order.unwrap_or(0));
            promotion.amount.unwrap_or_else(|| basis_points(basket, i64::from(promotion.percent_bp.unwrap_or(0))))
        });
        option.redemption_cost.unwrap_or(reckoned)
    }

    /// Whether an option takes money off, or asks for a purchase: never exempt from having to pay.
    #[must_use]
    pub const fn is_money(option: &ProgramOption) -> bool {
        option.promotion.is_some() || option.redemption_cost.is_some() || option.kind.is_promotion()
    }

    /// The whole of an option's numbers.
    ///
    /// # Errors
    /// `out_of_range` for amounts that are too large.
    pub fn figures(&self, option: &ProgramOption, situation: Situation) -> Result<Figures> {
        let mut assumed = Vec::new();
        let (base_bp, guessed) = self.base_bp(situation);
        if guessed || self.model.is_none() {
            assumed.push(Cow::Borrowed("model"));
        }
        if !self.knows_margin() {
            assumed.push(Cow::Borrowed("marginBp"));
        }
        let (offer, own) = self.offer(option, situation);
        let path = |field: &str| {
            let path = self.path(option, &format!("effect.{field}"));
            Cow::Owned(path.trim_start_matches("program.").to_owned())
        };
        if !own.uplift && offer.uplift_bp != 0 {
            assumed.push(path("upliftBp"));
        }
        if !own.redeem && offer.redeem_bp != 0 {
            assumed.push(path("redeemBp"));
        }
        let later = self.later(option)?;
        let break_even = match offer.break_even()? {
            // More than all customers cannot order.
            BreakEven::At(bp) if bp + base_bp <= 10_000 => Some(bp),
            _ => None,
        };
        Ok(Figures {
            option: option.id.clone(),
            base_bp,
            uplift_bp: offer.uplift_bp,
            redeem_bp: offer.redeem_bp,
            margin: offer.margin,
            issue_cost: offer.issue_cost,
            redemption_cost: offer.redemption_cost,
            expected_cost: offer.cost()?,
            expected_gross: offer.gross()?.saturating_add(later).clamp(-MAX_MINOR, MAX_MINOR),
            expected_profit: offer.profit()?.saturating_add(later).clamp(-MAX_MINOR, MAX_MINOR),
            cannibalised: offer.cannibalised()?,
            break_even_bp: break_even,
            exempt: self.is_exempt(option),
            assumed,
            words: if option.kind == Kind::Referral {
                words::ceiling(option, self.new_customer()?, self.acquisition_ceiling()?, self.program.shop.currency)
            } else {
                words::break_even(option, &offer, break_even, self.program.shop.currency)
            },
        })
    }

    /// The numbers that the formulas take.
    fn offer(&self, option: &ProgramOption, situation: Situation) -> (Offer, Own) {
        let base_bp = self.base_bp(situation).0;
        let redemption_cost = self.redemption_cost(option);
        let (rates, own) = rates(option, base_bp, situation.audience, redemption_cost > 0);
        let offer = Offer {
            base_bp,
            uplift_bp: self.received(rates.uplift_bp, situation.moment),
            redeem_bp: rates.redeem_bp,
            margin: self.margin,
            issue_cost: option.issue_cost,
            redemption_cost,
        };
        (offer, own)
    }

    fn profit(&self, option: &ProgramOption, situation: Situation) -> Result<Minor> {
        Ok(self.offer(option, situation).0.profit()?.saturating_add(self.later(option)?))
    }

    /// An uplift at a moment: customers are more receptive at some.
    fn received(&self, uplift_bp: i64, moment: Option<Moment>) -> i64 {
        let weight = moment.and_then(|moment| self.program.receptivity.get(moment.as_str())).copied();
        weight.map_or(uplift_bp, |weight| basis_points(uplift_bp, i64::from(weight)))
    }

    /// What an option brings in the periods after the next order.
    fn later(&self, option: &ProgramOption) -> Result<Minor> {
        let economics = self.program.economics.as_ref();
        let periods = economics.and_then(|economics| economics.horizon).unwrap_or(1);
        let uplift = option.effect.and_then(|effect| effect.later_uplift_bp).unwrap_or(0);
        if periods <= 1 || uplift == 0 {
            return Ok(0);
        }
        let discount = economics.and_then(|economics| economics.discount_bp).unwrap_or(0);
        let all = lifetime::over(self.margin, 10_000, i64::from(discount), periods)?;
        Ok(basis_points(all - self.margin, i64::from(uplift)))
    }

    /// A gift, or anything else that takes no money off, within what a thank-you may cost.
    fn is_exempt(&self, option: &ProgramOption) -> bool {
        !Self::is_money(option)
            && option.size.unwrap_or(Size::Small) == Size::Small
            && option.issue_cost <= self.program.allowance().max
    }

    /// What a new customer is worth: the margin of the first order and of those that follow from period to period.
    ///
    /// # Errors
    /// `out_of_range` for amounts that are too large.
    pub fn new_customer(&self) -> Result<Lifetime> {
        let situation =
            Situation { stage: Stage::FirstBuyer, audience: Channel::Page, moment: None, order_number: Some(1) };
        let discount = self.program.economics.as_ref().and_then(|economics| economics.discount_bp).unwrap_or(0);
        lifetime::with_first(self.margin, self.base_bp(situation).0, i64::from(discount))
    }
}

struct Rates {
    uplift_bp: i64,
    redeem_bp: i64,
}

/// Which of the rates are the shop's own.
struct Own {
    uplift: bool,
    redeem: bool,
}

/// The merchant's word, or published figures drawn towards the merchant's counts.
fn rates(option: &ProgramOption, base_bp: i64, audience: Channel, redeemable: bool) -> (Rates, Own) {
    if option.kind == Kind::Referral {
        // A friend redeems it, who was no customer: it is judged by what a new customer may cost.
        return (Rates { uplift_bp: 0, redeem_bp: 0 }, Own { uplift: true, redeem: true });
    }
    let effect: Effect = option.effect.unwrap_or_default();
    let counts: Counts = effect.counts.unwrap_or_default();
    // Of those who get it, how many redeem it.
    let prior = i64::from(evidence::redemption_bp(audience));
    let issued_bp = shrunk_bp(prior, WEIGHT, counts.redeemed, counts.issued);
    let assumed_uplift = if redeemable {
        // Those who redeem and would not have come by themselves, half believed.
        basis_points(basis_points(issued_bp, 10_000 - base_bp), evidence::SHRINK_BP)
    } else {
        basis_points(base_bp, relative_uplift_bp(option))
    };
    let counted = shrunk_uplift_bp(
        assumed_uplift,
        (counts.ordered_again, counts.issued),
        (counts.ordered_again_without, counts.without),
    );
    let uplift_bp = effect.uplift_bp.map_or(counted, i64::from);
    // The share of buyers follows from the share of those who get it, whatever the merchant believes of the uplift.
    let derived = share_bp(issued_bp, (base_bp + assumed_uplift).max(1)).clamp(0, 10_000);
    let redeem_bp = if redeemable { effect.redeem_bp.map_or(derived, i64::from) } else { 0 };
    let enough = |count: u32| count >= WEIGHT;
    let own = Own {
        uplift: effect.uplift_bp.is_some() || enough(counts.issued.min(counts.without)),
        redeem: effect.redeem_bp.is_some() || enough(counts.issued),
    };
    (Rates { uplift_bp, redeem_bp }, own)
}

const fn relative_uplift_bp(option: &ProgramOption) -> i64 {
    match (option.kind, option.size) {
        (Kind::Thanks | Kind::ServiceContact | Kind::Info | Kind::Brand | Kind::Feedback | Kind::Invitation, _) => 0,
        (_, Some(Size::Large)) | (Kind::HapticGift | Kind::Event | Kind::CeoLine, None) => evidence::LARGE_GIFT_BP,
        (Kind::Sample | Kind::HapticGift | Kind::Zugabe | Kind::Service, _) => evidence::SMALL_GIFT_BP,
        _ => evidence::CONTENT_BP,
    }
}

/// The smallest uplift, in basis points as the program says it, with which an option does not lose money. `None` when
/// not even all customers coming back would be enough.
pub(super) fn sufficient_uplift_bp(
    reckoner: &Reckoner<'_>,
    option: &ProgramOption,
    situation: Situation,
) -> Option<i32> {
    let pays = |uplift_bp: i32| {
        let effect = Effect { uplift_bp: Some(uplift_bp), ..option.effect.unwrap_or_default() };
        let changed = ProgramOption { effect: Some(effect), ..option.clone() };
        reckoner.profit(&changed, situation).is_ok_and(|profit| profit >= 0)
    };
    let most = 10_000 - i32::try_from(reckoner.base_bp(situation).0).unwrap_or(0);
    let (mut low, mut high) = (-10_001, most);
    if !pays(high) {
        return None;
    }
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        if pays(middle) { high = middle } else { low = middle }
    }
    Some(high)
}
