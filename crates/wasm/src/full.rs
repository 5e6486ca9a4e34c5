//! What do studio, batch and server call? JSON text in, JSON text out, read by one parser that knows paths.

use serde::Serialize;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use zugabe::books;
use zugabe::code::{self, KeySet};
use zugabe::desk;
use zugabe::insert::qr;
use zugabe::issue;
use zugabe::money::Currency;
use zugabe::offer::check::check;
use zugabe::offer::explain::explain_privately;
use zugabe::offer::starter::starter;
use zugabe::offer::{self, Adviser, FriendRequest, Policy, PrivateDecision, Program, PublishOptions, Request};
use zugabe::order::import::{HashKey, ImportOptions, Imported, Importer, combine};
use zugabe::order::{Order, sample};
use zugabe::plug;
use zugabe::reject::{Code, Error, Result, parse_json};
use zugabe::score;
use zugabe::score::lifetime::rows::{self, Form};
use zugabe::score::lifetime::run::Serial;
use zugabe::score::lifetime::{self, ModelName, Outlook, Params};
use zugabe::score::model::Model;
use zugabe::shop::value::ReferralRequest;
use zugabe::shop::{self, CodesRequest, CustomerQuery, PlanRequest, PreviewRequest};
use zugabe::time::Day;

use crate::error::thrown;

pub(crate) type Thrown<T> = core::result::Result<T, JsValue>;

fn json<T: Serialize>(value: &T) -> Result<String> {
    serde_json::to_string(value)
        .map_err(|error| Error::new(Code::InvalidState, format!("The answer has no JSON text: {error}.")))
}

pub(crate) fn answer<T: Serialize>(value: Result<T>) -> Thrown<String> {
    value.and_then(|value| json(&value)).map_err(|error| thrown(&error))
}

/// A shop being read and looked at.
#[wasm_bindgen]
pub struct Shop {
    options: ImportOptions,
    reading: Option<Importer>,
    files: Vec<Imported>,
    shop: Option<shop::Shop>,
}

#[wasm_bindgen]
impl Shop {
    /// Begins with the options all files share, an `ImportOptions` document.
    ///
    /// # Errors
    /// Throws a `ZugabeError` naming what is wrong with the options.
    #[wasm_bindgen(constructor)]
    pub fn new(options: &str) -> Thrown<Self> {
        let options = parse_json(options).map_err(|error| thrown(&error))?;
        Ok(Self { options, reading: None, files: Vec::new(), shop: None })
    }

    /// Opens a file; `options` is an `ImportOptions` document of its own, or empty for the shared one.
    ///
    /// # Errors
    /// Throws `invalid_state` while another file is open, or what is wrong with the options.
    #[wasm_bindgen(js_name = openFile)]
    pub fn open_file(&mut self, name: &str, options: &str) -> Thrown<()> {
        let opened = if self.reading.is_some() {
            Err(Error::new(Code::InvalidState, "Another file is still being read: close or cancel it first."))
        } else if options.is_empty() {
            Importer::new(name, self.options.clone())
        } else {
            parse_json(options).and_then(|options| Importer::new(name, options))
        };
        self.reading = Some(opened.map_err(|error| thrown(&error))?);
        Ok(())
    }

    /// Reads the next bytes of the open file; answers how far it is.
    ///
    /// # Errors
    /// Throws what the file is refused for.
    pub fn push(&mut self, bytes: &[u8]) -> Thrown<String> {
        answer(self.reading.as_mut().ok_or_else(no_file).and_then(|importer| importer.push(bytes)))
    }

    /// The open file is over; answers its report.
    ///
    /// # Errors
    /// Throws what the file is refused for.
    #[wasm_bindgen(js_name = closeFile)]
    pub fn close_file(&mut self) -> Thrown<String> {
        answer(self.reading.take().ok_or_else(no_file).and_then(Importer::finish).map(|imported| {
            let report = imported.report.clone();
            self.files.push(imported);
            report
        }))
    }

    /// Drops the open file and what was read of it.
    #[wasm_bindgen(js_name = cancelFile)]
    pub fn cancel_file(&mut self) {
        self.reading = None;
    }

    /// Takes the generated tea shop in place of files; `end` is its last day.
    ///
    /// # Errors
    /// Throws `invalid_date` when `end` is none.
    #[wasm_bindgen(js_name = loadSample)]
    pub fn load_sample(&mut self, seed: u32, end: &str) -> Thrown<()> {
        let end = Day::parse(end).map_err(|error| thrown(&error))?;
        self.shop = Some(shop::Shop::new(sample::sample(u64::from(seed), end)));
        Ok(())
    }

    /// Puts all files together; answers the report over all.
    ///
    /// # Errors
    /// Throws what the files cannot be put together for.
    pub fn finish(&mut self) -> Thrown<String> {
        let files = core::mem::take(&mut self.files);
        answer(combine(files, &self.options).map(|(orders, report)| {
            self.shop = Some(shop::Shop::new(orders));
            report
        }))
    }

    fn loaded(&mut self) -> Result<&mut shop::Shop> {
        self.shop.as_mut().ok_or_else(|| Error::new(Code::InvalidState, "No orders have been read yet."))
    }

    /// Scores every customer; `options` is a score `Options` document or empty. Answers the summary.
    ///
    /// # Errors
    /// Throws `empty` without an order.
    pub fn score(&mut self, options: &str) -> Thrown<String> {
        let options = if options.is_empty() { Ok(score::Options::default()) } else { parse_json(options) };
        answer(options.and_then(|options| self.loaded()?.score(&options).cloned()))
    }

    /// The fitted model.
    ///
    /// # Errors
    /// Throws `invalid_state` before `score`.
    pub fn model(&mut self) -> Thrown<String> {
        answer(self.loaded().and_then(|shop| shop.model().cloned()))
    }

    /// Customers by a `CustomerQuery`.
    ///
    /// # Errors
    /// Throws `invalid_state` before `score`.
    pub fn customers(&mut self, query: &str) -> Thrown<String> {
        answer(parse_json::<CustomerQuery>(query).and_then(|query| self.loaded()?.customers(&query)))
    }

    /// One customer with her orders.
    ///
    /// # Errors
    /// Throws `not_found`.
    pub fn customer(&mut self, id: &str) -> Thrown<String> {
        answer(self.loaded().and_then(|shop| shop.customer(id)))
    }

    /// One order.
    ///
    /// # Errors
    /// Throws `not_found`.
    pub fn order(&mut self, id: &str) -> Thrown<String> {
        answer(self.loaded().and_then(|shop| shop.order(id)))
    }

    /// What the customers are worth, and who still buys.
    ///
    /// # Errors
    /// Throws `invalid_state` before `score`, `empty` with too few customers to tell.
    pub fn value(&mut self) -> Thrown<String> {
        answer(self.loaded().and_then(|shop| shop.value()))
    }

    /// Customers about to be lost, those with most at stake first.
    ///
    /// # Errors
    /// As `value`.
    #[wasm_bindgen(js_name = atRisk)]
    pub fn at_risk(&mut self, offset: u32, limit: u32) -> Thrown<String> {
        answer(self.loaded().and_then(|shop| shop.at_risk(offset as usize, Some(limit as usize))))
    }

    /// What the model would have said of the last days, beside what came.
    ///
    /// # Errors
    /// Throws `invalid_state` before `score`, `empty` with too few customers before those days.
    pub fn calibration(&mut self, days: u32) -> Thrown<String> {
        answer(self.loaded().and_then(|shop| shop.calibration(days)))
    }

    /// The value of each customer's own purchases and of those she brought, by a `ReferralRequest`.
    ///
    /// # Errors
    /// As `value`, and what the request is refused for.
    #[wasm_bindgen(js_name = referralValues)]
    pub fn referral_values(&mut self, request: &str) -> Thrown<String> {
        answer(parse_json::<ReferralRequest>(request).and_then(|request| self.loaded()?.referral_values(&request)))
    }

    /// Purchases of guests and of nobody known.
    ///
    /// # Errors
    /// Throws `invalid_state` before orders were read.
    pub fn guests(&mut self, offset: u32, limit: u32) -> Thrown<String> {
        answer(self.loaded().map(|shop| shop.guests(offset as usize, Some(limit as usize))))
    }

    /// A thank-you page and a parcel insert by a `PreviewRequest`.
    ///
    /// # Errors
    /// Throws what program, keys or the named customer are refused for.
    pub fn preview(&mut self, request: &str) -> Thrown<String> {
        answer(parse_json::<PreviewRequest>(request).and_then(|request| self.loaded()?.preview(&request)))
    }

    /// Who gets what, with cost and what it is expected to bring, by a `PlanRequest`.
    ///
    /// # Errors
    /// Throws what the program is refused for.
    pub fn plan(&mut self, request: &str) -> Thrown<String> {
        answer(parse_json::<PlanRequest>(request).and_then(|request| self.loaded()?.plan(&request)))
    }

    /// Codes of all purchases as CSV by a `CodesRequest`.
    ///
    /// # Errors
    /// Throws what program or keys are refused for.
    #[wasm_bindgen(js_name = codesCsv)]
    pub fn codes_csv(&mut self, request: &str) -> Thrown<String> {
        parse_json::<CodesRequest>(request)
            .and_then(|request| self.loaded()?.codes_csv(&request))
            .map_err(|error| thrown(&error))
    }

    /// How many orders are thanked, and how, by a `CodesRequest`.
    ///
    /// # Errors
    /// Throws what program or keys are refused for.
    pub fn coverage(&mut self, request: &str) -> Thrown<String> {
        answer(parse_json::<CodesRequest>(request).and_then(|request| self.loaded()?.coverage(&request)))
    }

    /// Who is owed what for recommendations, by a `SettleRequest`; and the books for the next run.
    ///
    /// # Errors
    /// Throws what program, keys or books are refused for.
    pub fn settle(&mut self, request: &str) -> Thrown<String> {
        answer(self.loaded().and_then(|shop| settled(shop.orders(), request)))
    }
}

fn no_file() -> Error {
    Error::new(Code::InvalidState, "No file is open.")
}

/// The lint of a program.
///
/// # Errors
/// Throws what the program is refused for.
#[wasm_bindgen(js_name = checkProgram)]
pub fn check_program(program: &str) -> Thrown<String> {
    answer(Program::parse(program).map(|program| check(&program)))
}

/// A starter program from three answers.
///
/// # Errors
/// Throws what an answer is refused for.
#[wasm_bindgen(js_name = starterProgram)]
pub fn starter_program(answers: &str) -> Thrown<String> {
    parse_json(answers).and_then(|answers| starter(&answers)).map_err(|error| thrown(&error))
}

/// The public policy of a program; `model` may be empty.
///
/// # Errors
/// Throws what program, model or options are refused for.
#[wasm_bindgen]
pub fn publish(program: &str, model: &str, options: &str) -> Thrown<String> {
    let published = || {
        let model = read_model(model)?;
        offer::publish(&Program::parse(program)?, model.as_ref(), &parse_json::<PublishOptions>(options)?)
    };
    answer(published())
}

/// Decides by a policy.
///
/// # Errors
/// Throws what policy or request are refused for.
#[wasm_bindgen]
pub fn decide(policy: &str, request: &str) -> Thrown<String> {
    let decided = || Ok(offer::decide(&Policy::parse(policy)?, &Request::parse(request)?));
    answer(decided())
}

/// Decides by a program, with the private part of the trace; `model` may be empty.
///
/// # Errors
/// Throws what program, model, request or options are refused for.
#[wasm_bindgen(js_name = decidePrivately)]
pub fn decide_privately(program: &str, model: &str, request: &str, options: &str) -> Thrown<String> {
    answer(privately(program, model, request, options).map(|(private, _)| private))
}

fn privately(program: &str, model: &str, request: &str, options: &str) -> Result<(PrivateDecision, Currency)> {
    let options = parse_json::<PublishOptions>(options)?;
    let program = Program::parse(program)?;
    let currency = program.shop.currency;
    let adviser = Adviser::new(program, read_model(model)?, &options)?;
    let private = adviser.decide(options.audience, &Request::parse(request)?).ok_or_else(|| {
        Error::at(Code::InvalidValue, "audience", "Programs decide for the audiences page, parcel and email.")
    })?;
    Ok((private, currency))
}

/// The decision by a program as text for a person; `model` may be empty.
///
/// # Errors
/// As `decidePrivately`.
#[wasm_bindgen]
pub fn explain(program: &str, model: &str, request: &str, options: &str) -> Thrown<String> {
    privately(program, model, request, options)
        .map(|(private, currency)| explain_privately(&private, currency))
        .map_err(|error| thrown(&error))
}

/// Why an option was not chosen, as text for a person; `model` may be empty.
///
/// # Errors
/// As `decidePrivately`; `not_found` for an option that the decision does not know.
#[wasm_bindgen(js_name = whyNot)]
pub fn why_not(program: &str, model: &str, request: &str, options: &str, option: &str) -> Thrown<String> {
    privately(program, model, request, options)
        .and_then(|(private, _)| offer::explain::why_not(&private.decision, Some(&private), option))
        .map_err(|error| thrown(&error))
}

/// What a friend reads who comes with a code.
///
/// # Errors
/// Throws what policy or request are refused for.
#[wasm_bindgen]
pub fn friend(policy: &str, request: &str) -> Thrown<String> {
    let said = || Ok(offer::friend(&Policy::parse(policy)?, &parse_json::<FriendRequest>(request)?));
    answer(said())
}

fn read_model(text: &str) -> Result<Option<Model>> {
    (!text.is_empty()).then(|| Model::parse(text)).transpose()
}

/// A new key set, made from the platform's own randomness.
///
/// # Errors
/// Throws `io` when the platform gives none.
#[wasm_bindgen(js_name = newKeys)]
pub fn new_keys() -> Thrown<String> {
    let mut entropy = [0; 32];
    let filled = getrandom::fill(&mut entropy)
        .map_err(|_| Error::new(Code::Io, "This platform gives no randomness to make a key from."));
    filled.map(|()| code::new_key_set(entropy)).map_err(|error| thrown(&error))
}

/// Mints codes by a `MintRequest`.
///
/// # Errors
/// Throws what keys or request are refused for.
#[wasm_bindgen]
pub fn mint(keys: &str, request: &str) -> Thrown<String> {
    answer(code::mint_text(keys, request))
}

/// Checks a code with the key set.
///
/// # Errors
/// Throws what the key set is refused for.
#[wasm_bindgen]
pub fn verify(keys: &str, text: &str) -> Thrown<String> {
    answer(KeySet::parse(keys).map_err(|error| error.under("keys")).map(|keys| code::verify(&keys, text)))
}

/// Mints codes and makes what leaves the house with them, by an `IssueRequest`.
///
/// # Errors
/// Throws what keys or request are refused for, the terms that the platform cannot express among them.
#[wasm_bindgen(js_name = issueCodes)]
pub fn issue_codes(keys: &str, request: &str) -> Thrown<String> {
    answer(issue::issue_text(keys, request))
}

/// Mints a link token by a `TokenRequest`.
///
/// # Errors
/// Throws what keys or request are refused for.
#[wasm_bindgen(js_name = mintToken)]
pub fn mint_token(keys: &str, request: &str) -> Thrown<String> {
    code::mint_token_text(keys, request).map_err(|error| thrown(&error))
}

/// Checks a link token with the key set at an instant.
///
/// # Errors
/// Throws what the key set or the instant are refused for.
#[wasm_bindgen(js_name = verifyToken)]
pub fn verify_token(keys: &str, token: &str, now: &str) -> Thrown<String> {
    answer(code::verify_token_text(keys, token, now))
}

/// A key set that is kept: for many codes, its keys are derived once.
#[wasm_bindgen]
pub struct Codes {
    verifier: code::Verifier,
}

#[wasm_bindgen]
impl Codes {
    /// Reads the key set.
    ///
    /// # Errors
    /// Throws what the key set is refused for.
    #[wasm_bindgen(constructor)]
    pub fn new(keys: &str) -> Thrown<Self> {
        let keys = KeySet::parse(keys).map_err(|error| thrown(&error.under("keys")))?;
        Ok(Self { verifier: code::Verifier::new(&keys) })
    }

    /// Checks a code.
    ///
    /// # Errors
    /// None in practice.
    pub fn verify(&self, text: &str) -> Thrown<String> {
        answer(Ok(self.verifier.verify(text)))
    }
}

/// Prices a cart by a `PriceRequest`.
///
/// # Errors
/// Throws what the request is refused for.
#[wasm_bindgen]
pub fn price(request: &str) -> Thrown<String> {
    answer(zugabe::price::price_text(request))
}

/// What goes back for returned units, by a `RefundRequest`.
///
/// # Errors
/// Throws what the request is refused for.
#[wasm_bindgen]
pub fn refund(request: &str) -> Thrown<String> {
    answer(zugabe::price::refund_text(request))
}

/// The statements of an operation on the books, a `BooksPlan`, by a `BooksOperation`.
///
/// # Errors
/// Throws what the operation is refused for before anything is looked at.
#[wasm_bindgen(js_name = booksPlan)]
pub fn books_plan(operation: &str) -> Thrown<String> {
    answer(books::plan_text(operation))
}

/// The end of an operation on the books, a `BooksFinished`, by its `BooksOperation` and the `BooksResults`.
///
/// # Errors
/// Throws `invalid_state` when the results are not those of the operation.
#[wasm_bindgen(js_name = booksFinish)]
pub fn books_finish(operation: &str, results: &str) -> Thrown<String> {
    answer(books::finish_text(operation, results))
}

/// Plans for a store that prepares statements: each shape of them is given once.
#[wasm_bindgen(js_name = BooksPlanner)]
#[derive(Default)]
pub struct Planner {
    shapes: books::Shapes,
}

#[wasm_bindgen(js_class = BooksPlanner)]
impl Planner {
    /// Begins.
    #[wasm_bindgen(constructor)]
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The plan of a `BooksOperation`: its shape, its values and, where the shape is new, its statements.
    ///
    /// # Errors
    /// Throws what the operation is refused for before anything is looked at.
    pub fn plan(&mut self, operation: &str) -> Thrown<String> {
        answer(parse_json(operation).and_then(|operation| self.shapes.plan(operation)))
    }
}

/// The operations of a `BooksOrderEvent`, to be run one after the other.
///
/// # Errors
/// Throws what the event is refused for.
#[wasm_bindgen(js_name = booksOrderEvent)]
pub fn books_order_event(event: &str) -> Thrown<String> {
    answer(books::order_event_text(event))
}

/// A delivery of a shop platform, by a `WebhookRequest` and the bytes of its body: verified and read, a `Webhook`. `keys` is
/// a key file's text, with which e-mail addresses are hashed as everywhere else; empty, the request's own key holds.
///
/// # Errors
/// Throws `bad_signature`, and what the request or the keys are refused for.
#[wasm_bindgen(js_name = receiveWebhook)]
pub fn receive_webhook(request: &str, body: &[u8], keys: &str) -> Thrown<String> {
    let receive = || {
        let mut request: plug::WebhookRequest = parse_json(request)?;
        if !keys.is_empty() {
            let keys = KeySet::parse_or_secret(keys).map_err(|error| error.under("keys"))?;
            request.hash_key = Some(HashKey::new(keys.email_key()));
        }
        plug::receive(&request, body)
    };
    answer(receive())
}

/// The shop that a delivery says it comes from: a `WebhookShop`. `headers` is a JSON object. Nothing is verified.
///
/// # Errors
/// Throws what platform or headers are refused for.
#[wasm_bindgen(js_name = webhookShop)]
pub fn webhook_shop(platform: &str, headers: &str, body: &[u8]) -> Thrown<String> {
    let read = || {
        let platform = parse_json(&serde_json::Value::from(platform).to_string()).map_err(|e| e.under("platform"))?;
        Ok(plug::shop_of(platform, &parse_json(headers).map_err(|error| error.under("headers"))?, body))
    };
    answer(read())
}

/// Verifies that a Shopware shop asks to be registered, by a `ShopwareRegistration`: a `ShopwareRegistered`.
///
/// # Errors
/// Throws `bad_signature`.
#[wasm_bindgen(js_name = shopwareRegister)]
pub fn shopware_register(request: &str) -> Thrown<String> {
    answer(parse_json(request).and_then(|request| plug::shopware_register(&request)))
}

/// Verifies that the shop confirms, by a `ShopwareConfirmation` and the bytes of its body: a `ShopwareConfirmed`.
///
/// # Errors
/// Throws `bad_signature`.
#[wasm_bindgen(js_name = shopwareConfirm)]
pub fn shopware_confirm(request: &str, body: &[u8]) -> Thrown<String> {
    answer(parse_json(request).and_then(|request| plug::shopware_confirm(&request, body)))
}

/// Codes and facts on their way into a shop: says what to send, reads what came back.
#[wasm_bindgen]
pub struct Push(plug::Push);

#[wasm_bindgen]
impl Push {
    /// Begins with a `PushJob`, or goes on where a `PushProgress` says; the latter may be empty.
    ///
    /// # Errors
    /// Throws what job or progress are refused for.
    #[wasm_bindgen(constructor)]
    pub fn new(job: &str, progress: &str) -> Thrown<Self> {
        let begun = || {
            let progress = if progress.is_empty() { None } else { Some(parse_json(progress)?) };
            plug::Push::new(parse_json(job)?, progress)
        };
        begun().map(Self).map_err(|error| thrown(&error))
    }

    /// What to do next, a `PushStep`.
    ///
    /// # Errors
    /// None in practice.
    pub fn step(&mut self) -> Thrown<String> {
        answer(self.0.step())
    }

    /// Reads a `PushResponse`.
    ///
    /// # Errors
    /// Throws what the shop refuses, and what makes it senseless to go on.
    pub fn answer(&mut self, response: &str) -> Thrown<()> {
        parse_json(response).and_then(|response| self.0.answer(&response)).map_err(|error| thrown(&error))
    }

    /// The request brought no answer.
    ///
    /// # Errors
    /// Throws `io` after several times.
    pub fn interrupted(&mut self) -> Thrown<()> {
        self.0.interrupted().map_err(|error| thrown(&error))
    }

    /// How far it has come, a `PushProgress`.
    ///
    /// # Errors
    /// None in practice.
    pub fn progress(&self) -> Thrown<String> {
        answer(Ok(self.0.progress()))
    }
}

/// Every request that a `PushJob` would send to an empty shop, `PushRequest`s; nothing is sent.
///
/// # Errors
/// Throws what the job is refused for.
#[wasm_bindgen(js_name = rehearsePush)]
pub fn rehearse_push(job: &str) -> Thrown<String> {
    answer(parse_json(job).and_then(plug::push::rehearse))
}

/// The tables of the books, a `BooksTables`.
///
/// # Errors
/// None in practice.
#[wasm_bindgen(js_name = booksTables)]
pub fn books_tables() -> Thrown<String> {
    answer(Ok(books::tables()))
}

/// What is to be read, written or answered next for a `ReferralCall`, by the rows that were read so far: a
/// `ReferralNext`.
///
/// # Errors
/// Throws what the call is refused for before anything is looked at.
#[wasm_bindgen(js_name = referralNext)]
pub fn referral_next(call: &str, rows: &str) -> Thrown<String> {
    answer(desk::next_text(call, rows))
}

/// The terms on which a program rewards recommendations.
///
/// # Errors
/// Throws what the program is refused for.
#[wasm_bindgen(js_name = referralTerms)]
pub fn referral_terms(program: &str) -> Thrown<String> {
    answer(desk::terms_text(program))
}

/// The key under which a key set hashes e-mail addresses: for `hashKey` of the options of an import.
///
/// # Errors
/// Throws what the keys are refused for.
#[wasm_bindgen(js_name = emailKey)]
pub fn email_key(keys: &str) -> Thrown<String> {
    code::email_key_text(keys).map_err(|error| thrown(&error))
}

/// Somebody in keyed hashes, by a `RawPerson`.
///
/// # Errors
/// Throws what keys or person are refused for.
#[wasm_bindgen(js_name = hashPerson)]
pub fn hash_person(keys: &str, person: &str) -> Thrown<String> {
    answer(desk::hash_person_text(keys, person))
}

/// The books in memory: for tests, demos and tools.
#[wasm_bindgen]
#[derive(Default)]
pub struct Books {
    memory: books::Memory,
}

#[wasm_bindgen]
impl Books {
    /// Empty books.
    #[wasm_bindgen(constructor)]
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Runs a `BooksOperation`; answers a `BooksFinished`.
    ///
    /// # Errors
    /// Throws what the operation is refused for before anything is looked at.
    pub fn apply(&mut self, operation: &str) -> Thrown<String> {
        answer(parse_json(operation).and_then(|operation| self.memory.apply(operation)))
    }

    /// Runs statements (`BooksStep`) in one transaction, outside of any operation; answers `BooksResults`.
    ///
    /// # Errors
    /// Throws when they contradict each other or a check of a table.
    pub fn execute(&mut self, steps: &str) -> Thrown<String> {
        answer(parse_json(steps).and_then(|steps: Vec<books::Step>| self.memory.execute(&steps)))
    }

    /// The rows of every table.
    ///
    /// # Errors
    /// None in practice.
    pub fn rows(&self) -> Thrown<String> {
        answer(Ok(&self.memory))
    }
}

/// A check of books that lie elsewhere: every row of every table in any order, then the findings.
#[wasm_bindgen(js_name = BooksAudit)]
#[derive(Default)]
pub struct Audit {
    audit: books::Audit,
}

#[wasm_bindgen(js_class = BooksAudit)]
impl Audit {
    /// Begins.
    #[wasm_bindgen(constructor)]
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes rows of a table, as JSON.
    ///
    /// # Errors
    /// Throws when they are no rows of such a table.
    pub fn take(&mut self, table: &str, rows: &str) -> Thrown<()> {
        let table: Result<books::Table> = parse_json(&format!("\"{table}\""));
        let rows: Result<Vec<books::Row>> = parse_json(rows);
        match (table, rows) {
            (Ok(table), Ok(rows)) => {
                rows.iter().for_each(|row| self.audit.take(table, row));
                Ok(())
            }
            (Err(error), _) | (_, Err(error)) => Err(thrown(&error)),
        }
    }

    /// What differs, a `BooksAudit`.
    ///
    /// # Errors
    /// None in practice.
    pub fn finish(&mut self) -> Thrown<String> {
        answer(Ok(core::mem::take(&mut self.audit).finish()))
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SettledWithBooks {
    settled: zugabe::settle::Settled,
    books_text: String,
}

fn settled(orders: &[Order], request: &str) -> Result<SettledWithBooks> {
    let (settled, books_text) = zugabe::settle::settle_text(orders, request)?;
    Ok(SettledWithBooks { settled, books_text })
}

/// Who is owed what for recommendations, by canonical orders (NDJSON) and a `SettleRequest`; and the books for the next
/// run.
///
/// # Errors
/// Throws what orders, program, keys or books are refused for.
#[wasm_bindgen]
pub fn settle(orders: &str, request: &str) -> Thrown<String> {
    answer(ndjson(orders).and_then(|orders| settled(&orders, request)))
}

fn ndjson(orders: &str) -> Result<Vec<Order>> {
    orders
        .lines()
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty())
        .map(|(index, line)| parse_json(line).map_err(|error| error.under(&format!("line {}", index + 1))))
        .collect()
}

/// Whether a text is a code and typed right.
///
/// # Errors
/// None in practice.
#[wasm_bindgen(js_name = parseCode)]
pub fn parse_code(text: &str) -> Thrown<String> {
    answer(Ok(code::check(text)))
}

/// The QR code of a text as SVG.
///
/// # Errors
/// Throws `too_large`.
#[wasm_bindgen(js_name = qrSvg)]
pub fn qr_svg(text: &str) -> Thrown<String> {
    qr::svg(text).map_err(|error| thrown(&error))
}

/// The printable block of a code and its address as SVG.
///
/// # Errors
/// Throws `too_large`.
#[wasm_bindgen(js_name = blockSvg)]
pub fn block_svg(code: &str, link: &str) -> Thrown<String> {
    issue::block(code, link).map_err(|error| thrown(&error))
}

#[derive(Serialize)]
struct OrdersAndReport<'a, R> {
    orders: &'a [Order],
    report: R,
}

/// Reads one export whole.
///
/// # Errors
/// Throws what the file is refused for.
#[wasm_bindgen(js_name = importOrders)]
pub fn import_orders(name: &str, bytes: &[u8], options: &str) -> Thrown<String> {
    let read = || {
        let options: ImportOptions = parse_json(options)?;
        let mut importer = Importer::new(name, options.clone())?;
        importer.push(bytes)?;
        let (orders, report) = combine(vec![importer.finish()?], &options)?;
        json(&OrdersAndReport { orders: &orders, report })
    };
    read().map_err(|error| thrown(&error))
}

/// Scores canonical orders (NDJSON); `options` is a score `Options` document or empty.
///
/// # Errors
/// Throws what orders or options are refused for.
#[wasm_bindgen(js_name = scoreOrders)]
pub fn score_orders(orders: &str, options: &str) -> Thrown<String> {
    let scored = || {
        let orders = ndjson(orders)?;
        let options = if options.is_empty() { score::Options::default() } else { parse_json(options)? };
        score::from_orders(&orders, &options)
    };
    answer(scored())
}

fn model_named(name: &str) -> Result<ModelName> {
    parse_json(&serde_json::Value::from(name).to_string()).map_err(|error| error.under("model"))
}

/// Fits a model of customer value to a table of customers (CSV or NDJSON); answers what was fitted.
///
/// # Errors
/// Throws what the table or the model is refused for.
#[wasm_bindgen]
pub fn fit(table: &[u8], model: &str, penalty: f64) -> Thrown<String> {
    let fitted = || lifetime::fit(model_named(model)?, &rows::read(table, &Serial)?.customers, penalty, &Serial);
    answer(fitted())
}

/// What is expected of every customer of a table, as CSV, by parameters (or what `fit` answered) and an `Outlook`.
///
/// # Errors
/// Throws what the table, the parameters or the outlook is refused for, and `no_finite_value` where a mean does not exist.
#[wasm_bindgen]
pub fn predict(table: &[u8], model: &str, params: &str, outlook: &str) -> Thrown<String> {
    let predicted = || {
        let (rows, outlook) = (rows::read(table, &Serial)?, parse_json::<Outlook>(outlook)?);
        let forecasts =
            lifetime::predict(model_named(model)?, &Params::parse(params)?, &rows.customers, &outlook, &Serial)?;
        Ok(rows::write(&rows, &forecasts, Form::Csv, &Serial))
    };
    predicted().map_err(|error: Error| thrown(&error))
}
