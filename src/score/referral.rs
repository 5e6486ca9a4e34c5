//! What is a customer worth who brings others? Referral value, beside the value of her own purchases and never mixed
//! into it: the best buyers are not the best referrers (Kumar, Petersen and Leone, "How Valuable Is Word of Mouth?",
//! Harvard Business Review 85(10), 2007).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::money::{MAX_MINOR, Minor, basis_points};
use crate::word::words;

/// A friend who came by a recommendation and whose first order stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Friend {
    /// Who recommended.
    pub referrer: String,
    /// Expected value of the friend's purchases, in minor units.
    pub clv: Minor,
    /// What was paid for the recommendation, to both sides together, in minor units.
    #[serde(default)]
    pub reward: Minor,
}

/// What is assumed about friends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct ReferralTerms {
    /// Share of friends who would not have come anyway, in basis points: 7,000.
    pub incremental_bp: i64,
    /// What winning one of the others would have cost, in minor units: 0.
    pub acquisition_cost: Minor,
}

impl Default for ReferralTerms {
    fn default() -> Self {
        Self { incremental_bp: 7_000, acquisition_cost: 0 }
    }
}

words! {
    /// A customer by the value of her own purchases and of her referrals, each against the median of those who have any.
    ReferralKind {
        /// Buys much and brings many.
        Champion = "champion",
        /// Buys much and brings few.
        Affluent = "affluent",
        /// Buys little and brings many.
        Advocate = "advocate",
        /// Buys little and brings few.
        Miser = "miser",
    }
}

/// One customer's two values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReferralValue {
    /// The customer's id.
    pub id: String,
    /// Expected value of her own purchases, in minor units.
    pub clv: Minor,
    /// Friends who came.
    pub friends: u32,
    /// Value of her referrals, in minor units; negative when rewards exceed what the friends bring.
    pub referral_value: Minor,
    /// Where she stands among the four.
    pub kind: ReferralKind,
}

/// The referral value of every customer: the share of the friends' value that would not have come anyway, plus what
/// winning the others would have cost, less the rewards (`q CLV + (1 - q) cost - reward`,
/// summed over friends). `customers` are ids with the value of their own purchases; friends of an unknown id are left out.
/// The answer is in the order of the ids.
#[must_use]
pub fn referral_values(customers: &[(String, Minor)], friends: &[Friend], terms: &ReferralTerms) -> Vec<ReferralValue> {
    let share = terms.incremental_bp.clamp(0, 10_000);
    let mut brought: BTreeMap<&str, (u32, Minor)> = BTreeMap::new();
    for friend in friends {
        let value =
            basis_points(friend.clv, share) + basis_points(terms.acquisition_cost, 10_000 - share) - friend.reward;
        let (count, sum) = brought.entry(&friend.referrer).or_default();
        *count = count.saturating_add(1);
        *sum = sum.saturating_add(value).clamp(-MAX_MINOR, MAX_MINOR);
    }
    let own_median = median(customers.iter().map(|(_, clv)| *clv).filter(|clv| *clv > 0).collect());
    let ids: std::collections::HashSet<&str> = customers.iter().map(|(id, _)| id.as_str()).collect();
    let known = |id: &str| ids.contains(id);
    let referral_median = median(
        brought.iter().filter(|(id, (_, value))| *value > 0 && known(id)).map(|(_, (_, value))| *value).collect(),
    );
    let mut out: Vec<ReferralValue> = customers
        .iter()
        .map(|(id, clv)| {
            let (friends, referral_value) = brought.get(id.as_str()).copied().unwrap_or_default();
            let buys = *clv > 0 && *clv >= own_median;
            let brings = referral_value > 0 && referral_value >= referral_median;
            let kind = match (buys, brings) {
                (true, true) => ReferralKind::Champion,
                (true, false) => ReferralKind::Affluent,
                (false, true) => ReferralKind::Advocate,
                (false, false) => ReferralKind::Miser,
            };
            ReferralValue { id: id.clone(), clv: *clv, friends, referral_value, kind }
        })
        .collect();
    out.sort_by(|a, b| a.id.cmp(&b.id));
    out
}

fn median(values: Vec<Minor>) -> Minor {
    super::rfm::median(values)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_buyer_is_not_the_best_referrer_and_neither_value_enters_the_other() {
        let customers: Vec<(String, Minor)> = [("anna", 121_900), ("bela", 18_000), ("carl", 40_000), ("dora", 0)]
            .map(|(id, clv)| (id.to_owned(), clv))
            .into();
        let friend = |referrer: &str, clv, reward| Friend { referrer: referrer.to_owned(), clv, reward };
        let friends = [
            friend("bela", 60_00, 10_00),
            friend("bela", 60_00, 10_00),
            friend("carl", 60_00, 80_00),
            friend("gone", 9, 0),
        ];
        let terms = ReferralTerms { incremental_bp: 7_000, acquisition_cost: 20_00 };
        let values = referral_values(&customers, &friends, &terms);
        let of = |id: &str| values.iter().find(|value| value.id == id).unwrap();
        // 0.7 * 60.00 + 0.3 * 20.00 - 10.00, twice.
        assert_eq!(
            (of("bela").referral_value, of("bela").friends, of("bela").kind),
            (76_00, 2, ReferralKind::Advocate)
        );
        assert_eq!(
            (of("carl").referral_value, of("carl").kind),
            (-32_00, ReferralKind::Affluent),
            "rewards that exceed it"
        );
        assert_eq!((of("anna").clv, of("anna").kind), (121_900, ReferralKind::Affluent));
        assert_eq!(of("dora").kind, ReferralKind::Miser);
        let without = referral_values(&customers, &[], &terms);
        assert!(without.iter().zip(&values).all(|(a, b)| a.clv == b.clv), "what friends bring is not her own value");
        assert_eq!(values.len(), 4);
    }
}
