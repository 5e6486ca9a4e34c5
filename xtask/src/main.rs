//! Build steps that need Rust: how does the core become a WebAssembly artefact?
//!
//! `cargo xtask wasm page|plain|full [--dev] [--small-std] [--names] [--force]`

mod stamp;
mod wasm;

use std::process::ExitCode;

const USAGE: &str = "usage: cargo xtask wasm page|plain|full [--dev] [--small-std] [--names] [--force]
  --dev        quick: leaves out wasm-opt for the full artefact
  --small-std  builds the standard library anew, optimised for size (needs rust-src; plain stable without it)
  --names      keeps the functions' names, to see where the bytes are
  --force      builds even when nothing changed";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[String]) -> Result<(), String> {
    let mut words = arguments.iter().map(String::as_str);
    match words.next() {
        Some("wasm") => wasm::build(&wasm::Plan::parse(words).ok_or(USAGE)?),
        _ => Err(USAGE.to_owned()),
    }
}
