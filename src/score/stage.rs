//! How far has this customer come with the shop? Stages from first interest to VIP, and which may follow which.

use super::tier::Tier;
use crate::reject::{Code, Error, Result};
use crate::word::word_in_json;

/// A stage of the relationship.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// Looked around; nothing is known.
    Interested,
    /// Known, has bought nothing.
    Lead,
    /// Known, comes back for the content, has bought nothing.
    Follower,
    /// Bought once.
    FirstBuyer,
    /// Bought more than once.
    Relationship,
    /// VIP or TOP VIP.
    Vip,
    /// Has not bought for a long time.
    Dormant,
}

word_in_json!(Stage {
    Interested = "interested",
    Lead = "lead",
    Follower = "follower",
    FirstBuyer = "first_buyer",
    Relationship = "relationship",
    Vip = "vip",
    Dormant = "dormant",
});

/// Content events that make a lead a follower.
pub const FOLLOWER_AFTER: u32 = 2;

impl Stage {
    /// All stages, in the order in which a customer goes through them.
    pub const ALL: [Self; 7] =
        [Self::Interested, Self::Lead, Self::Follower, Self::FirstBuyer, Self::Relationship, Self::Vip, Self::Dormant];

    /// The stage as it appears in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Interested => "interested",
            Self::Lead => "lead",
            Self::Follower => "follower",
            Self::FirstBuyer => "first_buyer",
            Self::Relationship => "relationship",
            Self::Vip => "vip",
            Self::Dormant => "dormant",
        }
    }

    /// The stage of somebody who has bought nothing: known or not, and how often she came for the content (read it to the
    /// end, opened a course). From `follower_after` times on she is a follower; [`FOLLOWER_AFTER`] unless a shop says
    /// otherwise. Nothing about a person is needed for it: whoever is not known stays interested.
    #[must_use]
    pub const fn before_purchase(known: bool, content_events: u32, follower_after: u32) -> Self {
        match (known, content_events >= follower_after) {
            (false, _) => Self::Interested,
            (true, false) => Self::Lead,
            (true, true) => Self::Follower,
        }
    }

    /// The stage as far as orders alone tell: a lead has bought nothing; whoever has not bought for more than
    /// `dormant_days`, or is `gone` by the probability of still buying, is dormant, whatever the tier.
    #[must_use]
    pub fn from_orders(purchases: u32, tier: Tier, recency_days: i64, dormant_days: u32, gone: bool) -> Self {
        match purchases {
            0 => Self::Lead,
            _ if gone || recency_days > i64::from(dormant_days) => Self::Dormant,
            1 => Self::FirstBuyer,
            _ if tier >= Tier::Vip => Self::Vip,
            _ => Self::Relationship,
        }
    }

    /// The stages that may come next. Forward goes one step at a time, so nobody is VIP right after a first purchase;
    /// only not-yet-buyers may skip ahead to the first purchase. Back goes whoever falls asleep, loses the tier, or
    /// whose order is cancelled.
    #[must_use]
    pub const fn next(self) -> &'static [Self] {
        match self {
            Self::Interested => &[Self::Lead, Self::FirstBuyer],
            Self::Lead => &[Self::Follower, Self::FirstBuyer],
            Self::Follower => &[Self::FirstBuyer],
            Self::FirstBuyer => &[Self::Relationship, Self::Dormant, Self::Lead],
            Self::Relationship => &[Self::Vip, Self::Dormant, Self::FirstBuyer],
            Self::Vip => &[Self::Relationship, Self::Dormant],
            Self::Dormant => &[Self::Relationship, Self::Vip],
        }
    }

    /// Whether `to` may follow this stage. Staying is always allowed.
    #[must_use]
    pub fn may_become(self, to: Self) -> bool {
        self == to || self.next().contains(&to)
    }

    /// Moves to another stage.
    ///
    /// # Errors
    /// `invalid_state` when `to` may not follow this stage.
    ///
    /// ```
    /// use zugabe::score::stage::Stage;
    /// assert_eq!(Stage::Lead.advance(Stage::FirstBuyer), Ok(Stage::FirstBuyer));
    /// assert!(Stage::FirstBuyer.advance(Stage::Vip).is_err());
    /// ```
    pub fn advance(self, to: Self) -> Result<Self> {
        if self.may_become(to) {
            return Ok(to);
        }
        let next: Vec<&str> = self.next().iter().map(|stage| stage.as_str()).collect();
        Err(Error::at(
            Code::InvalidState,
            "stage",
            format!("{} cannot follow {}: next may be {}.", to.as_str(), self.as_str(), next.join(" or ")),
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orders_alone_tell_the_stage() {
        let stage = |purchases, tier, days| Stage::from_orders(purchases, tier, days, 365, false);
        assert_eq!(stage(0, Tier::None, 0), Stage::Lead);
        assert_eq!(stage(1, Tier::Premium, 10), Stage::FirstBuyer);
        assert_eq!(stage(2, Tier::None, 10), Stage::Relationship);
        assert_eq!(stage(3, Tier::Premium, 10), Stage::Relationship);
        assert_eq!(stage(3, Tier::Vip, 10), Stage::Vip);
        assert_eq!(stage(9, Tier::TopVip, 10), Stage::Vip);
        assert_eq!(stage(1, Tier::None, 365), Stage::FirstBuyer);
        assert_eq!(stage(1, Tier::None, 366), Stage::Dormant);
        assert_eq!(stage(9, Tier::Vip, 366), Stage::Dormant);
        assert_eq!(Stage::from_orders(9, Tier::Vip, 60, 365, true), Stage::Dormant, "a heavy buyer who fell silent");
    }

    #[test]
    fn one_purchase_is_never_vip_whatever_the_tier_says() {
        assert_eq!(Stage::from_orders(1, Tier::TopVip, 0, 365, false), Stage::FirstBuyer);
    }

    #[test]
    fn a_customer_walks_through_all_stages_in_order() {
        let mut at = Stage::Interested;
        for to in &Stage::ALL[1..] {
            at = at.advance(*to).unwrap();
        }
        assert_eq!(at, Stage::Dormant);
    }

    #[test]
    fn what_happens_to_one_customer_leads_through_all_stages_and_every_step_is_legal() {
        let before = |known, content| Stage::before_purchase(known, content, FOLLOWER_AFTER);
        let after = |purchases, tier, days| Stage::from_orders(purchases, tier, days, 365, false);
        let trace = [
            before(false, 0),
            before(false, 5), // whoever is not known is not followed about
            before(true, 0),
            before(true, 1),
            before(true, 2),
            after(1, Tier::None, 0),
            after(2, Tier::Premium, 0),
            after(4, Tier::Vip, 0),
            after(4, Tier::Vip, 366),
            after(5, Tier::Premium, 0),
        ];
        let mut seen = vec![trace[0]];
        for to in &trace[1..] {
            let at = seen[seen.len() - 1];
            if at.advance(*to).unwrap() != at {
                seen.push(*to);
            }
        }
        assert_eq!(seen[..7], Stage::ALL);
        assert_eq!(seen[7..], [Stage::Relationship]);
    }

    #[test]
    fn every_stage_but_the_first_can_be_reached() {
        for to in &Stage::ALL[1..] {
            assert!(Stage::ALL.iter().any(|from| from.next().contains(to)), "{to:?}");
        }
    }

    #[test]
    fn jumps_are_refused() {
        use Stage::{Dormant, FirstBuyer, Follower, Interested, Lead, Relationship, Vip};
        for (from, to) in [
            (Interested, Vip),
            (Interested, Relationship),
            (Interested, Dormant),
            (Lead, Relationship),
            (Lead, Vip),
            (Lead, Interested),
            (Follower, Vip),
            (FirstBuyer, Vip),
            (FirstBuyer, Follower),
            (Relationship, Lead),
            (Vip, FirstBuyer),
            (Dormant, FirstBuyer),
            (Dormant, Lead),
        ] {
            let error = from.advance(to).unwrap_err();
            assert_eq!((error.code, error.path.as_str()), (Code::InvalidState, "stage"), "{from:?} to {to:?}");
        }
    }

    #[test]
    fn staying_is_always_allowed_and_the_text_is_the_json() {
        for stage in Stage::ALL {
            assert_eq!(stage.advance(stage), Ok(stage));
            assert_eq!(serde_json::to_string(&stage).unwrap(), format!("\"{}\"", stage.as_str()));
        }
    }
}
