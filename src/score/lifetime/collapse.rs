//! Which customers look alike? Equal rows are counted once with a weight, in an order that does not depend on theirs.

use rustc_hash::FxHashMap;

use super::Observation;
use super::run::{CHUNK, Run};
use super::spend::{SpendRow, SpendRows};

/// Customers with the same frequency, recency and T.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Row {
    pub group: u32,
    pub recency: u32,
    pub age: u32,
    pub weight: u32,
}

/// Customers with the same frequency.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Group {
    pub frequency: u32,
    pub weight: f64,
}

/// Distinct rows with their weights, ascending by frequency, recency and T.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Collapsed {
    pub groups: Vec<Group>,
    pub recencies: Vec<f64>,
    pub ages: Vec<f64>,
    pub rows: Vec<Row>,
    pub customers: u64,
}

impl Collapsed {
    pub fn new<R: Run>(observations: &[Observation], run: &R) -> Self {
        let (recencies, recency_ranks) = ranks(observations, |one| one.recency, run);
        let (ages, age_ranks) = ranks(observations, |one| one.t, run);
        let sorted = sorted(observations.len(), run, |i| {
            (u128::from(observations[i].frequency) << 64)
                | (u128::from(recency_ranks[i]) << 32)
                | u128::from(age_ranks[i])
        });
        let mut out = Self { recencies, ages, customers: observations.len() as u64, ..Self::default() };
        for (key, weight) in sorted {
            let frequency = low(key >> 64);
            if out.groups.last().is_none_or(|group| group.frequency != frequency) {
                out.groups.push(Group { frequency, weight: 0.0 });
            }
            let group = out.groups.len() - 1;
            out.groups[group].weight += f64::from(weight);
            out.rows.push(Row { group: low(group as u128), recency: low(key >> 32), age: low(key), weight });
        }
        out
    }

    pub fn observation(&self, row: &Row) -> Observation {
        Observation {
            frequency: self.groups[row.group as usize].frequency,
            recency: self.recencies[row.recency as usize],
            t: self.ages[row.age as usize],
        }
    }

    /// Every `n`-th row: enough to find where the maximum is roughly.
    pub fn thinned(&self, n: usize) -> Self {
        let rows: Vec<Row> = self.rows.iter().copied().step_by(n).collect();
        let mut out = Self { rows, recencies: self.recencies.clone(), ages: self.ages.clone(), ..Self::default() };
        out.groups = self.groups.iter().map(|group| Group { weight: 0.0, ..*group }).collect();
        for row in &out.rows {
            out.groups[row.group as usize].weight += f64::from(row.weight);
            out.customers += u64::from(row.weight);
        }
        out
    }
}

impl SpendRows {
    /// Those of the customers who have a mean amount to speak of.
    pub fn new<R: Run>(customers: impl Iterator<Item = (u32, f64)>, run: &R) -> Self {
        let customers: Vec<(u32, f64)> = customers.filter(|(x, mean)| *x > 0 && *mean > 0.0).collect();
        // The bits of positive floats are in the order of the floats.
        let sorted =
            sorted(customers.len(), run, |i| (u128::from(customers[i].0) << 64) | u128::from(customers[i].1.to_bits()));
        let mut out = Self::default();
        for (key, weight) in sorted {
            let frequency = low(key >> 64);
            if out.groups.last().is_none_or(|(last, _)| *last != frequency) {
                out.groups.push((frequency, 0.0));
            }
            let group = out.groups.len() - 1;
            out.groups[group].1 += f64::from(weight);
            out.rows.push(SpendRow { group: low(group as u128), weight, mean: f64::from_bits(bits(key)) });
        }
        out
    }

    /// Every `n`-th row.
    pub fn thinned(&self, n: usize) -> Self {
        let rows: Vec<SpendRow> = self.rows.iter().copied().step_by(n).collect();
        let mut groups: Vec<(u32, f64)> = self.groups.iter().map(|(x, _)| (*x, 0.0)).collect();
        for row in &rows {
            groups[row.group as usize].1 += f64::from(row.weight);
        }
        Self { groups, rows }
    }
}

#[allow(clippy::cast_possible_truncation)] // The lower 32 bits are what is asked for.
const fn low(key: u128) -> u32 {
    key as u32
}

#[allow(clippy::cast_possible_truncation)] // The lower 64 bits are what is asked for.
const fn bits(key: u128) -> u64 {
    key as u64
}

/// The distinct values in ascending order, and the rank of every observation's.
fn ranks<R: Run>(
    observations: &[Observation],
    of: impl Fn(&Observation) -> f64 + Sync + Send,
    run: &R,
) -> (Vec<f64>, Vec<u32>) {
    let mut seen: FxHashMap<u64, u32> = FxHashMap::default();
    // -0 and 0 are one value.
    let key = |one: &Observation| (of(one) + 0.0).to_bits();
    let mut last = None;
    for one in observations {
        let bits = key(one);
        if last != Some(bits) {
            seen.insert(bits, 0);
            last = Some(bits);
        }
    }
    let mut values: Vec<u64> = seen.keys().copied().collect();
    values.sort_unstable();
    for (rank, value) in values.iter().enumerate() {
        seen.insert(*value, low(rank as u128));
    }
    let parts = run.map(observations.len().div_ceil(16 * CHUNK), |index| {
        let from = index * 16 * CHUNK;
        let to = observations.len().min(from + 16 * CHUNK);
        observations[from..to].iter().map(|one| seen.get(&key(one)).copied().unwrap_or(0)).collect::<Vec<_>>()
    });
    (values.into_iter().map(f64::from_bits).collect(), parts.concat())
}

/// Every key once, ascending, with how often it occurs.
fn sorted<R: Run>(count: usize, run: &R, key: impl Fn(usize) -> u128 + Sync + Send) -> Vec<(u128, u32)> {
    const PART: usize = 64 * CHUNK;
    let mut parts = run.map(count.div_ceil(PART), |index| {
        let mut keys: Vec<u128> = (index * PART..count.min((index + 1) * PART)).map(&key).collect();
        keys.sort_unstable();
        let mut counted: Vec<(u128, u32)> = Vec::new();
        for key in keys {
            match counted.last_mut() {
                Some((last, count)) if *last == key => *count += 1,
                _ => counted.push((key, 1)),
            }
        }
        counted
    });
    // Merged two by two.
    while parts.len() > 1 {
        let halves = parts.len().div_ceil(2);
        parts = run.map(halves, |index| match parts.get(2 * index..2 * index + 2) {
            Some([one, other]) => merge(one, other),
            _ => parts[2 * index].clone(),
        });
    }
    parts.pop().unwrap_or_default()
}

fn merge(mut one: &[(u128, u32)], mut other: &[(u128, u32)]) -> Vec<(u128, u32)> {
    let mut out = Vec::with_capacity(one.len() + other.len());
    while let ([(a, m), rest_a @ ..], [(b, n), rest_b @ ..]) = (one, other) {
        match a.cmp(b) {
            core::cmp::Ordering::Less => {
                out.push((*a, *m));
                one = rest_a;
            }
            core::cmp::Ordering::Greater => {
                out.push((*b, *n));
                other = rest_b;
            }
            core::cmp::Ordering::Equal => {
                out.push((*a, m + n));
                (one, other) = (rest_a, rest_b);
            }
        }
    }
    out.extend_from_slice(one);
    out.extend_from_slice(other);
    out
}

#[cfg(test)]
mod tests {
    use super::super::run::Serial;
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn equal_rows_become_one_with_a_weight_whatever_their_order(
            (rows, shuffled) in prop::collection::vec((0..4_u32, 0..4_u8, 0..4_u8), 0..60)
                .prop_flat_map(|rows| (Just(rows.clone()), Just(rows).prop_shuffle())),
        ) {
            let read = |rows: &[(u32, u8, u8)]| -> Vec<Observation> {
                rows.iter().map(|(x, tx, t)| Observation { frequency: *x, recency: f64::from(*tx), t: f64::from(*t) }).collect()
            };
            let data = Collapsed::new(&read(&rows), &Serial);
            prop_assert_eq!(&data, &Collapsed::new(&read(&shuffled), &Serial));
            let mut again: Vec<(u32, u8, u8)> = Vec::new();
            for row in &data.rows {
                let one = data.observation(row);
                again.extend(vec![(one.frequency, one.recency as u8, one.t as u8); row.weight as usize]);
            }
            let mut rows = rows;
            rows.sort_unstable();
            prop_assert_eq!(&again, &rows);
            prop_assert_eq!(data.groups.iter().map(|group| group.weight).sum::<f64>(), rows.len() as f64);
        }
    }
}
