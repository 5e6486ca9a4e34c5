/** Is whoever knocks the shop? Signatures beside the platforms' own libraries and PHP, and deliveries end to end on loopback. */
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { before, test } from 'node:test';
import * as core from '../../js/node.js';
import { createWebhooks } from '../../js/webhooks/index.js';
import { APP, ensureShopifyPackages } from '../../scripts/shopify.mjs';
import { execute, missing } from './helpers.mjs';

const SECRET = 'shpss_0123456789abcdef';
const KEYS = '{"v":1,"slots":[{"kid":0,"state":"active","secret":"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"}]}';
const AT = Date.parse('2026-11-28T10:00:00Z');
const now = () => new Date(AT).toISOString();
const mac = (/** @type {string} */ secret, /** @type {string | Uint8Array} */ body, /** @type {'hex' | 'base64'} */ text) => createHmac('sha256', secret).update(body).digest(text);

const ORDER = JSON.stringify({
  id: 1, name: '#1001', created_at: '2026-11-20T10:00:00Z', processed_at: '2026-11-20T10:01:00Z', currency: 'EUR', taxes_included: true, financial_status: 'paid',
  total_price: '30.00', subtotal_price: '30.00', total_discounts: '5.00', discount_codes: [{ code: '03VC-1S2Q-4HX0', amount: '5.00', type: 'fixed_amount' }],
  customer: { id: 7, email: 'jo@example.test' }, email: 'jo@example.test', line_items: [],
}).replace('"id":1,', '"id":820982911946154508,');

/** @param {string} body @param {string} signature @param {Record<string, string>} [more] */
const fromShopify = (body, signature, more = {}) =>
  new Request('https://zugabe.test/shopify/webhook', {
    method: 'POST', body,
    headers: { 'x-shopify-topic': 'orders/paid', 'x-shopify-hmac-sha256': signature, 'x-shopify-shop-domain': 'tea.myshopify.com', 'x-shopify-api-version': '2026-10', 'x-shopify-webhook-id': '1', ...more },
  });

/** @param {string} body @param {string} signature */
const fromShopware = (body, signature, path = '/shopware/webhook') =>
  new Request(`https://zugabe.test${path}`, { method: 'POST', body, headers: { 'shopware-shop-signature': signature } });

const shopwareBody = (/** @type {string} */ event, /** @type {any} */ payload, sent = AT / 1000) =>
  JSON.stringify({ data: { payload, event }, source: { url: 'https://tea.example', appVersion: '0.1.0', shopId: 'dgrH7nLU6tlE', eventId: 'e1' }, timestamp: sent });

/** A handler and what it was told. @param {object} [more] */
function handler(more = {}) {
  /** @type {any[]} */
  const told = [];
  const tell = (/** @type {string} */ what) => (/** @type {any} */ webhook) => void told.push([what, webhook]);
  const handle = createWebhooks({
    core, now, tenant: 'teehaus', keys: KEYS, shopify: { secrets: SECRET }, woocommerce: { secrets: [SECRET, 'older'] },
    onOrder: tell('order'), onPrivacy: tell('privacy'), onUninstalled: tell('uninstalled'), onOther: tell('other'), ...more,
  });
  return { handle, told };
}

/** What is to be judged: the body as signed, the signature, and what was done to them. */
function cases(/** @type {'hex' | 'base64'} */ text) {
  const good = mac(SECRET, ORDER, text);
  const other = good.replace(/^./, (first) => (first === 'a' ? 'b' : 'a'));
  return [
    { name: 'good', body: ORDER, signature: good, holds: true },
    { name: 'tampered body', body: ORDER.replace('30.00', '3.00'), signature: good, holds: false },
    { name: 'tampered signature', body: ORDER, signature: other, holds: false },
    { name: 'cut signature', body: ORDER, signature: good.slice(0, -4), holds: false },
    { name: 'no signature', body: ORDER, signature: '', holds: false },
    { name: 'another secret', body: ORDER, signature: mac('another', ORDER, text), holds: false },
    { name: 'empty secret', body: ORDER, signature: mac('', ORDER, text), holds: false },
    { name: 'the other spelling', body: ORDER, signature: mac(SECRET, ORDER, text === 'hex' ? 'base64' : 'hex'), holds: false },
    { name: 'letters beyond ASCII', body: ORDER.replace('#1001', 'Grüße 🍵'), signature: mac(SECRET, ORDER.replace('#1001', 'Grüße 🍵'), text), holds: true },
  ];
}

/** @type {any} */
let shopifyApi;
/** @type {any} */
let appServer;
before(async () => {
  await ensureShopifyPackages();
  const from = createRequire(join(APP, 'package.json'));
  const load = async (/** @type {string} */ name) => import(pathToFileURL(from.resolve(name)).href);
  await load('@shopify/shopify-api/adapters/node');
  shopifyApi = await load('@shopify/shopify-api');
  appServer = await load('@shopware-ag/app-server-sdk');
}, { timeout: 600_000 });

test("Shopify's own library judges every signature as we do", async () => {
  const { shopifyApi: make, ApiVersion, LogSeverity } = shopifyApi;
  const theirs = make({ apiKey: 'k', apiSecretKey: SECRET, hostName: 'zugabe.test', isEmbeddedApp: false, apiVersion: Object.values(ApiVersion)[0], logger: { level: LogSeverity.Error } });
  const { handle } = handler();
  for (const { name, body, signature, holds } of cases('base64')) {
    const headers = Object.fromEntries(fromShopify(body, signature).headers);
    const { valid } = await theirs.webhooks.validate({ rawBody: body, rawRequest: { method: 'POST', url: '/shopify/webhook', headers }, rawResponse: {} });
    const { status } = await handle(fromShopify(body, signature));
    assert.deepEqual([valid, status], [holds, holds ? 200 : 401], name);
  }
});

test("Shopware's own library judges every signature as we do", async () => {
  const { AppServer, InMemoryShopRepository } = appServer;
  const { signer } = new AppServer({ appName: 'ZugabeThanks', appSecret: 'app', authorizeCallbackUrl: 'https://zugabe.test' }, new InMemoryShopRepository());
  const store = new Map([['dgrH7nLU6tlE', { shop: 'dgrH7nLU6tlE', url: 'https://tea.example', secret: SECRET }]]);
  const { handle } = handler({ shopware: { app: 'ZugabeThanks', secrets: 'app', url: 'https://zugabe.test', store } });
  const wrapped = (/** @type {string} */ body) => shopwareBody('checkout.order.placed', { note: body });
  for (const { name, body, holds } of cases('hex')) {
    const sent = wrapped(body);
    const signed = holds ? mac(SECRET, sent, 'hex') : name === 'tampered body' ? mac(SECRET, `${sent} `, 'hex') : cases('hex').find((one) => one.name === name)?.signature ?? '';
    const valid = await signer.verify(signed, sent, SECRET);
    const { status } = await handle(fromShopware(sent, signed));
    assert.deepEqual([valid, status], [holds, holds ? 200 : 401], name);
  }
});

const noPhp = missing('php', 'on Debian, apt-get install php-cli.');
test("PHP's hash_hmac and hash_equals judge every signature as we do", { skip: noPhp }, async () => {
  const script = 'foreach (json_decode(stream_get_contents(STDIN), true) as [$secret, $body, $given, $raw]) { $own = hash_hmac("sha256", $body, $secret, $raw); echo hash_equals($raw ? base64_encode($own) : $own, $given) ? 1 : 0; }';
  const all = /** @type {const} */ (['base64', 'hex']).flatMap((text) => cases(text).map((one) => ({ ...one, text })));
  const { output } = execute('php', ['-r', script], { input: JSON.stringify(all.map(({ body, signature, text }) => [SECRET, body, signature, text === 'base64'])) });
  assert.equal(output, all.map(({ holds }) => (holds ? 1 : 0)).join(''));
  const { handle } = handler();
  for (const { name, body, signature, holds, text } of all.filter(({ text }) => text === 'base64')) {
    const request = new Request('https://zugabe.test/shop/woocommerce/webhook', { method: 'POST', body, headers: { 'x-wc-webhook-topic': 'coupon.created', 'x-wc-webhook-signature': signature, 'x-wc-webhook-source': 'https://tea.example/' } });
    assert.equal((await handle(request)).status, holds ? 200 : 401, `${name}, ${text}`);
  }
});

test('while a secret is exchanged both hold, and no third', async () => {
  const { handle } = handler({ shopify: { secrets: ['new', SECRET] } });
  for (const [secret, status] of /** @type {const} */ ([['new', 200], [SECRET, 200], ['older', 401]])) {
    assert.equal((await handle(fromShopify(ORDER, mac(secret, ORDER, 'base64')))).status, status);
  }
});

test('an order goes on with every digit and what the books are to be told, once; a failure makes the shop come again', async () => {
  let failing = true;
  /** @type {unknown[]} */
  const errors = [];
  /** @type {any[]} */
  const orders = [];
  const { handle } = handler({
    onError: (/** @type {unknown} */ error) => errors.push(error),
    onOrder: (/** @type {any} */ webhook) => {
      if (failing) throw new Error('the database is away');
      orders.push(webhook);
    },
  });
  const send = () => handle(fromShopify(ORDER, mac(SECRET, ORDER, 'base64')));
  assert.equal((await send()).status, 503);
  assert.equal(errors.length, 1);
  failing = false;
  for (let repetition = 0; repetition < 3; repetition++) assert.equal((await send()).status, 200);
  assert.equal(orders.length, 1, 'a repetition is answered and dropped');
  const { order, books, once } = orders[0].content;
  assert.equal(order.id, '820982911946154508');
  assert.equal(once, 'shopify/tea.myshopify.com/820982911946154508/paid');
  const [{ action }] = core.booksOrderEvent(books);
  assert.equal(books.holder.email, core.hashPerson(KEYS, { email: 'Jo@example.test' }).email, 'hashed as everywhere else');
  assert.deepEqual([action.type, action.code, action.order, action.amount], ['redeem', '03VC1S2Q4HX0', '820982911946154508', 500]);
  assert.ok(!JSON.stringify(orders).includes('jo@'));
});

test('privacy webhooks are passed on, and whoever has no place for them cannot start', async () => {
  const { handle, told } = handler();
  const send = (/** @type {string} */ topic, /** @type {any} */ body) => {
    const text = JSON.stringify({ shop_id: 1, shop_domain: 'tea.myshopify.com', ...body });
    return handle(fromShopify(text, mac(SECRET, text, 'base64'), { 'x-shopify-topic': topic, 'x-shopify-webhook-id': topic }));
  };
  await send('customers/data_request', { customer: { id: 7, email: 'jo@example.test' }, orders_requested: [1], data_request: { id: 2 } });
  await send('customers/redact', { customer: { id: 7, email: 'jo@example.test' }, orders_to_redact: [1] });
  await send('shop/redact', {});
  await send('app/uninstalled', { myshopify_domain: 'tea.myshopify.com' });
  assert.deepEqual(told.map(([what, { content }]) => [what, content.type]), [['privacy', 'data_request'], ['privacy', 'redact'], ['privacy', 'redact_shop'], ['uninstalled', 'uninstalled']]);
  assert.ok(!JSON.stringify(told).includes('@'));
  assert.throws(() => createWebhooks(/** @type {any} */ ({ core, onOrder() {} })), /onPrivacy/);
});

test('whatever is wrong, the refusal is the same; other paths, methods and sizes are refused as such', async () => {
  const { handle } = handler({ limit: 2000, shopware: { app: 'A', secrets: 's', url: 'https://zugabe.test', store: new Map() } });
  const answers = await Promise.all([
    handle(fromShopify(ORDER, 'x')),
    handle(fromShopware(shopwareBody('a', {}), mac(SECRET, 'x', 'hex'))),
    handle(fromShopware('nonsense', '')),
    handle(fromShopware('{"shopId":"unknown"}', '', '/shopware/confirm')),
    handle(new Request('https://zugabe.test/shopware/register?shop-id=1&shop-url=http://a&timestamp=1')),
  ]);
  const texts = await Promise.all(answers.map(async (answer) => [answer.status, await answer.text(), [...answer.headers]]));
  for (const text of texts) assert.deepEqual(text, texts[0]);
  assert.equal(texts[0][0], 401);
  assert.equal((await handle(new Request('https://zugabe.test/shopify/other'))).status, 404);
  const get = await handle(new Request('https://zugabe.test/shopify/webhook'));
  assert.deepEqual([get.status, get.headers.get('allow')], [405, 'POST']);
  assert.equal((await handle(fromShopify('x'.repeat(2001), ''))).status, 413);
});

/**
 * A server on loopback around a handler.
 * @param {(request: Request) => Promise<Response>} handle
 * @returns {Promise<{ url: string, close: () => Promise<void> }>}
 */
async function serve(handle) {
  const server = createServer(async (incoming, outgoing) => {
    const chunks = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
    const headers = /** @type {Record<string, string>} */ (incoming.headers);
    const body = chunks.length ? Buffer.concat(chunks) : undefined;
    const answer = await handle(new Request(`http://127.0.0.1:${port}${incoming.url}`, { method: incoming.method, headers, body }));
    outgoing.writeHead(answer.status, Object.fromEntries(answer.headers));
    outgoing.end(Buffer.from(await answer.arrayBuffer()));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  return { url: `http://127.0.0.1:${port}`, close: () => new Promise((resolve) => server.close(() => resolve())) };
}

test('a Shopware shop registers, confirms and sends an order, end to end on loopback; nobody takes it over with the app secret alone', async (context) => {
  const store = new Map();
  const clock = { at: AT };
  /** @type {any[]} */
  const orders = [];
  const handle = createWebhooks({
    core, now: () => new Date(clock.at).toISOString(), tenant: 'teehaus', onOrder: (webhook) => orders.push(webhook), onPrivacy() {},
    shopware: { app: 'ZugabeThanks', secrets: 'app-secret', url: 'https://zugabe.shop.test/', store },
  });
  const { url, close } = await serve(handle);
  context.after(close);

  // The shop's side, as Shopware does it: it signs the query as written, checks the proof, and confirms with the new secret.
  const shop = { id: 'dgrH7nLU6tlE', address: 'https://tea.example' };
  const register = async (/** @type {string | undefined} */ own, secret = 'app-secret') => {
    const query = `shop-id=${shop.id}&shop-url=${shop.address}&timestamp=${clock.at / 1000}`;
    const headers = { 'shopware-app-signature': mac(secret, query, 'hex'), ...(own && { 'shopware-shop-signature': mac(own, query, 'hex') }) };
    return fetch(`${url}/shopware/register?${query}`, { headers });
  };
  const confirm = async (/** @type {string} */ secret, /** @type {string | undefined} */ previous) => {
    const body = JSON.stringify({ apiKey: 'SWIAKEY', secretKey: 'stand-in', timestamp: `${clock.at / 1000}`, shopUrl: shop.address, shopId: shop.id });
    const headers = { 'shopware-shop-signature': mac(secret, body, 'hex'), ...(previous && { 'shopware-shop-signature-previous': mac(previous, body, 'hex') }) };
    return fetch(`${url}/shopware/confirm`, { method: 'POST', body, headers });
  };
  const order = (/** @type {string} */ secret, sent = clock.at / 1000) => {
    const body = shopwareBody('state_enter.order_transaction.state.paid', { order: ORDER_OF_SHOPWARE }, sent);
    return fetch(`${url}/shopware/webhook`, { method: 'POST', body, headers: { 'shopware-shop-signature': mac(secret, body, 'hex') } });
  };

  assert.equal((await register(undefined, 'not the app')).status, 401);
  const answer = await register(undefined);
  assert.equal(answer.status, 200);
  const { proof, secret, confirmation_url: confirmation } = await answer.json();
  assert.equal(proof, mac('app-secret', `${shop.id}${shop.address}ZugabeThanks`, 'hex'));
  assert.equal(confirmation, 'https://zugabe.shop.test/shopware/confirm');
  assert.ok(/^[0-9a-f]{64}$/.test(secret));
  assert.equal((await order(secret)).status, 401, 'not confirmed yet');
  assert.equal((await confirm('another', undefined)).status, 401);
  assert.equal((await confirm(secret, undefined)).status, 204);
  assert.deepEqual([store.get(shop.id).apiKey, store.get(shop.id).url, store.get(shop.id).pending], ['SWIAKEY', shop.address, undefined]);

  assert.equal((await order(secret)).status, 200);
  assert.equal(orders[0].content.order.id, 'a1b2');
  assert.equal(orders[0].content.books.codes[0].code, '03VC1S2Q4HX0');
  assert.equal((await order(secret, clock.at / 1000 - 400)).status, 401, 'an old delivery');

  // Again, with another secret: the old one has to sign, and is good for a little while.
  assert.equal((await register(undefined)).status, 401, 'the app secret alone');
  const second = await (await register(secret)).json();
  assert.equal((await order(secret)).status, 200, 'until it is confirmed the old secret holds');
  assert.equal((await confirm(second.secret, undefined)).status, 401);
  assert.equal((await confirm(second.secret, secret)).status, 204);
  assert.equal((await order(second.secret)).status, 200);
  assert.equal((await order(secret)).status, 200, 'what was on its way');
  clock.at += 301_000;
  assert.equal((await order(secret)).status, 401);
  assert.equal((await order(second.secret)).status, 200);
});

/** Hand-made from the documented fields: no public sample has a promotion line. */
const ORDER_OF_SHOPWARE = {
  id: 'a1b2', orderNumber: '10001', orderDateTime: '2026-11-20T10:00:00.000+00:00', amountTotal: 30, positionPrice: 30, shippingTotal: 0, taxStatus: 'gross',
  currency: { isoCode: 'EUR' }, stateMachineState: { technicalName: 'open' }, transactions: [{ stateMachineState: { technicalName: 'paid' }, updatedAt: '2026-11-20T10:05:00.000+00:00' }],
  lineItems: [{ id: 'l1', type: 'product', quantity: 1, totalPrice: 35 }, { id: 'l2', type: 'promotion', quantity: 1, totalPrice: -5, payload: { code: '03VC-1S2Q-4HX0', discountType: 'absolute' } }],
  orderCustomer: { customerId: 'c1', email: 'jo@example.test' },
};

test("Shopware's own library registers the same shop with the same proof", async () => {
  const { AppServer, InMemoryShopRepository } = appServer;
  const theirs = new AppServer({ appName: 'ZugabeThanks', appSecret: 'app-secret', authorizeCallbackUrl: 'https://zugabe.test/shopware/confirm' }, new InMemoryShopRepository());
  const { handle } = handler({ shopware: { app: 'ZugabeThanks', secrets: 'app-secret', url: 'https://zugabe.test', store: new Map() } });
  const query = `shop-id=abc&shop-url=https://tea.example&timestamp=${AT / 1000}`;
  for (const [signature, status] of /** @type {const} */ ([[mac('app-secret', query, 'hex'), 200], [mac('app-secret', `${query}1`, 'hex'), 401]])) {
    const request = () => new Request(`https://zugabe.test/shopware/register?${query}`, { headers: { 'shopware-app-signature': signature } });
    const [one, two] = [await theirs.registration.authorize(request()), await handle(request())];
    assert.deepEqual([one.status, two.status], [status, status]);
    if (status === 200) {
      const [a, b] = [await one.json(), await two.json()];
      assert.deepEqual([a.proof, a.confirmation_url], [b.proof, b.confirmation_url]);
    }
  }
});
