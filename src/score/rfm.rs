//! How recently, how often and how much does this customer buy, beside the others? Scores from 1 to 5.

use serde::{Deserialize, Serialize};

use crate::money::{MAX_MINOR, Minor, basis_points, div_round};

/// With fewer customers than this a fifth of them is too few to mean anything: fixed thresholds are used instead.
pub const MIN_FOR_QUINTILES: usize = 25;

/// Fixed thresholds in days since the last purchase, from score 2 to score 5.
const RECENCY_DAYS: [i64; 4] = [365, 180, 90, 30];

/// Fixed thresholds in purchases: 1, 2, 3, 4 to 5, 6 and more.
const ORDERS: [i64; 4] = [2, 3, 4, 6];

/// Purchases from which on somebody is a repeat buyer.
const REPEAT: i64 = 2;

/// Fixed thresholds for the average basket in basis points of the shop's median: half, four fifths, five quarters, double.
const BASKET_BP: [i64; 4] = [5_000, 8_000, 12_500, 20_000];

/// How the cut points came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// Fifths of the shop's own customers.
    Quintile,
    /// Fixed thresholds, for a base of fewer than [`MIN_FOR_QUINTILES`] customers.
    Absolute,
}

/// What of a customer is compared with the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Measure {
    /// Days since the last purchase. Fewer is better.
    pub recency_days: i32,
    /// Purchases. More is better.
    pub orders: u32,
    /// Average basket after returns, in minor units. More is better.
    pub basket: Minor,
}

/// Scores from 1 (lowest fifth) to 5.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rfm {
    /// Recency.
    pub r: u8,
    /// Frequency.
    pub f: u8,
    /// Money: the average basket after returns.
    pub m: u8,
}

/// The values at which a score of 2, 3, 4 and 5 begins.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Cuts {
    /// At most this many days since the last purchase; never increasing.
    pub recency_days: [i64; 4],
    /// At least this many purchases; never decreasing.
    pub orders: [i64; 4],
    /// At least this average basket after returns, in minor units; never decreasing.
    pub basket: [Minor; 4],
}

/// `(revenue - returned) / purchases`, rounded half away from zero; zero when more came back than went out.
#[must_use]
pub fn basket(revenue: Minor, returned: Minor, purchases: u32) -> Minor {
    let kept = i128::from(revenue).saturating_sub(i128::from(returned)).max(0);
    Minor::try_from(div_round(kept, i128::from(purchases))).unwrap_or(MAX_MINOR)
}

/// The middle one of the values, or the mean of the two middle ones; zero when there is none.
#[must_use]
pub fn median(mut values: Vec<i64>) -> i64 {
    if values.is_empty() {
        return 0;
    }
    // Not sorted whole: the middle is enough.
    let even = values.len().is_multiple_of(2);
    let place = values.len() / 2;
    let (below, upper, _) = values.select_nth_unstable(place);
    let upper = *upper;
    let lower = below.iter().max().copied().filter(|_| even).unwrap_or(upper);
    i64::try_from(div_round(i128::from(lower) + i128::from(upper), 2)).unwrap_or(MAX_MINOR)
}

impl Cuts {
    /// Fits the cut points to a shop's customers: fifths of them, or fixed thresholds when there are fewer than
    /// [`MIN_FOR_QUINTILES`].
    ///
    /// A value's fifth is `ceil(5 * n / all)` where `n` counts the customers who are not better. So all who tie share
    /// the better fifth, and the best of all is always in the fifth one.
    ///
    /// With one exception: whoever bought once has frequency score 1, however many did so. In most shops most customers
    /// buy once; sharing the better fifth, all of them would be frequent buyers.
    #[must_use]
    pub fn fit(measures: &[Measure]) -> (Method, Self) {
        Self::fit_with(measures.len(), || measures.iter().copied())
    }

    /// As [`Cuts::fit`], of so many measures, kept in any way.
    #[must_use]
    pub fn fit_with<I: Iterator<Item = Measure>>(count: usize, measures: impl Fn() -> I) -> (Method, Self) {
        if count < MIN_FOR_QUINTILES {
            return (Method::Absolute, Self::absolute(median(measures().map(|m| m.basket).collect())));
        }
        // One after the other, and narrow where they can be: all customers are in each.
        let cuts = Self {
            recency_days: fifths(collected(count, measures().map(|m| -m.recency_days))).map(|cut| -i64::from(cut)),
            orders: fifths(collected(count, measures().map(|m| m.orders))).map(|cut| i64::from(cut).max(REPEAT)),
            basket: fifths(collected(count, measures().map(|m| m.basket))),
        };
        (Method::Quintile, cuts)
    }

    fn absolute(basket_median: Minor) -> Self {
        Self {
            recency_days: RECENCY_DAYS,
            orders: ORDERS,
            // At least one minor unit: where everything came back, nobody has a large basket.
            basket: BASKET_BP.map(|bp| basis_points(basket_median, bp).max(1)),
        }
    }

    /// The scores of one customer against these cut points.
    #[must_use]
    pub fn score(&self, measure: &Measure) -> Rfm {
        let reached = |cuts: &[i64; 4], value: i64| 1 + cuts.iter().map(|cut| u8::from(value >= *cut)).sum::<u8>();
        Rfm {
            r: 1 + self.recency_days.iter().map(|cut| u8::from(i64::from(measure.recency_days) <= *cut)).sum::<u8>(),
            f: reached(&self.orders, measure.orders.into()),
            m: reached(&self.basket, measure.basket),
        }
    }

    /// The field whose cut points are out of sequence, if one is.
    pub(super) fn out_of_sequence(&self) -> Option<&'static str> {
        if !self.recency_days.is_sorted_by(|a, b| a >= b) {
            Some("recencyDays")
        } else if !self.orders.is_sorted() {
            Some("orders")
        } else if !self.basket.is_sorted() {
            Some("basket")
        } else {
            None
        }
    }
}

/// A list without room for more.
pub(super) fn collected<T>(count: usize, values: impl Iterator<Item = T>) -> Vec<T> {
    let mut out = Vec::with_capacity(count);
    out.extend(values);
    out
}

/// The smallest values that are in the second, third, fourth and fifth fifth; larger is better.
fn fifths<T: Copy + Default + Ord>(mut values: Vec<T>) -> [T; 4] {
    let (all, mut from) = (values.len(), 0);
    [1, 2, 3, 4].map(|passed| {
        // In a better fifth than the `passed`-th: more than passed / 5 of all are not better. The value at that
        // position is the smallest such, because those who tie with it count as not better too.
        let place = passed * all / 5;
        if place >= all {
            return T::default();
        }
        // What is before that place is no larger: no need to sort the whole.
        let value = *values[from..].select_nth_unstable(place - from).1;
        from = place;
        value
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn measure(recency_days: i64, orders: i64, basket: i64) -> Measure {
        Measure { recency_days: recency_days as i32, orders: orders as u32, basket }
    }

    /// The definition, word for word.
    fn fifth(value: i64, all: &[i64], better: impl Fn(i64, i64) -> bool) -> u8 {
        let not_better = all.iter().filter(|other| !better(**other, value)).count();
        u8::try_from((5 * not_better).div_ceil(all.len())).unwrap()
    }

    #[test]
    fn a_hundred_customers_without_ties_fall_into_fifths_of_twenty() {
        let all: Vec<Measure> = (0..100).map(|i| measure(i, i, i)).collect();
        let (method, cuts) = Cuts::fit(&all);
        assert_eq!(method, Method::Quintile);
        let count = |score: fn(Rfm) -> u8, wanted| all.iter().filter(|m| score(cuts.score(m)) == wanted).count();
        for wanted in 1..=5 {
            assert_eq!([count(|s| s.r, wanted), count(|s| s.f, wanted), count(|s| s.m, wanted)], [20; 3]);
        }
        assert_eq!(cuts.score(&measure(0, 99, 99)), Rfm { r: 5, f: 5, m: 5 });
        assert_eq!(cuts.score(&measure(99, 0, 0)), Rfm { r: 1, f: 1, m: 1 });
    }

    #[test]
    fn those_who_tie_share_the_better_fifth() {
        // 18 of 30 bought twice: the best of them is number 18 from below, and 5 * 18 / 30 is 3.
        let all: Vec<Measure> = (0..30).map(|i| measure(i, if i < 18 { 2 } else { i }, 100)).collect();
        let (_, cuts) = Cuts::fit(&all);
        assert_eq!(cuts.score(&measure(0, 2, 100)).f, 3);
        assert_eq!(cuts.score(&measure(0, 1, 100)).m, 5, "all baskets are equal, so all are among the best");
    }

    #[test]
    fn whoever_bought_once_is_no_frequent_buyer_however_many_did() {
        let all: Vec<Measure> = (0..50).map(|i| measure(i, if i < 40 { 1 } else { 2 }, 100 + i)).collect();
        let (_, cuts) = Cuts::fit(&all);
        assert_eq!((cuts.score(&measure(0, 1, 100)).f, cuts.score(&measure(0, 2, 100)).f), (1, 5));
    }

    #[test]
    fn with_fewer_than_25_customers_the_thresholds_are_fixed() {
        let all: Vec<Measure> = (0..24).map(|_| measure(1, 1, 4000)).collect();
        let (method, cuts) = Cuts::fit(&all);
        assert_eq!(method, Method::Absolute);
        assert_eq!(Cuts::fit(&vec![measure(1, 1, 1); 25]).0, Method::Quintile);
        for (days, r) in [(0, 5), (30, 5), (31, 4), (90, 4), (91, 3), (180, 3), (181, 2), (365, 2), (366, 1)] {
            assert_eq!(cuts.score(&measure(days, 1, 1)).r, r, "{days} days");
        }
        for (orders, f) in [(1, 1), (2, 2), (3, 3), (4, 4), (5, 4), (6, 5), (60, 5)] {
            assert_eq!(cuts.score(&measure(0, orders, 1)).f, f, "{orders} orders");
        }
        for (basket, m) in
            [(1999, 1), (2000, 2), (3199, 2), (3200, 3), (4000, 3), (4999, 3), (5000, 4), (7999, 4), (8000, 5)]
        {
            assert_eq!(cuts.score(&measure(0, 1, basket)).m, m, "a basket of {basket}");
        }
    }

    #[test]
    fn where_everything_came_back_nobody_has_a_large_basket() {
        let (_, cuts) = Cuts::fit(&[measure(1, 1, 0), measure(1, 1, 0)]);
        assert_eq!(cuts.score(&measure(1, 1, 0)).m, 1);
    }

    #[test]
    fn the_basket_is_the_average_after_returns_and_never_negative() {
        assert_eq!(basket(1000, 0, 3), 333);
        assert_eq!(basket(1000, 100, 4), 225);
        assert_eq!(basket(1001, 0, 2), 501);
        assert_eq!(basket(1000, 1500, 2), 0);
        assert_eq!(basket(0, 0, 0), 0);
    }

    #[test]
    fn the_median_is_the_middle() {
        assert_eq!(median(vec![5, 1, 3]), 3);
        assert_eq!(median(vec![4, 1, 3, 10]), 4, "3.5 rounds away from zero");
        assert_eq!(median(Vec::new()), 0);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn the_cut_points_give_exactly_the_fifths_of_the_definition(
            values in prop::collection::vec((0..40_i64, 1..8_i64, 0..50_i64), 25..120),
        ) {
            let all: Vec<Measure> = values.iter().map(|(r, f, m)| measure(*r, *f, *m)).collect();
            let (_, cuts) = Cuts::fit(&all);
            let column = |of: fn(&Measure) -> i64| all.iter().map(of).collect::<Vec<_>>();
            let (days, orders, baskets) = (column(|m| m.recency_days.into()), column(|m| m.orders.into()), column(|m| m.basket));
            for one in &all {
                prop_assert_eq!(cuts.score(one), Rfm {
                    r: fifth(one.recency_days.into(), &days, |a, b| a < b),
                    f: if one.orders < 2 { 1 } else { fifth(one.orders.into(), &orders, |a, b| a > b) },
                    m: fifth(one.basket, &baskets, |a, b| a > b),
                });
            }
        }
    }
}
