/** The full core in a browser or a worker: import, score, publish, mint, preview. Loaded when asked for. */
import * as built from '../dist/full/integrity.js';
import { fullApi } from './full-api.js';
import { start } from './loader.js';

/** @import { FullApi, FullGlue, WasmSource } from './types.js' */

export { ZugabeError } from './errors.js';

/** @type {Promise<FullApi> | undefined} */
let full;

/**
 * The full core, ready to use. Loaded once; a failed load is forgotten, so that a retry works.
 * @param {{ wasm?: WasmSource }} [options]
 * @returns {Promise<FullApi>}
 */
export function loadFull({ wasm } = {}) {
  full ??= start(
    () => /** @type {Promise<FullGlue>} */ (import('../dist/full/zugabe_full.js')),
    wasm ?? new URL('../dist/full/zugabe_full_bg.wasm', import.meta.url),
    built.wasm,
  )
    .then((glue) => fullApi(glue))
    .catch((error) => {
      full = undefined;
      throw error;
    });
  return full;
}
