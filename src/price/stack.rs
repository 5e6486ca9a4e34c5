//! Which promotions apply, in which order, together with which others?

use std::collections::HashMap;

use super::allocate::allocate;
use super::effect::{Cart, Wanted, gross, measure};
use super::request::{Effect, Group, PriceRequest, Promotion, StackingMode};
use super::result::{Applied, Entered, Gift, NotApplied, PriceResult, PricedLine, Rejected};
use super::validate::{normalised_code, validate};
use crate::money::Minor;
use crate::reject::{Code, Error, Result, parse_json};
use crate::time::zone::Zone;

/// How many combinations the best one is searched among.
const MAX_COMBINATIONS: usize = 1_000;

/// A promotion that fits the cart, and its lines.
struct Candidate {
    index: usize,
    matching: Vec<usize>,
}

/// What one pass over candidates came to.
struct Outcome {
    left: Vec<Minor>,
    shipping: Minor,
    applied: Vec<Share>,
    rejected: Vec<(usize, NotApplied)>,
}

/// What one applied promotion took off.
struct Share {
    index: usize,
    lines: Vec<Minor>,
    shipping: Minor,
}

/// Prices a cart.
///
/// # Errors
/// What could only be a mistake: `invalid_amount`, `invalid_value`, `contradiction`, `missing_field`, `too_large` or
/// `unsupported_version`, with the path. A promotion that merely does not fit is no error: it stands in `rejected`.
pub fn price(request: &PriceRequest) -> Result<PriceResult> {
    let rank = validate(request)?;
    let zone = Zones { request, zone: None };
    let entered: Vec<String> = distinct(request.codes.iter().map(|code| normalised_code(code)));
    let (candidates, mut rejected) = fitting(request, zone, &entered)?;
    let outcome = match request.stacking.mode {
        StackingMode::InOrder => apply(request, &rank, candidates.iter()),
        StackingMode::Best => best(request, &rank, &candidates)?,
    };
    rejected.extend(outcome.rejected.iter().map(|(index, reason)| reject(request, *index, *reason)));
    rejected.sort_by_key(|(index, _)| *index);
    Ok(assemble(request, outcome, rejected, entered))
}

/// [`price`] of a request as text.
///
/// # Errors
/// Those of [`parse_json`] and [`price`].
pub fn price_text(request: &str) -> Result<PriceResult> {
    price(&parse_json(request)?)
}

/// The shop's zone, looked up when a date is met.
struct Zones<'a> {
    request: &'a PriceRequest,
    zone: Option<Zone>,
}

impl Zones<'_> {
    fn get(&mut self) -> Result<&Zone> {
        let zone = match self.zone.take() {
            Some(zone) => zone,
            None => Zone::named(&self.request.time_zone).map_err(|error| error.under("timeZone"))?,
        };
        Ok(self.zone.insert(zone))
    }
}

type Rejection = (usize, Rejected);

/// The promotions that fit the cart, by priority, and those that do not.
fn fitting(
    request: &PriceRequest,
    mut zone: Zones<'_>,
    entered: &[String],
) -> Result<(Vec<Candidate>, Vec<Rejection>)> {
    let (mut candidates, mut rejected) = (Vec::new(), Vec::new());
    for (index, promotion) in request.promotions.iter().enumerate() {
        let (mut reason, mut numbers) = (None, None);
        // Both ends are read even when the promotion is out for another reason: a mistake must show.
        if let (Some(from), Some(until)) = (&promotion.valid_from, &promotion.valid_until) {
            let zone = zone.get()?;
            if from.start(zone) > until.end(zone) {
                return Err(Error::at(
                    Code::Contradiction,
                    format!("promotions[{index}].validUntil"),
                    "This promotion ends before it begins.",
                ));
            }
        }
        if promotion.code.as_ref().is_some_and(|code| !entered.contains(&normalised_code(code))) {
            reason = Some(NotApplied::CodeNotEntered);
        } else if promotion.currency.is_some_and(|currency| currency != request.currency) {
            reason = Some(NotApplied::CurrencyMismatch);
        } else if let Some(from) = &promotion.valid_from
            && request.now < from.start(zone.get()?)
        {
            reason = Some(NotApplied::NotStarted);
        } else if let Some(until) = &promotion.valid_until
            && request.now > until.end(zone.get()?)
        {
            reason = Some(NotApplied::Expired);
        } else if promotion.conditions.first_order_only && request.first_order != Some(true) {
            reason = Some(NotApplied::NotFirstOrder);
        }
        if reason.is_none() {
            let matching = matching(request, promotion);
            match unmet(request, promotion, &matching) {
                None => {
                    candidates.push(Candidate { index, matching });
                    continue;
                }
                Some((unmet, provided)) => (reason, numbers) = (Some(unmet), provided),
            }
        }
        if let Some(reason) = reason {
            let (index, mut rejection) = reject(request, index, reason);
            (rejection.provided, rejection.required) = numbers.unzip();
            rejected.push((index, rejection));
        }
    }
    candidates.sort_by_key(|candidate| core::cmp::Reverse(request.promotions[candidate.index].priority));
    Ok((candidates, rejected))
}

fn reject(request: &PriceRequest, index: usize, reason: NotApplied) -> Rejection {
    let promotion = request.promotions[index].id.clone();
    (index, Rejected { promotion, reason, provided: None, required: None })
}

fn matching(request: &PriceRequest, promotion: &Promotion) -> Vec<usize> {
    let conditions = &promotion.conditions;
    if conditions.tags.is_empty() && conditions.without_tags.is_empty() {
        return (0..request.lines.len()).collect();
    }
    let has = |tags: &[String], wanted: &[String]| wanted.iter().any(|tag| tags.contains(tag));
    let fits = |tags: &[String]| {
        (conditions.tags.is_empty() || has(tags, &conditions.tags)) && !has(tags, &conditions.without_tags)
    };
    (0..request.lines.len()).filter(|index| fits(&request.lines[*index].tags)).collect()
}

/// The first condition on the lines that does not hold, with what the cart has and what it would need.
fn unmet(
    request: &PriceRequest,
    promotion: &Promotion,
    matching: &[usize],
) -> Option<(NotApplied, Option<(Minor, Minor)>)> {
    let conditions = &promotion.conditions;
    if matching.is_empty() {
        return Some((NotApplied::NoMatchingLine, None));
    }
    let no_subtotal = conditions.min_subtotal.or(conditions.max_subtotal).is_none();
    let no_quantity = conditions.min_quantity.or(conditions.max_quantity).is_none();
    if no_subtotal && no_quantity {
        return None;
    }
    let (subtotal, units) = measure(request, matching);
    let below = |value: Minor, least: Option<Minor>| least.filter(|least| value < *least);
    let above = |value: Minor, most: Option<Minor>| most.filter(|most| value > *most);
    let (min_units, max_units) = (conditions.min_quantity.map(Minor::from), conditions.max_quantity.map(Minor::from));
    [
        (NotApplied::MinimumSubtotal, subtotal, below(subtotal, conditions.min_subtotal)),
        (NotApplied::MaximumSubtotal, subtotal, above(subtotal, conditions.max_subtotal)),
        (NotApplied::MinimumQuantity, units, below(units, min_units)),
        (NotApplied::MaximumQuantity, units, above(units, max_units)),
    ]
    .into_iter()
    .find_map(|(reason, has, needs)| needs.map(|needs| (reason, Some((has, needs)))))
}

/// What is left of the caps.
struct Caps<'a> {
    subtotal: Minor,
    total: Minor,
    groups: HashMap<&'a str, (Minor, Option<&'a Group>, bool)>,
}

impl<'a> Caps<'a> {
    fn new(request: &'a PriceRequest) -> Self {
        let subtotal = request.lines.iter().map(gross).sum();
        let stacking = &request.stacking;
        let total = limit(subtotal, stacking.cap, stacking.cap_bp);
        let entry =
            |group: &'a Group| (group.id.as_str(), (limit(subtotal, group.cap, group.cap_bp), Some(group), false));
        Self { subtotal, total, groups: stacking.groups.iter().map(entry).collect() }
    }

    /// Whether another promotion of a one-of group is applied already.
    fn taken(&self, promotion: &Promotion) -> bool {
        let group = promotion.group.as_deref().and_then(|id| self.groups.get(id));
        group.is_some_and(|(_, group, taken)| *taken && group.is_some_and(|group| group.one_of))
    }

    fn left(&self, promotion: &Promotion) -> Minor {
        let group = promotion.group.as_deref().and_then(|id| self.groups.get(id)).map_or(self.subtotal, |g| g.0);
        self.total.min(group)
    }

    fn charge(&mut self, promotion: &Promotion, amount: Minor) {
        self.total -= amount;
        if let Some((left, _, taken)) = promotion.group.as_deref().and_then(|id| self.groups.get_mut(id)) {
            *left -= amount;
            *taken = true;
        }
    }
}

/// The lower of a cap and a part of the subtotal, rounded down; the subtotal when there is neither.
fn limit(subtotal: Minor, cap: Option<Minor>, cap_bp: Option<u32>) -> Minor {
    let part = |bp: u32| Minor::try_from(i128::from(subtotal) * i128::from(bp) / 10_000).unwrap_or(subtotal);
    cap.unwrap_or(subtotal).min(cap_bp.map_or(subtotal, part))
}

/// Applies candidates one after the other, each to what the earlier ones left.
fn apply<'a>(request: &PriceRequest, rank: &[u32], candidates: impl Iterator<Item = &'a Candidate>) -> Outcome {
    let left: Vec<Minor> = request.lines.iter().map(gross).collect();
    let mut cart = Cart { request, rank, left, shipping: request.shipping };
    let mut caps = Caps::new(request);
    let (mut applied, mut rejected): (Vec<Share>, Vec<_>) = (Vec::new(), Vec::new());
    let mut alone = false;
    for candidate in candidates {
        let promotion = &request.promotions[candidate.index];
        let refusal = if alone || (promotion.exclusive && !applied.is_empty()) {
            Some(NotApplied::Exclusive)
        } else if caps.taken(promotion) {
            Some(NotApplied::GroupTaken)
        } else {
            match one(&cart, &caps, promotion, candidate) {
                Err(reason) => Some(reason),
                Ok(share) => {
                    for (left, part) in cart.left.iter_mut().zip(&share.lines) {
                        *left -= part;
                    }
                    cart.shipping -= share.shipping;
                    caps.charge(promotion, share.lines.iter().sum());
                    applied.push(share);
                    alone = promotion.exclusive;
                    None
                }
            }
        };
        rejected.extend(refusal.map(|reason| (candidate.index, reason)));
    }
    Outcome { left: cart.left, shipping: cart.shipping, applied, rejected }
}

/// What one promotion takes off, caps counted; or why it takes off nothing.
fn one(
    cart: &Cart<'_>,
    caps: &Caps<'_>,
    promotion: &Promotion,
    candidate: &Candidate,
) -> core::result::Result<Share, NotApplied> {
    let cap = promotion.cap.unwrap_or(Minor::MAX);
    let nothing = || vec![0; cart.left.len()];
    let index = candidate.index;
    match cart.wanted(promotion, &candidate.matching) {
        Wanted::Gift => Ok(Share { index, lines: nothing(), shipping: 0 }),
        Wanted::Shipping(0) => Err(NotApplied::NoEffect),
        Wanted::Shipping(shipping) => Ok(Share { index, lines: nothing(), shipping: shipping.min(cap) }),
        Wanted::Lines(lines) => {
            let wanted: Minor = lines.iter().sum();
            let most = cap.min(caps.left(promotion));
            if wanted == 0 {
                Err(NotApplied::NoEffect)
            } else if wanted <= most {
                Ok(Share { index, lines, shipping: 0 })
            } else if most == 0 {
                Err(NotApplied::CapReached)
            } else {
                let weights: Vec<u128> = lines.iter().map(|line| line.unsigned_abs().into()).collect();
                let lines = allocate(most, &weights, &lines, cart.rank, cart.request.rounding.remainder);
                Ok(Share { index, lines, shipping: 0 })
            }
        }
    }
}

/// The allowed combination that takes off the most; of equal ones the one with more promotions, then the first.
fn best(request: &PriceRequest, rank: &[u32], candidates: &[Candidate]) -> Result<Outcome> {
    let promotion = |at: &usize| &request.promotions[candidates[*at].index];
    let (exclusive, common): (Vec<usize>, Vec<usize>) = (0..candidates.len()).partition(|at| promotion(at).exclusive);
    let one_of = |at: &usize| {
        let id = promotion(at).group.as_deref()?;
        request.stacking.groups.iter().find(|group| group.one_of && group.id == id).map(|_| id)
    };
    // Every way to choose one promotion or none of each one-of group, together with all the free ones. None comes first,
    // so that a promotion without effect is never what keeps another combination from winning.
    let mut sets: Vec<Vec<usize>> = vec![common.iter().copied().filter(|at| one_of(at).is_none()).collect()];
    let mut groups: Vec<&str> = Vec::new();
    for at in &common {
        if let Some(id) = one_of(at).filter(|id| !groups.contains(id)) {
            groups.push(id);
            let members: Vec<usize> = common.iter().copied().filter(|other| one_of(other) == Some(id)).collect();
            if sets.len() * (members.len() + 1) > MAX_COMBINATIONS {
                return Err(Error::at(
                    Code::TooLarge,
                    "stacking",
                    "There are too many combinations to find the best one: use in_order, or fewer groups.",
                ));
            }
            let chosen = |set: &Vec<usize>| members.iter().map(|at| [&set[..], &[*at]].concat()).collect::<Vec<_>>();
            let more: Vec<Vec<usize>> = sets.iter().flat_map(chosen).collect();
            sets.extend(more);
        }
    }
    sets.extend(exclusive.into_iter().map(|at| vec![at]));
    let mut found: Option<((Minor, usize), Vec<usize>, Outcome)> = None;
    for mut set in sets {
        set.sort_unstable();
        let outcome = apply(request, rank, set.iter().map(|at| &candidates[*at]));
        let taken = outcome.applied.iter().map(|share| share.lines.iter().sum::<Minor>() + share.shipping).sum();
        // Gifts take off nothing: of equal sums, the combination that gives more wins.
        let worth = (taken, outcome.applied.len());
        if found.as_ref().is_none_or(|(most, _, _)| worth > *most) {
            found = Some((worth, set, outcome));
        }
    }
    let (_, set, mut outcome) =
        found.ok_or_else(|| Error::at(Code::InvalidState, "stacking", "Nothing to combine."))?;
    let others =
        (0..candidates.len()).filter(|at| !set.contains(at)).map(|at| (candidates[at].index, NotApplied::NotBest));
    outcome.rejected.extend(others);
    Ok(outcome)
}

fn assemble(request: &PriceRequest, outcome: Outcome, rejected: Vec<Rejection>, entered: Vec<String>) -> PriceResult {
    let applied = &outcome.applied;
    let lines: Vec<PricedLine> = request
        .lines
        .iter()
        .enumerate()
        .map(|(index, line)| {
            let (gross, net) = (gross(line), outcome.left[index]);
            let rate = u128::from(line.tax_rate_bp);
            let of = if request.tax_included { 10_000 + rate } else { 10_000 };
            let tax = request.rounding.mode.divide(u128::from(net.unsigned_abs()) * rate, of);
            let tax = Minor::try_from(tax).unwrap_or(0);
            PricedLine {
                id: line.id.clone(),
                quantity: line.quantity,
                gross,
                shares: applied.iter().map(|share| share.lines[index]).collect(),
                discount: gross - net,
                net,
                tax,
                total: if request.tax_included { net } else { net + tax },
            }
        })
        .collect();
    let promotion = |share: &Share| &request.promotions[share.index];
    let has_applied = |code: &String| {
        applied.iter().any(|share| promotion(share).code.as_ref().is_some_and(|own| normalised_code(own) == *code))
    };
    let gift = |share: &Share| match &promotion(share).effect {
        Effect::Gift { product, quantity } => {
            Some(Gift { promotion: promotion(share).id.clone(), product: product.clone(), quantity: *quantity })
        }
        _ => None,
    };
    let sum = |of: fn(&PricedLine) -> Minor| lines.iter().map(of).sum::<Minor>();
    PriceResult {
        v: 1,
        currency: request.currency,
        exponent: request.currency.exponent(),
        tax_included: request.tax_included,
        estimate: request.estimate,
        rounding: request.rounding,
        subtotal: sum(|line| line.gross),
        discount: sum(|line| line.discount),
        shipping: request.shipping,
        shipping_discount: request.shipping - outcome.shipping,
        tax: sum(|line| line.tax),
        total: sum(|line| line.total) + outcome.shipping,
        applied: applied
            .iter()
            .map(|share| Applied {
                promotion: promotion(share).id.clone(),
                discount: share.lines.iter().sum(),
                shipping_discount: share.shipping,
            })
            .collect(),
        rejected: rejected.into_iter().map(|(_, rejection)| rejection).collect(),
        entered: entered.into_iter().map(|code| Entered { applied: has_applied(&code), code }).collect(),
        gifts: applied.iter().filter_map(gift).collect(),
        lines,
    }
}

/// Each text once, in the order of its first appearance.
fn distinct(texts: impl Iterator<Item = String>) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for text in texts {
        if !out.contains(&text) {
            out.push(text);
        }
    }
    out
}
