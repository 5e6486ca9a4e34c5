//! What has this customer done so far? The fold of one customer's orders, mergeable in any order.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Order, OrderKind};
use crate::money::{Currency, MAX_MINOR, Minor};
use crate::reject::{Code, Error, Result};
use crate::time::zone::{DayCut, Zone};
use crate::time::{Day, Instant};
use crate::word::words;

/// How many of the earliest purchases a history remembers one by one. Reorder rates are told for order numbers 1 to
/// 10; the rest is a margin.
pub const EARLIEST: usize = 13;

words! {
    /// The unit in which ages, recencies and rates are counted.
    Unit {
        /// Days.
        Day = "day",
        /// Weeks of seven days; parts of a week count.
        Week = "week",
    }
}

impl Unit {
    /// How many days it has.
    #[must_use]
    pub const fn days(self) -> f64 {
        match self {
            Self::Day => 1.0,
            Self::Week => 7.0,
        }
    }
}

words! {
    /// What several orders on one local day are.
    SameDay {
        /// One purchase.
        Merge = "merge",
        /// As many purchases.
        Keep = "keep",
    }
}

words! {
    /// What refunds and returns do to the amounts.
    Returns {
        /// They are taken off.
        Netted = "netted",
        /// They are left out of the reckoning.
        Ignored = "ignored",
    }
}

words! {
    /// What an order of nothing is: a free sample, a replacement.
    ZeroAmounts {
        /// No purchase.
        LeaveOut = "leave_out",
        /// A purchase like any other.
        Count = "count",
    }
}

/// How orders become a history: everything that must be decided before customers can be compared. The end of the
/// observation is said where it is scored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct HistoryPolicy {
    /// The unit of `frequency`, `recency` and `T`: weeks.
    pub unit: Unit,
    /// The shop's IANA time zone, in which days begin and end; UTC when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<String>,
    /// Several orders on one local day: one purchase, as in the published tables.
    pub same_day: SameDay,
    /// Whether the first purchase counts in the mean amount. The Gamma-Gamma model leaves it out: `false`.
    pub first_in_mean: bool,
    /// Refunds and returns: taken off.
    pub returns: Returns,
    /// Orders of nothing: left out. Amounts below nothing are returns and never purchases.
    pub zero_amounts: ZeroAmounts,
}

impl Default for HistoryPolicy {
    fn default() -> Self {
        Self {
            unit: Unit::Week,
            time_zone: None,
            same_day: SameDay::Merge,
            first_in_mean: false,
            returns: Returns::Netted,
            zero_amounts: ZeroAmounts::LeaveOut,
        }
    }
}

impl HistoryPolicy {
    /// Whether everything is left to the default.
    #[must_use]
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }

    /// Where the shop's days begin.
    ///
    /// # Errors
    /// `invalid_value` under `timeZone` when there is no such zone.
    pub fn day_cut(&self) -> Result<DayCut> {
        match self.time_zone.as_deref() {
            None | Some("UTC") => Ok(DayCut::default()),
            Some(name) => Zone::named(name).map(|zone| zone.day_cut()).map_err(|error| error.under("timeZone")),
        }
    }

    fn is_purchase(&self, order: &Order) -> bool {
        if order.total == 0 && self.zero_amounts == ZeroAmounts::Count {
            return Order { total: 1, lines: Vec::new(), ..order.clone() }.is_purchase();
        }
        order.is_purchase()
    }
}

/// The first purchase, with all that fall on the same day (or, where days are not merged, the same instant).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct First {
    /// Its day as days since 1970-01-01, or its instant in seconds.
    pub key: i64,
    /// How many orders it is.
    pub orders: u32,
    /// What they came to, in minor units.
    pub revenue: Minor,
    /// What was refunded of them, in minor units.
    pub refunded: Minor,
}

/// The fold of one customer's orders. [`merge`](Self::merge) is associative and commutative, so orders may come in any
/// sequence and in any number of parts.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct History {
    /// Everything that was ordered, returned or cancelled; test orders never count.
    pub orders: u32,
    /// Orders that count as a purchase, see [`Order::is_purchase`].
    pub purchases: u32,
    /// Returns that name no order.
    pub returns: u32,
    /// What the purchases came to, in minor units, before returns. Held at [`MAX_MINOR`].
    pub revenue: Minor,
    /// What went back: refunds of purchases, and returns that name no order. Held at [`MAX_MINOR`].
    pub returned: Minor,
    /// The part of it that was refunds of purchases.
    #[serde(default)]
    pub refunded: Minor,
    /// What the purchases came to whose cost is known and of which nothing came back, in minor units. Held at
    /// [`MAX_MINOR`].
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub costed: Minor,
    /// What of these the shop paid on: cost of the goods and tax, in minor units. Held at [`MAX_MINOR`].
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub cost: Minor,
    /// The local days with a purchase, each once, earliest first. This is all that grows: with days, never with orders.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub days: Vec<Day>,
    /// The first purchase.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first: Option<First>,
    /// The earliest purchases, at most [`EARLIEST`], earliest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub earliest: Vec<Instant>,
    /// The latest purchase.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_at: Option<Instant>,
    /// The name on the latest order that carries one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Name>,
}

/// A name to greet with, and how recent it is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Name {
    /// When the order that carries it was placed.
    pub at: Instant,
    /// The name.
    pub text: String,
}

impl History {
    /// Adds one order. Test orders change nothing.
    pub fn add(&mut self, order: &Order, policy: &HistoryPolicy, cut: &DayCut) {
        if order.test {
            return;
        }
        self.orders = self.orders.saturating_add(1);
        if policy.is_purchase(order) {
            let day = cut.day(order.created_at);
            if let Err(place) = self.days.binary_search(&day) {
                self.days.insert(place, day);
            }
            let key = match policy.same_day {
                SameDay::Merge => i64::from(day.number()),
                SameDay::Keep => order.created_at.unix(),
            };
            self.begin(First { key, orders: 1, revenue: order.total.max(0), refunded: order.refunded.max(0) });
            self.refunded = sum(self.refunded, order.refunded);
            self.purchases = self.purchases.saturating_add(1);
            self.revenue = sum(self.revenue, order.total);
            self.returned = sum(self.returned, order.refunded);
            // What becomes of goods that came back no export tells.
            if let Some(cost) = order.cost.filter(|_| order.refunded == 0) {
                self.costed = sum(self.costed, order.total);
                self.cost = sum(self.cost, sum(cost, order.tax));
            }
            self.last_at = self.last_at.max(Some(order.created_at));
            self.remember(order.created_at);
        } else if order.kind == OrderKind::Return && order.cancelled_at.is_none() {
            self.returns = self.returns.saturating_add(1);
            self.returned = sum(self.returned, order.total);
        }
        if let Some(text) = order.customer.as_ref().and_then(|customer| customer.name.as_ref()) {
            let newer = self.name.as_ref().is_none_or(|name| (name.at, &name.text) < (order.created_at, text));
            if newer {
                self.name = Some(Name { at: order.created_at, text: text.clone() });
            }
        }
    }

    /// Adds another part of the same customer's history.
    pub fn merge(&mut self, other: Self) {
        self.orders = self.orders.saturating_add(other.orders);
        self.purchases = self.purchases.saturating_add(other.purchases);
        self.returns = self.returns.saturating_add(other.returns);
        self.revenue = sum(self.revenue, other.revenue);
        self.returned = sum(self.returned, other.returned);
        self.refunded = sum(self.refunded, other.refunded);
        self.costed = sum(self.costed, other.costed);
        self.cost = sum(self.cost, other.cost);
        if let Some(first) = other.first {
            self.begin(first);
        }
        self.days.extend(other.days);
        self.days.sort_unstable();
        self.days.dedup();
        self.last_at = self.last_at.max(other.last_at);
        self.name = self.name.take().max(other.name);
        for at in other.earliest {
            self.remember(at);
        }
    }

    /// The first purchase.
    #[must_use]
    pub fn first_at(&self) -> Option<Instant> {
        self.earliest.first().copied()
    }

    /// The local day of the first purchase.
    #[must_use]
    pub fn first_day(&self) -> Option<Day> {
        self.days.first().copied()
    }

    /// The local day of the last purchase.
    #[must_use]
    pub fn last_day(&self) -> Option<Day> {
        self.days.last().copied()
    }

    /// Keeps the earlier of the two; those that begin together are one.
    fn begin(&mut self, other: First) {
        match &mut self.first {
            Some(first) if first.key < other.key => {}
            Some(first) if first.key == other.key => {
                first.orders = first.orders.saturating_add(other.orders);
                first.revenue = sum(first.revenue, other.revenue);
                first.refunded = sum(first.refunded, other.refunded);
            }
            first => *first = Some(other),
        }
    }

    fn remember(&mut self, at: Instant) {
        let place = self.earliest.partition_point(|earlier| *earlier <= at);
        if place < EARLIEST {
            self.earliest.truncate(EARLIEST - 1);
            self.earliest.insert(place, at);
        }
    }
}

#[allow(clippy::trivially_copy_pass_by_ref)] // serde passes a reference.
const fn is_nothing(amount: &Minor) -> bool {
    *amount == 0
}

/// Amounts are never negative, and the sum is held at the largest exact amount: that keeps it associative.
fn sum(one: Minor, other: Minor) -> Minor {
    one.max(0).saturating_add(other.max(0)).min(MAX_MINOR)
}

/// The histories of all customers of one shop, in the order of their ids.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Histories {
    policy: HistoryPolicy,
    cut: DayCut,
    currency: Option<Currency>,
    customers: BTreeMap<String, History>,
    anonymous: History,
    last_at: Option<Instant>,
    months: BTreeMap<i64, Month>,
}

/// The purchases of one calendar month, guests' included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Month {
    /// How many.
    pub purchases: u32,
    /// What they came to, in minor units.
    pub revenue: Minor,
}

impl Histories {
    /// No history yet, under a policy.
    ///
    /// # Errors
    /// Those of [`HistoryPolicy::day_cut`].
    pub fn new(policy: &HistoryPolicy) -> Result<Self> {
        Ok(Self { policy: policy.clone(), cut: policy.day_cut()?, ..Self::default() })
    }

    /// What the histories were made by.
    #[must_use]
    pub const fn policy(&self) -> &HistoryPolicy {
        &self.policy
    }

    /// Where the shop's days begin.
    #[must_use]
    pub const fn day_cut(&self) -> &DayCut {
        &self.cut
    }

    /// The purchases of every local calendar month that has some, by months since year 0.
    #[must_use]
    pub const fn months(&self) -> &BTreeMap<i64, Month> {
        &self.months
    }

    /// Adds one order to its customer, or to the anonymous ones. Test orders change nothing.
    ///
    /// # Errors
    /// `currency_mismatch` when the order is in another currency than those before it; nothing is added then.
    pub fn add(&mut self, order: &Order) -> Result<()> {
        if order.test {
            return Ok(());
        }
        self.agree_on(order.currency)?;
        self.last_at = self.last_at.max(Some(order.created_at));
        if self.policy.is_purchase(order) {
            let (year, month, _) = self.cut.day(order.created_at).civil();
            let month = self.months.entry(year * 12 + month - 1).or_default();
            month.purchases = month.purchases.saturating_add(1);
            month.revenue = sum(month.revenue, order.total);
        }
        let Some(customer) = order.customer.as_ref() else {
            self.anonymous.add(order, &self.policy, &self.cut);
            return Ok(());
        };
        // Most orders are not their customer's first: look up before copying the id.
        if let Some(history) = self.customers.get_mut(&customer.id) {
            history.add(order, &self.policy, &self.cut);
        } else {
            self.customers.entry(customer.id.clone()).or_default().add(order, &self.policy, &self.cut);
        }
        Ok(())
    }

    /// Adds the histories of another part of the same shop's orders.
    ///
    /// # Errors
    /// `currency_mismatch` when the two parts are in different currencies; nothing is added then.
    pub fn merge(&mut self, other: Self) -> Result<()> {
        if let Some(currency) = other.currency {
            self.agree_on(currency)?;
        }
        self.last_at = self.last_at.max(other.last_at);
        self.anonymous.merge(other.anonymous);
        for (key, other) in other.months {
            let month = self.months.entry(key).or_default();
            month.purchases = month.purchases.saturating_add(other.purchases);
            month.revenue = sum(month.revenue, other.revenue);
        }
        for (id, history) in other.customers {
            self.customers.entry(id).or_default().merge(history);
        }
        Ok(())
    }

    fn agree_on(&mut self, currency: Currency) -> Result<()> {
        let first = *self.currency.get_or_insert(currency);
        if first == currency {
            return Ok(());
        }
        Err(Error::new(
            Code::CurrencyMismatch,
            format!(
                "There are orders in {} and in {}. Score the orders of one currency at a time.",
                first.as_str(),
                currency.as_str()
            ),
        ))
    }

    /// The currency of every amount; none when there is no order.
    #[must_use]
    pub const fn currency(&self) -> Option<Currency> {
        self.currency
    }

    /// The latest order of all, anonymous ones, returns and cancelled ones included: the end of what was observed.
    #[must_use]
    pub const fn last_at(&self) -> Option<Instant> {
        self.last_at
    }

    /// Orders that name no customer, folded into one.
    #[must_use]
    pub const fn anonymous(&self) -> &History {
        &self.anonymous
    }

    /// One customer's history.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&History> {
        self.customers.get(id)
    }

    /// How many customers are known.
    #[must_use]
    pub fn len(&self) -> usize {
        self.customers.len()
    }

    /// Whether no customer is known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.customers.is_empty()
    }

    /// Every customer with their history, in the order of their ids (by bytes).
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &History)> {
        self.customers.iter().map(|(id, history)| (id.as_str(), history))
    }
}

/// Folds orders into the histories of their customers, by the policy that holds unless something else is said.
///
/// # Errors
/// `currency_mismatch` when the orders are not all in one currency.
pub fn fold<'a>(orders: impl IntoIterator<Item = &'a Order>) -> Result<Histories> {
    fold_by(orders, &HistoryPolicy::default())
}

/// Folds orders into the histories of their customers.
///
/// # Errors
/// As [`fold`], and those of [`HistoryPolicy::day_cut`].
pub fn fold_by<'a>(orders: impl IntoIterator<Item = &'a Order>, policy: &HistoryPolicy) -> Result<Histories> {
    let mut histories = Histories::new(policy)?;
    for order in orders {
        histories.add(order)?;
    }
    Ok(histories)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::order::{Customer, OrderStatus, Source, TaxMode};
    use proptest::prelude::*;

    fn order(customer: Option<&str>, at: i64, total: Minor) -> Order {
        Order {
            v: 1,
            id: format!("o{at}"),
            number: None,
            source: Source::Csv,
            kind: OrderKind::Sale,
            created_at: Instant::from_unix(at),
            paid_at: None,
            cancelled_at: None,
            status: OrderStatus::Paid,
            test: false,
            currency: Currency::parse("EUR").unwrap(),
            tax_mode: TaxMode::Unknown,
            subtotal: total,
            discount_total: 0,
            shipping: 0,
            tax: 0,
            total,
            refunded: 0,
            cost: None,
            codes: Vec::new(),
            automatic: Vec::new(),
            line_count: 1,
            lines: Vec::new(),
            customer: customer.map(|id| Customer {
                id: id.to_owned(),
                email_hash: None,
                alias_hash: None,
                throwaway: false,
                guest: false,
                name: None,
            }),
            country: None,
            attribution: None,
        }
    }

    #[test]
    fn refunds_and_returns_add_to_what_went_back() {
        let sale = Order { refunded: 300, ..order(Some("a"), 10, 1000) };
        let back = Order { kind: OrderKind::Return, ..order(Some("a"), 20, 250) };
        let histories = fold([&sale, &back]).unwrap();
        let history = histories.get("a").unwrap();
        assert_eq!((history.orders, history.purchases, history.returns), (2, 1, 1));
        assert_eq!((history.revenue, history.returned), (1000, 550));
        assert_eq!(history.last_at, Some(Instant::from_unix(10)), "a return is no purchase");
    }

    #[test]
    fn cancelled_orders_make_a_customer_but_no_purchase_and_test_orders_nothing() {
        let cancelled = Order { status: OrderStatus::Cancelled, refunded: 1000, ..order(Some("a"), 10, 1000) };
        let test = Order { test: true, ..order(Some("b"), 10, 1000) };
        let histories = fold([&cancelled, &test]).unwrap();
        assert_eq!(histories.len(), 1);
        let history = histories.get("a").unwrap();
        assert_eq!((history.orders, history.purchases, history.revenue, history.returned), (1, 0, 0, 0));
        assert_eq!(history.first_at(), None);
    }

    #[test]
    fn a_cancelled_return_and_amounts_below_nothing_take_nothing_away() {
        let back =
            Order { kind: OrderKind::Return, cancelled_at: Some(Instant::from_unix(30)), ..order(Some("a"), 20, 250) };
        let odd = Order { refunded: -100, ..order(Some("a"), 10, 1000) };
        let histories = fold([&odd, &back]).unwrap();
        let history = histories.get("a").unwrap();
        assert_eq!((history.orders, history.returns, history.returned), (2, 0, 0));
    }

    #[test]
    fn orders_that_name_no_customer_are_counted_apart() {
        let histories = fold([&order(None, 5, 100), &order(Some("a"), 3, 700)]).unwrap();
        assert_eq!((histories.anonymous().orders, histories.anonymous().revenue), (1, 100));
        assert_eq!((histories.len(), histories.get("a").unwrap().revenue), (1, 700));
        assert_eq!(histories.last_at(), Some(Instant::from_unix(5)));
    }

    #[test]
    fn two_currencies_are_refused() {
        let mut other = order(Some("a"), 2, 100);
        other.currency = Currency::parse("GBP").unwrap();
        assert_eq!(fold([&order(None, 1, 100), &other]).unwrap_err().code, Code::CurrencyMismatch);
    }

    #[test]
    fn the_name_on_the_latest_order_is_kept() {
        let named = |at, name: &str| {
            let mut order = order(Some("a"), at, 100);
            order.customer.as_mut().unwrap().name = Some(name.to_owned());
            order
        };
        let histories = fold([&named(20, "Anna Neu"), &named(10, "Anna Alt"), &order(Some("a"), 30, 100)]).unwrap();
        assert_eq!(histories.get("a").unwrap().name.as_ref().unwrap().text, "Anna Neu");
    }

    #[test]
    fn sums_stop_at_the_largest_exact_amount() {
        let histories = fold([&order(Some("a"), 1, MAX_MINOR), &order(Some("a"), 2, MAX_MINOR)]).unwrap();
        assert_eq!(histories.get("a").unwrap().revenue, MAX_MINOR);
    }

    fn any_order() -> impl Strategy<Value = Order> {
        (0..4_u8, 0..60_i64, 0..2000_i64, 0..500_i64, 0..8_u8).prop_map(|(who, at, total, refunded, shape)| {
            let mut order = order(["a", "b", "c"].get(usize::from(who)).copied(), at, total);
            order.refunded = refunded;
            match shape {
                0 => order.kind = OrderKind::Return,
                1 => order.status = OrderStatus::Cancelled,
                2 => order.test = true,
                3 => {
                    if let Some(customer) = order.customer.as_mut() {
                        customer.name = Some(format!("name {total}"));
                    }
                }
                _ => {}
            }
            order
        })
    }

    #[test]
    fn days_are_cut_in_the_shops_time_zone_and_merged_as_the_policy_says() {
        // 22:30 and 23:30 UTC of one summer day: the same day in London, two days in Berlin.
        let at = |text| Instant::parse(text).unwrap().unix();
        let orders = [
            Order { refunded: 100, ..order(Some("a"), at("2026-06-30T21:30:00Z"), 1000) },
            order(Some("a"), at("2026-06-30T22:30:00Z"), 500),
            order(Some("a"), at("2026-08-01T10:00:00Z"), 0),
        ];
        let of = |zone: &str, same_day, zero_amounts| {
            let policy =
                HistoryPolicy { time_zone: Some(zone.to_owned()), same_day, zero_amounts, ..HistoryPolicy::default() };
            fold_by(&orders, &policy).unwrap().get("a").unwrap().clone()
        };
        let london = of("Europe/London", SameDay::Merge, ZeroAmounts::LeaveOut);
        assert_eq!((london.days.len(), london.first.unwrap().revenue, london.first.unwrap().refunded), (1, 1500, 100));
        let berlin = of("Europe/Berlin", SameDay::Merge, ZeroAmounts::Count);
        assert_eq!((berlin.days.len(), berlin.purchases, berlin.first.unwrap().revenue), (3, 3, 1000));
        assert_eq!(berlin.last_day().unwrap().to_string(), "2026-08-01");
        let apart = of("Europe/London", SameDay::Keep, ZeroAmounts::LeaveOut);
        assert_eq!((apart.purchases, apart.first.unwrap().orders, apart.first.unwrap().revenue), (2, 1, 1000));
        let nowhere = HistoryPolicy { time_zone: Some("Europe/Atlantis".to_owned()), ..HistoryPolicy::default() };
        let error = fold_by(&orders, &nowhere).unwrap_err();
        assert_eq!((error.code, error.path.as_str()), (Code::InvalidValue, "timeZone"));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn however_orders_are_split_and_merged_the_histories_are_the_same(
            orders in prop::collection::vec(any_order(), 0..80),
            parts in prop::collection::vec(0..3_usize, 80),
            left_first in any::<bool>(),
            (keep, count, berlin) in any::<(bool, bool, bool)>(),
        ) {
            let policy = HistoryPolicy {
                same_day: if keep { SameDay::Keep } else { SameDay::Merge },
                zero_amounts: if count { ZeroAmounts::Count } else { ZeroAmounts::LeaveOut },
                time_zone: berlin.then(|| "Europe/Berlin".to_owned()),
                ..HistoryPolicy::default()
            };
            // Spread over days, so that some fall on one.
            let orders: Vec<Order> = orders
                .into_iter()
                .map(|mut order| {
                    order.created_at = Instant::from_unix(order.created_at.unix() * 20_000);
                    order
                })
                .collect();
            let whole = fold_by(&orders, &policy).unwrap();
            let mut split = [(); 3].map(|()| Histories::new(&policy).unwrap());
            for (order, part) in orders.iter().zip(&parts) {
                split[*part].add(order).unwrap();
            }
            let [mut a, mut b, c] = split;
            let merged = if left_first {
                a.merge(b).unwrap();
                a.merge(c).unwrap();
                a
            } else {
                b.merge(c).unwrap();
                b.merge(a).unwrap();
                b
            };
            prop_assert_eq!(merged, whole);
        }

        #[test]
        fn the_order_of_the_input_does_not_matter(
            orders in prop::collection::vec(any_order(), 0..60).prop_flat_map(|o| (Just(o.clone()), Just(o).prop_shuffle())),
        ) {
            prop_assert_eq!(fold(&orders.0).unwrap(), fold(&orders.1).unwrap());
        }

        #[test]
        fn the_earliest_purchases_are_kept_sorted(times in prop::collection::vec(0..1000_i64, 0..40)) {
            let orders: Vec<Order> = times.iter().map(|at| order(Some("a"), *at, 1)).collect();
            let mut expected = times;
            expected.sort_unstable();
            expected.truncate(EARLIEST);
            let kept: Vec<i64> = fold(&orders).unwrap().get("a").map_or_else(Vec::new, |h| h.earliest.iter().map(|at| at.unix()).collect());
            prop_assert_eq!(kept, expected);
        }
    }
}
