/** How does an operation reach the books, and what is told of its answer? */
import { booksTold } from '../node.js';
import { Refusal } from './refusal.js';

/** @import { Desk } from './backend.js' */
/** @import { BooksAnswer, Ran } from './store/index.js' */

/**
 * Runs an operation and counts it.
 * @param {Desk} desk
 * @param {object | string} operation
 * @returns {Promise<Ran>}
 */
export async function operated(desk, operation) {
  const ran = await desk.store.run(operation);
  const { operation: kind, outcome, refusal } = ran.answer;
  desk.metrics.count('zugabe_operations_total', 'Operations on the books, by kind and what came of them.', { operation: kind, outcome: outcome ?? `refused_${refusal}` });
  if (refusal === 'books_broken') desk.log.error({ failure: { operation: kind, refusal } }, 'Counters of the books contradict each other: zugabe-server verify says which.');
  if (ran.effects.length) desk.told();
  return ran;
}

/**
 * The answer as the outside may see it.
 * @param {BooksAnswer} answer
 */
export function codeAnswer({ outcome, code, order, heldUntil }) {
  return { outcome, ...(code !== undefined && { code }), ...(order !== undefined && { order }), ...(heldUntil !== undefined && { heldUntil }) };
}

/**
 * The refusal as the outside may see it, or nothing.
 * @param {BooksAnswer} answer
 * @returns {Refusal | undefined}
 */
export function refusalTold(answer) {
  if (answer.refusal === undefined) return undefined;
  const told = booksTold(answer);
  if (!told) return undefined;
  return new Refusal(told.status, told.told, told.message, told.told === 'in_flight' ? { headers: { 'retry-after': '1' } } : {});
}
