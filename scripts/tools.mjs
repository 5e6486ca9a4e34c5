/** Is everything there that the build needs? Installs what it may, and names the rest in one sentence. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { Failed, Stop, root, run, step } from './shell.mjs';

const TARGET = 'wasm32-unknown-unknown';
/** `rust-version` of crates/print, the highest of all. */
const RUST = [1, 92];

const offline =
  /could not resolve|couldn't resolve|failed to download|network failure|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|timed out|temporary failure|unable to connect|could not connect|error sending request/i;

/**
 * Turns a failed download into one sentence; any other failure stays what it is.
 * @param {unknown} error
 * @param {string} what
 * @returns {never}
 */
export function explain(error, what) {
  if (error instanceof Failed && offline.test(error.output)) {
    throw new Stop(
      `${what} could not be downloaded: check the network (or the proxy this machine needs) and run the command again; what was loaded already is kept.`,
    );
  }
  throw error;
}

/** Installs the npm packages of package-lock.json, when they are not those of the last time. */
export async function ensurePackages() {
  if (packagesCurrent()) return;
  await step('Installing npm packages (about 230 MB, of which 100 MB are the wasm optimiser binaryen)', async (detail) => {
    try {
      await run('npm', ['ci', '--no-audit', '--no-fund'], { detail });
    } catch (error) {
      if (isMissing(error)) throw new Stop('npm is missing: it comes with Node, so install Node from nodejs.org and run the command again.');
      explain(error, 'The npm packages');
    }
  });
  mkdirSync(dirname(TRIED), { recursive: true });
  writeFileSync(TRIED, lockfile());
}

/** The lockfile that was installed last: an optional package that could not be built is not tried again at every start. */
const TRIED = join(root, '.zugabe/package-lock.json');

const lockfile = () => readFileSync(join(root, 'package-lock.json'), 'utf8');

/** npm keeps a copy of the lockfile of what it installed; packages of other platforms are left out of it. */
function packagesCurrent() {
  try {
    const wanted = JSON.parse(lockfile()).packages;
    const installed = JSON.parse(readFileSync(join(root, 'node_modules/.package-lock.json'), 'utf8')).packages;
    const tried = existsSync(TRIED) && readFileSync(TRIED, 'utf8') === lockfile();
    const ours = Object.keys(wanted[''].optionalDependencies ?? {}).map((name) => `node_modules/${name}`);
    return Object.entries(wanted).every(
      ([path, entry]) => path === '' || (entry.optional && (tried || !ours.includes(path))) || installed[path]?.version === entry.version,
    );
  } catch {
    return false;
  }
}

/** Cargo, a compiler that is new enough, and the standard library for wasm. */
export async function ensureRust() {
  const own = join(process.env.CARGO_HOME ?? join(homedir(), '.cargo'), 'bin');
  if (existsSync(own) && !(process.env.PATH ?? '').split(delimiter).includes(own)) {
    process.env.PATH = `${process.env.PATH ?? ''}${delimiter}${own}`;
  }
  const version = rustVersion();
  if (version[0] < RUST[0] || (version[0] === RUST[0] && version[1] < RUST[1])) {
    throw new Stop(`Zugabe needs Rust ${RUST.join('.')} or newer and this is ${version.join('.')}: run "rustup update stable" and then this command again.`);
  }
  const sysroot = execFileSync('rustc', ['--print', 'sysroot'], { cwd: root, encoding: 'utf8' }).trim();
  if (!existsSync(join(sysroot, 'lib/rustlib', TARGET))) {
    await step(`Adding Rust's ${TARGET}`, (detail) => rustup(['target', 'add', TARGET], detail));
  }
  if (!existsSync(join(sysroot, 'lib/rustlib/src/rust/library'))) await addRustSource();
}

/** Without the source the page artefact is larger, and everything works all the same. */
async function addRustSource() {
  try {
    await step('Adding the source of the standard library (the page artefact is built small from it)', (detail) =>
      rustup(['component', 'add', 'rust-src'], detail),
    );
  } catch (error) {
    if (!(error instanceof Stop || error instanceof Failed)) throw error;
    console.log('It could not be added, so the page artefact is built on the plain standard library and is a sixth larger.');
  }
}

/** rustfmt and clippy, which a minimal toolchain leaves out. */
export async function ensureLints() {
  const missing = ['fmt', 'clippy'].filter((name) => {
    try {
      execFileSync('cargo', [name, '--version'], { cwd: root, stdio: 'ignore' });
      return false;
    } catch {
      return true;
    }
  });
  if (missing.length === 0) return;
  await step('Adding rustfmt and clippy', (detail) => rustup(['component', 'add', 'rustfmt', 'clippy'], detail));
}

function rustVersion() {
  try {
    const said = execFileSync('rustc', ['-V'], { cwd: root, encoding: 'utf8' });
    execFileSync('cargo', ['-V'], { cwd: root, encoding: 'utf8' });
    return (/(\d+)\.(\d+)/.exec(said) ?? []).slice(1).map(Number);
  } catch {
    throw new Stop('Rust is missing: install it with rustup from rustup.rs (its stable default is enough), open a new terminal and run the command again.');
  }
}

/**
 * @param {string[]} args
 * @param {(line: string) => void} detail
 */
async function rustup(args, detail) {
  try {
    await run('rustup', args, { detail });
  } catch (error) {
    if (isMissing(error)) {
      throw new Stop(`This Rust was not installed with rustup, so "rustup ${args.join(' ')}" cannot be run: add that part with your system's package manager, or install Rust from rustup.rs.`);
    }
    explain(error, `rustup ${args.join(' ')}: what it needs`);
  }
}

/** @param {unknown} error */
const isMissing = (error) => error instanceof Error && 'code' in error && error.code === 'ENOENT';

const browsers = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];

/** A Chromium on this machine, if there is one. */
export function findChromium() {
  const named = process.env.CHROME_PATH;
  if (named && !existsSync(named)) {
    throw new Stop(`CHROME_PATH names ${named}, where nothing is: point it at Chromium's or Chrome's program, or unset it.`);
  }
  return named ?? browsers.find((path) => existsSync(path));
}

/**
 * A Chromium for the browser tests; on Debian as root it is installed.
 * @returns {Promise<string>}
 */
export async function ensureChromium() {
  const found = findChromium();
  if (found) return found;
  if (!existsSync('/usr/bin/apt-get') || process.getuid?.() !== 0) {
    throw new Stop('The browser tests need Chromium or Chrome and found neither: install one, or set CHROME_PATH to its program.');
  }
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  await step('Installing Chromium for the browser tests', async (detail) => {
    try {
      await run('apt-get', ['update', '-q'], { env, detail });
      await run('apt-get', ['install', '-q', '-y', '--no-install-recommends', 'chromium', 'fonts-dejavu-core'], { env, detail });
    } catch (error) {
      explain(error, 'Chromium');
    }
  });
  const installed = findChromium();
  if (!installed) throw new Stop('Chromium was installed but not found: set CHROME_PATH to its program.');
  return installed;
}
