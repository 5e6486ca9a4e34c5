//! What has everybody ordered so far, and what went back? Orders first to last, and the first purchase of each name.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};

use super::is_sale;
use crate::money::Minor;
use crate::order::{Order, OrderKind};
use crate::referral::Person;
use crate::time::Instant;

/// A purchase and when it was placed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Placed {
    /// When.
    pub at: Instant,
    /// The order.
    pub order: String,
}

/// An export, as far as recommendations are concerned.
pub(super) struct History<'a> {
    /// First to last.
    sorted: Vec<&'a Order>,
    first: BTreeMap<String, Placed>,
    /// What went back of an order by returns that name none.
    returned: HashMap<&'a str, Minor>,
}

impl<'a> History<'a> {
    pub fn new(orders: &'a [Order], mut first: BTreeMap<String, Placed>) -> Self {
        let mut sorted: Vec<&Order> = orders.iter().collect();
        sorted.sort_by(|a, b| (a.created_at, &a.id).cmp(&(b.created_at, &b.id)));
        for order in sorted.iter().filter(|order| order.is_purchase()) {
            for name in person(order).names() {
                let placed = Placed { at: order.created_at, order: order.id.clone() };
                let earliest = first.entry(name).or_insert_with(|| placed.clone());
                if placed < *earliest {
                    *earliest = placed;
                }
            }
        }
        let returned = returned(&sorted);
        Self { sorted, first, returned }
    }

    /// Sales, first to last.
    pub fn sales(&self) -> impl Iterator<Item = &'a Order> {
        self.sorted.iter().copied().filter(|order| is_sale(order))
    }

    /// Purchases in the order in which codes were made for them.
    pub fn purchases(&self) -> impl Iterator<Item = &'a Order> {
        self.sorted.iter().copied().filter(|order| order.is_purchase())
    }

    /// When the export begins.
    pub fn begins(&self) -> Option<Instant> {
        self.sorted.first().map(|order| order.created_at)
    }

    /// Whether an order is the first one of whoever ordered; `None` where the export does not say who that is.
    pub fn is_first(&self, order: &Order, who: &Person) -> Option<bool> {
        let names = who.names();
        let placed = Placed { at: order.created_at, order: order.id.clone() };
        let earlier = |name: &String| self.first.get(name).is_some_and(|first| *first < placed);
        (!names.is_empty()).then(|| !names.iter().any(earlier))
    }

    /// What went back of an order, by itself and by returns that name no order.
    pub fn refunded(&self, order: &Order) -> Minor {
        let returned = self.returned.get(order.id.as_str()).copied().unwrap_or(0);
        order.refunded.saturating_add(returned).min(order.total.max(order.refunded))
    }

    /// The first purchases, for the next run.
    pub fn into_first(self) -> BTreeMap<String, Placed> {
        self.first
    }
}

/// Who ordered.
pub(super) fn person(order: &Order) -> Person {
    order.customer.as_ref().map_or_else(Person::default, |customer| Person {
        customer: Some(customer.id.clone()),
        email: customer.email_hash.clone(),
        alias: customer.alias_hash.clone(),
        throwaway: customer.throwaway,
        ..Person::default()
    })
}

/// A return that names no order is taken from the customer's latest purchases before it, the last one first, each at most
/// to what is left of it.
fn returned<'a>(sorted: &[&'a Order]) -> HashMap<&'a str, Minor> {
    let mut taken: HashMap<&str, Minor> = HashMap::new();
    let mut bought: HashMap<&str, Vec<&Order>> = HashMap::new();
    for order in sorted {
        let Some(customer) = &order.customer else { continue };
        if order.kind == OrderKind::Sale && order.is_purchase() {
            bought.entry(&customer.id).or_default().push(order);
        }
        if order.kind != OrderKind::Return || order.test {
            continue;
        }
        let mut left = order.total;
        for sale in bought.get(customer.id.as_str()).into_iter().flatten().rev() {
            let back = taken.entry(&sale.id).or_default();
            let part = left.min((sale.total - sale.refunded - *back).max(0));
            *back += part;
            left -= part;
            if left <= 0 {
                break;
            }
        }
    }
    taken.retain(|_, back| *back > 0);
    taken
}
