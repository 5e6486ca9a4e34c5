//! What does a shop's server call? The program made ready to answer, JSON text in, JSON text out.

use wasm_bindgen::prelude::wasm_bindgen;
use zugabe::books::{self, BooksPerson, BooksResults, Row, Step};
use zugabe::reject::parse_json;
use zugabe::service::{self, Context};
use zugabe::time::Instant;

use crate::error::thrown;
use crate::full::{Thrown, answer};

/// The program made ready to answer.
#[wasm_bindgen]
pub struct Service {
    service: service::Service,
}

#[wasm_bindgen]
impl Service {
    /// Makes a program ready; `model` may be empty.
    ///
    /// # Errors
    /// Throws what program, model or keys are refused for.
    #[wasm_bindgen(constructor)]
    pub fn new(program: &str, model: &str, keys: &str, tenant: &str) -> Thrown<Self> {
        let service = service::Service::new(program, model, keys, tenant).map_err(|error| thrown(&error))?;
        Ok(Self { service })
    }

    /// The policy for pages as of now.
    ///
    /// # Errors
    /// Throws what the program is refused for.
    pub fn policy(&mut self, now: &str) -> Thrown<String> {
        answer(Instant::parse(now).and_then(|now| self.service.policy(now)))
    }

    /// Decides by a `Request`.
    ///
    /// # Errors
    /// Throws what the request is refused for.
    pub fn decide(&mut self, request: &str) -> Thrown<String> {
        answer(self.service.decide(request))
    }

    /// The operation of a `ReserveAsk`.
    ///
    /// # Errors
    /// Throws what the body is refused for.
    pub fn reserve(&self, context: &str, body: &str) -> Thrown<String> {
        answer(parse_json::<Context>(context).and_then(|context| self.service.reserve(context, body)))
    }

    /// The operation of a `RedeemAsk`.
    ///
    /// # Errors
    /// Throws what the body is refused for.
    pub fn redeem(&self, context: &str, body: &str) -> Thrown<String> {
        answer(parse_json::<Context>(context).and_then(|context| self.service.redeem(context, body)))
    }

    /// The operation of a `ReleaseAsk`.
    ///
    /// # Errors
    /// Throws what the body is refused for.
    pub fn release(&self, context: &str, body: &str) -> Thrown<String> {
        answer(parse_json::<Context>(context).and_then(|context| self.service.release(context, body)))
    }

    /// The operations of an `OrderAsk`; `taken` is a list of the codes that the books have for the order.
    ///
    /// # Errors
    /// Throws what the body is refused for.
    pub fn order(&self, context: &str, body: &str, taken: &str) -> Thrown<String> {
        let asked = || {
            let taken: Vec<String> = parse_json(taken)?;
            self.service.order(&parse_json(context)?, body, &taken)
        };
        answer(asked())
    }

    /// What a `ClaimAsk` comes to, a `Claimed`; `token` is what stood in the customer's token, or empty.
    ///
    /// # Errors
    /// Throws what body or token are refused for.
    pub fn claim(&mut self, context: &str, body: &str, token: &str) -> Thrown<String> {
        let token = (!token.is_empty()).then_some(token);
        answer(parse_json::<Context>(context).and_then(|context| self.service.claim(&context, body, token)))
    }

    /// The `Claim` that follows one whose code has ended, by the row of that code; `null` while the code is the answer.
    ///
    /// # Errors
    /// Throws what claim or row are refused for.
    pub fn renewed(&self, now: &str, claim: &str, row: &str) -> Thrown<String> {
        let told = || self.service.renewed(Instant::parse(now)?, parse_json(claim)?, &parse_json::<Row>(row)?);
        answer(told())
    }

    /// The same for a reward that is due, by its body in the outbox.
    ///
    /// # Errors
    /// Throws what the body is refused for.
    pub fn reward(&self, context: &str, body: &str) -> Thrown<String> {
        answer(parse_json::<Context>(context).and_then(|context| self.service.reward(&context, body)))
    }

    /// What recommendations are told when a friend came with a code, by a `ReserveAsk`: a `ReferralEvent`.
    ///
    /// # Errors
    /// Throws what the body is refused for.
    pub fn came(&self, body: &str) -> Thrown<String> {
        answer(self.service.came(body))
    }

    /// The question of a `ReferralAsk`: a `ReferralEvent`.
    ///
    /// # Errors
    /// Throws what the body is refused for.
    pub fn referrals(&self, body: &str) -> Thrown<String> {
        answer(self.service.referrals(body))
    }

    /// What an event of a platform comes to, a `BooksOrderEvent` with the shop's own customer in it.
    ///
    /// # Errors
    /// Throws what the event is refused for.
    #[wasm_bindgen(js_name = platformOrder)]
    pub fn platform_order(&self, context: &str, event: &str, new_friend: Option<bool>) -> Thrown<String> {
        answer(
            parse_json::<Context>(context).and_then(|context| self.service.platform_order(&context, event, new_friend)),
        )
    }

    /// The `ClaimAnswer` of a row of the table `code`.
    ///
    /// # Errors
    /// Throws what the row is refused for.
    pub fn claimed(&mut self, now: &str, row: &str) -> Thrown<String> {
        let mut told = || self.service.claimed(Instant::parse(now)?, &parse_json::<Row>(row)?);
        answer(told())
    }

    /// The code that a `LookUpAsk` is about, as the books have it: JSON text.
    ///
    /// # Errors
    /// Throws what the body is refused for.
    #[wasm_bindgen(js_name = lookedUp)]
    pub fn looked_up(&self, body: &str) -> Thrown<String> {
        answer(self.service.looked_up(body))
    }

    /// The `FriendOffer` for a `LookUpAsk` and the code's row (empty: there is none), or `null`.
    ///
    /// # Errors
    /// Throws what body or row are refused for.
    #[wasm_bindgen(js_name = lookUp)]
    pub fn look_up(&mut self, now: &str, body: &str, row: &str) -> Thrown<String> {
        let mut told = || {
            let row: Option<Row> = (!row.is_empty()).then(|| parse_json(row)).transpose()?;
            self.service.look_up(Instant::parse(now)?, body, row.as_ref())
        };
        answer(told())
    }

    /// The token of a `TokenAsk`.
    ///
    /// # Errors
    /// Throws what the body is refused for.
    pub fn token(&self, context: &str, body: &str) -> Thrown<String> {
        let made = || self.service.token(&parse_json(context)?, body);
        answer(made())
    }

    /// What stands in a token, or empty.
    ///
    /// # Errors
    /// Throws when `now` is no instant.
    #[wasm_bindgen(js_name = openToken)]
    pub fn open_token(&self, now: &str, token: &str) -> Thrown<String> {
        let now = Instant::parse(now).map_err(|error| thrown(&error))?;
        Ok(self.service.open_token(now, token).unwrap_or_default())
    }

    /// The `BooksPerson` of a `PersonAsk`.
    ///
    /// # Errors
    /// Throws what the body is refused for.
    pub fn person(&self, body: &str) -> Thrown<String> {
        answer(self.service.person(body))
    }
}

/// The statements that find a `BooksPerson`.
///
/// # Errors
/// Throws what the document is refused for.
#[wasm_bindgen(js_name = booksFind)]
pub fn books_find(person: &str) -> Thrown<String> {
    answer(parse_json::<BooksPerson>(person).and_then(|person| books::find(&person)))
}

/// Her rows by table, by the `BooksResults` of these statements.
///
/// # Errors
/// Throws what the documents are refused for.
#[wasm_bindgen(js_name = booksFound)]
pub fn books_found(person: &str, results: &str) -> Thrown<String> {
    answer(parse_json::<BooksPerson>(person).and_then(|who| books::found(&who, &parse_json::<BooksResults>(results)?)))
}

/// Her with the addresses that her accounts were used with, by the `BooksResults` of these statements.
///
/// # Errors
/// Throws what the documents are refused for.
#[wasm_bindgen(js_name = booksKnown)]
pub fn books_known(person: &str, results: &str) -> Thrown<String> {
    answer(parse_json::<BooksPerson>(person).and_then(|who| books::known(&who, &parse_json::<BooksResults>(results)?)))
}

/// The statements that forget her; `nobody` is a name made by chance.
///
/// # Errors
/// Throws what the documents are refused for.
#[wasm_bindgen(js_name = booksForget)]
pub fn books_forget(person: &str, results: &str, nobody: &str) -> Thrown<String> {
    let steps = || -> zugabe::reject::Result<Vec<Step>> {
        books::forget(&parse_json::<BooksPerson>(person)?, &parse_json::<BooksResults>(results)?, nobody)
    };
    answer(steps())
}

/// What is told outside of a `BooksAnswer`, or `null` where it is no refusal.
///
/// # Errors
/// Throws when it is no `BooksAnswer`.
#[wasm_bindgen(js_name = booksTold)]
pub fn books_told(books_answer: &str) -> Thrown<String> {
    answer(parse_json(books_answer).map(|books_answer| service::told(&books_answer)))
}
