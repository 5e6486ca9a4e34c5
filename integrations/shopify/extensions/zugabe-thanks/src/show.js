/** What happens on the page? A decision is shown once; without one the page stays as Shopify made it. */
import { decisionFor } from './decide.js';
import { view } from './view.js';

/** @import { Api, Order } from './facts.js' */

/**
 * @param {Api} api
 * @param {Order} order
 */
export async function show(api, order) {
  try {
    const decision = await decisionFor(api, order);
    const shown = decision && view(decision);
    if (shown) document.body.append(shown);
  } catch (error) {
    // Nothing about the customer: a code, and where in the policy or the request.
    const { code, path } = /** @type {{ code?: string, path?: string }} */ (error);
    console.warn(`zugabe-thanks: ${code ?? 'error'} ${path ?? ''}`.trim());
  }
}
