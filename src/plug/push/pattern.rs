//! Would Shopware take this pattern of codes? Its own rule: `%s` is a letter A to Z, `%d` a digit, and at least half of all
//! possibilities must stay free.

use crate::reject::{Code, Error, Result};

/// How many codes a pattern can make; `None` for a text that is no pattern.
///
/// The first run of `%s` and `%d` counts, as in Shopware's regular expression
/// `/(?<prefix>[^%]*)(?<replacement>(%[sd])+)(?<suffix>.*)/`.
#[must_use]
pub fn possibilities(pattern: &str) -> Option<u128> {
    // The expression looks for the first percent sign that begins a run; one before it that begins none is passed over.
    let begin = pattern.match_indices('%').map(|(at, _)| at).find(|at| places(&pattern[*at..]).next().is_some())?;
    Some(places(&pattern[begin..]).fold(1, |product: u128, place| product.saturating_mul(place)))
}

fn places(run: &str) -> impl Iterator<Item = u128> {
    run.as_bytes().chunks(2).map_while(|pair| match pair {
        b"%s" => Some(26),
        b"%d" => Some(10),
        _ => None,
    })
}

/// Refuses a pattern by which Shopware would not make `wanted` codes beside `existing` ones.
///
/// # Errors
/// `invalid_value` at `pattern` for a text without `%s` or `%d`, `out_of_range` for one with too few possibilities.
///
/// ```
/// use zugabe::plug::push::pattern;
/// assert!(pattern::check("PREFIX_%s%d", 130, 0).is_ok());
/// assert!(pattern::check("PREFIX_%s%d", 100, 31).is_err());
/// ```
pub fn check(pattern: &str, wanted: u64, existing: u64) -> Result<()> {
    let Some(possibilities) = possibilities(pattern) else {
        let message = "A pattern of Shopware has %s for a letter and %d for a digit, such as DANKE-%s%d%s%d.";
        return Err(Error::at(Code::InvalidValue, "pattern", message));
    };
    let most = possibilities / 2;
    if most >= u128::from(wanted) + u128::from(existing) {
        return Ok(());
    }
    let message = format!(
        "Shopware makes at most {most} codes by this pattern (half of its {possibilities} possibilities), and {existing} are there \
         already: put more %s and %d into it."
    );
    Err(Error::at(Code::OutOfRange, "pattern", message))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_is_shopwares_half_of_all_possibilities() {
        // 26 * 10 = 260, and 0.5 * 260 = 130.
        assert_eq!(possibilities("PREFIX_%s%d"), Some(260));
        assert!(check("PREFIX_%s%d", 130, 0).is_ok() && check("PREFIX_%s%d", 30, 100).is_ok());
        assert_eq!(check("PREFIX_%s%d", 131, 0).unwrap_err().code, Code::OutOfRange);
        assert_eq!(check("PREFIX_%s%d", 1, 130).unwrap_err().code, Code::OutOfRange);
        assert_eq!(possibilities("%s%d%s%d%s%d%s%d"), Some(26_u128.pow(4) * 10_u128.pow(4)));
        // The suffix counts for nothing, also where it looks like more of the pattern.
        assert_eq!(possibilities("A%s-%d"), Some(26));
        assert_eq!(possibilities("50%-%d"), Some(10));
        for none in ["", "DANKE", "DANKE%", "%x%y"] {
            assert_eq!(check(none, 1, 0).unwrap_err().code, Code::InvalidValue, "{none}");
        }
        assert!(check(&"%s".repeat(200), u64::MAX, u64::MAX).is_ok());
    }
}
