//! How is a reward granted once, and taken back without a trace being lost?

use super::plan::{About, Desk, Moves, subject};
use super::step::{Comparison, Step, Topic, Value, Verb, names};
use super::words::{Refusal, Table};
use crate::canonical;
use crate::reject::Result;

/// What is granted.
pub(super) struct Grant<'a> {
    pub reward: &'a str,
    pub referral: &'a str,
    pub order: &'a str,
    pub customer: &'a str,
    pub amount: i64,
    pub budget: &'a Option<String>,
}

pub(super) fn reward(desk: &Desk<'_>, grant: &Grant<'_>) -> Result<Vec<Step>> {
    let Grant { reward, referral, order, customer, amount, budget } = *grant;
    let who = format!("c:{customer}");
    let key = || [("reward", Value::text(reward))];
    let mut steps = vec![
        desk.step("reward", Verb::Insert, Table::Reward, key())
            .values([
                ("state", "granted".into()),
                ("referral", referral.into()),
                ("order_id", order.into()),
                ("customer", who.as_str().into()),
                ("amount", amount.into()),
                ("budget", budget.into()),
                ("reason", "".into()),
                ("created_at", desk.now.into()),
                ("updated_at", desk.now.into()),
            ])
            .or_read(
                desk.step("reward_stored", Verb::Select, Table::Reward, key())
                    .returning(names!["referral", "order_id", "customer", "amount"]),
            ),
    ];
    if let Some(budget) = budget {
        let key = || [("budget", Value::text(budget))];
        steps.push(
            desk.step("budget", Verb::Update, Table::Budget, key())
                .add([("available", (-amount).into()), ("spent", amount.into())])
                .only("available", Comparison::AtLeast, amount)
                .or_read(desk.step("budget_stored", Verb::Select, Table::Budget, key()).returning(names!["available"])),
        );
    }
    let body = serde_json::json!({ "reward": reward, "referral": referral, "order": order, "amount": amount });
    let about = About {
        customer: who.as_str().into(),
        order: order.into(),
        referral: referral.into(),
        budget: budget.into(),
        ..About::default()
    };
    let money = [0.into(), (-amount).into(), 0.into(), amount.into()];
    steps.extend([
        desk.entry("reward", subject(&[reward])?, about, Moves::uses([0; 5], 0).with(money)),
        desk.tell(Topic::RewardDue, reward, canonical::text(&body)?),
    ]);
    Ok(steps)
}

pub(super) fn claw_back(desk: &Desk<'_>, order: &str, reason: &str) -> Vec<Step> {
    let of = |column: &'static str| Value::of("rewards", column);
    let about = About {
        customer: of("customer"),
        order: order.into(),
        referral: of("referral"),
        reason: reason.into(),
        budget: of("budget"),
        ..About::default()
    };
    let moves = Moves::uses([0; 5], 0).with([0.into(), of("amount"), 0.into(), of("amount").negative()]);
    let each = "rewards";
    vec![
        desk.step("rewards", Verb::Update, Table::Reward, [("order_id", order.into())])
            .set([("state", "taken_back".into()), ("reason", reason.into()), ("updated_at", desk.now.into())])
            .only_in("state", vec!["granted".into()])
            .returning(names!["reward", "referral", "customer", "amount", "budget"]),
        desk.step("budget", Verb::Update, Table::Budget, [("budget", of("budget"))])
            .each(each)
            .differs("rewards", "budget", "")
            .add([("available", of("amount")), ("spent", of("amount").negative())])
            .or(Refusal::BooksBroken),
        desk.entry("claw_back", of("reward"), about, moves).each(each),
        desk.tell(Topic::RewardTakenBack, of("reward"), reason).each(each),
    ]
}
