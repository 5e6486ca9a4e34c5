/**
 * What do the shop systems tell us? One handler for their webhooks and for Shopware's registration: a Web-standard
 * `(Request) => Promise<Response>`, to be mounted in any server. The core verifies and reads; this passes on.
 *
 *   POST /shopify/webhook  /woocommerce/webhook  /shopware/webhook
 *   GET  /shopware/register      POST /shopware/confirm
 *
 * It may be mounted below any path. Whatever is wrong with a signature, the answer is the same.
 */
import { ZugabeError } from '../errors.js';
import { readBody } from './body.js';
import { registration } from './shopware.js';

/** @import { PlatformName, Webhook, WebhookOptions } from '../types.js' */

const LIMIT = 4 << 20;
const ORDERS = ['order', 'refund'];
const PRIVACY = ['data_request', 'redact', 'redact_shop'];

/**
 * @param {WebhookOptions} options
 * @returns {(request: Request) => Promise<Response>}
 */
export function createWebhooks(options) {
  const { core, onOrder, onPrivacy, shopify, woocommerce, shopware, limit = LIMIT } = options;
  for (const [name, value] of Object.entries({ onOrder, onPrivacy })) {
    // A privacy webhook that is answered and goes nowhere would be a promise broken silently.
    if (typeof value !== 'function') throw new ZugabeError('missing_field', `Say what happens then: ${name} is a function.`, name);
  }
  const now = options.now ?? (() => new Date().toISOString());
  const seen = options.seen ?? latest(10_000);
  const handshake = shopware && registration(core, shopware, now);

  /** @type {Record<string, { method: string, run: (request: Request) => Promise<Response> } | undefined>} */
  const routes = {
    '/shopify/webhook': shopify && { method: 'POST', run: (request) => deliver('shopify', request) },
    '/woocommerce/webhook': woocommerce && { method: 'POST', run: (request) => deliver('woocommerce', request) },
    '/shopware/webhook': handshake && { method: 'POST', run: (request) => deliver('shopware', request) },
    '/shopware/register': handshake && { method: 'GET', run: (request) => handshake.register(request) },
    '/shopware/confirm': handshake && { method: 'POST', run: async (request) => handshake.confirm(request, await readBody(request, limit)) },
  };

  return async (request) => {
    const { pathname } = new URL(request.url);
    const route = Object.entries(routes).find(([path]) => pathname.endsWith(path))?.[1];
    if (!route) return failed(404, 'not_found', 'There is nothing here.');
    if (request.method !== route.method) {
      const answer = failed(405, 'invalid_value', `Ask by ${route.method}.`);
      answer.headers.set('allow', route.method);
      return answer;
    }
    try {
      return await route.run(request);
    } catch (thrown) {
      if (thrown instanceof ZugabeError && thrown.code === 'bad_signature') return failed(401, thrown.code, thrown.message);
      if (thrown instanceof ZugabeError && thrown.code === 'too_large') return failed(413, thrown.code, thrown.message);
      options.onError?.(thrown);
      // The platform comes again.
      return failed(503, 'io', 'This could not be taken in now. Try again.');
    }
  };

  /**
   * @param {PlatformName} platform
   * @param {Request} request
   */
  async function deliver(platform, request) {
    const headers = Object.fromEntries(request.headers);
    const body = await readBody(request, limit);
    const { shop = '' } = core.webhookShop(platform, headers, body);
    const { secrets, only } = await keysOf(platform, shop);
    const { tenant, currency, timeZone, hashKey, keys } = options;
    const webhook = core.receiveWebhook(
      {
        v: 1, platform, headers, secrets, now: now(), shop: only, currency, timeZone, hashKey,
        tenant: typeof tenant === 'function' ? await tenant(platform, shop) : tenant,
      },
      body,
      keys,
    );
    const delivery = webhook.delivery && `${platform}/${webhook.shop}/${webhook.delivery}`;
    if (delivery === undefined || !(await seen.has(delivery))) {
      await pass(webhook);
      // Only now: what failed must be taken in when it comes again.
      if (delivery !== undefined) await seen.add(delivery);
    }
    return new Response(null, { status: 200, headers: { 'cache-control': 'no-store' } });
  }

  /** @param {Webhook} webhook */
  async function pass(webhook) {
    const { type } = webhook.content;
    if (ORDERS.includes(type)) await onOrder(webhook);
    else if (PRIVACY.includes(type)) await onPrivacy(webhook);
    else if (type === 'uninstalled') {
      if (webhook.platform === 'shopware' && !webhook.content.keep) await shopware?.store.delete(webhook.shop);
      await options.onUninstalled?.(webhook);
    } else if (type !== 'ping') await options.onOther?.(webhook);
  }

  /**
   * The secrets of a shop; none for an unknown one, and the core then refuses as for any wrong signature.
   * @param {PlatformName} platform
   * @param {string} shop
   * @returns {Promise<{ secrets: string[], only?: string }>}
   */
  async function keysOf(platform, shop) {
    if (platform === 'shopware') return { secrets: (await handshake?.secrets(shop)) ?? [] };
    const settings = platform === 'shopify' ? shopify : woocommerce;
    return { secrets: [settings?.secrets ?? []].flat(), only: settings?.shop };
  }
}

/**
 * The last so many, the oldest forgotten first.
 * @param {number} most
 */
function latest(most) {
  /** @type {Set<string>} */
  const kept = new Set();
  return {
    /** @param {string} one */
    has: (one) => kept.has(one),
    /** @param {string} one */
    add(one) {
      kept.add(one);
      for (const oldest of kept) {
        if (kept.size <= most) break;
        kept.delete(oldest);
      }
    },
  };
}

/**
 * @param {number} status
 * @param {string} code
 * @param {string} message
 */
function failed(status, code, message) {
  return Response.json({ error: { code, message, path: '' } }, { status, headers: { 'cache-control': 'no-store' } });
}
