//! What came of it? The rows that the statements gave, read as an answer.

use super::operation::{Action, BooksOperation, Holder};
use super::plan::Desk;
use super::step::{
    BooksAnswer, BooksFinished, BooksPlan, BooksResults, Cell, Effect, OnEmpty, Row, Step, Topic, Value, Verb,
};
use super::words::{Outcome, Refusal, Table};
use crate::canonical;
use crate::reject::{Code, Error, Result, parse_json};

/// The answer of an operation, and what is left to do for it.
///
/// # Errors
/// `invalid_state` when the results are not those of the plan.
pub fn finish(plan: &BooksPlan, results: &BooksResults) -> Result<BooksFinished> {
    let reader = Reader { plan, results };
    let verdict = reader.verdict()?;
    let operation = &plan.operation;
    let (commit, answer) = match verdict {
        Verdict::Replay(answer) => {
            return Ok(BooksFinished {
                v: 1,
                commit: false,
                replayed: true,
                answer,
                effects: Vec::new(),
                after: Vec::new(),
            });
        }
        Verdict::Refused(refusal) => (false, refused(operation, refusal)),
        Verdict::Nothing { code, outcome } => {
            let mut answer = expected(operation);
            answer.outcome = Some(outcome);
            answer.code = code.or(answer.code);
            answer.held_until = None;
            (false, answer)
        }
        Verdict::Done(answer) => (true, answer),
    };
    let kept = answer.refusal.is_none_or(Refusal::is_kept) && !plan.steps.is_empty();
    let after = match (&operation.key, commit) {
        (Some(key), true) if answer != expected(operation) => vec![put_right(plan, key, &answer)?],
        (Some(key), false) if kept => vec![keep(plan, key, &answer)?],
        _ => Vec::new(),
    };
    let effects = if commit { reader.effects() } else { Vec::new() };
    Ok(BooksFinished { v: 1, commit, replayed: false, answer, effects, after })
}

enum Verdict {
    Done(BooksAnswer),
    /// Nothing changes, and that is no refusal.
    Nothing {
        code: Option<String>,
        outcome: Outcome,
    },
    Refused(Refusal),
    Replay(BooksAnswer),
}

/// The answer when everything goes as usual.
pub(super) fn expected(operation: &BooksOperation) -> BooksAnswer {
    let (code, order) = match &operation.action {
        Action::Issue(issue) => (Some(issue.code.clone()), None),
        Action::Void { code } | Action::Reserve { code, .. } | Action::Release { code, .. } => {
            (Some(code.clone()), None)
        }
        Action::Redeem { code, order, .. }
        | Action::Cancel { code, order, .. }
        | Action::Reverse { code, order, .. } => (Some(code.clone()), Some(order.clone())),
        Action::Reward { order, .. } | Action::ClawBack { order, .. } => (None, Some(order.clone())),
        Action::Referral(recommendation) => {
            let order = Some(recommendation.order.clone()).filter(|order| !order.is_empty());
            (Some(recommendation.code.clone()), order)
        }
        Action::Expire { code } => (code.clone(), None),
        Action::Campaign { .. } | Action::Budget { .. } | Action::Grant { .. } | Action::Lease { .. } => (None, None),
    };
    BooksAnswer {
        v: 1,
        operation: operation.action.kind().to_owned(),
        outcome: Some(Outcome::Done),
        refusal: None,
        told: None,
        status: 200,
        code,
        order,
        held_until: match &operation.action {
            Action::Reserve { ttl, .. } => Some(operation.now.plus(*ttl)),
            _ => None,
        },
        start: None,
    }
}

/// What [`finish`] says if every statement ran to its end. `None` where that depends on what came back: which holds there
/// were, say.
pub(super) fn usual(plan: &BooksPlan) -> Option<BooksFinished> {
    let told = matches!(
        plan.operation.action,
        Action::Campaign { .. }
            | Action::Budget { .. }
            | Action::Grant { .. }
            | Action::Issue(_)
            | Action::Void { .. }
            | Action::Redeem { .. }
            | Action::Cancel { .. }
            | Action::Reverse { .. }
            | Action::Reward { .. }
    );
    if !told || plan.steps.is_empty() {
        return None;
    }
    let outbox = plan.steps.iter().filter(|step| step.name == "outbox");
    let effects = outbox.map(|step| {
        let text = |name: &str| {
            step.key.iter().find(|key| key.column == name).and_then(|key| match &key.value {
                Value::Text { text } => Some(text.as_str()),
                _ => None,
            })
        };
        let topic = Topic::ALL.iter().find(|topic| Some(topic.as_str()) == text("topic"))?;
        let always = step.when.is_empty() && step.each.is_none();
        always.then_some(Effect { topic: *topic, id: text("id")?.to_owned() })
    });
    Some(BooksFinished {
        v: 1,
        commit: true,
        replayed: false,
        answer: expected(&plan.operation),
        effects: effects.collect::<Option<_>>()?,
        after: Vec::new(),
    })
}

fn refused(operation: &BooksOperation, refusal: Refusal) -> BooksAnswer {
    BooksAnswer {
        outcome: None,
        refusal: Some(refusal),
        told: Some(refusal.told()),
        status: refusal.status(),
        held_until: None,
        ..expected(operation)
    }
}

fn desk(plan: &BooksPlan) -> Desk<'_> {
    let operation = &plan.operation;
    Desk { tenant: &operation.tenant, now: operation.now.unix(), key: operation.key.as_deref() }
}

/// The row that keeps an answer that was rolled back together with everything else.
fn keep(plan: &BooksPlan, key: &str, answer: &BooksAnswer) -> Result<Step> {
    let mut step =
        desk(plan).idempotency(plan.operation.action.kind(), key, &plan.request_hash, &canonical::text(answer)?);
    // Where somebody was faster with the same key, the operation is run again and finds that answer.
    step.on_empty = OnEmpty::Proceed;
    Ok(step)
}

/// The row has the expected answer: this one takes its place.
fn put_right(plan: &BooksPlan, key: &str, answer: &BooksAnswer) -> Result<Step> {
    let at = [("operation", plan.operation.action.kind().into()), ("key", key.into())];
    let text = canonical::text(answer)?;
    Ok(desk(plan)
        .step("answered", Verb::Update, Table::Idempotency, at)
        .set([("answer", text.as_str().into())])
        .or(Refusal::BooksBroken))
}

struct Reader<'a> {
    plan: &'a BooksPlan,
    results: &'a BooksResults,
}

impl Reader<'_> {
    fn row(&self, step: &str) -> Option<&Row> {
        self.results.rows.get(step).and_then(|rows| rows.first())
    }

    fn number(&self, step: &str, column: &str) -> i64 {
        self.row(step).and_then(|row| row.get(column)).and_then(Cell::as_i64).unwrap_or_default()
    }

    fn text(&self, step: &str, column: &str) -> &str {
        self.row(step).and_then(|row| row.get(column)).and_then(Cell::as_str).unwrap_or_default()
    }

    fn verdict(&self) -> Result<Verdict> {
        if self.results.busy {
            return Ok(Verdict::Refused(Refusal::InFlight));
        }
        if self.plan.steps.is_empty() {
            return Ok(nothing(Outcome::NothingToDo));
        }
        match self.results.stopped.as_deref() {
            None => Ok(self.done()),
            Some("idempotency") => self.replay(),
            Some(step) => self.stopped(step),
        }
    }

    fn replay(&self) -> Result<Verdict> {
        let answer = self.text("idempotency_stored", "answer");
        if self.row("idempotency_stored").is_none() || answer.is_empty() {
            return Ok(Verdict::Refused(Refusal::InFlight));
        }
        if self.text("idempotency_stored", "request_hash") != self.plan.request_hash {
            return Ok(Verdict::Refused(Refusal::KeyReused));
        }
        parse_json(answer).map(Verdict::Replay)
    }

    fn done(&self) -> Verdict {
        let mut answer = expected(&self.plan.operation);
        let found = |step: &str| self.row(step).is_some();
        let unless = |there: bool| if there { Outcome::Done } else { Outcome::NothingToDo };
        answer.outcome = Some(match &self.plan.operation.action {
            Action::Reserve { .. } if found("held") => Outcome::Renewed,
            Action::Release { .. } => unless(found("held")),
            Action::Expire { .. } => unless(found("expired")),
            Action::ClawBack { .. } => unless(found("rewards")),
            _ => Outcome::Done,
        });
        if let Action::Lease { count, .. } = &self.plan.operation.action {
            answer.start = Some(self.number("batch", "next") - count);
        }
        Verdict::Done(answer)
    }

    fn stopped(&self, step: &str) -> Result<Verdict> {
        let refused = |refusal| Ok(Verdict::Refused(refusal));
        let same = |same: bool| if same { Ok(nothing(Outcome::AlreadyDone)) } else { refused(Refusal::AlreadyDefined) };
        let there = |stored: &str| self.row(stored).is_some();
        match (&self.plan.operation.action, step) {
            (Action::Issue(_), "claim") => Ok(Verdict::Nothing {
                code: Some(self.text("claim_stored", "code").to_owned()),
                outcome: Outcome::AlreadyDone,
            }),
            (Action::Issue(issue), "code") => same(self.text("code_stored", "terms") == canonical::hash(issue)?),
            (Action::Campaign { uses, codes, .. }, "campaign") => same(
                self.number("campaign_stored", "capped") == i64::from(uses.is_some())
                    && self.number("campaign_stored", "granted") == uses.unwrap_or(0)
                    && self.number("campaign_stored", "codes_limit") == codes.unwrap_or(super::operation::UNLIMITED),
            ),
            (Action::Budget { .. }, "budget") => Ok(nothing(Outcome::AlreadyDone)),
            (Action::Grant { .. } | Action::Reward { .. }, "budget") => {
                refused(if there("budget_stored") { Refusal::BudgetExhausted } else { Refusal::BudgetNotFound })
            }
            (Action::Reward { referral, order, customer, amount, .. }, "reward") => same(
                self.text("reward_stored", "referral") == referral
                    && self.text("reward_stored", "order_id") == order
                    && self.text("reward_stored", "customer").strip_prefix("c:") == Some(customer)
                    && self.number("reward_stored", "amount") == *amount,
            ),
            (Action::Void { .. }, "code") if there("code_stored") => Ok(nothing(Outcome::AlreadyDone)),
            (Action::Void { .. }, "code") => refused(Refusal::NotFound),
            (Action::Reserve { holder, .. } | Action::Redeem { holder, .. }, "code") => refused(self.why(holder)),
            (Action::Redeem { mirror, .. }, "redemption") => match (self.text("redemption_stored", "state"), mirror) {
                ("released", true) => Ok(nothing(Outcome::NothingToDo)),
                ("released", false) => refused(Refusal::AlreadyReleased),
                _ => Ok(nothing(Outcome::AlreadyDone)),
            },
            (Action::Cancel { .. } | Action::Reverse { .. }, "redemption" | "undone" | "early") => {
                if there("redemption_stored") {
                    Ok(nothing(Outcome::AlreadyDone))
                } else {
                    refused(Refusal::RedemptionNotFound)
                }
            }
            (Action::Reverse { .. }, "entry") => Ok(nothing(Outcome::AlreadyDone)),
            _ => match self.plan.steps.iter().find_map(|other| match &other.on_empty {
                OnEmpty::Refuse { refusal } if other.name == step => Some(*refusal),
                _ => None,
            }) {
                Some(refusal) => refused(refusal),
                None => Err(Error::at(
                    Code::InvalidState,
                    "stopped",
                    "The plan does not stop at such a step: these are the results of another plan.",
                )),
            },
        }
    }

    /// Why the code gave no use: its row says so.
    fn why(&self, holder: &Holder) -> Refusal {
        const ROW: &str = "code_stored";
        if self.row(ROW).is_none() {
            return Refusal::NotFound;
        }
        let now = self.plan.operation.now.unix();
        let customer = holder.customer.as_ref().map(|customer| format!("c:{customer}")).unwrap_or_default();
        let email = holder.email.as_ref().map(|email| format!("e:{email}")).unwrap_or_default();
        let is = |column: &str, who: &str| !who.is_empty() && self.text(ROW, column) == who;
        if is("referrer", &customer) || is("referrer_email", &email) {
            return Refusal::OwnCode;
        }
        if !self.text(ROW, "owner").is_empty() && !is("owner", &customer) {
            return Refusal::NotYours;
        }
        if self.row("held").is_some() {
            return Refusal::BooksBroken;
        }
        if self.number(ROW, "revoked") != 0 {
            return Refusal::Revoked;
        }
        if now < self.number(ROW, "starts_at") {
            return Refusal::NotStarted;
        }
        if now > self.number(ROW, "expires_at") {
            return Refusal::Expired;
        }
        if self.number(ROW, "available") <= 0 {
            return Refusal::LimitReached;
        }
        if self.number(ROW, "per_customer") != super::operation::UNLIMITED && !holder.is_known() {
            return Refusal::CustomerRequired;
        }
        // A use was free again when the row was read, a moment after it was not.
        Refusal::LimitReached
    }

    fn effects(&self) -> Vec<Effect> {
        let told = self.results.rows.get("outbox").into_iter().flatten();
        told.filter_map(|row| {
            let topic = row.get("topic").and_then(Cell::as_str)?;
            let topic = Topic::ALL.iter().find(|known| known.as_str() == topic)?;
            Some(Effect { topic: *topic, id: row.get("id").and_then(Cell::as_str)?.to_owned() })
        })
        .collect()
    }
}

const fn nothing(outcome: Outcome) -> Verdict {
    Verdict::Nothing { code: None, outcome }
}
