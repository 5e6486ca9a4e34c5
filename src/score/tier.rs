//! How valuable and active is this customer? TOP VIP, VIP, Premium or none, with what held a higher tier back.

use serde::{Deserialize, Serialize};

use super::rfm::Rfm;
use crate::reject::{Code, Error, Result};
use crate::time::Day;
use crate::word::word_in_json;

/// A tier. Later is higher.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Tier {
    /// None of the three.
    #[default]
    None,
    /// Premium.
    Premium,
    /// VIP.
    Vip,
    /// TOP VIP.
    TopVip,
}

word_in_json!(Tier { None = "none", Premium = "premium", Vip = "vip", TopVip = "top_vip" });

impl Tier {
    /// All tiers, the highest first.
    pub const ALL: [Self; 4] = [Self::TopVip, Self::Vip, Self::Premium, Self::None];

    /// The tier as it appears in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Premium => "premium",
            Self::Vip => "vip",
            Self::TopVip => "top_vip",
        }
    }
}

/// What held a higher tier back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "TierReason"))]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// The scores suffice, but the first purchase is too recent: trust takes time.
    DwellTime,
    /// The scores suffice, but there are too few orders: one huge order makes no VIP.
    OrdersBelowMin,
    /// Frequency and basket suffice, but the last purchase is too long ago.
    Inactive,
    /// The scores no longer suffice; the tier is kept until a second evaluation says so, too.
    KeptOnce,
}

impl Reason {
    /// The reason as it appears in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::DwellTime => "dwell_time",
            Self::OrdersBelowMin => "orders_below_min",
            Self::Inactive => "inactive",
            Self::KeptOnce => "kept_once",
        }
    }
}

/// What a tier asks of the scores.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Gate {
    /// Least sum of the frequency and the basket score, 2 to 10.
    pub score: u8,
    /// Least recency score, 1 to 5.
    pub recency: u8,
}

/// The thresholds of the tiers. What is left out is the default.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Tiers {
    /// TOP VIP: 9 and recency 4.
    pub top_vip: Gate,
    /// VIP: 8 and recency 3.
    pub vip: Gate,
    /// Premium: 6 and recency 3.
    pub premium: Gate,
    /// Least days since the first purchase, for TOP VIP and VIP: 90.
    pub dwell_days: u32,
    /// Least purchases, for TOP VIP and VIP: 3.
    pub min_orders: u32,
    /// After this many days without a purchase nobody is TOP VIP: 365.
    pub inactive_days: u32,
}

impl Default for Tiers {
    fn default() -> Self {
        Self {
            top_vip: Gate { score: 9, recency: 4 },
            vip: Gate { score: 8, recency: 3 },
            premium: Gate { score: 6, recency: 3 },
            dwell_days: 90,
            min_orders: 3,
            inactive_days: 365,
        }
    }
}

/// What an earlier evaluation said of one customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Earlier {
    /// The customer's id.
    pub id: String,
    /// The tier.
    pub tier: Tier,
    /// How many evaluations in a row the scores had been below that tier by then: 0 or 1.
    #[serde(default)]
    pub below: u32,
}

/// An earlier evaluation, so that one weak month does not take a tier away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Evaluation {
    /// The day up to which it observed. One of the same day or later is no earlier evaluation and changes nothing.
    pub as_of: Day,
    /// Its customers.
    pub rows: Vec<Earlier>,
}

/// Evaluations in a row that must be below a tier before it is taken away.
pub const EVALUATIONS_BEFORE_DOWNGRADE: u32 = 2;

/// The tier after hysteresis: up at once, down only when [`EVALUATIONS_BEFORE_DOWNGRADE`] evaluations in a row say so. Answers the tier
/// and the count to hand to the next evaluation. Whoever is inactive is never kept TOP VIP.
#[must_use]
pub fn settle(now: Tier, asleep: bool, earlier: Option<&Earlier>) -> (Tier, u32) {
    let Some(earlier) = earlier else { return (now, 0) };
    let held = if asleep { earlier.tier.min(Tier::Vip) } else { earlier.tier };
    let below = earlier.below.saturating_add(1);
    if now >= held || below >= EVALUATIONS_BEFORE_DOWNGRADE { (now, 0) } else { (held, below) }
}

/// What the tier of one customer is decided from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// The scores.
    pub rfm: Rfm,
    /// Days since the first purchase.
    pub age_days: i64,
    /// Days since the last purchase.
    pub recency_days: i64,
    /// Purchases.
    pub orders: u32,
}

impl Tiers {
    /// Whether the thresholds fit each other: TOP VIP asks at least what VIP asks, VIP at least what Premium asks.
    ///
    /// # Errors
    /// `contradiction` when a higher tier asks less than a lower one, `invalid_value` when a threshold can never be
    /// reached; with the path inside this document.
    pub fn check(&self) -> Result<()> {
        let gates = [("topVip", self.top_vip), ("vip", self.vip), ("premium", self.premium)];
        for (name, gate) in gates {
            for (field, value, range) in [("score", gate.score, 2..=10), ("recency", gate.recency, 1..=5)] {
                if !range.contains(&value) {
                    let (least, most) = range.into_inner();
                    return Err(Error::at(
                        Code::InvalidValue,
                        format!("{name}.{field}"),
                        format!("{value} is out of range: take {least} to {most}."),
                    ));
                }
            }
        }
        for [(higher, above), (lower, below)] in [[gates[0], gates[1]], [gates[1], gates[2]]] {
            for (field, above, below) in
                [("score", above.score, below.score), ("recency", above.recency, below.recency)]
            {
                if above < below {
                    return Err(Error::at(
                        Code::Contradiction,
                        format!("{higher}.{field}"),
                        format!(
                            "{higher} asks for {above} and {lower} for {below}: a higher tier asks at least as much."
                        ),
                    ));
                }
            }
        }
        Ok(())
    }

    /// The tier of a customer, and what held a higher one back.
    #[must_use]
    pub fn place(&self, who: &Standing) -> (Tier, Vec<Reason>) {
        let score = who.rfm.f + who.rfm.m;
        let reaches = |gate: Gate| score >= gate.score && who.rfm.r >= gate.recency;
        let asleep = who.recency_days > i64::from(self.inactive_days);
        let mut reasons = Vec::new();
        if reaches(self.vip) {
            if who.age_days < i64::from(self.dwell_days) {
                reasons.push(Reason::DwellTime);
            }
            if who.orders < self.min_orders {
                reasons.push(Reason::OrdersBelowMin);
            }
        }
        let proven = reasons.is_empty();
        let too_long_ago = if reaches(self.top_vip) {
            asleep
        } else {
            score >= self.premium.score && who.rfm.r < self.premium.recency
        };
        if too_long_ago {
            reasons.push(Reason::Inactive);
        }
        let tier = if proven && reaches(self.top_vip) && !asleep {
            Tier::TopVip
        } else if proven && reaches(self.vip) {
            Tier::Vip
        } else if reaches(self.premium) {
            Tier::Premium
        } else {
            Tier::None
        };
        (tier, reasons)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn standing(r: u8, f: u8, m: u8, age_days: i64, orders: u32) -> Standing {
        Standing { rfm: Rfm { r, f, m }, age_days, recency_days: 0, orders }
    }

    #[test]
    fn scores_age_and_orders_give_the_tier_and_the_reason() {
        use Reason::{DwellTime, Inactive, OrdersBelowMin};
        let cases = [
            (standing(5, 5, 5, 400, 12), Tier::TopVip, vec![]),
            (standing(4, 5, 4, 95, 3), Tier::TopVip, vec![]),
            (standing(4, 5, 4, 90, 3), Tier::TopVip, vec![]),
            (standing(4, 5, 4, 89, 3), Tier::Premium, vec![DwellTime]),
            (standing(4, 5, 4, 60, 3), Tier::Premium, vec![DwellTime]),
            (standing(3, 5, 5, 400, 20), Tier::Vip, vec![]),
            (standing(2, 5, 5, 400, 20), Tier::None, vec![Inactive]),
            (standing(5, 3, 3, 10, 1), Tier::Premium, vec![]),
            (standing(5, 1, 5, 200, 1), Tier::Premium, vec![]),
            (standing(5, 4, 4, 200, 2), Tier::Premium, vec![OrdersBelowMin]),
            (standing(5, 2, 3, 200, 4), Tier::None, vec![]),
            (standing(5, 5, 5, 0, 1), Tier::Premium, vec![DwellTime, OrdersBelowMin]),
            (standing(1, 1, 1, 900, 1), Tier::None, vec![]),
        ];
        for (who, tier, reasons) in cases {
            assert_eq!(Tiers::default().place(&who), (tier, reasons), "{who:?}");
        }
    }

    #[test]
    fn whoever_was_away_for_more_than_a_year_is_never_top_vip() {
        let mut who = standing(5, 5, 5, 2000, 50);
        who.recency_days = 365;
        assert_eq!(Tiers::default().place(&who), (Tier::TopVip, vec![]));
        who.recency_days = 366;
        assert_eq!(Tiers::default().place(&who), (Tier::Vip, vec![Reason::Inactive]));
    }

    #[test]
    fn a_tier_is_taken_away_by_the_second_evaluation_in_a_row_and_given_by_the_first() {
        let earlier = |tier, below| Some(Earlier { id: "a".to_owned(), tier, below });
        let after = |now, earlier: Option<Earlier>| settle(now, false, earlier.as_ref());
        assert_eq!(after(Tier::Vip, None), (Tier::Vip, 0));
        assert_eq!(after(Tier::Premium, earlier(Tier::Vip, 0)), (Tier::Vip, 1));
        assert_eq!(after(Tier::Premium, earlier(Tier::Vip, 1)), (Tier::Premium, 0));
        assert_eq!(after(Tier::Vip, earlier(Tier::Vip, 1)), (Tier::Vip, 0), "back in time: counted anew");
        assert_eq!(after(Tier::TopVip, earlier(Tier::Premium, 1)), (Tier::TopVip, 0));
        assert_eq!(
            settle(Tier::None, true, earlier(Tier::TopVip, 0).as_ref()),
            (Tier::Vip, 1),
            "inactive: never TOP VIP"
        );
    }

    #[test]
    fn thresholds_that_contradict_each_other_are_refused_with_their_path() {
        assert_eq!(Tiers::default().check(), Ok(()));
        let low_top = Tiers { top_vip: Gate { score: 7, recency: 4 }, ..Tiers::default() };
        let error = low_top.check().unwrap_err();
        assert_eq!((error.code, error.path.as_str()), (Code::Contradiction, "topVip.score"));
        let strict_premium = Tiers { premium: Gate { score: 6, recency: 4 }, ..Tiers::default() };
        let error = strict_premium.check().unwrap_err();
        assert_eq!((error.code, error.path.as_str()), (Code::Contradiction, "vip.recency"));
        let impossible = Tiers { top_vip: Gate { score: 11, recency: 4 }, ..Tiers::default() };
        let error = impossible.check().unwrap_err();
        assert_eq!((error.code, error.path.as_str()), (Code::InvalidValue, "topVip.score"));
    }

    #[test]
    fn what_is_left_out_of_the_thresholds_is_the_default() {
        let tiers: Tiers = crate::reject::parse_json(r#"{"dwellDays":30}"#).unwrap();
        assert_eq!(tiers, Tiers { dwell_days: 30, ..Tiers::default() });
        assert_eq!(crate::reject::parse_json::<Tiers>(r#"{"dwelDays":30}"#).unwrap_err().code, Code::UnknownField);
    }

    #[test]
    fn the_text_of_a_tier_and_of_a_reason_is_their_json() {
        for tier in Tier::ALL {
            assert_eq!(serde_json::to_string(&tier).unwrap(), format!("\"{}\"", tier.as_str()));
        }
        for reason in [Reason::DwellTime, Reason::OrdersBelowMin, Reason::Inactive, Reason::KeptOnce] {
            assert_eq!(serde_json::to_string(&reason).unwrap(), format!("\"{}\"", reason.as_str()));
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(256))]

        #[test]
        fn a_higher_frequency_basket_or_recency_never_lowers_the_tier(
            (r, f, m) in (1..=5_u8, 1..=5_u8, 1..=5_u8),
            (age_days, recency_days, orders) in (0..500_i64, 0..500_i64, 1..8_u32),
            (better_r, better_f, better_m) in (1..=5_u8, 1..=5_u8, 1..=5_u8),
        ) {
            let place = |r, f, m| Tiers::default().place(&Standing { rfm: Rfm { r, f, m }, age_days, recency_days, orders }).0;
            prop_assert!(place(r.max(better_r), f.max(better_f), m.max(better_m)) >= place(r, f, m));
        }
    }
}
