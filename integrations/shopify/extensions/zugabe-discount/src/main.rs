//! What comes off this cart? Shopify asks, Zugabe's core answers: the friend's discount for whoever enters a code, the
//! tier's discount by itself. No clock, no chance, no network; what is given stands in the discount's metafield.

mod cart;
mod operations;
mod read;
mod terms;

use shopify_function::prelude::*;

/// The types of Shopify's schema.
#[typegen("schema.graphql", custom_scalar_overrides = {
    "FixedAmount.amount" => String,
    "ProductDiscountCandidateFixedAmount.amount" => String,
})]
pub mod schema {
    // What the query asks for.
    #[query("src/cart_lines_discounts_generate_run.graphql", custom_scalar_overrides = {
        "Input.cart.lines.cost.amountPerQuantity.amount" => ::std::string::String,
    })]
    pub mod run {}
}

use schema::run::Input;

/// The target `cart.lines.discounts.generate.run`. It never fails a checkout: what is wrong is logged, nothing comes off.
#[shopify_function]
fn cart_lines_discounts_generate_run(
    input: Input,
) -> shopify_function::Result<schema::CartLinesDiscountsGenerateRunResult> {
    let operations = discount(&input).unwrap_or_else(|error| {
        // The code, the path and a sentence: nothing about the customer.
        log!("zugabe: {} at {}: {}", error.code.as_str(), error.path, error.message);
        Vec::new()
    });
    Ok(schema::CartLinesDiscountsGenerateRunResult { operations })
}

fn discount(input: &Input) -> zugabe::reject::Result<Vec<schema::CartOperation>> {
    let Some(metafield) = input.discount().metafield() else { return Ok(Vec::new()) };
    let mut terms = terms::Terms::read(metafield.json_value())?;
    if cart::own_code(input) {
        return Ok(Vec::new());
    }
    let Some(request) = cart::request(input, &mut terms)? else { return Ok(Vec::new()) };
    let result = zugabe::price::price(&request)?;
    operations::operations(input, &terms, &result)
}

fn main() {
    log!("Call an export of this module, not the module.");
    std::process::abort();
}

#[cfg(test)]
mod tests;
