//! Which recommendation is owed what, by order exports alone? The whole programme without a server: exports in, who is owed
//! and who is not, with the reason, and the codes to import. The next export goes on where this one ended.
//!
//! Everything that an export shows is told first, then time passes: a reward is granted only when nothing in sight speaks
//! against it. The state is the books in memory; every decision is made by the same functions as in a server.

mod differences;
mod history;
mod rewards;
mod whose;

pub use differences::{Difference, DifferenceKind};
pub use history::Placed;
pub use rewards::{RewardCode, RewardFile};

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::books::{Action, BooksOperation, Memory, Table};
use crate::code::KeySet;
use crate::desk::{self, ReferralAnswer, ReferralCall, ReferralEvent};
use crate::money::{Currency, Minor};
use crate::offer::Program;
use crate::order::{Order, OrderKind, OrderStatus};
use crate::price::Platform;
use crate::referral::{Person, Reason, Referral, Side, SignalKind, State, Terms};
use crate::reject::{Code, Error, Result, parse_json};
use crate::time::Instant;

use history::History;
use whose::Whose;

/// Whose books they are: a shop alone.
const TENANT: &str = "shop";

/// What settles.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SettleRequest {
    /// The program as text.
    pub program_text: String,
    /// The key set as text.
    pub keys_text: String,
    /// Now.
    pub now: Instant,
    /// The batch of the first code option (default 1), as the inserts were made.
    #[serde(default = "one")]
    pub batch: u32,
    /// The batch that codes for rewards come from (default 4,095).
    #[serde(default = "last")]
    pub reward_batch: u32,
    /// Codes that were given out otherwise than one for each purchase of the export.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub codes: Vec<GivenCode>,
    /// The books as the last run left them, as text; absent, new ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub books_text: Option<String>,
    /// The platform that takes the codes for rewards over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub platform: Option<Platform>,
    /// The platform's own id of the promotion: needed where codes are imported into one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub promotion_id: Option<String>,
    /// Flagged recommendations that somebody looked at and passed, by id.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub approve: Vec<String>,
    /// Flagged recommendations that somebody looked at and rejected, by id.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub void: Vec<String>,
}

const fn one() -> u32 {
    1
}

const fn last() -> u32 {
    4095
}

/// A code and whose it is: what `zugabe mint --for` writes, as far as it is needed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct GivenCode {
    /// The code, in any spelling.
    pub code: String,
    /// The order it was given with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<String>,
    /// The customer it was given to; absent, the one of the order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer: Option<String>,
}

/// The books between two runs.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SettleBooks {
    /// Version of this document: 1.
    pub v: u32,
    /// The rows of every table.
    pub tables: Memory,
    /// The first purchase of everybody who ever ordered, by keyed name.
    #[serde(default)]
    pub first: BTreeMap<String, Placed>,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Settled {
    /// Version of this document: 1.
    pub v: u32,
    /// Until when everything was looked at.
    pub now: Instant,
    /// The currency of all amounts.
    pub currency: Currency,
    /// How many are where.
    pub totals: Totals,
    /// Every recommendation, the friend who came first first.
    pub referrals: Vec<Settlement>,
    /// Rewards that this run granted.
    pub rewards: Vec<RewardCode>,
    /// Rewards that this run took back.
    pub taken_back: Vec<RewardCode>,
    /// Files for the platform, with the codes that this run made.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<RewardFile>,
    /// Where orders and books do not agree.
    pub differences: Vec<Difference>,
    /// The books, for the next run.
    #[serde(skip)]
    pub books: SettleBooks,
}

/// How many are where.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Totals {
    /// Orders that were read.
    pub orders: usize,
    /// Those with a code that somebody passed on.
    pub with_code: usize,
    /// Recommendations by state.
    pub states: BTreeMap<&'static str, usize>,
    /// Those that were refused or taken back, by reason.
    pub reasons: BTreeMap<&'static str, usize>,
    /// Rewards granted in this run.
    pub granted: usize,
    /// What they cost, in minor units.
    pub granted_cost: Minor,
    /// Rewards taken back in this run.
    pub taken_back: usize,
    /// What they had cost, in minor units.
    pub taken_back_cost: Minor,
}

/// One recommendation as a merchant reads it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Settlement {
    /// Its id.
    pub id: String,
    /// The code.
    pub code: String,
    /// Who recommends.
    pub referrer: String,
    /// The friend.
    pub friend: String,
    /// The friend's order.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order: Option<String>,
    /// How far it has come.
    pub state: State,
    /// Why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
    /// In words.
    pub why: String,
    /// When the order is certain.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due_at: Option<Instant>,
    /// What speaks against it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub signals: Vec<SignalKind>,
    /// What it brought, in minor units of cost, as long as it stands.
    pub cost: Minor,
}

/// Settles: see [`SettleRequest`].
///
/// # Errors
/// What program, keys or books are refused for; `contradiction` under `orders` when the export begins with other orders
/// than the last one; `out_of_range` when a batch is used up.
pub fn settle(orders: &[Order], request: &SettleRequest) -> Result<Settled> {
    let program = Program::parse(&request.program_text).map_err(|error| error.under("programText"))?;
    let keys = KeySet::parse(&request.keys_text).map_err(|error| error.under("keysText"))?;
    let books = match request.books_text.as_deref().filter(|text| !text.trim().is_empty()) {
        Some(text) => read_books(text).map_err(|error| error.under("booksText"))?,
        None => SettleBooks { v: 1, ..SettleBooks::default() },
    };
    let terms = program.referral_terms();
    let mut desk = Desk { books: books.tables, terms, now: request.now };
    let history = History::new(orders, books.first);
    let whose = Whose::new(&program, &keys, request, &history)?;
    let before = standing(&desk.books);
    let mut differences = differences::Found::default();

    desk.define()?;
    let mut with_code = 0;
    for order in history.sales() {
        let codes = whose.codes_of(order);
        with_code += usize::from(codes.iter().any(|code| whose.is_passed_on(code)));
        desk.order(order, &codes, &whose, &history, &mut differences)?;
    }
    for (ids, approve) in [(&request.approve, true), (&request.void, false)] {
        for (index, id) in ids.iter().enumerate() {
            desk.word(id, approve)
                .map_err(|error| error.under(&format!("{}[{index}]", if approve { "approve" } else { "void" })))?;
        }
    }
    desk.pass()?;

    let made = rewards::make(&mut desk, &before, &program, &keys, request)?;
    differences.look(&desk.books, &history, &whose);
    Ok(Settled {
        v: 1,
        now: request.now,
        currency: program.shop.currency,
        totals: Totals {
            orders: orders.len(),
            with_code,
            granted: made.granted.len(),
            granted_cost: made.granted.iter().map(|reward| reward.cost).sum(),
            taken_back: made.taken_back.len(),
            taken_back_cost: made.taken_back.iter().map(|reward| reward.cost).sum(),
            ..totals(&desk.books)?
        },
        referrals: settlements(&desk.books, &desk.terms)?,
        rewards: made.granted,
        taken_back: made.taken_back,
        files: made.files,
        differences: differences.finish(),
        books: SettleBooks { v: 1, tables: desk.books, first: history.into_first() },
    })
}

/// [`settle`] with the [`SettleRequest`] as text; the books come back beside it, as text.
///
/// # Errors
/// Those of [`parse_json`] and [`settle`].
pub fn settle_text(orders: &[Order], request: &str) -> Result<(Settled, String)> {
    let settled = settle(orders, &parse_json(request)?)?;
    let books = crate::canonical::text(&settled.books)?;
    Ok((settled, books))
}

fn read_books(text: &str) -> Result<SettleBooks> {
    let books: SettleBooks = parse_json(text)?;
    if books.v != 1 {
        let message = format!("These books have version {}, this release reads version 1.", books.v);
        return Err(Error::at(Code::UnsupportedVersion, "v", message));
    }
    let audit = books.tables.verify();
    if let Some(finding) = audit.findings.first() {
        let message = format!(
            "These books were changed by hand: {} of {} is {}, its entries come to {}.",
            finding.column,
            finding.table.as_str(),
            finding.row,
            finding.entries
        );
        return Err(Error::at(Code::InvalidState, "tables", message));
    }
    Ok(books)
}

/// The books with the terms they are kept by.
struct Desk {
    books: Memory,
    terms: Terms,
    now: Instant,
}

impl Desk {
    fn tell(&mut self, now: Instant, event: ReferralEvent) -> Result<ReferralAnswer> {
        let call = ReferralCall { v: 1, tenant: TENANT.to_owned(), now, terms: self.terms.clone(), event };
        desk::apply(&mut self.books, &call)
    }

    fn act(&mut self, action: Action) -> Result<crate::books::BooksAnswer> {
        let operation = BooksOperation { v: 1, tenant: TENANT.to_owned(), key: None, now: self.now, action };
        Ok(self.books.apply(operation)?.answer)
    }

    /// What the terms need to be there.
    fn define(&mut self) -> Result<()> {
        self.act(Action::Campaign { campaign: rewards::CAMPAIGN.to_owned(), uses: None, codes: None })?;
        if let Some(budget) = self.terms.budget.clone()
            && self.books.rows(Table::Budget).all(|row| row["budget"] != budget.as_str())
        {
            let granted = self.terms.budget_amount.unwrap_or(0);
            self.act(Action::Budget { budget, granted })?;
        }
        Ok(())
    }

    /// Tells all that an export says of an order.
    fn order(
        &mut self,
        order: &Order,
        codes: &[String],
        whose: &Whose,
        history: &History<'_>,
        differences: &mut differences::Found,
    ) -> Result<()> {
        let passed_on: Vec<&String> = codes.iter().filter(|code| whose.is_passed_on(code)).collect();
        let friend = history::person(order);
        if passed_on.is_empty() && !self.knows(order, &friend) {
            return Ok(());
        }
        for code in &passed_on {
            let Some(owner) = whose.owner(code) else {
                differences.add(DifferenceKind::NobodysCode, code, Some(&order.id));
                continue;
            };
            let shared = ReferralEvent::Share { code: (*code).clone(), referrer: owner.person.clone() };
            let answer = self.tell(owner.at, shared)?;
            if answer.referral.is_some_and(|referral| !referral.referrer.is(&owner.person)) {
                return Err(Error::at(
                    Code::Contradiction,
                    "orders",
                    "A code belongs to somebody else than in the books: this export begins with other orders than the \
                     last one. Export all orders from the first one on, as the inserts were made.",
                ));
            }
        }
        let new_friend = history.is_first(order, &friend);
        let paid = order.paid_at.or_else(|| (order.status != OrderStatus::Open).then_some(order.created_at));
        let paid = paid.filter(|_| order.status != OrderStatus::Cancelled || order.paid_at.is_some());
        let id = || order.id.clone();
        match paid {
            Some(at) => {
                let paid = ReferralEvent::Paid {
                    order: id(),
                    at: Some(at),
                    friend: friend.clone(),
                    codes: codes.to_vec(),
                    total: order.total,
                    currency: Some(order.currency),
                    new_friend,
                };
                let answer = self.tell(order.created_at, paid)?;
                differences.compare(order, history.refunded(order), &answer);
            }
            // Not paid, or never was: somebody came, that is all.
            None if order.cancelled_at.is_none() && order.status != OrderStatus::Cancelled => {
                for code in passed_on {
                    let claim = ReferralEvent::Claim { code: code.clone(), friend: friend.clone(), new_friend };
                    self.tell(order.created_at, claim)?;
                }
                return Ok(());
            }
            None => return Ok(()),
        }
        let refunded = history.refunded(order);
        if refunded > 0 {
            let refund =
                ReferralEvent::Refunded { order: id(), friend: friend.clone(), codes: codes.to_vec(), refunded };
            self.tell(self.now, refund)?;
        }
        if order.cancelled_at.is_some() || order.status == OrderStatus::Cancelled {
            let at = order.cancelled_at.unwrap_or(self.now);
            let cancelled = ReferralEvent::Cancelled { order: id(), at: Some(at), friend, codes: codes.to_vec() };
            self.tell(self.now, cancelled)?;
        }
        Ok(())
    }

    /// Whether an order without a code may still be about a recommendation: by itself, or by who ordered.
    fn knows(&self, order: &Order, friend: &Person) -> bool {
        let linked = |kind: &str, value: &str| self.books.has_link(TENANT, kind, value);
        linked("order", &order.id) || friend.names().iter().any(|name| linked("friend", name))
    }

    fn word(&mut self, id: &str, approve: bool) -> Result<()> {
        let referral = id.to_owned();
        let event = if approve { ReferralEvent::Approve { referral } } else { ReferralEvent::Void { referral } };
        let answer = self.tell(self.now, event)?;
        if answer.referral.is_none() {
            return Err(Error::new(Code::NotFound, "There is no recommendation with this id."));
        }
        match answer.illegal {
            None => Ok(()),
            Some(why) => Err(Error::new(
                Code::InvalidState,
                format!("This recommendation waits for nobody's word ({}).", why.as_str()),
            )),
        }
    }

    /// Time passes for all that are due, the first one first.
    fn pass(&mut self) -> Result<()> {
        for due in self.tell(self.now, ReferralEvent::Due)?.referrals.unwrap_or_default() {
            self.tell(self.now, ReferralEvent::Tick { referral: due.id })?;
        }
        Ok(())
    }
}

/// Every recommendation that somebody came by.
fn referrals(books: &Memory) -> Result<Vec<Referral>> {
    let mut all = Vec::new();
    for row in books.rows(Table::Referral).filter(|row| row["state"] != "shared") {
        let referral: Referral = parse_json(row["document"].as_str().unwrap_or_default())?;
        all.push(referral);
    }
    all.sort_by(|a, b| (a.claimed_at, &a.id).cmp(&(b.claimed_at, &b.id)));
    Ok(all)
}

/// Rewards that stand.
fn standing(books: &Memory) -> BTreeSet<String> {
    let granted = books.rows(Table::Reward).filter(|row| row["state"] == "granted");
    granted.filter_map(|row| row["reward"].as_str().map(str::to_owned)).collect()
}

fn totals(books: &Memory) -> Result<Totals> {
    let mut totals = Totals::default();
    for referral in referrals(books)? {
        *totals.states.entry(referral.state.as_str()).or_default() += 1;
        if let Some(reason) = referral.reason {
            *totals.reasons.entry(reason.as_str()).or_default() += 1;
        }
    }
    Ok(totals)
}

fn settlements(books: &Memory, terms: &Terms) -> Result<Vec<Settlement>> {
    let one = |it: Referral| Settlement {
        why: why(&it, terms),
        due_at: it.due_at(terms).filter(|_| !it.state.is_final()),
        referrer: it.referrer.name().unwrap_or_default(),
        friend: it.friend.as_ref().and_then(Person::name).unwrap_or_default(),
        order: it.order.as_ref().map(|order| order.id.clone()),
        state: it.state,
        reason: it.reason,
        signals: it.signals.iter().map(|signal| signal.kind).collect(),
        cost: if it.state == State::Rewarded { it.granted.iter().map(|grant| grant.what.cost()).sum() } else { 0 },
        id: it.id,
        code: it.code,
    };
    Ok(referrals(books)?.into_iter().map(one).collect())
}

/// Where it stands, in words.
fn why(it: &Referral, terms: &Terms) -> String {
    let day = |at: Option<Instant>| at.map(|at| at.day().to_string()).unwrap_or_default();
    if let Some(reason) = it.reason {
        return reason.words().to_owned();
    }
    match it.state {
        State::Shared => "Nobody has come with this code.".to_owned(),
        State::Claimed => format!("The friend has not paid an order yet, and may until {}.", day(it.claim_ends(terms))),
        State::Pending => format!("The friend's order is certain from {} on.", day(it.due_at(terms))),
        State::Qualified => "The order was kept. Nothing is owed for it.".to_owned(),
        State::Rewarded => {
            let friend = it.granted.iter().any(|grant| grant.side == Side::Friend);
            let both = if friend { "both sides were rewarded" } else { "the reward was granted" };
            format!("The order was kept: {both}.")
        }
        State::Flagged | State::Rejected | State::Reversed => String::new(),
    }
}

/// A sale that counts as one at all: no test, and not a return without an order.
fn is_sale(order: &Order) -> bool {
    order.kind == OrderKind::Sale && !order.test
}
