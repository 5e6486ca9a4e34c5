/** How does the core come into the page? Lazily, once, and with a retry after a failure. */
import { ZugabeError } from './errors.js';

/** @import { Glue, PageGlue, WasmSource } from './types.js' */

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
  page ??= start(
    /** @type {Promise<PageGlue>} */ (import('../dist/page/zugabe_page.js')),
    source ?? new URL('../dist/page/zugabe_page_bg.wasm', import.meta.url),
  ).catch((error) => {
    page = undefined;
    throw error;
  });
  return page;
}

/**
 * Loads glue and module side by side and joins them.
 * @template {Glue} T
 * @param {Promise<T>} glue
 * @param {WasmSource} source
 * @returns {Promise<T>}
 */
export async function start(glue, source) {
  glue.catch(() => {}); // It is awaited below; a blocked module is reported first.
  await refuseIfBlocked();
  const module = await compile(source);
  try {
    const loaded = await glue;
    await loaded.default({ module_or_path: module });
    return loaded;
  } catch (cause) {
    throw unavailable(cause);
  }
}

/** A content security policy without 'wasm-unsafe-eval' and a locked-down browser look alike from here. */
async function refuseIfBlocked() {
  try {
    await WebAssembly.compile(EMPTY_MODULE);
  } catch (cause) {
    throw new ZugabeError(
      'wasm_blocked',
      "This page does not allow WebAssembly. Add 'wasm-unsafe-eval' to script-src of its Content-Security-Policy.",
      '',
      { cause },
    );
  }
}

/**
 * @param {WasmSource} source
 * @returns {Promise<WebAssembly.Module>}
 */
async function compile(source) {
  try {
    if (source instanceof WebAssembly.Module) return source;
    if (source instanceof ArrayBuffer || ArrayBuffer.isView(source)) return await WebAssembly.compile(source);
    const response = source instanceof Response ? source : await fetch(source);
    if (!response.ok) throw new Error(`${response.url} answered ${response.status}.`);
    // Some embedded browsers and wrongly labelled files refuse to stream: the bytes themselves still do.
    return await WebAssembly.compileStreaming(response.clone()).catch(async () =>
      WebAssembly.compile(await response.arrayBuffer()),
    );
  } catch (cause) {
    throw unavailable(cause);
  }
}

/** @param {unknown} cause */
function unavailable(cause) {
  const detail = cause instanceof Error ? cause.message : String(cause);
  return new ZugabeError('wasm_unavailable', `The core could not be loaded: ${detail}`, '', { cause });
}
