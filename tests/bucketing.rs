//! Does chance fall as in GrowthBook? Their published cases, where they lie beside the project.

#![allow(clippy::unwrap_used, clippy::expect_used)] // A case that cannot be read must fail the test.

mod support;

use serde_json::Value;
use zugabe::bucket::{arm, bucket, equal_weights, in_namespace, ranges, thousandth};

fn bp(value: &Value) -> i64 {
    (value.as_f64().unwrap() * 10_000.0).round() as i64
}

fn list(value: &Value) -> Vec<u32> {
    value.as_array().unwrap().iter().map(|share| u32::try_from(bp(share)).unwrap()).collect()
}

fn pairs(value: &Value) -> Vec<(u32, u32)> {
    value.as_array().unwrap().iter().map(|pair| (list(pair)[0], list(pair)[1])).collect()
}

fn close(a: u32, b: u32) -> bool {
    a.abs_diff(b) <= 1
}

#[test]
fn all_five_groups_of_cases_are_answered_as_growthbook_answers_them() {
    let Some(bytes) = support::shared("bucketing/cases.json") else { return };
    let cases: Value = serde_json::from_slice(&bytes).unwrap();
    let group = |name: &str| cases[name].as_array().unwrap().clone();
    let mut counted = 0;
    for case in group("hash") {
        let (seed, value) = (case[0].as_str().unwrap(), case[1].as_str().unwrap());
        match case[2].as_i64().unwrap() {
            1 => assert_eq!(i64::from(thousandth(seed, value)) * 10, bp(&case[3]), "{case}"),
            2 => assert_eq!(i64::from(bucket(seed, value)), bp(&case[3]), "{case}"),
            // There is no third version.
            _ => assert!(case[3].is_null(), "{case}"),
        }
        counted += 1;
    }
    for case in group("getEqualWeights") {
        let arms = u32::try_from(case[0].as_i64().unwrap().max(0)).unwrap();
        let (found, expected) = (equal_weights(arms), list(&case[1]));
        assert_eq!(found.len(), expected.len(), "{case}");
        assert!(found.iter().zip(&expected).all(|(a, b)| close(*a, *b)), "{case}: {found:?}");
        counted += 1;
    }
    for case in group("getBucketRange") {
        let (arms, coverage) = (u32::try_from(case[1][0].as_i64().unwrap()).unwrap(), bp(&case[1][1]));
        let weights = (!case[1][2].is_null()).then(|| list(&case[1][2]));
        let (found, expected) = (ranges(arms, coverage, weights.as_deref()), pairs(&case[2]));
        assert_eq!(found.len(), expected.len(), "{case}");
        for (a, b) in found.iter().zip(&expected) {
            assert!(close(a.0, b.0) && close(a.1, b.1), "{case}: {found:?}");
        }
        counted += 1;
    }
    for case in group("chooseVariation") {
        let found = arm(u32::try_from(bp(&case[1])).unwrap(), &pairs(&case[2]));
        assert_eq!(found.map_or(-1, |arm| i64::try_from(arm).unwrap()), case[3].as_i64().unwrap(), "{case}");
        counted += 1;
    }
    for case in group("inNamespace") {
        let edge = |index: usize| u32::try_from(bp(&case[2][index])).unwrap();
        let found = in_namespace(case[2][0].as_str().unwrap(), case[1].as_str().unwrap(), edge(1), edge(2));
        assert_eq!(found, case[3].as_bool().unwrap(), "{case}");
        counted += 1;
    }
    assert_eq!(counted, 15 + 6 + 13 + 13 + 16);
}
