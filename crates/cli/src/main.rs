//! The native tool `zugabe`: reads files and arguments, calls the core, writes files. It decides nothing itself, and
//! it is the only place that asks the clock or the operating system's random source.

use std::process::ExitCode;

use clap::Parser;
use zugabe::reject::Result;

mod args;
mod customers;
mod decide;
mod failure;
mod files;
mod fit;
mod import;
mod inserts;
mod keys;
mod mint;
mod orders;
mod plan;
mod predict;
mod price;
mod program;
mod publish;
mod push;
mod sample;
mod schema;
mod score;
mod settle;
mod threads;
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
        Command::Import(command) => import::run(&command, now),
        Command::Sample(command) => sample::run(&command, now),
        Command::Score(command) => score::run(&command, now),
        Command::Fit(command) => fit::run(&command),
        Command::Predict(command) => predict::run(&command),
        Command::Init(command) => program::init(&command),
        Command::Check(command) => program::lint(&command),
        Command::Publish(command) => publish::run(&command, now),
        Command::Push(command) => push::run(&command, now),
        Command::Decide(command) => decide::run(&command, cli.now),
        Command::Plan(command) => plan::run(&command, now),
        Command::Price(command) => price::price(&command),
        Command::Refund(command) => price::refund(&command),
        Command::Keys(command) => keys::run(&command),
        Command::Mint(command) => mint::run(&command, now),
        Command::Inserts(command) => inserts::run(&command, now),
        Command::Settle(command) => settle::run(&command, now),
        Command::Verify(command) => verify::run(&command, now),
        Command::Schema(command) => schema::run(&command),
    }
}
