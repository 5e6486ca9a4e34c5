//! How much would one promotion take off each line? Before caps, on what earlier promotions left.

use super::allocate::allocate;
use super::request::{CartLine, Effect, PriceRequest, Promotion, TierBasis, TierStep};
use super::rounding::RoundingLevel;
use crate::money::Minor;

/// The cart while promotions are applied to it.
#[derive(Clone)]
pub(super) struct Cart<'a> {
    pub(super) request: &'a PriceRequest,
    /// Rank of each line by its id: what makes results independent of the order of lines.
    pub(super) rank: &'a [u32],
    /// What is left of each line's price.
    pub(super) left: Vec<Minor>,
    /// What is left of the shipping.
    pub(super) shipping: Minor,
}

/// What a promotion would take off.
pub(super) enum Wanted {
    /// Off the lines.
    Lines(Vec<Minor>),
    /// Off the shipping.
    Shipping(Minor),
    /// Nothing, but there is a gift.
    Gift,
}

impl Cart<'_> {
    /// What may still be taken off a line.
    fn room(&self, index: usize) -> Minor {
        let line = &self.request.lines[index];
        (self.left[index] - line.floor * Minor::from(line.quantity)).max(0)
    }

    /// What the promotion would take off; `matching` are the indices of its lines.
    pub(super) fn wanted(&self, promotion: &Promotion, matching: &[usize]) -> Wanted {
        let all = |index: &usize| self.request.lines[*index].quantity;
        let units = || match promotion.max_units {
            None => matching.iter().map(all).collect(),
            Some(limit) => self.take(matching, limit.into(), true),
        };
        Wanted::Lines(match &promotion.effect {
            Effect::FreeShipping {} => return Wanted::Shipping(self.shipping),
            Effect::Gift { .. } => return Wanted::Gift,
            Effect::Percent { bp } => self.percent(*bp, matching, &units()),
            Effect::Fixed { amount } => self.fixed(*amount, promotion, matching),
            Effect::FixedPerItem { amount } => self.per_item(*amount, promotion, matching, &units()),
            Effect::BuyGet { buy, get, bp } => {
                let total: u64 = matching.iter().map(|index| u64::from(all(index))).sum();
                let reduced = total / u64::from(buy + get) * u64::from(*get);
                self.percent(*bp, matching, &self.take(matching, reduced, false))
            }
            Effect::Tiers { by, steps } => match self.step(*by, steps, matching) {
                Some(TierStep { bp: Some(bp), .. }) => {
                    self.percent(*bp, matching, &matching.iter().map(all).collect::<Vec<_>>())
                }
                Some(TierStep { amount: Some(amount), .. }) => self.fixed(*amount, promotion, matching),
                _ => vec![0; self.left.len()],
            },
        })
    }

    /// How many units of each matching line are among the `count` dearest (or cheapest).
    fn take(&self, matching: &[usize], mut count: u64, dearest: bool) -> Vec<u32> {
        let mut order: Vec<usize> = (0..matching.len()).collect();
        order.sort_by_key(|at| {
            let unit = self.request.lines[matching[*at]].unit;
            (if dearest { -unit } else { unit }, self.rank[matching[*at]])
        });
        let mut units = vec![0; matching.len()];
        for at in order {
            let quantity = u64::from(self.request.lines[matching[at]].quantity).min(count);
            units[at] = quantity as u32;
            count -= quantity;
        }
        units
    }

    fn percent(&self, bp: u32, matching: &[usize], units: &[u32]) -> Vec<Minor> {
        const WHOLE: u128 = 10_000;
        let rounding = self.request.rounding;
        let mut wanted = vec![0; self.left.len()];
        // In ten-thousandths of a minor unit: exact for whole lines.
        let mut weights = vec![0; self.left.len()];
        for (index, units) in matching.iter().zip(units) {
            let line = &self.request.lines[*index];
            let room = self.room(*index);
            let part = u128::from(self.left[*index].unsigned_abs()) * u128::from(bp);
            let quantity = u128::from(line.quantity);
            let units = u128::from(*units);
            let take = |amount: u128| Minor::try_from(amount).unwrap_or(Minor::MAX).min(room);
            match rounding.level {
                RoundingLevel::Unit => {
                    wanted[*index] = take(rounding.mode.divide(part, quantity * WHOLE) * units);
                }
                RoundingLevel::Line => wanted[*index] = take(rounding.mode.divide(part * units, quantity * WHOLE)),
                RoundingLevel::Order => {
                    let exact = if units == quantity { part } else { part * units / quantity };
                    weights[*index] = exact.min(u128::from(room.unsigned_abs()) * WHOLE);
                    wanted[*index] = room;
                }
            }
        }
        if rounding.level != RoundingLevel::Order {
            return wanted;
        }
        let total = rounding.mode.divide(weights.iter().sum(), WHOLE);
        let total = Minor::try_from(total).unwrap_or(Minor::MAX).min(wanted.iter().sum());
        allocate(total, &weights, &wanted, self.rank, rounding.remainder)
    }

    fn fixed(&self, amount: Minor, promotion: &Promotion, matching: &[usize]) -> Vec<Minor> {
        let mut room = vec![0; self.left.len()];
        for index in matching {
            room[*index] = self.room(*index);
        }
        let amount = self.in_the_carts_basis(amount, promotion, matching).min(room.iter().sum());
        let weights: Vec<u128> = room.iter().map(|room| room.unsigned_abs().into()).collect();
        allocate(amount, &weights, &room, self.rank, self.request.rounding.remainder)
    }

    fn per_item(&self, amount: Minor, promotion: &Promotion, matching: &[usize], units: &[u32]) -> Vec<Minor> {
        let mut wanted = vec![0; self.left.len()];
        for (index, units) in matching.iter().zip(units) {
            let each = self.in_the_carts_basis(amount, promotion, &[*index]);
            wanted[*index] = each.saturating_mul((*units).into()).min(self.room(*index));
        }
        wanted
    }

    /// The amount with or without tax, as the cart's prices are: by the average rate of the lines it is taken off.
    fn in_the_carts_basis(&self, amount: Minor, promotion: &Promotion, matching: &[usize]) -> Minor {
        let cart = self.request.tax_included;
        let amounts = promotion.tax_included.unwrap_or(cart);
        if amounts == cart {
            return amount;
        }
        let (mut own, mut other) = (0_u128, 0_u128);
        for index in matching {
            let line = &self.request.lines[*index];
            let price = u128::from(gross(line).unsigned_abs());
            let rate = u128::from(line.tax_rate_bp);
            own += price;
            other += if cart { price * 10_000 / (10_000 + rate) } else { price * (10_000 + rate) / 10_000 };
        }
        let converted = self.request.rounding.mode.divide(u128::from(amount.unsigned_abs()) * own, other);
        Minor::try_from(converted).unwrap_or(Minor::MAX)
    }

    /// The highest step that is reached.
    fn step<'a>(&self, by: TierBasis, steps: &'a [TierStep], matching: &[usize]) -> Option<&'a TierStep> {
        let (subtotal, units) = measure(self.request, matching);
        let value = match by {
            TierBasis::Subtotal => subtotal,
            TierBasis::Quantity => units,
        };
        steps.iter().rev().find(|step| step.from <= value)
    }
}

/// A line's price before any discount.
pub(super) fn gross(line: &CartLine) -> Minor {
    line.unit * Minor::from(line.quantity)
}

/// The price of these lines before any discount, and their units.
pub(super) fn measure(request: &PriceRequest, matching: &[usize]) -> (Minor, Minor) {
    matching
        .iter()
        .map(|index| &request.lines[*index])
        .fold((0, 0), |(price, units), line| (price + gross(line), units + Minor::from(line.quantity)))
}
