//! In which words is a refusal of the books told to the outside? One sentence for everything that would tell whether a
//! code exists.

use super::Refused;
use crate::books::{BooksAnswer, Refusal, Told};

/// What is told of a refusal; `None` for an answer that is none.
#[must_use]
pub fn told(answer: &BooksAnswer) -> Option<Refused> {
    let refusal: Refusal = answer.refusal?;
    let message = match refusal.told() {
        Told::Unknown => "This code cannot be used here.",
        Told::OwnCode => "Whoever recommends cannot be the friend: this is the customer's own code.",
        Told::CustomerRequired => "This code has a limit for each customer: say who orders, in \"buyer\".",
        Told::KeyReused => "This Idempotency-Key was used for another request: take a new one.",
        Told::InFlight => "The same request is being answered: ask again in a moment.",
        Told::Conflict => "This contradicts the books: nothing was changed.",
    };
    Some(Refused { told: refusal.told(), message: message.to_owned(), status: refusal.status() })
}
