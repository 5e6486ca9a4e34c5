/** How does a refusal leave the server? One shape for all of them; what is our own fault says nothing of itself. */
import { ZugabeError } from '../errors.js';

/** A refusal with its status. */
export class Refusal extends ZugabeError {
  /**
   * @param {number} status
   * @param {string} code
   * @param {string} message
   * @param {{ path?: string, headers?: Record<string, string>, cause?: unknown }} [more]
   */
  constructor(status, code, message, { path = '', headers = {}, cause } = {}) {
    super(code, message, path, { cause });
    this.status = status;
    this.headers = headers;
  }
}

/** The one answer to every code that is of no use: unknown, expired, used, revoked, somebody else's. */
export const unknownCode = () => new Refusal(404, 'unknown', 'This code cannot be used here.');

/** @param {number} seconds */
export const tooMany = (seconds) =>
  new Refusal(429, 'too_many_requests', 'That is more than may be asked: wait, then ask again.', { headers: { 'retry-after': String(seconds) } });

/** More is under way than may be; a good code may be asked for again at once. */
export const busy = () =>
  new Refusal(503, 'unavailable', 'Too much is under way just now. Nothing was done: ask again with the same Idempotency-Key.', { headers: { 'retry-after': '1' } });

/** @param {unknown} [cause] */
export const away = (cause) =>
  new Refusal(503, 'unavailable', 'The books cannot be reached just now. Nothing was acknowledged: ask again with the same Idempotency-Key.', {
    headers: { 'retry-after': '1' },
    cause,
  });

/** Codes of the core that say that a document could not be read at all. */
const MALFORMED = new Set(['invalid_json', 'invalid_type']);

/**
 * Whatever was thrown, as a refusal.
 * @param {unknown} thrown
 * @returns {Refusal}
 */
export function refusalOf(thrown) {
  if (thrown instanceof Refusal) return thrown;
  const error = ZugabeError.from(thrown);
  if (error.code === 'unavailable') return away(error);
  if (['internal', 'invalid_state', 'invalid_keys', 'key_unavailable', 'io', 'wasm_unavailable'].includes(error.code)) {
    return new Refusal(500, 'internal', 'Something is wrong on our side: the log says what.', { cause: error });
  }
  return new Refusal(MALFORMED.has(error.code) ? 400 : 422, error.code, error.message, { path: error.path, cause: error });
}
