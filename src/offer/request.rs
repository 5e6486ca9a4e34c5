//! What does the page know about this moment? The request, and a reader that remembers which fields were looked at.

use core::cell::Cell;

use serde::{Deserialize, Serialize};

use crate::map::Map;
use crate::money::{Currency, Minor};
use crate::offer::words::{EmailConsent, Identity, Moment};
use crate::reject::{Code, Error, Result};
use crate::score::stage::Stage;
use crate::score::tier::Tier;
use crate::time::Instant;

/// A request for one decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Request {
    /// Version of this document: 1.
    pub v: u32,
    /// Now.
    pub now: Instant,
    /// The customer's language as a BCP 47 tag.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub locale: String,
    /// Why we may speak.
    pub moment: MomentAt,
    /// Who it is.
    pub subject: Subject,
    /// What the customer allowed.
    #[serde(default)]
    pub consent: Consent,
    /// What is known about the customer.
    #[serde(default)]
    pub facts: Facts,
    /// The order in front of us.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<RequestOrder>,
    /// Counters and stock, which the host keeps.
    #[serde(default)]
    pub state: State,
}

/// A moment and when it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MomentAt {
    /// Which.
    #[serde(rename = "type")]
    pub kind: Moment,
    /// When it was.
    pub at: Instant,
}

/// Who it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Subject {
    /// A pseudonymous id; the order id where there is no customer.
    pub id: String,
    /// How we know.
    pub identity: Identity,
    /// The name to greet with. No rule reads it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// What the customer allowed. Absent means: did not object, allowed nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Consent {
    /// Objected to advertising: always wins.
    pub objected: bool,
    /// Allowed a detailed profile.
    pub profiling: bool,
    /// E-mail.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<EmailConsent>,
    /// Why somebody counts as an existing customer: all four conditions have to hold.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub existing_customer: Option<ExistingCustomer>,
    /// Individual advertisements.
    pub ads: bool,
    /// Calls.
    pub phone: bool,
    /// Storing something on the device.
    pub storage: bool,
}

/// The four conditions under which an existing customer may get mail without having asked for it (UWG § 7(3)). What is
/// not said does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct ExistingCustomer {
    /// The address was given with a purchase.
    pub address_from_sale: bool,
    /// The mail is about own goods that are similar to what was bought.
    pub similar_goods: bool,
    /// She has not objected.
    pub no_objection: bool,
    /// She was told that she can object, when the address was taken and in every mail.
    pub notified: bool,
}

/// What is known about the customer. Nothing here is needed: a guest has none of it and is thanked all the same.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Facts {
    /// Stage; without it the order number tells.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stage: Option<Stage>,
    /// Tier.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tier: Option<Tier>,
    /// Which order of this customer this is, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order_number: Option<u32>,
    /// Days since the first order.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub days: Option<u32>,
    /// A complaint, a return or a late parcel is open.
    pub open_problem: bool,
    /// The code that was minted for this order; it is the referral option's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// Codes of other options, by option id.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub codes: Map<String>,
}

/// The order in front of us.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RequestOrder {
    /// Its id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Its currency.
    pub currency: Currency,
    /// The goods after discounts, in minor units.
    pub subtotal: Minor,
    /// Whether a parcel goes out.
    #[serde(default)]
    pub parcel: bool,
    /// Tags of its products.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// Where it was placed: `shop`, `marketplace`, `third_party` or a source of the host's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Where it goes, two letters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
}

/// Counters and stock. What is absent counts as at the cap for everything that promotes, and as zero for plain thanks.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct State {
    /// Attempts for this prospect and product.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attempts: Option<u32>,
    /// The option chosen last time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_option: Option<String>,
    /// How often something promoting was said in the last seven days, by channel.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub sent: Map<u32>,
    /// How many are left, by option id.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub stock: Map<u32>,
    /// What is spent in the running period, by budget of the program, in minor units. Only a decision by program reads
    /// it: policies know no budget.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub spent: Map<u32>,
}

/// How far a moment may lie ahead of `now` before the request is refused, in seconds: clocks differ.
const CLOCK_SKEW: i64 = 300;

impl Request {
    /// Reads a request from text.
    ///
    /// # Errors
    /// `unsupported_version`, or what [`crate::reject::parse_json`] gives, or what [`Request::checked`] finds.
    pub fn parse(text: &str) -> Result<Self> {
        match super::policy::check_version(&mut serde_json::Deserializer::from_str(text), "request") {
            Err(error) if error.code == Code::UnsupportedVersion => return Err(error),
            _ => {}
        }
        crate::reject::parse_json::<Self>(text)?.checked()
    }

    /// Checks what types cannot: a moment that has not come yet, an order worth less than nothing, an order number 0.
    ///
    /// # Errors
    /// `date_in_future` or `invalid_value`, with the path.
    pub fn checked(self) -> Result<Self> {
        if self.moment.at.since(self.now) > CLOCK_SKEW {
            return Err(Error::at(Code::DateInFuture, "moment.at", "The moment lies after \"now\"."));
        }
        if self.order.as_ref().is_some_and(|order| order.subtotal < 0) {
            return Err(Error::at(Code::InvalidAmount, "order.subtotal", "An order is never worth less than nothing."));
        }
        if self.facts.order_number == Some(0) {
            return Err(Error::at(Code::InvalidValue, "facts.orderNumber", "Order numbers count from 1."));
        }
        Ok(self)
    }
}

macro_rules! fields {
    ($($field:ident = $path:literal),+ $(,)?) => {
        /// A field of the request that a rule may look at.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[repr(u8)]
        pub(super) enum Field { $($field),+ }

        const PATHS: &[&str] = &[$($path),+];
    };
}

fields! {
    MomentType = "moment.type",
    MomentAt = "moment.at",
    Identity = "subject.identity",
    Objected = "consent.objected",
    Profiling = "consent.profiling",
    Email = "consent.email",
    AddressFromSale = "consent.existingCustomer.addressFromSale",
    SimilarGoods = "consent.existingCustomer.similarGoods",
    NoObjection = "consent.existingCustomer.noObjection",
    Notified = "consent.existingCustomer.notified",
    Ads = "consent.ads",
    Phone = "consent.phone",
    Stage = "facts.stage",
    Tier = "facts.tier",
    OrderNumber = "facts.orderNumber",
    OpenProblem = "facts.openProblem",
    Code = "facts.code",
    Codes = "facts.codes",
    OrderCurrency = "order.currency",
    OrderSubtotal = "order.subtotal",
    OrderParcel = "order.parcel",
    OrderTags = "order.tags",
    OrderSource = "order.source",
    OrderCountry = "order.country",
    Attempts = "state.attempts",
    LastOption = "state.lastOption",
    Sent = "state.sent",
    Stock = "state.stock",
    Spent = "state.spent",
    OrderId = "order.id",
    SubjectId = "subject.id",
    Now = "now",
}

impl Field {
    pub(super) const fn path(self) -> &'static str {
        PATHS[self as usize]
    }
}

/// Reads the request field by field and remembers which: the trace lists what was truly looked at.
pub(super) struct Reader<'a> {
    request: &'a Request,
    read: Cell<u64>,
}

impl<'a> Reader<'a> {
    pub(super) const fn new(request: &'a Request) -> Self {
        Self { request, read: Cell::new(0) }
    }

    fn mark(&self, field: Field) {
        self.read.set(self.read.get() | (1 << field as u8));
    }

    /// The paths looked at so far, in the order of the document.
    pub(super) fn paths(&self) -> Vec<&'static str> {
        (0..PATHS.len()).filter(|bit| self.read.get() & (1 << bit) != 0).map(|bit| PATHS[bit]).collect()
    }

    pub(super) fn now(&self) -> Instant {
        self.mark(Field::Now);
        self.request.now
    }

    pub(super) fn moment(&self) -> Moment {
        self.mark(Field::MomentType);
        self.request.moment.kind
    }

    pub(super) fn moment_at(&self) -> Instant {
        self.mark(Field::MomentAt);
        self.request.moment.at
    }

    pub(super) fn subject_id(&self) -> &'a str {
        self.mark(Field::SubjectId);
        &self.request.subject.id
    }

    pub(super) fn identity(&self) -> Identity {
        self.mark(Field::Identity);
        self.request.subject.identity
    }

    pub(super) fn objected(&self) -> bool {
        self.mark(Field::Objected);
        self.request.consent.objected
    }

    pub(super) fn profiling(&self) -> bool {
        self.mark(Field::Profiling);
        self.request.consent.profiling
    }

    pub(super) fn email(&self) -> Option<EmailConsent> {
        self.mark(Field::Email);
        self.request.consent.email
    }

    /// The first condition of an existing customer that does not hold.
    pub(super) fn not_existing_customer(&self) -> Option<Field> {
        let held = self.request.consent.existing_customer.unwrap_or_default();
        [
            (Field::AddressFromSale, held.address_from_sale),
            (Field::SimilarGoods, held.similar_goods),
            (Field::NoObjection, held.no_objection),
            (Field::Notified, held.notified),
        ]
        .into_iter()
        .find_map(|(field, holds)| {
            self.mark(field);
            (!holds).then_some(field)
        })
    }

    pub(super) fn ads(&self) -> bool {
        self.mark(Field::Ads);
        self.request.consent.ads
    }

    pub(super) fn phone(&self) -> bool {
        self.mark(Field::Phone);
        self.request.consent.phone
    }

    /// The stage; where none is given, the order number tells: a first order makes a first buyer.
    pub(super) fn stage(&self) -> Stage {
        self.mark(Field::Stage);
        self.request.facts.stage.unwrap_or_else(|| match self.order_number() {
            Some(1) => Stage::FirstBuyer,
            Some(_) => Stage::Relationship,
            None if self.request.order.is_some() => Stage::FirstBuyer,
            None => Stage::Interested,
        })
    }

    pub(super) fn tier(&self) -> Tier {
        self.mark(Field::Tier);
        self.request.facts.tier.unwrap_or(Tier::None)
    }

    pub(super) fn order_number(&self) -> Option<u32> {
        self.mark(Field::OrderNumber);
        self.request.facts.order_number
    }

    pub(super) fn open_problem(&self) -> bool {
        self.mark(Field::OpenProblem);
        self.request.facts.open_problem
    }

    /// The code of an option: its own, or the order's for the referral.
    pub(super) fn code(&self, option: &str, is_referral: bool) -> Option<&'a str> {
        self.mark(Field::Codes);
        let own = self.request.facts.codes.get(option);
        if own.is_some() || !is_referral {
            return own.map(String::as_str);
        }
        self.mark(Field::Code);
        self.request.facts.code.as_deref()
    }

    pub(super) const fn order(&self) -> Option<&'a RequestOrder> {
        self.request.order.as_ref()
    }

    pub(super) fn order_field<T>(&self, field: Field, read: impl FnOnce(&'a RequestOrder) -> T) -> Option<T> {
        self.mark(field);
        self.request.order.as_ref().map(read)
    }

    pub(super) fn attempts(&self) -> Option<u32> {
        self.mark(Field::Attempts);
        self.request.state.attempts
    }

    pub(super) fn last_option(&self) -> Option<&'a str> {
        self.mark(Field::LastOption);
        self.request.state.last_option.as_deref()
    }

    pub(super) fn sent(&self, channel: &str) -> Option<u32> {
        self.mark(Field::Sent);
        self.request.state.sent.get(channel).copied()
    }

    pub(super) fn spent(&self, budget: &str) -> Option<u32> {
        self.mark(Field::Spent);
        self.request.state.spent.get(budget).copied()
    }

    /// What a surprise hangs on: the order, or the customer where there is no order id.
    pub(super) fn occasion(&self) -> (Field, &'a str) {
        match self.order_field(Field::OrderId, |order| order.id.as_deref()).flatten() {
            Some(id) => (Field::OrderId, id),
            None => (Field::SubjectId, self.subject_id()),
        }
    }

    pub(super) fn stock(&self, option: &str) -> Option<u32> {
        self.mark(Field::Stock);
        self.request.state.stock.get(option).copied()
    }
}
