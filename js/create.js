/** How does a page come to an engine? Core and policy are loaded side by side. */
import { Engine, readPolicy } from './engine.js';
import { loadPage } from './loader.js';

/** @import { EngineOptions } from './types.js' */

/**
 * Loads core and policy and joins them. Where WebAssembly is forbidden the core comes as plain JavaScript.
 * @param {EngineOptions} options
 * @returns {Promise<Engine>}
 * @throws {import('./errors.js').ZugabeError} `wasm_blocked`, `wasm_unavailable`, `io` when the policy cannot be fetched, or what the core finds wrong with it.
 */
export async function createEngine({ policy, wasm }) {
  const [glue, document] = await Promise.all([loadPage(wasm), readPolicy(policy)]);
  return new Engine(glue, document);
}
