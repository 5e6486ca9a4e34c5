/** What does the demo shop's own server do? What every shop's does: it asks the backend with a secret key. Only the clock is a toy. */
import { readFileSync } from 'node:fs';
import { newKeys } from '../../js/node.js';
import { createBackend, createMemoryStore, newApiKey } from '../../js/server/index.js';

const DAY = 86_400_000;
const TENANT = 'teehaus';
/** What the demo's basket costs, and what a friend's code takes off. */
const TOTAL = 4890;
const OFF = 500;

/**
 * @param {{ address: string }} options - Where the shop's pages are served, with a slash at its end.
 * @returns {{ fetch: (request: Request) => Promise<Response> }} answers `/demo/…`
 */
export function createDemo({ address }) {
  const program = readFileSync(new URL('program.json', import.meta.url), 'utf8').replaceAll('https://teehaus.example/', address);
  const { key, entry } = newApiKey({ id: 'demo-shop', kind: 'secret' });
  let shop = begin();

  function begin() {
    const clock = { ahead: 0 };
    const now = () => Date.now() + clock.ahead;
    const backend = createBackend({ program, keys: newKeys(), store: createMemoryStore(), apiKeys: [entry], tenant: TENANT, now });
    return { backend, clock, now, orders: /** @type {Order[]} */ ([]), code: '', link: '' };
  }

  /** @typedef {{ id: string, who: 'anna' | 'ben', total: number, off: number, at: string, code?: string, refunded?: true }} Order */

  /** @param {string} path @param {object} body */
  async function ask(path, body) {
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() };
    const response = await shop.backend.fetch(new Request(`http://backend.demo${path}`, { method: 'POST', headers, body: JSON.stringify(body) }));
    return { ok: response.ok, body: await response.json() };
  }

  const buyerOf = (/** @type {'anna' | 'ben'} */ who) => ({ customer: `c_${who}`, email: `${who}@kunden.example` });
  const instant = () => new Date(shop.now()).toISOString();

  /** @param {'anna' | 'ben'} who @param {string | undefined} code */
  async function buy(who, code) {
    const id = String(2001 + shop.orders.length);
    const buyer = buyerOf(who);
    let off = 0;
    if (code) {
      const redeemed = await ask('/v1/redeem', { code, order: id, buyer, amount: OFF });
      if (!redeemed.ok) return { refused: redeemed.body.error.code };
      off = OFF;
    }
    const first = !shop.orders.some((order) => order.who === who) && who === 'ben';
    await ask('/v1/orders/events', { event: 'paid', order: id, buyer, total: TOTAL - off, currency: 'EUR', newFriend: first, codes: code ? [{ code, amount: OFF }] : [] });
    shop.orders.push({ id, who, total: TOTAL - off, off, at: instant(), ...(code && { code }) });
    if (who === 'anna') {
      const request = {
        v: 1,
        locale: 'de',
        moment: { type: 'order_completed', at: instant() },
        subject: { id: buyer.customer, identity: 'login' },
        facts: { stage: 'relationship', orderNumber: 4 },
        order: { id, currency: 'EUR', subtotal: TOTAL },
        state: { attempts: 0, sent: { page: 0 } },
      };
      const claimed = await ask('/v1/claims', { option: 'recommend', request, email: buyer.email });
      if (claimed.ok) [shop.code, shop.link] = [claimed.body.shownCode, claimed.body.link];
    }
    return {};
  }

  async function state() {
    await shop.backend.sweep();
    const { body } = await ask('/v1/referrals/search', { customer: 'c_anna' });
    const [referral] = (body.referrals ?? []).filter((/** @type {any} */ one) => one.state !== 'shared');
    return {
      now: instant(),
      ahead: Math.round(shop.clock.ahead / DAY),
      orders: shop.orders,
      code: shop.code,
      link: shop.link,
      ...(referral && { referral: { state: referral.state, reason: referral.reason, granted: referral.granted?.length ?? 0 } }),
    };
  }

  /** @type {Record<string, (body: any) => Promise<object>>} */
  const actions = {
    state: async () => ({}),
    buy: ({ who, code }) => buy(who === 'ben' ? 'ben' : 'anna', typeof code === 'string' && code ? code : undefined),
    clock: async ({ days }) => {
      shop.clock.ahead += Math.min(400, Math.max(0, Math.trunc(Number(days)) || 0)) * DAY;
      return {};
    },
    refund: async ({ order: id }) => {
      const order = shop.orders.find((one) => one.id === id && !one.refunded);
      if (!order) return {};
      order.refunded = true;
      await ask('/v1/orders/events', { event: 'refunded', order: id, buyer: buyerOf(order.who), total: order.total, refunded: order.total, codes: order.code ? [{ code: order.code }] : [] });
      return {};
    },
    reset: async () => {
      const before = shop;
      shop = begin();
      await before.backend.close();
      return {};
    },
  };

  /** One after the other: a demo has one visitor. @type {Promise<unknown>} */
  let turn = Promise.resolve();
  return {
    fetch: async (request) => {
      const answer = (/** @type {number} */ status, /** @type {object} */ body) =>
        new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' } });
      const { pathname, origin } = new URL(request.url);
      const action = actions[pathname.replace(/^\/demo\//, '')];
      if (!action || request.method !== 'POST') return answer(404, {});
      // Another page in the same browser could ask as well, and is not let.
      if (request.headers.get('origin') !== origin || !request.headers.get('content-type')?.startsWith('application/json')) return answer(403, {});
      const body = await request.json().catch(() => ({}));
      const mine = turn.then(async () => ({ ...(await action(body ?? {})), state: await state() }));
      turn = mine.catch(() => {});
      return mine.then(
        (done) => answer(200, done),
        () => answer(500, {}),
      );
    },
  };
}
