/** How is guessing made hopeless? A page's try is counted before it is looked at, a server's failures afterwards; all that fail take the same time. */
import { askerOf } from './limits.js';
import { Refusal, busy, tooMany } from './refusal.js';

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
 * A page's failures count for its address and for all pages together. A shop's server speaks for many buyers: its failures count for
 * the buyer, and for all servers together only where there is no such code, since a sold-out one would otherwise stop the shop. Pages
 * and servers are counted apart: whoever reads a key in a page cannot stop a checkout with it.
 * @template T
 * @param {Desk} desk
 * @param {{ apiKey: ApiKey, ip: string | undefined, buyer?: string }} asker
 * @param {() => Promise<Tried<T>>} work
 * @returns {Promise<T>}
 */
export async function guarded(desk, { apiKey, ip, buyer }, work) {
  const begun = performance.now();
  const tried = await (apiKey.kind === 'secret' ? ofServer(desk, buyer, work) : ofPage(desk, askerOf(ip), work));
  if ('value' in tried) return tried.value;
  if (tried.refused.code === 'unknown') {
    const passed = performance.now() - begun;
    await desk.pause(Math.ceil((passed + 1) / STEP) * STEP - passed);
  }
  throw tried.refused;
}

/** @param {Desk} desk @param {string} limit @param {Refusal} refusal */
function limited(desk, limit, refusal) {
  desk.metrics.count('zugabe_limited_total', 'Requests refused for their number, by limit.', { limit });
  return refusal;
}

/**
 * Every try is taken before it is looked at, and given back where it was none: however many come at once, no more are looked at.
 * @template T
 * @param {Desk} desk @param {string} address @param {() => Promise<Tried<T>>} work
 */
async function ofPage(desk, address, work) {
  const { failures, failuresIp } = desk.limiters;
  const at = performance.now();
  const wait = failures.take('publishable', at);
  if (wait) throw limited(desk, 'failures', tooMany(wait));
  const waitHere = failuresIp.take(address, at);
  if (waitHere) {
    failures.giveBack('publishable', at);
    throw limited(desk, 'failures_ip', tooMany(waitHere));
  }
  let failed = false;
  try {
    const tried = await work();
    failed = 'refused' in tried && tried.refused.code === 'unknown';
    return tried;
  } finally {
    if (!failed) {
      failures.giveBack('publishable', at);
      failuresIp.giveBack(address, at);
    }
  }
}

/**
 * Failures are counted when they are known: good orders that wait for the books count as none, however many they are. Only what is
 * under way is bounded, for everybody together and, by the tries that are left, for each buyer.
 * @template T
 * @param {Desk} desk @param {string | undefined} buyer @param {() => Promise<Tried<T>>} work
 */
async function ofServer(desk, buyer, work) {
  const { flights, limiters, inFlight } = desk;
  const { failures, failuresBuyer } = limiters;
  const begun = performance.now();
  const wait = failures.wait('secret', begun);
  if (wait) throw limited(desk, 'failures', tooMany(wait));
  const waitBuyer = buyer ? failuresBuyer.wait(buyer, begun) : 0;
  if (waitBuyer) throw limited(desk, 'failures_buyer', tooMany(waitBuyer));
  if (!flights.enter('all', inFlight)) throw limited(desk, 'in_flight', busy());
  if (buyer && !flights.enter(`buyer ${buyer}`, failuresBuyer.left(buyer, begun))) {
    flights.leave('all');
    throw limited(desk, 'in_flight_buyer', busy());
  }
  try {
    const tried = await work();
    if ('refused' in tried && tried.refused.code === 'unknown') {
      const now = performance.now();
      if (tried.guess) failures.take('secret', now);
      if (buyer) failuresBuyer.take(buyer, now);
    }
    return tried;
  } finally {
    flights.leave('all');
    if (buyer) flights.leave(`buyer ${buyer}`);
  }
}
