//! How many made-up codes pass, and do the promises hold at size? 20,000 codes are tried; the long run (`ZUGABE_LONG`)
//! takes 1,000,000, and `ZUGABE_CODES` any number.

#![allow(clippy::unwrap_used)] // A code that cannot be minted must fail the test.

use std::collections::HashSet;

use zugabe::code::{CodeVerdict, Format, KeySet, Minter, Verifier, parse};

const SYMBOLS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

fn count() -> u64 {
    let asked = std::env::var("ZUGABE_CODES").ok().and_then(|n| n.parse().ok());
    asked.unwrap_or(if std::env::var_os("ZUGABE_LONG").is_some() { 1_000_000 } else { 20_000 })
}

/// A random payload with a right check symbol, in slot 0: what an attacker who knows the format would try.
fn repaired(state: &mut u64, symbols: usize) -> String {
    let mut text: Vec<u8> = (0..symbols)
        .map(|_| {
            // A plain generator is enough: the attacker's numbers need not be good.
            *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            SYMBOLS[(*state >> 59) as usize]
        })
        .collect();
    text[0] = SYMBOLS[usize::from(text[0].to_ascii_uppercase() % 8)];
    let last = symbols - 1;
    let fits = |symbol: &&u8| {
        text[last] = **symbol;
        parse(core::str::from_utf8(&text).unwrap()).is_ok()
    };
    let check = *SYMBOLS.iter().find(fits).unwrap();
    text[last] = check;
    String::from_utf8(text).unwrap()
}

#[test]
fn made_up_codes_with_a_repaired_check_symbol_do_not_verify() {
    let verifier = Verifier::new(&KeySet::new([11; 32]));
    let mut state = 42;
    let mut passed = 0;
    for _ in 0..count() {
        let text = repaired(&mut state, 12);
        match verifier.verify(&text).verdict {
            CodeVerdict::Ok => passed += 1,
            verdict => assert_eq!(verdict, CodeVerdict::Unknown, "{text}"),
        }
    }
    println!("{passed} of {} made-up codes verified", count());
    // One in 2^21: 0.5 expected of a million, more than three is an event of one in 600.
    assert!(passed <= 3, "{passed}");
}

#[test]
fn minted_codes_are_unique_and_verify() {
    let keys = KeySet::new([11; 32]);
    let verifier = Verifier::new(&keys);
    for format in [Format::C12, Format::C10] {
        let mut seen = HashSet::new();
        for minted in Minter::new(&keys, format, None, 9, 0).unwrap().take(count() as usize) {
            let verified = verifier.verify(&minted.code);
            assert_eq!((verified.batch, verified.serial), (Some(9), Some(minted.serial)), "{}", minted.code);
            assert!(seen.insert(minted.code));
        }
        assert_eq!(seen.len() as u64, count().min(u64::from(format.serials())));
    }
}
