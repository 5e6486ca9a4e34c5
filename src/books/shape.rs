//! What do plans of one shape have in common? Their statements, which a store prepares once; what differs is a list of
//! texts and numbers, and a plan that runs to its end comes to what could be said before.

use std::collections::BTreeMap;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};

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
        let mut reader = Reader { shape: DefaultHasher::new(), values: Vec::new() };
        plan.steps.iter().for_each(|step| reader.step(step));
        let (next, hash) = (self.known.len(), reader.shape.finish());
        let number = self.known.get(&hash).copied();
        let shape = number.unwrap_or_else(|| u32::try_from(next).unwrap_or(u32::MAX));
        let usual = usual(&plan);
        let steps = if number.is_none() {
            self.known.insert(hash, shape);
            Some(plan.steps)
        } else {
            None
        };
        Ok(ShapedPlan { v: 1, shape, steps, values: reader.values, usual })
    }
}

/// Goes through statements: literals into the list, anything else into the shape.
struct Reader {
    shape: DefaultHasher,
    values: Vec<Cell>,
}

impl Reader {
    fn step(&mut self, step: &Step) {
        step.name.hash(&mut self.shape);
        step.each.hash(&mut self.shape);
        (step.verb.as_str(), step.table.as_str(), &step.returning).hash(&mut self.shape);
        for when in &step.when {
            match when {
                When::Found { step } => ("found", step).hash(&mut self.shape),
                When::Missing { step } => ("missing", step).hash(&mut self.shape),
                When::Equals { step, column, value } => {
                    ("equals", step, column).hash(&mut self.shape);
                    self.value(value);
                }
                When::Differs { step, column, value } => {
                    ("differs", step, column).hash(&mut self.shape);
                    self.value(value);
                }
            }
        }
        for (part, list) in [("key", &step.key), ("values", &step.values), ("set", &step.set), ("add", &step.add)] {
            part.hash(&mut self.shape);
            for assignment in list {
                assignment.column.hash(&mut self.shape);
                self.value(&assignment.value);
            }
        }
        for condition in &step.conditions {
            (&condition.column, condition.is.as_str(), condition.to.len()).hash(&mut self.shape);
            condition.to.iter().for_each(|value| self.value(value));
        }
        match &step.on_empty {
            OnEmpty::Proceed => "proceed".hash(&mut self.shape),
            OnEmpty::Refuse { refusal } => ("refuse", refusal.as_str()).hash(&mut self.shape),
            OnEmpty::Read { step } => {
                "read".hash(&mut self.shape);
                self.step(step);
            }
        }
    }

    fn value(&mut self, value: &Value) {
        match value {
            Value::Text { text } => {
                "text".hash(&mut self.shape);
                self.values.push(Cell::from(text.as_str()));
            }
            Value::Int { int } => {
                "int".hash(&mut self.shape);
                self.values.push(Cell::from(*int));
            }
            Value::Ref { step, column } => ("ref", step, column).hash(&mut self.shape),
            Value::Own { column } => ("own", column).hash(&mut self.shape),
            Value::Sum { plus, minus } => {
                ("sum", plus.len(), minus.len()).hash(&mut self.shape);
                plus.iter().chain(minus).for_each(|part| self.value(part));
            }
        }
    }
}
