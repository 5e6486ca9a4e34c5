/** Every route of the server, good and bad; every answer is held against the OpenAPI document. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { KEYS, ORIGIN, START, TENANT, backendFor, freshCode, guess, publishable, request, rowOf, secret } from './support.mjs';
import { createMemoryStore, newApiKey } from '../../js/server/index.js';
import { Codes, mint } from '../../js/node.js';

/** @type {ReturnType<typeof backendFor>} */
let shop;
before(() => {
  shop = backendFor();
});
after(() => shop.close());

const refused = (/** @type {import('./support.mjs').Answer} */ answer, /** @type {number} */ status, /** @type {string} */ code, /** @type {string | undefined} */ path = undefined) => {
  assert.deepEqual([answer.status, answer.body?.error?.code], [status, code], answer.text);
  if (path !== undefined) assert.equal(answer.body.error.path, path);
};

describe('who may ask', () => {
  test('nobody without a key, and nobody with one that is not known or was revoked', async () => {
    const gone = newApiKey({ id: 'gone', kind: 'secret' });
    const other = backendFor({ apiKeys: [secret.entry, { ...gone.entry, revoked: true }] });
    for (const key of ['', 'zsk_x', `${secret.key}x`, newApiKey({ id: 'x', kind: 'secret' }).key, gone.key]) {
      refused(await other.post('/v1/redeem', {}, { key }), 401, 'unauthorized');
    }
    await other.close();
  });

  test('a page may decide, claim and look up, and nothing else', async () => {
    for (const path of ['/v1/redeem', '/v1/reserve', '/v1/release', '/v1/orders/events', '/v1/customers/export', '/v1/customers/erase', '/v1/tokens']) {
      refused(await shop.page(path, {}), 403, 'forbidden');
    }
    refused(await shop.get('/metrics', { key: publishable.key, origin: ORIGIN }), 401, 'unauthorized');
    assert.equal((await shop.page('/v1/decide', request())).status, 200);
  });

  test('a page of another origin may not, and neither may a program that says no origin', async () => {
    refused(await shop.page('/v1/decide', request(), { origin: 'https://evil.example' }), 403, 'forbidden');
    refused(await shop.post('/v1/decide', request(), { key: publishable.key }), 403, 'forbidden');
    refused(await shop.page('/v1/decide', request(), { origin: `${ORIGIN}.evil.example` }), 403, 'forbidden');
  });

  test('a secret key that comes from a page is refused', async () => {
    refused(await shop.post('/v1/redeem', {}, { origin: ORIGIN }), 403, 'forbidden');
  });

  test('a browser is told which pages may ask, and no others', async () => {
    const asked = (/** @type {string} */ path, /** @type {string} */ origin) => shop.ask('OPTIONS', path, undefined, { key: '', origin });
    const good = await asked('/v1/claims', ORIGIN);
    assert.deepEqual([good.status, good.headers.get('access-control-allow-origin'), good.headers.get('access-control-allow-methods')], [204, ORIGIN, 'POST']);
    assert.match(good.headers.get('access-control-allow-headers') ?? '', /zugabe-customer/);
    for (const [path, origin] of [['/v1/claims', 'https://evil.example'], ['/v1/redeem', ORIGIN]]) {
      const bad = await asked(path, origin);
      assert.deepEqual([bad.status, bad.headers.get('access-control-allow-origin')], [403, null]);
    }
  });
});

describe('what may be sent', () => {
  test('only JSON, only objects, and not too much of it', async () => {
    refused(await shop.post('/v1/redeem', 'code=1', { headers: { 'content-type': 'application/x-www-form-urlencoded' } }), 415, 'unsupported_media_type');
    refused(await shop.post('/v1/redeem', '{'), 400, 'invalid_json');
    for (const body of ['[]', '1', 'null']) refused(await shop.post('/v1/redeem', body), 400, 'invalid_type');
    refused(await shop.post('/v1/redeem', JSON.stringify({ code: 'x'.repeat(70_000) })), 413, 'too_large');
    const stream = new ReadableStream({
      pull(controller) {
        controller.enqueue(new TextEncoder().encode('x'.repeat(10_000)));
      },
    });
    const endless = new Request('http://backend.test/v1/redeem', /** @type {RequestInit} */ ({ method: 'POST', body: stream, duplex: 'half', headers: { authorization: `Bearer ${secret.key}`, 'content-type': 'application/json' } }));
    assert.equal((await shop.backend.fetch(endless)).status, 413, 'a body without an end is not read to its end');
  });

  test('what is nested deeper than anything that is meant is refused before anybody walks through it', async () => {
    const nested = (/** @type {number} */ depth) => `${'['.repeat(depth)}${']'.repeat(depth)}`;
    for (const body of [`{"v":${nested(10_000)}}`, `{"request":${nested(10_000)},"option":"x"}`, `{"request":${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}}`]) {
      for (const path of ['/v1/decide', '/v1/claims', '/v1/redeem', '/v1/orders/events']) refused(await shop.post(path, body), 422, 'invalid_value');
    }
    refused(await shop.page('/v1/decide', `{"v":${nested(10_000)}}`), 422, 'invalid_value');
    assert.notEqual((await shop.post('/v1/codes/look-up', { code: `${'['.repeat(100)}\\"${'{'.repeat(100)}` })).body.error.message.includes('nested'), true, 'brackets in a text are none');
  });

  test('a zero in a text, an offer without an end and bytes that are no text are refused: no database has to', async () => {
    for (const [path, body] of /** @type {[string, object][]} */ ([
      ['/v1/codes/look-up', { code: 'offer:a\u0000b' }],
      ['/v1/redeem', { code: freshCode(), order: 'a\u0000' }],
      ['/v1/orders/events', { event: 'paid', order: '1', buyer: { 'a\u0000': 1 } }],
    ])) refused(await shop.post(path, body), 422, 'invalid_value');
    refused(await shop.page('/v1/codes/look-up', { code: 'offer:a\u0000b' }), 422, 'invalid_value');
    refused(await shop.post('/v1/codes/look-up', { code: 'offer:a\\u0000b' }), 404, 'unknown');
    refused(await shop.post('/v1/referrals/a%00b/approve', {}), 422, 'invalid_value', 'id');
    for (const code of [`offer:${'a'.repeat(60_000)}`, 'offer:a\u0007']) {
      refused(await shop.page('/v1/codes/look-up', { code }), 422, 'invalid_value', 'code');
      refused(await shop.post('/v1/redeem', { code, order: '1' }), 422, 'invalid_value', 'code');
      refused(await shop.post('/v1/orders/events', { event: 'paid', order: '1', codes: [{ code }] }), 422, 'invalid_value', 'codes[0].code');
    }
    const bytes = Buffer.concat([Buffer.from('{"code":"offer:'), Buffer.from([0xff, 0xfe]), Buffer.from('"}')]);
    const of = async (/** @type {BodyInit} */ body, /** @type {Record<string, string>} */ more = {}) => {
      const asked = new Request('http://backend.test/v1/codes/look-up', /** @type {RequestInit} */ ({ method: 'POST', body, duplex: 'half', headers: { authorization: `Bearer ${secret.key}`, 'content-type': 'application/json', ...more } }));
      const answer = await shop.backend.fetch(asked);
      return [answer.status, (await answer.json()).error.code];
    };
    assert.deepEqual(await of(bytes, { 'content-length': String(bytes.length) }), [400, 'invalid_json']);
    assert.deepEqual(await of(new Blob([bytes]).stream()), [400, 'invalid_json']);
  });

  test('a field that is not known is named', async () => {
    refused(await shop.post('/v1/redeem', { code: freshCode(), order: '1', referrer: 'c_1' }), 422, 'unknown_field', 'referrer');
    refused(await shop.post('/v1/redeem', { code: freshCode() }), 422, 'missing_field', 'order');
    refused(await shop.post('/v1/reserve', { code: freshCode(), buyer: { customer: 'c_1' }, ttl: -1 }, { idempotency: 'a' }), 422, 'invalid_value', 'ttl');
  });

  test('a typing error is told as such: everybody can find it', async () => {
    const code = freshCode();
    const typed = code.slice(0, -1) + (code.endsWith('A') ? 'B' : 'A');
    refused(await shop.post('/v1/redeem', { code: typed, order: '1' }), 422, 'invalid_value', 'code');
  });

  test('an Idempotency-Key has a size and no signs that nobody sees', async () => {
    for (const idempotency of ['x'.repeat(256), 'a b', '']) refused(await shop.post('/v1/redeem', {}, { idempotency }), 422, 'invalid_value', 'Idempotency-Key');
  });

  test('another method and another address are told', async () => {
    const answer = await shop.get('/v1/redeem');
    refused(answer, 405, 'method_not_allowed');
    assert.equal(answer.headers.get('allow'), 'POST');
    refused(await shop.get('/v1/nothing'), 404, 'not_found');
  });
});

describe('decide and claim', () => {
  test('a decision is that of a page, at the server\'s time', async () => {
    const { status, body } = await shop.page('/v1/decide', request({ now: '2030-01-01T00:00:00Z' }));
    assert.equal(status, 200);
    assert.equal(body.v, 1);
    assert.ok(body.main);
    assert.equal((await shop.post('/v1/decide', request())).text, JSON.stringify(body), 'the same for a server, and whatever time it says');
  });

  test('a claim makes a code of this shop, and the same request gets the same code', async () => {
    const ask = { option: 'recommend', request: request({ subject: { id: 'c_claim', identity: 'login' } }) };
    const first = await shop.post('/v1/claims', ask);
    assert.equal(first.status, 200, first.text);
    const { code, shownCode, link } = first.body;
    assert.equal(new Codes(KEYS).verify(code).verdict, 'ok');
    assert.equal(shownCode.replaceAll('-', ''), code);
    assert.equal(link, `https://tea.example/friend#${code}`);
    assert.equal((await shop.post('/v1/claims', ask)).text, first.text);
    const row = await rowOf(shop.store, code);
    assert.match(String(row.referrer), /^c:k0\.[0-9a-f]{32}$/, 'a keyed hash, not the id');
  });

  test('a discount is one code for each order, for its customer alone, until the day that was named', async () => {
    const ask = { option: 'next-time', request: request() };
    const { status, body, text } = await shop.post('/v1/claims', ask);
    assert.equal(status, 200, text);
    const other = await shop.post('/v1/claims', { option: 'next-time', request: request({ order: { ...request().order, id: '1002' } }) });
    assert.notEqual(other.body.code, body.code);
    assert.ok(Date.parse(body.expiresAt) > START);
    const row = await rowOf(shop.store, body.code);
    assert.deepEqual([row.granted, String(row.owner).slice(0, 5)], [1, 'c:k0.']);
  });

  test('what is not offered is not given', async () => {
    refused(await shop.post('/v1/claims', { option: 'thanks', request: request() }), 409, 'not_offered');
    refused(await shop.post('/v1/claims', { option: 'nothing-like-it', request: request() }), 409, 'not_offered');
    const objected = request({ consent: { objected: true }, subject: { id: 'c_objected', identity: 'login' } });
    refused(await shop.post('/v1/claims', { option: 'recommend', request: objected }), 409, 'not_offered');
  });

  test('a page claims for the customer of its token, whatever it says itself', async () => {
    refused(await shop.page('/v1/claims', { option: 'recommend', request: request() }), 403, 'customer_unknown');
    const { body } = await shop.post('/v1/tokens', { customer: 'c_token', order: request().order, facts: { orderNumber: 1 }, ttl: 60 });
    const claimed = await shop.page('/v1/claims', { option: 'recommend', request: request({ subject: { id: 'c_somebody_else', identity: 'login' } }) }, { customer: body.token });
    assert.equal(claimed.status, 200, claimed.text);
    const own = await shop.post('/v1/claims', { option: 'recommend', request: request({ subject: { id: 'c_token', identity: 'login' } }) });
    assert.equal(own.body.code, claimed.body.code);
    shop.clock.now += 61_000;
    refused(await shop.page('/v1/claims', { option: 'recommend', request: request() }, { customer: body.token }), 403, 'customer_unknown');
    shop.clock.now = START;
    refused(await shop.page('/v1/claims', { option: 'recommend', request: request() }, { customer: `${body.token.slice(0, -2)}AA` }), 403, 'customer_unknown');
  });

  test('a page\'s Idempotency-Key is its customer\'s own, and a fresh token is no other request', async () => {
    const tokenOf = async (/** @type {string} */ customer, ttl = 60) => (await shop.post('/v1/tokens', { customer, order: request().order, facts: { orderNumber: 1 }, ttl })).body.token;
    const claimed = (/** @type {string} */ token) => shop.page('/v1/claims', { option: 'recommend', request: request() }, { customer: token, idempotency: 'claim-1' });
    const anna = await claimed(await tokenOf('c_idem_anna'));
    const ben = await claimed(await tokenOf('c_idem_ben'));
    assert.deepEqual([anna.status, ben.status, anna.body.code === ben.body.code], [200, 200, false]);
    const again = await claimed(await tokenOf('c_idem_anna', 120));
    assert.deepEqual([again.text, again.headers.get('idempotent-replayed')], [anna.text, 'true']);
    const { order: _, ...rest } = request();
    const other = await shop.post('/v1/tokens', { customer: 'c_idem_anna', order: { ...request().order, id: '1002' }, facts: { orderNumber: 2 }, ttl: 60 });
    refused(await shop.page('/v1/claims', { option: 'recommend', request: request() }, { customer: other.body.token, idempotency: 'claim-1' }), 422, 'key_reused');
    assert.equal((await shop.page('/v1/claims', { option: 'recommend', request: rest }, { customer: other.body.token, idempotency: 'claim-2' })).status, 200);
    const rows = await shop.store.read('idempotency', { where: { tenant: TENANT, operation: 'http.claim' } });
    assert.doesNotMatch(JSON.stringify(rows), /c_idem/);
  });

  test('a code that spells a word is passed over, and the one behind it is given out once', async () => {
    const other = backendFor();
    const minted = mint(KEYS, { batch: 4095, start: 0, count: 5000 });
    const gap = minted.findIndex(({ serial }, place) => serial !== place);
    assert.ok(gap >= 0, 'about one in a hundred');
    const lease = { type: 'lease', batch: 'c12/0/4095', count: gap, size: 1_048_576 };
    if (gap > 0) await other.store.run({ v: 1, tenant: TENANT, now: new Date(START).toISOString(), action: lease });
    const codes = [];
    for (const id of ['c_one', 'c_two', 'c_three']) {
      codes.push((await other.post('/v1/claims', { option: 'recommend', request: request({ subject: { id, identity: 'login' } }) })).body.code);
    }
    assert.deepEqual(codes, minted.slice(gap, gap + 3).map(({ code }) => code));
    const [batch] = await other.store.read('batch', { where: { tenant: TENANT } });
    assert.equal(batch.next, minted[gap + 2].serial + 1, 'serials of words are spent, too');
    await other.close();
  });
});

describe('a code', () => {
  test('a friend reads what a recommendation brings; every other code is of no use', async () => {
    const { body } = await shop.post('/v1/claims', { option: 'recommend', request: request() });
    const offer = await shop.page('/v1/codes/look-up', { code: body.shownCode.toLowerCase(), locale: 'en' });
    assert.equal(offer.status, 200, offer.text);
    assert.equal(offer.body.code, body.code);
    const own = await shop.post('/v1/claims', { option: 'next-time', request: request() });
    refused(await shop.page('/v1/codes/look-up', { code: own.body.code }), 404, 'unknown');
    refused(await shop.page('/v1/codes/look-up', { code: guess() }), 404, 'unknown');
  });

  test('reserve, redeem, release: held, taken, given back', async () => {
    const code = await shop.issue({ uses: 2 });
    const buyer = { customer: 'c_1', email: 'Anna@Example.org' };
    const held = await shop.post('/v1/reserve', { code, buyer, ttl: 60 }, { idempotency: 'hold-1' });
    assert.deepEqual(held.body, { outcome: 'done', code, heldUntil: '2026-11-23T10:01:00Z' });
    assert.equal((await rowOf(shop.store, code)).reserved, 1);
    const again = await shop.post('/v1/reserve', { code, buyer, ttl: 60 }, { idempotency: 'hold-1' });
    assert.deepEqual([again.text, again.headers.get('idempotent-replayed')], [held.text, 'true']);
    assert.equal((await shop.post('/v1/redeem', { code, order: '77', buyer, amount: 500 })).body.outcome, 'done');
    assert.equal((await shop.post('/v1/redeem', { code, order: '77', buyer, amount: 500 })).body.outcome, 'already_done');
    await shop.post('/v1/reserve', { code, buyer: { checkout: 'cart-9' } }, { idempotency: 'hold-2' });
    assert.equal((await shop.post('/v1/release', { code, buyer: { checkout: 'cart-9' } })).body.outcome, 'done');
    assert.equal((await shop.post('/v1/release', { code, buyer: { checkout: 'cart-9' } })).body.outcome, 'nothing_to_do');
    const row = await rowOf(shop.store, code);
    assert.deepEqual([row.available, row.reserved, row.redeemed], [1, 0, 1]);
    refused(await shop.post('/v1/reserve', { code, buyer }), 422, 'missing_field', 'Idempotency-Key');
  });

  test('the books know keyed hashes: no id and no address is in any row', async () => {
    const code = await shop.issue({ uses: 5, perCustomer: 1, scope: 'code' });
    await shop.post('/v1/redeem', { code, order: '88', buyer: { customer: 'c_secretive', email: 'secretive@example.org' } }, { idempotency: 'k-88' });
    const tables = ['idempotency', 'code', 'redemption', 'customer_use', 'entry', 'outbox', 'claim', 'reservation'];
    for (const table of tables) {
      const text = JSON.stringify(await shop.store.read(table, { limit: 10_000 }));
      assert.doesNotMatch(text, /secretive|@example/i, table);
    }
  });
});

describe('an order on the platform', () => {
  const states = async (/** @type {string} */ code) => {
    const { available, redeemed, void: gone } = await rowOf(shop.store, code);
    return [available, redeemed, gone];
  };

  test('one that nobody has heard of and that was cancelled says its codes, even none: it would be lost otherwise', async () => {
    for (const event of ['cancelled', 'refunded']) {
      const body = { event, order: `early-${event}`, total: 4000, refunded: event === 'refunded' ? 4000 : undefined };
      refused(await shop.post('/v1/orders/events', body), 422, 'missing_field', 'codes');
      const said = await shop.post('/v1/orders/events', { ...body, codes: [] });
      assert.deepEqual([said.status, said.body.codes], [200, []], said.text);
    }
  });

  test('paid, cancelled and refunded in any order and any number of times end the same', async () => {
    const events = [
      { event: 'paid', total: 5000 },
      { event: 'paid', total: 5000 },
      { event: 'cancelled' },
    ];
    const orders = [events, [...events].reverse(), [events[2], events[0], events[2]]];
    for (const [place, sequence] of orders.entries()) {
      const code = await shop.issue({ uses: 1 });
      for (const event of sequence) {
        const answer = await shop.post('/v1/orders/events', { order: `platform-${place}`, buyer: { customer: 'c_9' }, codes: [{ code, amount: 500 }, { code: 'SUMMER' }], ...event });
        assert.equal(answer.status, 200, answer.text);
      }
      assert.deepEqual(await states(code), [1, 0, 0], `sequence ${place}`);
    }
  });

  test('an event that names no codes means those of its order', async () => {
    const code = await shop.issue({ uses: 1 });
    await shop.post('/v1/orders/events', { event: 'paid', order: 'silent', codes: [{ code }], total: 5000 });
    assert.deepEqual(await states(code), [0, 1, 0]);
    const back = await shop.post('/v1/orders/events', { event: 'cancelled', order: 'silent' });
    assert.deepEqual(back.body, { order: 'silent', codes: [{ outcome: 'done', code, order: 'silent' }] });
    assert.deepEqual(await states(code), [1, 0, 0]);
  });

  test('a cancelled order gives its use back, although the event names a code of somebody else\'s alone', async () => {
    const code = await shop.issue({ uses: 1 });
    await shop.post('/v1/orders/events', { event: 'paid', order: 'foreign', codes: [{ code }], total: 5000 });
    await shop.post('/v1/orders/events', { event: 'cancelled', order: 'foreign', codes: [{ code: 'SUMMER10' }] });
    assert.deepEqual(await states(code), [1, 0, 0]);
  });

  test('an event that the books refuse is told so, and nothing is kept under its key', async () => {
    const store = createMemoryStore();
    /** @type {string | undefined} */
    let refusal;
    const other = backendFor({
      store: {
        ...store,
        run: async (operation) =>
          refusal !== undefined && /"type":"redeem"/.test(JSON.stringify(operation)) ? { answer: { v: 1, operation: 'redeem', refusal, status: 409 }, effects: [], replayed: false } : store.run(operation),
      },
    });
    const code = await other.issue({ uses: 1 });
    const paid = () => other.post('/v1/orders/events', { event: 'paid', order: '1', codes: [{ code }], total: 5000 }, { idempotency: 'a' });
    for (const [named, status, told] of /** @type {[string, number, string][]} */ ([['in_flight', 409, 'in_flight'], ['stale', 409, 'in_flight'], ['amount_too_high', 409, 'conflict'], ['books_broken', 500, 'internal']])) {
      refusal = named;
      refused(await paid(), status, told);
    }
    refusal = undefined;
    const answer = await paid();
    assert.deepEqual([answer.status, answer.body.codes], [200, [{ outcome: 'done', code, order: '1' }]]);
    assert.equal((await paid()).headers.get('idempotent-replayed'), 'true');
    await other.close();
  });

  test('an order without a code of ours changes nothing, and a code of another shop is passed over', async () => {
    const answer = await shop.post('/v1/orders/events', { event: 'paid', order: 'plain', codes: [{ code: guess() }, { code: 'HELLO' }], total: 100 });
    assert.deepEqual(answer.body, { order: 'plain', codes: [] });
  });

  test('the same event under the same key is answered once; another one under it is refused', async () => {
    const event = { event: 'paid', order: 'keyed', total: 100 };
    const first = await shop.post('/v1/orders/events', event, { idempotency: 'event-1' });
    const second = await shop.post('/v1/orders/events', event, { idempotency: 'event-1' });
    assert.deepEqual([second.text, second.headers.get('idempotent-replayed')], [first.text, 'true']);
    refused(await shop.post('/v1/orders/events', { ...event, total: 200 }, { idempotency: 'event-1' }), 422, 'key_reused');
    refused(await shop.post('/v1/orders/events', { ...event, total: -1 }, { idempotency: 'event-2' }), 422, 'invalid_amount');
    assert.equal((await shop.post('/v1/orders/events', event, { idempotency: 'event-2' })).status, 200, 'what was malformed is not kept');
  });
});

describe('a customer', () => {
  test('reads all that is known of her, is forgotten once, and the totals stay', async () => {
    const who = { customer: 'c_gone', email: 'gone@example.org' };
    const code = await shop.issue({ uses: 5, perCustomer: 2, scope: 'code' });
    const claimed = await shop.post('/v1/claims', { option: 'recommend', request: request({ subject: { id: 'c_gone', identity: 'login' } }), email: who.email });
    await shop.post('/v1/reserve', { code, buyer: who }, { idempotency: 'gone-1' });
    await shop.post('/v1/redeem', { code, order: 'gone-1', buyer: who });
    await shop.post('/v1/redeem', { code, order: 'gone-2', buyer: { email: 'GONE@example.org' } });
    await shop.post('/v1/redeem', { code, order: 'stays', buyer: { customer: 'c_stays' } });
    const { body } = await shop.post('/v1/customers/export', who);
    assert.deepEqual(Object.keys(body.tables).sort(), ['code', 'customer_use', 'entry', 'redemption', 'referral', 'referral_link', 'reservation']);
    assert.equal(body.tables.redemption.length, 2);
    assert.equal(body.tables.code[0].code, claimed.body.code);

    const before = await rowOf(shop.store, code);
    const erased = await shop.post('/v1/customers/erase', who);
    assert.ok(erased.body.rows >= 8, erased.text);
    assert.deepEqual((await shop.post('/v1/customers/erase', who)).body, { rows: 0 });
    assert.deepEqual((await shop.post('/v1/customers/export', who)).body.tables, {});
    const everything = [];
    for (const table of ['code', 'claim', 'redemption', 'reservation', 'customer_use', 'entry', 'outbox', 'reward']) everything.push(await shop.store.read(table, { limit: 10_000 }));
    for (const name of body.names) assert.ok(!JSON.stringify(everything).includes(name), `${name} is left somewhere`);
    assert.deepEqual(await rowOf(shop.store, code), before, 'the totals stay');
    assert.equal((await shop.post('/v1/customers/export', { customer: 'c_stays' })).body.tables.redemption.length, 1, 'others stay');
    const audit = await shop.store.verify();
    assert.ok(audit.ok, JSON.stringify(audit.findings));
  });

  test('has to be named', async () => {
    refused(await shop.post('/v1/customers/erase', {}), 422, 'missing_field', 'customer');
    refused(await shop.post('/v1/customers/export', { email: 'nobody' }), 422, 'invalid_value', 'email');
  });
});

describe('how it is', () => {
  test('health, readiness, statistics', async () => {
    assert.deepEqual((await shop.get('/health', { key: '' })).body, { ok: true });
    assert.deepEqual((await shop.get('/ready', { key: '' })).body, { ok: true });
    const { text, headers } = await shop.get('/metrics');
    assert.match(headers.get('content-type') ?? '', /^text\/plain; version=0\.0\.4/);
    assert.match(text, /^zugabe_http_requests_total\{route="\/v1\/redeem",method="POST",status="200"\} \d+$/m);
    assert.match(text, /^zugabe_operations_total\{operation="redeem",outcome="done"\} \d+$/m);
    assert.match(text, /^zugabe_http_seconds_bucket\{route="\/v1\/redeem",le="\+Inf"\} \d+$/m);
    for (const line of text.trim().split('\n')) assert.match(line, /^(# (HELP|TYPE) \w+ .+|\w+(\{\w+="[^"]*"(,\w+="[^"]*")*\})? [\d.e+-]+)$/, 'the text format of Prometheus');
    refused(await shop.get('/metrics', { key: '' }), 401, 'unauthorized');
  });

  test('when the books are away: 503, with the time to ask again, and not ready', async () => {
    const other = backendFor();
    await other.store.close();
    const answer = await other.post('/v1/redeem', { code: freshCode(), order: '1' }, { idempotency: 'a' });
    refused(answer, 503, 'unavailable');
    assert.equal(answer.headers.get('retry-after'), '1');
    const ready = await other.get('/ready', { key: '' });
    assert.deepEqual([ready.status, ready.body], [503, { ok: false }]);
    assert.equal((await other.get('/health', { key: '' })).status, 200);
  });

  test('books that do not answer in time: 503, and the same request finds its answer later', async () => {
    const store = (await import('../../js/server/index.js')).createMemoryStore();
    /** @type {() => void} */
    let go = () => {};
    const slow = { ...store, run: async (/** @type {object | string} */ operation) => {
      const ran = await store.run(operation);
      await new Promise((done) => (go = () => done(undefined)));
      return ran;
    } };
    const other = backendFor({ store, timeout: 20 });
    const code = await other.issue({ uses: 1 });
    const late = backendFor({ store: slow, timeout: 20 });
    const first = late.post('/v1/redeem', { code, order: '1' }, { idempotency: 'late' });
    refused(await first, 503, 'unavailable');
    go();
    const second = await other.post('/v1/redeem', { code, order: '1' }, { idempotency: 'late' });
    assert.deepEqual([second.status, second.headers.get('idempotent-replayed')], [200, 'true']);
  });
});
