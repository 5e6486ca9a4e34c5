//! `zugabe import`.

use crate::support::Folder;

const CSV: &str = "\
Invoice,Customer,Date,Quantity,Price,Country
1001,c1,2026-01-05 10:00:00,2,4.50,DE
1001,c1,2026-01-05 10:00:00,1,3.00,DE
1002,,2026-01-06 11:00:00,1,20.00,AT
1003,c2,2026-01-07 12:00:00,1,9.99,DE
";
const NOW: [&str; 2] = ["--now", "2026-02-01T00:00:00Z"];

fn import(folder: &Folder, args: &[&str]) -> crate::support::Ran {
    folder.run(&[&NOW[..], &["import"], args].concat())
}

#[test]
fn an_export_becomes_canonical_orders_and_a_report() {
    let folder = Folder::new();
    folder.write("shop.csv", CSV);
    let ran = import(&folder, &["shop.csv", "--currency", "EUR", "--time-zone", "Europe/Berlin"]);
    let orders = ran.lines();
    assert_eq!(orders.len(), 3);
    assert_eq!((&orders[0]["total"], &orders[0]["createdAt"]), (&1200.into(), &"2026-01-05T09:00:00Z".into()));
    let report: serde_json::Value = serde_json::from_str(&ran.err).unwrap();
    assert_eq!(report["lines"], serde_json::json!({ "read": 4, "kept": 4, "merged": 0, "refused": 0 }));
    assert_eq!(report["files"][0]["name"], "shop.csv");
}

#[test]
fn orders_and_report_can_go_to_files_and_orders_are_read_back_as_they_were() {
    let folder = Folder::new();
    folder.write("shop.csv", CSV);
    let ran = import(&folder, &["shop.csv", "--currency", "EUR", "--out", "orders.ndjson", "--report", "report.json"]);
    assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (0, "", ""));
    assert_eq!(folder.json("report.json")["customers"], 2);
    let again = import(&folder, &["orders.ndjson"]);
    assert_eq!(again.code, 0, "{}", again.err);
    assert_eq!(again.out, folder.read("orders.ndjson"));
    assert_eq!(import(&folder, &["-", "--currency", "EUR"]).error()["path"], "standard input");
}

#[test]
fn an_export_can_be_scored_without_importing_it_first() {
    let folder = Folder::new();
    folder.write("shop.csv", CSV);
    let summary = folder.run(&[&NOW[..], &["score", "shop.csv", "--currency", "EUR"]].concat()).json();
    assert_eq!((&summary["purchases"], &summary["anonymousOrders"]), (&2.into(), &1.into()));
}

#[test]
fn columns_can_be_named() {
    let folder = Folder::new();
    folder.write("shop.csv", "Beleg,Kunde,Am,Anders\n1,c1,2026-01-05,12.50\n");
    let args = ["shop.csv", "--currency", "EUR", "--map", "order=Beleg", "--map", "date=Am", "--map", "total=Anders"];
    assert_eq!(import(&folder, &args).lines()[0]["total"], 1250);
    import(&folder, &["shop.csv", "--map", "colour=Beleg"]).refused(2, "invalid_value", "--map");
}

#[test]
fn what_is_no_order_export_is_refused_and_nothing_is_written() {
    let folder = Folder::new();
    folder.write("letter.txt", "Dear Sir or Madam,\n\nthank you.\n");
    let ran = import(&folder, &["letter.txt", "--out", "orders.ndjson"]);
    assert_eq!(ran.code, 2);
    assert!(ran.error()["path"].as_str().unwrap().starts_with("letter.txt"));
    assert_eq!(folder.files(), ["letter.txt"]);
}

#[test]
fn addresses_are_hashed_with_the_key_file_and_never_shown() {
    let folder = Folder::new();
    folder.write_secret("keys.json", crate::support::KEYS);
    folder.write("shop.csv", "Order,Email,Date,Total\n1,Anna@Example.test,2026-01-05,12.50\n");
    let id = |args: &[&str]| {
        let ran = import(&folder, &[&["shop.csv", "--currency", "EUR"], args].concat());
        assert!(!(ran.out.clone() + &ran.err).to_lowercase().contains("anna@"));
        ran.lines()[0]["customer"]["id"].as_str().unwrap().to_owned()
    };
    let keyed = id(&["--keys", "keys.json"]);
    assert!(keyed.starts_with("e_"));
    assert_ne!(keyed, id(&[]));
    folder.write_secret("keys.json", &crate::support::KEYS.replace("active", "verify_only"));
    assert_eq!(keyed, id(&["--keys", "keys.json"]), "rotating the keys makes no new customers");
}
