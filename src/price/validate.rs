//! Does this request make sense? What could only be a mistake is refused before anything is computed.

use std::collections::HashSet;

use super::request::{Effect, PriceRequest, Promotion, TierBasis};
use crate::money::{MAX_MINOR, Minor};
use crate::reject::{Code, Error, Result};

const MAX_LINES: usize = 10_000;
const MAX_PROMOTIONS: usize = 1_000;
const MAX_CODES: usize = 50;
const MAX_TEXT: usize = 200;

/// A promotion's code as it is compared: letters and digits only, in capitals.
///
/// ```
/// assert_eq!(zugabe::price::normalised_code(" Summer-10 "), "SUMMER10");
/// ```
#[must_use]
pub fn normalised_code(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect()
}

/// Refuses what could only be a mistake, and gives the rank of each line by its id: what breaks ties, so that the order
/// of lines has no influence.
pub(super) fn validate(request: &PriceRequest) -> Result<Vec<u32>> {
    if request.v != 1 {
        return Err(Error::at(Code::UnsupportedVersion, "v", "This request has another version than 1."));
    }
    for (path, count, limit) in [
        ("lines", request.lines.len(), MAX_LINES),
        ("promotions", request.promotions.len(), MAX_PROMOTIONS),
        ("codes", request.codes.len(), MAX_CODES),
    ] {
        if count > limit {
            return Err(Error::at(Code::TooLarge, path, format!("At most {limit} are taken here.")));
        }
    }
    if let Some(index) = request.codes.iter().position(|code| code.len() > MAX_TEXT) {
        return Err(Error::at(Code::TooLarge, format!("codes[{index}]"), "This is too long for a code."));
    }
    amount("shipping", request.shipping, 0)?;
    lines(request)?;
    promotions(request)?;
    groups(request)?;
    rank(request)
}

fn rank(request: &PriceRequest) -> Result<Vec<u32>> {
    let mut order: Vec<(&str, usize)> =
        request.lines.iter().enumerate().map(|(index, line)| (line.id.as_str(), index)).collect();
    order.sort_unstable();
    if let Some(pair) = order.windows(2).find(|pair| pair[0].0 == pair[1].0) {
        let path = format!("lines[{}].id", pair[1].1);
        return Err(Error::at(Code::Contradiction, path, "Two lines have the same id."));
    }
    let mut rank = vec![0; order.len()];
    for (place, (_, index)) in order.into_iter().enumerate() {
        rank[index] = place as u32;
    }
    Ok(rank)
}

/// An amount from `least` to the largest exact one.
fn amount(path: impl Into<String>, value: Minor, least: Minor) -> Result<()> {
    if (least..=MAX_MINOR).contains(&value) {
        return Ok(());
    }
    Err(Error::at(Code::InvalidAmount, path, format!("An amount here is at least {least} and at most {MAX_MINOR}.")))
}

fn lines(request: &PriceRequest) -> Result<()> {
    let mut sum = i128::from(request.shipping);
    for (index, line) in request.lines.iter().enumerate() {
        let at = |field: &str, code, message: &str| Err(Error::at(code, format!("lines[{index}]{field}"), message));
        if line.unit < 0 || line.unit > MAX_MINOR {
            return at(
                ".unit",
                Code::InvalidAmount,
                "A unit price is never negative; gifts and discounts are no lines.",
            );
        }
        if line.floor < 0 || line.floor > line.unit {
            return at(".floor", Code::Contradiction, "A floor lies between zero and the unit price.");
        }
        if line.quantity == 0 {
            return at(".quantity", Code::InvalidValue, "A line has at least one unit.");
        }
        if line.tax_rate_bp > 100_000 {
            return at(".taxRateBp", Code::InvalidValue, "A tax rate in basis points: 19 % is 1900.");
        }
        // The tax may come on top of the price.
        let taxed = i128::from(line.unit) * i128::from(line.quantity) * i128::from(10_000 + line.tax_rate_bp) / 10_000;
        sum += taxed + 1;
        if sum > i128::from(MAX_MINOR) {
            return at("", Code::InvalidAmount, "With this line the cart costs more than can be computed exactly.");
        }
    }
    Ok(())
}

fn promotions(request: &PriceRequest) -> Result<()> {
    let (mut ids, mut codes) = (HashSet::new(), HashSet::new());
    for (index, promotion) in request.promotions.iter().enumerate() {
        promotion_alone(promotion).map_err(|error| error.under(&format!("promotions[{index}]")))?;
        let twice =
            |field, message: &str| Err(Error::at(Code::Contradiction, format!("promotions[{index}].{field}"), message));
        if !ids.insert(promotion.id.as_str()) {
            return twice("id", "Two promotions have the same id.");
        }
        if let Some(code) = &promotion.code
            && !codes.insert(normalised_code(code))
        {
            return twice(
                "code",
                "This code belongs to another promotion already: case, spaces and dashes do not tell codes apart.",
            );
        }
    }
    Ok(())
}

/// A promotion by itself; paths are relative to it.
pub(super) fn promotion_alone(promotion: &Promotion) -> Result<()> {
    let at = |path: &str, code, message: &str| Err(Error::at(code, path, message));
    let basis_points = |path: String, bp: u32| {
        let fits = (1..=10_000).contains(&bp);
        if fits {
            Ok(())
        } else {
            Err(Error::at(Code::InvalidValue, path, "Between 1 and 10000 basis points: 10 % is 1000."))
        }
    };
    let code_fits = |code: &String| code.len() <= MAX_TEXT && !normalised_code(code).is_empty();
    if !promotion.code.as_ref().is_none_or(code_fits) {
        return at("code", Code::InvalidValue, "A code has letters or digits, and not hundreds of them.");
    }
    match &promotion.effect {
        Effect::Percent { bp } => basis_points("effect.bp".to_owned(), *bp)?,
        Effect::Fixed { amount: value } | Effect::FixedPerItem { amount: value } => amount("effect.amount", *value, 1)?,
        Effect::FreeShipping {} => {}
        Effect::BuyGet { buy, get, bp } => {
            basis_points("effect.bp".to_owned(), *bp)?;
            if *buy == 0 || *get == 0 || buy.checked_add(*get).is_none() {
                return at("effect", Code::InvalidValue, "Both buy and get are at least 1.");
            }
        }
        Effect::Tiers { steps, .. } => {
            if steps.is_empty() {
                return at("effect.steps", Code::Empty, "Tiers have at least one step.");
            }
            for (index, step) in steps.iter().enumerate() {
                let path = format!("effect.steps[{index}]");
                match (step.bp, step.amount) {
                    (Some(bp), None) => basis_points(format!("{path}.bp"), bp)?,
                    (None, Some(value)) => amount(format!("{path}.amount"), value, 1)?,
                    _ => return at(&path, Code::Contradiction, "A step takes off either bp or amount."),
                }
                amount(format!("{path}.from"), step.from, 0)?;
            }
            if let Some(index) = steps.windows(2).position(|pair| pair[0].from >= pair[1].from) {
                let path = format!("effect.steps[{}].from", index + 1);
                return at(&path, Code::Contradiction, "Each step begins above the one before.");
            }
        }
        Effect::Gift { quantity, .. } => {
            if *quantity == 0 {
                return at("effect.quantity", Code::InvalidValue, "A gift is at least one unit.");
            }
        }
    }
    let counted = matches!(promotion.effect, Effect::Percent { .. } | Effect::FixedPerItem { .. });
    if promotion.max_units.is_some() && !counted {
        return at("maxUnits", Code::Contradiction, "Only percent and fixed_per_item can be limited to units.");
    }
    if promotion.max_units == Some(0) {
        return at("maxUnits", Code::InvalidValue, "At least one unit, or leave it out.");
    }
    if let Some(cap) = promotion.cap {
        amount("cap", cap, 1)?;
    }
    let conditions = &promotion.conditions;
    for (path, value) in
        [("conditions.minSubtotal", conditions.min_subtotal), ("conditions.maxSubtotal", conditions.max_subtotal)]
    {
        if let Some(value) = value {
            amount(path, value, 0)?;
        }
    }
    if conditions.min_subtotal > conditions.max_subtotal && conditions.max_subtotal.is_some() {
        return at("conditions.maxSubtotal", Code::Contradiction, "The maximum is below the minimum.");
    }
    if conditions.min_quantity > conditions.max_quantity && conditions.max_quantity.is_some() {
        return at("conditions.maxQuantity", Code::Contradiction, "The maximum is below the minimum.");
    }
    if has_amounts(promotion) && promotion.currency.is_none() {
        return at("currency", Code::MissingField, "This promotion has amounts, so it must say in which currency.");
    }
    Ok(())
}

fn has_amounts(promotion: &Promotion) -> bool {
    let conditions = &promotion.conditions;
    let in_effect = match &promotion.effect {
        Effect::Fixed { .. } | Effect::FixedPerItem { .. } => true,
        Effect::Tiers { by, steps } => *by == TierBasis::Subtotal || steps.iter().any(|step| step.amount.is_some()),
        _ => false,
    };
    in_effect || promotion.cap.is_some() || conditions.min_subtotal.is_some() || conditions.max_subtotal.is_some()
}

fn groups(request: &PriceRequest) -> Result<()> {
    let mut ids = HashSet::new();
    let stacking = &request.stacking;
    let caps = |path: &str, cap: Option<Minor>, bp: Option<u32>| {
        amount(format!("{path}.cap"), cap.unwrap_or(0), 0)?;
        if bp.is_some_and(|bp| bp > 10_000) {
            return Err(Error::at(Code::InvalidValue, format!("{path}.capBp"), "At most 10000 basis points."));
        }
        Ok(())
    };
    caps("stacking", stacking.cap, stacking.cap_bp)?;
    for (index, group) in stacking.groups.iter().enumerate() {
        let path = format!("stacking.groups[{index}]");
        caps(&path, group.cap, group.cap_bp)?;
        if !ids.insert(group.id.as_str()) {
            return Err(Error::at(Code::Contradiction, format!("{path}.id"), "This group stands here twice."));
        }
    }
    Ok(())
}
