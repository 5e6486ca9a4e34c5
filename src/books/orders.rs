//! How does an order take a use, and what becomes of it when the order is cancelled or paid back?

use super::holds::{TERMS, To, count, entitled_to_hold, find, person, recount, take, take_of_campaign, uncount};
use super::operation::Holder;
use super::plan::{About, Desk, Moves, subject};
use super::step::{Comparison, Name, Step, Value, Verb, names};
use super::words::{Refusal, Table};
use crate::reject::Result;

/// What later statements need to know of a redemption.
const TAKEN: &[Name] = names!["customer", "email", "amount", "reversed"];

fn of_code(column: &'static str) -> Value {
    Value::of("code", column)
}

fn row<'a>(code: &'a str, order: &'a str) -> [(&'static str, Value); 2] {
    [("code", code.into()), ("order_id", order.into())]
}

/// A code's use in an order, as an entry names it.
fn about(code: &str, order: &str) -> About {
    About {
        code: code.into(),
        order: order.into(),
        campaign: of_code("campaign"),
        capped: of_code("capped"),
        scope_id: of_code("scope_id"),
        referrer: of_code("referrer"),
        budget: of_code("budget"),
        ..About::default()
    }
}

pub(super) fn redeem(
    desk: &Desk<'_>,
    code: &str,
    order: &str,
    holder: &Holder,
    said: Option<i64>,
    mirror: bool,
) -> Result<Vec<Step>> {
    let held = |column: &'static str| Value::of("held", column);
    // Where nobody says what it took off, it took off what was held.
    let amount = said.unwrap_or(0);
    let taken = || said.map_or_else(|| held("amount"), Value::from);
    let more = || said.map_or(Value::from(0), |said| Value::from(said).less(held("amount")));
    // The row of the order comes first: of two that redeem for one order, the second waits here and finds it done.
    let mut steps =
        vec![
            record(desk, "redemption", code, order, holder, amount, "redeemed").or_read(
                desk.step("redemption_stored", Verb::Select, Table::Redemption, row(code, order))
                    .returning(names!["state"]),
            ),
        ];
    steps.extend(find(desk, code, holder, "redeemed"));
    let out_of_hold = |table, key: [(&'static str, Value); 1], name: &'static str| {
        desk.step(name, Verb::Update, table, key)
            .found("held")
            .add([("reserved", (-1).into()), ("redeemed", 1.into())])
            .only("reserved", Comparison::AtLeast, 1)
    };
    let fresh = take(desk, code, holder, To::Redeemed, mirror).missing("held");
    let mut held_code = out_of_hold(Table::Code, [("code", code.into())], "code").returning(TERMS);
    held_code.on_empty = fresh.on_empty.clone();
    steps.extend([
        fresh,
        if mirror { held_code } else { entitled_to_hold(held_code, holder) },
        take_of_campaign(desk, To::Redeemed, mirror).missing("held"),
        out_of_hold(Table::Campaign, [("campaign", of_code("campaign"))], "campaign")
            .equals("code", "capped", 1)
            .or(Refusal::BooksBroken),
    ]);
    steps.extend(Desk::counted(holder).map(|(_, who)| count(desk, &who, mirror).missing("held")));
    steps.extend(recount(desk, code, holder, &[code, order], mirror)?);
    // What is counted is what a cancellation gives back.
    let from_hold = |column: &'static str| {
        desk.step("identity", Verb::Update, Table::Redemption, row(code, order))
            .found("held")
            .set([(column, held(column))])
            .or(Refusal::BooksBroken)
    };
    let unnamed =
        ["customer", "email"].into_iter().filter(|part| Desk::counted(holder).all(|(named, _)| named != *part));
    steps.extend(unnamed.map(|part| from_hold(part).differs("held", part, "")));
    steps.extend(said.is_none().then(|| from_hold("amount")));
    let budget = || desk.step("budget", Verb::Update, Table::Budget, [("budget", of_code("budget"))]);
    let spent_fresh = budget()
        .missing("held")
        .differs("code", "budget", "")
        .add([("available", (-amount).into()), ("spent", amount.into())])
        .or(Refusal::BudgetExhausted);
    let spent_held = budget()
        .found("held")
        .differs("code", "budget", "")
        .add([("available", more().negative()), ("reserved", held("amount").negative()), ("spent", taken())])
        .or(Refusal::BudgetExhausted);
    if mirror {
        steps.extend([spent_fresh, spent_held]);
    } else {
        steps.push(spent_fresh.only("available", Comparison::AtLeast, amount));
        steps.push(spent_held.only("available", Comparison::AtLeast, more()));
    }
    let of = subject(&[code, order])?;
    let named = || About { customer: person(holder, "customer"), email: person(holder, "email"), ..about(code, order) };
    steps.extend([
        desk.entry(
            "redeem",
            of.as_str(),
            named(),
            Moves::uses([0, -1, 0, 1, 0], 1).with([0.into(), (-amount).into(), 0.into(), amount.into()]),
        )
        .missing("held"),
        desk.entry(
            "redeem",
            of.as_str(),
            named(),
            Moves::uses([0, 0, -1, 1, 0], 0).with([0.into(), more().negative(), held("amount").negative(), taken()]),
        )
        .found("held"),
    ]);
    Ok(steps)
}

/// The row of a code and an order.
fn record(
    desk: &Desk<'_>,
    name: &'static str,
    code: &str,
    order: &str,
    holder: &Holder,
    amount: i64,
    state: &str,
) -> Step {
    desk.step(name, Verb::Insert, Table::Redemption, row(code, order)).values([
        ("state", state.into()),
        ("customer", person(holder, "customer")),
        ("email", person(holder, "email")),
        ("amount", amount.into()),
        ("reversed", 0.into()),
        ("created_at", desk.now.into()),
        ("updated_at", desk.now.into()),
    ])
}

pub(super) fn cancel(desk: &Desk<'_>, code: &str, order: &str, keep: bool, mirror: bool) -> Result<Vec<Step>> {
    let stored =
        || desk.step("redemption_stored", Verb::Select, Table::Redemption, row(code, order)).returning(names!["state"]);
    let end = |name: &'static str, state: &str| {
        desk.step(name, Verb::Update, Table::Redemption, row(code, order))
            .set([("state", "released".into()), ("updated_at", desk.now.into())])
            .only_in("state", vec![state.into()])
            .returning(TAKEN)
    };
    let mut steps = vec![end("redemption", "redeemed")];
    let reversed = end("undone", "reversed").missing("redemption");
    if mirror {
        // A cancellation that arrives before its order leaves a row, so that the order then takes nothing.
        let early = record(desk, "early", code, order, &Holder::default(), 0, "released");
        steps.push(reversed);
        steps.push(early.missing("redemption").missing("undone").or_read(stored()));
    } else {
        steps.push(reversed.or_read(stored()));
    }
    let rest = || Value::of("redemption", "amount").less(Value::of("redemption", "reversed"));
    let moves = [
        ("redemption", if keep { [0, 0, 0, -1, 1] } else { [0, 1, 0, -1, 0] }),
        ("undone", if keep { [0, 0, 0, 0, 0] } else { [0, 1, 0, 0, -1] }),
    ];
    for (from, uses) in moves {
        let [_, available, _, redeemed, void] = uses;
        let add = || [("available", available.into()), ("redeemed", redeemed.into()), ("void", void.into())];
        steps.push(
            desk.step("code", Verb::Update, Table::Code, [("code", code.into())])
                .found(from)
                .add(add())
                .returning(TERMS)
                .or(Refusal::BooksBroken),
        );
        steps.push(
            desk.step("campaign", Verb::Update, Table::Campaign, [("campaign", of_code("campaign"))])
                .found(from)
                .equals("code", "capped", 1)
                .add(add())
                .or(Refusal::BooksBroken),
        );
        if !keep {
            steps.extend(["customer", "email"].map(|part| uncount(desk, from, part, of_code("scope_id")).found(from)));
        }
    }
    steps.push(
        desk.step("budget", Verb::Update, Table::Budget, [("budget", of_code("budget"))])
            .found("redemption")
            .differs("code", "budget", "")
            .add([("available", rest()), ("spent", rest().negative())])
            .or(Refusal::BooksBroken),
    );
    for (from, uses) in moves {
        let money = if from == "redemption" {
            [0.into(), rest(), 0.into(), rest().negative()]
        } else {
            [0, 0, 0, 0].map(Value::from)
        };
        let named =
            About { customer: Value::of(from, "customer"), email: Value::of(from, "email"), ..about(code, order) };
        let moves = Moves::uses(uses, if keep { 0 } else { -1 }).with(money);
        steps.push(desk.entry("cancel", subject(&[code, order])?, named, moves).found(from));
    }
    Ok(steps)
}

pub(super) fn reverse(
    desk: &Desk<'_>,
    code: &str,
    order: &str,
    reference: &str,
    amount: Option<i64>,
) -> Result<Vec<Step>> {
    let of = subject(&[code, order, reference])?;
    let touched = desk
        .step("redemption", Verb::Update, Table::Redemption, row(code, order))
        .set([("updated_at", desk.now.into())])
        .only_in("state", vec!["redeemed".into()])
        .returning(TAKEN)
        .or_read(
            desk.step("redemption_stored", Verb::Select, Table::Redemption, row(code, order))
                .returning(names!["state"]),
        );
    let back = || match amount {
        Some(amount) => Value::from(amount),
        None => Value::of("redemption", "amount").less(Value::of("redemption", "reversed")),
    };
    let named = || About {
        customer: Value::of("redemption", "customer"),
        email: Value::of("redemption", "email"),
        ..about(code, order)
    };
    let uses = if amount.is_some() { [0; 5] } else { [0, 0, 0, -1, 1] };
    let [.., redeemed, void] = uses;
    let add = || [("redeemed", redeemed.into()), ("void", void.into())];
    let entry_key = [("kind", Value::text("reverse")), ("subject", Value::text(&of))];
    let moves = Moves::uses(uses, 0).with([0.into(), back(), 0.into(), back().negative()]);
    let update = desk.step("reversed", Verb::Update, Table::Redemption, row(code, order));
    Ok(vec![
        touched,
        desk.step("code", Verb::Update, Table::Code, [("code", code.into())])
            .add(add())
            .returning(TERMS)
            .or(Refusal::BooksBroken),
        desk.step("campaign", Verb::Update, Table::Campaign, [("campaign", of_code("campaign"))])
            .equals("code", "capped", 1)
            .add(add())
            .or(Refusal::BooksBroken),
        desk.step("budget", Verb::Update, Table::Budget, [("budget", of_code("budget"))])
            .differs("code", "budget", "")
            .add([("available", back()), ("spent", back().negative())])
            .or(Refusal::BooksBroken),
        desk.entry("reverse", of.as_str(), named(), moves).or_read(desk.step(
            "entry_stored",
            Verb::Select,
            Table::Entry,
            entry_key,
        )),
        match amount {
            Some(amount) => update
                .add([("reversed", amount.into())])
                .only("reversed", Comparison::AtMost, Value::own("amount").less(amount.into()))
                .or(Refusal::AmountTooHigh),
            None => {
                update.set([("state", "reversed".into()), ("reversed", Value::own("amount"))]).or(Refusal::BooksBroken)
            }
        },
    ])
}
