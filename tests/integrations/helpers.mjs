/** What do the tests of the integrations share? Programs that may be missing, packed files on disk, and one case of the vectors. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { root } from '../../scripts/shell.mjs';

export { root };

/** @param {string} path */
export const read = (path) => readFileSync(join(root, path), 'utf8');

/**
 * Why a program cannot be used, for `skip`; false when it can.
 * @param {string} program
 * @param {string} remedy
 */
export function missing(program, remedy) {
  const found = spawnSync(program, ['--version'], { stdio: 'ignore' }).error === undefined;
  return found ? false : `${program} is not on this machine: ${remedy}`;
}

/**
 * Runs a program and gives everything it printed.
 * @param {string} program
 * @param {string[]} args
 * @param {import('node:child_process').SpawnSyncOptions} [options]
 */
export function execute(program, args, options = {}) {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd: root, encoding: 'utf8', maxBuffer: 1 << 26, ...options });
  return { status, output: `${stdout}${stderr}` };
}

/**
 * A folder of its own, removed after the test.
 * @param {import('node:test').TestContext} context
 */
export function scratch(context) {
  const folder = mkdtempSync(join(tmpdir(), 'zugabe-integration-'));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/**
 * @param {string} folder
 * @param {Record<string, Uint8Array | string>} files
 */
export function write(folder, files) {
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    if (!existsSync(dirname(path))) mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }
}

/** Decisions of the vectors: their policy, request and answer. */
export function decisions() {
  const vectors = JSON.parse(read('tests/vectors/decide.json'));
  const named = (/** @type {string} */ group, /** @type {any} */ value) => (typeof value === 'string' ? vectors[group]?.[value] : undefined) ?? value;
  return vectors.cases
    .filter((/** @type {any} */ { op, expected }) => op === 'decide' && !expected.error)
    .map((/** @type {any} */ { name, policy, request, expected }) => ({ name, policy: named('policy', policy), request: named('request', request), expected }));
}

/** @param {string} text */
export const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');

/** Why Shopify's pages cannot be tested, for `skip`: they have no WebAssembly, so they need the core as plain JavaScript. */
export const noPlainCore = ['js/plain.js', 'dist/plain/zugabe_plain.js'].every((path) => existsSync(join(root, path)))
  ? false
  : 'the core as plain JavaScript is not built: cargo xtask wasm plain.';
