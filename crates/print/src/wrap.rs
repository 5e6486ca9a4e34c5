//! Where does a line end? Breaks by Unicode's rules (UAX 14), hyphens by the language's.

use hypher::Lang;
use unicode_linebreak::{BreakOpportunity, linebreaks};
use zugabe::insert::Locale;

use crate::face::{Face, Faces};
use crate::page::Um;

/// How a paragraph is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// The face.
    pub face: Face,
    /// The font size.
    pub size: Um,
    /// From line to line, in hundredths of the size.
    pub leading: i32,
    /// Letter-spacing in thousandths of the size.
    pub tracking: i32,
    /// Whether words may be divided.
    pub divide: bool,
}

/// A line: its words, and whether a word was divided at its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The words.
    pub text: String,
    /// Whether a hyphen is to be drawn.
    pub divided: bool,
    /// Its width, the hyphen included.
    pub width: Um,
}

/// Sets text in lines.
pub struct Setter<'a> {
    /// The faces.
    pub faces: &'a Faces,
    /// The language, for hyphens.
    pub locale: Locale,
}

/// A word shorter than this is never divided.
const DIVIDED_FROM: usize = 9;

impl Setter<'_> {
    /// The width of a text.
    #[must_use]
    pub fn width(&self, style: Style, text: &str) -> Um {
        let letters = i32::try_from(text.chars().count()).unwrap_or(i32::MAX / 4096);
        let ems = i64::from(self.faces.width(style.face, text)) + i64::from(style.tracking) * i64::from(letters);
        i32::try_from(ems * i64::from(style.size) / 1000).unwrap_or(Um::MAX)
    }

    /// The lines of a text, none wider than `width`. A word that is too wide even alone is divided, in the last resort
    /// between any two letters.
    #[must_use]
    pub fn lines(&self, style: Style, text: &str, width: Um) -> Vec<Line> {
        let mut lines = Vec::new();
        let mut line = String::new();
        let mut start = 0;
        for (end, kind) in linebreaks(text) {
            self.place(style, &text[start..end], width, &mut line, &mut lines);
            start = end;
            if kind == BreakOpportunity::Mandatory && end < text.len() {
                self.finish(style, &mut line, false, &mut lines);
            }
        }
        self.finish(style, &mut line, false, &mut lines);
        lines
    }

    /// As [`lines`](Self::lines), but no word stands alone in the last line if the lines above can spare another.
    #[must_use]
    pub fn settled(&self, style: Style, text: &str, width: Um) -> Vec<Line> {
        let lines = self.lines(style, text, width);
        let lonely = lines.len() > 1 && !text.contains('\n') && lines.last().is_some_and(|line| line.width < width / 4);
        if lonely { self.balanced(style, text, width) } else { lines }
    }

    /// As [`lines`](Self::lines), as even as possible: the narrowest column that needs no more lines.
    #[must_use]
    pub fn balanced(&self, style: Style, text: &str, width: Um) -> Vec<Line> {
        let lines = self.lines(style, text, width);
        let count = lines.len();
        let (mut narrow, mut wide) = (width / 3, width);
        while wide - narrow > 500 {
            let middle = narrow.midpoint(wide);
            let tried = self.lines(style, text, middle);
            let whole = tried.iter().all(|line| line.width <= middle);
            if tried.len() <= count && whole { wide = middle } else { narrow = middle }
        }
        let tried = self.lines(style, text, wide);
        let divided = |lines: &[Line]| lines.iter().filter(|line| line.divided).count();
        if tried.len() <= count && divided(&tried) <= divided(&lines) { tried } else { lines }
    }

    /// As [`balanced`](Self::balanced), but two lines break behind a comma where that makes two lines, too: a greeting
    /// and a name, which stays together.
    #[must_use]
    pub fn phrased(&self, style: Style, text: &str, width: Um) -> Vec<Line> {
        let even = self.balanced(style, text, width);
        let Some((greeting, name)) = text.split_once(", ").filter(|_| even.len() == 2) else { return even };
        let [first, second] = [format!("{greeting},"), name.to_owned()].map(|half| self.lines(style, &half, width));
        if first.len() == 1 && second.len() == 1 { [first, second].concat() } else { even }
    }

    /// Puts the next piece, a word and the space behind it, onto the line or the next one.
    fn place(&self, style: Style, piece: &str, width: Um, line: &mut String, lines: &mut Vec<Line>) {
        if self.fits(style, &format!("{line}{piece}"), width) {
            line.push_str(piece);
            return;
        }
        let mut rest = piece;
        // A word is divided only where much white would stand in its place.
        let short = self.width(style, line.trim_end()) < width * 3 / 4;
        if style.divide
            && short
            && piece.chars().count() >= DIVIDED_FROM
            && let Some(cut) = self.divide(style, line, piece, width)
        {
            line.push_str(&piece[..cut]);
            self.finish(style, line, true, lines);
            rest = &piece[cut..];
        } else if !line.is_empty() {
            let soft = line.ends_with('\u{ad}');
            self.finish(style, line, soft, lines);
        }
        while !self.fits(style, rest, width) {
            let (cut, hyphen) = match self.divide(style, "", rest, width) {
                Some(cut) => (cut, true),
                None => (self.force(style, rest, width), false),
            };
            if cut == 0 || cut >= rest.len() {
                break;
            }
            line.push_str(&rest[..cut]);
            self.finish(style, line, hyphen, lines);
            rest = &rest[cut..];
        }
        line.push_str(rest);
    }

    fn fits(&self, style: Style, text: &str, width: Um) -> bool {
        let text = shown(text);
        // No line has more than a few hundred letters: measuring ten thousand would be for nothing.
        text.len() < 2_000 && self.width(style, &text) <= width
    }

    /// The last place where the language divides the piece and its head, with a hyphen, still fits behind the line.
    fn divide(&self, style: Style, line: &str, piece: &str, width: Um) -> Option<usize> {
        let word_end = piece.trim_end().len();
        let word = &piece[..word_end];
        // An address is copied as it stands.
        let address = word.contains(['/', '#', '@']) || word.trim_end_matches(['.', ',']).contains('.');
        if word.len() > 400 || address || !word.chars().any(char::is_alphabetic) {
            return None;
        }
        let lead = word.len() - word.trim_start_matches(|letter: char| !letter.is_alphabetic()).len();
        let letters = word[lead..].trim_end_matches(|letter: char| !letter.is_alphabetic());
        let mut cut = lead;
        let mut last = None;
        for syllable in hypher::hyphenate(letters, language(self.locale)) {
            cut += syllable.len();
            let (before, after) = (word[..cut].chars().count(), word[cut..].chars().count());
            if before >= 3 && after >= 3 && self.fits(style, &format!("{line}{}-", &word[..cut]), width) {
                last = Some(cut);
            }
        }
        last
    }

    /// How many bytes of a piece fit at all.
    fn force(&self, style: Style, piece: &str, width: Um) -> usize {
        let mut cut = 0;
        for (index, letter) in piece.char_indices().take(300) {
            let end = index + letter.len_utf8();
            if !self.fits(style, &piece[..end], width) {
                break;
            }
            cut = end;
        }
        cut
    }

    fn finish(&self, style: Style, line: &mut String, divided: bool, lines: &mut Vec<Line>) {
        let text = shown(line);
        line.clear();
        if text.is_empty() {
            return;
        }
        let width = if divided { self.width(style, &format!("{text}-")) } else { self.width(style, &text) };
        lines.push(Line { text, divided, width });
    }
}

/// What is seen of a line: no soft hyphens, no space or break at its end.
fn shown(line: &str) -> String {
    line.trim_end_matches([' ', '\n', '\u{ad}']).replace('\u{ad}', "")
}

const fn language(locale: Locale) -> Lang {
    match locale {
        Locale::De => Lang::German,
        Locale::En => Lang::English,
        Locale::Fr => Lang::French,
        Locale::Es => Lang::Spanish,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const STYLE: Style =
        Style { face: Face::Sans, size: crate::page::SMALLEST, leading: 130, tracking: 0, divide: true };

    fn set(text: &str, width: Um) -> Vec<Line> {
        Setter { faces: &Faces::new(), locale: Locale::De }.lines(STYLE, text, width)
    }

    fn words(text: &str, width: Um) -> Vec<String> {
        set(text, width).into_iter().map(|line| if line.divided { line.text + "-" } else { line.text }).collect()
    }

    #[test]
    fn a_text_that_fits_is_one_line_and_breaks_stay() {
        assert_eq!(words("Danke, Ana.", 60_000), ["Danke, Ana."]);
        assert_eq!(words("Danke.\nBis bald.", 60_000), ["Danke.", "Bis bald."]);
    }

    #[test]
    fn german_compounds_are_divided_where_german_divides() {
        let lines = words("Die Donaudampfschifffahrtsgesellschaft dankt.", 40_000);
        assert!(lines.iter().any(|line| line.ends_with('-')), "{lines:?}");
        assert_eq!(lines.concat().replace(['-', ' '], ""), "DieDonaudampfschifffahrtsgesellschaftdankt.");
    }

    #[test]
    fn an_amount_keeps_its_currency_and_french_marks_their_word() {
        for line in words("Ab 40,00\u{a0}€ Einkauf. Envie\u{202f}? Oui\u{202f}! Encore\u{a0}: oui", 22_000) {
            assert!(!line.starts_with(['€', '?', '!', ':']), "{line}");
        }
    }

    #[test]
    fn an_address_is_never_given_a_hyphen() {
        let lines = set("teehaus-am-markt.example/freunde#03VC1S2Q4HX0", 30_000);
        assert!(lines.len() > 1 && lines.iter().all(|line| !line.divided), "{lines:?}");
    }

    #[test]
    fn a_word_of_ten_thousand_letters_is_cut_and_nothing_is_lost() {
        let lines = set(&"x".repeat(10_000), 60_000);
        assert!(lines.iter().all(|line| line.width <= 60_000));
        assert_eq!(lines.iter().map(|line| line.text.len()).sum::<usize>(), 10_000);
    }

    #[test]
    fn balanced_lines_are_no_more_and_more_even() {
        let faces = Faces::new();
        let setter = Setter { faces: &faces, locale: Locale::De };
        let text = "Danke für deine Bestellung, Ana.";
        let style = Style { size: 6_000, divide: false, ..STYLE };
        let (plain, even) = (setter.lines(style, text, 85_000), setter.balanced(style, text, 85_000));
        let spread = |lines: &[Line]| {
            let widths = lines.iter().map(|line| line.width);
            widths.clone().max().unwrap() - widths.min().unwrap()
        };
        assert_eq!((plain.len(), even.len()), (2, 2));
        assert!(spread(&even) < spread(&plain));
    }

    #[test]
    fn a_name_stays_together_behind_the_comma() {
        let faces = Faces::new();
        let setter = Setter { faces: &faces, locale: Locale::De };
        let style = Style { size: 12_000, divide: false, ..STYLE };
        let said = |text: &str, width| {
            setter.phrased(style, text, width).into_iter().map(|line| line.text).collect::<Vec<_>>()
        };
        assert_eq!(said("Danke, Ana Núñez.", 75_000), ["Danke,", "Ana Núñez."]);
        assert_eq!(said("Danke, Ana Núñez.", 150_000), ["Danke, Ana Núñez."], "one line where there is room");
        assert_eq!(said("Danke, Ana Núñez.", 50_000).len(), 3, "and no more lines than it takes");
    }

    proptest! {
        #[test]
        fn no_line_is_too_wide_and_no_letter_is_lost(text in "[a-zäöüß,. -]{0,200}", width in 15_000..90_000) {
            let text = crate::clean::clean(&text);
            let lines = set(&text, width);
            for line in &lines {
                prop_assert!(line.width <= width, "{line:?}");
            }
            let bare = |text: &str| text.replace([' ', '\n'], "");
            let joined: String = lines.iter().map(|line| line.text.as_str()).collect();
            prop_assert_eq!(bare(&joined), bare(&text));
        }
    }
}
