//! What do the next eight bytes of a file say? Cells are mostly shorter than that, and read in one go they ask for no
//! loop.

/// A one in every byte.
const ONES: u64 = 0x0101_0101_0101_0101;

/// The upper bit of every byte.
const HIGH: u64 = 0x80 * ONES;

/// The digit 0 in every byte.
const ZEROS: u64 = b'0' as u64 * ONES;

/// The eight bytes at `at`, the first in the lowest bits; none where there are fewer.
pub(super) fn eight(bytes: &[u8], at: usize) -> Option<u64> {
    bytes.get(at..)?.first_chunk().map(|chunk| u64::from_le_bytes(*chunk))
}

/// How many bytes stand before the first `byte`: 8 where it is not among them.
pub(super) const fn before(word: u64, byte: u8) -> usize {
    let same = word ^ (byte as u64 * ONES);
    (same.wrapping_sub(ONES) & !same & HIGH).trailing_zeros() as usize / 8
}

/// The first `length` bytes, of 1 to 7, with the first in the upper bits and zeros after them: where all are visible
/// ASCII, no quotation mark and no @.
pub(super) fn id(word: u64, length: usize) -> Option<u64> {
    let outside = u64::MAX << (8 * length);
    // What is not asked about is made innocent.
    let word = (word & !outside) | (ZEROS & outside);
    let low = HIGH & !(word | HIGH).wrapping_sub(u64::from(b'!') * ONES);
    let high = (word | word.wrapping_add(ONES)) & HIGH;
    let plain = low | high == 0 && before(word, b'"') == 8 && before(word, b'@') == 8;
    plain.then(|| (word & !outside).swap_bytes())
}

/// Whether every byte is a digit's value.
const fn are_digits(values: u64) -> bool {
    (values | values.wrapping_add((0x80 - 10) * ONES)) & HIGH == 0
}

/// The hundredths that the first `length` bytes, of 4 to 7, are: digits, a point and two digits.
pub(super) fn hundredths(word: u64, length: usize) -> Option<u32> {
    // The last byte moves to the upper end, and what is before the point a byte further, over the point.
    let aligned = word << (64 - 8 * length) | ZEROS >> (8 * length);
    let digits = (aligned & 0xffff << 48) | (aligned << 8 & 0xffff_ffff_ff00) | u64::from(b'0');
    let values = digits ^ ZEROS;
    if !(are_digits(values) && aligned >> 40 & 0xff == u64::from(b'.')) {
        return None;
    }
    let pairs = (values * 10 + (values >> 8)) & 0x00ff_00ff_00ff_00ff;
    let fours = (pairs * 100 + (pairs >> 16)) & 0x0000_ffff_0000_ffff;
    u32::try_from((fours * 10_000 + (fours >> 32)) & 0xffff_ffff).ok()
}

/// Year, month and day of a date such as `2026-11-23`, whether there is such a day or not.
pub(super) fn date(date: &[u8; 10]) -> Option<(u32, u32, u32)> {
    let [y1, y2, y3, y4, h1, m1, m2, h2, d1, d2] = *date;
    let values = u64::from_le_bytes([y1, y2, y3, y4, h1, m1, m2, h2]) ^ u64::from_le_bytes(*b"0000-00-");
    let day = [d1 ^ b'0', d2 ^ b'0'];
    let hyphens = 0xff00_00ff_0000_0000;
    if !are_digits(values) || values & hyphens != 0 || day[0] > 9 || day[1] > 9 {
        return None;
    }
    let two = |at: u32| {
        let [tens, ones, ..] = (values >> (8 * at)).to_le_bytes();
        u32::from(tens) * 10 + u32::from(ones)
    };
    Some((two(0) * 100 + two(2), two(5), u32::from(day[0]) * 10 + u32::from(day[1])))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn word(text: &str) -> u64 {
        eight(format!("{text}\n,\"@\u{7f}~~~~").as_bytes(), 0).unwrap()
    }

    #[test]
    fn what_is_not_there_is_not_read() {
        assert_eq!((eight(b"1234567", 0), eight(b"12345678", 1), eight(b"", 9)), (None, None, None));
        assert_eq!(
            (before(word("1234567"), b'\n'), before(word("12345678"), b'\n'), before(word(""), b'\n')),
            (7, 8, 0)
        );
        assert_eq!(date(b"2026-11-23"), Some((2026, 11, 23)));
        assert_eq!(
            (date(b"2026/11-23"), date(b"2026-11/23"), date(b"2026-1a-23"), date(b"2026-11-2:")),
            (None, None, None, None)
        );
        assert_eq!(hundredths(word("9.50"), 4), Some(950));
        assert_eq!(hundredths(word("9999.99"), 7), Some(999_999));
        for other in ["9.5", "9,50", "-9.50", "950", "9..50", "1e5.00", ".95.00", "12.3.45"] {
            assert_eq!(hundredths(word(other), other.len().max(4)), None, "{other}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4096))]

        #[test]
        fn bytes_read_at_once_say_what_they_say_one_by_one(
            bytes in prop::array::uniform8(prop_oneof![any::<u8>(), b'.'..=b'9', b'!'..=b'~']), length in 1..8_usize,
            sought in any::<u8>(),
        ) {
            let word = u64::from_le_bytes(bytes);
            prop_assert_eq!(before(word, sought), bytes.iter().position(|byte| *byte == sought).unwrap_or(8));
            let some = &bytes[..length];
            let plain = some.iter().all(|byte| byte.is_ascii_graphic() && !b"\"@".contains(byte));
            let mut padded = [0; 8];
            padded[..length].copy_from_slice(some);
            prop_assert_eq!(id(word, length), plain.then(|| u64::from_be_bytes(padded)));
            if length >= 4 {
                let text = core::str::from_utf8(some).unwrap_or_default();
                let number = text.split_once('.').filter(|(whole, part)| {
                    part.len() == 2 && !whole.is_empty() && (whole.to_string() + part).bytes().all(|byte| byte.is_ascii_digit())
                });
                prop_assert_eq!(hundredths(word, length), number.map(|(whole, part)| format!("{whole}{part}").parse().unwrap()));
            }
        }
    }
}
