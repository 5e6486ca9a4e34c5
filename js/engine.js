/** How does a page ask for a decision? One engine per policy; the core decides, this only carries. Knows nothing of loading. */
import { ZugabeError } from './errors.js';

/** @import { Decision, FriendOffer, FriendRequest, PageGlue, ParsedCode, Policy, Request } from './types.js' */

/** Answers for one policy. Nothing is stored and nothing leaves the page. */
export class Engine {
  /** @type {PageGlue} */ #glue;
  /** @type {InstanceType<PageGlue['Engine']>} */ #core;

  /**
   * Use `createEngine`.
   * @param {PageGlue} glue
   * @param {Policy} policy
   */
  constructor(glue, policy) {
    this.#glue = glue;
    this.#core = carry(() => new glue.Engine(policy));
  }

  /**
   * What may be said to this customer now, and why.
   * @param {Request} request
   * @returns {Decision}
   */
  decide(request) {
    return carry(() => this.#core.decide(request));
  }

  /**
   * What a friend gets who holds a code, or where the typing error is.
   * @param {FriendRequest} request
   * @returns {FriendOffer}
   */
  friend(request) {
    return carry(() => this.#core.friend(request));
  }

  /**
   * Reads a code as people type it: any case, with spaces and dashes, O for 0 and I or L for 1.
   * @param {string} text
   * @returns {ParsedCode}
   */
  parseCode(text) {
    return carry(() => this.#glue.parseCode(text));
  }

  /** Gives the memory back. The engine cannot be used afterwards. */
  free() {
    carry(() => this.#core.free());
  }
}

/**
 * The policy itself, whether it was given or only where it is.
 * @param {Policy | string | URL} given
 * @returns {Promise<Policy>}
 * @throws {ZugabeError} `io` when it cannot be fetched, `invalid_json` when it is none.
 */
export async function readPolicy(given) {
  if (typeof given !== 'string' && !(given instanceof URL)) return given;
  const url = given;
  let text;
  try {
    const response = await fetch(url);
    if (!response.ok) throw new Error(`the server answered ${response.status}`);
    text = await response.text();
  } catch (cause) {
    throw new ZugabeError('io', `The policy at ${url} could not be read: ${/** @type {Error} */ (cause).message}.`, 'policy', { cause });
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ZugabeError('invalid_json', `${url} is not a policy: ${/** @type {Error} */ (cause).message}.`, 'policy', { cause });
  }
}

/**
 * @template T
 * @param {() => T} call
 * @returns {T}
 */
function carry(call) {
  try {
    return call();
  } catch (thrown) {
    throw ZugabeError.from(thrown);
  }
}
