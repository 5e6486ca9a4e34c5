//! What is printed for each parcel? The inserts of many orders, one after the other, so that memory does not grow.

use serde::{Deserialize, Serialize};

use super::Shop;
use super::{Switches, not_found};
use crate::code::KeySet;
use crate::insert::parcel::{Brand, Insert};
use crate::insert::{Locale, budget, template};
use crate::map::Map;
use crate::offer::decision::Decision;
use crate::offer::program::Program;
use crate::offer::request::{MomentAt, Request};
use crate::offer::words::{Channel, Moment};
use crate::order::Order;
use crate::reject::{Code, Error, Result};
use crate::time::{Day, Instant};

/// Longest order number that is printed; a longer id says nothing to whoever packs.
const NUMBER: usize = 20;

/// Whose inserts to make.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct InsertsRequest {
    /// The program as text.
    pub program_text: String,
    /// The key set as text.
    pub keys_text: String,
    /// Now.
    pub now: Instant,
    /// The batch of the first code option (default 1); further ones follow.
    #[serde(default = "super::one")]
    pub batch: u32,
    /// Only purchases from this day on.
    #[serde(default)]
    pub since: Option<Day>,
    /// Only these orders, by id or number.
    #[serde(default)]
    pub only: Vec<String>,
    /// Only this many, the latest ones.
    #[serde(default)]
    pub limit: Option<usize>,
    /// The language; without it, the program's first.
    #[serde(default)]
    pub locale: Option<Locale>,
    /// The page that greets a friend, where the program names none.
    #[serde(default)]
    pub friend_url: Option<String>,
}

/// One order's insert.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderInsert {
    /// Which one of all, from 0.
    pub index: usize,
    /// How many there are in all.
    pub of: usize,
    /// The order's id.
    pub order: String,
    /// What is printed.
    pub insert: Insert,
}

/// What became of the orders.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct InsertTotals {
    /// Purchases asked for.
    pub orders: usize,
    /// Inserts made.
    pub inserts: usize,
    /// Those with a code.
    pub with_code: usize,
    /// Those of guests and of nobody known.
    pub guests: usize,
    /// Those that greet by name.
    pub greeted_by_name: usize,
    /// Those whose name was left out: too long, or in letters that cannot be printed.
    pub names_left_out: usize,
}

impl Shop {
    /// Makes the inserts of purchases in the order they were placed, and hands each one on. The same order gets the same
    /// code as in [`Shop::preview`] and [`Shop::codes_csv`]. `prints` says whether a name can be printed; where it cannot,
    /// the greeting does without it.
    ///
    /// # Errors
    /// What the program or the key set is refused for; `not_found` for an order that is not there; `too_large` when a
    /// text is longer than its block; `out_of_range` with more purchases than a batch has serials; what `each` fails with.
    pub fn inserts(
        &mut self,
        request: &InsertsRequest,
        prints: &dyn Fn(&str) -> bool,
        each: &mut dyn FnMut(OrderInsert) -> Result<()>,
    ) -> Result<InsertTotals> {
        let adviser = self.adviser(&request.program_text, request.friend_url.as_deref(), request.now)?;
        if let Some(finding) = crate::offer::check::too_long(adviser.program()).into_iter().next() {
            return Err(Error::at(Code::TooLarge, finding.path, format!("{} {}", finding.message, finding.remedy)));
        }
        let keys = KeySet::parse(&request.keys_text).map_err(|error| error.under("keysText"))?;
        self.mint(adviser.program(), &keys, request.batch)?;
        let wanted = self.wanted(request)?;
        let mut totals = InsertTotals { orders: wanted.len(), ..InsertTotals::default() };
        let switches = Switches { moment: Moment::ParcelPacked, locale: request.locale, ..Switches::default() };
        for (index, place) in wanted.iter().copied().enumerate() {
            let order = &self.orders[place];
            let mut asked = self.request(&adviser, place, request.now, &switches, true)?;
            asked.moment = MomentAt { kind: Moment::ParcelPacked, at: request.now };
            let named = asked.subject.name.take();
            let fits = |name: &String| name.chars().count() <= budget::GREETED && prints(name);
            asked.subject.name = named.clone().filter(fits);
            let decided = self.parcel(&adviser, &asked)?;
            let Some(insert) = insert(adviser.program(), &decided, order)? else { continue };
            totals.inserts += 1;
            totals.with_code += usize::from(insert.code.is_some());
            totals.guests += usize::from(order.customer.as_ref().is_none_or(|customer| customer.guest));
            totals.greeted_by_name += usize::from(asked.subject.name.is_some());
            totals.names_left_out += usize::from(named.is_some() && asked.subject.name.is_none());
            each(OrderInsert { index, of: wanted.len(), order: order.id.clone(), insert })?;
        }
        Ok(totals)
    }

    fn parcel(&self, adviser: &crate::offer::advise::Adviser, request: &Request) -> Result<Decision> {
        adviser
            .decide(Channel::Parcel, request)
            .map(|decided| decided.decision)
            .ok_or_else(|| Error::new(Code::InvalidState, "The program was not published for parcels."))
    }

    /// The places of the purchases that were asked for, the earliest first.
    fn wanted(&self, request: &InsertsRequest) -> Result<Vec<usize>> {
        let named = |order: &Order, name: &String| order.id == *name || order.number.as_ref() == Some(name);
        if let Some(missing) =
            request.only.iter().find(|name| !self.orders.iter().any(|order| order.is_purchase() && named(order, name)))
        {
            return Err(not_found("purchase", missing));
        }
        let mut wanted: Vec<usize> = self
            .orders
            .iter()
            .enumerate()
            .filter(|(_, order)| order.is_purchase())
            .filter(|(_, order)| request.since.is_none_or(|since| order.created_at.day() >= since))
            .filter(|(_, order)| request.only.is_empty() || request.only.iter().any(|name| named(order, name)))
            .map(|(place, _)| place)
            .collect();
        if let Some(limit) = request.limit {
            wanted.drain(..wanted.len().saturating_sub(limit));
        }
        Ok(wanted)
    }
}

/// The insert that says what was decided for the parcel.
pub(super) fn insert(program: &Program, decision: &Decision, order: &Order) -> Result<Option<Insert>> {
    let Some(main) = &decision.main else { return Ok(None) };
    let shop = &program.shop;
    let greeting = decision.labels.get("greeting").cloned();
    let settings = program.insert.as_ref();
    let about = |key: &str, placeholder: &str, of: Option<&Map<String>>| {
        let value = of?.get(decision.locale.as_str())?;
        let words = program.wording(decision.locale, key)?;
        let said = template::fill(&words, &|asked: &str| (asked == placeholder).then(|| value.clone()));
        Some(said).filter(|said| !said.is_empty())
    };
    let number = order.number.as_ref().unwrap_or(&order.id);
    let mut insert = Insert {
        v: 1,
        locale: decision.locale,
        brand: Brand {
            name: shop.name.clone(),
            tagline: shop.tagline.clone(),
            color: shop.color.clone(),
            logo: shop.logo.clone(),
        },
        headline: greeting.unwrap_or_else(|| main.text.headline.clone()),
        body: main.text.body.clone(),
        gift: main.kind.is_gift().then(|| main.text.headline.clone()),
        code: None,
        shown_code: None,
        code_text: None,
        link: None,
        short_link: None,
        qr_svg: None,
        conditions: None,
        contact: shop.contact.clone(),
        why: Some(main.text.why.clone()).filter(|why| !why.is_empty()),
        where_to_buy: about("insert.where_to_buy", "places", settings.map(|insert| &insert.where_to_buy)),
        services: about("insert.services", "services", settings.map(|insert| &insert.services)),
        order: Some(number.clone()).filter(|number| number.chars().count() <= NUMBER),
    };
    let coded = [decision.beside.as_ref(), Some(main)].into_iter().flatten().find(|chosen| chosen.code.is_some());
    if let Some(chosen) = coded {
        let (code, shown) = (chosen.code.clone().unwrap_or_default(), chosen.shown_code.clone().unwrap_or_default());
        let text = [Some(chosen.text.body.as_str()), chosen.text.notice.as_deref()];
        let text = text.into_iter().flatten().collect::<Vec<_>>().join(" ");
        insert.set_code(code, shown, text, chosen.link.clone().or_else(|| shop.url.clone()))?;
        insert.conditions = chosen.text.conditions.clone();
    }
    Ok(Some(insert))
}
