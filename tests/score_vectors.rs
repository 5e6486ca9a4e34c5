//! The scores of `tests/vectors/score.json`, which every runtime must give byte for byte.

use serde::Deserialize;
use serde_json::Value;
use zugabe::order::Order;
use zugabe::score::{Options, from_orders};
use zugabe::{canonical, reject};

#[derive(Deserialize)]
struct Vectors {
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    name: String,
    options: Options,
    orders: Vec<Order>,
    expected: Value,
}

#[test]
fn scores_are_byte_for_byte_those_of_the_vectors() {
    let vectors: Vectors = reject::parse_json(include_str!("vectors/score.json")).unwrap();
    assert!(!vectors.cases.is_empty());
    for case in vectors.cases {
        let scored = serde_json::to_value(from_orders(&case.orders, &case.options).unwrap()).unwrap();
        for part in ["rows", "summary", "model"] {
            assert_eq!(
                canonical::text(&scored[part]).unwrap(),
                canonical::text(&case.expected[part]).unwrap(),
                "{part} of \"{}\"",
                case.name
            );
        }
    }
}
