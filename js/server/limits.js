/** May this be asked once more? Windows of counted tries, and what is under way, in memory. */

/**
 * @typedef {object} Limit
 * @property {number} tries - How many in a window; `Infinity` for no limit.
 * @property {number} seconds - How long a window is.
 */

/** So many subjects are remembered; then the one whose window began first is forgotten. */
const REMEMBERED = 100_000;

/** Counts tries by subject. Increments are synchronous, so parallel requests cannot pass together. */
export class Limiter {
  /** @type {Map<string, { used: number, begun: number, ends: number }>} */
  #windows = new Map();
  #limit;

  /** @param {Limit} limit */
  constructor(limit) {
    this.#limit = limit;
  }

  /** The window of a subject, if it is not over. @param {string} subject @param {number} now */
  #open(subject, now) {
    const window = this.#windows.get(subject);
    return window && window.ends > now ? window : undefined;
  }

  /**
   * How many tries are left.
   * @param {string} subject
   * @param {number} now - Milliseconds of any clock that does not go back.
   */
  left(subject, now) {
    return Math.max(0, this.#limit.tries - (this.#open(subject, now)?.used ?? 0));
  }

  /**
   * 0, or after how many seconds to ask again. Takes nothing.
   * @param {string} subject
   * @param {number} now
   */
  wait(subject, now) {
    if (this.left(subject, now) > 0) return 0;
    const ends = this.#open(subject, now)?.ends ?? now + this.#limit.seconds * 1000;
    return Math.max(1, Math.ceil((ends - now) / 1000));
  }

  /**
   * Takes a try.
   * @param {string} subject
   * @param {number} now
   * @returns {number} 0, or after how many seconds to ask again
   */
  take(subject, now) {
    const { tries, seconds } = this.#limit;
    if (tries === Infinity) return 0;
    const wait = this.wait(subject, now);
    if (wait) return wait;
    let window = this.#open(subject, now);
    if (!window) {
      window = { used: 0, begun: now, ends: now + seconds * 1000 };
      this.#windows.delete(subject);
      this.#windows.set(subject, window);
      if (this.#windows.size > REMEMBERED) this.#windows.delete(/** @type {string} */ (this.#windows.keys().next().value));
    }
    window.used += 1;
    return 0;
  }

  /**
   * Gives a try back, to the window that it was taken from: where that is over, it is of no use to the next one.
   * @param {string} subject
   * @param {number} taken - When it was taken.
   */
  giveBack(subject, taken) {
    const window = this.#open(subject, taken);
    if (window && window.used > 0 && window.begun <= taken) window.used -= 1;
  }
}

/** Counts what is under way, by subject. */
export class Flights {
  /** @type {Map<string, number>} */
  #counts = new Map();

  /** One more, unless there are as many as may be. @param {string} subject @param {number} most @returns {boolean} */
  enter(subject, most) {
    const count = this.#counts.get(subject) ?? 0;
    if (count >= most) return false;
    this.#counts.set(subject, count + 1);
    return true;
  }

  /** @param {string} subject */
  leave(subject) {
    const count = this.#counts.get(subject) ?? 0;
    if (count > 1) this.#counts.set(subject, count - 1);
    else this.#counts.delete(subject);
  }
}

/**
 * @typedef {object} Limits
 * @property {Limit} [ip] - Requests of one address with a publishable key or without any.
 * @property {Limit} [publishable] - Requests of one publishable key.
 * @property {Limit} [secret] - Requests of one secret key.
 * @property {Limit} [failuresIp] - Codes that were of no use, of one address.
 * @property {Limit} [failuresBuyer] - The same of one buyer, as the shop names her.
 * @property {Limit} [failures] - The same of all pages together, and apart from them of all servers: guessing is spread over many addresses.
 */

/** @type {Required<Limits>} */
export const LIMITS = {
  ip: { tries: 300, seconds: 60 },
  publishable: { tries: 12_000, seconds: 60 },
  secret: { tries: Infinity, seconds: 60 },
  failuresIp: { tries: 20, seconds: 60 },
  failuresBuyer: { tries: 20, seconds: 60 },
  failures: { tries: 600, seconds: 60 },
};

/** Some proxies write the port, too, which is another one for each connection: `203.0.113.5:40001`, `[2001:db8::1]:443`. @param {string} address */
const withoutPort = (address) => /^\[([^\]]*)\](?::\d+)?$/.exec(address)?.[1] ?? address.replace(/^([\d.]+):\d+$/, '$1');

/**
 * The address that counts as one asker: IPv6 by its first 64 bits, since whoever has one address there has as many as she likes.
 * @param {string | undefined} address
 */
export function askerOf(address) {
  if (!address) return 'unknown';
  const plain = withoutPort(address).replace(/^::ffff:(?=\d+\.)/i, '');
  if (!plain.includes(':')) return plain;
  const [head = '', tail] = plain.split('%')[0].split('::');
  const left = head.split(':').filter(Boolean);
  const right = tail === undefined ? [] : tail.split(':').filter(Boolean);
  const groups = [...left, ...Array(Math.max(0, 8 - left.length - right.length)).fill('0'), ...right];
  return groups.slice(0, 4).map((group) => group.toLowerCase().replace(/^0+(?=.)/, '')).join(':');
}

/**
 * Who asks, behind `hops` proxies of ours: each adds the address it was asked by at the end of `X-Forwarded-For`. What stands before
 * that anybody can have written.
 * @param {string | undefined} peer - The address of the connection.
 * @param {string | undefined} forwarded
 * @param {number} hops
 */
export function clientOf(peer, forwarded, hops) {
  if (hops < 1 || !forwarded) return peer;
  const addresses = forwarded.split(',').map((address) => address.trim());
  return addresses[Math.max(0, addresses.length - hops)] || peer;
}
