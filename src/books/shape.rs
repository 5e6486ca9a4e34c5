//! What do plans of one shape have in common? Their statements, which a store prepares once; what differs is a list of
//! texts and numbers, and a plan that runs to its end comes to what could be said before.

use std::collections::BTreeMap;
use std::hash::{Hash, Hasher};

use rustc_hash::FxHasher;
use serde::Serialize;

use super::finish::usual;
use super::operation::BooksOperation;
use super::plan::plan;
use super::step::{BooksFinished, Cell, OnEmpty, Step, Value, When};
use crate::reject::Result;

/// The shapes that were seen: their statements are given once.
#[derive(Debug, Clone, Default)]
pub struct Shapes {
    known: BTreeMap<u64, u32>,
}

/// A plan for a store that has prepared the statements of its shape.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ShapedPlan {
    /// Version of this document: 1.
    pub v: u32,
    /// The number of its shape.
    pub shape: u32,
    /// The statements, when the shape is new. Their literals (`text` and `int`, in `when`, `key`, `values`, `set`, `add`,
    /// `conditions` and then the statement of `onEmpty`, step by step) are those of this plan.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub steps: Option<Vec<Step>>,
    /// The literals of this plan, in that order.
    pub values: Vec<Cell>,
    /// What `finish` answers if the statements run to the end; absent where that depends on their rows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub usual: Option<BooksFinished>,
}

impl Shapes {
    /// The plan of an operation.
    ///
    /// # Errors
    /// As [`plan`].
    pub fn plan(&mut self, operation: BooksOperation) -> Result<ShapedPlan> {
        let plan = plan(operation)?;
        let usual = usual(&plan);
        // Nobody outside chooses what goes into the shape, so a hash that is only fast is good enough for it.
        let mut shape = FxHasher::default();
        plan.steps.iter().for_each(|step| shape_of(step, &mut shape));
        let next = u32::try_from(self.known.len()).unwrap_or(u32::MAX);
        let mut steps = None;
        let shape = *self.known.entry(shape.finish()).or_insert_with(|| {
            steps = Some(plan.steps.clone());
            next
        });
        Ok(ShapedPlan { v: 1, shape, steps, values: literals(plan.steps), usual })
    }
}

/// The shape of a statement: everything in it but its literals.
fn shape_of(step: &Step, shape: &mut FxHasher) {
    step.name.hash(shape);
    step.each.hash(shape);
    (step.verb as u8, step.table as u8, &step.returning).hash(shape);
    step.when.len().hash(shape);
    for when in &step.when {
        match when {
            When::Found { step } => (0_u8, step).hash(shape),
            When::Missing { step } => (1_u8, step).hash(shape),
            When::Equals { step, column, value } => {
                (2_u8, step, column).hash(shape);
                shape_of_value(value, shape);
            }
            When::Differs { step, column, value } => {
                (3_u8, step, column).hash(shape);
                shape_of_value(value, shape);
            }
        }
    }
    for list in [&step.key, &step.values, &step.set, &step.add] {
        list.len().hash(shape);
        for assignment in list {
            assignment.column.hash(shape);
            shape_of_value(&assignment.value, shape);
        }
    }
    step.conditions.len().hash(shape);
    for condition in &step.conditions {
        (&condition.column, condition.is as u8, condition.to.len()).hash(shape);
        condition.to.iter().for_each(|value| shape_of_value(value, shape));
    }
    match &step.on_empty {
        OnEmpty::Proceed => 0_u8.hash(shape),
        OnEmpty::Refuse { refusal } => (1_u8, refusal.as_str()).hash(shape),
        OnEmpty::Read { step } => {
            2_u8.hash(shape);
            shape_of(step, shape);
        }
    }
}

fn shape_of_value(value: &Value, shape: &mut FxHasher) {
    match value {
        Value::Text { .. } => 0_u8.hash(shape),
        Value::Int { .. } => 1_u8.hash(shape),
        Value::Ref { step, column } => (2_u8, step, column).hash(shape),
        Value::Own { column } => (3_u8, column).hash(shape),
        Value::Sum { plus, minus } => {
            (4_u8, plus.len(), minus.len()).hash(shape);
            plus.iter().chain(minus).for_each(|part| shape_of_value(part, shape));
        }
    }
}

/// The literals of statements, moved out of them.
fn literals(steps: Vec<Step>) -> Vec<Cell> {
    let mut values = Vec::with_capacity(8 * steps.len());
    steps.into_iter().for_each(|step| literals_of(step, &mut values));
    values
}

fn literals_of(step: Step, values: &mut Vec<Cell>) {
    for when in step.when {
        if let When::Equals { value, .. } | When::Differs { value, .. } = when {
            literal(value, values);
        }
    }
    for list in [step.key, step.values, step.set, step.add] {
        list.into_iter().for_each(|assignment| literal(assignment.value, values));
    }
    for condition in step.conditions {
        condition.to.into_iter().for_each(|value| literal(value, values));
    }
    if let OnEmpty::Read { step } = step.on_empty {
        literals_of(*step, values);
    }
}

fn literal(value: Value, values: &mut Vec<Cell>) {
    match value {
        Value::Text { text } => values.push(Cell::String(text)),
        Value::Int { int } => values.push(Cell::from(int)),
        Value::Ref { .. } | Value::Own { .. } => {}
        Value::Sum { plus, minus } => plus.into_iter().chain(minus).for_each(|part| literal(part, values)),
    }
}
