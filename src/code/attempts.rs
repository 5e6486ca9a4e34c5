//! May this subject try another code? A limit of misses, as arithmetic: the host keeps the counters.
//!
//! A throttle does not close an oracle; it only makes guessing slow. Hence the other half of the rule: once the limit
//! is reached the code is not even looked at, so a good one reads as `unknown` too.

use serde::{Deserialize, Serialize};

use super::api::Verified;
use super::c12::Verifier;
use super::check::CodeVerdict;
use super::issued::Issued;
use crate::time::Instant;

/// How many misses are allowed in a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AttemptLimit {
    /// Misses allowed; the next try is not looked at.
    pub misses: u32,
    /// Seconds from the first miss until the count starts anew.
    pub window_seconds: u32,
}

/// The counter of one subject: an address, an account, or the whole shop. Keep one of each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Attempts {
    /// Misses since `since`.
    pub misses: u32,
    /// The first miss of the window; absent when there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Instant>,
}

impl Attempts {
    /// The counter as it stands now: empty again when its window is over.
    #[must_use]
    pub fn at(self, limit: AttemptLimit, now: Instant) -> Self {
        let over = self.since.is_some_and(|since| now.since(since) >= i64::from(limit.window_seconds));
        if over { Self::default() } else { self }
    }

    /// Whether another try is looked at.
    #[must_use]
    pub fn allows(self, limit: AttemptLimit, now: Instant) -> bool {
        self.at(limit, now).misses < limit.misses
    }

    /// The counter after a miss.
    #[must_use]
    pub fn missed(self, limit: AttemptLimit, now: Instant) -> Self {
        let current = self.at(limit, now);
        Self { misses: current.misses.saturating_add(1), since: current.since.or(Some(now)) }
    }
}

/// Checks a code for a subject: what it is told, and its counter afterwards. Only what reads `unknown` is a miss;
/// a typing error is caught by a check that everyone can do, and costs nothing.
#[must_use]
pub fn attempt(
    verifier: &Verifier,
    issued: &Issued,
    text: &str,
    (limit, attempts): (AttemptLimit, Attempts),
    now: Instant,
) -> (Verified, Attempts) {
    if !attempts.allows(limit, now) {
        // Mistyped text still reads as such: that needs no key and tells a guesser nothing.
        let told = super::check::parse(text).err().unwrap_or(CodeVerdict::Unknown);
        return (Verified::not(told), attempts);
    }
    let told = issued.inspect(verifier, text, now).told();
    let after = if told.verdict == CodeVerdict::Unknown { attempts.missed(limit, now) } else { attempts };
    (told, after)
}

#[cfg(test)]
mod tests {
    use super::super::check::Code as TypedCode;
    use super::super::{CodeKey, Format, KeySet};
    use super::*;

    const LIMIT: AttemptLimit = AttemptLimit { misses: 10, window_seconds: 3600 };

    fn shop() -> (Verifier, Issued, String) {
        let good = CodeKey::derive(&[3; 32], 0).mint(Format::C12, 1, 5).unwrap().canonical();
        let list = r#"{"v":1,"batches":[{"kid":0,"batch":1,"promotion":"p","issued":100}]}"#;
        (Verifier::new(&KeySet::new([3; 32])), Issued::parse(list).unwrap(), good)
    }

    /// Case 12 of the attack list: guesses in a loop are locked out, and the lock is no oracle.
    #[test]
    fn attack_12_a_thousand_guesses_are_locked_out_and_learn_nothing() {
        let (verifier, issued, good) = shop();
        let now = Instant::from_unix(1_800_000_000);
        let mut counter = Attempts::default();
        let mut answers = Vec::new();
        for guess in 0..1000 {
            let text = TypedCode::from_parts(Format::C12, 0, guess * 7919).canonical();
            let (told, after) = attempt(&verifier, &issued, &text, (LIMIT, counter), now.plus(guess as i64));
            answers.push(serde_json::to_string(&told).unwrap());
            counter = after;
        }
        assert_eq!(counter.misses, 10, "the tries after the limit are not even looked at");
        assert!(answers.iter().all(|answer| answer == &answers[0]), "the lock reads like a miss");
        let (told, _) = attempt(&verifier, &issued, &good, (LIMIT, counter), now.plus(1000));
        assert_eq!(serde_json::to_string(&told).unwrap(), answers[0], "a good code reads like a miss too");
        let (told, _) = attempt(&verifier, &issued, &good, (LIMIT, counter), now.plus(3600));
        assert_eq!(told.verdict, CodeVerdict::Ok, "after the window the owner may use it");
    }

    /// Case 52 of the list of other systems' bugs: distinct errors reveal which codes exist.
    #[test]
    fn case_52_unknown_and_expired_codes_read_alike_and_misses_are_counted() {
        let (verifier, _, good) = shop();
        let list = r#"{"v":1,"batches":[{"kid":0,"batch":1,"promotion":"p","issued":100,"expiresAt":"2026-01-01T00:00:00Z"}]}"#;
        let issued = Issued::parse(list).unwrap();
        let now = Instant::parse("2026-02-01T00:00:00Z").unwrap();
        let (expired, one) = attempt(&verifier, &issued, &good, (LIMIT, Attempts::default()), now);
        let (unknown, two) = attempt(&verifier, &issued, "00000000000", (LIMIT, one), now);
        assert_eq!(unknown.verdict, CodeVerdict::Length, "eleven symbols are a slip, not a try");
        assert_eq!(two, one);
        let made_up = TypedCode::from_parts(Format::C12, 0, 1).canonical();
        let (unknown, three) = attempt(&verifier, &issued, &made_up, (LIMIT, two), now);
        assert_eq!((unknown, three.misses), (expired, 2));
    }

    #[test]
    fn a_window_starts_with_its_first_miss() {
        let start = Instant::from_unix(0);
        let full = (0..10).fold(Attempts::default(), |counter, n| counter.missed(LIMIT, start.plus(n * 300)));
        assert_eq!((full.misses, full.since), (10, Some(start)));
        assert!(!full.allows(LIMIT, start.plus(3599)));
        assert!(full.allows(LIMIT, start.plus(3600)));
        assert_eq!(full.missed(LIMIT, start.plus(3600)), Attempts { misses: 1, since: Some(start.plus(3600)) });
    }
}
