//! Which batch and serial does a code stand for? The keyed permutation behind C12 and C10.
//!
//! A ten-round Feistel network over `[batch][serial][zeros]`: being a permutation it needs no look-up to be unique,
//! and every zero bit checks that the code is genuine. That is a screen, not proof: a made-up code with a right check
//! symbol passes once in 2^21 (C10: 2^17). Whoever redeems still asks the books.

use hkdf::Hkdf;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

use super::check::{Code, Format};
use super::keys::{KeySet, SlotState};

const ROUNDS: u8 = 10;
const VERSION: u8 = 1;

/// What a genuine code says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Opened {
    /// The key slot it was minted with: 0 to 3.
    pub kid: u8,
    /// Its batch.
    pub batch: u32,
    /// Its serial in the batch.
    pub serial: u32,
}

/// The code key of one slot. Its memory is wiped when it is dropped, and it never prints itself.
#[derive(Clone)]
pub struct CodeKey {
    kid: u8,
    // Keyed once: a clone costs a copy, keying costs two more rounds of SHA-256 per use.
    mac: Hmac<Sha256>,
}

impl core::fmt::Debug for CodeKey {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "CodeKey(kid {})", self.kid)
    }
}

impl CodeKey {
    /// The code key of slot `kid` (0 to 3), derived from the slot's master secret.
    #[must_use]
    pub fn derive(master: &[u8; 32], kid: u8) -> Self {
        let key = derive(master, &[b"code/C12/kid", &[b'0' + (kid & 3)]]);
        Self { kid: kid & 3, mac: keyed(&key) }
    }

    /// The code of a batch and serial; `None` when either is outside the format.
    #[must_use]
    pub fn mint(&self, format: Format, batch: u32, serial: u32) -> Option<Code> {
        if batch >= format.batches() || serial >= format.serials() {
            return None;
        }
        let plain = (u64::from(batch) << 20 | u64::from(serial)) << format.zero_bits();
        Some(Code::from_parts(format, self.kid, self.encipher(format, plain)))
    }

    /// What the code says, if this key made it; `None` for a forged one. The caller picks the key by [`Code::kid`].
    #[must_use]
    pub fn open(&self, code: Code) -> Option<Opened> {
        let plain = self.decipher(code.format(), code.body());
        let genuine = code.kid() == self.kid && plain.trailing_zeros() >= code.format().zero_bits();
        let serial = plain >> code.format().zero_bits();
        genuine.then_some(Opened { kid: self.kid, batch: (serial >> 20) as u32, serial: (serial & 0xf_ffff) as u32 })
    }

    fn encipher(&self, format: Format, plain: u64) -> u64 {
        let (mut left, mut right, bits) = halves(format, plain);
        for round in 0..ROUNDS {
            self.round(format, round, bits, &mut left, &mut right);
        }
        left << bits.1 | right
    }

    fn decipher(&self, format: Format, cipher: u64) -> u64 {
        let (mut left, mut right, bits) = halves(format, cipher);
        for round in (0..ROUNDS).rev() {
            self.round(format, round, bits, &mut left, &mut right);
        }
        left << bits.1 | right
    }

    /// One round changes one half by the other, so doing it again undoes it.
    fn round(&self, format: Format, round: u8, bits: (u32, u32), left: &mut u64, right: &mut u64) {
        if round.is_multiple_of(2) {
            *left ^= self.mask(format, round, *right) & low(bits.0);
        } else {
            *right ^= self.mask(format, round, *left) & low(bits.1);
        }
    }

    fn mask(&self, format: Format, round: u8, half: u64) -> u64 {
        let mut message = *b"C12F\0\0\0\0\0\0\0\0\0\0\0\0";
        message[4..8].copy_from_slice(&[VERSION, self.kid, round, format.body_bits() as u8]);
        message[8..].copy_from_slice(&half.to_be_bytes());
        let mut mac = self.mac.clone();
        mac.update(&message);
        let tag = mac.finalize().into_bytes();
        tag[..8].iter().fold(0, |word, byte| word << 8 | u64::from(*byte))
    }
}

/// The two halves of a body, and how many bits each has.
const fn halves(format: Format, body: u64) -> (u64, u64, (u32, u32)) {
    let left = format.body_bits() / 2;
    let right = format.body_bits() - left;
    (body >> right, body & low(right), (left, right))
}

const fn low(bits: u32) -> u64 {
    (1 << bits) - 1
}

/// HKDF-SHA256 with an empty salt: the key for one purpose.
pub(super) fn derive(master: &[u8; 32], info: &[&[u8]]) -> Zeroizing<[u8; 32]> {
    let mut key = Zeroizing::new([0; 32]);
    // 32 bytes is one block of output: HKDF refuses only more than 255 blocks.
    let _ = Hkdf::<Sha256>::new(None, master).expand_multi_info(info, &mut key[..]);
    key
}

/// HMAC-SHA256 under a key of 32 bytes.
pub(super) fn keyed(key: &[u8; 32]) -> Hmac<Sha256> {
    let mut block = Zeroizing::new([0; 64]);
    block[..32].copy_from_slice(key);
    // HMAC pads a short key with zeros to one block, so this is the same key, and it cannot fail on its length.
    Hmac::new((&*block).into())
}

/// The code keys of a key set: opens codes of every slot that is not withdrawn.
#[derive(Debug, Clone)]
pub struct Verifier {
    keys: [Option<CodeKey>; 4],
    /// Does the same work for a slot without key, so that timing does not tell which slots are in use.
    nobody: CodeKey,
}

impl Verifier {
    /// The keys for verification.
    #[must_use]
    pub fn new(keys: &KeySet) -> Self {
        let key = |kid: u8| {
            let slot = keys.slot(kid).filter(|slot| slot.state() != SlotState::Withdrawn)?;
            Some(CodeKey::derive(slot.secret(), kid))
        };
        Self { keys: [key(0), key(1), key(2), key(3)], nobody: CodeKey::derive(&[0; 32], 0) }
    }

    /// Whether the slot has a key that may open codes.
    #[must_use]
    pub fn knows(&self, kid: u8) -> bool {
        self.keys.get(usize::from(kid)).is_some_and(Option::is_some)
    }

    /// What the code says; `None` when it is forged, or its slot is empty or withdrawn.
    #[must_use]
    pub fn open(&self, code: Code) -> Option<Opened> {
        let Some(key) = &self.keys[usize::from(code.kid())] else {
            let _ = std::hint::black_box(self.nobody.open(code));
            return None;
        };
        key.open(code)
    }
}

#[cfg(test)]
mod tests {
    use super::super::check::{CodeVerdict, parse};
    use super::*;
    use proptest::prelude::*;

    fn master() -> [u8; 32] {
        core::array::from_fn(|i| i as u8)
    }

    fn hex(bytes: &[u8]) -> String {
        bytes.iter().map(|b| format!("{b:02x}")).collect()
    }

    #[test]
    fn the_worked_example_holds() {
        let derived = derive(&master(), &[b"code/C12/kid", b"0"]);
        assert_eq!(hex(&derived[..]), "8af591ff1d1526a752584ad264c8f1e59e94861c3e7e2e0c6f2700ca6b32a39e");
        let key = CodeKey::derive(&master(), 0);
        let code = key.mint(Format::C12, 7, 123_456).unwrap();
        assert_eq!(code.shown(), "03VC-1S2Q-4HX0");
        assert_eq!(key.open(code), Some(Opened { kid: 0, batch: 7, serial: 123_456 }));
    }

    #[test]
    fn the_ends_of_every_range_open_to_what_was_minted_and_beyond_is_refused() {
        for format in [Format::C12, Format::C10] {
            for kid in 0..4 {
                let key = CodeKey::derive(&master(), kid);
                for batch in [0, format.batches() - 1] {
                    for serial in [0, format.serials() - 1] {
                        let code = key.mint(format, batch, serial).unwrap();
                        assert_eq!(key.open(code), Some(Opened { kid, batch, serial }), "{format:?}");
                        assert_eq!(code.canonical().len(), format.symbols());
                    }
                }
                assert_eq!(key.mint(format, format.batches(), 0), None);
                assert_eq!(key.mint(format, 0, format.serials()), None);
            }
        }
    }

    #[test]
    fn a_code_of_another_key_or_slot_does_not_open() {
        let code = CodeKey::derive(&master(), 1).mint(Format::C12, 1, 1).unwrap();
        assert_eq!(CodeKey::derive(&master(), 2).open(code), None);
        assert_eq!(CodeKey::derive(&[9; 32], 1).open(code), None);
    }

    /// Case 20 of the attack list: one bit changed, check symbol repaired.
    #[test]
    fn attack_20_a_changed_bit_with_a_repaired_check_symbol_is_forged() {
        for format in [Format::C12, Format::C10] {
            let key = CodeKey::derive(&master(), 0);
            let code = key.mint(format, 7, 123_456).unwrap();
            for bit in 0..format.body_bits() {
                let forged = Code::from_parts(format, 0, code.body() ^ 1 << bit);
                assert_eq!(parse(&forged.canonical()), Ok(forged), "the check symbol is public");
                assert_eq!(key.open(forged), None, "bit {bit}");
            }
        }
        assert_eq!(parse("03VC1S2Q4HX1"), Err(CodeVerdict::Typo), "without the repair it is a typo");
    }

    #[test]
    fn a_key_padded_to_one_block_is_the_same_key() {
        let tag = |mut mac: Hmac<Sha256>| {
            mac.update(b"Hi There");
            mac.finalize().into_bytes()
        };
        assert_eq!(tag(keyed(&[7; 32])), tag(Hmac::new_from_slice(&[7; 32]).unwrap()));
    }

    #[test]
    fn neighbouring_serials_give_codes_that_have_nothing_in_common() {
        let key = CodeKey::derive(&master(), 0);
        let bodies: Vec<u64> = (0..2000).map(|n| key.mint(Format::C12, 0, n).unwrap().body()).collect();
        let flipped: u32 = bodies.windows(2).map(|pair| (pair[0] ^ pair[1]).count_ones()).sum();
        // Half of 53 bits on average; the standard deviation of the mean is 0.08.
        let mean = f64::from(flipped) / 1999.0;
        assert!((26.0..27.0).contains(&mean), "{mean}");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn the_permutation_is_undone_exactly(body in any::<u64>(), kid in 0_u8..4, short in any::<bool>()) {
            let format = if short { Format::C10 } else { Format::C12 };
            let body = body & low(format.body_bits());
            let key = CodeKey::derive(&master(), kid);
            prop_assert_eq!(key.decipher(format, key.encipher(format, body)), body);
            prop_assert!(key.encipher(format, body) <= low(format.body_bits()));
        }
    }
}
