//! On what terms is a recommendation rewarded? Everything has a default.

use serde::{Deserialize, Serialize};

use super::fraud::SignalKind;
use crate::map::Map;
use crate::money::{Currency, MAX_MINOR, Minor};
use crate::reject::{Code, Error, Result};
use crate::time::Day;
use crate::word::words;

/// The terms of a programme of recommendations.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "RecommendationTerms"))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Terms {
    /// What the one who recommends gets for a friend (default: a gift, as the shop hands it out).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reward: Option<Reward>,
    /// What the friend gets beside the discount on the first order, once it is certain (default nothing).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub friend_reward: Option<Reward>,
    /// What comes on top for certain friends, such as the fifth.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<Milestone>,
    /// The least that the friend's order comes to after refunds, in minor units (default 0).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minimum_order: Option<Minor>,
    /// Whether somebody who has ordered before counts as a friend (default no).
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub known_friends: bool,
    /// Days from the claim within which the friend has to order (default 90).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claim_days: Option<u16>,
    /// Days from payment after which the order counts as kept: withdrawal and return over (default 30).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub return_days: Option<u16>,
    /// From this share of the order paid back on, in basis points, nothing is owed (default 5,000: half).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refund_bp: Option<u32>,
    /// How many rewards one customer gets for recommending (default no limit).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cap: Option<Cap>,
    /// The budget of the books that rewards come out of. One that is used up delays rewards, it does not cancel them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub budget: Option<String>,
    /// What that budget begins with where there is none of its name yet, in minor units. A server's budgets are its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub budget_amount: Option<Minor>,
    /// Whose recommendation counts where the order carries the codes of several (default the first one came with).
    #[serde(default)]
    pub touch: Touch,
    /// Whether an order with a further code counts (default yes).
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub alone: bool,
    /// What is refused to somebody who recommends to himself (default both sides).
    #[serde(default)]
    pub self_referral: SelfReferral,
    /// What is suspicious, and how much.
    #[serde(default)]
    pub fraud: Fraud,
    /// The currency of all amounts; absent, it is not looked at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<Currency>,
    /// The zone in which days, weeks, months and years of a cap begin (default UTC).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<String>,
}

/// What somebody gets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "RecommendationReward"))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Reward {
    /// What it is.
    pub kind: RewardKind,
    /// The amount of a credit or a discount, in minor units.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<Minor>,
    /// The share of a discount, in basis points.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub percent_bp: Option<u32>,
    /// From which basket on a discount holds, in minor units.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minimum_order: Option<Minor>,
    /// How many days a discount holds (default 60).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days: Option<u16>,
    /// Which gift.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gift: Option<String>,
    /// What it costs the shop, in minor units: taken from the budget (default the amount).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost: Option<Minor>,
}

words! {
    /// What a reward is.
    RewardKind as "RecommendationRewardKind" {
        /// A code that takes something off the next order.
        Discount = "discount",
        /// An amount on the customer's account.
        Credit = "credit",
        /// Something that is handed out or sent along.
        Gift = "gift",
        /// Nothing: recommending is its own reward.
        Nothing = "nothing",
    }
}

/// What comes on top for a certain friend.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "RecommendationMilestone"))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Milestone {
    /// For which one: 5 for the fifth.
    pub friends: u32,
    /// What.
    pub reward: Reward,
}

/// A limit of rewards for one customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "RecommendationCap"))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Cap {
    /// How many.
    pub rewards: u32,
    /// In which time: the one in which the return window of the friend's order ended.
    pub per: Period,
}

words! {
    /// A stretch of the calendar.
    Period as "RecommendationPeriod" {
        /// A day.
        Day = "day",
        /// A week from Monday on.
        Week = "week",
        /// A calendar month.
        Month = "month",
        /// A calendar year.
        Year = "year",
        /// All time.
        Ever = "ever",
    }
}

impl Period {
    /// The name of the stretch that a day belongs to.
    #[must_use]
    pub fn of(self, day: Day) -> String {
        let (year, month, _) = day.civil();
        match self {
            Self::Day => day.to_string(),
            // 1970-01-01 was a Thursday.
            Self::Week => format!("week of {}", day.plus(-(day.number() + 3).rem_euclid(7))),
            Self::Month => format!("{year:04}-{month:02}"),
            Self::Year => format!("{year:04}"),
            Self::Ever => "ever".to_owned(),
        }
    }
}

words! {
    /// Whose recommendation counts where the order carries the codes of several.
    #[derive(Default)]
    Touch as "RecommendationTouch" {
        /// The one that the friend came with first.
        #[default]
        First = "first",
        /// The one that the friend came with last.
        Last = "last",
    }
}

words! {
    /// What is refused to somebody who recommends to himself.
    #[derive(Default)]
    SelfReferral {
        /// The reward; the discount on the order stays.
        Reward = "reward",
        /// The reward and the discount.
        #[default]
        Both = "both",
    }
}

/// What is suspicious, and how much.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "RecommendationFraud"))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Fraud {
    /// From which weight on somebody has to look at it (default 50).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub review_at: Option<u32>,
    /// Other weights than the usual ones; 0 switches a signal off. Signals that refuse cannot be weighed.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub weights: Map<u32>,
    /// How many friends in how short a time are suspicious.
    #[serde(default)]
    pub velocity: Velocity,
}

/// How many friends in how short a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "RecommendationVelocity"))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Velocity {
    /// More friends than this (default 5).
    pub friends: u32,
    /// Within so many hours (default 24).
    pub hours: u32,
}

impl Default for Velocity {
    fn default() -> Self {
        Self { friends: 5, hours: 24 }
    }
}

const DAY: i64 = 86_400;

impl Terms {
    /// Checks what types cannot say.
    ///
    /// # Errors
    /// `invalid_value`, `invalid_amount`, `missing_field` or `contradiction`, with the path.
    pub fn check(&self) -> Result<()> {
        if let Some(reward) = &self.reward {
            reward.check().map_err(|error| error.under("reward"))?;
        }
        if let Some(reward) = &self.friend_reward {
            reward.check().map_err(|error| error.under("friendReward"))?;
        }
        for (index, step) in self.steps.iter().enumerate() {
            let path = format!("steps[{index}]");
            step.reward.check().map_err(|error| error.under("reward").under(&path))?;
            if step.friends == 0 {
                let message = "Friends are counted from 1.";
                return Err(Error::at(Code::InvalidValue, format!("{path}.friends"), message));
            }
            if self.steps[..index].iter().any(|other| other.friends == step.friends) {
                let message = "There is another reward for this friend: put the two together.";
                return Err(Error::at(Code::Contradiction, format!("{path}.friends"), message));
            }
        }
        if self.minimum_order.is_some_and(|minimum| !(0..=MAX_MINOR).contains(&minimum)) {
            return Err(Error::at(Code::InvalidAmount, "minimumOrder", "A minimum is never negative."));
        }
        if self.refund_bp.is_some_and(|bp| bp == 0 || bp > 10_000) {
            return Err(Error::at(Code::InvalidValue, "refundBp", "A share is 1 to 10000: 5000 means half the order."));
        }
        if self.claim_days == Some(0) {
            return Err(Error::at(Code::InvalidValue, "claimDays", "A friend needs at least one day to order."));
        }
        if self.cap.is_some_and(|cap| cap.rewards == 0) {
            let message = "A cap of 0 rewards nobody: say \"reward\": { \"kind\": \"nothing\" } instead.";
            return Err(Error::at(Code::InvalidValue, "cap.rewards", message));
        }
        if self.budget.as_ref().is_some_and(|budget| budget.is_empty() || budget.len() > 255) {
            return Err(Error::at(Code::InvalidValue, "budget", "The id of a budget has 1 to 255 bytes."));
        }
        if self.budget_amount.is_some_and(|amount| !(0..=MAX_MINOR).contains(&amount)) {
            return Err(Error::at(Code::InvalidAmount, "budgetAmount", "A budget is never negative."));
        }
        for (kind, weight) in self.fraud.weights.iter() {
            let path = format!("fraud.weights.{kind}");
            let Some(known) = SignalKind::ALL.iter().find(|known| known.as_str() == kind) else {
                return Err(Error::at(Code::InvalidValue, path, crate::word::unknown(kind, SignalKind::TEXTS)));
            };
            if known.refuses() {
                return Err(Error::at(Code::InvalidValue, path, "This signal refuses, whatever it weighs."));
            }
            if *weight > 1000 {
                return Err(Error::at(
                    Code::InvalidValue,
                    path,
                    "A weight is 0 to 1000; the usual ones are 10 to 100.",
                ));
            }
        }
        if self.fraud.velocity.hours > 24 * 366 {
            return Err(Error::at(Code::InvalidValue, "fraud.velocity.hours", "Look back over a year at most."));
        }
        self.time_zone.as_deref().map_or(Ok(()), |zone| {
            crate::time::zone::Zone::named(zone).map(|_| ()).map_err(|error| error.under("timeZone"))
        })
    }

    /// What the one who recommends gets.
    #[must_use]
    pub fn reward(&self) -> Reward {
        self.reward.clone().unwrap_or(Reward {
            kind: RewardKind::Gift,
            amount: None,
            percent_bp: None,
            minimum_order: None,
            days: None,
            gift: None,
            cost: None,
        })
    }

    /// Seconds in which the friend has to order.
    #[must_use]
    pub fn claim_seconds(&self) -> i64 {
        i64::from(self.claim_days.unwrap_or(90)) * DAY
    }

    /// Seconds until an order counts as kept.
    #[must_use]
    pub fn return_seconds(&self) -> i64 {
        i64::from(self.return_days.unwrap_or(30)) * DAY
    }

    /// Whether what is left of an order after refunds is still a friend's order: less than the share that costs the
    /// reward went back, and what is left reaches the minimum.
    #[must_use]
    pub fn keeps(&self, total: Minor, refunded: Minor) -> bool {
        let limit = i128::from(self.refund_bp.unwrap_or(5000));
        let below = i128::from(refunded) * 10_000 < i128::from(total) * limit;
        (refunded <= 0 || below) && total - refunded.max(0) >= self.minimum_order.unwrap_or(0)
    }
}

impl Reward {
    /// What it costs, in minor units.
    #[must_use]
    pub fn cost(&self) -> Minor {
        self.cost.or(self.amount).unwrap_or(0)
    }

    fn check(&self) -> Result<()> {
        for (path, amount) in [("amount", self.amount), ("cost", self.cost), ("minimumOrder", self.minimum_order)] {
            if amount.is_some_and(|amount| !(0..=MAX_MINOR).contains(&amount)) {
                return Err(Error::at(Code::InvalidAmount, path, "An amount is never negative."));
            }
        }
        if self.percent_bp.is_some_and(|bp| bp == 0 || bp > 10_000) {
            return Err(Error::at(Code::InvalidValue, "percentBp", "A share is 1 to 10000: 1000 means 10 %."));
        }
        if self.days == Some(0) {
            return Err(Error::at(Code::InvalidValue, "days", "It has to hold for at least one day."));
        }
        match (self.kind, self.amount, self.percent_bp) {
            (RewardKind::Discount, Some(_), Some(_)) => {
                Err(Error::at(Code::Contradiction, "percentBp", "Either an amount or a share, not both."))
            }
            (RewardKind::Discount, None, None) => Err(Error::at(
                Code::MissingField,
                "amount",
                "A discount takes something off: say \"amount\" (cents) or \"percentBp\".",
            )),
            (RewardKind::Credit, None, _) => {
                Err(Error::at(Code::MissingField, "amount", "How much is the credit? Say \"amount\", in cents."))
            }
            (RewardKind::Credit | RewardKind::Gift | RewardKind::Nothing, _, Some(_)) => {
                Err(Error::at(Code::Contradiction, "percentBp", "Only a discount is a share."))
            }
            _ => Ok(()),
        }
    }
}
