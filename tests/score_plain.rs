//! Plain CSV read at a stroke says what the general importer says: the same report, the same histories, the same scores,
//! on any number of threads and in blocks of any size.

#![allow(clippy::unwrap_used, clippy::expect_used)] // What cannot be read must fail the test.

use proptest::prelude::*;
use zugabe::canonical;
use zugabe::money::Currency;
use zugabe::order::base::{Base, Days, Listed, Room};
use zugabe::order::flat::Flat;
use zugabe::order::history::{HistoryPolicy, SameDay, ZeroAmounts};
use zugabe::order::import::plain::Plain;
use zugabe::order::import::{ImportOptions, Report, import};
use zugabe::run::{Run, Serial};
use zugabe::score::model::Row;
use zugabe::score::{Options, Settings, evaluate, evaluate_base, histories};
use zugabe::time::{Day, Instant};

/// Some threads, each doing every so manieth piece.
struct Threads(usize);

impl Run for Threads {
    fn map<T: Send, F: Fn(usize) -> T + Sync + Send>(&self, count: usize, work: F) -> Vec<T> {
        let work = &work;
        let mut done: Vec<(usize, T)> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..self.0)
                .map(|thread| {
                    scope.spawn(move || (thread..count).step_by(self.0).map(|at| (at, work(at))).collect::<Vec<_>>())
                })
                .collect();
            threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
        });
        done.sort_by_key(|(at, _)| *at);
        done.into_iter().map(|(_, value)| value).collect()
    }
}

fn options() -> ImportOptions {
    ImportOptions {
        currency: Some(Currency::parse("EUR").unwrap()),
        ..ImportOptions::at(Instant::parse("2026-11-23T10:00:00Z").unwrap())
    }
}

fn plain<R: Run>(
    text: &[u8],
    options: &ImportOptions,
    policy: &HistoryPolicy,
    until: Option<Day>,
    block: usize,
    run: &R,
) -> Option<(Flat, Report)> {
    plain_of(Days::All, text, options, policy, until, block, run)
}

fn plain_of<R: Run>(
    days: Days,
    text: &[u8],
    options: &ImportOptions,
    policy: &HistoryPolicy,
    until: Option<Day>,
    block: usize,
    run: &R,
) -> Option<(Flat, Report)> {
    let mut plain = Plain::begin("a.csv", text, options, policy, until, days)?;
    for block in text.chunks(block.max(1)) {
        if !plain.push(block, run) {
            return None;
        }
    }
    plain.finish(true, run)
}

/// Everything a base tells, as text.
fn told<B: Base>(base: &B) -> String {
    let mut room = Room::default();
    let mut out = format!("{:?} {:?} {:?} {:?}\n", base.currency(), base.last_at(), base.months(), base.anonymous());
    for number in 0..base.count() {
        out.push_str(&base.look(number, Days::All, &mut room, |id, seen| format!("{id} {seen:?}\n")));
    }
    out
}

fn scores<B: Base, R: Run>(base: &B, options: &Options, run: &R) -> (String, Vec<Row>) {
    let mut rows = Vec::new();
    let mut take = |more: Vec<Row>| {
        rows.extend(more);
        Ok(())
    };
    let (summary, model) = evaluate_base(base, options, Some(&mut take), run).unwrap();
    (canonical::text(&summary).unwrap() + &canonical::text(&model).unwrap(), rows)
}

/// Where the text is plain, both readers must agree; answers whether it was.
fn agree(text: &[u8], import_options: &ImportOptions, settings: &Settings, until: Option<Day>, block: usize) -> bool {
    let policy = &settings.history;
    let Some((flat, report)) = plain(text, import_options, policy, until, block, &Serial) else { return false };
    let (orders, expected) = import("a.csv", text, import_options).expect("the importer reads what is plain");
    assert_eq!(report, expected);
    let histories = histories(&orders, until, settings).unwrap();
    assert_eq!(told(&flat), told(&Listed::new(&histories)));
    if histories.last_at().is_none() {
        return true;
    }
    let options = Options { as_of: until, settings: settings.clone(), ..Options::default() };
    let slow = evaluate(&histories, &options, &Serial).unwrap();
    let fast = scores(&flat, &options, &Serial);
    assert_eq!(fast.0, canonical::text(&slow.summary).unwrap() + &canonical::text(&slow.model).unwrap());
    assert_eq!(fast.1, slow.rows);
    for threads in [2, 8] {
        let (again, report) = plain(text, import_options, policy, until, block, &Threads(threads)).unwrap();
        assert_eq!(report, expected);
        assert_eq!(told(&again), told(&flat));
        assert_eq!(scores(&again, &options, &Threads(threads)), fast, "on {threads} threads");
    }
    // Whoever asks for tiers alone keeps less, and gets the same.
    let options = Options { without_value: true, ..options };
    let slow = scores(&Listed::new(&histories), &options, &Serial);
    for threads in [1, 2, 8] {
        let run = Threads(threads);
        let (ends, report) = plain_of(Days::Ends, text, import_options, policy, until, block, &run).unwrap();
        assert_eq!(report, expected);
        assert_eq!(scores(&ends, &options, &run), slow, "tiers alone, on {threads} threads");
        let more = Options { without_value: false, ..options.clone() };
        assert!(evaluate_base(&ends, &more, None, &run).is_err(), "days that were not kept are not made up");
    }
    true
}

#[test]
fn a_shop_of_some_size_has_the_same_scores_both_ways_and_on_any_number_of_threads() {
    let mut text = String::from("Customer ID,Order date,Note,Total\n");
    // Some heavy buyers, long and short ids, nobody, returns, samples, days with several orders.
    let mut state = 12_345_u64;
    let mut next = |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    for _ in 0..12_000 {
        let who = match next(20) {
            0 => String::new(),
            1 => "guest".to_owned(),
            2 => format!("customer-{}", next(40)),
            3..8 => format!("{}.0", next(30)),
            _ => (100 + next(900)).to_string(),
        };
        let day = Day::from_number(19_000 + i32::try_from(next(700)).unwrap());
        let clock = if next(3) == 0 { format!(" {:02}:{:02}:07", next(24), next(60)) } else { String::new() };
        let total = match next(30) {
            0 => "0".to_owned(),
            1 => format!("-{}.5", next(40)),
            _ => format!("{}.{:02}", next(300), next(100)),
        };
        text.push_str(&format!("{who},{day}{clock},a|b,{total}\n"));
    }
    for zone in [None, Some("Europe/Berlin".to_owned())] {
        let import_options = ImportOptions { time_zone: zone.clone(), ..options() };
        let mut settings = Settings::default();
        settings.history.time_zone.clone_from(&zone);
        assert!(agree(text.as_bytes(), &import_options, &settings, None, 1 << 18), "{zone:?}");
        let until = Some(Day::from_number(19_500));
        assert!(agree(text.as_bytes(), &import_options, &settings, until, 1 << 23), "{zone:?}");
    }
}

#[test]
fn what_is_not_plain_is_left_to_the_importer() {
    let settings = Settings::default();
    let read = |text: &str| agree(text.as_bytes(), &options(), &settings, None, 1 << 20);
    assert!(read("customer_id,order_date,amount\n1,2024-01-01,3.50\n"));
    assert!(read("\u{feff}order_id;customer_id;order_date;amount\r\n7;1;2024-01-01;3.50\r\n\r\n8;1;2024-02-01;4"));
    assert!(read("\"customer_id\",\"order_date\",\"amount\"\n\"1\",\"2024-01-01\",\"3.50\"\n"));
    for (why, text) in [
        ("a decimal comma", "customer_id;order_date;amount\n1;2024-01-01;3,50\n"),
        ("three decimals", "customer_id,order_date,amount\n1,2024-01-01,3.500\n"),
        ("the day first", "customer_id,order_date,amount\n1,01.02.2024,3.50\n"),
        ("an offset", "customer_id,order_date,amount\n1,2024-01-01 10:00:00+02:00,3.50\n"),
        ("no such day", "customer_id,order_date,amount\n1,2023-02-29,3.50\n2,2023-02-28,1\n3,2023-02-28,1\n"),
        ("the future", "customer_id,order_date,amount\n1,2027-02-28,3.50\n2,2023-02-28,1\n"),
        ("an address", "customer_id,order_date,amount\njo@example.test,2024-01-01,3.50\n"),
        ("a quoted newline", "customer_id,order_date,amount,note\n1,2024-01-01,3.50,\"a\nb\"\n"),
        ("a quote in a quote", "customer_id,order_date,amount\n\"a\"\"b\",2024-01-01,3.50\n"),
        ("a letter beyond ASCII", "customer_id,order_date,amount\nM\u{fc}ller,2024-01-01,3.50\n"),
        ("a state", "customer_id,order_date,amount,status\n1,2024-01-01,3.50,cancelled\n"),
        ("a cost", "customer_id,order_date,amount,cogs\n1,2024-01-01,3.50,2.00\n"),
        ("an order that comes twice", "order_id,customer_id,order_date,amount\n7,1,2024-01-01,3\n7,1,2024-01-01,3\n"),
        ("a short row", "customer_id,order_date,amount\n1,2024-01-01,3.50\n2,2024-01-01\n"),
        ("a row of blanks", "customer_id,order_date,amount\n1,2024-01-01,3.50\n , ,\n"),
        ("a row per line", "invoice,customer_id,order_date,quantity,price\n7,1,2024-01-01,3,3.50\n"),
        ("no rows", "customer_id,order_date,amount\n"),
        ("JSON", "{\"id\":1}\n"),
    ] {
        assert!(!read(text), "{why}");
    }
    let mut elsewhere = Settings::default();
    elsewhere.history.time_zone = Some("Europe/Berlin".to_owned());
    let text = b"customer_id,order_date,amount\n1,2024-01-01,3.50\n";
    assert!(!agree(text, &options(), &elsewhere, None, 1 << 20), "another zone than the file's");
}

#[test]
fn memory_follows_the_days_of_a_customer_and_not_her_orders() {
    // Forty thousand orders of one customer on four days, and as many on four hundred.
    let of = |days: i32| {
        let mut text = String::from("customer_id,order_date,amount\n");
        for n in 0..40_000 {
            text.push_str(&format!("1,{},1.00\n", Day::from_number(19_000 + n % days)));
        }
        [Days::All, Days::Ends].map(|wanted| {
            let policy = HistoryPolicy::default();
            plain_of(wanted, text.as_bytes(), &options(), &policy, None, 1 << 16, &Serial).unwrap().0.entries()
        })
    };
    assert_eq!(of(4), [13 + 3, 13]);
    assert_eq!(of(400), [13 + 399, 13]);
}

fn cell() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[0-9]{1,3}",
        1 => "[a-z0-9 ._-]{0,12}",
        1 => Just("guest".to_owned()),
        1 => Just("0.0".to_owned()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn both_readers_agree_on_whatever_both_can_read(
        rows in prop::collection::vec(
            (cell(), 0..40_i32, prop::option::of((0..24_u32, 0..60_u32)), -2000..20_000_i32, 0..3_u8, any::<bool>()), 1..80
        ),
        numbered in any::<bool>(),
        (keep, count, berlin, until) in any::<(bool, bool, bool, bool)>(),
        block in 1..400_usize,
    ) {
        let mut text = String::from(if numbered { "order no;buyer;customer_id;order_date;amount\r\n" } else { "customer_id;order_date;amount;x\r\n" });
        for (number, (who, day, clock, total, form, quoted)) in rows.iter().enumerate() {
            let clock = clock.map_or_else(String::new, |(hour, minute)| format!("T{hour:02}:{minute:02}"));
            let date = format!("{}{clock}", Day::from_number(19_805 + day));
            let total = match form {
                0 => (total / 100).to_string(),
                1 => format!("{}.{}", total / 100, total.abs() / 10 % 10),
                _ => format!("{}.{:02}", total / 100, total.abs() % 100),
            };
            let total = if *quoted { format!("\"{total}\"") } else { total };
            text.push_str(&if numbered { format!("{number};x;{who};{date};{total}\r\n") } else { format!("{who};{date};{total};\r\n") });
        }
        let zone = berlin.then(|| "Europe/Berlin".to_owned());
        let import_options = ImportOptions { time_zone: zone.clone(), ..options() };
        let settings = Settings {
            history: HistoryPolicy {
                same_day: if keep { SameDay::Keep } else { SameDay::Merge },
                zero_amounts: if count { ZeroAmounts::Count } else { ZeroAmounts::LeaveOut },
                time_zone: zone,
                ..HistoryPolicy::default()
            },
            ..Settings::default()
        };
        let until = until.then(|| Day::from_number(19_820));
        // The header must come in one piece.
        prop_assert!(agree(text.as_bytes(), &import_options, &settings, until, block + 64));
    }

    #[test]
    fn a_byte_changed_anywhere_never_makes_the_readers_disagree(at in 0..400_usize, byte in any::<u8>()) {
        let mut text = b"customer_id,order_date,amount\n".to_vec();
        for n in 0..20 {
            text.extend(format!("{},2024-0{}-11 10:0{}:00,{}.5\n", n % 7, 1 + n % 9, n % 10, n * n).bytes());
        }
        let at = at % text.len();
        text[at] = byte;
        agree(&text, &options(), &Settings::default(), None, 1 << 20);
    }
}
