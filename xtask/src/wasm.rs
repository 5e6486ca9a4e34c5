//! How is one artefact built? cargo, then wasm-bindgen, then wasm-opt; the plain one goes on to JavaScript.

use crate::stamp;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;
use wasm_bindgen_cli_support::Bindgen;

const TARGET: &str = "wasm32-unknown-unknown";

/// What rustc's target enables and current browsers have; wasm-opt refuses instructions that are not named here.
const FEATURES: [&str; 7] = [
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// What a module made for processors of the first day (`-Ctarget-cpu=mvp`) may still hold: the prebuilt standard library
/// is newer, so the rest is put into older words, the only ones that wasm2js reads.
const LOWERED: [&str; 9] = [
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
    "--signext-lowering",
    "--llvm-nontrapping-fptoint-lowering",
];

/// Which of the artefacts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Artefact {
    /// What a shop page loads: small before fast.
    Page,
    /// The page artefact as plain JavaScript, for where WebAssembly is forbidden.
    Plain,
    /// What the studio, workers and Node load: fast before small.
    Full,
}

impl Artefact {
    fn name(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::Plain => "plain",
            Self::Full => "full",
        }
    }

    /// The feature of `crates/wasm` that says what is in it.
    fn feature(self) -> &'static str {
        match self {
            Self::Page | Self::Plain => "page",
            Self::Full => "full",
        }
    }

    fn optimisation(self) -> &'static [&'static str] {
        match self {
            // A function with one caller stays a function: what is inlined there compresses worse (2.4 KB of brotli).
            // Nothing lies in the first 1,024 bytes of memory: the stack is there, and grows towards them.
            Self::Page => &["--one-caller-inline-max-function-size=0", "--low-memory-unused", "-Oz", "--converge"],
            // In JavaScript no access traps, so none needs to be kept for that.
            Self::Plain => &[
                "--one-caller-inline-max-function-size=0",
                "--low-memory-unused",
                "--ignore-implicit-traps",
                "-Oz",
                "--converge",
            ],
            Self::Full => &["-O3"],
        }
    }
}

/// What was asked for on the command line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    artefact: Artefact,
    dev: bool,
    small_std: bool,
    names: bool,
    force: bool,
}

impl Plan {
    /// `None` when a word is unknown or the artefact is missing.
    pub fn parse<'a>(words: impl Iterator<Item = &'a str>) -> Option<Self> {
        let mut artefact = None;
        let (mut dev, mut small_std, mut names, mut force) = (false, false, false, false);
        for word in words {
            match word {
                "page" if artefact.is_none() => artefact = Some(Artefact::Page),
                "plain" if artefact.is_none() => artefact = Some(Artefact::Plain),
                "full" if artefact.is_none() => artefact = Some(Artefact::Full),
                "--dev" => dev = true,
                "--small-std" => small_std = true,
                "--names" => names = true,
                "--force" => force = true,
                _ => return None,
            }
        }
        Some(Self { artefact: artefact?, dev, small_std, names, force })
    }
}

/// Builds the artefact into `dist/page`, `dist/plain` or `dist/full`; does nothing when the inputs are those of the last build.
///
/// # Errors
/// One sentence that says which step failed and, where it can be known, the remedy.
pub fn build(plan: &Plan) -> Result<(), String> {
    let begun = Instant::now();
    let root = root()?;
    let name = plan.artefact.name();
    let out = root.join("dist").join(name);
    let small_std = plan.small_std && has_rust_src();
    if plan.small_std && !small_std {
        println!(
            "wasm {name}: rust-src is missing (rustup component add rust-src), so this is the plain stable build."
        );
    }
    let optimiser = tool(&root, "wasm-opt").filter(|_| !(plan.dev && plan.artefact == Artefact::Full));
    let compiler = compiler()?;
    let stamp = |small_std: bool, optimised: bool| {
        let how = format!("{name} {compiler} small_std={small_std} optimised={optimised} names={}", plan.names);
        // The words stand in the file too: the size gate reads them.
        stamp::of(&root, std::slice::from_ref(&how)).map(|hash| format!("{hash} {how}"))
    };
    // What was built with more care also serves whoever asks for less.
    let last = fs::read_to_string(out.join(".stamp")).unwrap_or_default();
    for (small, optimised) in [(true, true), (true, false), (false, true), (false, false)] {
        let serves = (small || !small_std) && (optimised || optimiser.is_none());
        if serves && !plan.force && last == stamp(small, optimised)? {
            println!("wasm {name}: nothing changed.");
            return Ok(());
        }
    }

    // Taken before the build: what changes while it runs is not in the artefact.
    let built_from = stamp(small_std, optimiser.is_some())?;
    compile(&root, plan.artefact, small_std)?;
    let fresh = root.join("target").join(format!("xtask-{name}"));
    let _ = fs::remove_dir_all(&fresh);
    bind(&root, plan, &fresh)?;
    match &optimiser {
        Some(script) => optimise(script, plan, &fresh)?,
        None if plan.artefact == Artefact::Plain => {
            return Err(
                "wasm plain: binaryen is not installed, and it is what turns the module into JavaScript: npm ci"
                    .to_owned(),
            );
        }
        None if plan.dev => {}
        None => {
            println!("wasm {name}: binaryen is not installed (npm ci), so the artefact stays larger than it could be.");
        }
    }
    let folder = fresh.to_string_lossy();
    match plan.artefact {
        Artefact::Plain => script(&root, "plain.mjs", &[&folder])?,
        Artefact::Page | Artefact::Full => script(&root, "integrity.mjs", &[&folder, &format!("zugabe_{name}")])?,
    }
    fs::write(fresh.join(".stamp"), built_from).map_err(|error| io(&fresh, &error))?;
    install(&fresh, &out)?;
    report(&out, plan.artefact, begun)
}

fn compile(root: &Path, artefact: Artefact, small_std: bool) -> Result<(), String> {
    let name = artefact.name();
    let mut cargo = Command::new(std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned()));
    cargo.current_dir(root).args(["build", "--package", "zugabe-wasm", "--lib", "--target", TARGET, "--locked"]);
    cargo.args(["--no-default-features", "--features", artefact.feature(), "--profile", &format!("wasm-{name}")]);
    let mut flags = without_paths(root);
    if artefact == Artefact::Plain {
        flags.push("-Ctarget-cpu=mvp".to_owned());
        // Copying memory is one word in JavaScript, too (`copyWithin`), and shorter than copying field by field.
        flags.push("-Ctarget-feature=+bulk-memory".to_owned());
    }
    if small_std {
        cargo.env("RUSTC_BOOTSTRAP", "1");
        cargo.args(["-Zbuild-std=std,panic_abort", "-Zbuild-std-features=optimize_for_size"]);
        flags.extend(["-Zunstable-options".to_owned(), "-Cpanic=immediate-abort".to_owned()]);
    }
    cargo.env("CARGO_ENCODED_RUSTFLAGS", flags.join("\u{1f}"));
    let done = cargo.status().map_err(|error| format!("cargo could not be started: {error}."))?;
    if done.success() {
        return Ok(());
    }
    Err(format!(
        "wasm {name}: cargo build failed. If it says that a target may not be installed: rustup target add {TARGET}"
    ))
}

/// Keeps this machine's folders out of the artefact: they are nobody's business, and differ in bytes from machine to
/// machine.
fn without_paths(root: &Path) -> Vec<String> {
    let home = std::env::var_os("HOME").map(PathBuf::from).unwrap_or_default();
    let cargo = std::env::var_os("CARGO_HOME").map_or_else(|| home.join(".cargo"), PathBuf::from);
    let sysroot = sysroot().unwrap_or_default();
    // The last prefix that fits counts: crates lie in a folder of the registry's name, which nobody needs to read.
    let crates = fs::read_dir(cargo.join("registry/src")).into_iter().flatten().flatten();
    let mut prefixes = vec![(cargo, "cargo"), (sysroot, "rust"), (root.to_owned(), "zugabe")];
    prefixes.extend(crates.map(|folder| (folder.path(), "crates")));
    prefixes
        .iter()
        .filter(|(path, _)| path.is_absolute())
        .map(|(path, name)| format!("--remap-path-prefix={}=/{name}", path.display()))
        .collect()
}

fn bind(root: &Path, plan: &Plan, out: &Path) -> Result<(), String> {
    let name = plan.artefact.name();
    let module = target_dir(root).join(TARGET).join(format!("wasm-{name}")).join("zugabe_wasm.wasm");
    let mut bindgen = Bindgen::new();
    bindgen
        .input_path(&module)
        .out_name(&format!("zugabe_{name}"))
        .typescript(true)
        .remove_name_section(!plan.names)
        .remove_producers_section(true);
    let bound = match plan.artefact {
        Artefact::Plain => bindgen.bundler(true),
        Artefact::Page | Artefact::Full => bindgen.web(true),
    };
    bound
        .and_then(|bindgen| bindgen.generate(out))
        .map_err(|error| format!("wasm {name}: wasm-bindgen failed: {error:#}"))
}

fn optimise(script: &Path, plan: &Plan, folder: &Path) -> Result<(), String> {
    let name = plan.artefact.name();
    let module = folder.join(format!("zugabe_{name}_bg.wasm"));
    let features: &[&str] = if plan.artefact == Artefact::Plain { &LOWERED } else { &FEATURES };
    let done = Command::new("node")
        .arg(script)
        .args(features)
        .args(plan.artefact.optimisation())
        .args(plan.names.then_some("--debuginfo"))
        .arg("-o")
        .arg(&module)
        .arg(&module)
        .status()
        .map_err(|error| format!("wasm {name}: wasm-opt needs node, which could not be started: {error}."))?;
    if done.success() { Ok(()) } else { Err(format!("wasm {name}: wasm-opt failed.")) }
}

/// What is left to do for JavaScript is done in JavaScript: joining and minifying, and writing down hashes.
fn script(root: &Path, name: &str, arguments: &[&str]) -> Result<(), String> {
    let done = Command::new("node")
        .arg(root.join("scripts").join(name))
        .args(arguments)
        .status()
        .map_err(|error| format!("scripts/{name}: node could not be started: {error}."))?;
    if done.success() { Ok(()) } else { Err(format!("scripts/{name} failed.")) }
}

/// The finished folder replaces the old one whole, so that a build that failed leaves the last good artefact.
fn install(fresh: &Path, out: &Path) -> Result<(), String> {
    if let Some(parent) = out.parent() {
        fs::create_dir_all(parent).map_err(|error| io(parent, &error))?;
    }
    if out.exists() {
        fs::remove_dir_all(out).map_err(|error| io(out, &error))?;
    }
    fs::rename(fresh, out).map_err(|error| io(out, &error))
}

fn report(out: &Path, artefact: Artefact, begun: Instant) -> Result<(), String> {
    let name = artefact.name();
    let module = out.join(match artefact {
        Artefact::Plain => "zugabe_plain.js".to_owned(),
        Artefact::Page | Artefact::Full => format!("zugabe_{name}_bg.wasm"),
    });
    let bytes = fs::metadata(&module).map_err(|error| io(&module, &error))?.len();
    println!("wasm {name}: {bytes} bytes, {:.1} s.", begun.elapsed().as_secs_f64());
    Ok(())
}

fn root() -> Result<PathBuf, String> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().map(Path::to_owned).ok_or_else(|| "The repository root was not found.".to_owned())
}

fn target_dir(root: &Path) -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from)
}

/// A program of binaryen, as npm installed it.
fn tool(root: &Path, name: &str) -> Option<PathBuf> {
    Some(root.join("node_modules/binaryen/bin").join(name)).filter(|script| script.is_file())
}

/// The compiler's own name and version: another compiler makes another artefact.
fn compiler() -> Result<String, String> {
    let said =
        Command::new("rustc").arg("-V").output().map_err(|error| format!("rustc could not be started: {error}."))?;
    Ok(String::from_utf8_lossy(&said.stdout).trim().to_owned())
}

fn has_rust_src() -> bool {
    sysroot().is_some_and(|sysroot| sysroot.join("lib/rustlib/src/rust/library/std/Cargo.toml").is_file())
}

/// Where the compiler keeps its standard library.
fn sysroot() -> Option<PathBuf> {
    let said = Command::new("rustc").args(["--print", "sysroot"]).output().ok()?;
    Some(PathBuf::from(String::from_utf8_lossy(&said.stdout).trim()))
}

fn io(path: &Path, error: &std::io::Error) -> String {
    format!("{}: {error}.", path.display())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn locked_version(lock: &str, package: &str) -> Option<String> {
        let mut lines = lock.lines().skip_while(|line| *line != format!("name = \"{package}\""));
        lines.nth(1).and_then(|line| line.strip_prefix("version = ")).map(|text| text.trim_matches('"').to_owned())
    }

    #[test]
    fn the_bindings_generator_equals_the_linked_wasm_bindgen() {
        let lock = fs::read_to_string(root().unwrap().join("Cargo.lock")).unwrap();
        let linked = locked_version(&lock, "wasm-bindgen").unwrap();
        assert_eq!(linked, locked_version(&lock, "wasm-bindgen-cli-support").unwrap());
    }

    #[test]
    fn an_unknown_word_or_two_artefacts_are_refused() {
        let plan = Plan::parse(["page", "--dev"].into_iter()).unwrap();
        assert_eq!(plan, Plan { artefact: Artefact::Page, dev: true, small_std: false, names: false, force: false });
        assert_eq!(Plan::parse(["page", "full"].into_iter()), None);
        assert_eq!(Plan::parse(["page", "--fast"].into_iter()), None);
        assert_eq!(Plan::parse([].into_iter()), None);
    }
}
