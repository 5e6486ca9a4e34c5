use super::*;
use crate::order::history::fold;
use crate::order::{Customer, OrderKind, OrderStatus, Source, TaxMode};
use crate::score::tier::Gate;
use proptest::prelude::*;

fn order(customer: u32, day: i32, total: Minor) -> Order {
    Order {
        v: 1,
        id: format!("{customer}-{day}"),
        number: None,
        source: Source::Csv,
        kind: OrderKind::Sale,
        created_at: Day::from_number(day).start().plus(3600),
        paid_at: None,
        cancelled_at: None,
        status: OrderStatus::Paid,
        test: false,
        currency: crate::money::Currency::parse("EUR").unwrap(),
        tax_mode: TaxMode::Unknown,
        subtotal: total,
        discount_total: 0,
        shipping: 0,
        tax: 0,
        total,
        refunded: 0,
        cost: None,
        codes: Vec::new(),
        automatic: Vec::new(),
        line_count: 1,
        lines: Vec::new(),
        customer: Some(Customer {
            id: format!("c{customer:04}"),
            email_hash: None,
            alias_hash: None,
            throwaway: false,
            guest: false,
            name: None,
        }),
        country: None,
        attribution: None,
    }
}

fn score(orders: &[Order]) -> Scored {
    from_orders(orders, &Options::default()).unwrap()
}

#[test]
fn without_a_day_the_last_order_ends_the_observation() {
    let scored = score(&[order(1, 100, 10), order(2, 107, 10)]);
    assert_eq!(scored.summary.as_of, Day::from_number(107));
    assert_eq!(scored.rows[0].recency_days, Some(7));
}

#[test]
fn orders_after_the_day_are_left_out() {
    let options = Options { as_of: Some(Day::from_number(101)), ..Options::default() };
    let scored = from_orders(&[order(1, 100, 10), order(1, 101, 10), order(1, 102, 10)], &options).unwrap();
    assert_eq!((scored.rows[0].orders, scored.rows[0].recency_days), (2, Some(0)));
}

#[test]
fn no_order_is_refused() {
    assert_eq!(from_orders(&[], &Options::default()).unwrap_err().code, Code::Empty);
    let early = Options { as_of: Some(Day::from_number(1)), ..Options::default() };
    assert_eq!(from_orders(&[order(1, 2, 10)], &early).unwrap_err().code, Code::Empty);
}

#[test]
fn contradicting_thresholds_are_refused_with_their_path() {
    let mut options = Options::default();
    options.settings.tiers.top_vip = Gate { score: 5, recency: 4 };
    let error = from_orders(&[order(1, 2, 10)], &options).unwrap_err();
    assert_eq!((error.code, error.path.as_str()), (Code::Contradiction, "tiers.topVip.score"));
}

#[test]
fn a_customer_who_only_returned_is_known_and_not_scored() {
    let back = Order { kind: OrderKind::Return, ..order(2, 5, 300) };
    let scored = score(&[order(1, 5, 1000), back]);
    let lead = &scored.rows[1];
    assert_eq!((lead.tier, lead.stage, lead.r, lead.recency_days), (Tier::None, Stage::Lead, None, None));
    assert_eq!((lead.returned, lead.basket), (300, 0));
    assert_eq!((scored.summary.customers, scored.summary.scored), (2, 1));
    assert_eq!(scored.summary.return_rate_bp, 3000);
}

#[test]
fn one_huge_order_is_never_vip() {
    let mut orders: Vec<Order> = (0..60).map(|customer| order(customer, 10 * (customer as i32 % 30), 4000)).collect();
    orders.push(order(99, 300, 9_000_000));
    let scored = score(&orders);
    let huge = scored.rows.iter().find(|row| row.id == "c0099").unwrap();
    assert_eq!((huge.tier, huge.f, huge.m), (Tier::Premium, Some(1), Some(5)));
    assert_eq!(huge.stage, Stage::FirstBuyer);
}

#[test]
fn days_are_never_negative() {
    let orders = [order(1, 100, 10), order(1, 120, 10)];
    let placed = score(&orders).model.place(fold(&orders).unwrap().get("c0001").unwrap(), Day::from_number(110));
    let active = placed.active.unwrap();
    assert_eq!((active.recency_days, active.age_days), (0, 10));
}

#[test]
fn a_model_is_read_back_as_it_was_written_and_a_broken_one_is_refused() {
    let model = score(&[order(1, 100, 10)]).model;
    let text = crate::canonical::text(&model).unwrap();
    assert_eq!(Model::parse(&text), Ok(model.clone()));

    let newer = text.replace("\"v\":1", "\"v\":2,\"later\":true");
    let error = Model::parse(&newer).unwrap_err();
    assert_eq!((error.code, error.path.as_str()), (Code::UnsupportedVersion, "v"));

    let unsorted = text.replace("\"orders\":[2,3,4,6]", "\"orders\":[2,4,3,6]");
    let error = Model::parse(&unsorted).unwrap_err();
    assert_eq!((error.code, error.path.as_str()), (Code::Contradiction, "cuts.orders"));

    let eager = text.replace("\"topVip\":{\"recency\":4,\"score\":9}", "\"topVip\":{\"recency\":4,\"score\":5}");
    let error = Model::parse(&eager).unwrap_err();
    assert_eq!((error.code, error.path.as_str()), (Code::Contradiction, "tiers.topVip.score"));

    let extra = text.replace("\"v\":1", "\"v\":1,\"later\":true");
    assert_eq!(Model::parse(&extra).unwrap_err().code, Code::UnknownField);
}

#[test]
fn one_time_buyers_who_tie_are_not_premium_by_the_tie() {
    // 40 of 50 customers bought once for the median amount, a short while ago.
    let mut orders: Vec<Order> = (0..40).map(|customer| order(customer, 290, 4000)).collect();
    orders.extend(
        (40..50)
            .flat_map(|customer| (0..3).map(move |n| order(customer, 280 + 5 * n, 5000 + 100 * i64::from(customer)))),
    );
    let scored = score(&orders);
    let one_time: Vec<&Row> = scored.rows.iter().filter(|row| row.orders == 1).collect();
    assert!(
        one_time.iter().all(|row| row.f == Some(1) && row.m == Some(4) && row.tier == Tier::None),
        "{:?}",
        one_time[0]
    );
}

#[test]
fn a_tier_outlives_one_weak_evaluation_and_not_two() {
    let orders: Vec<Order> = (0..60_u32)
        .flat_map(|customer| {
            (0..=customer as i32 / 15).map(move |n| order(customer, 10 * n, 3000 + 40 * i64::from(customer)))
        })
        .chain((0..200).map(|n| order(1000 + n, 400 + n as i32 / 10, 2000)))
        .collect();
    let at = |day: i32, previous: Option<&Scored>| {
        let options = Options {
            as_of: Some(Day::from_number(day)),
            previous: previous.map(|scored| Evaluation {
                as_of: scored.summary.as_of,
                rows: scored
                    .rows
                    .iter()
                    .map(|row| Earlier { id: row.id.clone(), tier: row.tier, below: row.below })
                    .collect(),
            }),
            ..Options::default()
        };
        from_orders(&orders, &options).unwrap()
    };
    let of =
        |scored: &Scored| scored.rows.iter().find(|row| row.id == "c0059").map(|row| (row.tier, row.below)).unwrap();
    let first = at(130, None);
    assert_eq!(of(&first), (Tier::TopVip, 0));
    let alone = at(420, None);
    assert_eq!(of(&alone), (Tier::None, 0));
    let second = at(420, Some(&first));
    assert_eq!(of(&second), (Tier::Vip, 1), "inactive for more than a year: kept, but not as TOP VIP");
    assert!(second.rows.iter().any(|row| row.reasons.contains(&Reason::KeptOnce)));
    assert_eq!(
        of(&at(420, Some(&second))),
        (Tier::None, 0),
        "the same day again is no further evaluation, and no earlier one"
    );
    assert_eq!(of(&at(421, Some(&second))), (Tier::None, 0));
    let (rows, sums) =
        (second.rows.len(), second.summary.tiers.iter().map(|tier| tier.customers as usize).sum::<usize>());
    assert_eq!(rows, sums);
}

#[test]
fn a_shop_of_some_size_tells_what_its_customers_will_buy_and_when_in_the_year() {
    let orders: Vec<Order> = (0..90_u32)
        .flat_map(|customer| {
            let often = if customer % 3 == 0 { customer % 7 } else { 0 };
            let start = (customer as i32 * 37) % 300 + 17_000;
            (0..=often as i32).map(move |n| {
                order(
                    customer,
                    start + 47 * n + (n * n) % 11,
                    2000 + 90 * i64::from(customer % 9) + 400 * i64::from(n % 3),
                )
            })
        })
        .chain([order(200, 17_900, 100)])
        .collect();
    let scored = score(&orders);
    let value = scored.model.value.as_ref().unwrap();
    assert!(value.purchases.converged && value.purchases.penalty == Some(0.001), "{value:?}");
    let summary = scored.summary.value.as_ref().unwrap();
    assert_eq!(summary.customers, 91);
    let total: f64 = scored.rows.iter().filter_map(|row| row.expected_purchases).sum();
    assert!((total - f64::from(summary.expected_purchases)).abs() < 1.0);
    let seasons = scored.model.seasonality_bp.as_ref().unwrap();
    assert_eq!(seasons.len(), 12);
    let average = seasons.iter().sum::<i64>() / 12;
    assert!((9_500..=10_500).contains(&average), "{seasons:?}");
    let berlin = Options {
        settings: Settings {
            history: HistoryPolicy { time_zone: Some("Nowhere".to_owned()), ..HistoryPolicy::default() },
            ..Settings::default()
        },
        ..Options::default()
    };
    assert_eq!(from_orders(&orders, &berlin).unwrap_err().path, "history.timeZone");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn the_order_of_the_orders_does_not_matter(
        (orders, shuffled) in prop::collection::vec((0..40_u32, 0..900_i32, 0..20_000_i64), 1..200)
            .prop_flat_map(|orders| (Just(orders.clone()), Just(orders).prop_shuffle())),
    ) {
        let read = |orders: &[(u32, i32, i64)]| orders.iter().map(|(c, d, t)| order(*c, *d, *t)).collect::<Vec<Order>>();
        prop_assert_eq!(score(&read(&orders)), score(&read(&shuffled)));
    }

    #[test]
    fn another_order_of_a_larger_basket_never_lowers_the_tier(
        orders in prop::collection::vec((0..40_u32, 0..900_i32, 1..20_000_i64), 30..160),
        (days, more) in (0..500_i32, 0..5_i64),
    ) {
        // Against the same cut points: the model places a history, and one that bought more often for more.
        let model = score(&orders.iter().map(|(c, d, t)| order(*c, *d, *t)).collect::<Vec<_>>()).model;
        let start = 900 - days;
        let one = [order(1, start, 5_000), order(1, 900, 5_000)];
        let mut better = one.to_vec();
        better.extend((1..=more).map(|n| Order { total: 9_000, ..order(1, 900, 5_000 + n) }));
        let place = |orders: &[Order]| model.place(fold(orders).unwrap().get("c0001").unwrap(), Day::from_number(900)).tier;
        prop_assert!(place(&better) >= place(&one));
    }

    #[test]
    fn tiers_and_stages_add_up_and_the_model_places_everyone_as_the_rows_say(
        orders in prop::collection::vec((0..60_u32, 0..900_i32, 0..20_000_i64, 0..3_000_i64, 0..10_u8), 1..240),
    ) {
        let orders: Vec<Order> = orders
            .into_iter()
            .map(|(customer, day, total, refunded, shape)| {
                let mut order = order(customer, day, total);
                order.refunded = refunded;
                if shape == 0 {
                    order.kind = OrderKind::Return;
                }
                if shape == 1 {
                    order.customer = None;
                }
                order
            })
            .collect();
        let Scored { rows, summary, model } = score(&orders);
        let customers = u32::try_from(rows.len()).unwrap();
        prop_assert_eq!(summary.tiers.iter().map(|tier| tier.customers).sum::<u32>(), customers);
        prop_assert_eq!(summary.stages.iter().map(|stage| stage.customers).sum::<u32>(), customers);
        prop_assert_eq!(summary.tiers.iter().map(|tier| tier.revenue).sum::<Minor>(), summary.revenue);

        let histories = fold(&orders).unwrap();
        prop_assert_eq!(histories.len(), rows.len());
        for row in &rows {
            let history = histories.get(&row.id).unwrap();
            prop_assert_eq!(&Row::new(&row.id, &history.seen(), model.place(history, model.as_of), model.currency), row);
            let barred = row.recency_days.is_some_and(|days| days > 365) || row.orders < 3;
            prop_assert!(!(barred && row.tier == Tier::TopVip));
        }
    }
}
