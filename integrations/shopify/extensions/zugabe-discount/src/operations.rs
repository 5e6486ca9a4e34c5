//! What is Shopify told? One amount off the order, or where only products may be discounted, one amount a line: the
//! core's own cents, so that both say the same.

use crate::schema;
use crate::schema::run::Input;
use crate::terms::Terms;
use zugabe::money::Minor;
use zugabe::price::PriceResult;
use zugabe::reject::{Code, Error, Result};

/// More would not fit the 20,000 bytes that Shopify takes from a Function.
const MAX_DISCOUNTED_LINES: usize = 100;

/// The operations for a priced cart.
pub fn operations(input: &Input, terms: &Terms, result: &PriceResult) -> Result<Vec<schema::CartOperation>> {
    if result.discount == 0 {
        return Ok(Vec::new());
    }
    let message = match input.triggering_discount_code() {
        Some(_) => None,
        None => terms.message_in(input.localization().language().iso_code()).map(str::to_owned),
    };
    let classes = input.discount().discount_classes();
    if classes.contains(&schema::DiscountClass::Order) {
        return Ok(vec![order(input, result, message)]);
    }
    if classes.contains(&schema::DiscountClass::Product) {
        return products(input, result, message.as_deref()).map(|operation| vec![operation]);
    }
    Err(Error::at(
        Code::Contradiction,
        "discount.discountClasses",
        "This discount may discount neither the order nor products: give it the class ORDER.",
    ))
}

/// The sum, off all lines that have a part in it.
fn order(input: &Input, result: &PriceResult, message: Option<String>) -> schema::CartOperation {
    let lines = input.cart().lines().iter().zip(&result.lines);
    let untouched = lines.filter(|(_, priced)| priced.discount == 0).map(|(line, _)| line.id().clone());
    schema::CartOperation::OrderDiscountsAdd(schema::OrderDiscountsAddOperation {
        selection_strategy: schema::OrderDiscountSelectionStrategy::First,
        candidates: vec![schema::OrderDiscountCandidate {
            targets: vec![schema::OrderDiscountCandidateTarget::OrderSubtotal(schema::OrderSubtotalTarget {
                excluded_cart_line_ids: untouched.collect(),
            })],
            value: schema::OrderDiscountCandidateValue::FixedAmount(schema::FixedAmount {
                amount: amount(result.discount, result.exponent),
            }),
            conditions: None,
            message,
            associated_discount_code: None,
        }],
    })
}

/// Each line's own part.
fn products(input: &Input, result: &PriceResult, message: Option<&str>) -> Result<schema::CartOperation> {
    let discounted = || input.cart().lines().iter().zip(&result.lines).filter(|(_, priced)| priced.discount > 0);
    if discounted().count() > MAX_DISCOUNTED_LINES {
        return Err(Error::at(
            Code::TooLarge,
            "discount.discountClasses",
            format!(
                "More than {MAX_DISCOUNTED_LINES} lines cannot be discounted one by one: give this discount the class ORDER."
            ),
        ));
    }
    let candidates = discounted()
        .map(|(line, priced)| schema::ProductDiscountCandidate {
            targets: vec![schema::ProductDiscountCandidateTarget::CartLine(schema::CartLineTarget {
                id: line.id().clone(),
                quantity: None,
            })],
            prerequisites: None,
            value: schema::ProductDiscountCandidateValue::FixedAmount(schema::ProductDiscountCandidateFixedAmount {
                amount: amount(priced.discount, result.exponent),
                applies_to_each_item: Some(false),
            }),
            message: message.map(str::to_owned),
            associated_discount_code: None,
        })
        .collect();
    Ok(schema::CartOperation::ProductDiscountsAdd(schema::ProductDiscountsAddOperation {
        selection_strategy: schema::ProductDiscountSelectionStrategy::All,
        candidates,
    }))
}

/// 1999 with two digits is "19.99": no float ever holds an amount.
fn amount(minor: Minor, exponent: u8) -> String {
    let digits = usize::from(exponent);
    let text = format!("{minor:0>width$}", width = digits + 1);
    match digits {
        0 => text,
        _ => format!("{}.{}", &text[..text.len() - digits], &text[text.len() - digits..]),
    }
}
