/** Did Zugabe send this webhook, and just now? HMAC-SHA256 over time and body, for both ends. */
import { createHmac, timingSafeEqual } from 'node:crypto';

/** A delivery older than this many seconds is refused: whoever recorded one cannot send it again later. */
export const TOLERANCE = 300;

/** @param {string} secret @param {number} seconds @param {string} body */
const tag = (secret, seconds, body) => createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex');

/**
 * The header `Zugabe-Signature`.
 * @param {string} body
 * @param {string[]} secrets - Two while they are exchanged.
 * @param {number} seconds - Unix time.
 */
export const sign = (body, secrets, seconds) => [`t=${seconds}`, ...secrets.map((secret) => `v1=${tag(secret, seconds, body)}`)].join(',');

/**
 * Whether a webhook is Zugabe's and fresh. Take the body as it came, before any parsing; then look whether its `id` was seen before:
 * the same event may be delivered more than once.
 * @param {object} webhook
 * @param {string} webhook.body
 * @param {string | null | undefined} webhook.signature - The header `Zugabe-Signature`.
 * @param {string | string[]} webhook.secret
 * @param {number} [webhook.now] - Unix time in seconds.
 * @returns {boolean}
 */
export function verifyWebhook({ body, signature, secret, now = Date.now() / 1000 }) {
  const parts = (signature ?? '').split(',').map((part) => part.split('='));
  const seconds = Number(parts.find(([name]) => name === 't')?.[1]);
  if (!Number.isInteger(seconds) || Math.abs(now - seconds) > TOLERANCE) return false;
  const given = parts.filter(([name]) => name === 'v1').map(([, value]) => Buffer.from(value ?? '', 'hex'));
  let good = false;
  for (const one of [secret].flat()) {
    const expected = Buffer.from(tag(one, seconds, body), 'hex');
    for (const tagged of given) if (tagged.length === expected.length && timingSafeEqual(tagged, expected)) good = true;
  }
  return good;
}
