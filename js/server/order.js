/** What becomes of an order's event? Its codes in the books, then what recommendations make of it. */
import { ZugabeError } from '../errors.js';
import { codeAnswer, operated } from './operate.js';
import { recommend } from './recommend.js';
import { Refusal } from './refusal.js';

/** @import { Desk } from './backend.js' */

/** A code of another shop, and an event that comes after a later one: the books are as they should be. */
const EXPECTED = new Set(['not_found', 'already_released', 'redemption_not_found']);

/**
 * A refusal that nobody expects is thrown: the event is not done, nothing is kept under its key, and it is told again.
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
    if (answer.refusal === undefined) codes.push(codeAnswer(answer));
    else if (!EXPECTED.has(answer.refusal)) throw unexpected(answer.refusal);
  }
  await recommend(desk, recommendation);
  return { order, codes };
}

/** @param {string} refusal */
function unexpected(refusal) {
  if (refusal === 'in_flight' || refusal === 'stale') return new Refusal(409, 'in_flight', 'This order is being changed by others: ask again in a moment.', { headers: { 'retry-after': '1' } });
  if (refusal === 'books_broken') return new ZugabeError('invalid_state', 'The books contradict themselves: verify them.');
  return new Refusal(409, 'conflict', `The books refuse this event (${refusal}): mend what it contradicts and send it again.`);
}
