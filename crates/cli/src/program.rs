//! `zugabe init` and `zugabe check`, and how the other commands read programs and models.

use std::path::Path;

use zugabe::offer::Program;
use zugabe::offer::check::{Severity, check};
use zugabe::offer::starter::{Answers, starter};
use zugabe::order::history::HistoryPolicy;
use zugabe::reject::{Code, Error, Result};
use zugabe::score::Settings;
use zugabe::score::model::Model;

use crate::args::{Check, Init};
use crate::files;

/// `zugabe init`
pub fn init(args: &Init) -> Result<()> {
    let text = starter(&Answers {
        name: args.name.clone(),
        currency: args.currency,
        time_zone: args.time_zone.clone(),
        locales: args.locales.clone(),
        max: args.max,
        friend_url: args.friend_url.clone(),
    })?;
    match &args.out {
        Some(path) => files::write_new(path, text.as_bytes()),
        None => files::print(text.as_bytes()),
    }
}

/// `zugabe check`
pub fn lint(args: &Check) -> Result<()> {
    let lint = check(&read(&args.program)?);
    files::print_document(&lint)?;
    match lint.findings.iter().find(|finding| finding.severity == Severity::Error) {
        Some(finding) => {
            Err(Error::at(Code::Contradiction, &finding.path, format!("{} {}", finding.message, finding.remedy)))
        }
        None => Ok(()),
    }
}

/// Reads a program.
pub fn read(path: &Path) -> Result<Program> {
    Program::parse(&files::read_text(path)?)
}

/// Reads a model.
pub fn read_model(path: &Path) -> Result<Model> {
    Model::parse(&files::read_text(path)?).map_err(|error| error.under("model"))
}

/// What the program says about scoring.
pub fn settings(program: &Program) -> Settings {
    let default = Settings::default();
    Settings {
        tiers: program.tiers(),
        dormant_days: program.stages.map_or(default.dormant_days, |stages| stages.dormant_days),
        history: HistoryPolicy { time_zone: Some(program.shop.time_zone.clone()), ..default.history },
        ..default
    }
}
