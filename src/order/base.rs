//! What do scores need to know of all customers? Histories one can go through by number, however they are kept.

use std::collections::BTreeMap;

use super::history::{First, Histories, History, HistoryPolicy, Month};
use crate::money::{Currency, Minor};
use crate::time::zone::DayCut;
use crate::time::{Day, Instant};

/// One customer's history, looked at. What its fields mean stands at [`History`].
#[derive(Debug, Clone, Copy)]
pub struct Seen<'a> {
    /// Everything that was ordered, returned or cancelled.
    pub orders: u32,
    /// Orders that count as a purchase.
    pub purchases: u32,
    /// Returns that name no order.
    pub returns: u32,
    /// What the purchases came to, in minor units.
    pub revenue: Minor,
    /// What went back, in minor units.
    pub returned: Minor,
    /// The part of it that was refunds of purchases.
    pub refunded: Minor,
    /// What the purchases with a known cost came to, in minor units.
    pub costed: Minor,
    /// What of these the shop paid on, in minor units.
    pub cost: Minor,
    /// The local days with a purchase, earliest first.
    pub days: &'a [Day],
    /// The first purchase.
    pub first: Option<First>,
    /// The earliest purchases, earliest first.
    pub earliest: &'a [Instant],
    /// The latest purchase.
    pub last_at: Option<Instant>,
    /// The name on the latest order that carries one.
    pub name: Option<&'a str>,
}

impl Seen<'_> {
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
}

impl History {
    /// This history, looked at.
    #[must_use]
    pub fn seen(&self) -> Seen<'_> {
        Seen {
            orders: self.orders,
            purchases: self.purchases,
            returns: self.returns,
            revenue: self.revenue,
            returned: self.returned,
            refunded: self.refunded,
            costed: self.costed,
            cost: self.cost,
            days: &self.days,
            first: self.first,
            earliest: &self.earliest,
            last_at: self.last_at,
            name: self.name.as_ref().map(|name| name.text.as_str()),
        }
    }
}

/// How much of a customer's days somebody wants to see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Days {
    /// All of them.
    All,
    /// The first and the last one; others may be missing.
    Ends,
}

/// Room to put one history together in, used again for the next.
#[derive(Debug, Default)]
pub struct Room {
    /// Days.
    pub days: Vec<Day>,
    /// Instants.
    pub earliest: Vec<Instant>,
}

/// The histories of all customers of one shop.
pub trait Base: Sync {
    /// What the histories were made by.
    fn policy(&self) -> &HistoryPolicy;
    /// Where the shop's days begin.
    fn day_cut(&self) -> &DayCut;
    /// The currency of every amount; none when there is no order.
    fn currency(&self) -> Option<Currency>;
    /// The latest order of all.
    fn last_at(&self) -> Option<Instant>;
    /// The purchases of every local calendar month that has some, by months since year 0.
    fn months(&self) -> &BTreeMap<i64, Month>;
    /// Orders that name no customer, folded into one.
    fn anonymous(&self) -> Seen<'_>;
    /// Which days it can tell.
    fn days(&self) -> Days {
        Days::All
    }
    /// How many customers are known.
    fn count(&self) -> usize;
    /// Looks at the customer of this number, from 0, with her id. Whether numbers follow the ids, the table says.
    fn look<T>(&self, number: usize, days: Days, room: &mut Room, look: impl FnOnce(&str, &Seen<'_>) -> T) -> T;
}

/// Histories with a number for each, in the order of the ids (by bytes).
pub struct Listed<'a> {
    histories: &'a Histories,
    list: Vec<(&'a str, &'a History)>,
}

impl<'a> Listed<'a> {
    /// Numbers them.
    #[must_use]
    pub fn new(histories: &'a Histories) -> Self {
        Self { histories, list: histories.iter().collect() }
    }
}

impl Base for Listed<'_> {
    fn policy(&self) -> &HistoryPolicy {
        self.histories.policy()
    }

    fn day_cut(&self) -> &DayCut {
        self.histories.day_cut()
    }

    fn currency(&self) -> Option<Currency> {
        self.histories.currency()
    }

    fn last_at(&self) -> Option<Instant> {
        self.histories.last_at()
    }

    fn months(&self) -> &BTreeMap<i64, Month> {
        self.histories.months()
    }

    fn anonymous(&self) -> Seen<'_> {
        self.histories.anonymous().seen()
    }

    fn count(&self) -> usize {
        self.list.len()
    }

    fn look<T>(&self, number: usize, _days: Days, _room: &mut Room, look: impl FnOnce(&str, &Seen<'_>) -> T) -> T {
        let (id, history) = self.list[number];
        look(id, &history.seen())
    }
}
