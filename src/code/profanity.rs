//! Would anyone blush to read this code aloud? A short list of words that no printed code may spell.
//!
//! The list is matched as the eye reads: 0 as O, 1 as I or L, 3 as E, 4 as A, 5 as S, 7 as T, 8 as B, V as U. Only
//! the minter asks; a verifier need not know the list. A change of the list gets a new version, so that a batch can be
//! minted again exactly as it was.

use super::check::Code;
use super::crockford::value;

/// The version of the list. A batch is minted again with the version it was minted with.
pub const LIST_VERSION: u32 = 1;

/// English and German words, three to six letters: longer ones practically never occur.
const WORDS: &[&str] = &[
    "ANAL", "ANUS", "ARSCH", "ARSE", "ASS", "BITCH", "BOOB", "BUTT", "CLIT", "COCK", "COON", "CRAP", "CUM", "CUNT",
    "DAMN", "DICK", "DILDO", "DYKE", "FAG", "FICK", "FOTZE", "FUCK", "FUK", "GAY", "HEIL", "HELL", "HOE", "HURE",
    "JAP", "JEW", "JIZZ", "KACK", "KIKE", "KKK", "KOTZ", "MILF", "MUFF", "NAZI", "NEGER", "NIGG", "NSDAP", "NUTTE",
    "PAKI", "PEDO", "PENIS", "PIMP", "PISS", "POOP", "PORN", "PUSSY", "RAPE", "SAU", "SEX", "SHIT", "SLUT", "SPIC",
    "SUCK", "TIT", "TWAT", "VAGINA", "WANK", "WHORE", "WTF",
];

/// A word folded to digits of five bits each, and the mask of the bits they take.
struct Word {
    bits: u64,
    mask: u64,
}

/// The digit that another one looks like: letters become the digits they resemble.
const fn looks_like(digit: u8) -> u8 {
    match digit {
        10 => 4, // A
        11 => 8, // B
        14 => 3, // E
        25 => 5, // S
        26 => 7, // T
        other => other,
    }
}

/// The list, ready to be matched.
pub(super) struct Profanity {
    words: Vec<Word>,
}

impl Profanity {
    pub(super) fn list() -> Self {
        let fold = |word: &&str| {
            // U is in no code; V is what the eye takes for it.
            let digits = word.chars().filter_map(|c| value(if c == 'U' { 'V' } else { c }));
            let bits = digits.fold(0, |bits, digit| bits << 5 | u64::from(looks_like(digit)));
            Word { bits, mask: (1 << (5 * word.len())) - 1 }
        };
        Self { words: WORDS.iter().map(fold).collect() }
    }

    /// Whether the code spells a word of the list, across its groups too.
    pub(super) fn spelled_in(&self, code: Code) -> bool {
        let mut rest = code.digits().fold(0_u64, |bits, digit| bits << 5 | u64::from(looks_like(digit)));
        // Zeros come in from above as the code is shifted out: a word must fit into what is left.
        let mut left = code.format().symbols() as u32 * 5;
        while left > 0 {
            if self.words.iter().any(|w| rest & w.mask == w.bits && w.mask.count_ones() <= left) {
                return true;
            }
            rest >>= 5;
            left -= 5;
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::super::check::Format;
    use super::*;

    /// A code that shows these eleven symbols.
    fn code(payload: &str) -> Code {
        let bits = payload.chars().fold(0_u64, |bits, c| bits << 5 | u64::from(value(c).unwrap()));
        let code = Code::from_parts(Format::C12, (bits >> 53) as u8, bits);
        assert!(code.canonical().starts_with(payload));
        code
    }

    #[test]
    fn words_are_found_wherever_they_stand_and_however_they_are_spelled() {
        let list = Profanity::list();
        for payload in ["FVCK1234567", "1234FVCK567", "1234569455X", "12H7KSH1TZ9", "1234567CVNT", "12C0CKAA123"] {
            assert!(list.spelled_in(code(payload)), "{payload}");
        }
        // Each look-alike once: 3 for E, 5 for S, 7 for T, 4 for A, 8 for B.
        for payload in ["12P3N15ZZZZ", "Z5H17ZZZZZZ", "4R5CHZZZZZZ", "81TCHZZZZZZ"] {
            assert!(list.spelled_in(code(payload)), "{payload}");
        }
        for harmless in ["03VC1S2Q4HX", "0123456789A", "00000000000", "ZZZZZZZZZZZ", "1234567FVC0"] {
            assert!(!list.spelled_in(code(harmless)), "{harmless}");
        }
    }

    #[test]
    fn every_word_of_the_list_is_found_in_a_code_that_spells_it() {
        let list = Profanity::list();
        for word in WORDS {
            let payload = format!("{:Z<11}", word.replace('U', "V").replace('O', "0").replace(['I', 'L'], "1"));
            assert!(list.spelled_in(code(&payload)), "{word}");
        }
    }

    #[test]
    fn the_list_skips_few_serials() {
        let (list, key) = (Profanity::list(), crate::code::CodeKey::derive(&[1; 32], 0));
        let hits = (0..20_000).filter(|n| list.spelled_in(key.mint(Format::C12, 0, *n).unwrap())).count();
        assert!((20..400).contains(&hits), "{hits} of 20,000");
    }
}
