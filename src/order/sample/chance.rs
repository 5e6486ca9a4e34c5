//! What does chance give, the same on every platform? Draws from a seeded ChaCha with `libm` only, and a calendar.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

use crate::time::{DAY, Day};

/// Days, and how fast the shop's clock runs on each.
pub(super) struct Calendar {
    first: Day,
    /// Weeks of the model's clock gone by at the end of each day.
    weeks: Vec<f64>,
}

impl Calendar {
    pub fn until(end: Day, open: i32) -> Self {
        const MONTH: [f64; 12] = [1.0, 0.95, 0.92, 0.85, 0.8, 0.72, 0.68, 0.75, 0.95, 1.12, 1.45, 1.95];
        // 1970-01-01 was a Thursday.
        const WEEKDAY: [f64; 7] = [1.05, 0.95, 0.85, 1.2, 1.1, 1.0, 0.95];
        let first = end.plus(1 - open);
        let mut sum = 0.0;
        let days = (0..open).map(|index| {
            let day = first.plus(index);
            let (_, month, _) = day.civil();
            let weekday = usize::try_from(day.number().rem_euclid(7)).unwrap_or(0);
            sum += MONTH[usize::try_from(month - 1).unwrap_or(0)] * WEEKDAY[weekday] / 7.0;
            sum
        });
        Self { first, weeks: days.collect() }
    }

    pub fn weeks(&self) -> f64 {
        self.weeks.last().copied().unwrap_or(0.0)
    }

    /// The day on which the model's clock shows this; `None` after the last.
    pub fn day(&self, week: f64) -> Option<Day> {
        let index = self.weeks.partition_point(|end| *end <= week);
        (index < self.weeks.len()).then(|| self.first.plus(i32::try_from(index).unwrap_or(0)))
    }
}

/// Chance, the same everywhere.
pub(super) struct Chance(ChaCha8Rng);

impl Chance {
    pub fn from_seed(seed: u64) -> Self {
        Self(ChaCha8Rng::seed_from_u64(seed))
    }

    pub fn bits(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// Between 0 and 1, both excluded.
    pub fn uniform(&mut self) -> f64 {
        ((self.0.next_u64() >> 12) as f64 + 0.5) / (1_u64 << 52) as f64
    }

    /// Below `count`, which is small.
    pub fn below<T: TryFrom<u64> + TryInto<u64> + Default>(&mut self, count: T) -> T {
        let count: u64 = count.try_into().unwrap_or(1).max(1);
        T::try_from(self.0.next_u64() % count).unwrap_or_default()
    }

    pub fn exponential(&mut self) -> f64 {
        -libm::log(self.uniform())
    }

    fn normal(&mut self) -> f64 {
        libm::sqrt(2.0 * self.exponential()) * libm::cos(core::f64::consts::TAU * self.uniform())
    }

    /// Marsaglia and Tsang (2000); scale 1.
    pub fn gamma(&mut self, shape: f64) -> f64 {
        if shape < 1.0 {
            return self.gamma(shape + 1.0) * libm::pow(self.uniform(), 1.0 / shape);
        }
        let d = shape - 1.0 / 3.0;
        let c = 1.0 / libm::sqrt(9.0 * d);
        loop {
            let x = self.normal();
            let v = 1.0 + c * x;
            if v <= 0.0 {
                continue;
            }
            let v = v * v * v;
            if libm::log(self.uniform()) < 0.5 * x * x + d - d * v + d * libm::log(v) {
                return d * v;
            }
        }
    }

    pub fn beta(&mut self, a: f64, b: f64) -> f64 {
        let (x, y) = (self.gamma(a), self.gamma(b));
        x / (x + y)
    }

    pub fn country(&mut self) -> &'static str {
        match self.below(100_u64) {
            0..=67 => "DE",
            68..=77 => "AT",
            78..=84 => "CH",
            85..=91 => "FR",
            92..=95 => "ES",
            _ => "GB",
        }
    }

    /// A name nobody has.
    pub fn name(&mut self, country: &str) -> String {
        let (given, family): (&[&str], &[&str]) = match country {
            "FR" => (&["Ambre", "Basile", "Capucine", "Diane", "Élise", "Firmin"], &["Exemple", "Modèle", "Maquette"]),
            "ES" => (&["Alba", "Bruno", "Carmen", "Delia", "Elvira", "Fermín"], &["Ejemplo", "Muestra", "Modelo"]),
            "GB" => (&["Alma", "Basil", "Clover", "Dot", "Edith", "Fern"], &["Sample", "Example", "Specimen"]),
            _ => (
                &["Alma", "Benno", "Carla", "Dörte", "Emil", "Frieda", "Gregor", "Hanne", "Ida", "Jasper", "Käthe"],
                &["Beispiel", "Muster", "Probe", "Entwurf", "Attrappe", "Vorlage", "Platzhalter"],
            ),
        };
        format!("{} {}", given[self.below(given.len())], family[self.below(family.len())])
    }

    /// Seconds since midnight in UTC: quiet nights, busy evenings.
    pub fn second(&mut self) -> i64 {
        let hour = match self.below(20_u64) {
            0..=1 => 5 + self.below(3_u64),
            2..=8 => 8 + self.below(5_u64),
            9..=13 => 13 + self.below(4_u64),
            _ => 17 + self.below(5_u64),
        };
        i64::try_from(hour * 3_600 + self.below(3_600_u64)).unwrap_or(0).min(DAY - 1)
    }
}
