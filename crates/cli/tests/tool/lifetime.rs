//! `zugabe fit` and `zugabe predict`.

use crate::support::{Folder, vectors};

const PARAMS: &str = r#"{"r":0.243,"alpha":4.414,"a":0.793,"b":2.426,"p":6.25,"q":3.74,"v":15.44}"#;

#[test]
fn it_predicts_the_published_expectation() {
    let folder = Folder::new();
    folder.write("rows.csv", "id,frequency,recency,T,monetary_value\nanna,2,30.43,38.86,22.35\n=x,0,0,38.86,\n");
    let ran = folder.run(&["predict", "rows.csv", "--params", PARAMS, "--model", "bgnbd", "--horizon", "39"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let mut lines = ran.out.lines();
    assert_eq!(lines.next(), Some("id,pAlive,expectedPurchases,expectedValue,clv"));
    let cells: Vec<&str> = lines.next().unwrap().split(',').collect();
    assert_eq!(cells[0], "anna");
    assert!((cells[1].parse::<f64>().unwrap() - 0.726_579).abs() < 1e-6);
    assert!((cells[2].parse::<f64>().unwrap() - 1.226_028).abs() < 1e-6);
    let (value, clv): (f64, f64) = (cells[3].parse().unwrap(), cells[4].parse().unwrap());
    assert!((clv - value * cells[2].parse::<f64>().unwrap()).abs() < 1e-9);
    assert!(lines.next().unwrap().starts_with("'=x,1,"), "no formula for a spreadsheet");
    let ndjson =
        folder.run(&["predict", "rows.csv", "--params", PARAMS, "--horizon", "39", "--format", "ndjson"]).lines();
    assert_eq!(ndjson[1]["id"], "=x");
}

#[test]
fn a_fit_is_handed_to_the_prediction_and_any_number_of_threads_gives_the_same_bytes() {
    let folder = Folder::new();
    let table = vectors("lifetime.json")["tables"]["shop"].as_str().unwrap().to_owned();
    folder.write("rows.csv", &table);
    let run = |threads: &str| {
        let fit = folder.run(&["fit", "rows.csv", "--threads", threads, "--out", "fit.json"]);
        assert_eq!(fit.code, 0, "{}", fit.err);
        let spend =
            folder.run(&["fit", "rows.csv", "--model", "gammagamma", "--threads", threads, "--out", "spend.json"]);
        assert_eq!(spend.code, 0, "{}", spend.err);
        let predicted = folder.run(&[
            "predict",
            "rows.csv",
            "--params",
            "fit.json",
            "--spend",
            "spend.json",
            "--horizon",
            "52",
            "--discount",
            "0.01",
            "--discount-period",
            "4.345",
            "--threads",
            threads,
        ]);
        assert_eq!(predicted.code, 0, "{}", predicted.err);
        (folder.read("fit.json"), folder.read("spend.json"), predicted.out)
    };
    let one = run("1");
    assert_eq!(one, run("2"));
    assert_eq!(one, run("8"));
    assert_eq!(folder.json("fit.json")["converged"], true);
}

#[test]
fn what_cannot_be_read_or_does_not_exist_is_refused_with_its_place() {
    let folder = Folder::new();
    folder.write("rows.csv", "frequency,recency,T\n1,5,3\n");
    folder.run(&["fit", "rows.csv"]).refused(2, "contradiction", "line 2.recency");
    folder.write("rows.csv", "frequency,recency,T\n0,0,3\n");
    let params = r#"{"r":1,"alpha":1,"a":1,"b":1,"p":1,"q":0.9,"v":1}"#;
    folder.run(&["predict", "rows.csv", "--params", params, "--horizon", "9"]).refused(2, "no_finite_value", "row 1.q");
    folder.run(&["predict", "rows.csv", "--params", "{\"r\":1}", "--horizon", "9"]).refused(
        2,
        "missing_field",
        "alpha",
    );
}
