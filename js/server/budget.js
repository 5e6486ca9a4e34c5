/** Is there the money that a program speaks of? A budget that nobody defined gives no reward, ever. */
import { referralTerms } from '../node.js';

/** @import { Row, Store } from './store/index.js' */
/** @import { Json } from '../types.js' */

/** @param {Store} store @param {string} tenant @param {string} budget @returns {Promise<Row | undefined>} */
export const budgetOf = async (store, tenant, budget) => (await store.read('budget', { where: { tenant, budget }, limit: 1 }))[0];

/**
 * The budget that a program's rewards come out of, where the books have none of that name: no reward would ever be given.
 * @param {Store} store
 * @param {string} tenant
 * @param {Json} program
 * @returns {Promise<string | undefined>}
 */
export async function missingBudget(store, tenant, program) {
  const { budget } = /** @type {{ budget?: string }} */ (referralTerms(program));
  return budget !== undefined && !(await budgetOf(store, tenant, budget)) ? budget : undefined;
}
