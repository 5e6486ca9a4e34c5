/** What does a shop page pay? Exact brotli bytes against fixed budgets; more than the limit fails. */
import './node-version.mjs';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { Stop, main, root } from './shell.mjs';

/**
 * Budgets in brotli bytes. `goal` is what we want, beyond `limit` nothing lands.
 * @type {Record<string, { goal: number, limit: number }>}
 */
const BUDGETS = {
  'eager JS (element and loader)': { goal: 4096, limit: 6144 },
  'page wasm': { goal: 36_864, limit: 48_128 },
  // What is not published, but must not grow unseen: the page artefact of a machine without rust-src.
  'page wasm, plain std': { goal: 48_128, limit: 56_320 },
  'lazy glue': { goal: 3072, limit: 4096 },
  // Only for pages and sandboxes that forbid WebAssembly. The goal follows the wasm: see below.
  'plain JS in place of wasm': { goal: 0, limit: 61_440 },
  'plain JS in place of wasm, plain std': { goal: 0, limit: 71_680 },
};

/** @param {Uint8Array | string} content */
const brotli = (content) =>
  brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } }).length;

/**
 * Bundles the elements as a shop would and returns what the page loads at once, and the glue it loads later.
 * @returns {Promise<{ eager: string, glue: string, lazy: Record<string, number> }>}
 */
async function bundle() {
  const { build } = await import('vite');
  const built = await build({
    configFile: false,
    logLevel: 'error',
    root,
    publicDir: false,
    build: {
      write: false,
      target: 'es2022',
      minify: true,
      modulePreload: false,
      assetsInlineLimit: 0,
      rolldownOptions: { input: join(root, 'js/element/index.js'), preserveEntrySignatures: 'strict' },
    },
  });
  const [{ output }] = /** @type {import('vite').Rolldown.RolldownOutput[]} */ ([built].flat());
  const chunks = output.filter((part) => part.type === 'chunk');
  const entry = chunks.find((chunk) => chunk.isEntry);
  const glue = chunks.find((chunk) => chunk.moduleIds.some((id) => id.endsWith('zugabe_page.js')));
  // A gate that has lost sight of what it guards would always be green.
  if (!entry || !glue || glue.isEntry) throw new Stop('The size gate did not find the eager entry and the lazy glue apart: scripts/size.mjs no longer fits the elements.');
  const eager = new Set([entry.fileName]);
  for (const name of eager) chunks.find((chunk) => chunk.fileName === name)?.imports.forEach((next) => eager.add(next));
  if (eager.has(glue.fileName)) throw new Stop('The glue is loaded at once: something imports it statically.');
  const lazy = chunks.filter((chunk) => !eager.has(chunk.fileName) && chunk !== glue);
  return {
    eager: chunks.filter((chunk) => eager.has(chunk.fileName)).map((chunk) => chunk.code).join(''),
    glue: glue.code,
    lazy: Object.fromEntries(lazy.map((chunk) => [chunk.name, brotli(chunk.code)])),
  };
}

/** Measures and prints; fails beyond a limit. */
export async function checkSizes() {
  const { eager, glue, lazy } = await bundle();
  const small = readFileSync(join(root, 'dist/page/.stamp'), 'utf8').includes('small_std=true');
  const sizes = {
    'eager JS (element and loader)': brotli(eager),
    [small ? 'page wasm' : 'page wasm, plain std']: brotli(readFileSync(join(root, 'dist/page/zugabe_page_bg.wasm'))),
    'lazy glue': brotli(glue),
  };
  const wasm = Object.values(sizes)[1];
  const plain = readFileSync(join(root, 'dist/plain/zugabe_plain.js'));
  const smallPlain = readFileSync(join(root, 'dist/plain/.stamp'), 'utf8').includes('small_std=true');
  const plainName = `plain JS in place of wasm${smallPlain ? '' : ', plain std'}`;
  BUDGETS[plainName].goal = Math.floor(1.6 * wasm);
  BUDGETS[plainName].limit = Math.min(BUDGETS[plainName].limit, Math.floor(2.2 * wasm));
  Object.assign(sizes, { [plainName]: brotli(plain) });
  const rows = Object.entries(sizes).map(([name, bytes]) => {
    const { goal, limit } = BUDGETS[name];
    const verdict = bytes > limit ? 'OVER THE LIMIT' : bytes > goal ? 'above the goal' : 'within the goal';
    return { over: bytes > limit, text: `  ${name}: ${bytes} bytes brotli, goal ${goal}, limit ${limit}: ${verdict}` };
  });
  for (const { text } of rows) console.log(text);
  for (const [name, bytes] of Object.entries(lazy)) console.log(`  loaded when needed, ${name}: ${bytes} bytes brotli`);
  console.log(`  of the plain JS: ${plain.length} bytes, ${gzipSync(plain, { level: 9 }).length} gzip`);
  const full = readFileSync(join(root, 'dist/full/zugabe_full_bg.wasm'));
  console.log(`  full wasm, which no shop page loads: ${full.length} bytes, ${brotli(full)} brotli`);
  if (rows.some(({ over }) => over)) throw new Stop('A page would load more than it may: see the sizes above.');
}

if (process.argv[1] === import.meta.filename) await main(checkSizes);
