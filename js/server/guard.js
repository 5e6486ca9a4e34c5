/** How is guessing made hopeless? Every try at a code is counted before it is looked at, and all that fail take the same time. */
import { askerOf } from './limits.js';
import { Refusal, tooMany } from './refusal.js';

/** @import { Desk } from './backend.js' */
/** @import { ApiKey } from './keys.js' */

/** Answers to codes of no use leave at multiples of this many milliseconds after they were asked for. */
const STEP = 20;

/**
 * @template T
 * @typedef {{ value: T } | { refused: Refusal, guess: boolean }} Tried - `guess`: the books have no such code.
 */

/**
 * Looks at a code, if its asker may still try.
 *
 * A page's failures count for its address and for everybody together. A shop's server speaks for many buyers: its failures count for
 * the buyer, and for everybody only where there is no such code, since a sold-out one would otherwise stop the shop.
 * @template T
 * @param {Desk} desk
 * @param {{ apiKey: ApiKey, ip: string | undefined, buyer?: string }} asker
 * @param {() => Promise<Tried<T>>} work
 * @returns {Promise<T>}
 */
export async function guarded(desk, { apiKey, ip, buyer }, work) {
  const { failures, failuresIp, failuresBuyer } = desk.limiters;
  const secret = apiKey.kind === 'secret';
  /** @type {[import('./limits.js').Limiter, string, string][]} */
  const wanted = [[failures, 'all', 'failures']];
  if (!secret) wanted.push([failuresIp, askerOf(ip), 'failures_ip']);
  if (secret && buyer) wanted.push([failuresBuyer, buyer, 'failures_buyer']);
  const begun = performance.now();
  /** @type {typeof wanted} */
  const taken = [];
  const giveBack = () => taken.forEach(([limiter, subject]) => limiter.giveBack(subject));
  for (const one of wanted) {
    const wait = one[0].take(one[1], performance.now());
    if (wait) {
      giveBack();
      desk.metrics.count('zugabe_limited_total', 'Requests refused for their number, by limit.', { limit: one[2] });
      throw tooMany(wait);
    }
    taken.push(one);
  }
  /** @type {Tried<T>} */
  let tried;
  try {
    tried = await work();
  } catch (error) {
    giveBack();
    throw error;
  }
  if ('value' in tried) {
    giveBack();
    return tried.value;
  }
  if (tried.refused.code !== 'unknown') giveBack();
  else {
    if (secret && !tried.guess) failures.giveBack('all');
    const passed = performance.now() - begun;
    await desk.pause(Math.ceil((passed + 1) / STEP) * STEP - passed);
  }
  throw tried.refused;
}
