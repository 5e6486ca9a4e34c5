//! The native tool `zugabe`: reads files and arguments, calls the core, writes files. It decides nothing itself, and
//! it is the only place that asks the clock or the operating system's random source.

use std::process::ExitCode;

use clap::Parser;
use zugabe::reject::Result;

mod args;
mod customers;
mod failure;
mod files;
mod keys;
mod mint;
mod orders;
mod score;
mod verify;

use args::{Cli, Command};

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return failure::usage(&error),
    };
    match run(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => failure::report(&error),
    }
}

fn run(cli: Cli) -> Result<()> {
    let now = cli.now.unwrap_or_else(args::clock);
    match cli.command {
        Command::Score(command) => score::run(&command, now),
        Command::Keys(command) => keys::run(&command),
        Command::Mint(command) => mint::run(&command, now),
        Command::Verify(command) => verify::run(&command),
    }
}
