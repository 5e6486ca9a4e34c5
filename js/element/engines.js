/** Which engine answers for an element? Elements with the same policy share one. Loaded at once, so that core and policy are fetched at once. */
import { createEngine } from '../create.js';

/** @import { Policy, WasmSource } from '../types.js' */
/** @import { Engine } from '../engine.js' */

/** @type {Map<string, Promise<Engine>>} */
const byAddress = new Map();
/** @type {WeakMap<object, Promise<Engine>>} */
const byPolicy = new WeakMap();

/**
 * @param {HTMLElement & { policy: Policy | string | URL | undefined }} element
 * @returns {Promise<Engine>}
 */
export function engineOf(element) {
  const { policy } = element;
  const wasm = element.getAttribute('wasm') ?? undefined;
  if (typeof policy === 'object' && !(policy instanceof URL)) return share(byPolicy, policy, policy, wasm);
  const address = new URL(policy ?? '', document.baseURI).href;
  return share(byAddress, address, address, wasm);
}

/**
 * @template K
 * @param {{ get(key: K): Promise<Engine> | undefined, set(key: K, engine: Promise<Engine>): unknown, delete(key: K): unknown }} engines
 * @param {K} key
 * @param {Policy | string} policy
 * @param {WasmSource | undefined} wasm
 */
function share(engines, key, policy, wasm) {
  let engine = engines.get(key);
  if (!engine) {
    engine = createEngine({ policy, wasm });
    engines.set(key, engine);
    engine.catch(() => engines.delete(key));
  }
  return engine;
}
