//! Any text a person could type: the check, the keyed check, prefixes.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use zugabe::code::{CodeVerdict, KeySet, Prefix, Verifier, check, parse, parse_with_prefixes};

static VERIFIER: LazyLock<Verifier> = LazyLock::new(|| Verifier::new(&KeySet::new([7; 32])));

fuzz_target!(|text: &str| {
    let checked = check(text);
    assert_eq!(checked.verdict == CodeVerdict::Ok, checked.code.is_some());
    if let Ok(code) = parse(text) {
        assert_eq!(parse(&code.canonical()), Ok(code));
        assert_eq!(parse(&code.shown()), Ok(code));
    }
    let _ = VERIFIER.verify(text);
    if let Ok(prefix) = Prefix::parse("DANKE") {
        let _ = parse_with_prefixes(text, &[prefix]);
    }
});
