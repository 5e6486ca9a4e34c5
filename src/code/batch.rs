//! Which codes does a batch hold? Minting in order of serials: the same key, batch and start always give the same
//! codes, and memory does not grow with their number.

use super::api::Minted;
use super::c12::CodeKey;
use super::check::Format;
use super::keys::{KeySet, SlotState};
use super::profanity::Profanity;
use crate::reject::{Code, Error, Result};

/// Gives the codes of one batch, from a serial on, until the batch is exhausted. Serials whose code spells a word of
/// the profanity list are skipped. To go on later, start at [`Minter::next_serial`].
pub struct Minter {
    key: CodeKey,
    profanity: Profanity,
    format: Format,
    batch: u32,
    next: u32,
}

impl Minter {
    /// Mints new codes with the active slot (with `kid`, that slot must be the active one).
    ///
    /// # Errors
    /// `key_unavailable` when no slot may mint, `out_of_range` when batch or start is outside the format.
    pub fn new(keys: &KeySet, format: Format, kid: Option<u8>, batch: u32, start: u32) -> Result<Self> {
        let (kid, slot) = keys.minting(kid)?;
        Self::with_key(CodeKey::derive(slot.secret(), kid), format, batch, start)
    }

    /// Gives the codes of a batch again that a slot, active or since rotated, once made: for an audit or a lost file.
    ///
    /// # Errors
    /// `key_unavailable` when the slot is empty or withdrawn, `out_of_range` as in [`Minter::new`].
    pub fn again(keys: &KeySet, format: Format, kid: u8, batch: u32, start: u32) -> Result<Self> {
        let slot = keys.slot(kid).filter(|slot| slot.state() != SlotState::Withdrawn);
        let slot = slot.ok_or_else(|| {
            Error::at(Code::KeyUnavailable, "kid", format!("Slot {kid} of the key file is empty or withdrawn."))
        })?;
        Self::with_key(CodeKey::derive(slot.secret(), kid), format, batch, start)
    }

    fn with_key(key: CodeKey, format: Format, batch: u32, start: u32) -> Result<Self> {
        let out_of_range = |path, limit: u32| {
            Err(Error::at(Code::OutOfRange, path, format!("This must be between 0 and {} in this format.", limit - 1)))
        };
        if batch >= format.batches() {
            return out_of_range("batch", format.batches());
        }
        if start >= format.serials() {
            return out_of_range("start", format.serials());
        }
        Ok(Self { key, profanity: Profanity::list(), format, batch, next: start })
    }

    /// The serial at which minting goes on: the batch's high-water mark when all before it are issued.
    #[must_use]
    pub const fn next_serial(&self) -> u32 {
        self.next
    }
}

impl Iterator for Minter {
    type Item = Minted;

    fn next(&mut self) -> Option<Minted> {
        loop {
            // Ends the batch: beyond the last serial there is no code.
            let code = self.key.mint(self.format, self.batch, self.next)?;
            let serial = self.next;
            self.next += 1;
            if !self.profanity.spelled_in(code) {
                let (shown_code, code) = (code.shown(), code.canonical());
                return Some(Minted { code, shown_code, batch: self.batch, serial });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::api::verify;
    use super::super::check::CodeVerdict;
    use super::*;

    fn keys() -> KeySet {
        KeySet::new([5; 32])
    }

    fn minter(batch: u32, start: u32) -> Minter {
        Minter::new(&keys(), Format::C12, None, batch, start).unwrap()
    }

    #[test]
    fn minting_can_stop_anywhere_and_go_on() {
        let whole: Vec<Minted> = minter(3, 0).take(3000).collect();
        let mut first = minter(3, 0);
        let mut parts: Vec<Minted> = first.by_ref().take(1234).collect();
        parts.extend(minter(3, first.next_serial()).take(3000 - 1234));
        assert_eq!(whole, parts);
    }

    #[test]
    fn skipped_serials_leave_gaps_and_every_code_verifies_to_its_own() {
        let codes: Vec<Minted> = minter(3, 0).take(3000).collect();
        assert!(codes.last().unwrap().serial > 2999, "the list skips some of 3,000");
        assert!(codes.windows(2).all(|pair| pair[0].serial < pair[1].serial));
        for minted in codes.iter().step_by(100) {
            let verified = verify(&keys(), &minted.shown_code);
            assert_eq!(verified.verdict, CodeVerdict::Ok);
            assert_eq!((verified.batch, verified.serial), (Some(3), Some(minted.serial)));
        }
    }

    #[test]
    fn a_batch_ends_at_its_last_serial() {
        let last = Format::C12.serials() - 1;
        assert!(minter(0, last - 9).count() <= 10);
        let refused = |batch, start| Minter::new(&keys(), Format::C10, None, batch, start).map(|_| ()).unwrap_err();
        assert_eq!(refused(64, 0).path, "batch");
        assert_eq!(refused(0, 1 << 20).path, "start");
        assert_eq!(refused(64, 0).code, Code::OutOfRange);
    }

    #[test]
    fn a_rotated_slot_gives_its_batch_again_but_makes_no_new_one() {
        let before: Vec<Minted> = minter(7, 0).take(50).collect();
        let rotated = KeySet::parse(&keys().to_text().replace("active", "verify_only")).unwrap();
        assert_eq!(
            Minter::new(&rotated, Format::C12, Some(0), 7, 0).map(|_| ()).unwrap_err().code,
            Code::KeyUnavailable
        );
        let again: Vec<Minted> = Minter::again(&rotated, Format::C12, 0, 7, 0).unwrap().take(50).collect();
        assert_eq!(before, again);
    }
}
