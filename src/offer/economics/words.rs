//! How does a merchant read the numbers? In counts of buyers and in money, in plain English.

use super::lifetime::Lifetime;
use super::profit::Offer;
use crate::insert::Locale;
use crate::money::{Currency, Minor};
use crate::offer::program::ProgramOption;
use crate::offer::words::Kind;

/// An amount as merchants read it.
#[must_use]
pub fn amount(minor: Minor, currency: Currency) -> String {
    Locale::En.amount(minor, currency)
}

/// What an option is called in a sentence.
#[must_use]
pub fn name(option: &ProgramOption, currency: Currency) -> String {
    let promotion = option.promotion.as_ref();
    match (option.kind, promotion.and_then(|p| p.amount), promotion.and_then(|p| p.percent_bp)) {
        (Kind::Discount | Kind::Referral, Some(off), _) => format!("the {} voucher", amount(off, currency)),
        (Kind::Discount | Kind::Referral, None, Some(bp)) => {
            format!("the {} voucher", Locale::En.percent(i64::from(bp)))
        }
        _ if option.issue_cost > 0 => format!("\"{}\" for {}", option.id, amount(option.issue_cost, currency)),
        _ => format!("\"{}\"", option.id),
    }
}

/// "20 of 100 buyers come back today; the €5.00 voucher pays from 8 more."
#[must_use]
pub fn break_even(option: &ProgramOption, offer: &Offer, break_even_bp: Option<i64>, currency: Currency) -> String {
    let name = name(option, currency);
    let Some(needed) = break_even_bp else {
        let mut words = of_buyers(offer.base_bp, 100);
        words.push_str(&format!("; {name} never pays: an order leaves {} over", amount(offer.margin, currency)));
        words.push_str(if offer.redemption_cost > 0 { ", and too much of it is given away." } else { "." });
        return words;
    };
    if needed <= 0 {
        return format!(
            "{}; {name} costs nothing and pays from the first who comes because of it.",
            of_buyers(offer.base_bp, 100)
        );
    }
    // Counts below one of a hundred are told of a larger crowd.
    let crowd = if needed >= 100 {
        100
    } else if needed >= 10 {
        1000
    } else {
        10_000
    };
    let unit = 10_000 / crowd;
    format!("{}; {name} pays from {} more.", of_buyers(offer.base_bp, crowd), (needed + unit - 1) / unit)
}

/// What winning a customer costs beside what it may cost.
#[must_use]
pub fn ceiling(option: &ProgramOption, worth: Lifetime, ceiling: Option<Minor>, currency: Currency) -> String {
    match (worth, ceiling) {
        (Lifetime::Worth(worth), Some(most)) => format!(
            "A new customer leaves about {} over; winning one with {} may cost up to {}.",
            amount(worth, currency),
            name(option, currency),
            amount(most, currency)
        ),
        _ => "What a new customer is worth diverges with these numbers: there is no limit to reckon.".to_owned(),
    }
}

fn of_buyers(bp: i64, crowd: i64) -> String {
    let count = crate::money::div_round(i128::from(bp) * i128::from(crowd), 10_000);
    let verb = if count == 1 { "comes" } else { "come" };
    format!("{count} of {} buyers {verb} back today", thousands(crowd))
}

/// The price of budget: what another unit of money would bring.
#[must_use]
pub fn price_of_budget(price_bp: i64, currency: Currency) -> String {
    if price_bp == 0 {
        return "The budget is enough for everybody: more of it would bring nothing.".to_owned();
    }
    let unit = currency.scale();
    let brings = crate::money::basis_points(unit, price_bp);
    format!(
        "Another {} of budget would bring about {}; anything that brings less for its cost has to wait.",
        amount(unit, currency),
        amount(brings, currency)
    )
}

/// A whole number with commas.
#[must_use]
pub fn thousands(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3 + 1);
    if number < 0 {
        text.push('-');
    }
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
