/** How do a Shopware shop and this server come to know each other? The handshake, and the secrets that come of it. */

/** @import { ShopwareShop, WebhookOptions } from '../types.js' */

/** What was on its way when a shop got a new secret is still taken, milliseconds. */
const ON_ITS_WAY = 300_000;

/**
 * @param {WebhookOptions['core']} core
 * @param {NonNullable<WebhookOptions['shopware']>} settings
 * @param {() => string} now
 */
export function registration(core, { app, secrets, url, store, trustAppSecret = false }, now) {
  const confirmation = `${url.replace(/\/+$/, '')}/shopware/confirm`;

  return {
    /** @param {Request} request */
    async register(request) {
      // As it came: a query that was read and written again is another one to a signature.
      const query = request.url.split('?')[1]?.split('#')[0] ?? '';
      const id = new URLSearchParams(query).get('shop-id') ?? '';
      const known = await store.get(id);
      const { shop, url: address, proof } = core.shopwareRegister({
        v: 1, query, headers: Object.fromEntries(request.headers), app, secrets: [secrets].flat(), now: now(), known: known?.secret, trustAppSecret,
      });
      const secret = random();
      await store.set(shop, { ...(known ?? { shop, url: address }), pending: { secret, url: address } });
      return Response.json({ proof, secret, confirmation_url: confirmation }, { headers: { 'cache-control': 'no-store' } });
    },

    /**
     * @param {Request} request
     * @param {Uint8Array} body
     */
    async confirm(request, body) {
      const { shop: said = '' } = idIn(body);
      const known = await store.get(said);
      const { shop, apiKey, secretKey } = core.shopwareConfirm(
        { v: 1, headers: Object.fromEntries(request.headers), pending: known?.pending?.secret, known: known?.secret, trustAppSecret },
        body,
      );
      const { pending, secret, ...rest } = /** @type {ShopwareShop & { pending: { secret: string, url: string } }} */ (known);
      await store.set(shop, {
        ...rest,
        url: pending.url,
        secret: pending.secret,
        ...(secret && { previous: { secret, until: Date.parse(now()) + ON_ITS_WAY } }),
        apiKey,
        secretKey,
      });
      return new Response(null, { status: 204, headers: { 'cache-control': 'no-store' } });
    },

    /**
     * What the shop may have signed with.
     * @param {string} shop
     * @returns {Promise<string[]>}
     */
    async secrets(shop) {
      const known = await store.get(shop);
      const { secret, previous } = known ?? {};
      const before = previous && Date.parse(now()) < previous.until ? [previous.secret] : [];
      return secret ? [secret, ...before] : [];
    },
  };
}

/**
 * Whose secret is needed: read before anything is verified.
 * @param {Uint8Array} body
 * @returns {{ shop?: string }}
 */
function idIn(body) {
  try {
    const { shopId } = JSON.parse(new TextDecoder().decode(body));
    return typeof shopId === 'string' ? { shop: shopId } : {};
  } catch {
    return {};
  }
}

/** 32 bytes nobody can guess, as 64 letters and digits. */
const random = () => Array.from(crypto.getRandomValues(new Uint8Array(32)), (byte) => byte.toString(16).padStart(2, '0')).join('');
