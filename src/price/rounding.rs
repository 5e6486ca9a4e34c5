//! Where does the last minor unit go? Rounding mode, level and remainder: chosen in the request, named in the result.

use serde::{Deserialize, Serialize};

/// How discounts are rounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Rounding {
    /// What half a minor unit becomes.
    pub mode: RoundingMode,
    /// Of what the percentage is taken and rounded.
    pub level: RoundingLevel,
    /// Which line gets the minor units that are left when an amount is divided.
    pub remainder: Remainder,
}

/// What half a minor unit becomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum RoundingMode {
    /// Half is rounded up.
    #[default]
    HalfUp,
    /// Half goes to the even neighbour.
    HalfEven,
    /// Every part of a minor unit is dropped: never more discount than promised.
    Down,
}

/// Of what a percentage is taken and rounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum RoundingLevel {
    /// Of all matching lines together; the result is divided among them.
    #[default]
    Order,
    /// Of each line.
    Line,
    /// Of one unit, then times the quantity.
    Unit,
}

/// Which line gets the minor units that are left over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Remainder {
    /// The lines whose exact share was cut the most; the order of the lines does not matter.
    #[default]
    Largest,
    /// The first line in the cart that can take it.
    First,
    /// The last line in the cart that can take it.
    Last,
}

impl RoundingMode {
    /// `numerator / denominator`, rounded. A zero denominator gives zero.
    pub(super) const fn divide(self, numerator: u128, denominator: u128) -> u128 {
        if denominator == 0 {
            return 0;
        }
        // Most amounts fit into 64 bits, where a division costs a tenth.
        let (quotient, rest) = if numerator >> 64 == 0 && denominator >> 64 == 0 {
            let (numerator, denominator) = (numerator as u64, denominator as u64);
            ((numerator / denominator) as u128, (numerator % denominator) as u128)
        } else {
            (numerator / denominator, numerator % denominator)
        };
        let up = match self {
            Self::Down => false,
            Self::HalfUp => rest >= denominator - rest,
            Self::HalfEven => rest > denominator - rest || (rest == denominator - rest && quotient % 2 == 1),
        };
        // Nothing left is never rounded up, whatever the mode.
        if up && rest > 0 { quotient + 1 } else { quotient }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_goes_where_the_mode_says() {
        let halves = |mode: RoundingMode| {
            [(5, 10), (15, 10), (25, 10), (14, 10), (16, 10), (20, 10)].map(|(n, d)| mode.divide(n, d))
        };
        assert_eq!(halves(RoundingMode::HalfUp), [1, 2, 3, 1, 2, 2]);
        assert_eq!(halves(RoundingMode::HalfEven), [0, 2, 2, 1, 2, 2]);
        assert_eq!(halves(RoundingMode::Down), [0, 1, 2, 1, 1, 2]);
        assert_eq!(RoundingMode::HalfUp.divide(7, 0), 0);
    }
}
