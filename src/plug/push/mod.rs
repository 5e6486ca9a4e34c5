//! How do codes and facts get into a shop? A push says which request comes next and reads what came back; sending, waiting
//! and keeping the progress are left to the shell. So the page of a browser, a server and the native tool push alike.
//!
//! Every request may be sent again: where an answer was lost, the next run asks the shop what is there. A code is in the
//! shop once, or it is among the refusals.

mod job;
pub mod pattern;
mod rehearsal;
mod shopify;
mod shopware;
mod woocommerce;

pub use job::{
    CustomerFacts, PushJob, PushProgress, PushRefused, PushReport, PushRequest, PushResponse, PushStep,
    SHOPIFY_VERSIONS,
};

pub use rehearsal::rehearse;

use std::collections::BTreeSet;

use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::canonical;
use crate::price::Platform;
use crate::reject::{Code, Error, Result};
use crate::time::zone::Zone;

/// How often a request is sent again that brought no answer, or one that the platform is to blame for.
const TRIES: u32 = 8;

/// Longest wait between two tries, in seconds.
const LONGEST: u32 = 60;

/// How long a request that was cut off may go on in a shop that does not keep its codes apart by itself, in seconds.
const SETTLE: u32 = 30;

/// What a request is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ask {
    FindDiscount,
    CreateDiscount,
    AddCodes,
    Poll,
    WhoseCodes,
    Define,
    Facts,
    Tag,
    ShopId,
    Policy,
    SalesChannels,
    Promotion,
    Codes,
    FindCustomers,
    Coupons,
    Coupon,
}

/// A request, before it has an address.
struct Call {
    ask: Ask,
    name: &'static str,
    /// Behind the shop's address.
    path: String,
    body: Option<Value>,
    items: usize,
}

/// A push on its way. Hand over the answer to every request before asking for the next step.
pub struct Push {
    job: PushJob,
    /// The promotion in the platform's words.
    terms: Option<Value>,
    progress: PushProgress,
    /// The request that waits for its answer.
    asked: Option<Ask>,
    wait: Option<(u32, String)>,
    /// Tries of the present request that failed.
    failed: u32,
    /// How often it has been asked whether the codes are there.
    polled: u32,
    /// Of the present codes or customers, those that are left out, by their place.
    out: BTreeSet<usize>,
    /// Codes that the shop had already, by their place: it has to be asked whose they are.
    doubtful: Vec<usize>,
    /// The present customers have been looked up.
    found: bool,
    /// Shopify: points that are left, points that come back in a second, what the last request cost.
    budget: Option<(f64, f64, f64)>,
}

impl Push {
    /// Begins a push, or goes on where `progress` says.
    ///
    /// # Errors
    /// What is wrong with the job, by its path: a term that the platform cannot express is named. `contradiction` for the
    /// progress of another job.
    pub fn new(job: PushJob, progress: Option<PushProgress>) -> Result<Self> {
        job.check()?;
        let hash = hash(&job)?;
        let mut job = job;
        let terms = shopware::with_id(&mut job).and_then(|()| terms(&job))?;
        let progress = match progress {
            None => PushProgress { v: 1, job: hash, ..PushProgress::default() },
            Some(progress) if progress.v != 1 => {
                let message = format!("This progress has version {}, this release reads version 1.", progress.v);
                return Err(Error::at(Code::UnsupportedVersion, "v", message));
            }
            Some(progress) if progress.job != hash => {
                let message = "This is the progress of another push: name another file, or delete it to begin anew.";
                return Err(Error::at(Code::Contradiction, "job", message));
            }
            Some(progress) => progress,
        };
        let mut push = Self {
            terms,
            asked: None,
            wait: None,
            failed: 0,
            polled: 0,
            out: BTreeSet::new(),
            doubtful: Vec::new(),
            found: false,
            budget: None,
            progress,
            job,
        };
        // Shopify and Shopware keep a code once, whoever comes first. WooCommerce looks first and writes then.
        if push.progress.sending && push.job.platform == Platform::Woocommerce {
            push.wait = Some((SETTLE, "The last run was cut off: what was on its way is given time to arrive.".into()));
        }
        push.progress.sending = false;
        Ok(push)
    }

    /// How far it has come. Keep it before every request and after every answer.
    #[must_use]
    pub const fn progress(&self) -> &PushProgress {
        &self.progress
    }

    /// What to do next. Asked again without an answer in between, it says the same request again.
    ///
    /// # Errors
    /// `invalid_json` when a request has no JSON text.
    pub fn step(&mut self) -> Result<PushStep> {
        if let Some((seconds, why)) = self.wait.take().or_else(|| self.pace()) {
            return Ok(PushStep::Wait { seconds, why });
        }
        let call = match self.job.platform {
            Platform::Shopify => shopify::next(self)?,
            Platform::Shopware => shopware::next(self)?,
            Platform::Woocommerce => woocommerce::next(self)?,
        };
        let Some(call) = call else { return Ok(PushStep::Done { report: self.report() }) };
        self.asked = Some(call.ask);
        self.progress.sending = true;
        let method = if call.body.is_some() { "POST" } else { "GET" };
        Ok(PushStep::Request {
            request: PushRequest {
                call: call.name.to_owned(),
                method: method.to_owned(),
                url: format!("{}{}", self.job.address()?, call.path),
                body: call.body.map(|body| canonical::text(&body)).transpose()?,
                items: call.items,
            },
        })
    }

    /// Reads the answer to the last request.
    ///
    /// # Errors
    /// `invalid_keys` when the shop does not take the token, or the token may not do this; `io` when it fails again and again;
    /// `invalid_value` for what the shop refuses, in its own words; `invalid_state` when nothing was asked.
    pub fn answer(&mut self, response: &PushResponse) -> Result<()> {
        let Some(ask) = self.asked.take() else {
            return Err(Error::new(Code::InvalidState, "Nothing was asked, so there is nothing to answer."));
        };
        self.progress.sending = false;
        match response.status {
            401 | 403 => {
                let message = format!(
                    "The shop answers {}: it does not take this token, or the token may not do this. docs/ names the rights it needs.",
                    response.status
                );
                return Err(Error::at(Code::InvalidKeys, "token", message));
            }
            429 => {
                let seconds = response.retry_after.unwrap_or_else(|| self.pause()).clamp(1, 600);
                return self.again(seconds, "The shop asks for slower requests.");
            }
            // Shopware writes what its database refuses as an inner error, too.
            500.. if !(self.job.platform == Platform::Shopware && ask == Ask::Codes) => {
                let seconds = response.retry_after.unwrap_or_else(|| self.pause()).clamp(1, 600);
                return self.again(seconds, &format!("The shop answers {}.", response.status));
            }
            _ => {}
        }
        let body: Value = match response.body.trim() {
            "" => Value::Null,
            text => match serde_json::from_str(text) {
                Ok(body) => body,
                Err(_) => return self.again(self.pause(), "The shop's answer is no JSON."),
            },
        };
        match self.job.platform {
            Platform::Shopify => shopify::answer(self, ask, response.status, &body),
            Platform::Shopware => shopware::answer(self, ask, response.status, &body),
            Platform::Woocommerce => woocommerce::answer(self, ask, response.status, &body),
        }
    }

    /// The request brought no answer: the connection broke, or it took too long.
    ///
    /// # Errors
    /// `io` after eight times.
    pub fn interrupted(&mut self) -> Result<()> {
        self.asked = None;
        self.again(self.pause(), "The shop could not be reached.")
    }

    /// Seconds before the next try: 1, 2, 4, … 60.
    fn pause(&self) -> u32 {
        (1_u32 << self.failed.min(6)).min(LONGEST)
    }

    fn again(&mut self, seconds: u32, why: &str) -> Result<()> {
        self.failed += 1;
        if self.failed > TRIES {
            let message = format!("{why} It was tried {TRIES} times. Run it again later: it goes on from here.");
            return Err(Error::new(Code::Io, message));
        }
        self.wait = Some((seconds, why.to_owned()));
        Ok(())
    }

    /// Shopify counts points: a request that costs more than are left is not sent.
    fn pace(&mut self) -> Option<(u32, String)> {
        let (left, rate, cost) = self.budget?;
        if left >= cost || rate <= 0.0 {
            return None;
        }
        self.budget = Some((cost, rate, cost));
        // A small number of points by a rate of at least one.
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let seconds = libm::ceil((cost - left) / rate).clamp(1.0, 120.0) as u32;
        Some((seconds, "The shop's allowance for requests has to fill up again.".to_owned()))
    }

    /// A request went through: the next failure is the first one again.
    fn went_through(&mut self) {
        self.failed = 0;
    }

    /// The places of the codes that come next, without those that are left out.
    fn next_codes(&self, most: usize) -> Vec<usize> {
        let end = self.end(self.progress.codes, most, self.job.codes.len());
        (self.progress.codes..end).filter(|place| !self.out.contains(place)).collect()
    }

    /// The places of the customers that come next, without those that are left out.
    fn next_facts(&self, most: usize) -> Vec<usize> {
        let end = self.end(self.progress.facts, most, self.job.facts.len());
        (self.progress.facts..end).filter(|place| !self.out.contains(place)).collect()
    }

    #[allow(clippy::unused_self)]
    fn end(&self, from: usize, most: usize, all: usize) -> usize {
        from.saturating_add(most).min(all)
    }

    /// The present codes are done with.
    fn codes_done(&mut self, most: usize) {
        self.progress.codes = self.end(self.progress.codes, most, self.job.codes.len());
        self.out.clear();
        self.doubtful.clear();
        self.progress.bulk = None;
        self.polled = 0;
    }

    /// The present customers are done with.
    fn facts_done(&mut self, most: usize) {
        self.progress.facts = self.end(self.progress.facts, most, self.job.facts.len());
        self.out.clear();
        self.found = false;
    }

    /// The code is in the shop already, and ours.
    fn code_present(&mut self, place: usize) {
        self.progress.present += 1;
        self.out.insert(place);
    }

    fn refuse_code(&mut self, place: usize, why: impl Into<String>) {
        self.out.insert(place);
        self.refuse(PushRefused { code: Some(place), customer: None, why: why.into() });
    }

    fn refuse_customer(&mut self, place: usize, why: impl Into<String>) {
        self.out.insert(place);
        let customer = self.job.facts.get(place).map(|facts| facts.customer.clone());
        self.refuse(PushRefused { code: None, customer, why: why.into() });
    }

    fn refuse(&mut self, refused: PushRefused) {
        self.progress.refused_count += 1;
        if self.progress.refused.len() < job::LISTED {
            self.progress.refused.push(refused);
        }
    }

    fn code(&self, place: usize) -> &str {
        self.job.codes.get(place).map_or("", String::as_str)
    }

    /// The place of a code among those given, whatever its case.
    fn place_of(&self, places: &[usize], code: &str) -> Option<usize> {
        places.iter().copied().find(|place| self.code(*place).eq_ignore_ascii_case(code))
    }

    fn report(&self) -> PushReport {
        let progress = &self.progress;
        let refused = |of: fn(&PushRefused) -> bool| progress.refused.iter().filter(|one| of(one)).count();
        // Beyond the listed ones it is not known which they were; a job of codes and customers has few of either.
        let customers = refused(|one| one.customer.is_some());
        let codes = progress.refused_count - customers.min(progress.refused_count);
        let (codes, customers) = if progress.facts == 0 {
            (progress.refused_count, 0)
        } else if progress.codes == 0 {
            (0, progress.refused_count)
        } else {
            (codes, customers)
        };
        PushReport {
            v: 1,
            platform: self.job.platform,
            promotion: progress.promotion.clone(),
            codes: progress.codes.saturating_sub(codes),
            present: progress.present,
            customers: progress.facts.saturating_sub(customers),
            policy: progress.policy,
            refused_count: progress.refused_count,
            refused: progress.refused.clone(),
        }
    }
}

/// What the job is, whenever it is done: `now` is not part of it.
fn hash(job: &PushJob) -> Result<String> {
    let job = PushJob { now: crate::time::Instant::from_unix(0), ..job.clone() };
    canonical::hash(&job)
}

/// The promotion in the platform's words, refused where they have none for one of its terms.
fn terms(job: &PushJob) -> Result<Option<Value>> {
    let Some(terms) = &job.terms else { return Ok(None) };
    let file = terms.file().map_err(|error| error.under("terms"))?;
    if job.platform == Platform::Woocommerce {
        let zone = Zone::named(&terms.time_zone).map_err(|error| error.under("terms.timeZone"))?;
        let currency = terms.currency.or(terms.promotion.currency);
        let currency = currency.ok_or_else(|| {
            Error::at(Code::MissingField, "terms.currency", "In which currency are the shop's prices?")
        })?;
        return Ok(Some(woocommerce::coupon(&terms.promotion, terms.limits, currency, &zone)));
    }
    Ok(file.terms().cloned())
}

/// 32 hexadecimal digits that are the same for the same words: an id that a second run finds again.
fn id_of(words: &[&str]) -> String {
    let mut hash = Sha256::new();
    for word in words {
        hash.update((word.len() as u64).to_le_bytes());
        hash.update(word.as_bytes());
    }
    crate::order::import::hex(&hash.finalize()[..16])
}

/// What went wrong in the shop, in its own words, cut to a sensible length.
fn said(words: &str) -> String {
    words.chars().filter(|c| !c.is_control()).take(300).collect()
}

#[cfg(test)]
mod tests;
