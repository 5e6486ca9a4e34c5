//! What does the law forbid, whatever the merchant wants? Rules that a program is refused for, each with its ground.
//! None of this is legal advice; `docs/requirements.md` lists the rules by number.

use serde::{Deserialize, Serialize};

use crate::insert::template::placeholders;
use crate::money::Minor;
use crate::offer::program::{Program, ProgramOption, Promotion};
use crate::offer::words::Kind;
use crate::reject::{Code, Error, Result};
use crate::time::Day;
use crate::word::words;

/// Products with which no money may be given (HWG § 7, BuchPrG §§ 3 and 5, TabStG § 24).
pub const PRICE_BOUND: [&str; 5] = ["rx", "otc", "book_fixed_price", "tobacco", "infant_formula"];

/// Products that tell of health, intimacy or belief (GDPR Art. 9): nobody is selected by them.
pub const SENSITIVE: [&str; 5] = ["health", "intimacy", "religion", "rx", "otc"];

words! {
    /// How a voucher came to its owner: that decides how long it has to hold (BGB §§ 195, 199, 307).
    Voucher {
        /// Given freely: may be limited (default).
        Free = "free",
        /// Earned by something done before.
        Earned = "earned",
        /// Paid for.
        Paid = "paid",
    }
}

/// A price that is announced as reduced (PAngV § 11): what it refers to is the lowest total price of the last 30 days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Reduction {
    /// The price now, in minor units.
    pub now: Minor,
    /// The price that is struck through, if one is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Minor>,
    /// The share that is announced, in basis points, if one is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub percent_bp: Option<u32>,
    /// The lowest total price of the last 30 days before it, in minor units.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lowest30_days: Option<Minor>,
    /// Goods that spoil, sold off for it: the rule does not hold for them.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub perishable: bool,
}

impl Reduction {
    /// Whether it may be announced like this.
    ///
    /// # Errors
    /// `missing_field` without the lowest price, `contradiction` for a claim that refers to another one.
    pub fn check(&self) -> Result<()> {
        let claims = self.before.is_some() || self.percent_bp.is_some();
        if self.now < 0 || self.before.is_some_and(|before| before < 0) {
            return Err(Error::at(Code::InvalidAmount, "now", "A price is never negative."));
        }
        if !claims || self.perishable {
            return Ok(());
        }
        let Some(lowest) = self.lowest30_days.filter(|lowest| *lowest > 0) else {
            return Err(Error::at(
                Code::MissingField,
                "lowest30Days",
                "Whoever announces a reduction says the lowest price of the last 30 days (PAngV § 11).",
            ));
        };
        if self.now >= lowest {
            let message = "It is no reduction: within the last 30 days it was as low, or lower (PAngV § 11).";
            return Err(Error::at(Code::Contradiction, "now", message));
        }
        if self.before.is_some_and(|before| before != lowest) {
            let message = "The price that is struck through is the lowest of the last 30 days, no other (PAngV § 11).";
            return Err(Error::at(Code::Contradiction, "before", message));
        }
        // Rounded down: a share may be less than it is, never more.
        let share = (lowest - self.now).saturating_mul(10_000) / lowest;
        if self.percent_bp.is_some_and(|percent| i64::from(percent) > share) {
            let message = format!("Of the lowest price of the last 30 days it is {share} basis points, not more.");
            return Err(Error::at(Code::Contradiction, "percentBp", message));
        }
        Ok(())
    }
}

/// The last day of a voucher that was paid or earned on a day: the end of the third year after it.
#[must_use]
pub fn last_day(voucher: Voucher, from: Day) -> Option<Day> {
    let (year, ..) = from.civil();
    (voucher != Voucher::Free).then(|| Day::parse(&format!("{:04}-12-31", year + 3)).ok()).flatten()
}

/// Days after which every paid or earned voucher may have ended: from 1 January to 31 December of the third year after.
const LONGEST: u16 = 1461;

/// Everything in a program that the law forbids.
#[must_use]
pub fn forbidden(program: &Program) -> Vec<Error> {
    let mut found = Vec::new();
    for (index, option) in program.options.iter().enumerate() {
        found.extend(of_option(option).into_iter().map(|error| error.under(&format!("options[{index}]"))));
    }
    if let Some(friend) = program.referral.as_ref().and_then(|referral| referral.friend.as_ref()) {
        found.extend(too_short(friend).map(|error| error.under("referral.friend")));
    }
    for (tag, own) in program.texts.iter() {
        for (key, words) in own.iter() {
            found.extend(silent(key, words).map(|error| error.under(&format!("texts.{tag}.{key}"))));
        }
    }
    found
}

fn of_option(option: &ProgramOption) -> Vec<Error> {
    let mut found = Vec::new();
    let wanted = |list: &[&'static str]| {
        option
            .conditions
            .tags
            .iter()
            .position(|tag| list.contains(&tag.as_str()))
            .map(|place| (format!("conditions.tags[{place}]"), option.conditions.tags[place].clone()))
    };
    if let Some((path, tag)) = wanted(&SENSITIVE) {
        let message = format!(
            "Nobody is chosen by products tagged \"{tag}\": they tell of health, intimacy or belief (GDPR Art. 9)."
        );
        found.push(Error::at(Code::Contradiction, path, message));
    }
    let gives_money = option.promotion.is_some() || option.kind == Kind::Zugabe;
    if let Some((path, tag)) = wanted(&PRICE_BOUND).filter(|_| gives_money) {
        let message =
            format!("With products tagged \"{tag}\" no money may be given (HWG § 7, BuchPrG § 5, TabStG § 24).");
        found.push(Error::at(Code::Contradiction, path, message));
    }
    if let Some(Err(error)) = option.reduction.map(|reduction| reduction.check()) {
        found.push(error.under("reduction"));
    }
    found.extend(option.promotion.as_ref().and_then(too_short).map(|error| error.under("promotion")));
    found
}

/// A voucher that was paid or earned and ends too early.
fn too_short(promotion: &Promotion) -> Option<Error> {
    let owned = promotion.voucher.is_some_and(|voucher| voucher != Voucher::Free);
    (owned && promotion.days.is_some_and(|days| days < LONGEST)).then(|| {
        let message = "A voucher that was paid or earned holds to the end of the third year after (BGB §§ 195, 199): leave \"days\" out.";
        Error::at(Code::Contradiction, "days", message)
    })
}

/// Own wording for conditions that leaves out what everybody has to be told.
fn silent(key: &str, words: &str) -> Option<Error> {
    let wanted: &[&str] = match key {
        "conditions.discount" => &["date", "min", "excl"],
        "conditions.referral" | "friend.conditions" => &["date", "min"],
        _ => return None,
    };
    let said = placeholders(words);
    wanted.iter().find(|name| !said.contains(name)).map(|missing| {
        let message = format!("Conditions are told in full (DDG § 6, UWG § 5a): {{{missing}}} is missing. Parts that may be empty stand in [brackets].");
        Error::new(Code::Contradiction, message)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reduction(
        now: Minor,
        before: Option<Minor>,
        percent_bp: Option<u32>,
        lowest30_days: Option<Minor>,
    ) -> Result<()> {
        Reduction { now, before, percent_bp, lowest30_days, perishable: false }.check()
    }

    #[test]
    fn a_reduction_refers_to_the_lowest_price_of_thirty_days() {
        // CJEU C-330/23: 1.69 struck through, 1.29 now, but 1.29 within the last 30 days.
        let refused = |claim: Result<()>| claim.unwrap_err().path;
        assert_eq!(refused(reduction(129, Some(169), None, Some(129))), "now");
        assert_eq!(refused(reduction(129, Some(169), None, Some(149))), "before");
        assert_eq!(refused(reduction(129, None, Some(2366), Some(149))), "percentBp");
        assert_eq!(refused(reduction(129, Some(169), None, None)), "lowest30Days");
        // 1 - 129 / 149 = 13.42 %.
        assert_eq!(reduction(129, Some(149), Some(1342), Some(149)), Ok(()));
        assert_eq!(refused(reduction(129, Some(149), Some(1343), Some(149))), "percentBp");
        // Without a claim nothing is announced, and what spoils may be sold off.
        assert_eq!(reduction(129, None, None, None), Ok(()));
        let spoils = Reduction { now: 129, before: Some(169), percent_bp: None, lowest30_days: None, perishable: true };
        assert_eq!(spoils.check(), Ok(()));
    }

    #[test]
    fn a_paid_or_earned_voucher_holds_to_the_end_of_the_third_year() {
        let day = |text| Day::parse(text).unwrap();
        for voucher in [Voucher::Paid, Voucher::Earned] {
            assert_eq!(last_day(voucher, day("2026-01-01")), Some(day("2029-12-31")));
            assert_eq!(last_day(voucher, day("2026-12-31")), Some(day("2029-12-31")));
        }
        assert_eq!(last_day(Voucher::Free, day("2026-11-23")), None);
        assert_eq!(i64::from(day("2029-12-31").number() - day("2026-01-01").number()), i64::from(LONGEST) - 1);
    }
}
