/** The engine as plain JavaScript, for where WebAssembly is forbidden: the same core, without DOM and without a module to load. */
import * as glue from '../dist/plain/zugabe_plain.js';
import { Engine, readPolicy } from './engine.js';

/** @import { PageGlue, ParsedCode, Policy } from './types.js' */

export { ZugabeError } from './errors.js';
export { Engine };

const core = /** @type {PageGlue} */ (/** @type {unknown} */ (glue));

/**
 * Loads the policy, if an address was given, and joins it with the core.
 * @param {{ policy: Policy | string | URL }} options
 * @returns {Promise<Engine>}
 * @throws {import('./errors.js').ZugabeError} `io` when the policy cannot be fetched, or what the core finds wrong with it.
 */
export async function createEngine({ policy }) {
  return new Engine(core, await readPolicy(policy));
}

/**
 * Reads a code as people type it; needs no policy.
 * @param {string} text
 * @returns {ParsedCode}
 */
export const parseCode = (text) => core.parseCode(text);
