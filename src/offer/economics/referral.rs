//! How far do recommendations carry, and what may they cost? Growth factor K and the largest reward.

use super::exact::{WHOLE, rate, rounded, times};
use crate::money::Minor;
use crate::reject::Result;

/// Where a chain of recommendations ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// At this many customers, the first ones included.
    Limit(i64),
    /// Nowhere, on paper: every customer brings another one. No number is honest here.
    Diverges,
}

/// K in basis points: invitations of a customer (10,000 means one) times the share of them that convert.
///
/// # Errors
/// `invalid_value` for a share that is none, `out_of_range` for too many invitations.
pub fn k_bp(invitations_bp: i64, conversion_bp: i64) -> Result<i64> {
    let conversion = rate("conversionBp", conversion_bp, 0, 10_000)?;
    rounded(times(invitations_bp, conversion), WHOLE)
}

/// All customers that `first` ones lead to in the end: first / (1 - K).
///
/// # Errors
/// `out_of_range` for too many.
pub fn reach(first: i64, k_bp: i64) -> Result<Reach> {
    if i128::from(k_bp) >= WHOLE {
        return Ok(Reach::Diverges);
    }
    rounded(times(first, WHOLE), WHOLE - i128::from(k_bp.max(0))).map(Reach::Limit)
}

/// The largest reward for both sides together: q CLV (1 + premium) - other cost, never below zero. `new_bp` is q, the
/// share of friends who would not have come anyway; `premium_bp` is how much more a recommended customer is worth
/// (0 unless measured: Schmitt, Skiera & Van den Bulte 2011 found 16 % at one bank, Armelini et al. 2015 none).
///
/// # Errors
/// `invalid_value` for a rate that is none, `out_of_range` for amounts that are too large.
pub fn largest_reward(new_bp: i64, lifetime: Minor, premium_bp: i64, other_cost: Minor) -> Result<Minor> {
    let new = rate("newBp", new_bp, 0, 10_000)?;
    let premium = rate("premiumBp", premium_bp, 0, 10_000)?;
    let worth = times(lifetime, new * (WHOLE + premium)).zip(times(other_cost, WHOLE * WHOLE)).map(|(w, o)| w - o);
    rounded(worth, WHOLE * WHOLE).map(|most| most.max(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fixture_4_5_growth_and_the_largest_reward() {
        assert_eq!(k_bp(20_000, 1000).unwrap(), 2000);
        assert_eq!(reach(100, 2000).unwrap(), Reach::Limit(125));
        assert_eq!(largest_reward(7000, 6000, 0, 300).unwrap(), 3900);
        assert_eq!(largest_reward(7000, 6000, 1600, 300).unwrap(), 4572);
    }

    #[test]
    fn growth_without_an_end_is_said_and_never_a_number() {
        assert_eq!(reach(100, 10_000).unwrap(), Reach::Diverges);
        assert_eq!(reach(100, 30_000).unwrap(), Reach::Diverges);
        assert_eq!(reach(100, 9999).unwrap(), Reach::Limit(1_000_000));
        assert_eq!(largest_reward(7000, 100, 0, 300).unwrap(), 0);
    }
}
