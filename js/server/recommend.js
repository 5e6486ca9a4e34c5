/** What happens to recommendations? What is read and what is written, the core says; this carries it to the books and back. */
import { referralNext, referralTerms } from '../node.js';
import { operated } from './operate.js';
import { Refusal } from './refusal.js';

/** @import { Desk } from './backend.js' */

/** So often two servers that write at once make each other begin anew. */
const ATTEMPTS = 20;

/** @type {WeakMap<Desk, object>} */
const terms = new WeakMap();

/**
 * Tells of something, or asks.
 * @param {Desk} desk
 * @param {object} event - A `ReferralEvent`.
 * @returns {Promise<{ outcome: string, illegal?: any, referral?: any, effects?: any[], referrals?: any[] }>}
 */
export async function recommend(desk, event) {
  let kept = terms.get(desk);
  if (!kept) terms.set(desk, (kept = referralTerms(desk.program)));
  const call = JSON.stringify({ v: 1, tenant: desk.tenant, now: desk.now(), terms: kept, event });
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    /** @type {Record<string, any[]>} */
    const rows = {};
    let next = referralNext(call, rows);
    while (next.read) {
      Object.assign(rows, (await desk.store.execute(next.read)).rows);
      next = referralNext(call, rows);
    }
    if (!next.write) return next.answer;
    const { answer } = await operated(desk, next.write);
    if (answer.refusal === undefined) return next.answer;
    if (answer.refusal !== 'stale') throw new Error(`The books refuse a recommendation: ${answer.refusal}.`);
  }
  throw new Refusal(409, 'in_flight', 'This recommendation is being changed by others: ask again in a moment.', { headers: { 'retry-after': '1' } });
}
