//! Any text as a key file, as a master secret and as a list of issued batches. What is read can be written and read again.
#![no_main]

use libfuzzer_sys::fuzz_target;
use zugabe::code::{Issued, KeySet, Verifier};

fuzz_target!(|text: &str| {
    if let Ok(keys) = KeySet::parse_or_secret(text) {
        assert_eq!(KeySet::parse(&keys.to_text()).map(|keys| keys.overview()), Ok(keys.overview()));
        let _ = Verifier::new(&keys).verify("03VC1S2Q4HX0");
    }
    let _ = Issued::parse(text);
});
