/** What becomes of an order's event? Its codes in the books, then what recommendations make of it. */
import { codeAnswer, operated } from './operate.js';
import { recommend } from './recommend.js';

/** @import { Desk } from './backend.js' */

/**
 * @param {Desk} desk
 * @param {string} order
 * @param {(taken: string[]) => { operations: any[], recommendation: object }} told - By the codes that the books have for the order.
 * @returns {Promise<{ order: string, codes: object[] }>}
 */
export async function ordered(desk, order, told) {
  const rows = await desk.store.read('redemption', { where: { tenant: desk.tenant, order_id: order }, columns: ['code'] });
  const { operations, recommendation } = told(rows.map((row) => String(row.code)));
  const codes = [];
  for (const operation of operations) {
    const { answer } = await operated(desk, operation);
    if (answer.outcome) codes.push(codeAnswer(answer));
  }
  await recommend(desk, recommendation);
  return { order, codes };
}
