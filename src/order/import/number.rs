//! What number is in this cell? `1.234,56`, `1,234.56` or `€ 12,50`, decided by the whole column, never by one cell.

use super::options::DecimalMark;
use crate::money::{Currency, MAX_MINOR, Minor, div_round};

/// A decimal number: `coefficient` divided by ten to the `digits`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Number {
    pub coefficient: i64,
    pub digits: u8,
}

impl Number {
    /// In minor units, rounded half away from zero; `None` when it is too large.
    pub fn minor(self, exponent: u8) -> Option<Minor> {
        scaled(i128::from(self.coefficient), self.digits, exponent)
    }

    /// This many times `price`, rounded once.
    pub fn times(self, price: Self, exponent: u8) -> Option<Minor> {
        let product = i128::from(self.coefficient) * i128::from(price.coefficient);
        scaled(product, self.digits.saturating_add(price.digits), exponent)
    }

    /// As a number of pieces: what is sold by weight counts as one piece.
    pub fn pieces(self) -> u32 {
        let scale = 10_i64.checked_pow(u32::from(self.digits)).unwrap_or(i64::MAX);
        let whole = (self.coefficient / scale).unsigned_abs();
        let pieces = if self.coefficient % scale == 0 { whole } else { 1 };
        u32::try_from(pieces).unwrap_or(u32::MAX)
    }
}

fn scaled(coefficient: i128, digits: u8, exponent: u8) -> Option<Minor> {
    let value = if digits > exponent {
        div_round(coefficient, 10_i128.checked_pow(u32::from(digits - exponent))?)
    } else {
        coefficient.checked_mul(10_i128.checked_pow(u32::from(exponent - digits))?)?
    };
    i64::try_from(value).ok().filter(|minor| minor.abs() <= MAX_MINOR)
}

/// A cell taken apart: its sign, its currency, and its digits with their separators.
struct Parts<'a> {
    negative: bool,
    currency: Option<Currency>,
    digits: &'a str,
}

fn take_apart(cell: &str) -> Option<Parts<'_>> {
    let text = cell.trim();
    let bracketed = text.strip_prefix('(').and_then(|text| text.strip_suffix(')'));
    let text = bracketed.unwrap_or(text);
    let start = text.find(|c: char| c.is_ascii_digit() || c == '.' || c == ',')?;
    let end = text.rfind(|c: char| c.is_ascii_digit())? + 1;
    let digits = text.get(start..end)?;
    let (mut minus, mut currency) = (0, None);
    for side in [&text[..start], &text[end..]] {
        let is_minus = |c: char| matches!(c, '-' | '\u{2212}' | '\u{2013}');
        minus += side.chars().filter(|c| is_minus(*c)).count();
        let word = side.trim_matches(|c: char| c.is_whitespace() || is_minus(c) || c == '+');
        if !word.is_empty() {
            currency = Some(currency_sign(word)?);
        }
    }
    if minus > 1 {
        return None;
    }
    Some(Parts { negative: minus == 1 || bracketed.is_some(), currency: currency.flatten(), digits })
}

/// `Some(None)` for a sign that several currencies share.
fn currency_sign(word: &str) -> Option<Option<Currency>> {
    let code = match word {
        "€" => "EUR",
        "£" => "GBP",
        "zł" => "PLN",
        "Kč" => "CZK",
        "$" | "¥" | "kr" | "kr." | "Fr." | "Fr" => return Some(None),
        _ if word.len() == 3 => word,
        _ => return None,
    };
    Currency::parse(code).ok().map(Some)
}

/// What the cells of a column say about their decimal mark.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Votes {
    /// Cells in which a point must be the decimal mark (or a comma must group).
    point: u32,
    /// Cells in which a comma must be the decimal mark (or a point must group).
    comma: u32,
    /// Cells such as `12.345`.
    open_point: u32,
    /// Cells such as `12,345`.
    open_comma: u32,
    /// The currency written beside the amounts.
    pub currency: Option<Currency>,
}

/// How a column is read, and whether that had to be assumed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Reading {
    pub mark: DecimalMark,
    pub assumed: bool,
}

impl Votes {
    pub fn of(cells: impl Iterator<Item = impl AsRef<str>>) -> Self {
        let mut votes = Self::default();
        for cell in cells {
            if let Some(parts) = take_apart(cell.as_ref()) {
                votes.currency = votes.currency.or(parts.currency);
                votes.count(parts.digits);
            }
        }
        votes
    }

    fn count(&mut self, digits: &str) {
        let (points, commas) = (digits.matches('.').count(), digits.matches(',').count());
        let (Some(last), total) = (digits.rfind(['.', ',']), points + commas) else { return };
        let last_is_point = digits[last..].starts_with('.');
        let whole = &digits[..last];
        let must_be_decimal =
            digits.len() - last - 1 != 3 || whole.len() > 3 || whole.is_empty() || whole.starts_with('0');
        match (points > 0 && commas > 0, total) {
            (true, _) if last_is_point => self.point += 1,
            (true, _) => self.comma += 1,
            (false, 1) if must_be_decimal && last_is_point => self.point += 1,
            (false, 1) if must_be_decimal => self.comma += 1,
            (false, 1) if last_is_point => self.open_point += 1,
            (false, 1) => self.open_comma += 1,
            // The same mark twice can only group.
            (false, _) if last_is_point => self.comma += 1,
            (false, _) => self.point += 1,
        }
    }

    /// Both together: columns of one file were written by one program.
    pub fn and(self, other: Self) -> Self {
        Self {
            point: self.point + other.point,
            comma: self.comma + other.comma,
            open_point: self.open_point + other.open_point,
            open_comma: self.open_comma + other.open_comma,
            currency: self.currency.or(other.currency),
        }
    }

    /// Decides for a column. Where its own cells leave it open, the whole file's decide, then what the merchant said;
    /// `12.345` alone has three decimals only in a currency that has three, else a thousands mark.
    pub fn decide(self, file: Self, said: Option<DecimalMark>, exponent: u8) -> Reading {
        for votes in [self, file] {
            if votes.point != votes.comma {
                let mark = if votes.point > votes.comma { DecimalMark::Point } else { DecimalMark::Comma };
                return Reading { mark, assumed: false };
            }
        }
        if let Some(mark) = said {
            return Reading { mark, assumed: false };
        }
        let point = match (self.open_point > 0, exponent == 3) {
            (true, three) => three,
            (false, three) => !three,
        };
        let mark = if point { DecimalMark::Point } else { DecimalMark::Comma };
        let open = self.open_point + self.open_comma > 0;
        Reading { mark: if open { mark } else { DecimalMark::Point }, assumed: open }
    }
}

/// Reads a cell; `None` when it is no number under this mark.
pub(super) fn read(cell: &str, mark: DecimalMark) -> Option<Number> {
    let parts = take_apart(cell)?;
    let (decimal, other) = match mark {
        DecimalMark::Point => ('.', ','),
        DecimalMark::Comma => (',', '.'),
    };
    let (whole, decimals) = parts.digits.split_once(decimal).unwrap_or((parts.digits, ""));
    let is_group = |c: char| c == other || c == ' ' || c == '\u{a0}' || c == '\u{202f}' || c == '\'' || c == '’';
    if !grouped(whole, is_group) || !decimals.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let mut coefficient = 0_i64;
    for digit in whole.chars().chain(decimals.chars()).filter_map(|c| c.to_digit(10)) {
        coefficient = coefficient.checked_mul(10)?.checked_add(i64::from(digit))?;
    }
    let digits = u8::try_from(decimals.len()).ok()?;
    Some(Number { coefficient: if parts.negative { -coefficient } else { coefficient }, digits })
}

/// Digits in groups of three (two in India, three at the end), all split by the same mark, or in none.
fn grouped(whole: &str, is_group: impl Fn(char) -> bool) -> bool {
    let mut marks = whole.chars().filter(|c| is_group(*c));
    let mark = marks.next();
    if marks.any(|other| Some(other) != mark) {
        return false;
    }
    let groups: Vec<&str> = whole.split(&is_group).collect();
    let all_digits = groups.iter().all(|group| group.bytes().all(|byte| byte.is_ascii_digit()));
    let sizes = match groups.as_slice() {
        [] | [_] => true,
        [first, middle @ .., last] => {
            (1..=3).contains(&first.len()) && middle.iter().all(|group| matches!(group.len(), 2 | 3)) && last.len() == 3
        }
    };
    all_digits && sizes
}

#[cfg(test)]
mod tests {
    use super::*;
    use DecimalMark::{Comma, Point};

    fn minor(cell: &str, mark: DecimalMark) -> Option<Minor> {
        read(cell, mark)?.minor(2)
    }

    #[test]
    fn amounts_are_read_as_their_column_writes_them() {
        for (cell, mark, expected) in [
            ("1.234,56", Comma, 123_456),
            ("1,234.56", Point, 123_456),
            ("€ 12,50", Comma, 1250),
            ("12,50 €", Comma, 1250),
            ("EUR -3,00", Comma, -300),
            ("(1.00)", Point, -100),
            ("1 234,5", Comma, 123_450),
            ("1\u{202f}234,50\u{a0}€", Comma, 123_450),
            ("1'234.50", Point, 123_450),
            ("12,34,567.00", Point, 123_456_700),
            ("\u{2212}5", Point, -500),
            (".5", Point, 50),
            ("3,00-", Comma, -300),
        ] {
            assert_eq!(minor(cell, mark), Some(expected), "{cell}");
        }
    }

    #[test]
    fn what_is_no_amount_is_refused() {
        for cell in ["", "-", "abc", "12,50", "1.2.3", "12 50", "1,23", "5 pieces", "--5", "1e5", "12.5.", "1,2345.00"]
        {
            assert_eq!(minor(cell, Point), None, "{cell}");
        }
        assert_eq!(minor("99999999999999999999", Point), None);
    }

    #[test]
    fn the_column_decides_the_mark() {
        let decide = |cells: &[&str], exponent| Votes::of(cells.iter()).decide(Votes::default(), None, exponent);
        assert_eq!(decide(&["12.345", "1,50"], 2), Reading { mark: Comma, assumed: false });
        assert_eq!(decide(&["12.345", "1.50"], 2), Reading { mark: Point, assumed: false });
        assert_eq!(decide(&["1.234.567"], 2), Reading { mark: Comma, assumed: false });
        assert_eq!(decide(&["0.553"], 2), Reading { mark: Point, assumed: false });
        assert_eq!(decide(&["12.345"], 2), Reading { mark: Comma, assumed: true });
        assert_eq!(decide(&["12.345"], 3), Reading { mark: Point, assumed: true });
        assert_eq!(decide(&["12,345"], 2), Reading { mark: Point, assumed: true });
        assert_eq!(decide(&["12", "7"], 2), Reading { mark: Point, assumed: false });
    }

    #[test]
    fn an_open_column_follows_the_file_and_then_the_merchant() {
        let open = Votes::of(["1.000"].iter());
        let file = open.and(Votes::of(["12,50"].iter()));
        assert_eq!(open.decide(file, Some(Point), 2), Reading { mark: Comma, assumed: false });
        assert_eq!(open.decide(open, Some(Point), 2), Reading { mark: Point, assumed: false });
    }

    #[test]
    fn a_line_is_rounded_once() {
        let price = read("0.553", Point).unwrap();
        assert_eq!(read("1000", Point).unwrap().times(price, 2), Some(55_300));
        assert_eq!(read("-1", Point).unwrap().times(price, 2), Some(-55));
        assert_eq!(read("0.25", Point).unwrap().times(read("39.90", Point).unwrap(), 2), Some(998));
        assert_eq!(read("0.25", Point).unwrap().pieces(), 1);
        assert_eq!(read("3.00", Point).unwrap().pieces(), 3);
    }
}
