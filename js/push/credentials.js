/** How does the shop know us? A token in every request; Shopware gives one for ten minutes. No error repeats a word of it. */
import { ZugabeError } from '../errors.js';

/** @import { PushCredentials, PushJob } from '../types.js' */
/** @typedef {(url: string, init: RequestInit) => Promise<{ status: number, retryAfter?: number, body: string } | undefined>} Attempt */

/**
 * @param {PushJob} job
 * @param {PushCredentials} credentials
 * @param {Attempt} attempt
 * @returns {{ headers: () => Promise<Record<string, string> | undefined>, renew: () => boolean }}
 */
export function authorization({ platform, shop }, credentials, attempt) {
  const given = /** @type {Record<string, string | undefined>} */ (credentials ?? {});
  /** @param {string} name */
  const need = (name) => {
    const value = given[name];
    // What is no header value would be thrown, with the token in the message.
    if (typeof value === 'string' && /^[\x21-\x7e]+$/.test(value)) return value;
    throw new ZugabeError('invalid_keys', `${platform} lets us in by ${name}: it is missing, or not a line of letters.`, `credentials.${name}`);
  };
  if (platform === 'shopify') {
    const token = need('accessToken');
    return { headers: async () => ({ 'x-shopify-access-token': token }), renew: () => false };
  }
  if (platform === 'woocommerce') {
    const pair = btoa(`${need('consumerKey')}:${need('consumerSecret')}`);
    return { headers: async () => ({ authorization: `Basic ${pair}` }), renew: () => false };
  }
  const body = JSON.stringify({ grant_type: 'client_credentials', client_id: need('clientId'), client_secret: need('clientSecret') });
  /** @type {{ token: string, until: number } | undefined} */
  let held;
  return {
    async headers() {
      if (!held || performance.now() > held.until) {
        const answer = await attempt(`${shop.replace(/\/+$/, '')}/api/oauth/token`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', accept: 'application/json' },
          body,
        });
        // What passes by itself is tried again as any request is.
        if (!answer || answer.status === 429 || answer.status >= 500) return undefined;
        const { access_token: token, expires_in: life = 600 } = parsed(answer.body);
        if (answer.status !== 200 || typeof token !== 'string') {
          throw new ZugabeError('invalid_keys', `The shop answers ${answer.status} and gives no token: are these the keys of an integration of this shop?`, 'credentials');
        }
        // A minute before it ends a new one is asked for.
        held = { token, until: performance.now() + Math.max(0, Number(life) - 60) * 1000 };
      }
      return { authorization: `Bearer ${held.token}` };
    },
    renew() {
      const had = held !== undefined;
      held = undefined;
      return had;
    },
  };
}

/** @param {string} text */
function parsed(text) {
  try {
    return JSON.parse(text) ?? {};
  } catch {
    return {};
  }
}
