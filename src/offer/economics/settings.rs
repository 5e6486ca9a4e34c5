//! What did the merchant say about money? The blocks `economics`, `budgets` and `effect` of the program.

use serde::{Deserialize, Serialize};

use crate::money::Minor;
use crate::reject::{Code, Error, Result};
use crate::score::stage::Stage;
use crate::time::Day;
use crate::word::words;

words! {
    /// What happens to an option that does not pay.
    Mode {
        /// It is said in the private trace, and the option stays (default).
        Advise = "advise",
        /// The option is not given.
        Enforce = "enforce",
    }
}

words! {
    /// What stands first.
    Strategy {
        /// Gifts before money, in the order of what suits stage and channel; the cheaper of equals first (default).
        GiftsFirst = "gifts_first",
        /// The highest expected profit; of equals the gift.
        Profit = "profit",
    }
}

words! {
    /// A rule that is set aside by name.
    Override {
        /// New customers may cost more than they are worth.
        GrowthMode = "growth_mode",
        /// Discounts above a tenth may be printed on inserts.
        LargeDiscount = "large_discount",
    }
}

words! {
    /// How large a gift is.
    Size {
        /// A small attention (default).
        Small = "small",
        /// More than that: needs a tier, or an expected profit.
        Large = "large",
    }
}

words! {
    /// How long a budget lasts before it begins anew.
    Period {
        /// Monday to Sunday.
        Week = "week",
        /// A calendar month.
        Month = "month",
        /// Three calendar months.
        Quarter = "quarter",
        /// A calendar year.
        Year = "year",
    }
}

/// How the shop reckons. Everything has a default.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Economics {
    /// Whether what does not pay is refused or only named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mode: Option<Mode>,
    /// What stands first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub strategy: Option<Strategy>,
    /// Over how many periods of 90 days an option is judged: 1 (default) is the next order, more is the long run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub horizon: Option<u32>,
    /// How much less the next period is worth than this one, in basis points (default 0).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub discount_bp: Option<u32>,
    /// Which share of a new customer's lifetime value is to be kept, in basis points (default 2,000): the rest is the
    /// most that winning one may cost.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub keep_bp: Option<u32>,
    /// Rules that are set aside by name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub overrides: Vec<Override>,
}

/// What may be spent on customers of some stages in a period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Budget {
    /// Its id, under which requests say what is spent.
    pub id: String,
    /// Whom it is for; empty means everybody.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stages: Vec<Stage>,
    /// When it begins anew. The host counts; a new period starts at 0.
    pub period: Period,
    /// How much it is, in minor units.
    pub amount: Minor,
    /// The first day it holds (default always).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Day>,
    /// The last day it holds (default always).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Day>,
    /// Another budget that may be drawn on when this one is spent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub draws_on: Option<String>,
}

impl Budget {
    /// Whether it is for this stage on this day.
    #[must_use]
    pub fn holds(&self, stage: Stage, day: Day) -> bool {
        self.serves(stage) && self.from.is_none_or(|from| from <= day) && self.to.is_none_or(|to| day <= to)
    }

    fn serves(&self, stage: Stage) -> bool {
        self.stages.is_empty() || self.stages.contains(&stage)
    }

    fn overlaps(&self, other: &Self) -> bool {
        let shares_days = self.from.is_none_or(|from| other.to.is_none_or(|to| from <= to))
            && other.from.is_none_or(|from| self.to.is_none_or(|to| from <= to));
        shares_days && Stage::ALL.iter().any(|stage| self.serves(*stage) && other.serves(*stage))
    }
}

/// What the shop knows or believes about the effect of an option. What is absent is assumed from published figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "OptionEffect"))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Effect {
    /// Of 10,000 who get it, how many more order again within 90 days. May be negative.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uplift_bp: Option<i32>,
    /// The same for every later period of the horizon (default 0). Negative where it spoils prices.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub later_uplift_bp: Option<i32>,
    /// Of 10,000 who order again, how many redeem it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub redeem_bp: Option<u32>,
    /// What was counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counts: Option<Counts>,
}

/// What was counted about an option.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Counts {
    /// Given out.
    pub issued: u32,
    /// Of those, redeemed.
    pub redeemed: u32,
    /// Of those given out, customers who ordered again within 90 days.
    pub ordered_again: u32,
    /// Comparable customers left without it.
    pub without: u32,
    /// Of those, customers who ordered again within 90 days.
    pub ordered_again_without: u32,
}

impl Counts {
    fn check(self) -> Result<()> {
        for (path, part, whole) in [
            ("redeemed", self.redeemed, self.issued),
            ("orderedAgain", self.ordered_again, self.issued),
            ("orderedAgainWithout", self.ordered_again_without, self.without),
        ] {
            if part > whole {
                return Err(Error::at(Code::Contradiction, path, "A part is never larger than the whole it is of."));
            }
        }
        Ok(())
    }
}

impl Effect {
    /// Whether the rates are rates.
    ///
    /// # Errors
    /// `invalid_value` or `contradiction` with the path.
    pub(in crate::offer) fn check(&self) -> Result<()> {
        for (path, bp) in [("upliftBp", self.uplift_bp), ("laterUpliftBp", self.later_uplift_bp)] {
            if bp.is_some_and(|bp| !(-10_000..=10_000).contains(&bp)) {
                return Err(Error::at(Code::InvalidValue, path, "More than all customers: 500 means 5 of 100 more."));
            }
        }
        if self.redeem_bp.is_some_and(|bp| bp > 10_000) {
            return Err(Error::at(Code::InvalidValue, "redeemBp", "More than all buyers: 6000 means 60 of 100."));
        }
        self.counts.map_or(Ok(()), |counts| counts.check().map_err(|error| error.under("counts")))
    }
}

impl Economics {
    /// Whether the numbers can be.
    ///
    /// # Errors
    /// `invalid_value` with the path.
    pub(in crate::offer) fn check(&self) -> Result<()> {
        let invalid = |path: &str, message: &str| Err(Error::at(Code::InvalidValue, path, message));
        if self.horizon.is_some_and(|periods| !(1..=40).contains(&periods)) {
            return invalid("horizon", "A horizon is 1 to 40 periods of 90 days.");
        }
        if self.discount_bp.is_some_and(|bp| bp > 10_000) {
            return invalid("discountBp", "More than all of it: 200 means 2 % a period.");
        }
        if self.keep_bp.is_some_and(|bp| bp > 10_000) {
            return invalid("keepBp", "More than the whole lifetime value: 2000 means 20 %.");
        }
        Ok(())
    }
}

/// Whether budgets fit each other.
///
/// # Errors
/// `invalid_value`, `invalid_amount`, `not_found` or `contradiction` with the path.
pub(in crate::offer) fn check_budgets(budgets: &[Budget]) -> Result<()> {
    for (index, budget) in budgets.iter().enumerate() {
        let at =
            |code, field: &str, message: String| Err(Error::at(code, format!("budgets[{index}].{field}"), message));
        if budget.id.is_empty() || budget.id.len() > 40 {
            return at(Code::InvalidValue, "id", "A budget needs an id of 1 to 40 characters.".to_owned());
        }
        if budget.amount < 0 {
            return at(Code::InvalidAmount, "amount", "A budget is never negative.".to_owned());
        }
        if budget.from.zip(budget.to).is_some_and(|(from, to)| from > to) {
            return at(Code::Contradiction, "to", "It ends before it begins.".to_owned());
        }
        if let Some(other) = budgets[..index].iter().find(|other| other.id == budget.id) {
            return at(Code::Contradiction, "id", format!("There is another budget \"{}\".", other.id));
        }
        if let Some(other) = budgets[..index].iter().find(|other| other.overlaps(budget)) {
            let message = format!(
                "\"{}\" is for some of the same stages and days: nobody could tell which of the two pays.",
                other.id
            );
            return at(Code::Contradiction, "stages", message);
        }
        if let Some(wanted) = &budget.draws_on
            && (*wanted == budget.id || !budgets.iter().any(|other| other.id == *wanted))
        {
            return at(Code::NotFound, "drawsOn", format!("There is no other budget \"{wanted}\"."));
        }
    }
    Ok(())
}
