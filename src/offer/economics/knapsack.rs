//! Who gets what, when there is not enough for all? The multiple-choice knapsack: at most one option for each customer,
//! the largest sum of values within one budget.
//!
//! Small lists are solved exactly by dynamic programming over the budget (Pisinger, *A minimal algorithm for the
//! multiple-choice knapsack problem*, EJOR 83, 1995, recurrence 5 without its core). Large ones walk the convex hulls of
//! the customers' options by falling value per cost, which solves the linear relaxation (Sinha & Zoltners, *The
//! Multiple-Choice Knapsack Problem*, Operations Research 27(3), 1979), and then fill what is left. The relaxation is the
//! bound of both, and its last slope the price of budget.

use core::cmp::Ordering;

use serde::Serialize;

use super::exact::rounded;
use crate::money::Minor;
use crate::reject::{Code, Error, Result};

/// What an option for a customer costs and brings, in minor units. Only a value above 0 is ever chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Item {
    /// What it takes from the budget; never negative.
    pub cost: Minor,
    /// What it brings; may be negative.
    pub value: Minor,
}

/// How a choice was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "ChoiceMethod"))]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// There is no better one.
    Exact,
    /// There may be a better one, up to the bound.
    Lagrange,
}

/// One option at most for each customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// For each customer the place of the chosen option in her list.
    pub chosen: Vec<Option<usize>>,
    /// What all chosen options cost.
    pub cost: Minor,
    /// What they bring.
    pub value: Minor,
    /// No choice within the budget brings more than this (rounded up).
    pub bound: Minor,
    /// What one more unit of budget would bring, in basis points: 20,000 means two for one. 0 when the budget is enough.
    pub price_bp: i64,
    /// How it was found.
    pub method: Method,
}

/// The most steps that the exact way may take: customers times budget, and their options.
const EXACT_STEPS: u128 = 4_000_000;

/// Chooses within the budget: exactly where that takes a moment, otherwise by value per cost with filling.
///
/// # Errors
/// `invalid_amount` for a negative budget or cost, `out_of_range` for sums that are too large.
pub fn choose(customers: &[Vec<Item>], budget: Minor) -> Result<Choice> {
    let relaxed = Relaxed::new(customers, budget)?;
    let reach = i128::from(budget).min(relaxed.most_cost);
    let options: u128 = customers.iter().map(|items| items.len() as u128 + 1).sum();
    let chosen_exactly = relaxed.split.is_some() && options * (reach.unsigned_abs() + 1) <= EXACT_STEPS;
    let (chosen, method) = if relaxed.split.is_none() {
        // Everybody has the best there is: nothing can be better.
        (relaxed.chosen.clone(), Method::Exact)
    } else if chosen_exactly {
        (exactly(customers, usize::try_from(reach).unwrap_or(0)), Method::Exact)
    } else {
        (best_filled(customers, &relaxed, budget), Method::Lagrange)
    };
    let (cost, value) = totals(customers, &chosen);
    Ok(Choice {
        cost: rounded(Some(cost), 1)?,
        value: rounded(Some(value), 1)?,
        bound: relaxed.bound()?,
        price_bp: relaxed.split.as_ref().map_or(Ok(0), Step::price_bp)?,
        chosen,
        method,
    })
}

/// For each customer the option with the highest value less `price_bp` of its cost, where that is above 0. Spending
/// never rises with the price.
///
/// # Errors
/// As [`choose`].
pub fn at_price(customers: &[Vec<Item>], price_bp: i64) -> Result<Vec<Option<usize>>> {
    check(customers, 0)?;
    let worth = |item: &Item| i128::from(item.value) * 10_000 - i128::from(price_bp) * i128::from(item.cost);
    Ok(customers
        .iter()
        .map(|items| {
            let best = items
                .iter()
                .enumerate()
                .max_by(|(i, a), (j, b)| worth(a).cmp(&worth(b)).then(b.cost.cmp(&a.cost)).then(j.cmp(i)));
            best.filter(|(_, item)| worth(item) > 0).map(|(index, _)| index)
        })
        .collect())
}

fn check(customers: &[Vec<Item>], budget: Minor) -> Result<()> {
    if budget < 0 {
        return Err(Error::at(Code::InvalidAmount, "budget", "A budget is never negative."));
    }
    for item in customers.iter().flatten() {
        if item.cost < 0 {
            return Err(Error::at(Code::InvalidAmount, "cost", "A cost is never negative."));
        }
        // Within this, no product below leaves 128 bits.
        rounded(Some(i128::from(item.cost)), 1)?;
        rounded(Some(i128::from(item.value)), 1)?;
    }
    rounded(Some(i128::from(budget)), 1).map(|_| ())
}

fn totals(customers: &[Vec<Item>], chosen: &[Option<usize>]) -> (i128, i128) {
    let items = customers.iter().zip(chosen).filter_map(|(items, place)| place.and_then(|place| items.get(place)));
    items.fold((0, 0), |(cost, value), item| (cost + i128::from(item.cost), value + i128::from(item.value)))
}

/// A step up a customer's hull: from one option to a better and costlier one.
#[derive(Debug, Clone, Copy)]
struct Step {
    customer: usize,
    to: usize,
    cost: i128,
    value: i128,
}

impl Step {
    /// Most value per cost first; a step that costs nothing is first of all.
    fn order(&self, other: &Self) -> Ordering {
        (other.value * self.cost)
            .cmp(&(self.value * other.cost))
            .then(self.cost.cmp(&other.cost))
            .then(self.customer.cmp(&other.customer))
            .then(self.to.cmp(&other.to))
    }

    fn price_bp(&self) -> Result<i64> {
        rounded(self.value.checked_mul(10_000), self.cost.max(1))
    }
}

/// The linear relaxation: as many steps as the budget takes, and the one that it takes a part of.
struct Relaxed {
    chosen: Vec<Option<usize>>,
    value: i128,
    left: i128,
    split: Option<Step>,
    /// What it costs to give everybody the best there is.
    most_cost: i128,
}

impl Relaxed {
    fn new(customers: &[Vec<Item>], budget: Minor) -> Result<Self> {
        check(customers, budget)?;
        let mut steps: Vec<Step> =
            customers.iter().enumerate().flat_map(|(customer, items)| hull(customer, items)).collect();
        steps.sort_by(Step::order);
        let mut relaxed = Self {
            chosen: vec![None; customers.len()],
            value: 0,
            left: i128::from(budget),
            split: None,
            most_cost: steps.iter().map(|step| step.cost).sum(),
        };
        for step in steps {
            if step.cost > relaxed.left {
                relaxed.split = Some(step);
                break;
            }
            relaxed.chosen[step.customer] = Some(step.to);
            relaxed.left -= step.cost;
            relaxed.value += step.value;
        }
        Ok(relaxed)
    }

    /// The relaxation's value, rounded up.
    fn bound(&self) -> Result<Minor> {
        let part = self.split.as_ref().map_or(0, |step| (step.value * self.left + step.cost - 1) / step.cost.max(1));
        rounded(Some(self.value + part), 1)
    }
}

/// The steps along the upper hull of a customer's options, the empty choice first.
fn hull(customer: usize, items: &[Item]) -> Vec<Step> {
    let mut order: Vec<usize> = (0..items.len()).filter(|index| items[*index].value > 0).collect();
    order.sort_by_key(|index| (items[*index].cost, core::cmp::Reverse(items[*index].value), *index));
    let mut corners: Vec<(Option<usize>, i128, i128)> = vec![(None, 0, 0)];
    for index in order {
        let (cost, value) = (i128::from(items[index].cost), i128::from(items[index].value));
        if corners.last().is_some_and(|last| value <= last.2) {
            continue;
        }
        while let [.., before, last] = corners.as_slice() {
            // The last corner lies below the line from the one before to the new one.
            if (last.2 - before.2) * (cost - last.1) > (value - last.2) * (last.1 - before.1) {
                break;
            }
            corners.pop();
        }
        corners.push((Some(index), cost, value));
    }
    corners
        .windows(2)
        .filter_map(|pair| {
            let [from, to] = pair else { return None };
            Some(Step { customer, to: to.0?, cost: to.1 - from.1, value: to.2 - from.2 })
        })
        .collect()
}

/// Dynamic programming: the best value for every budget up to `reach`, one customer after the other.
fn exactly(customers: &[Vec<Item>], reach: usize) -> Vec<Option<usize>> {
    let mut best = vec![0_i128; reach + 1];
    let mut taken: Vec<Vec<u16>> = Vec::with_capacity(customers.len());
    for items in customers {
        let before = best.clone();
        let mut took = vec![0_u16; reach + 1];
        for (number, item) in (1_u16..).zip(items) {
            let Ok(cost) = usize::try_from(item.cost) else { continue };
            for budget in cost..=reach {
                let value = before[budget - cost] + i128::from(item.value);
                // Strictly better: of equals the one that comes first, and nothing before all.
                if value > best[budget] {
                    best[budget] = value;
                    took[budget] = number;
                }
            }
        }
        taken.push(took);
    }
    // The smallest budget that brings as much: what brings nothing costs nothing.
    let mut budget = best.iter().position(|value| *value == best[reach]).unwrap_or(reach);
    let mut chosen = vec![None; customers.len()];
    for (place, took) in taken.iter().enumerate().rev() {
        if let Some(index) = took[budget].checked_sub(1) {
            let index = usize::from(index);
            chosen[place] = Some(index);
            budget -= usize::try_from(customers[place][index].cost).unwrap_or(0).min(budget);
        }
    }
    chosen
}

/// What the relaxation takes whole, filled; or with the step it takes a part of, for which the least is given up, where
/// that brings more.
fn best_filled(customers: &[Vec<Item>], relaxed: &Relaxed, budget: Minor) -> Vec<Option<usize>> {
    let whole = filled(customers, relaxed.chosen.clone(), budget);
    let Some(split) = relaxed.split else { return whole };
    let mut swapped = relaxed.chosen.clone();
    swapped[split.customer] = Some(split.to);
    let mut over = totals(customers, &swapped).0 - i128::from(budget);
    let mut least: Vec<(Minor, usize)> = (0..swapped.len())
        .filter(|customer| *customer != split.customer)
        .filter_map(|customer| Some((customers[customer].get(swapped[customer]?)?.value, customer)))
        .collect();
    least.sort_unstable();
    for (_, customer) in least {
        if over <= 0 {
            break;
        }
        over -=
            swapped[customer].take().and_then(|place| customers[customer].get(place)).map_or(0, |i| i128::from(i.cost));
    }
    if over > 0 {
        return whole;
    }
    let swapped = filled(customers, swapped, budget);
    if totals(customers, &swapped).1 > totals(customers, &whole).1 { swapped } else { whole }
}

/// The best single change that still fits, until none does.
fn filled(customers: &[Vec<Item>], mut chosen: Vec<Option<usize>>, budget: Minor) -> Vec<Option<usize>> {
    let mut left = i128::from(budget) - totals(customers, &chosen).0;
    let gain = |customer: usize, place: Option<usize>, item: &Item| {
        let now = place.and_then(|place| customers[customer].get(place));
        let (cost, value) = now.map_or((0, 0), |now| (i128::from(now.cost), i128::from(now.value)));
        (i128::from(item.cost) - cost, i128::from(item.value) - value)
    };
    let mut changes: Vec<Step> = customers
        .iter()
        .enumerate()
        .flat_map(|(customer, items)| {
            let place = chosen[customer];
            let gains = items.iter().enumerate().map(move |(to, item)| (to, gain(customer, place, item)));
            gains.map(move |(to, (cost, value))| Step { customer, to, cost, value }).collect::<Vec<_>>()
        })
        .filter(|step| step.value > 0 && step.cost <= left)
        .collect();
    changes.sort_by(|a, b| b.value.cmp(&a.value).then_with(|| a.order(b)));
    for change in changes {
        // An earlier change may have moved this customer on: reckon again.
        let (cost, value) = gain(change.customer, chosen[change.customer], &customers[change.customer][change.to]);
        if value > 0 && cost <= left {
            chosen[change.customer] = Some(change.to);
            left -= cost;
        }
    }
    chosen
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn fixture(scale: Minor) -> Vec<Vec<Item>> {
        [
            vec![(2, 40), (120, 150), (150, 210)],
            vec![(2, 10), (120, 260), (200, 300)],
            vec![(2, 60), (120, 90)],
            vec![(120, 130), (180, 400)],
            vec![(2, -30), (120, -80)],
            vec![(2, 25), (250, 330)],
        ]
        .map(|items| items.into_iter().map(|(cost, value)| Item { cost, value: value * scale }).collect())
        .to_vec()
    }

    fn spent(customers: &[Vec<Item>], chosen: &[Option<usize>]) -> (Minor, Minor) {
        let (cost, value) = totals(customers, chosen);
        (cost as Minor, value as Minor)
    }

    #[test]
    fn fixture_4_6_the_exact_optimum_for_every_budget() {
        let nobody = [None; 6];
        for (budget, value, cost, chosen) in [
            (0, 0, 0, nobody),
            (10, 135, 8, [Some(0), Some(0), Some(0), None, None, Some(0)]),
            (130, 385, 126, [Some(0), Some(1), Some(0), None, None, Some(0)]),
            (300, 660, 300, [None, Some(1), None, Some(1), None, None]),
            (450, 895, 424, [Some(1), Some(1), Some(0), Some(1), None, Some(0)]),
            (600, 1090, 554, [Some(0), Some(1), Some(0), Some(1), None, Some(1)]),
            (900, 1330, 900, [Some(2), Some(2), Some(1), Some(1), None, Some(1)]),
        ] {
            let choice = choose(&fixture(1), budget).unwrap();
            assert_eq!((choice.value, choice.cost, choice.method), (value, cost, Method::Exact), "{budget}");
            assert_eq!(choice.chosen, chosen, "{budget}");
            assert!(choice.bound >= choice.value);
        }
    }

    #[test]
    fn fixture_4_6_the_bound_of_the_relaxation() {
        for (budget, bound) in [(0, 0), (130, 4061), (300, 7723), (450, 9621), (600, 11_429), (900, 13_300)] {
            let found = choose(&fixture(10), budget).unwrap().bound;
            // Rounded up, where the table rounds to the nearest tenth.
            assert!((bound..=bound + 1).contains(&found), "{budget}: {found}");
        }
    }

    #[test]
    fn fixture_4_6_spending_falls_as_the_price_of_budget_rises() {
        let customers = fixture(1);
        for (price_bp, cost, value) in [
            (0, 900, 1330),
            (2500, 900, 1330),
            (5000, 702, 1260),
            (10_000, 702, 1260),
            (12_000, 554, 1090),
            (15_000, 306, 785),
            (20_000, 306, 785),
            (25_000, 8, 135),
            (50_000, 6, 125),
            (310_000, 0, 0),
        ] {
            assert_eq!(spent(&customers, &at_price(&customers, price_bp).unwrap()), (cost, value), "{price_bp}");
        }
    }

    #[test]
    fn fixture_4_6_steps_alone_leave_money_lying_and_filling_picks_it_up() {
        let customers = fixture(1);
        for (budget, alone, optimum) in [(130, 135, 385), (300, 535, 660), (450, 785, 895), (600, 1090, 1090)] {
            let relaxed = Relaxed::new(&customers, budget).unwrap();
            assert_eq!(spent(&customers, &relaxed.chosen).1, alone, "{budget}");
            let (cost, value) = spent(&customers, &best_filled(&customers, &relaxed, budget));
            assert!(cost <= budget && value <= optimum && value >= alone, "{budget}: {cost} {value}");
            if alone < optimum {
                assert!(value > alone, "{budget}: nothing was filled");
            }
        }
    }

    #[test]
    fn the_price_of_budget_is_what_one_more_euro_brings() {
        assert_eq!(choose(&fixture(1), 900).unwrap().price_bp, 0);
        // The next step at 300 is the sample for the second customer: 250 for 118.
        assert_eq!(choose(&fixture(1), 300).unwrap().price_bp, 21_186);
    }

    #[test]
    fn a_long_list_is_chosen_by_value_per_cost_within_its_bound() {
        let customers: Vec<Vec<Item>> = (0..20_000_i64)
            .map(|n| (1..=4).map(|k| Item { cost: k * 60 + n % 37, value: k * 45 + n * 7 % 211 }).collect())
            .collect();
        let choice = choose(&customers, 1_000_000).unwrap();
        assert_eq!(choice.method, Method::Lagrange);
        assert!(choice.cost <= 1_000_000 && choice.value <= choice.bound);
        // One step at most is lost, out of tens of thousands.
        assert!(choice.bound - choice.value <= 500, "{} of {}", choice.value, choice.bound);
    }

    #[test]
    fn what_cannot_be_is_refused() {
        assert_eq!(choose(&fixture(1), -1).unwrap_err().path, "budget");
        let negative = vec![vec![Item { cost: -1, value: 1 }]];
        assert_eq!(choose(&negative, 1).unwrap_err().code, Code::InvalidAmount);
        let huge = vec![vec![Item { cost: 0, value: Minor::MAX }]; 3];
        assert_eq!(choose(&huge, 1).unwrap_err().code, Code::OutOfRange);
        assert!(choose(&[], 10).unwrap().chosen.is_empty());
    }

    /// Every choice there is.
    fn by_trying(customers: &[Vec<Item>], budget: Minor) -> Minor {
        let Some((items, rest)) = customers.split_first() else { return 0 };
        let without = by_trying(rest, budget);
        let affordable = items.iter().filter(|item| item.cost <= budget);
        affordable.map(|item| item.value + by_trying(rest, budget - item.cost)).max().unwrap_or(0).max(without)
    }

    fn any_customers() -> impl Strategy<Value = Vec<Vec<Item>>> {
        let item = (0_i64..60, -40_i64..120).prop_map(|(cost, value)| Item { cost, value });
        proptest::collection::vec(proptest::collection::vec(item, 0..4), 0..6)
    }

    proptest! {
        #[test]
        fn the_exact_choice_is_the_best_there_is_and_filling_stays_within_it(
            customers in any_customers(), budget in 0_i64..200,
        ) {
            let best = by_trying(&customers, budget);
            let choice = choose(&customers, budget).unwrap();
            prop_assert_eq!(choice.value, best);
            prop_assert!(choice.cost <= budget && choice.bound >= best);
            for (items, place) in customers.iter().zip(&choice.chosen) {
                prop_assert!(place.is_none_or(|place| items[place].value > 0));
            }
            let relaxed = Relaxed::new(&customers, budget).unwrap();
            let (cost, value) = spent(&customers, &best_filled(&customers, &relaxed, budget));
            prop_assert!(cost <= budget && value <= best);
            prop_assert!(value >= spent(&customers, &relaxed.chosen).1);
        }

        #[test]
        fn spending_never_rises_with_the_price(customers in any_customers(), low in 0_i64..50_000, more in 0_i64..50_000) {
            let (cheap, dear) = (at_price(&customers, low).unwrap(), at_price(&customers, low + more).unwrap());
            prop_assert!(spent(&customers, &dear).0 <= spent(&customers, &cheap).0);
        }
    }
}
