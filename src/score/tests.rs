use super::*;
use crate::order::{Customer, OrderKind, OrderStatus, Source, TaxMode};
use crate::score::tier::{Gate, Reason};
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
        codes: Vec::new(),
        automatic: Vec::new(),
        line_count: 1,
        lines: Vec::new(),
        customer: Some(Customer { id: format!("c{customer:04}"), email_hash: None, guest: false, name: None }),
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
    assert_eq!((huge.tier, huge.m), (Tier::Premium, Some(5)));
    assert_eq!(huge.stage, Stage::FirstBuyer);
    assert!(huge.reasons.contains(&Reason::OrdersBelowMin));
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

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

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
            prop_assert_eq!(&Row::new(&row.id, history, model.place(history, model.as_of)), row);
            let barred = row.recency_days.is_some_and(|days| days > 365) || row.orders < 3;
            prop_assert!(!(barred && row.tier == Tier::TopVip));
        }
    }
}
