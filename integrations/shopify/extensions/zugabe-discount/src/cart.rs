//! Which cart is that? Shopify's input as the core's request.

use crate::schema::run::Input;
use crate::schema::run::input::cart::Lines;
use crate::schema::run::input::cart::lines::Merchandise;
use crate::terms::Terms;
use zugabe::money::{Currency, decimal};
use zugabe::price::{CartLine, PriceRequest, Promotion, normalised_code};
use zugabe::reject::{Code, Error, Result};
use zugabe::time::Instant;

/// Whether somebody recommends the shop to themselves.
pub fn own_code(input: &Input) -> bool {
    let customer = input.cart().buyer_identity().and_then(|identity| identity.customer());
    match (input.triggering_discount_code(), customer.and_then(|customer| customer.code())) {
        (Some(entered), Some(own)) => normalised_code(entered) == normalised_code(own.value()),
        _ => false,
    }
}

/// What the core is asked; nothing when no promotion is for this customer.
pub fn request(input: &Input, terms: &mut Terms) -> Result<Option<PriceRequest>> {
    let cart = input.cart();
    let customer = cart.buyer_identity().and_then(|identity| identity.customer());
    let tier = customer.and_then(|customer| customer.tier()).map(|tier| tier.value().as_str());
    let promotions: Vec<Promotion> = core::mem::take(&mut terms.promotions)
        .into_iter()
        .filter(|entry| {
            entry.tiers.as_ref().is_none_or(|tiers| tier.is_some_and(|tier| tiers.iter().any(|name| name == tier)))
        })
        .map(|entry| entry.promotion)
        .collect();
    if promotions.is_empty() {
        return Ok(None);
    }
    let currency = Currency::parse(cart.cost().subtotal_amount().currency_code())?;
    let by_tags = promotions
        .iter()
        .any(|promotion| !promotion.conditions.tags.is_empty() || !promotion.conditions.without_tags.is_empty());
    let first_order = match customer {
        Some(customer) => Some(*customer.number_of_orders() == 0),
        None => terms.guests_are_new.then_some(true),
    };
    Ok(Some(PriceRequest {
        v: 1,
        // Nothing here hangs on a date: terms with one were refused.
        now: Instant::from_unix(0),
        time_zone: "UTC".to_owned(),
        currency,
        tax_included: true,
        estimate: true,
        rounding: terms.rounding,
        lines: lines(input, currency, by_tags)?,
        shipping: 0,
        first_order,
        codes: Vec::new(),
        promotions,
        stacking: core::mem::take(&mut terms.stacking),
    }))
}

/// The lines. Their place is their id: what Shopify calls them is read only where something comes off.
fn lines(input: &Input, currency: Currency, by_tags: bool) -> Result<Vec<CartLine>> {
    let mut lines = Vec::with_capacity(input.cart().lines().len());
    for (index, line) in input.cart().lines().iter().enumerate() {
        let quantity = u32::try_from(*line.quantity()).map_err(|_| {
            Error::at(Code::InvalidValue, format!("cart.lines[{index}].quantity"), "A quantity is never negative.")
        })?;
        let unit = decimal(line.cost().amount_per_quantity().amount(), currency.exponent())
            .map_err(|error| error.under(&format!("cart.lines[{index}].cost")))?;
        let tags = if by_tags { tags(line) } else { Vec::new() };
        lines.push(CartLine { id: name(index), unit, quantity, tax_rate_bp: 0, tags, floor: 0 });
    }
    Ok(lines)
}

/// The product's tags, of those that the terms speak of.
fn tags(line: &Lines) -> Vec<String> {
    let Merchandise::ProductVariant(variant) = line.merchandise() else { return Vec::new() };
    variant.product().has_tags().iter().filter(|tag| *tag.has_tag()).map(|tag| tag.tag().clone()).collect()
}

/// Names in the order of the lines, so that ties are broken by place: four digits sort as they count.
fn name(index: usize) -> String {
    format!("{index:04}")
}
