//! The imports of `tests/vectors/import.json`, which every runtime must give byte for byte.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::Path;

use serde::Deserialize;
use serde_json::{Value, json};
use zugabe::canonical;
use zugabe::order::import::{ImportOptions, Importer, combine, import};
use zugabe::reject::parse_json;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Vectors {
    v: u8,
    cases: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    file: String,
    options: ImportOptions,
    expected: Value,
}

fn cases() -> Vec<(Case, Vec<u8>)> {
    let vectors: Vectors = parse_json(include_str!("vectors/import.json")).unwrap();
    assert_eq!(vectors.v, 1);
    assert!(vectors.cases.len() > 30);
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors");
    let read = |case: Case| {
        let bytes = std::fs::read(folder.join(&case.file)).expect(&case.file);
        (case, bytes)
    };
    vectors.cases.into_iter().map(read).collect()
}

fn name_of(case: &Case) -> &str {
    case.file.rsplit('/').next().unwrap()
}

#[test]
fn imports_are_byte_for_byte_those_of_the_vectors() {
    for (case, bytes) in cases() {
        let result = match import(name_of(&case), &bytes, &case.options) {
            Ok((orders, report)) => json!({ "orders": orders, "report": report }),
            Err(error) => json!({ "error": { "code": error.code, "path": error.path } }),
        };
        assert_eq!(canonical::text(&result).unwrap(), canonical::text(&case.expected).unwrap(), "\"{}\"", case.name);
    }
}

#[test]
fn byte_by_byte_every_file_reads_the_same() {
    for (case, bytes) in cases() {
        let whole = import(name_of(&case), &bytes, &case.options);
        for size in [1, 3, 64] {
            let chunked = Importer::new(name_of(&case), case.options.clone())
                .and_then(|mut importer| {
                    bytes.chunks(size).try_for_each(|chunk| importer.push(chunk).map(|_| ()))?;
                    importer.finish()
                })
                .and_then(|imported| combine(vec![imported], &case.options));
            assert_eq!(chunked, whole, "\"{}\" in chunks of {size}", case.name);
        }
    }
}

#[test]
fn no_error_or_report_holds_an_address_or_a_name() {
    for (case, bytes) in cases() {
        let said = match import(name_of(&case), &bytes, &case.options) {
            Ok((orders, report)) => {
                assert!(!canonical::text(&orders).unwrap().contains('@'), "\"{}\"", case.name);
                canonical::text(&report).unwrap()
            }
            Err(error) => error.to_string(),
        };
        for private in ["@", "Muster", "Probe", "Sample", "Guest", "example.test"] {
            assert!(!said.contains(private), "\"{}\" says {private}: {said}", case.name);
        }
    }
}
