//! Any text as a link token, under HMAC and under Ed25519. None is good: nobody but the key makes one.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use zugabe::code::{CodeVerdict, KeySet, PublicKeys, TokenKind, public_keys, verify_token, verify_token_public};
use zugabe::time::Instant;

static KEYS: LazyLock<(KeySet, PublicKeys)> = LazyLock::new(|| {
    let mut keys = KeySet::new([7; 32]);
    let _ = keys.rotate([8; 32], TokenKind::Ed25519);
    let public = public_keys(&keys);
    (keys, public)
});

fuzz_target!(|text: &str| {
    let now = Instant::from_unix(0);
    assert_ne!(verify_token(&KEYS.0, text, now).verdict, CodeVerdict::Ok);
    let _ = verify_token_public(&KEYS.1, text, now);
});
