//! Which secrets make and open codes? The key set: four slots, each with a master secret of its own.
//!
//! A code names its slot in clear (two bits), so keys rotate without a gap: a new slot becomes active, the old one
//! stays `verify_only` until its codes have expired, then it is `withdrawn` and may be filled again.

use core::fmt;

use hmac::Mac;
use serde::{Deserialize, Serialize};
use zeroize::ZeroizeOnDrop;

use super::c12::{derive, keyed};
use crate::reject::{Code, Error, Result};

/// How many slots a key set has.
pub(super) const SLOTS: usize = 4;

/// What a slot may be used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum SlotState {
    /// Makes new codes and opens its own. At most one slot is active.
    Active,
    /// Opens the codes it once made, makes no new ones.
    VerifyOnly,
    /// Neither: its codes are refused.
    Withdrawn,
}

/// How a slot's link tokens are signed. It stands in the key file: what a token says of itself is never believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum TokenKind {
    /// HMAC-SHA256, cut to 128 bit: only who holds the key set can verify.
    #[default]
    Hmac,
    /// Ed25519: whoever holds the public key can verify, and cannot mint.
    Ed25519,
}

/// One slot, read.
#[derive(Clone, ZeroizeOnDrop)]
pub struct Slot {
    #[zeroize(skip)]
    state: SlotState,
    #[zeroize(skip)]
    token: TokenKind,
    secret: [u8; 32],
}

impl Slot {
    /// What it may be used for.
    #[must_use]
    pub const fn state(&self) -> SlotState {
        self.state
    }

    /// How its link tokens are signed.
    #[must_use]
    pub const fn token(&self) -> TokenKind {
        self.token
    }

    pub(super) const fn new(state: SlotState, token: TokenKind, secret: [u8; 32]) -> Self {
        Self { state, token, secret }
    }

    pub(super) const fn secret(&self) -> &[u8; 32] {
        &self.secret
    }
}

impl fmt::Debug for Slot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Slot({:?})", self.state)
    }
}

/// A key set, read and checked. Wiped from memory when dropped; never prints a secret.
#[derive(Debug, Clone)]
pub struct KeySet {
    slots: [Option<Slot>; SLOTS],
}

impl KeySet {
    pub(super) const fn from_slots(slots: [Option<Slot>; SLOTS]) -> Self {
        Self { slots }
    }

    /// A key set with one active slot, number 0.
    #[must_use]
    pub fn new(entropy: [u8; 32]) -> Self {
        let mut slots = [const { None }; SLOTS];
        slots[0] = Some(Slot { state: SlotState::Active, token: TokenKind::Hmac, secret: entropy });
        Self { slots }
    }

    /// The slot of that number, if the set has it.
    #[must_use]
    pub fn slot(&self, kid: u8) -> Option<&Slot> {
        self.slots.get(usize::from(kid))?.as_ref()
    }

    /// The slots in a state, lowest number first.
    pub fn kids(&self, state: SlotState) -> impl Iterator<Item = u8> {
        let of = move |kid: &u8| self.slot(*kid).is_some_and(|slot| slot.state == state);
        (0..SLOTS as u8).filter(of)
    }

    /// The slot that makes new codes: its number and itself. With `kid`, that slot must be the active one.
    ///
    /// # Errors
    /// `key_unavailable` when there is none, or it may not mint.
    pub fn minting(&self, kid: Option<u8>) -> Result<(u8, &Slot)> {
        let active = self.kids(SlotState::Active).next();
        let found = kid.or(active).filter(|kid| active == Some(*kid));
        found.and_then(|kid| Some((kid, self.slot(kid)?))).ok_or_else(|| {
            let message = match kid {
                Some(kid) => format!("Slot {kid} of the key file is not active, so it makes no new codes."),
                None => "No slot of the key file is active: rotate the keys to get a new one.".to_owned(),
            };
            Error::at(Code::KeyUnavailable, "kid", message)
        })
    }

    /// The key under which e-mail addresses are hashed: HKDF-SHA256 of the lowest slot's secret, info `order/email`.
    /// Whatever the slots' states: it stays the same when keys are rotated, until the lowest slot is filled anew.
    #[must_use]
    pub fn email_key(&self) -> [u8; 32] {
        let lowest = self.slots.iter().flatten().next();
        lowest.map_or([0; 32], |slot| *super::c12::derive(slot.secret(), &[b"order/email"]))
    }
}

/// What may be shown of a key set: no secret, and nothing from which one could be found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct KeyOverview {
    /// The version: 1.
    pub v: u32,
    /// The slots in use, lowest number first.
    pub slots: Vec<SlotOverview>,
}

/// What may be shown of a slot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SlotOverview {
    /// The slot: 0 to 3.
    pub kid: u8,
    /// What it may be used for.
    pub state: SlotState,
    /// How its link tokens are signed.
    pub token: TokenKind,
    /// Eight hexadecimal digits derived one way from the secret: equal for copies of the same key.
    pub fingerprint: String,
}

impl KeySet {
    /// Rotates without a gap: the active slot becomes `verify_only`, the next slot that is empty or withdrawn becomes
    /// active with `entropy` as its master secret. Gives the number of the new slot.
    ///
    /// # Errors
    /// `key_unavailable` when every other slot still verifies codes: one must be withdrawn first.
    pub fn rotate(&mut self, entropy: [u8; 32], token: TokenKind) -> Result<u8> {
        let active = self.kids(SlotState::Active).next();
        let first = active.map_or(0, |kid| kid + 1);
        let next = (first..first + SLOTS as u8)
            .map(|kid| kid % SLOTS as u8)
            .find(|kid| active != Some(*kid) && self.slot(*kid).is_none_or(|slot| slot.state == SlotState::Withdrawn));
        let (Some(kid), active) = (next, active) else {
            return Err(Error::at(
                Code::KeyUnavailable,
                "slots",
                "All four slots are in use: withdraw one whose codes have all expired, then rotate.",
            ));
        };
        if let Some(slot) = active.and_then(|kid| self.slots[usize::from(kid)].as_mut()) {
            slot.state = SlotState::VerifyOnly;
        }
        self.slots[usize::from(kid)] = Some(Slot { state: SlotState::Active, token, secret: entropy });
        Ok(kid)
    }

    /// Withdraws a slot: its codes and tokens are refused from now on, and its number may be filled again.
    ///
    /// # Errors
    /// `key_unavailable` when there is no such slot.
    pub fn withdraw(&mut self, kid: u8) -> Result<()> {
        let slot = self
            .slots
            .get_mut(usize::from(kid))
            .and_then(Option::as_mut)
            .ok_or_else(|| Error::at(Code::KeyUnavailable, "kid", format!("The key file has no slot {kid}.")))?;
        slot.state = SlotState::Withdrawn;
        Ok(())
    }

    /// What may be shown of it: numbers, states and fingerprints.
    #[must_use]
    pub fn overview(&self) -> KeyOverview {
        let slots = (0..SLOTS as u8).filter_map(|kid| {
            let slot = self.slot(kid)?;
            let print = derive(&slot.secret, &[b"fingerprint"]);
            Some(SlotOverview { kid, state: slot.state, token: slot.token, fingerprint: hex(&print[..4]) })
        });
        KeyOverview { v: 1, slots: slots.collect() }
    }

    /// The name under which the books know a customer: `k0.` and 32 hexadecimal digits, a keyed hash of the id. It
    /// says nothing about the id without the key, and destroying the slot cuts the link for good.
    ///
    /// The first one comes from the oldest slot that is not withdrawn, and is what new entries get: a rotation alone
    /// gives nobody a new name, and with it uses of a code that are spent. The others are what entries may have from
    /// times when an older slot was in use. Withdrawn slots give none.
    #[must_use]
    pub fn customer_refs(&self, id: &str) -> Vec<String> {
        // Slots are filled in a ring: after the active one stands the oldest.
        let after = self.kids(SlotState::Active).next().map_or(0, |kid| kid + 1);
        (after..after + SLOTS as u8)
            .map(|kid| kid % SLOTS as u8)
            .filter_map(|kid| {
                let slot = self.slot(kid).filter(|slot| slot.state != SlotState::Withdrawn)?;
                let mut mac = keyed(&derive(&slot.secret, &[b"hash/customer"]));
                mac.update(id.as_bytes());
                Some(format!("k{kid}.{}", hex(&mac.finalize().into_bytes()[..16])))
            })
            .collect()
    }
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]).filter_map(|n| char::from_digit(n.into(), 16)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEX: &str = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
    const BASE64: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";

    fn file(slots: &str) -> String {
        format!(r#"{{"v":1,"slots":[{slots}]}}"#)
    }

    fn slot(kid: u8, state: &str, secret: &str) -> String {
        format!(r#"{{"kid":{kid},"state":"{state}","secret":"{secret}"}}"#)
    }

    #[test]
    fn only_the_active_slot_mints() {
        let text = file(&[slot(0, "verify_only", HEX), slot(1, "active", BASE64)].join(","));
        let set = KeySet::parse(&text).unwrap();
        assert_eq!(set.minting(None).unwrap().0, 1);
        assert_eq!(set.minting(Some(1)).unwrap().0, 1);
        for kid in [0, 2, 9] {
            assert_eq!(set.minting(Some(kid)).unwrap_err().code, Code::KeyUnavailable, "{kid}");
        }
        let none = KeySet::parse(&file(&slot(0, "withdrawn", HEX))).unwrap();
        assert_eq!(none.minting(None).unwrap_err().code, Code::KeyUnavailable);
    }

    #[test]
    fn rotation_leaves_no_gap_and_stops_when_every_slot_still_verifies() {
        let mut set = KeySet::new([1; 32]);
        for kid in 1..4 {
            assert_eq!(set.rotate([kid; 32], TokenKind::Hmac).unwrap(), kid);
            assert_eq!(set.minting(None).unwrap().0, kid);
            assert_eq!(set.slot(kid - 1).unwrap().state(), SlotState::VerifyOnly);
        }
        assert_eq!(set.rotate([9; 32], TokenKind::Hmac).unwrap_err().code, Code::KeyUnavailable);
        assert_eq!(set.minting(None).unwrap().0, 3, "a refused rotation changes nothing");
        set.withdraw(1).unwrap();
        assert_eq!(set.rotate([9; 32], TokenKind::Ed25519).unwrap(), 1);
        assert_eq!(set.slot(1).unwrap().secret(), &[9; 32]);
        assert_eq!(set.withdraw(7).unwrap_err().path, "kid");
    }

    #[test]
    fn the_overview_tells_keys_apart_and_holds_no_secret() {
        let mut set = KeySet::new([1; 32]);
        set.rotate([2; 32], TokenKind::Hmac).unwrap();
        let (one, text) = (set.overview(), serde_json::to_string(&set.overview()).unwrap());
        assert_ne!(one.slots[0].fingerprint, one.slots[1].fingerprint);
        assert_eq!(KeySet::new([1; 32]).overview().slots[0].fingerprint, one.slots[0].fingerprint);
        assert!(!text.contains("010101") && !text.contains("AQEB"), "{text}");
    }

    #[test]
    fn a_customer_keeps_the_name_through_rotations_until_its_slot_is_withdrawn() {
        let mut set = KeySet::new([1; 32]);
        let names = |set: &KeySet| set.customer_refs("c_4711");
        let first = names(&set);
        assert!(first.len() == 1 && first[0].starts_with("k0."), "{first:?}");
        for secret in 2..=4 {
            set.rotate([secret; 32], TokenKind::Hmac).unwrap();
            assert_eq!(names(&set)[0], first[0]);
        }
        assert_eq!(names(&set).len(), 4);
        assert_ne!(set.customer_refs("c_4712")[0], first[0]);
        // The oldest goes, and its number is filled anew: the name is that of the next oldest, not of the newest.
        set.withdraw(0).unwrap();
        let second = names(&set);
        assert!(second.len() == 3 && second[0].starts_with("k1."), "{second:?}");
        assert_eq!(set.rotate([5; 32], TokenKind::Hmac).unwrap(), 0);
        assert_eq!(names(&set)[..3], second);
        assert!(names(&set)[3].starts_with("k0.") && names(&set)[3] != first[0]);
    }
}
