//! Is there money left for this option? The budget of the customer's stage, and what is spent of it.

use std::borrow::Cow;

use super::settings::Budget;
use crate::money::Minor;
use crate::offer::decision::{Plain, Rejected};
use crate::offer::program::{Program, ProgramOption};
use crate::offer::words::Rejection;
use crate::score::stage::Stage;
use crate::time::Day;

/// The budget that pays for customers of this stage on this day, with its place in the program.
#[must_use]
pub fn of(program: &Program, stage: Stage, day: Day) -> Option<(usize, &Budget)> {
    program.budgets.iter().enumerate().find(|(_, budget)| budget.holds(stage, day))
}

/// Why the budget does not pay for an option, if it does not. `due` is the option, what it is expected to cost and the
/// customer's stage; `spent` says how much of a budget is used. What is not told counts as all of it for everything that
/// promotes, and as nothing for gifts.
pub(in crate::offer) fn refused(
    program: &Program,
    due: (&ProgramOption, Minor, Stage),
    day: Day,
    spent: &dyn Fn(&str) -> Option<u32>,
) -> Option<Rejected> {
    let (option, cost, stage) = due;
    if cost <= 0 {
        return None;
    }
    let (index, budget) = of(program, stage, day)?;
    let fits = |budget: &Budget| match spent(&budget.id) {
        Some(used) => Minor::from(used).saturating_add(cost) <= budget.amount,
        None => !super::figures::Reckoner::is_money(option) && cost <= budget.amount,
    };
    let lender = budget.draws_on.as_ref().and_then(|id| program.budgets.iter().find(|other| other.id == *id));
    if fits(budget) || lender.is_some_and(fits) {
        return None;
    }
    let too_small = cost > budget.amount;
    let (field, provided, required) = if too_small {
        (format!("program.budgets[{index}].amount"), Some(Plain::from(budget.amount)), cost)
    } else {
        (format!("state.spent.{}", budget.id), spent(&budget.id).map(Plain::from), budget.amount - cost)
    };
    Some(Rejected {
        option: option.id.clone(),
        code: Rejection::BudgetExhausted,
        field: Cow::Owned(field),
        provided,
        required: Some(required.into()),
    })
}
