/** Who decides? The core, from the policy in the shop's metafield; or the shop's own server, where there is one. */
import { createEngine } from '../../../../../js/plain.js';
import { metafields, requestOf } from './facts.js';

/** @import { Decision, Request } from '../../../../../js/types.js' */
/** @import { Api, Order } from './facts.js' */

/** Longer than this nobody looks at an empty place. */
const PATIENCE = 2500;

/**
 * The decision for this page, or nothing where the shop has no policy yet.
 * @param {Api} api
 * @param {Order} order
 * @returns {Promise<Decision | undefined>}
 */
export async function decisionFor(api, order) {
  return (await fromServer(api, order)) ?? decide(metafields(api, 'shop').policy, requestOf(api, order));
}

/**
 * @param {string | undefined} policy
 * @param {Request} request
 * @returns {Promise<Decision | undefined>}
 */
export async function decide(policy, request) {
  if (!policy) return undefined;
  const engine = await createEngine({ policy: JSON.parse(policy) });
  try {
    return engine.decide(request);
  } finally {
    engine.free();
  }
}

/**
 * The server knows the order's own code, so guests have one, too. It learns the order's id from us, and who asks from the token.
 * @param {Api} api
 * @param {Order} order
 * @returns {Promise<Decision | undefined>}
 */
async function fromServer(api, { id }) {
  const { backend } = api.settings.value;
  if (typeof backend !== 'string' || !backend.startsWith('https://')) return undefined;
  try {
    const response = await fetch(`${backend.replace(/\/$/, '')}/shopify/decision`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${await api.sessionToken.get()}` },
      body: JSON.stringify({ order: id, locale: api.localization.language.value.isoCode }),
      signal: AbortSignal.timeout(PATIENCE),
    });
    return response.ok ? await response.json() : undefined;
  } catch {
    return undefined; // The page can decide by itself.
  }
}
