//! `zugabe decide`: a request in, the decision out.

use zugabe::map::Map;
use zugabe::offer::{Adviser, Policy, PublishOptions, Request, decide};
use zugabe::reject::{Code, Error, Result};
use zugabe::time::Instant;

use crate::args::Decide;
use crate::files::{print_document, read_text};
use crate::program;

pub fn run(args: &Decide, now: Option<Instant>) -> Result<()> {
    if let Some(path) = &args.policy {
        let policy = Policy::parse(&read_text(path)?).map_err(|error| error.under("policy"))?;
        return print_document(&decide(&policy, &Request::parse(&read_text(&args.request)?)?));
    }
    let Some(path) = &args.program else {
        return Err(Error::at(Code::MissingField, "--policy", "Name a policy, or a program."));
    };
    let program = program::read(path).map_err(|error| error.under("program"))?;
    let model = args.model.as_deref().map(program::read_model).transpose()?;
    let request = Request::parse(&read_text(&args.request)?)?;
    // Published in memory and used at once: unless said otherwise, the request's instant is the present.
    let options = PublishOptions {
        now: now.unwrap_or(request.now),
        audience: args.audience,
        days: args.days,
        spent: Map::default(),
    };
    let decision = Adviser::new(program, model, &options)?.decide(args.audience, &request);
    print_document(
        &decision
            .ok_or_else(|| Error::at(Code::InvalidValue, "--audience", "A program decides for page or parcel."))?,
    )
}
