//! `zugabe publish`: the public policy from the private program.

use zugabe::offer::{PublishOptions, publish};
use zugabe::reject::Result;
use zugabe::time::Instant;

use crate::args::Publish;
use crate::files::Outputs;
use crate::program;

pub fn run(args: &Publish, now: Instant) -> Result<()> {
    let model = args.model.as_deref().map(program::read_model).transpose()?;
    let options =
        PublishOptions { now, audience: args.audience, days: args.days, spent: args.spent.iter().cloned().collect() };
    let policy = publish(&program::read(&args.program)?, model.as_ref(), &options)?;
    let mut outputs = Outputs::default();
    outputs.add_document(&args.out, &policy)?;
    outputs.commit()
}
