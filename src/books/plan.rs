//! What has to happen for an operation, and on which conditions? The operation alone decides: nothing is read here.

use super::operation::{Action, BooksOperation, Holder, Issue, Scope, UNLIMITED};
use super::step::{BooksPlan, Comparison, Step, Topic, Value, Verb, names};
use super::words::{Refusal, Table};
use super::{finish, holds, orders, referral, rewards};
use crate::canonical;
use crate::reject::Result;

/// The plan of an operation.
///
/// # Errors
/// What the operation is refused for before anything is looked at: [`BooksOperation::check`].
pub fn plan(operation: BooksOperation) -> Result<BooksPlan> {
    operation.check()?;
    let request_hash = canonical::hash(&operation.action)?;
    let desk = Desk { tenant: &operation.tenant, now: operation.now.unix(), key: operation.key.as_deref() };
    let mut steps = desk.steps(&operation.action)?;
    if let (Some(key), false) = (&operation.key, steps.is_empty()) {
        let expected = finish::expected(&operation).canonical()?;
        steps.insert(0, desk.idempotency(operation.action.kind(), key, &request_hash, &expected));
    }
    Ok(BooksPlan { v: 1, operation, request_hash, steps })
}

/// What all statements of an operation share.
pub(super) struct Desk<'a> {
    pub tenant: &'a str,
    pub now: i64,
    pub key: Option<&'a str>,
}

/// How an entry moves the uses of a code and the money of its budget. Numbers or references.
#[derive(Clone)]
pub(super) struct Moves {
    /// Uses: granted, available, reserved, redeemed, void.
    pub uses: [i64; 5],
    /// By how much the customer's count changes.
    pub counted: i64,
    /// Money: granted, available, reserved, spent.
    pub money: [Value; 4],
}

impl Moves {
    /// A move of uses alone.
    pub fn uses(uses: [i64; 5], counted: i64) -> Self {
        Self { uses, counted, money: [0, 0, 0, 0].map(Value::from) }
    }

    /// The same, with money going from available to where it is now.
    pub fn with(mut self, money: [Value; 4]) -> Self {
        self.money = money;
        self
    }
}

/// Who and what an entry is about.
pub(super) struct About {
    pub code: Value,
    pub campaign: Value,
    pub capped: Value,
    pub scope_id: Value,
    pub customer: Value,
    pub email: Value,
    pub referrer: Value,
    pub order: Value,
    pub referral: Value,
    pub reason: Value,
    pub budget: Value,
}

impl Default for About {
    fn default() -> Self {
        let none = || Value::text("");
        Self {
            code: none(),
            campaign: none(),
            capped: 0.into(),
            scope_id: none(),
            customer: none(),
            email: none(),
            referrer: none(),
            order: none(),
            referral: none(),
            reason: none(),
            budget: none(),
        }
    }
}

/// A name made of several texts that cannot be mistaken for another one.
pub(super) fn subject(parts: &[&str]) -> Result<String> {
    canonical::sorted(parts)
}

impl Desk<'_> {
    fn steps(&self, action: &Action) -> Result<Vec<Step>> {
        match action {
            Action::Campaign { campaign, uses, codes } => self.campaign(campaign, *uses, *codes),
            Action::Budget { budget, granted } => self.budget(budget, *granted),
            Action::Grant { budget, by } => self.grant(budget, *by),
            Action::Lease { batch, count, size } => Ok(self.lease(batch, *count, *size)),
            Action::Issue(issue) => self.issue(issue),
            Action::Void { code } => self.void(code),
            Action::Reserve { code, holder, ttl, amount } => holds::reserve(self, code, holder, *ttl, *amount),
            Action::Release { code, holder } => Ok(holds::release(self, code, holder)),
            Action::Expire { code } => Ok(holds::expire(self, code.as_deref())),
            Action::Redeem { amount: Some(0), .. } => Ok(Vec::new()),
            Action::Redeem { code, order, holder, amount, mirror } => {
                orders::redeem(self, code, order, holder, *amount, *mirror)
            }
            Action::Cancel { code, order, keep, mirror } => orders::cancel(self, code, order, *keep, *mirror),
            Action::Reverse { code, order, reference, amount } => {
                orders::reverse(self, code, order, reference, *amount)
            }
            Action::Reward { reward, referral, order, customer, amount, budget } => {
                rewards::reward(self, &rewards::Grant { reward, referral, order, customer, amount: *amount, budget })
            }
            Action::ClawBack { order, reason } => Ok(rewards::claw_back(self, order, reason)),
            Action::Referral(recommendation) => referral::referral(self, recommendation),
        }
    }

    /// A value for the tenant column.
    pub fn tenant(&self) -> Value {
        Value::text(self.tenant)
    }

    /// A statement on a row of this tenant.
    pub fn step<const N: usize>(
        &self,
        name: &'static str,
        verb: Verb,
        table: Table,
        key: [(&'static str, Value); N],
    ) -> Step {
        Step::new(name, verb, table, []).keys_of(self.tenant(), key)
    }

    /// The row that keeps the answer. It is the expected one; where it turns out otherwise, `finish` puts it right before
    /// anybody can read it.
    pub fn idempotency(&self, kind: &str, key: &str, hash: &str, answer: &str) -> Step {
        let at = || [("operation", Value::text(kind)), ("key", Value::text(key))];
        self.step("idempotency", Verb::Insert, Table::Idempotency, at())
            .values([("request_hash", hash.into()), ("answer", answer.into()), ("created_at", self.now.into())])
            .or_read(
                self.step("idempotency_stored", Verb::Select, Table::Idempotency, at())
                    .returning(names!["request_hash", "answer"]),
            )
    }

    /// Something happened: an entry, which only ever can be added once.
    pub fn entry(&self, kind: &str, of: impl Into<Value>, about: About, moves: Moves) -> Step {
        let Moves { uses: [granted, available, reserved, redeemed, void], counted, money } = moves;
        let [budget_granted, budget_available, budget_reserved, budget_spent] = money;
        self.step("entry", Verb::Insert, Table::Entry, [("kind", kind.into()), ("subject", of.into())])
            .values([
                ("at", self.now.into()),
                ("code", about.code),
                ("campaign", about.campaign),
                ("capped", about.capped),
                ("scope_id", about.scope_id),
                ("customer", about.customer),
                ("email", about.email),
                ("referrer", about.referrer),
                ("order_id", about.order),
                ("referral", about.referral),
                ("reason", about.reason),
                ("budget", about.budget),
                ("granted", granted.into()),
                ("available", available.into()),
                ("reserved", reserved.into()),
                ("redeemed", redeemed.into()),
                ("void", void.into()),
                ("uses", counted.into()),
                ("budget_granted", budget_granted),
                ("budget_available", budget_available),
                ("budget_reserved", budget_reserved),
                ("budget_spent", budget_spent),
            ])
            .or(Refusal::BooksBroken)
    }

    /// Something others may want to know.
    pub fn tell(&self, topic: Topic, id: impl Into<Value>, body: impl Into<Value>) -> Step {
        self.step("outbox", Verb::Insert, Table::Outbox, [("topic", topic.as_str().into()), ("id", id.into())])
            .values([
                ("body", body.into()),
                ("created_at", self.now.into()),
                ("attempts", 0.into()),
                ("next_at", self.now.into()),
                ("sent_at", 0.into()),
            ])
            .returning(names!["topic", "id"])
    }

    fn campaign(&self, campaign: &str, uses: Option<i64>, codes: Option<i64>) -> Result<Vec<Step>> {
        let granted = uses.unwrap_or(0);
        let key = || [("campaign", Value::text(campaign))];
        let entry = self.entry(
            "campaign",
            subject(&[campaign])?,
            About { campaign: campaign.into(), capped: i64::from(uses.is_some()).into(), ..About::default() },
            Moves::uses([granted, granted, 0, 0, 0], 0),
        );
        Ok(vec![
            self.step("campaign", Verb::Insert, Table::Campaign, key())
                .values([
                    ("capped", i64::from(uses.is_some()).into()),
                    ("granted", granted.into()),
                    ("available", granted.into()),
                    ("reserved", 0.into()),
                    ("redeemed", 0.into()),
                    ("void", 0.into()),
                    ("codes_limit", codes.unwrap_or(UNLIMITED).into()),
                    ("codes", 0.into()),
                ])
                .or_read(self.step("campaign_stored", Verb::Select, Table::Campaign, key()).returning(names![
                    "capped",
                    "granted",
                    "codes_limit",
                ])),
            entry,
        ])
    }

    fn budget(&self, budget: &str, granted: i64) -> Result<Vec<Step>> {
        let key = || [("budget", Value::text(budget))];
        let moves = Moves::uses([0; 5], 0).with([granted.into(), granted.into(), 0.into(), 0.into()]);
        Ok(vec![
            self.step("budget", Verb::Insert, Table::Budget, key())
                .values([
                    ("granted", granted.into()),
                    ("available", granted.into()),
                    ("reserved", 0.into()),
                    ("spent", 0.into()),
                ])
                .or_read(self.step("budget_stored", Verb::Select, Table::Budget, key()).returning(names!["granted"])),
            self.entry("budget", subject(&[budget])?, About { budget: budget.into(), ..About::default() }, moves),
        ])
    }

    fn grant(&self, budget: &str, by: i64) -> Result<Vec<Step>> {
        let key = || [("budget", Value::text(budget))];
        let moves = Moves::uses([0; 5], 0).with([by.into(), by.into(), 0.into(), 0.into()]);
        Ok(vec![
            self.step("budget", Verb::Update, Table::Budget, key())
                .add([("granted", by.into()), ("available", by.into())])
                .only("available", Comparison::AtLeast, -by)
                .or_read(self.step("budget_stored", Verb::Select, Table::Budget, key()).returning(names!["available"])),
            self.entry(
                "grant",
                subject(&[budget, self.key.unwrap_or_default()])?,
                About { budget: budget.into(), ..About::default() },
                moves,
            ),
        ])
    }

    fn lease(&self, batch: &str, count: i64, size: i64) -> Vec<Step> {
        let step = self
            .step("batch", Verb::Upsert, Table::Batch, [("batch", batch.into())])
            .values([("next", count.into()), ("size", size.into())])
            .add([("next", count.into())])
            .only("next", Comparison::AtMost, Value::own("size").less(count.into()))
            .returning(names!["next"])
            .or(Refusal::SerialsExhausted);
        vec![step]
    }

    fn issue(&self, issue: &Issue) -> Result<Vec<Step>> {
        let uses = issue.uses.unwrap_or(UNLIMITED);
        let code = Value::text(&issue.code);
        let scope = issue.scope.unwrap_or(Scope::Code);
        let scope_id = match scope {
            Scope::Code => subject(&["code", &issue.code])?,
            Scope::Campaign => subject(&["campaign", &issue.campaign])?,
        };
        let mut steps = Vec::new();
        if let Some(claim) = &issue.claim {
            let key = || [("claim", Value::text(claim))];
            steps.push(
                self.step("claim", Verb::Insert, Table::Claim, key())
                    .values([("code", code.clone())])
                    .or_read(self.step("claim_stored", Verb::Select, Table::Claim, key()).returning(names!["code"])),
            );
        }
        let terms = canonical::hash(issue)?;
        let campaign = || [("campaign", Value::text(&issue.campaign))];
        steps.push(
            self.step("campaign", Verb::Select, Table::Campaign, campaign())
                .returning(names!["capped", "codes_limit"])
                .or(Refusal::CampaignNotFound),
        );
        if let Some(budget) = &issue.budget {
            steps.push(
                self.step("budget", Verb::Select, Table::Budget, [("budget", budget.as_str().into())])
                    .or(Refusal::BudgetNotFound),
            );
        }
        let who = |mark: &str, name: &Option<String>| {
            Value::text(&name.as_ref().map_or(String::new(), |name| format!("{mark}:{name}")))
        };
        let time = |at: Option<crate::time::Instant>, none: i64| Value::from(at.map_or(none, |at| at.unix()));
        steps.extend([
            self.step("code", Verb::Insert, Table::Code, [("code", code.clone())])
                .values([
                    ("campaign", issue.campaign.as_str().into()),
                    ("capped", Value::of("campaign", "capped")),
                    ("per_customer", issue.per_customer.unwrap_or(UNLIMITED).into()),
                    ("scope", scope.as_str().into()),
                    ("scope_id", scope_id.as_str().into()),
                    ("starts_at", time(issue.starts_at, 0)),
                    ("expires_at", time(issue.expires_at, UNLIMITED)),
                    ("owner", who("c", &issue.owner)),
                    ("referrer", who("c", &issue.referrer)),
                    ("referrer_email", who("e", &issue.referrer_email)),
                    ("budget", (&issue.budget).into()),
                    ("terms", terms.as_str().into()),
                    ("revoked", 0.into()),
                    ("granted", uses.into()),
                    ("available", uses.into()),
                    ("reserved", 0.into()),
                    ("redeemed", 0.into()),
                    ("void", 0.into()),
                    ("created_at", self.now.into()),
                ])
                .or_read(
                    self.step("code_stored", Verb::Select, Table::Code, [("code", code.clone())])
                        .returning(names!["terms"]),
                ),
            self.step("codes", Verb::Update, Table::Campaign, campaign())
                .differs("campaign", "codes_limit", UNLIMITED)
                .add([("codes", 1.into())])
                .only("codes", Comparison::AtMost, Value::own("codes_limit").less(1.into()))
                .or(Refusal::CodesLimit),
            self.entry(
                "issue",
                subject(&[&issue.code])?,
                About {
                    code: code.clone(),
                    campaign: issue.campaign.as_str().into(),
                    scope_id: scope_id.as_str().into(),
                    customer: who("c", &issue.owner),
                    referrer: who("c", &issue.referrer),
                    budget: (&issue.budget).into(),
                    ..About::default()
                },
                Moves::uses([uses, uses, 0, 0, 0], 0),
            ),
            self.tell(Topic::CodeIssued, code, canonical::text(&serde_json::json!({ "code": issue.code }))?),
        ]);
        Ok(steps)
    }

    fn void(&self, code: &str) -> Result<Vec<Step>> {
        let key = || [("code", Value::text(code))];
        // Touched first, so that what is available can be both moved and written down.
        let mut entry = self.entry(
            "void",
            subject(&[code])?,
            About { code: code.into(), campaign: Value::of("code", "campaign"), ..About::default() },
            Moves::uses([0; 5], 0),
        );
        for assignment in &mut entry.values {
            match assignment.column.as_ref() {
                "available" => assignment.value = Value::of("code", "available").negative(),
                "void" => assignment.value = Value::of("code", "available"),
                _ => {}
            }
        }
        Ok(vec![
            self.step("code", Verb::Update, Table::Code, key())
                .set([("revoked", 1.into())])
                .only_in("revoked", vec![0.into()])
                .returning(names!["campaign", "available"])
                .or_read(self.step("code_stored", Verb::Select, Table::Code, key()).returning(names!["available"])),
            self.step("voided", Verb::Update, Table::Code, key())
                .set([("available", 0.into())])
                .add([("void", Value::own("available"))])
                .or(Refusal::BooksBroken),
            entry,
        ])
    }

    /// A person as the books write it: `c:` and the customer, or `e:` and the hash.
    pub fn named(holder: &Holder, part: &str) -> Option<String> {
        let (mark, who) = if part == "customer" { ("c:", &holder.customer) } else { ("e:", &holder.email) };
        who.as_ref().map(|who| [mark, who].concat())
    }

    /// Who a person is, as the rows that count uses know it.
    pub fn counted(holder: &Holder) -> impl Iterator<Item = (&'static str, String)> {
        ["customer", "email"].into_iter().filter_map(|part| Some((part, Self::named(holder, part)?)))
    }
}
