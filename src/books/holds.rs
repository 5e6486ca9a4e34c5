//! How is a use held for a while, and given back?

use super::operation::{Holder, UNLIMITED};
use super::plan::{About, Desk, Moves, subject};
use super::step::{Comparison, Name, Step, Value, Verb, names};
use super::words::{Refusal, Table};
use crate::reject::Result;

/// What later statements need to know of a hold.
const HOLD: &[Name] =
    names!["code", "holder", "customer", "email", "amount", "budget", "campaign", "capped", "scope_id", "entry"];

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
fn reclaim(desk: &Desk<'_>, code: Option<&str>) -> Vec<Step> {
    let mut steps = vec![over(desk, code)];
    steps.extend(give_back(desk, "expired", "expire"));
    steps
}

/// The holds whose time is over.
fn over(desk: &Desk<'_>, code: Option<&str>) -> Step {
    let mut ended = desk.step("expired", Verb::Update, Table::Reservation, []);
    if let Some(code) = code {
        ended = ended.keys([("code", code.into())]);
    }
    ended
        .set([("state", "expired".into()), ("updated_at", desk.now.into())])
        .only_in("state", vec!["reserved".into()])
        .only("expires_at", Comparison::AtMost, desk.now)
        .returning(HOLD)
}

/// Gives back what each of the holds of a step had taken.
fn give_back(desk: &Desk<'_>, from: &'static str, kind: &str) -> Vec<Step> {
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
    steps.into_iter().map(|step| step.each(from)).collect()
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

/// Counts a hold for whom it turns out to be: each part of the person that is named takes the place of the one that the
/// hold was counted for, within the limit. A part that is not named stays.
pub(super) fn recount(desk: &Desk<'_>, code: &str, holder: &Holder, of: &[&str], mirror: bool) -> Result<Vec<Step>> {
    let mut steps = Vec::new();
    for (part, who) in Desk::counted(holder) {
        let subject = subject(&[of, &[part]].concat())?;
        let entry = |kind: &str, who: Value, by: i64| {
            let mut named = About { code: code.into(), scope_id: Value::of("code", "scope_id"), ..About::default() };
            *(if part == "customer" { &mut named.customer } else { &mut named.email }) = who;
            desk.entry(kind, subject.as_str(), named, Moves::uses([0; 5], by))
        };
        let other = |step: Step| step.found("held").differs("held", part, who.as_str());
        steps.extend([
            other(uncount(desk, "held", part, Value::of("code", "scope_id"))),
            other(entry("uncount", Value::of("held", part), -1)).differs("held", part, ""),
            other(count(desk, &who, mirror)),
            other(entry("count", who.as_str().into(), 1)),
        ]);
    }
    Ok(steps)
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
fn entitled(step: Step, holder: &Holder) -> Step {
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

/// The same where there is a hold: whose it is, was looked at when it was taken, so that only what is named counts.
pub(super) fn entitled_to_hold(step: Step, holder: &Holder) -> Step {
    if holder.customer.is_some() {
        return entitled(step, holder);
    }
    if holder.email.is_some() {
        return step.only("referrer_email", Comparison::Not, person(holder, "email"));
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
    let asked = desk.key.unwrap_or_default();
    let entry = subject(&[code, &name, asked])?;
    // A hold is a row of its own, named by the request: whom it is for may change while it lasts.
    let key = |holder: Value| [("code", Value::text(code)), ("holder", holder)];
    let of_code = |column: &'static str| Value::of("code", column);
    let held = |column: &'static str| Value::of("held", column);
    let more = || Value::from(amount).less(held("amount"));

    let fields = [
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
    ];
    let mut steps = find(desk, code, holder, "reserved");
    let fresh = take(desk, code, holder, To::Reserved, false).missing("held");
    // A hold that is renewed has its use: what has to be looked at is whether it may be this person's.
    let mut renewed = desk
        .step("code", Verb::Update, Table::Code, [("code", code.into())])
        .found("held")
        .add([("available", 0.into())])
        .returning(TERMS);
    renewed.on_empty = fresh.on_empty.clone();
    steps.extend([fresh, entitled_to_hold(renewed, holder)]);
    steps.push(take_of_campaign(desk, To::Reserved, false).missing("held"));
    steps.extend(Desk::counted(holder).map(|(_, who)| count(desk, &who, false).missing("held")));
    steps.extend(recount(desk, code, holder, &[code, &name, asked], false)?);
    let mut again = desk
        .step("reservation", Verb::Update, Table::Reservation, key(held("holder")))
        .found("held")
        .set([("amount", amount.into()), ("expires_at", until.into()), ("updated_at", desk.now.into())]);
    if let Some(checkout) = &holder.checkout {
        again = again.set([("checkout", checkout.as_str().into())]);
    }
    again = Desk::counted(holder).fold(again, |step, (part, who)| step.set([(part, who.into())]));
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
        desk.step("reservation", Verb::Insert, Table::Reservation, key(entry.as_str().into()))
            .missing("held")
            .values(fields)
            .or(Refusal::KeyReused),
        again.or(Refusal::BooksBroken),
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
    let mut steps = hers(desk, code, holder);
    steps.push(end_of(desk, code, "held", Value::of("mine", "holder"), "released").each("mine"));
    steps.extend(give_back(desk, "held", "release"));
    steps
}

pub(super) fn expire(desk: &Desk<'_>, code: Option<&str>) -> Vec<Step> {
    reclaim(desk, code)
}

/// Finds the hold that is the holder's (step `held`) and puts it into a state. Every other hold that is over or turns out
/// to be of the same holder is ended: one who began twice, at first unknown, is not in her own way.
pub(super) fn find(desk: &Desk<'_>, code: &str, holder: &Holder, state: &str) -> Vec<Step> {
    let mut steps = vec![over(desk, Some(code))];
    steps.extend(hers(desk, code, holder));
    steps.push(end_of(desk, code, "held", Value::of("mine", "holder"), state).found("mine"));
    steps.push(
        end_of(desk, code, "expired", Value::of("mine", "holder"), "expired")
            .only("holder", Comparison::Not, Value::of("held", "holder"))
            .each("mine")
            .found("held"),
    );
    steps.extend(give_back(desk, "expired", "expire"));
    steps
}

/// The holder's holds: those of the checkout, then those of the customer, then those of a guest with the address. (The
/// hold of somebody who is known by an id is found by that id alone: an address may be typed by anybody.)
fn hers(desk: &Desk<'_>, code: &str, holder: &Holder) -> Vec<Step> {
    let by = |column: &'static str, is: &str| {
        desk.step("mine", Verb::Select, Table::Reservation, [("code", code.into()), (column, is.into())])
            .only_in("state", vec!["reserved".into()])
            .returning(names!["holder"])
    };
    let checkout = holder.checkout.as_ref().map(|checkout| by("checkout", checkout));
    let person = Desk::counted(holder).map(|(part, who)| match part {
        "email" => by(part, &who).only_in("customer", vec!["".into()]),
        _ => by(part, &who),
    });
    checkout.into_iter().chain(person).collect()
}

/// Puts one hold into a state, if nobody has ended it.
fn end_of(desk: &Desk<'_>, code: &str, name: &'static str, holder: Value, state: &str) -> Step {
    desk.step(name, Verb::Update, Table::Reservation, [("code", code.into()), ("holder", holder)])
        .set([("state", state.into()), ("updated_at", desk.now.into())])
        .only_in("state", vec!["reserved".into()])
        .returning(HOLD)
}
