//! What do we know about this shop? Orders, scores, codes and previews together, as the studio and the tool show them.

mod plan;

pub use plan::PlanRequest;

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};

use crate::code::{self, Format, KeySet, Minter};
use crate::insert::Locale;
use crate::insert::parcel::Insert;
use crate::map::Map;
use crate::money::Minor;
use crate::offer::advise::{Adviser, Numbers};
use crate::offer::decision::Decision;
use crate::offer::economics::missing::{Given, Missing, missing};
use crate::offer::program::Program;
use crate::offer::publish::{PublishOptions, complete};
use crate::offer::request::{Consent, Facts, MomentAt, Request, RequestOrder, State, Subject};
use crate::offer::words::{Channel, Identity, Kind, Moment};
use crate::order::{Order, OrderKind};
use crate::reject::{Code, Error, Result};
use crate::score::model::{Model, Row, Summary};
use crate::score::stage::Stage;
use crate::score::tier::Tier;
use crate::score::{Options, Scored, Settings, from_orders};
use crate::time::{Day, Instant};

mod inserts;
pub mod value;

pub use inserts::{InsertTotals, InsertsRequest, OrderInsert};

/// A shop's orders and what was made of them.
#[derive(Debug, Clone)]
pub struct Shop {
    /// Purchases first to last; the place is the serial of the order's codes.
    orders: Vec<Order>,
    of_customer: HashMap<String, Vec<usize>>,
    scored: Option<Scored>,
    /// What it was scored by.
    settings: Settings,
    row_of: HashMap<String, usize>,
    codes: Option<Codes>,
}

/// The codes of every purchase, per option that carries one.
#[derive(Debug, Clone)]
struct Codes {
    options: Vec<String>,
    batch: u32,
    fingerprint: u64,
    by_option: Vec<Vec<String>>,
}

/// Which customers to list.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct CustomerQuery {
    /// Part of id or name, in any case.
    pub search: String,
    /// Only this tier.
    pub tier: Option<Tier>,
    /// Only this stage.
    pub stage: Option<Stage>,
    /// The order of the list.
    pub sort: Sort,
    /// How many to leave out.
    pub offset: usize,
    /// How many to list (50 when absent, 1,000 at most).
    pub limit: Option<usize>,
}

/// The order of a list of customers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sort {
    /// Most revenue after returns first.
    #[default]
    Value,
    /// Most orders first.
    Orders,
    /// Last order first.
    Recent,
    /// Highest average basket first.
    Basket,
    /// Highest lifetime value first; those without one last.
    Clv,
    /// By id.
    Id,
}

/// A part of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Page<T> {
    /// How many there are in all.
    pub total: usize,
    /// The asked part.
    pub rows: Vec<T>,
}

/// One order in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OrderView {
    /// Its id.
    pub id: String,
    /// Its number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// When it was placed.
    pub created_at: Instant,
    /// What it came to.
    pub total: Minor,
    /// What was paid back.
    pub refunded: Minor,
    /// Sale or return.
    pub kind: OrderKind,
    /// Where it went.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
}

/// One customer with her orders.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CustomerView {
    /// Scores, tier and stage.
    pub row: Row,
    /// Her orders, last first.
    pub orders: Vec<OrderView>,
}

/// What to preview.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PreviewRequest {
    /// The program as text.
    pub program_text: String,
    /// Now.
    pub now: Instant,
    /// Whose last purchase; or
    #[serde(default)]
    pub customer: Option<String>,
    /// which order.
    #[serde(default)]
    pub order: Option<String>,
    /// The switches.
    #[serde(default)]
    pub switches: Switches,
    /// The key set as text; without it there are no codes.
    #[serde(default)]
    pub keys_text: Option<String>,
    /// The batch of the first code option (default 1); further ones follow.
    #[serde(default = "one")]
    pub batch: u32,
    /// The page that greets a friend, where the program names none.
    #[serde(default)]
    pub friend_url: Option<String>,
}

const fn one() -> u32 {
    1
}

/// What a merchant may switch in a preview.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Switches {
    /// The moment of the page.
    pub moment: Moment,
    /// The language.
    pub locale: Option<Locale>,
    /// A complaint is open.
    pub open_problem: bool,
    /// The customer objected to advertising.
    pub objected: bool,
    /// As a guest: nothing is known but this order.
    pub guest: bool,
}

impl Default for Switches {
    fn default() -> Self {
        Self { moment: Moment::OrderCompleted, locale: None, open_problem: false, objected: false, guest: false }
    }
}

/// A thank-you page and a parcel insert, with their reasons.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Preview {
    /// The request as the page would send it.
    pub request: Request,
    /// The decision for the page.
    pub decision: Decision,
    /// What it costs and what was allowed.
    pub numbers: Numbers,
    /// The decision for the parcel.
    pub parcel: Decision,
    /// What that costs and what was allowed.
    pub parcel_numbers: Numbers,
    /// The insert; absent when nothing may be said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub insert: Option<Insert>,
    /// Paths of the program that were left to the default.
    pub assumptions: Vec<Cow<'static, str>>,
}

/// How many orders are thanked, and how.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Coverage {
    /// Purchases looked at, guests' and anonymous ones included.
    pub orders: usize,
    /// Those that get more than plain thanks on the page.
    pub more_than_thanks: usize,
    /// Those that get a code that verifies.
    pub with_code: usize,
    /// Those that get both.
    pub both: usize,
    /// How often each option was chosen.
    pub options: BTreeMap<String, usize>,
    /// The most that one order's thank-you costs, page and parcel together, in minor units.
    pub highest_cost: Minor,
    /// Orders whose thank-you costs more than the allowance: always 0.
    pub above_allowance: usize,
    /// What the merchant should fill in next, what matters most first.
    pub missing: Vec<Missing>,
}

impl Shop {
    /// Takes a shop's orders.
    #[must_use]
    pub fn new(mut orders: Vec<Order>) -> Self {
        orders.sort_by(|a, b| (!a.is_purchase(), a.created_at, &a.id).cmp(&(!b.is_purchase(), b.created_at, &b.id)));
        let mut of_customer: HashMap<String, Vec<usize>> = HashMap::new();
        for (index, order) in orders.iter().enumerate() {
            if let Some(customer) = &order.customer {
                of_customer.entry(customer.id.clone()).or_default().push(index);
            }
        }
        Self { orders, of_customer, scored: None, settings: Settings::default(), row_of: HashMap::new(), codes: None }
    }

    /// The orders.
    #[must_use]
    pub fn orders(&self) -> &[Order] {
        &self.orders
    }

    /// Scores every customer.
    ///
    /// # Errors
    /// Those of [`from_orders`].
    pub fn score(&mut self, options: &Options) -> Result<&Summary> {
        let scored = from_orders(&self.orders, options)?;
        self.settings = options.settings.clone();
        self.row_of = scored.rows.iter().enumerate().map(|(index, row)| (row.id.clone(), index)).collect();
        Ok(&self.scored.insert(scored).summary)
    }

    fn scored(&self) -> Result<&Scored> {
        self.scored.as_ref().ok_or_else(|| Error::new(Code::InvalidState, "The orders have not been scored yet."))
    }

    /// The model that was fitted.
    ///
    /// # Errors
    /// `invalid_state` before [`Shop::score`].
    pub fn model(&self) -> Result<&Model> {
        Ok(&self.scored()?.model)
    }

    /// Customers by search, tier and stage.
    ///
    /// # Errors
    /// `invalid_state` before [`Shop::score`].
    pub fn customers(&self, query: &CustomerQuery) -> Result<Page<Row>> {
        let needle = query.search.trim().to_lowercase();
        let mut found: Vec<&Row> = self
            .scored()?
            .rows
            .iter()
            .filter(|row| query.tier.is_none_or(|tier| row.tier == tier))
            .filter(|row| query.stage.is_none_or(|stage| row.stage == stage))
            .filter(|row| {
                needle.is_empty()
                    || row.id.to_lowercase().contains(&needle)
                    || row.name.as_ref().is_some_and(|name| name.to_lowercase().contains(&needle))
            })
            .collect();
        found.sort_by(|a, b| {
            let by = match query.sort {
                Sort::Value => (b.revenue - b.returned).cmp(&(a.revenue - a.returned)),
                Sort::Orders => b.orders.cmp(&a.orders),
                Sort::Recent => b.last_at.cmp(&a.last_at),
                Sort::Basket => b.basket.cmp(&a.basket),
                Sort::Clv => b.clv.cmp(&a.clv),
                Sort::Id => core::cmp::Ordering::Equal,
            };
            by.then_with(|| a.id.cmp(&b.id))
        });
        Ok(page(found.len(), found.into_iter(), query.offset, query.limit, Clone::clone))
    }

    /// One customer with her orders.
    ///
    /// # Errors
    /// `not_found` when no order names that customer; `invalid_state` before [`Shop::score`].
    pub fn customer(&self, id: &str) -> Result<CustomerView> {
        let row = self.row(id)?.ok_or_else(|| not_found("customer", id))?.clone();
        let mut orders: Vec<&Order> = self.orders_of(id).collect();
        orders.sort_by(|a, b| b.created_at.cmp(&a.created_at).then_with(|| a.id.cmp(&b.id)));
        Ok(CustomerView { row, orders: orders.into_iter().map(view).collect() })
    }

    /// Purchases that name no customer or a guest, last first.
    #[must_use]
    pub fn guests(&self, offset: usize, limit: Option<usize>) -> Page<OrderView> {
        let guest = |order: &&Order| order.is_purchase() && order.customer.as_ref().is_none_or(|c| c.guest);
        let total = self.orders.iter().filter(guest).count();
        page(total, self.orders.iter().rev().filter(guest), offset, limit, view)
    }

    /// One order.
    ///
    /// # Errors
    /// `not_found` when there is no order of this id.
    pub fn order(&self, id: &str) -> Result<OrderView> {
        self.orders.iter().find(|order| order.id == id).map(view).ok_or_else(|| not_found("order", id))
    }

    fn row(&self, id: &str) -> Result<Option<&Row>> {
        let scored = self.scored()?;
        Ok(self.row_of.get(id).map(|index| &scored.rows[*index]))
    }

    fn orders_of(&self, id: &str) -> impl DoubleEndedIterator<Item = &Order> {
        self.of_customer.get(id).into_iter().flatten().map(|index| &self.orders[*index])
    }

    /// A thank-you page and a parcel insert for one order.
    ///
    /// # Errors
    /// `not_found` for an unknown customer or order, or one without a purchase; what the program or the key set is
    /// refused for; `out_of_range` with more purchases than a batch has serials.
    pub fn preview(&mut self, request: &PreviewRequest) -> Result<Preview> {
        let adviser = self.adviser(&request.program_text, request.friend_url.as_deref(), request.now)?;
        let index = self.order_for(request)?;
        if let Some(keys) = &request.keys_text {
            self.mint(adviser.program(), &KeySet::parse(keys).map_err(|e| e.under("keysText"))?, request.batch)?;
        }
        let with_codes = request.keys_text.is_some();
        let page_request = self.request(&adviser, index, request.now, &request.switches, with_codes)?;
        let parcel_request = Request {
            moment: MomentAt { kind: Moment::ParcelPacked, at: page_request.moment.at },
            ..page_request.clone()
        };
        let (Some(page), Some(parcel)) =
            (adviser.decide(Channel::Page, &page_request), adviser.decide(Channel::Parcel, &parcel_request))
        else {
            return Err(Error::new(Code::InvalidState, "The program was published for neither page nor parcel."));
        };
        Ok(Preview {
            insert: inserts::insert(adviser.program(), &parcel.decision, &self.orders[index])?,
            request: page_request,
            decision: page.decision,
            numbers: page.numbers,
            parcel: parcel.decision,
            parcel_numbers: parcel.numbers,
            assumptions: page.assumptions,
        })
    }

    fn adviser(&self, program: &str, friend_url: Option<&str>, now: Instant) -> Result<Adviser> {
        let mut program = Program::parse(program).map_err(|error| error.under("program"))?;
        if program.shop.friend_url.is_none() {
            program.shop.friend_url = friend_url.map(str::to_owned);
        }
        let model = self.scored.as_ref().map(|scored| scored.model.clone());
        Adviser::new(program, model, &PublishOptions { now, audience: Channel::Page, days: 30, spent: Map::default() })
    }

    fn order_for(&self, request: &PreviewRequest) -> Result<usize> {
        match (&request.customer, &request.order) {
            (Some(id), _) => self
                .of_customer
                .get(id)
                .into_iter()
                .flatten()
                .rev()
                .copied()
                .find(|index| self.orders[*index].is_purchase())
                .ok_or_else(|| not_found("purchase of customer", id)),
            (None, Some(id)) => {
                self.orders.iter().position(|order| order.id == *id).ok_or_else(|| not_found("order", id))
            }
            (None, None) => {
                Err(Error::at(Code::MissingField, "customer", "Say whose thank-you it is: \"customer\" or \"order\"."))
            }
        }
    }

    /// The request for an order as its moment would send it.
    fn request(
        &self,
        adviser: &Adviser,
        index: usize,
        now: Instant,
        switches: &Switches,
        with_codes: bool,
    ) -> Result<Request> {
        let order = &self.orders[index];
        let customer = order.customer.as_ref().filter(|_| !switches.guest);
        let row = customer.map(|customer| self.row(&customer.id)).transpose()?.flatten();
        let number = customer.map_or(1, |customer| {
            let earlier = self.orders_of(&customer.id).filter(|other| other.is_purchase());
            earlier.take_while(|other| other.id != order.id).count() + 1
        });
        let mut facts = Facts {
            stage: row.map(|row| row.stage),
            tier: row.map(|row| row.tier),
            order_number: u32::try_from(number).ok(),
            days: row.and_then(|row| row.age_days).and_then(|days| u32::try_from(days).ok()),
            open_problem: switches.open_problem,
            ..Facts::default()
        };
        if with_codes && let Some(codes) = &self.codes {
            let own = codes.options.iter().zip(&codes.by_option);
            facts.codes = own.filter_map(|(id, all)| all.get(index).map(|code| (id.clone(), code.clone()))).collect();
        }
        let program = adviser.program();
        let stock = program.options.iter().filter_map(|o| o.stock.map(|stock| (o.id.clone(), stock))).collect();
        let locale = switches.locale.or_else(|| program.shop.locales.first().copied()).unwrap_or(Locale::En);
        Ok(Request {
            v: 1,
            now,
            locale: locale.as_str().to_owned(),
            moment: MomentAt { kind: switches.moment, at: now },
            subject: Subject {
                id: customer.map_or_else(|| order.id.clone(), |customer| customer.id.clone()),
                identity: if customer.is_some_and(|customer| !customer.guest) {
                    Identity::Login
                } else {
                    Identity::Order
                },
                name: order.customer.as_ref().and_then(|customer| customer.name.clone()),
            },
            consent: Consent { objected: switches.objected, ..Consent::default() },
            facts,
            order: Some(RequestOrder {
                id: Some(order.id.clone()),
                currency: order.currency,
                subtotal: order.subtotal,
                parcel: true,
                tags: Vec::new(),
                source: None,
                country: order.country.clone(),
            }),
            state: State {
                attempts: Some(0),
                last_option: None,
                sent: [Channel::Page, Channel::Parcel]
                    .into_iter()
                    .map(|channel| (channel.as_str().to_owned(), 0))
                    .collect(),
                stock,
                // Nothing is spent before what is looked at, as in a plan.
                spent: program.budgets.iter().map(|budget| (budget.id.clone(), 0)).collect(),
            },
        })
    }

    /// Mints one code per purchase and option that carries one; kept until keys, options or batch change.
    fn mint(&mut self, program: &Program, keys: &KeySet, batch: u32) -> Result<()> {
        let options: Vec<String> =
            complete(program).into_iter().filter(|option| option.kind.needs_code()).map(|option| option.id).collect();
        let first = Minter::new(keys, Format::C12, None, batch, 0)?.next().map(|minted| minted.code);
        let fingerprint = first.as_deref().map_or(0, fingerprint);
        let unchanged =
            |codes: &Codes| codes.options == options && codes.batch == batch && codes.fingerprint == fingerprint;
        if self.codes.as_ref().is_some_and(unchanged) {
            return Ok(());
        }
        let count = self.orders.iter().filter(|order| order.is_purchase()).count();
        let by_option = (batch..)
            .zip(&options)
            .map(|(batch, _)| {
                let codes: Vec<String> =
                    Minter::new(keys, Format::C12, None, batch, 0)?.take(count).map(|minted| minted.code).collect();
                if codes.len() < count {
                    return Err(Error::at(
                        Code::OutOfRange,
                        "batch",
                        "There are more orders than a batch has codes: export a shorter period.",
                    ));
                }
                Ok(codes)
            })
            .collect::<Result<_>>()?;
        self.codes = Some(Codes { options, batch, fingerprint, by_option });
        Ok(())
    }

    /// The codes of all purchases from a day on as CSV: one row per order and option that carries a code.
    ///
    /// # Errors
    /// What the program or the key set is refused for; `out_of_range` with more purchases than a batch has serials.
    pub fn codes_csv(&mut self, request: &CodesRequest) -> Result<String> {
        let adviser = self.adviser(&request.program_text, request.friend_url.as_deref(), request.now)?;
        let keys = KeySet::parse(&request.keys_text).map_err(|error| error.under("keysText"))?;
        self.mint(adviser.program(), &keys, request.batch)?;
        let Some(policy) = adviser.policy(Channel::Page) else {
            return Err(Error::new(Code::InvalidState, "The program was not published for pages."));
        };
        let mut csv = String::from("order,placed,customer,tier,stage,option,code,shown_code,link,valid_until\n");
        let codes = self.codes.as_ref();
        for (index, order) in self.orders.iter().enumerate().filter(|(_, order)| order.is_purchase()) {
            if request.since.is_some_and(|since| order.created_at.day() < since) {
                continue;
            }
            let customer = order.customer.as_ref().map_or("", |customer| customer.id.as_str());
            let row = self.row(customer)?;
            for (id, all) in codes.into_iter().flat_map(|codes| codes.options.iter().zip(&codes.by_option)) {
                let (Some(code), Some(option)) = (all.get(index), policy.options.iter().find(|o| o.id == *id)) else {
                    continue;
                };
                let link = (option.kind == Kind::Referral)
                    .then(|| policy.shop.friend_url.as_deref().map(|url| crate::offer::link(url, code)))
                    .flatten();
                let until = option.terms.as_ref().and_then(|terms| terms.until);
                let cells = [
                    Cow::Borrowed(order.id.as_str()),
                    Cow::Owned(order.created_at.to_string()),
                    Cow::Borrowed(customer),
                    Cow::Borrowed(row.map_or("", |row| row.tier.as_str())),
                    Cow::Borrowed(row.map_or("", |row| row.stage.as_str())),
                    Cow::Borrowed(id.as_str()),
                    Cow::Borrowed(code.as_str()),
                    Cow::Owned(code::check(code).shown_code.unwrap_or_default()),
                    Cow::Owned(link.unwrap_or_default()),
                    Cow::Owned(until.map(|until| until.to_string()).unwrap_or_default()),
                ];
                csv.push_str(&cells.map(|cell| csv_cell(&cell)).join(","));
                csv.push('\n');
            }
        }
        Ok(csv)
    }

    /// How many orders are thanked with more than plain thanks and with a code that verifies, guests included.
    ///
    /// # Errors
    /// As [`Shop::codes_csv`].
    pub fn coverage(&mut self, request: &CodesRequest) -> Result<Coverage> {
        let adviser = self.adviser(&request.program_text, request.friend_url.as_deref(), request.now)?;
        let keys = KeySet::parse(&request.keys_text).map_err(|error| error.under("keysText"))?;
        self.mint(adviser.program(), &keys, request.batch)?;
        let verifier = code::Verifier::new(&keys);
        let mut coverage = Coverage::default();
        let mut given = Given::default();
        for index in 0..self.orders.len() {
            if !self.orders[index].is_purchase() {
                break;
            }
            let page = self.request(&adviser, index, request.now, &Switches::default(), true)?;
            let number = page.facts.order_number;
            let parcel =
                Request { moment: MomentAt { kind: Moment::ParcelPacked, at: page.moment.at }, ..page.clone() };
            let decided = [(Channel::Page, page), (Channel::Parcel, parcel)]
                .into_iter()
                .filter_map(|(channel, request)| adviser.decide(channel, &request))
                .collect::<Vec<_>>();
            coverage.orders += 1;
            let Some(page) = decided.first().map(|decided| &decided.decision) else { continue };
            let more = page.main.as_ref().is_some_and(|main| main.kind != Kind::Thanks);
            let codes = page.main.iter().chain(&page.beside).filter_map(|chosen| chosen.code.as_deref());
            let coded = codes.into_iter().any(|code| verifier.verify(code).verdict == code::CodeVerdict::Ok);
            coverage.more_than_thanks += usize::from(more);
            coverage.with_code += usize::from(coded);
            coverage.both += usize::from(more && coded);
            let cost: Minor = decided.iter().map(|decided| decided.numbers.issue_cost).sum();
            let allowed = decided.iter().filter_map(|decided| decided.numbers.allowed).max().unwrap_or(0);
            coverage.highest_cost = coverage.highest_cost.max(cost);
            coverage.above_allowance += usize::from(cost > allowed);
            let number = number.unwrap_or(1);
            for one in &decided {
                if let Some(chosen) = &one.decision.main {
                    *coverage.options.entry(chosen.option.clone()).or_default() += 1;
                    given.count(&chosen.option, one.decision.channel, one.economics.stage, number);
                }
            }
        }
        coverage.missing = missing(adviser.program(), self.scored.as_ref().map(|scored| &scored.model), &given)?;
        Ok(coverage)
    }
}

/// Which codes to write.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CodesRequest {
    /// The program as text.
    pub program_text: String,
    /// The key set as text.
    pub keys_text: String,
    /// Now.
    pub now: Instant,
    /// The batch of the first code option (default 1); further ones follow.
    #[serde(default = "one")]
    pub batch: u32,
    /// Only purchases from this day on.
    #[serde(default)]
    pub since: Option<Day>,
    /// The page that greets a friend, where the program names none.
    #[serde(default)]
    pub friend_url: Option<String>,
}

fn page<'a, T: 'a, U>(
    total: usize,
    rows: impl Iterator<Item = &'a T>,
    offset: usize,
    limit: Option<usize>,
    show: impl Fn(&T) -> U,
) -> Page<U> {
    Page { total, rows: rows.skip(offset).take(limit.unwrap_or(50).min(1000)).map(show).collect() }
}

fn view(order: &Order) -> OrderView {
    OrderView {
        id: order.id.clone(),
        number: order.number.clone(),
        created_at: order.created_at,
        total: order.total,
        refunded: order.refunded,
        kind: order.kind,
        country: order.country.clone(),
    }
}

fn not_found(what: &str, id: &str) -> Error {
    Error::new(Code::NotFound, format!("There is no {what} \"{}\".", id.chars().take(40).collect::<String>()))
}

/// Tells whether keys or batch have changed without keeping them: the first code stands for both.
fn fingerprint(code: &str) -> u64 {
    code.bytes().fold(0, |hash: u64, byte| hash.wrapping_mul(33) ^ u64::from(byte))
}

/// A CSV cell: quoted where needed, and never a formula when a spreadsheet opens it.
#[must_use]
pub fn csv_cell(text: &str) -> String {
    let guarded = if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() };
    if guarded.contains([',', '"', '\n', '\r']) { format!("\"{}\"", guarded.replace('"', "\"\"")) } else { guarded }
}
