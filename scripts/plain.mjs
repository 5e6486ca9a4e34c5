/**
 * How does a module become plain JavaScript? `node scripts/plain.mjs FOLDER` turns what wasm-bindgen and wasm-opt left there
 * into one minified file without WebAssembly. Called by `cargo xtask wasm plain`.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, transform } from 'esbuild';
import { minify } from 'terser';
import { root } from './shell.mjs';

const GLUE = 'zugabe_plain_bg.js';
/** Older than what the pages need: a sandbox may run an older engine than its browser does. */
const TARGET = 'es2020';

/**
 * Growing the memory means a new buffer here, and the glue learns of that only from a detached old one, as WebAssembly leaves it. So
 * whoever crosses from one side to the other settles that first.
 */
const MEMORY = `
let memory;
let known;
export const begin = (own) => {
  memory = own;
  known = own.buffer;
};
export const settle = () => {
  if (known === memory.buffer) return;
  structuredClone(known, { transfer: [known] });
  known = memory.buffer;
};
`;

/** @param {string} folder */
async function makePlain(folder) {
  const core = join(folder, 'core.js');
  execFileSync(process.execPath, [join(root, 'node_modules/binaryen/bin/wasm2js'), '-Oz', join(folder, 'zugabe_plain_bg.wasm'), '-o', core], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  writeFileSync(core, asText(readFileSync(core, 'utf8')));
  const names = namesOf(readFileSync(join(folder, GLUE), 'utf8'));
  /** @type {Record<string, string>} */
  const own = {
    entry: `
      import * as core from 'core';
      import { begin, settle } from 'memory';
      import { __wbg_set_wasm } from 'glue';
      begin(core.memory);
      const settled = (work) => (...values) => { const value = work(...values); settle(); return value; };
      const wasm = { memory: core.memory };
      for (const name in core) if (typeof core[name] === 'function') wasm[name] = settled(core[name]);
      __wbg_set_wasm(wasm);
      export { ${names.exported.join(', ')} } from 'glue';`,
    memory: MEMORY,
    // What the core calls: the same functions, each of which finds the memory settled.
    imports: `
      import * as glue from 'glue';
      import { settle } from 'memory';
      ${names.called.map((name) => `export const ${name} = (...values) => { settle(); return glue.${name}(...values); };`).join('\n')}`,
  };
  /** @type {import('esbuild').Plugin} */
  const parts = {
    name: 'parts',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^core$/ }, () => ({ path: core }));
      onResolve({ filter: /^glue$/ }, () => ({ path: join(folder, GLUE) }));
      onResolve({ filter: /zugabe_plain_bg\.js$/ }, () => ({ path: 'imports', namespace: 'own' }));
      onResolve({ filter: /^(entry|memory)$/ }, ({ path }) => ({ path, namespace: 'own' }));
      onLoad({ filter: /.*/, namespace: 'own' }, ({ path }) => ({ contents: own[path], loader: 'js' }));
    },
  };
  const { outputFiles } = await build({ entryPoints: ['entry'], bundle: true, write: false, format: 'esm', target: TARGET, charset: 'utf8', plugins: [parts] });
  // Two minifiers: what terser leaves out and how esbuild names what is left are both worth about 1 %.
  const { code } = await minify(outputFiles[0].text, { module: true, ecma: 2020, compress: { inline: 0, reduce_funcs: false } });
  const small = await transform(code ?? '', { minify: true, format: 'esm', target: TARGET, charset: 'utf8' });
  writeFileSync(join(folder, 'zugabe_plain.js'), small.code);
  for (const left of [core, join(folder, GLUE), join(folder, 'zugabe_plain_bg.wasm'), join(folder, 'zugabe_plain_bg.wasm.d.ts')]) rmSync(left);
}

const PUT = 'function putText(at, text) { for (let i = 0; i < text.length; i += 1) bufferView[at + i] = text.charCodeAt(i); }\n';

/**
 * The module's data, mostly words, as text instead of base64: brotli has a dictionary of words.
 * @param {string} code
 */
function asText(code) {
  let segments = 0;
  const replaced = code
    .replace(/base64DecodeToExistingUint8Array\(bufferView, (\d+), "([^"]*)"\)/g, (_, offset, data) => {
      segments += 1;
      return `putText(${offset}, ${JSON.stringify(Buffer.from(data, 'base64').toString('latin1'))})`;
    })
    .replace(/var base64ReverseLookup[^]*?(?=function initActiveSegments)/, PUT);
  if (segments === 0 || !replaced.includes(PUT)) throw new Error('wasm2js writes its data in another way now: scripts/plain.mjs no longer fits.');
  return replaced;
}

/**
 * What the glue offers to pages, and what to the core.
 * @param {string} glue
 */
function namesOf(glue) {
  const names = [...glue.matchAll(/^export (?:function|class|const|let) (\w+)/gm)].map(([, name]) => name);
  const listed = [...glue.matchAll(/^export \{([^}]*)\}/gm)].flatMap(([, list]) => list.split(',').map((one) => one.trim().split(' as ').pop() ?? ''));
  const all = [...new Set([...names, ...listed])].filter(Boolean);
  const called = all.filter((name) => name.startsWith('__wb') && name !== '__wbg_set_wasm');
  const exported = all.filter((name) => !name.startsWith('__wb'));
  if (!called.length || !exported.includes('Engine')) throw new Error('wasm-bindgen writes its glue in another way now: scripts/plain.mjs no longer fits.');
  return { called, exported };
}

await makePlain(process.argv[2]);
