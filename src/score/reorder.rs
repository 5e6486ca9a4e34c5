//! Who orders again, and after which order? The reorder rate by order number.

use serde::{Deserialize, Serialize};

use crate::money::share_bp;
use crate::order::history::EARLIEST;
use crate::time::zone::DayCut;
use crate::time::{DAY, Day, Instant};

/// Within how many days the next order counts as a reorder.
pub const WINDOW_DAYS: i32 = 90;

/// Order numbers that a rate is told for: 1 to 10.
pub const ORDER_NUMBERS: usize = 10;

// The last rate needs to know one purchase more.
const _: () = assert!(EARLIEST > ORDER_NUMBERS);

/// How many of those who placed their n-th order placed the next one within [`WINDOW_DAYS`] days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Reorder {
    /// n, from 1.
    pub order_number: u32,
    /// Customers whose n-th purchase is long enough ago that the whole window was observed.
    pub customers: u32,
    /// Those of them who purchased again within the window.
    pub reordered: u32,
    /// Their share in basis points; 0 when there are no customers.
    pub rate_bp: i64,
}

/// Customers by order number, and those who came back: added up in any order.
#[derive(Debug, Clone, Copy, Default)]
pub struct Counts([(u32, u32); ORDER_NUMBERS]);

impl Counts {
    /// Adds a customer's earliest purchases, observed up to the end of the day `as_of`.
    pub fn add(&mut self, earliest: &[Instant], as_of: Day, cut: &DayCut) {
        let latest = as_of.plus(-WINDOW_DAYS);
        for (n, count) in self.0.iter_mut().enumerate() {
            let Some(at) = earliest.get(n).filter(|at| cut.day(**at) <= latest) else { break };
            count.0 += 1;
            let again = earliest.get(n + 1).is_some_and(|next| next.since(*at) <= i64::from(WINDOW_DAYS) * DAY);
            count.1 += u32::from(again);
        }
    }

    /// Adds other customers.
    pub fn merge(&mut self, other: &Self) {
        for (count, other) in self.0.iter_mut().zip(&other.0) {
            count.0 += other.0;
            count.1 += other.1;
        }
    }

    /// The reorder rates for order numbers 1 to [`ORDER_NUMBERS`].
    #[must_use]
    pub fn rates(&self) -> Vec<Reorder> {
        (1..)
            .zip(self.0)
            .map(|(order_number, (customers, reordered))| Reorder {
                order_number,
                customers,
                reordered,
                rate_bp: share_bp(reordered.into(), customers.into()),
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bought_on(days: &[i32]) -> Vec<Instant> {
        days.iter().map(|day| Day::from_number(*day).start()).collect()
    }

    #[test]
    fn only_customers_whose_whole_window_was_observed_count() {
        let histories = [
            bought_on(&[0, 90]),   // again on the last day of the window
            bought_on(&[0, 91]),   // a day too late; the second order's window is not over
            bought_on(&[10]),      // the window ends with the observation
            bought_on(&[11, 12]),  // it does not: left out, though there was a second order
            bought_on(&[0, 5, 8]), // twice
        ];
        let mut counts = Counts::default();
        for earliest in &histories {
            let mut one = Counts::default();
            one.add(earliest, Day::from_number(100), &DayCut::default());
            counts.merge(&one);
        }
        let rates = counts.rates();
        assert_eq!(rates.len(), ORDER_NUMBERS);
        assert_eq!(rates[0], Reorder { order_number: 1, customers: 4, reordered: 2, rate_bp: 5000 });
        assert_eq!(rates[1], Reorder { order_number: 2, customers: 1, reordered: 1, rate_bp: 10_000 });
        assert_eq!(rates[2], Reorder { order_number: 3, customers: 1, reordered: 0, rate_bp: 0 });
        assert_eq!(rates[3], Reorder { order_number: 4, customers: 0, reordered: 0, rate_bp: 0 });
    }
}
