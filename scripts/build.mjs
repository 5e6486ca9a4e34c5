/** How is everything built? `npm run build`: artefacts, native tool, types, pages. What did not change is left alone. */
import './node-version.mjs';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { stampOf } from './files.mjs';
import { main, root, run, step } from './shell.mjs';
import { ensurePackages, ensureRust, explain } from './tools.mjs';
import { buildDropIn } from './dropin.mjs';
import { buildManifest } from './manifest.mjs';
import { buildQr } from './qr.mjs';
import { documentTypes, packageTypes } from './types.mjs';

/** These change when an artefact does. */
export const ARTEFACTS = ['dist/page/.stamp', 'dist/plain/.stamp', 'dist/full/.stamp'];

/**
 * The native tool's program.
 * @param {'release' | 'dev'} profile
 */
export function toolPath(profile) {
  const folder = process.env.CARGO_TARGET_DIR ?? join(root, 'target');
  return join(folder, profile === 'dev' ? 'debug' : profile, process.platform === 'win32' ? 'zugabe.exe' : 'zugabe');
}

/**
 * The artefacts, side by side: each has a long stretch on one core.
 * What a page loads stands on a standard library built for size: the page artefact, and the same as plain JavaScript.
 * @param {{ quick?: boolean }} [options] quick: without wasm-opt for the full artefact
 */
export async function buildWasm({ quick = false } = {}) {
  await step('The artefacts: page, plain and full', async (detail) => {
    await cargo(['build', '--locked', '--package', 'xtask'], detail);
    await Promise.all([
      cargo(['xtask', 'wasm', 'page', '--small-std'], detail).then(() => cargo(['xtask', 'wasm', 'plain', '--small-std'], detail)),
      cargo(['xtask', 'wasm', 'full', ...(quick ? ['--dev'] : [])], detail),
    ]);
  });
}

/**
 * The native tool, with the JSON Schemas in it.
 * @param {'release' | 'dev'} profile
 * @param {{ pdf?: boolean }} [options] pdf: with parcel inserts, which take most of the time to build
 * @returns {Promise<string>} its program
 */
export async function buildTool(profile, { pdf = true } = {}) {
  await step('The native tool', (detail) =>
    cargo(['build', '--locked', '--package', 'zugabe-cli', '--profile', profile, ...(pdf ? [] : ['--no-default-features'])], detail),
  );
  return toolPath(profile);
}

/**
 * The TypeScript types, when the tool, the artefacts or the sources changed.
 * @param {() => Promise<string>} tool gives the native tool's program; asked only when there is something to do
 */
export async function buildTypes(tool) {
  const inputs = [...ARTEFACTS, 'js', 'src', 'crates/cli', 'package-lock.json', 'tsconfig.json', 'scripts/types.mjs'];
  await unlessDone('types', inputs, ['dist/types.d.ts', 'dist/server/schemas.json', 'types/index.d.ts'], async () => {
    const program = await tool();
    await step('TypeScript types', async () => {
      await documentTypes(program);
      await packageTypes();
    });
  });
}

/** What the package holds beside the artefacts: the QR code, what the elements say of themselves, the folder to upload. */
export async function buildParts() {
  await unlessDone('parts', [...ARTEFACTS, 'js', 'package-lock.json', 'scripts/qr.mjs', 'scripts/manifest.mjs', 'scripts/dropin.mjs'], ['dist/qr/qr.js', 'dist/custom-elements.json', 'dist/drop-in/zugabe.js'], () =>
    step('The folder to upload', async () => {
      await buildQr();
      await buildManifest();
      await buildDropIn();
    }),
  );
}

/** The pages, when they or what they show changed. */
export async function buildPages() {
  await unlessDone('www', [...ARTEFACTS, 'js', 'www', 'examples/programs', 'package-lock.json', 'vite.config.mjs', 'scripts/dropin.mjs'], ['dist/www'], () =>
    step('The pages', async () => {
      const { build } = await import('vite');
      await build({ configFile: join(root, 'vite.config.mjs'), logLevel: 'warn' });
      const { buildSingle } = await import('../www/studio/build-single.mjs');
      await buildSingle();
    }),
  );
}

/**
 * Does the work unless its results are there and its inputs are those of the last time.
 * @param {string} name
 * @param {string[]} inputs
 * @param {string[]} results
 * @param {() => Promise<void>} work
 * @param {string} [more] what else the results depend on
 */
export async function unlessDone(name, inputs, results, work, more = '') {
  const file = join(root, '.zugabe/stamps', name);
  const stamp = `${stampOf(inputs)} ${more}`;
  const last = existsSync(file) ? readFileSync(file, 'utf8') : '';
  if (last === stamp && results.every((path) => existsSync(join(root, path)))) return;
  await work();
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, stamp);
}

/**
 * @param {string[]} args
 * @param {(line: string) => void} [detail]
 */
export async function cargo(args, detail) {
  try {
    return await run('cargo', args, { detail });
  } catch (error) {
    return explain(error, 'The Rust packages');
  }
}

if (process.argv[1] === import.meta.filename) {
  await main(async () => {
    await ensureRust();
    await ensurePackages();
    await buildWasm();
    await buildParts();
    const tool = await buildTool('release');
    await buildTypes(async () => tool);
    await buildPages();
  });
}
