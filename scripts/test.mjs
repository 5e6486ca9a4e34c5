/**
 * Does everything hold? `npm test` runs it all, `npm run check` the fast part, `npm run test:long` with full case counts.
 * A step that fails does not stop the others; the last line counts tests.
 */
import './node-version.mjs';
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { buildPages, buildParts, buildTool, buildTypes, buildWasm, cargo, toolPath } from './build.mjs';
import { countCargo, countNode } from './count.mjs';
import { listFiles } from './files.mjs';
import { ensureShopifyPackages } from './shopify.mjs';
import { Failed, Stop, main, root, run, step, tell } from './shell.mjs';
import { checkSizes } from './size.mjs';
import { ensureChromium, ensureLints, ensurePackages, ensureRust } from './tools.mjs';
import { tsc } from './types.mjs';

/** @import { Counts } from './count.mjs' */

/** @type {Counts} */
const total = { passed: 0, failed: 0, skipped: 0 };
/** @type {string[]} */
const failures = [];

/**
 * One step. A failure without a test to name (a lint, a build) counts as one failed test, so that it cannot hide.
 * @param {string} title
 * @param {(detail: (line: string) => void) => Promise<Counts | void>} work
 * @returns {Promise<boolean>} whether it held
 */
async function gate(title, work) {
  try {
    const counts = await step(title, work);
    if (counts) {
      add(counts);
      console.log(`  ${counts.passed} passed${counts.skipped ? `, ${counts.skipped} skipped` : ''}`);
    }
    return true;
  } catch (error) {
    const counts = error instanceof TestsFailed ? error.counts : { passed: 0, failed: 0, skipped: 0 };
    add({ ...counts, failed: Math.max(1, counts.failed) });
    failures.push(title);
    console.log(tell(error));
    return false;
  }
}

/** @param {Counts} counts */
function add({ passed, failed, skipped }) {
  total.passed += passed;
  total.failed += failed;
  total.skipped += skipped;
}

class TestsFailed extends Failed {
  /**
   * @param {Failed} failure
   * @param {Counts} counts
   */
  constructor(failure, counts) {
    super('', failure.output);
    this.message = failure.message;
    this.counts = counts;
  }
}

/**
 * Runs tests and counts them, whether they hold or not. None at all is a failure: then the runner went blind.
 * @param {Promise<string>} running
 * @param {(output: string) => Counts} count
 * @returns {Promise<Counts>}
 */
async function counted(running, count) {
  try {
    const counts = count(await running);
    if (counts.passed + counts.failed === 0) throw new Stop('No test ran, so nothing was tested.');
    return counts;
  } catch (error) {
    throw error instanceof Failed ? new TestsFailed(error, count(error.output)) : error;
  }
}

/**
 * Every *.test.mjs of a folder, in Node's own runner.
 * @param {string} folder
 * @param {(line: string) => void} detail
 */
async function nodeTests(folder, detail) {
  const files = listFiles(join(root, folder), '.test.mjs').map((name) => join(folder, name));
  if (files.length === 0) throw new Stop(`No *.test.mjs was found in ${folder}.`);
  // Node's own measure is one file less than there are cores, which on two is one after the other.
  const aside = `--test-concurrency=${availableParallelism()}`;
  return counted(run(process.execPath, ['--test', aside, '--test-reporter=spec', ...files], { detail, env }), countNode);
}

const long = process.argv.includes('--long');
const fast = process.argv.includes('--check');
/** @type {Record<string, string>} */
const env = { FORCE_COLOR: '0', ...(long ? { ZUGABE_LONG: '1', PROPTEST_CASES: '4096' } : {}) };
Object.assign(process.env, env);

async function lints() {
  await gate('rustfmt', async () => void (await cargo(['fmt', '--all', '--check'])));
  await gate('clippy', async (detail) => {
    await cargo(['clippy', '--locked', '--workspace', '--all-targets', '--all-features', '--', '-D', 'warnings'], detail);
  });
}

async function types() {
  await gate('tsc', async () => void (await tsc(['--project', '.'])));
}

async function check() {
  await lints();
  await gate('Rust tests of the core', (detail) => counted(cargo(['test', '--locked', '--package', 'zugabe'], detail), countCargo));
  await types();
}

async function everything() {
  const tested = await gate('Rust tests', (detail) => counted(cargo(['test', '--locked', '--workspace', '--no-fail-fast'], detail), countCargo));
  await lints();
  const built = await gate('Build', async () => {
    await buildWasm({ quick: true });
    await buildParts();
    // The Rust tests have just built the tool, and `cargo build` would build the PDF writer once more, with other features;
    // only when they failed may that be an old one.
    await buildTypes(async () => (tested && existsSync(toolPath('dev')) ? toolPath('dev') : buildTool('dev')));
    await buildPages();
  });
  await types();
  if (!built) return;
  await gate('Sizes', checkSizes);
  await gate('Node tests', (detail) => nodeTests('tests/js', detail));
  await gate('Tests of the backend', (detail) => nodeTests('tests/server', detail));
  const browser = await gate('Chromium', async () => {
    process.env.CHROME_PATH = await ensureChromium();
  });
  if (!browser) return;
  await gate('Tests of the integrations', async (detail) => {
    // The test files run side by side, and one installation is enough.
    await ensureShopifyPackages();
    return nodeTests('tests/integrations', detail);
  });
  await gate('Browser tests', (detail) => nodeTests('tests/browser', detail));
  await gate('Package tests', (detail) => nodeTests('tests/package', detail));
}

await main(async () => {
  const begun = performance.now();
  await ensureRust();
  await ensureLints();
  await ensurePackages();
  await (fast ? check() : everything());
  const minutes = (performance.now() - begun) / 60_000;
  console.log(`\n${failures.length ? `Failed: ${failures.join(', ')}. ` : ''}${minutes.toFixed(1)} minutes.`);
  console.log(`${total.passed} passed, ${total.failed} failed${total.skipped ? `, ${total.skipped} skipped` : ''}`);
  process.exitCode = failures.length ? 1 : 0;
});
