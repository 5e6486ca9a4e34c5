/** How does the core come into the page? Lazily, once, checked, as plain JavaScript where WebAssembly is forbidden, with a retry after a failure. */
import * as built from '../dist/page/integrity.js';
import { ZugabeError } from './errors.js';

/** @import { Glue, PageGlue, WasmSource } from './types.js' */

const HINT = "Add 'wasm-unsafe-eval' to script-src of its Content-Security-Policy";

/** The smallest module there is: magic number and version. Compiling it asks the page's policy, and nothing else. */
const EMPTY_MODULE = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0);

/** @type {Promise<PageGlue> | undefined} */
let page;
/** @type {WasmSource | undefined} */
let override;

/**
 * Takes the page's wasm from another address, for hosts that move files about. Call it before the first use.
 * @param {WasmSource} source
 */
export function setWasmUrl(source) {
  override = source;
  page = undefined;
}

/**
 * The page artefact, ready to use. The first caller's source counts; a failed load is forgotten, so that a retry works.
 * @param {WasmSource} [source]
 * @returns {Promise<PageGlue>}
 */
export function loadPage(source = override) {
  page ??= load(source).catch((error) => {
    page = undefined;
    throw error;
  });
  return page;
}

/** @param {WasmSource | undefined} source */
async function load(source) {
  try {
    return await start(
      () => /** @type {Promise<PageGlue>} */ (import('../dist/page/zugabe_page.js')),
      source ?? new URL('../dist/page/zugabe_page_bg.wasm', import.meta.url),
      built.wasm,
    );
  } catch (error) {
    // Whoever hands over a module that is none wants to know; whoever names an address wants an answer.
    if (source && typeof source !== 'string' && !(source instanceof URL)) throw error;
    return loadPlain(/** @type {ZugabeError} */ (error));
  }
}

/**
 * The same core without WebAssembly: larger and slower, with the same answers.
 * @param {ZugabeError} reason
 * @returns {Promise<PageGlue>}
 */
async function loadPlain(reason) {
  const plain = await import('../dist/plain/zugabe_plain.js').catch(() => {
    throw reason;
  });
  console.info(`zugabe: the core runs as plain JavaScript, which is larger and answers the same. ${reason.message}`);
  return /** @type {PageGlue} */ (/** @type {unknown} */ (plain));
}

/**
 * Loads glue and module side by side and joins them.
 * @template {Glue} T
 * @param {() => Promise<T>} load
 * @param {WasmSource} source
 * @param {string} [integrity] - Hash that what is fetched must have.
 * @returns {Promise<T>}
 */
export async function start(load, source, integrity) {
  // What is compiled already needs nobody's leave: that is how workers at the edge get it.
  const compiled = typeof WebAssembly === 'object' && source instanceof WebAssembly.Module;
  if (!compiled && !allowsWasm()) throw new ZugabeError('wasm_blocked', `This page does not allow WebAssembly. ${HINT}.`);
  const glue = load();
  glue.catch(() => {}); // It is awaited below; a module that does not come is reported first.
  const module = await compile(source, integrity);
  try {
    const loaded = await glue;
    await loaded.default({ module_or_path: module });
    return loaded;
  } catch (cause) {
    throw unavailable(cause);
  }
}

/**
 * A content security policy without 'wasm-unsafe-eval' and a locked-down browser look alike from here. Asked in one go: eight bytes take no
 * time, and waiting for the answer would hold up the fetch.
 */
function allowsWasm() {
  try {
    return new WebAssembly.Module(EMPTY_MODULE) instanceof WebAssembly.Module;
  } catch {
    return false;
  }
}

/**
 * @param {WasmSource} source
 * @param {string} [integrity]
 * @returns {Promise<WebAssembly.Module>}
 */
async function compile(source, integrity) {
  try {
    if (source instanceof WebAssembly.Module) return source;
    if (source instanceof ArrayBuffer || ArrayBuffer.isView(source)) return await WebAssembly.compile(source);
    // Hashed here where the page may: with `integrity` the browser would hand out nothing before the last byte, so that nothing could be
    // compiled on the way, and would fetch once more what the page has preloaded.
    const own = Boolean(globalThis.crypto?.subtle);
    const response = source instanceof Response ? source : await fetch(source, own ? {} : { integrity });
    if (!response.ok) throw new Error(`${response.url} answered ${response.status}.`);
    const bytes = response.clone().arrayBuffer();
    // Some embedded browsers and wrongly labelled files refuse to stream: the bytes themselves still do.
    const module = WebAssembly.compileStreaming(response).catch(async () => WebAssembly.compile(await bytes));
    // Compiled is not run: nobody gets it before its hash is right.
    const [compiled] = await Promise.all([module, own && integrity ? bytes.then((all) => verify(all, integrity)) : undefined]);
    return compiled;
  } catch (cause) {
    throw unavailable(cause);
  }
}

/**
 * @param {ArrayBuffer} bytes
 * @param {string} integrity
 */
async function verify(bytes, integrity) {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-384', bytes));
  if (`sha384-${btoa(String.fromCharCode(...digest))}` !== integrity) throw new Error('its hash is another one.');
}

/** @param {unknown} cause */
function unavailable(cause) {
  const detail = cause instanceof Error ? cause.message : String(cause);
  return new ZugabeError('wasm_unavailable', `The core could not be loaded, or is not the file that belongs to this package: ${detail}`, '', { cause });
}
