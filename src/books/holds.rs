//! How is a use held for a while, and given back?

use super::operation::{Holder, UNLIMITED};
use super::plan::{About, Desk, Moves, subject};
use super::step::{Comparison, Name, Step, Value, Verb, names};
use super::words::{Refusal, Table};
use crate::reject::Result;

/// What later statements need to know of a hold.
const HOLD: &[Name] =
    names!["code", "customer", "email", "amount", "budget", "campaign", "capped", "scope_id", "entry"];

/// What later statements need to know of a code.
pub(super) const TERMS: &[Name] = names!["campaign", "capped", "scope_id", "per_customer", "budget", "referrer"];

/// What tells why a code gave no use.
const WHY: &[Name] =
    names!["starts_at", "expires_at", "owner", "referrer", "referrer_email", "per_customer", "available", "revoked"];

/// Where a use goes to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum To {
    Reserved,
    Redeemed,
}

impl To {
    const fn column(self) -> &'static str {
        match self {
            Self::Reserved => "reserved",
            Self::Redeemed => "redeemed",
        }
    }
}

/// The person as the books write it: `c:` and the customer, `e:` and the hash, or nothing.
pub(super) fn person(holder: &Holder, part: &str) -> Value {
    Value::from(Desk::named(holder, part).unwrap_or_default())
}

/// Ends the holds of a code whose time is over, so that the statements after it find their uses available.
pub(super) fn reclaim(desk: &Desk<'_>, code: Option<&str>) -> Vec<Step> {
    let mut ended = desk.step("expired", Verb::Update, Table::Reservation, []);
    if let Some(code) = code {
        ended = ended.keys([("code", code.into())]);
    }
    let ended = ended
        .set([("state", "expired".into()), ("updated_at", desk.now.into())])
        .only_in("state", vec!["reserved".into()])
        .only("expires_at", Comparison::AtMost, desk.now)
        .returning(HOLD);
    let mut steps = vec![ended];
    steps.extend(give_back(desk, "expired", true, "expire"));
    steps
}

/// Gives back what the holds of a step had taken.
fn give_back(desk: &Desk<'_>, from: &'static str, each: bool, kind: &str) -> Vec<Step> {
    let of = |column: &'static str| Value::of(from, column);
    let back = |table, name: &'static str, key: [(&'static str, Value); 1]| {
        desk.step(name, Verb::Update, table, key)
            .add([("reserved", (-1).into()), ("available", 1.into())])
            .only("reserved", Comparison::AtLeast, 1)
            .or(Refusal::BooksBroken)
    };
    let about = About {
        code: of("code"),
        campaign: of("campaign"),
        capped: of("capped"),
        scope_id: of("scope_id"),
        customer: of("customer"),
        email: of("email"),
        budget: of("budget"),
        ..About::default()
    };
    let money = [0.into(), of("amount"), of("amount").negative(), 0.into()];
    let mut steps = vec![
        back(Table::Code, "given_back", [("code", of("code"))]),
        back(Table::Campaign, "campaign_back", [("campaign", of("campaign"))]).equals(from, "capped", 1),
    ];
    steps.extend(["customer", "email"].map(|part| uncount(desk, from, part, of("scope_id"))));
    steps.push(
        desk.step("budget_back", Verb::Update, Table::Budget, [("budget", of("budget"))])
            .differs(from, "budget", "")
            .add([("reserved", of("amount").negative()), ("available", of("amount"))])
            .or(Refusal::BooksBroken),
    );
    steps.push(desk.entry(kind, of("entry"), about, Moves::uses([0, 1, -1, 0, 0], -1).with(money)));
    // Without `each`, nothing is given back where nothing was found.
    steps.into_iter().map(|step| if each { step.each(from) } else { step.found(from) }).collect()
}

/// Takes a use off a customer's count.
pub(super) fn uncount(desk: &Desk<'_>, from: &'static str, part: &'static str, scope_id: Value) -> Step {
    let who = Value::of(from, part);
    desk.step("uncounted", Verb::Update, Table::CustomerUse, [("scope_id", scope_id), ("who", who)])
        .differs(from, part, "")
        .add([("used", (-1).into())])
        .only("used", Comparison::AtLeast, 1)
        .or(Refusal::BooksBroken)
}

/// Adds a use to a customer's count, unless the limit is reached.
pub(super) fn count(desk: &Desk<'_>, who: &str, mirror: bool) -> Step {
    let key = [("scope_id", Value::of("code", "scope_id")), ("who", who.into())];
    let step = desk
        .step("counted", Verb::Upsert, Table::CustomerUse, key)
        .values([("used", 1.into())])
        .add([("used", 1.into())])
        .or(Refusal::CustomerLimit);
    if mirror {
        return step;
    }
    step.only("used", Comparison::AtMost, Value::of("code", "per_customer").less(1.into()))
}

/// Moves a use of the code from available to where it goes, if everything allows it.
pub(super) fn take(desk: &Desk<'_>, code: &str, holder: &Holder, to: To, mirror: bool) -> Step {
    let key = || [("code", Value::text(code))];
    let step = desk
        .step("code", Verb::Update, Table::Code, key())
        .add([("available", (-1).into()), (to.column(), 1.into())])
        .returning(TERMS)
        .or_read(desk.step("code_stored", Verb::Select, Table::Code, key()).returning(WHY));
    if mirror {
        return step;
    }
    let step = step.only("available", Comparison::AtLeast, 1).only("starts_at", Comparison::AtMost, desk.now).only(
        "expires_at",
        Comparison::AtLeast,
        desk.now,
    );
    let step = entitled(step, holder);
    if holder.is_known() { step } else { step.only_in("per_customer", vec![UNLIMITED.into()]) }
}

/// The conditions that a code puts on who uses it.
pub(super) fn entitled(step: Step, holder: &Holder) -> Step {
    let mut owners = vec![Value::text("")];
    owners.extend(holder.customer.is_some().then(|| person(holder, "customer")));
    let mut step = step.only_in("owner", owners);
    if holder.customer.is_some() {
        step = step.only("referrer", Comparison::Not, person(holder, "customer"));
    }
    if holder.email.is_some() {
        step = step.only("referrer_email", Comparison::Not, person(holder, "email"));
    }
    step
}

/// Moves a use of a campaign that has a limit of its own.
pub(super) fn take_of_campaign(desk: &Desk<'_>, to: To, mirror: bool) -> Step {
    let step = desk
        .step("campaign", Verb::Update, Table::Campaign, [("campaign", Value::of("code", "campaign"))])
        .equals("code", "capped", 1)
        .add([("available", (-1).into()), (to.column(), 1.into())])
        .or(Refusal::CampaignLimit);
    if mirror { step } else { step.only("available", Comparison::AtLeast, 1) }
}

pub(super) fn reserve(desk: &Desk<'_>, code: &str, holder: &Holder, ttl: i64, amount: i64) -> Result<Vec<Step>> {
    let name = holder.name().unwrap_or_default();
    let until = desk.now.saturating_add(ttl);
    let key = || [("code", Value::text(code)), ("holder", Value::text(&name))];
    let entry = subject(&[code, &name, desk.key.unwrap_or_default()])?;
    let of_code = |column: &'static str| Value::of("code", column);
    let held = |column: &'static str| Value::of("held", column);
    let more = || Value::from(amount).less(held("amount"));

    let fields = || {
        [
            ("state", Value::text("reserved")),
            ("checkout", (&holder.checkout).into()),
            ("customer", person(holder, "customer")),
            ("email", person(holder, "email")),
            ("amount", amount.into()),
            ("budget", of_code("budget")),
            ("campaign", of_code("campaign")),
            ("capped", of_code("capped")),
            ("scope_id", of_code("scope_id")),
            ("expires_at", until.into()),
            ("entry", entry.as_str().into()),
            ("updated_at", desk.now.into()),
        ]
    };
    let mut steps = reclaim(desk, Some(code));
    steps.push(
        desk.step("held", Verb::Update, Table::Reservation, key())
            .set([("updated_at", desk.now.into())])
            .only_in("state", vec!["reserved".into()])
            .returning(HOLD),
    );
    steps.push(take(desk, code, holder, To::Reserved, false).missing("held"));
    steps.push(take_of_campaign(desk, To::Reserved, false).missing("held"));
    steps.extend(Desk::counted(holder).map(|(_, who)| count(desk, &who, false).missing("held")));
    steps.extend([
        desk.step("budget", Verb::Update, Table::Budget, [("budget", of_code("budget"))])
            .missing("held")
            .differs("code", "budget", "")
            .add([("available", (-amount).into()), ("reserved", amount.into())])
            .only("available", Comparison::AtLeast, amount)
            .or(Refusal::BudgetExhausted),
        desk.step("budget", Verb::Update, Table::Budget, [("budget", held("budget"))])
            .found("held")
            .differs("held", "budget", "")
            .add([("available", more().negative()), ("reserved", more())])
            .only("available", Comparison::AtLeast, more())
            .or(Refusal::BudgetExhausted),
        desk.step("reservation", Verb::Upsert, Table::Reservation, key())
            .missing("held")
            .values(fields())
            .set(fields())
            .only("state", Comparison::Not, "reserved")
            .or(Refusal::BooksBroken),
        desk.step("reservation", Verb::Update, Table::Reservation, key())
            .found("held")
            .set([
                ("checkout", (&holder.checkout).into()),
                ("amount", amount.into()),
                ("expires_at", until.into()),
                ("updated_at", desk.now.into()),
            ])
            .or(Refusal::BooksBroken),
        desk.entry(
            "reserve",
            entry.as_str(),
            About {
                code: code.into(),
                campaign: of_code("campaign"),
                capped: of_code("capped"),
                scope_id: of_code("scope_id"),
                customer: person(holder, "customer"),
                email: person(holder, "email"),
                referrer: of_code("referrer"),
                budget: of_code("budget"),
                ..About::default()
            },
            Moves::uses([0, -1, 1, 0, 0], 1).with([0.into(), (-amount).into(), amount.into(), 0.into()]),
        )
        .missing("held")
        .or(Refusal::KeyReused),
        desk.entry(
            "renew",
            entry.as_str(),
            About {
                code: code.into(),
                campaign: held("campaign"),
                scope_id: held("scope_id"),
                customer: held("customer"),
                email: held("email"),
                budget: held("budget"),
                ..About::default()
            },
            Moves::uses([0; 5], 0).with([0.into(), more().negative(), more(), 0.into()]),
        )
        .found("held")
        .or(Refusal::KeyReused),
    ]);
    Ok(steps)
}

pub(super) fn release(desk: &Desk<'_>, code: &str, holder: &Holder) -> Vec<Step> {
    let mut steps: Vec<Step> = find(desk, code, holder)
        .into_iter()
        .map(|step| step.set([("state", "released".into()), ("updated_at", desk.now.into())]))
        .collect();
    steps.extend(give_back(desk, "held", false, "release"));
    steps
}

pub(super) fn expire(desk: &Desk<'_>, code: Option<&str>) -> Vec<Step> {
    reclaim(desk, code)
}

/// Finds the holder's hold: by the checkout it was taken in, else by who holds it. What is done with it is added.
pub(super) fn find(desk: &Desk<'_>, code: &str, holder: &Holder) -> Vec<Step> {
    let known = Holder { checkout: None, ..holder.clone() }.name();
    let by_name = known.map(|name| {
        desk.step("held", Verb::Update, Table::Reservation, [("code", code.into()), ("holder", name.as_str().into())])
    });
    let by_checkout = holder.checkout.as_ref().map(|checkout| {
        desk.step("held", Verb::Update, Table::Reservation, [("code", code.into())])
            .only_in("checkout", vec![checkout.as_str().into()])
    });
    by_checkout
        .into_iter()
        .chain(by_name)
        .enumerate()
        .map(|(place, step)| if place == 0 { step } else { step.missing("held") })
        .map(|step| step.only_in("state", vec!["reserved".into()]).returning(HOLD))
        .collect()
}
