/** What happens to recommendations? What is read and what is written, the core says; this carries it to the books and back. */
import { ZugabeError } from '../errors.js';
import { referralNext, referralTerms } from '../node.js';
import { operated } from './operate.js';
import { Refusal } from './refusal.js';

/** @import { Desk } from './backend.js' */

/** So often two servers that write at once make each other begin anew. */
const ATTEMPTS = 20;

/** @type {WeakMap<Desk, object>} */
const terms = new WeakMap();

/**
 * What is to be done next for a call. Where it is refused, its fields are those of the request.
 * @param {string} call
 * @param {Record<string, any[]>} rows
 */
function next(call, rows) {
  try {
    return referralNext(call, rows);
  } catch (thrown) {
    const { code, message, path } = ZugabeError.from(thrown);
    throw new ZugabeError(code, message, path.replace(/^(call\.)?event\./, '').replace(/^friend\b/, 'buyer'));
  }
}

/** @param {Desk} desk @param {object} event */
function callOf(desk, event) {
  let kept = terms.get(desk);
  if (!kept) terms.set(desk, (kept = referralTerms(desk.program)));
  return JSON.stringify({ v: 1, tenant: desk.tenant, now: desk.now(), terms: kept, event });
}

/**
 * Whether something can be told at all: refuses what is wrong with it, and looks at nothing.
 * @param {Desk} desk
 * @param {object} event
 */
export const checkEvent = (desk, event) => void next(callOf(desk, event), {});

/**
 * Tells of something, or asks.
 * @param {Desk} desk
 * @param {object} event - A `ReferralEvent`.
 * @returns {Promise<{ outcome: string, illegal?: any, referral?: any, effects?: any[], referrals?: any[] }>}
 */
export async function recommend(desk, event) {
  const call = callOf(desk, event);
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    /** @type {Record<string, any[]>} */
    const rows = {};
    let told = next(call, rows);
    while (told.read) {
      Object.assign(rows, (await desk.store.execute(told.read)).rows);
      told = next(call, rows);
    }
    if (!told.write) return told.answer;
    const { answer } = await operated(desk, told.write);
    if (answer.refusal === undefined) return told.answer;
    if (answer.refusal !== 'stale') throw new Error(`The books refuse a recommendation: ${answer.refusal}.`);
  }
  throw new Refusal(409, 'in_flight', 'This recommendation is being changed by others: ask again in a moment.', { headers: { 'retry-after': '1' } });
}
