//! `zugabe decide`: a request in, the decision out, as a document or as text for a person.

use zugabe::map::Map;
use zugabe::offer::explain::{explain, explain_privately, why_not};
use zugabe::offer::{Adviser, Policy, PublishOptions, Request, decide};
use zugabe::reject::{Code, Error, Result};
use zugabe::time::Instant;

use crate::args::Decide;
use crate::files::{print, print_document, read_text};
use crate::program;

pub fn run(args: &Decide, now: Option<Instant>) -> Result<()> {
    if let Some(path) = &args.policy {
        let policy = Policy::parse(&read_text(path)?).map_err(|error| error.under("policy"))?;
        let decision = decide(&policy, &Request::parse(&read_text(&args.request)?)?);
        return match &args.why_not {
            Some(option) => print(why_not(&decision, None, option)?.as_bytes()),
            None if args.explain => print(explain(&decision).as_bytes()),
            None => print_document(&decision),
        };
    }
    let Some(path) = &args.program else {
        return Err(Error::at(Code::MissingField, "--policy", "Name a policy, or a program."));
    };
    let program = program::read(path).map_err(|error| error.under("program"))?;
    let model = args.model.as_deref().map(program::read_model).transpose()?;
    let request = Request::parse(&read_text(&args.request)?)?;
    // Published in memory and used at once: unless said otherwise, the request's instant is the present.
    let now = now.unwrap_or(request.now);
    let options = PublishOptions { now, audience: args.audience, days: args.days, spent: Map::default() };
    let currency = program.shop.currency;
    let private = Adviser::new(program, model, &options)?
        .decide(args.audience, &request)
        .ok_or_else(|| Error::at(Code::InvalidValue, "--audience", "A program decides for page, parcel or email."))?;
    match &args.why_not {
        Some(option) => print(why_not(&private.decision, Some(&private), option)?.as_bytes()),
        None if args.explain => print(explain_privately(&private, currency).as_bytes()),
        None => print_document(&private),
    }
}
