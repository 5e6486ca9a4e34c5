//! Which symbols did a person mean? Crockford's base 32, read forgivingly.

/// The 32 symbols in order of their value: no I, L, O or U.
pub(super) const SYMBOLS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// The symbol of a value from 0 to 31 (higher bits are ignored).
pub(super) const fn symbol(value: u8) -> char {
    SYMBOLS[(value & 31) as usize] as char
}

/// The value of a symbol in either case; O reads as 0, I and L as 1. U and everything else has none.
pub(super) fn value(symbol: char) -> Option<u8> {
    let upper = match symbol.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    (0_u8..32).find(|value| self::symbol(*value) == upper)
}

/// What people, word processors and messengers put between groups: white space, dots, underscores, dashes of every
/// Unicode kind, and characters that have no width.
pub(super) fn is_separator(c: char) -> bool {
    c.is_whitespace()
        || matches!(c, '.' | '_' | '-')
        // Zero-width space and joiners, direction marks, word joiner, byte order mark, soft hyphen.
        || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
        // General category Pd, then the minus signs and hyphen bullets that look the same.
        || matches!(c, '\u{58a}' | '\u{5be}' | '\u{1400}' | '\u{1806}' | '\u{2010}'..='\u{2015}' | '\u{2e17}' | '\u{2e1a}')
        || matches!(c, '\u{2e3a}' | '\u{2e3b}' | '\u{2e40}' | '\u{2e5d}' | '\u{301c}' | '\u{3030}' | '\u{30a0}')
        || matches!(c, '\u{fe31}' | '\u{fe32}' | '\u{fe58}' | '\u{fe63}' | '\u{ff0d}' | '\u{10d6e}' | '\u{10ead}')
        || matches!(c, '\u{2212}' | '\u{2043}' | '\u{207b}' | '\u{208b}' | '\u{b7}' | '\u{2022}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_symbol_has_the_value_it_is_written_for() {
        for v in 0..32 {
            assert_eq!(value(symbol(v)), Some(v));
            assert_eq!(value(symbol(v).to_ascii_lowercase()), Some(v));
        }
    }

    #[test]
    fn letters_that_look_like_digits_are_read_as_digits_and_u_is_nothing() {
        for (letter, expected) in [('O', Some(0)), ('o', Some(0)), ('I', Some(1)), ('l', Some(1)), ('u', None)] {
            assert_eq!(value(letter), expected, "{letter}");
        }
        for other in ['*', 'ß', 'é', '٣', 'А', '０'] {
            assert_eq!(value(other), None, "{other}");
        }
    }

    #[test]
    fn a_separator_is_never_a_symbol() {
        for c in ('\0'..='\u{ffff}').filter(|c| is_separator(*c)) {
            assert_eq!(value(c), None, "{c:?}");
        }
        for dash in "-‐‑‒–—―−﹘﹣－⸺〜".chars() {
            assert!(is_separator(dash), "{dash}");
        }
    }
}
