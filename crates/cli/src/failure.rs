//! How does the tool fail? One JSON object on standard error, and an exit code.

use std::process::ExitCode;

use clap::error::{ContextKind, ErrorKind};
use serde::Serialize;
use zugabe::reject::{Code, Error};

#[derive(Serialize)]
struct Failure<'a> {
    error: &'a Error,
}

/// Writes `{ "error": { code, message, path } }` to standard error. Exit code 2 says that the input is to blame, 1
/// that it is not.
pub fn report(error: &Error) -> ExitCode {
    let text = serde_json::to_string(&Failure { error }).unwrap_or_else(|_| error.to_string());
    eprintln!("{text}");
    match error.code {
        Code::Io | Code::InvalidState => ExitCode::from(1),
        _ => ExitCode::from(2),
    }
}

/// What was wrong with the command line, in the same shape; help and version as plain text.
pub fn usage(error: &clap::Error) -> ExitCode {
    let code = match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            let _ = error.print();
            return ExitCode::SUCCESS;
        }
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            let _ = error.print();
            return ExitCode::from(2);
        }
        ErrorKind::MissingRequiredArgument | ErrorKind::MissingSubcommand => Code::MissingField,
        ErrorKind::UnknownArgument | ErrorKind::InvalidSubcommand => Code::UnknownField,
        ErrorKind::ArgumentConflict => Code::Contradiction,
        _ => Code::InvalidValue,
    };
    let path = error.context().find_map(|(kind, value)| {
        matches!(kind, ContextKind::InvalidArg | ContextKind::InvalidSubcommand).then(|| value.to_string())
    });
    // `--as-of <DATE>` is about `--as-of`.
    let path = path.as_deref().and_then(|path| path.split(' ').next()).unwrap_or_default();
    // The first paragraph says what is wrong, those after it repeat the usage.
    let rendered = error.render().to_string();
    let paragraph = rendered.split("\n\n").next().unwrap_or_default();
    let words: Vec<&str> = paragraph.trim_start_matches("error: ").split_whitespace().collect();
    report(&Error::at(code, path, format!("{}. --help shows what there is.", words.join(" "))))
}
