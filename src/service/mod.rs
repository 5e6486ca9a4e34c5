//! What may a shop's server be asked, and which operations on the books answer it?
//!
//! The server is transport, authentication, limits and clock; everything it says is said here. [`Service`] is the
//! program made ready: it reads the bodies of requests, turns people into keyed hashes before anything else sees them,
//! decides, and answers with operations for [`crate::books`].

mod answer;
mod ask;
mod claim;
mod person;
mod tell;

pub use answer::{
    ClaimAnswer, CodeAnswer, CustomerToken, ErasedAnswer, ExportAnswer, HealthAnswer, OrderAnswer, Refused, TokenAnswer,
};
pub use ask::{
    Buyer, BuyerSignals, ClaimAsk, LookUpAsk, OrderAsk, OrderAskCode, PersonAsk, RedeemAsk, ReferralAsk, ReleaseAsk,
    ReserveAsk, TokenAsk,
};
pub use claim::{Claim, Claimed};
pub use tell::told;

use serde::{Deserialize, Serialize};

use crate::books::{Action, BooksOperation, BooksOrderCode, BooksOrderEvent, Holder, OrderEventKind, order_event};
use crate::code::{self, KeySet, Verifier};
use crate::desk::ReferralEvent;
use crate::money::Currency;
use crate::offer::{Decision, Policy, Program, PublishOptions, Request, decide, publish};
use crate::referral::Person;
use crate::reject::{Code, Error, Result, parse_json};
use crate::score::model::Model;
use crate::time::Instant;

/// After how many seconds the policy is made anew, so that what it says of days stays true.
const POLICY_AGE: i64 = 3_600;

/// The program made ready to answer.
pub struct Service {
    program: Program,
    model: Option<Model>,
    keys: KeySet,
    verifier: Verifier,
    tenant: String,
    policy: Option<Policy>,
}

/// What the server adds to a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Context {
    /// The server's clock.
    pub now: Instant,
    /// The idempotency key, if the request has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
}

impl Service {
    /// Makes a program ready. `model` may be empty.
    ///
    /// # Errors
    /// What program, model or keys are refused for.
    pub fn new(program: &str, model: &str, keys: &str, tenant: &str) -> Result<Self> {
        let keys = KeySet::parse(keys).map_err(|error| error.under("keys"))?;
        Ok(Self {
            program: Program::parse(program).map_err(|error| error.under("program"))?,
            model: (!model.is_empty())
                .then(|| Model::parse(model))
                .transpose()
                .map_err(|error| error.under("model"))?,
            verifier: Verifier::new(&keys),
            keys,
            tenant: tenant.to_owned(),
            policy: None,
        })
    }

    /// The policy for pages as of now.
    ///
    /// # Errors
    /// As [`publish`].
    pub fn policy(&mut self, now: Instant) -> Result<&Policy> {
        let stale =
            self.policy.as_ref().is_none_or(|policy| !(0..POLICY_AGE).contains(&now.since(policy.published_at)));
        if stale {
            let options: PublishOptions = parse_json(&format!(r#"{{"now":"{now}"}}"#))?;
            self.policy = Some(publish(&self.program, self.model.as_ref(), &options)?);
        }
        self.policy.as_ref().ok_or_else(|| Error::new(Code::InvalidState, "There is no policy."))
    }

    /// Decides.
    ///
    /// # Errors
    /// What the request is refused for.
    pub fn decide(&mut self, request: &str) -> Result<Decision> {
        let request = Request::parse(request)?;
        Ok(decide(self.policy(request.now)?, &request))
    }

    /// The operation that holds a use.
    ///
    /// # Errors
    /// What the body is refused for.
    pub fn reserve(&self, context: Context, body: &str) -> Result<BooksOperation> {
        let ask: ReserveAsk = parse_json(body)?;
        if context.key.is_none() {
            let message = "A hold may be asked for more than once: the header Idempotency-Key tells a new one from a repeated one.";
            return Err(Error::at(Code::MissingField, "Idempotency-Key", message));
        }
        let action = Action::Reserve {
            code: self.code(&ask.code)?,
            holder: self.holder(&ask.buyer)?,
            ttl: ask.ttl,
            amount: ask.amount,
        };
        self.operation(context, action)
    }

    /// The operation by which an order takes a use.
    ///
    /// # Errors
    /// What the body is refused for.
    pub fn redeem(&self, context: Context, body: &str) -> Result<BooksOperation> {
        let ask: RedeemAsk = parse_json(body)?;
        let action = Action::Redeem {
            code: self.code(&ask.code)?,
            order: ask.order,
            holder: self.holder(&ask.buyer)?,
            amount: ask.amount,
            mirror: false,
        };
        self.operation(context, action)
    }

    /// The operation that ends a hold.
    ///
    /// # Errors
    /// What the body is refused for.
    pub fn release(&self, context: Context, body: &str) -> Result<BooksOperation> {
        let ask: ReleaseAsk = parse_json(body)?;
        let action = Action::Release { code: self.code(&ask.code)?, holder: self.holder(&ask.buyer)? };
        self.operation(context, action)
    }

    /// What an order's event comes to. `taken` are the codes that the books have for the order, where the event names
    /// none.
    ///
    /// # Errors
    /// What the body is refused for.
    pub fn order(&self, context: &Context, body: &str, taken: &[String]) -> Result<OrderTold> {
        let ask: OrderAsk = parse_json(body)?;
        let ours = |code: &BooksOrderCode| self.verifier.verify(&code.code).serial.is_some();
        let mut codes: Vec<BooksOrderCode> = ask
            .codes
            .iter()
            .filter_map(|code| Some(BooksOrderCode { code: code::check(&code.code).code?, amount: code.amount }))
            .filter(ours)
            .collect();
        if codes.is_empty() {
            codes = taken.iter().map(|code| BooksOrderCode { code: code.clone(), amount: None }).collect();
        }
        let friend = self.known("buyer", &ask.buyer)?;
        let event = BooksOrderEvent {
            v: 1,
            tenant: self.tenant.clone(),
            now: context.now,
            event: ask.event,
            order: ask.order,
            holder: self.holder(&ask.buyer)?,
            codes,
            total: ask.total,
            refunded: ask.refunded,
            keep: ask.keep,
        };
        let recommended = Recommended { friend, at: ask.at, new_friend: ask.new_friend, currency: ask.currency };
        told_of(&event, recommended)
    }

    /// The same for an event that a platform's webhook brought, in which the customer still is the shop's own id.
    ///
    /// # Errors
    /// What the event is refused for.
    pub fn platform_order(&self, context: &Context, event: &str, new_friend: Option<bool>) -> Result<OrderTold> {
        let mut event: BooksOrderEvent = parse_json(event)?;
        event.tenant.clone_from(&self.tenant);
        event.now = context.now;
        event.holder.customer =
            event.holder.customer.as_deref().map(|id| self.customer("holder.customer", id)).transpose()?;
        event.codes.retain(|code| self.verifier.verify(&code.code).serial.is_some());
        let Holder { customer, email, .. } = event.holder.clone();
        let friend = Person { customer, email, ..Person::default() };
        told_of(&event, Recommended { friend, at: None, new_friend, currency: None })
    }

    /// A friend came with a code, as recommendations are told of it.
    ///
    /// # Errors
    /// What the body is refused for.
    pub fn came(&self, body: &str) -> Result<ReferralEvent> {
        let ask: ReserveAsk = parse_json(body)?;
        Ok(ReferralEvent::Claim {
            code: self.code(&ask.code)?,
            friend: self.known("buyer", &ask.buyer)?,
            new_friend: None,
        })
    }

    /// An operation of this shop, checked.
    fn operation(&self, context: Context, action: Action) -> Result<BooksOperation> {
        let operation =
            BooksOperation { v: 1, tenant: self.tenant.clone(), key: context.key, now: context.now, action };
        operation.check().map_err(|error| match error.path.strip_prefix("action.") {
            Some(path) => Error::at(error.code, path.replace("holder", "buyer"), error.message),
            None => error,
        })?;
        Ok(operation)
    }

    /// The code as the books have it. A typing error is told, since everybody can find it; whether the code is one of
    /// ours only the books say, so that every answer takes the same way. An offer without a code is `offer:` and its id.
    fn code(&self, text: &str) -> Result<String> {
        if text.starts_with("offer:") {
            return Ok(text.to_owned());
        }
        let checked = code::check(text);
        checked.code.ok_or_else(|| {
            let message =
                format!("This is no code ({}): it was not typed as it was printed.", checked.verdict.as_str());
            Error::at(Code::InvalidValue, "code", message)
        })
    }
}

/// What an order's event comes to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OrderTold {
    /// What is to be done in the books, one after the other.
    pub operations: Vec<BooksOperation>,
    /// What recommendations are told then.
    pub recommendation: ReferralEvent,
}

/// What recommendations want to know of an order beside what the books do.
struct Recommended {
    friend: Person,
    at: Option<Instant>,
    new_friend: Option<bool>,
    currency: Option<Currency>,
}

fn told_of(event: &BooksOrderEvent, recommended: Recommended) -> Result<OrderTold> {
    let operations = order_event(event)?;
    let Recommended { friend, at, new_friend, currency } = recommended;
    let order = event.order.clone();
    let codes: Vec<String> = event.codes.iter().map(|code| code.code.clone()).collect();
    let recommendation = match event.event {
        OrderEventKind::Paid => {
            ReferralEvent::Paid { order, at, friend, codes, total: event.total, currency, new_friend }
        }
        OrderEventKind::Cancelled => ReferralEvent::Cancelled { order, at, friend, codes },
        OrderEventKind::Refunded => ReferralEvent::Refunded { order, friend, codes, refunded: event.refunded },
    };
    Ok(OrderTold { operations, recommendation })
}
