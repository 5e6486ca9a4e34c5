//! `zugabe score`.

use crate::support::{Folder, orders, vectors};

#[test]
fn it_prints_the_summary_and_writes_the_model_and_the_customers() {
    let folder = Folder::new();
    folder.write("orders.ndjson", &orders());
    let ran = folder.run(&["score", "orders.ndjson", "--model-out", "model.json", "--out", "customers.csv"]);
    let summary = ran.json();
    assert_eq!(summary["asOf"], "2025-09-20");
    assert_eq!((&summary["customers"], &summary["anonymousOrders"]), (&2.into(), &1.into()));
    assert_eq!(folder.json("model.json")["method"], "absolute");
    let csv = folder.read("customers.csv");
    let mut lines = csv.lines();
    assert_eq!(
        lines.next(),
        Some(
            "id,name,orders,firstAt,lastAt,recencyDays,ageDays,revenue,returned,basket,r,f,m,tier,stage,reasons,below,pAlive,expectedPurchases,clv"
        )
    );
    assert_eq!(
        lines.next(),
        Some("'=bela,,1,2025-09-20T10:00:00Z,2025-09-20T10:00:00Z,0,0,1500,0,1500,5,1,1,none,first_buyer,,0,,,"),
        "an id that a spreadsheet would run as a formula is made text"
    );
    assert_eq!(
        lines.next(),
        Some("anna,,3,2025-01-10T10:00:00Z,2025-09-10T10:00:00Z,10,253,15000,0,5000,5,3,4,premium,relationship,,0,,,")
    );
}

#[test]
fn it_gives_the_documents_of_the_vectors() {
    let folder = Folder::new();
    let vectors = vectors("score.json");
    for case in vectors["cases"].as_array().unwrap().iter().filter(|case| case["options"]["settings"].is_null()) {
        let lines: String = case["orders"].as_array().unwrap().iter().map(|order| format!("{order}\n")).collect();
        folder.write("orders.ndjson", &lines);
        let mut args = vec!["score", "orders.ndjson", "--model-out", "model.json"];
        if let Some(day) = case["options"]["asOf"].as_str() {
            args.extend(["--as-of", day]);
        }
        assert_eq!(folder.run(&args).json(), case["expected"]["summary"], "{}", case["name"]);
        assert_eq!(folder.json("model.json"), case["expected"]["model"], "{}", case["name"]);
    }
}

#[test]
fn when_one_output_cannot_be_written_none_is() {
    let folder = Folder::new();
    folder.write("orders.ndjson", &orders());
    folder.write("model.json", "before");
    folder.run(&["score", "orders.ndjson", "--model-out", "model.json", "--out", "missing/customers.csv"]).refused(
        2,
        "not_found",
        "missing/customers.csv",
    );
    assert_eq!(folder.read("model.json"), "before");
    assert_eq!(folder.files(), ["model.json", "orders.ndjson"], "nothing half-written is left behind");
}

#[test]
fn two_currencies_are_refused_and_nothing_is_written() {
    let folder = Folder::new();
    folder.write("orders.ndjson", &(orders() + &orders().replace("EUR", "GBP").replace("\"id\":\"", "\"id\":\"g")));
    folder.run(&["score", "orders.ndjson", "--model-out", "model.json"]).refused(2, "currency_mismatch", "");
    assert_eq!(folder.files(), ["orders.ndjson"]);
}

#[test]
fn a_day_before_the_first_order_and_a_day_that_is_none_are_refused() {
    let folder = Folder::new();
    folder.write("orders.ndjson", &orders());
    folder.run(&["score", "orders.ndjson", "--as-of", "2024-01-01"]).refused(2, "empty", "");
    folder.run(&["score", "orders.ndjson", "--as-of", "2025-02-29"]).refused(2, "invalid_value", "--as-of");
}

#[test]
fn a_device_is_written_to_and_not_replaced() {
    let folder = Folder::new();
    folder.write("orders.ndjson", &orders());
    assert_eq!(folder.run(&["score", "orders.ndjson", "--model-out", "/dev/null"]).code, 0);
    assert!(!std::fs::metadata("/dev/null").unwrap().is_file());
}

#[test]
fn a_packed_file_is_read_like_the_plain_one() {
    use std::io::Write;
    let folder = Folder::new();
    folder.write("orders.ndjson", &orders());
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packed.write_all(orders().as_bytes()).unwrap();
    std::fs::write(folder.path("orders.gz"), packed.finish().unwrap()).unwrap();
    let zst = ruzstd::encoding::compress_to_vec(orders().as_bytes(), ruzstd::encoding::CompressionLevel::Fastest);
    std::fs::write(folder.path("orders.zst"), zst).unwrap();
    let plain = folder.run(&["score", "orders.ndjson"]).json();
    assert_eq!(folder.run(&["score", "orders.gz"]).json(), plain);
    assert_eq!(folder.run(&["score", "orders.zst"]).json(), plain);
}

#[test]
fn any_number_of_threads_gives_the_same_bytes() {
    let folder = Folder::new();
    assert_eq!(folder.run(&["--now", "2026-11-23T10:00:00Z", "sample", "--out", "orders.ndjson"]).code, 0);
    let bytes = |threads: &str| {
        let ran = folder.run(&[
            "score",
            "orders.ndjson",
            "--threads",
            threads,
            "--model-out",
            "model.json",
            "--out",
            "customers.csv",
        ]);
        assert_eq!(ran.code, 0, "{}", ran.err);
        (ran.out, folder.read("model.json"), folder.read("customers.csv"))
    };
    let one = bytes("1");
    assert!(one.1.contains("\"value\":{"), "a model of value was fitted");
    assert_eq!(one, bytes("2"));
    assert_eq!(one, bytes("8"));
}

#[test]
fn a_check_compares_the_last_days_and_draws_it() {
    let folder = Folder::new();
    assert_eq!(folder.run(&["--now", "2026-11-23T10:00:00Z", "sample", "--out", "orders.ndjson"]).code, 0);
    let compared =
        folder.run(&["score", "orders.ndjson", "--check", "--check-days", "120", "--plot", "plot.svg"]).json();
    assert!(compared["predicted"].as_f64().unwrap() > 0.0 && compared["actual"].as_u64().unwrap() > 0, "{compared}");
    let plot = folder.read("plot.svg");
    assert!(plot.starts_with("<svg") && plot.trim_end().ends_with("</svg>") && !plot.contains("NaN"));
}

#[test]
fn an_evaluation_is_handed_to_the_next_one() {
    let folder = Folder::new();
    folder.write("orders.ndjson", &orders());
    assert_eq!(folder.run(&["score", "orders.ndjson", "--evaluation-out", "before.json"]).code, 0);
    let later = ["score", "orders.ndjson", "--as-of", "2026-03-20", "--out", "customers.ndjson"];
    let tier = |args: &[&str]| {
        assert_eq!(folder.run(args).code, 0);
        folder.read("customers.ndjson").lines().find(|line| line.contains("\"anna\"")).unwrap().to_owned()
    };
    assert!(tier(&later).contains("\"tier\":\"none\"") || tier(&later).contains("\"tier\":\"premium\""));
    let kept = tier(&[&later[..], &["--previous", "before.json"]].concat());
    assert!(kept.contains("\"tier\":\"premium\""), "{kept}");
}

#[test]
fn a_plain_file_is_read_at_a_stroke_and_says_the_same_as_through_the_importer() {
    let folder = Folder::new();
    let mut text = String::from("order_id,customer_id,order_date,amount\n");
    for n in 0..3_000_u32 {
        let day = zugabe::time::Day::from_number(19_000 + i32::try_from(n * 7 % 650).unwrap());
        text.push_str(&format!("{n},{},{day},{}.{:02}\n", n * n % 401, 5 + n % 90, n % 100));
    }
    folder.write("orders.csv", &text);
    let (model, out, evaluation) = ("model.json", "customers.csv", "evaluation.json");
    let outputs = ["--model-out", model, "--out", out, "--evaluation-out", evaluation, "--currency", "EUR"];
    let zone = ["--time-zone", "Europe/Berlin"];
    let read = |more: &[&str]| {
        let mut args = vec!["score"];
        args.extend(more);
        args.extend(outputs);
        args.extend(zone);
        // Standard input cannot be read twice, so it always goes through the importer.
        let ran = if more[0] == "-" { folder.run_with(&args, &text) } else { folder.run(&args) };
        assert_eq!((ran.code, ran.err.as_str()), (0, ""));
        (ran.out, [model, out, evaluation].map(|name| folder.read(name)))
    };
    let whole = read(&["orders.csv"]);
    assert!(whole.1[0].contains("\"value\":{"), "a model of value was fitted");
    assert_eq!(whole, read(&["-"]));
    assert_eq!(read(&["orders.csv", "--without-value"]), read(&["-", "--without-value"]));
    assert_eq!(read(&["orders.csv", "--as-of", "2023-05-05"]), read(&["-", "--as-of", "2023-05-05"]));
    // Without anything to write the customers are in no order, and the sums are the same.
    let alone = folder.run(&["score", "orders.csv", "--without-value", "--currency", "EUR", zone[0], zone[1]]);
    assert_eq!(alone.out, read(&["orders.csv", "--without-value"]).0);
}

#[test]
fn what_the_goods_cost_tells_the_margin() {
    let folder = Folder::new();
    // 20.00 with 8.00 of cost and 3.00 of tax; a refunded one and one without a cost tell nothing.
    folder.write(
        "orders.csv",
        "Order,Customer ID,Date,Total,Tax,Refunded,Cost of goods\n1,a,2026-01-01,20.00,3.00,,8.00\n\
         2,a,2026-02-01,50.00,,10.00,1.00\n3,b,2026-03-01,30.00,,,\n",
    );
    let summary = folder.run(&["score", "orders.csv", "--currency", "EUR", "--time-zone", "UTC"]).json();
    assert_eq!(summary["marginBp"], 4_500);
    folder.write(
        "lines.csv",
        "Invoice,Customer ID,Date,Quantity,Price,Unit cost\n1,a,2026-01-01,3,10.00,4.00\n1,a,2026-01-01,1,10.00,9.00\n\
         2,b,2026-01-01,1,10.00,\n",
    );
    let summary = folder.run(&["score", "lines.csv", "--currency", "EUR", "--time-zone", "UTC"]).json();
    assert_eq!(summary["marginBp"], 4_750);
}

#[test]
fn what_friends_are_worth_stands_beside_a_customers_own_value_and_not_in_it() {
    let folder = Folder::new();
    assert_eq!(folder.run(&["--now", "2026-11-23T10:00:00Z", "sample", "--out", "orders.ndjson"]).code, 0);
    assert_eq!(folder.run(&["score", "orders.ndjson", "--out", "customers.csv"]).code, 0);
    let customers = folder.read("customers.csv");
    let id = customers.lines().nth(1).unwrap().split(',').next().unwrap();
    folder.write(
        "friends.json",
        &format!("{{\"friends\":[{{\"referrer\":\"{id}\",\"clv\":6000,\"reward\":1000}}],\"terms\":{{\"acquisitionCost\":2000}}}}"),
    );
    let args = ["score", "orders.ndjson", "--out", "again.csv", "--friends", "friends.json", "--referral-out", "r.csv"];
    assert_eq!(folder.run(&args).code, 0);
    assert_eq!(folder.read("again.csv"), customers);
    let referrals = folder.read("r.csv");
    let clv = |line: &str| line.rsplit(',').next().unwrap().to_owned();
    let own = clv(customers.lines().nth(1).unwrap());
    // 0.7 * 60.00 + 0.3 * 20.00 - 10.00
    assert!(referrals.contains(&format!("\n{id},{own},1,3800,")), "{}", referrals.lines().nth(1).unwrap());
    assert_eq!(referrals.lines().count(), customers.lines().count());
}
