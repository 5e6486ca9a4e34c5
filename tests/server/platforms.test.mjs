/** What a platform's webhook brings reaches the books as everything else does: keyed hashes, codes of this shop alone, once. */
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import { test } from 'node:test';
import * as core from '../../js/node.js';
import { createWebhooks } from '../../js/webhooks/index.js';
import { PROGRAM, TENANT, backendFor, guess, request } from './support.mjs';

/** @typedef {import('../../js/server/platforms.js').Receiving} Receiving */

function shopOf() {
  /** @type {Receiving | undefined} */
  let receiving;
  const shop = backendFor({
    program: { ...PROGRAM, referral: { terms: { knownFriends: true } } },
    platforms: (given) => {
      receiving = given;
      return async (asked) => new Response(new URL(asked.url).pathname, { status: 200 });
    },
  });
  return { ...shop, receiving: /** @type {Receiving} */ (/** @type {unknown} */ (receiving)) };
}

const books = (/** @type {object} */ event) => ({
  content: { type: 'order', books: { v: 1, tenant: 'whatever', now: '2020-01-01T00:00:00Z', event: 'paid', order: 'shopify-1', holder: { customer: '820982911946154508' }, codes: [], total: 5000, ...event } },
});

test('an order of the platform is mirrored: its customer as a keyed hash, foreign codes passed over, as often as it comes', async () => {
  const shop = shopOf();
  const { body } = await shop.post('/v1/claims', { option: 'recommend', request: request() });
  const paid = books({ codes: [{ code: body.code, amount: 500 }, { code: guess() }] });
  for (let n = 0; n < 3; n += 1) await shop.receiving.onOrder(paid);
  const rows = await shop.store.read('redemption', { where: { tenant: TENANT } });
  assert.deepEqual(rows.map(({ code, order_id }) => [code, order_id]), [[body.code, 'shopify-1']]);
  assert.match(String(rows[0].customer), /^c:k0\.[0-9a-f]{32}$/);
  const same = await shop.post('/v1/referrals/search', { customer: '820982911946154508' });
  assert.deepEqual(same.body.referrals.map((/** @type {any} */ one) => one.order.id), ['shopify-1'], 'the shop\'s own id finds her');
  await shop.receiving.onOrder(books({ event: 'cancelled', codes: [] }));
  assert.equal((await shop.store.read('redemption', { where: { tenant: TENANT } }))[0].state, 'released', 'an event without codes means those of its order');
  await shop.receiving.onOrder({ content: { type: 'refund', order: 'shopify-1' } });
  const code = await shop.issue({ uses: 1 });
  await shop.receiving.onOrder(books({ order: 'shopify-2', codes: [{ code }] }));
  await shop.receiving.onOrder(books({ order: 'shopify-2', event: 'cancelled', codes: [{ code: 'SUMMER10' }] }));
  assert.equal((await shop.store.read('redemption', { where: { tenant: TENANT, code } }))[0].state, 'released', 'an event that names a foreign code alone, too');
  assert.ok((await shop.store.verify()).ok);
  await shop.close();
});

test('who is to be forgotten is forgotten', async () => {
  const shop = shopOf();
  const { body } = await shop.post('/v1/claims', { option: 'recommend', request: request() });
  await shop.receiving.onOrder(books({ codes: [{ code: body.code }] }));
  await shop.receiving.onPrivacy({ content: { type: 'redact', people: [{ customer: '820982911946154508' }] } });
  const left = await shop.post('/v1/customers/export', { customer: '820982911946154508' });
  assert.deepEqual(left.body.tables, {});
  await shop.close();
});

test('the platforms\' addresses lie below /platforms/, and only where they were asked for', async () => {
  const shop = shopOf();
  const answer = await shop.backend.fetch(new Request('http://backend.test/platforms/shopify/webhook', { method: 'POST' }));
  assert.equal(await answer.text(), '/platforms/shopify/webhook');
  await shop.close();
  const plain = backendFor();
  assert.equal((await plain.backend.fetch(new Request('http://backend.test/platforms/shopify/webhook', { method: 'POST' }))).status, 404);
  await plain.close();
});

test('a signed order of a Shopify shop goes all the way from its bytes into the books; an unsigned one goes nowhere', async () => {
  const shop = backendFor({ platforms: (receiving) => createWebhooks({ core, shopify: { secrets: 'shpss_1' }, ...receiving }) });
  const { body } = await shop.post('/v1/claims', { option: 'recommend', request: request() });
  const order = JSON.stringify({
    id: 7, name: '#1001', created_at: '2026-11-20T10:00:00Z', processed_at: '2026-11-20T10:01:00Z', currency: 'EUR', taxes_included: true, financial_status: 'paid',
    total_price: '45.00', subtotal_price: '45.00', total_discounts: '5.00', discount_codes: [{ code: body.code.toLowerCase(), amount: '5.00', type: 'fixed_amount' }],
    customer: { id: 8, email: 'mia@example.test' }, email: 'mia@example.test', line_items: [],
  }).replace('"id":7,', '"id":820982911946154508,');
  const send = (/** @type {string} */ secret) =>
    shop.backend.fetch(
      new Request('http://backend.test/platforms/shopify/webhook', {
        method: 'POST', body: order,
        headers: { 'x-shopify-topic': 'orders/paid', 'x-shopify-shop-domain': 'tea.myshopify.com', 'x-shopify-webhook-id': '1', 'x-shopify-hmac-sha256': createHmac('sha256', secret).update(order).digest('base64') },
      }),
    );
  assert.equal((await send('another')).status, 401);
  assert.deepEqual(await shop.store.read('redemption', { where: { tenant: TENANT } }), []);
  for (let n = 0; n < 2; n += 1) assert.equal((await send('shpss_1')).status, 200);
  const rows = await shop.store.read('redemption', { where: { tenant: TENANT } });
  assert.deepEqual(rows.map(({ code, order_id }) => [code, order_id]), [[body.code, '820982911946154508']]);
  assert.ok((await shop.store.verify()).ok);
  await shop.close();
});

test('whose data a platform asks for goes to the shop, by the ids that the platform gave, and is kept no longer than that', async (t) => {
  /** @type {any[]} */
  const arrived = [];
  const listener = createServer((incoming, outgoing) => {
    let text = '';
    incoming.setEncoding('utf8').on('data', (part) => (text += part)).on('end', () => {
      arrived.push(JSON.parse(text));
      outgoing.end();
    });
  });
  await new Promise((done) => listener.listen(0, '127.0.0.1', () => done(undefined)));
  t.after(() => listener.close());
  const { port } = /** @type {import('node:net').AddressInfo} */ (listener.address());
  /** @type {string[]} */
  const logged = [];
  const log = { info: () => {}, warn: () => {}, error: (/** @type {object} */ fields, /** @type {string} */ message) => void logged.push(JSON.stringify([fields, message])) };
  const asks = async (/** @type {object[]} */ webhooks) => {
    const shop = backendFor({ log, webhooks: /** @type {any} */ (webhooks), platforms: (receiving) => createWebhooks({ core, shopify: { secrets: 'shpss_1' }, ...receiving }) });
    const body = JSON.stringify({ shop_id: 1, shop_domain: 'tea.myshopify.com', orders_requested: [299938], customer: { id: 191167, email: 'mia@example.test', phone: '555' }, data_request: { id: 9999 } });
    const headers = { 'x-shopify-topic': 'customers/data_request', 'x-shopify-shop-domain': 'tea.myshopify.com', 'x-shopify-webhook-id': '1', 'x-shopify-hmac-sha256': createHmac('sha256', 'shpss_1').update(body).digest('base64') };
    assert.equal((await shop.backend.fetch(new Request('http://backend.test/platforms/shopify/webhook', { method: 'POST', body, headers }))).status, 200);
    await shop.backend.sweep();
    const rows = await shop.store.read('outbox', { where: { tenant: TENANT, topic: 'data_request' } });
    await shop.close();
    return rows;
  };
  const [row] = await asks([{ url: `http://127.0.0.1:${port}`, secret: 'whs_a-secret-of-some-length', topics: ['data_request'] }]);
  assert.deepEqual(arrived.map(({ topic, data }) => [topic, data]), [['data_request', { platform: 'shopify', shop: 'tea.myshopify.com', request: '9999', customer: '191167', orders: ['299938'] }]]);
  assert.deepEqual([row.body, Number(row.sent_at) > 0], ['{}', true]);
  assert.deepEqual(logged, []);
  assert.deepEqual(await asks([]), []);
  assert.equal(logged.length, 1, 'nobody is told: the log says so');
  assert.match(logged[0], /data_request/);
  assert.doesNotMatch(logged.join(), /191167|299938|mia|555/);
});

test('a webhook that could not be taken in comes again, and the log says why', async () => {
  /** @type {any[]} */
  const logged = [];
  const log = { info: () => {}, warn: () => {}, error: (/** @type {any} */ fields) => void logged.push(fields) };
  const shop = backendFor({ log, platforms: (receiving) => createWebhooks({ core, shopify: { secrets: 'shpss_1' }, ...receiving }) });
  await shop.store.close();
  const body = JSON.stringify({ shop_domain: 'tea.myshopify.com', customer: { id: 191167, email: 'mia@example.test' }, orders_to_redact: [] });
  const headers = { 'x-shopify-topic': 'customers/redact', 'x-shopify-shop-domain': 'tea.myshopify.com', 'x-shopify-hmac-sha256': createHmac('sha256', 'shpss_1').update(body).digest('base64') };
  assert.equal((await shop.backend.fetch(new Request('http://backend.test/platforms/shopify/webhook', { method: 'POST', body, headers }))).status, 503);
  assert.deepEqual(logged.map(({ route, failure }) => [route, failure.code]), [['/platforms', 'unavailable']]);
  assert.doesNotMatch(JSON.stringify(logged), /191167|mia/);
});
