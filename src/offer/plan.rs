//! Who gets what, when the budget is not enough for all? The choice over a list of customers.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::money::Currency;
use crate::money::{MAX_MINOR, Minor, div_round};
use crate::offer::economics::figures::Figures;
use crate::offer::economics::knapsack::{Choice, Item, Method, choose};
use crate::offer::economics::missing::{HoldoutAdvice, Missing};
use crate::offer::economics::words;
use crate::offer::words::{Channel, Kind};
use crate::reject::Result;
use crate::score::stage::Stage;
use crate::score::tier::Tier;
use crate::time::Day;

/// One customer, or one order, with what is possible.
#[derive(Debug, Clone)]
pub(crate) struct Subject {
    pub(crate) customer: String,
    pub(crate) order: Option<String>,
    pub(crate) stage: Stage,
    pub(crate) tier: Tier,
    pub(crate) order_number: u32,
    /// The budget that pays; `None` where nothing limits.
    pub(crate) budget: Option<String>,
    /// What could be given, as the decision ranks it.
    pub(crate) offers: Vec<(Kind, Figures)>,
    /// What the decision gives.
    pub(crate) decided: Option<usize>,
}

/// Money for some of the customers.
#[derive(Debug, Clone)]
pub(crate) struct Purse {
    pub(crate) id: String,
    pub(crate) amount: Minor,
    pub(crate) spent: Minor,
}

/// Who gets what, what it costs, what it is expected to bring.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Plan {
    /// Version of this document: 1.
    pub v: u32,
    /// The currency of every amount.
    pub currency: Currency,
    /// The channel it is for.
    pub audience: Channel,
    /// The first day whose purchases were looked at; absent for a list of customers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<Day>,
    /// The last day; absent for a list of customers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Day>,
    /// How many rows there are in all.
    pub total: usize,
    /// One row for each customer or order.
    pub rows: Vec<PlanRow>,
    /// Every option that is given, the most frequent first.
    pub options: Vec<PlanOption>,
    /// The budgets and what is planned of them.
    pub budgets: Vec<PlanBudget>,
    /// What all of it is expected to cost.
    pub cost: Minor,
    /// What the additional buyers are expected to bring before cost.
    pub gross: Minor,
    /// What remains: expected incremental profit.
    pub profit: Minor,
    /// The part of the cost that goes to those who would have bought anyway.
    pub cannibalised: Minor,
    /// What to fill in next, what matters most first.
    pub missing: Vec<Missing>,
    /// Whether leaving some customers alone would teach something; absent where no effect is expected.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub holdout: Option<HoldoutAdvice>,
    /// All of it in a few sentences.
    pub words: String,
}

/// What one customer gets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct PlanRow {
    /// The customer's id; the order's where no customer is known.
    pub customer: String,
    /// The order, where the rows are orders.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order: Option<String>,
    /// Her stage.
    pub stage: Stage,
    /// Her tier.
    pub tier: Tier,
    /// Which of her orders it is.
    pub order_number: u32,
    /// What she gets; absent for plain thanks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub option: Option<String>,
    /// What it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<Kind>,
    /// What it is expected to cost.
    pub cost: Minor,
    /// What it is expected to bring before that.
    pub gross: Minor,
    /// What remains.
    pub profit: Minor,
    /// Of 10,000 such customers, how many more have to order again for it to pay; absent when no number is enough, and
    /// for plain thanks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub break_even_bp: Option<i64>,
}

/// What one option comes to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct PlanOption {
    /// The option.
    pub option: String,
    /// What it is.
    pub kind: Kind,
    /// How many get it.
    pub customers: usize,
    /// What that is expected to cost.
    pub cost: Minor,
    /// What it is expected to bring before that.
    pub gross: Minor,
    /// What remains.
    pub profit: Minor,
    /// The part of the cost that goes to those who would have bought anyway.
    pub cannibalised: Minor,
    /// How many of them are expected to order again without it.
    pub back: i64,
    /// How many more of them have to for it to pay, all together; absent where no number is enough for any of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pays_from: Option<i64>,
    /// For how many of them no number is enough: left out of `paysFrom`.
    pub never_pays: usize,
    /// How many more are expected to because of it.
    pub expected_more: i64,
    /// Of 10,000 of them, how many more that is.
    pub uplift_bp: i64,
    /// Of 10,000 who order again, how many redeem it.
    pub redeem_bp: i64,
    /// Which of these numbers are assumed: paths of the program, or `model`.
    pub assumed: Vec<String>,
    /// Break-even in a sentence, for the first of these customers.
    pub words: String,
}

/// What is summed up over the customers of one option before it is told.
#[derive(Debug, Default)]
struct Sums {
    base_bp: i64,
    needed_bp: i64,
    uplift_bp: i64,
    redeem_bp: i64,
    payable: usize,
}

impl Sums {
    const fn count(&mut self, figures: &Figures) {
        self.base_bp = self.base_bp.saturating_add(figures.base_bp);
        self.uplift_bp = self.uplift_bp.saturating_add(figures.uplift_bp);
        self.redeem_bp = self.redeem_bp.saturating_add(figures.redeem_bp);
        if let Some(needed) = figures.break_even_bp {
            self.needed_bp = self.needed_bp.saturating_add(if needed > 0 { needed } else { 0 });
            self.payable += 1;
        }
    }

    fn tell(&self, option: &mut PlanOption) {
        let rounded = |sum: i64, by: i128| i64::try_from(div_round(i128::from(sum), by)).unwrap_or(0);
        let all = i128::try_from(option.customers).unwrap_or(i128::MAX).max(1);
        option.back = rounded(self.base_bp, 10_000);
        // A part of a customer does not come: the next whole one does.
        option.pays_from = (self.payable > 0).then(|| (self.needed_bp + 9_999) / 10_000);
        option.never_pays = option.customers - self.payable;
        option.expected_more = rounded(self.uplift_bp, 10_000);
        (option.uplift_bp, option.redeem_bp) = (rounded(self.uplift_bp, all), rounded(self.redeem_bp, all));
    }
}

/// What is planned of one budget.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct PlanBudget {
    /// Its id.
    pub id: String,
    /// How much it is.
    pub amount: Minor,
    /// What was spent of it before.
    pub spent: Minor,
    /// What this plan spends.
    pub planned: Minor,
    /// What the plan's choice is worth: what gifts bring, and what money brings less its cost.
    pub value: Minor,
    /// No choice within the budget is worth more than this.
    pub bound: Minor,
    /// What one more unit of budget would bring, in basis points; 0 when it is enough.
    pub price_bp: i64,
    /// How the choice was found.
    pub method: Method,
    /// The price of budget in a sentence.
    pub words: String,
}

/// What an option weighs against others of the same budget. A gift within the allowance need not pay: only what it
/// brings counts, and its cost only against the budget. Money counts after its cost.
const fn worth(figures: &Figures) -> Minor {
    if figures.exempt { figures.expected_gross } else { figures.expected_profit }
}

/// Chooses for all subjects. What the decision gives stands wherever the budget is enough for everybody; otherwise the
/// budget goes where it brings most.
///
/// # Errors
/// `out_of_range` for sums that are too large.
pub(crate) fn allot(
    subjects: &[Subject],
    purses: &[Purse],
    currency: Currency,
) -> Result<(Vec<Option<usize>>, Vec<PlanBudget>)> {
    let mut given: Vec<Option<usize>> = subjects.iter().map(|subject| subject.decided).collect();
    let mut budgets = Vec::new();
    for purse in purses {
        let members: Vec<usize> =
            (0..subjects.len()).filter(|index| subjects[*index].budget.as_deref() == Some(&purse.id)).collect();
        let items: Vec<Vec<Item>> = members
            .iter()
            .map(|index| {
                let offers = subjects[*index].offers.iter();
                offers.map(|(_, figures)| Item { cost: figures.expected_cost, value: worth(figures) }).collect()
            })
            .collect();
        let left = (purse.amount - purse.spent).max(0);
        let wanted = sum(members.iter().filter_map(|index| cost(&subjects[*index], given[*index])));
        let choice = if wanted <= left {
            let value = sum(members.iter().filter_map(|index| {
                given[*index].and_then(|place| subjects[*index].offers.get(place)).map(|(_, figures)| worth(figures))
            }));
            // Everybody gets what the decision gives: there is nothing to choose.
            Choice { chosen: Vec::new(), cost: wanted, value, bound: value, price_bp: 0, method: Method::Exact }
        } else {
            choose(&items, left)?
        };
        for (index, place) in members.iter().zip(&choice.chosen) {
            given[*index] = *place;
        }
        budgets.push(PlanBudget {
            id: purse.id.clone(),
            amount: purse.amount,
            spent: purse.spent,
            planned: choice.cost,
            value: choice.value,
            bound: choice.bound,
            price_bp: choice.price_bp,
            method: choice.method,
            words: words::price_of_budget(choice.price_bp, currency),
        });
    }
    Ok((given, budgets))
}

fn cost(subject: &Subject, place: Option<usize>) -> Option<Minor> {
    place.and_then(|place| subject.offers.get(place)).map(|(_, figures)| figures.expected_cost)
}

fn sum(values: impl Iterator<Item = Minor>) -> Minor {
    values.fold(0_i64, i64::saturating_add).clamp(-MAX_MINOR, MAX_MINOR)
}

/// The rows of a plan and what its options come to.
pub(crate) fn tell(subjects: &[Subject], given: &[Option<usize>]) -> (Vec<PlanRow>, Vec<PlanOption>) {
    let mut options: BTreeMap<&str, (PlanOption, Sums)> = BTreeMap::new();
    let rows = subjects
        .iter()
        .zip(given)
        .map(|(subject, place)| {
            let offer = place.and_then(|place| subject.offers.get(place));
            if let Some((kind, figures)) = offer {
                let (one, sums) = options.entry(&figures.option).or_insert_with(|| {
                    let one = PlanOption {
                        option: figures.option.clone(),
                        kind: *kind,
                        customers: 0,
                        cost: 0,
                        gross: 0,
                        profit: 0,
                        cannibalised: 0,
                        back: 0,
                        pays_from: None,
                        never_pays: 0,
                        expected_more: 0,
                        uplift_bp: 0,
                        redeem_bp: 0,
                        assumed: Vec::new(),
                        words: figures.words.clone(),
                    };
                    (one, Sums::default())
                });
                sums.count(figures);
                for path in &figures.assumed {
                    if !one.assumed.iter().any(|known| known == path) {
                        one.assumed.push(path.clone().into_owned());
                    }
                }
                one.customers += 1;
                one.cost = sum([one.cost, figures.expected_cost].into_iter());
                one.gross = sum([one.gross, figures.expected_gross].into_iter());
                one.profit = sum([one.profit, figures.expected_profit].into_iter());
                one.cannibalised = sum([one.cannibalised, figures.cannibalised].into_iter());
            }
            let figures = offer.map(|(_, figures)| figures);
            PlanRow {
                customer: subject.customer.clone(),
                order: subject.order.clone(),
                stage: subject.stage,
                tier: subject.tier,
                order_number: subject.order_number,
                option: figures.map(|figures| figures.option.clone()),
                kind: offer.map(|(kind, _)| *kind),
                cost: figures.map_or(0, |figures| figures.expected_cost),
                gross: figures.map_or(0, |figures| figures.expected_gross),
                profit: figures.map_or(0, |figures| figures.expected_profit),
                break_even_bp: figures.and_then(|figures| figures.break_even_bp),
            }
        })
        .collect();
    let told = |(mut option, sums): (PlanOption, Sums)| {
        sums.tell(&mut option);
        option
    };
    let mut options: Vec<PlanOption> = options.into_values().map(told).collect();
    options.sort_by(|a, b| b.customers.cmp(&a.customers).then_with(|| a.option.cmp(&b.option)));
    (rows, options)
}
