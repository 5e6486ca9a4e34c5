/** Attacks on other systems that were told in public, tried on this one by HTTP. The numbers are those of docs/threat-model.md. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { price } from '../../js/node.js';
import { TENANT, backendFor, guess, publishable, request, rowOf, ORIGIN } from './support.mjs';

/** @param {(shop: ReturnType<typeof backendFor>) => Promise<void>} work @param {Parameters<typeof backendFor>[0]} [options] */
async function inShop(work, options) {
  const shop = backendFor(options);
  try {
    await work(shop);
    const audit = await shop.store.verify();
    assert.ok(audit.ok, JSON.stringify(audit.findings));
  } finally {
    await shop.close();
  }
}

/** @param {number} count @param {(n: number) => Promise<import('./support.mjs').Answer>} ask */
const together = (count, ask) => Promise.all(Array.from({ length: count }, (_, n) => ask(n)));
/** @param {import('./support.mjs').Answer[]} answers */
const won = (answers) => answers.filter(({ status, body }) => status === 200 && body.outcome === 'done').length;

test('attack_01 two checkouts, one use: the loser is refused before she pays, and cannot undo the winner', () =>
  inShop(async (shop) => {
    const code = await shop.issue({ uses: 1 });
    const hold = (/** @type {number} */ n) => shop.post('/v1/reserve', { code, buyer: { checkout: `cart-${n}` } }, { idempotency: `hold-${n}` });
    const answers = await together(2, hold);
    assert.equal(won(answers), 1);
    const winner = answers.findIndex(({ status }) => status === 200);
    const loser = 1 - winner;
    assert.equal((await shop.post('/v1/release', { code, buyer: { checkout: `cart-${loser}` } })).body.outcome, 'nothing_to_do');
    assert.equal((await shop.post('/v1/redeem', { code, order: 'lost', buyer: { checkout: `cart-${loser}` } })).status, 404);
    assert.equal((await shop.post('/v1/redeem', { code, order: 'won', buyer: { checkout: `cart-${winner}` } })).body.outcome, 'done');
  }));

test('attack_02 1,500 parallel orders, limit 1,000: exactly 1,000, and the counter says so', () =>
  inShop(async (shop) => {
    const code = await shop.issue({ uses: 1000 });
    const answers = await together(1500, (n) => shop.post('/v1/redeem', { code, order: `o-${n}` }));
    assert.equal(won(answers), 1000);
    assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200, 404]));
    assert.equal((await rowOf(shop.store, code)).redeemed, 1000);
    assert.equal((await shop.store.read('entry', { where: { tenant: TENANT, kind: 'redeem', code }, columns: ['subject'], limit: 10_000 })).length, 1000);
  }));

test('attack_03 the payment fails, the same customer tries again at once with her own hold', () =>
  inShop(async (shop) => {
    const code = await shop.issue({ uses: 1 });
    const hold = (/** @type {string} */ idempotency, /** @type {object} */ buyer) => shop.post('/v1/reserve', { code, buyer, ttl: 600 }, { idempotency });
    assert.equal((await hold('a', { customer: 'c_1' })).body.outcome, 'done');
    assert.equal((await hold('b', { customer: 'c_1' })).body.outcome, 'renewed');
    assert.equal((await hold('c', { customer: 'c_2' })).status, 404);
    assert.equal((await shop.post('/v1/redeem', { code, order: '1', buyer: { customer: 'c_1' } })).body.outcome, 'done');
  }));

test('attack_04 a hold of no time, a guest, the same address twice: the limit per customer stays', () =>
  inShop(async (shop) => {
    const code = await shop.issue({ uses: 10, perCustomer: 1, scope: 'code' });
    assert.equal((await shop.post('/v1/reserve', { code, ttl: 0, buyer: { email: 'guest@example.org' } }, { idempotency: 'a' })).status, 200);
    assert.equal((await shop.post('/v1/redeem', { code, order: '1', buyer: { email: 'guest@example.org' } })).body.outcome, 'done');
    assert.equal((await shop.post('/v1/redeem', { code, order: '2', buyer: { email: ' Guest@Example.org ' } })).status, 404);
    const nobody = await shop.post('/v1/redeem', { code, order: '3' });
    assert.deepEqual([nobody.status, nobody.body.error.code], [422, 'customer_required']);
  }));

test('attack_05 parallel payments: the limit and the limit per customer both hold at settlement', () =>
  inShop(async (shop) => {
    const code = await shop.issue({ uses: 5, perCustomer: 2, scope: 'code' });
    const answers = await together(40, (n) => shop.post('/v1/redeem', { code, order: `o-${n}`, buyer: { customer: `c_${n % 2}` } }));
    assert.equal(won(answers), 4, 'two customers, two each, although five uses are there');
    assert.equal(won(await together(10, (n) => shop.post('/v1/redeem', { code, order: `p-${n}`, buyer: { customer: `d_${n}` } }))), 1);
  }));

test('attack_06 a one-time voucher in thirty sessions at once: one order', () =>
  inShop(async (shop) => {
    const code = await shop.issue({ uses: 1 });
    assert.equal(won(await together(30, (n) => shop.post('/v1/redeem', { code, order: `o-${n}`, buyer: { checkout: `s-${n}` } }))), 1);
  }));

test('attack_07 five parallel orders with one coupon: one, and nobody pays less than nothing', () =>
  inShop(async (shop) => {
    const code = await shop.issue({ uses: 1, budget: 'b', granted: 500 });
    assert.equal(won(await together(5, (n) => shop.post('/v1/redeem', { code, order: `o-${n}`, amount: 500 }))), 1);
    const [budget] = await shop.store.read('budget', { where: { tenant: TENANT } });
    assert.deepEqual([budget.available, budget.spent], [0, 500]);
    const cart = { v: 1, now: '2026-11-23T10:00:00Z', currency: 'EUR', lines: [{ id: 'a', quantity: 1, unit: 300 }], promotions: [{ id: 'five', currency: 'EUR', effect: { type: 'fixed', amount: 500 } }] };
    assert.equal(price(cart).total, 0);
  }));

test('attack_08 sixty-four parallel claims: one row, one code', () =>
  inShop(async (shop) => {
    const answers = await together(64, () => shop.post('/v1/claims', { option: 'recommend', request: request() }));
    assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]));
    assert.equal(new Set(answers.map(({ text }) => text)).size, 1);
    assert.equal((await shop.store.read('claim', { where: { tenant: TENANT } })).length, 1);
    assert.equal((await shop.store.read('code', { where: { tenant: TENANT } })).length, 1);
  }));

test('attack_09 limit 3, five at once: 3', () =>
  inShop(async (shop) => {
    const code = await shop.issue({ uses: 3 });
    assert.equal(won(await together(5, (n) => shop.post('/v1/redeem', { code, order: `o-${n}` }))), 3);
  }));

test('attack_10 an order is told of a discount only when it is in the books, and the customer\'s count is written', () =>
  inShop(async (shop) => {
    const code = await shop.issue({ uses: 9, perCustomer: 1, scope: 'code' });
    const answer = await shop.post('/v1/redeem', { code, order: '1', buyer: { customer: 'c_1' } });
    assert.equal(answer.status, 200);
    assert.equal((await shop.store.read('redemption', { where: { tenant: TENANT, order_id: '1' } })).length, 1);
    assert.deepEqual((await shop.store.read('customer_use', { where: { tenant: TENANT } })).map(({ used }) => used), [1]);
    const refused = await shop.post('/v1/redeem', { code, order: '2', buyer: { customer: 'c_1' } });
    assert.equal(refused.status, 404);
    assert.equal((await shop.store.read('redemption', { where: { tenant: TENANT, order_id: '2' } })).length, 0, 'no order with a discount that was not taken');
  }));

test('attack_11 two clicks on "order" at once: one use', () =>
  inShop(async (shop) => {
    const code = await shop.issue({ uses: 9 });
    const answers = await together(2, () => shop.post('/v1/redeem', { code, order: 'same', buyer: { customer: 'c_1' } }));
    assert.deepEqual(answers.map(({ body }) => body.outcome).sort(), ['already_done', 'done']);
    assert.equal((await rowOf(shop.store, code)).redeemed, 1);
  }));

test('attack_12 1,000 guesses in a loop: locked out after the limit, and a good code tells no more than a bad one', () =>
  inShop(
    async (shop) => {
      const { body } = await shop.post('/v1/claims', { option: 'recommend', request: request() });
      const look = (/** @type {string} */ code) => shop.page('/v1/codes/look-up', { code });
      const bad = guess();
      const statuses = [];
      for (let n = 0; n < 1000; n += 1) statuses.push((await look(n % 100 === 99 ? guess() : bad)).status);
      assert.equal(statuses.filter((status) => status === 404).length, 20);
      assert.equal(statuses.filter((status) => status === 429).length, 980);
      const [good, other] = [await look(body.code), await look(guess())];
      assert.deepEqual([good.status, good.text], [other.status, other.text]);
    },
    { limits: { ip: { tries: Infinity, seconds: 60 }, publishable: { tries: Infinity, seconds: 60 } } },
  ));

test('attack_12 the same through a checkout: a buyer who guesses is locked out, others are not', () =>
  inShop(
    async (shop) => {
      const code = await shop.issue({ uses: 1 });
      const tried = (/** @type {string} */ customer, /** @type {string} */ one) => shop.post('/v1/redeem', { code: one, order: `${customer}-${one}`, buyer: { customer } });
      const statuses = [];
      for (let n = 0; n < 25; n += 1) statuses.push((await tried('c_guesses', guess())).status);
      assert.deepEqual([statuses.filter((status) => status === 404).length, statuses.at(-1)], [20, 429]);
      assert.equal((await tried('c_guesses', code)).status, 429);
      assert.equal((await tried('c_honest', code)).status, 200);
    },
    { limits: {} },
  ));

test('attack_13 unknown, expired, used, revoked, somebody else\'s, not begun: one answer, byte for byte, whoever asks', () =>
  inShop(async (shop) => {
    const now = shop.clock.now;
    const at = (/** @type {number} */ seconds) => new Date(now + seconds * 1000).toISOString();
    const used = await shop.issue({ uses: 1 });
    await shop.post('/v1/redeem', { code: used, order: 'first' });
    const revoked = await shop.issue({ uses: 1 });
    await shop.store.run({ v: 1, tenant: TENANT, now: at(0), action: { type: 'void', code: revoked } });
    const others = (await shop.post('/v1/claims', { option: 'next-time', request: request() })).body.code;
    const capped = await shop.issue({ uses: 9, perCustomer: 1, scope: 'code' });
    await shop.post('/v1/redeem', { code: capped, order: 'hers', buyer: { customer: 'c_x' } });
    const poor = await shop.issue({ uses: 9, budget: 'empty', granted: 1 });
    const codes = {
      unknown: guess(),
      expired: await shop.issue({ uses: 1, expiresAt: at(-1) }),
      early: await shop.issue({ uses: 1, startsAt: at(60) }),
      used,
      revoked,
      others,
      capped,
      poor,
    };
    for (const [path, idempotency] of [['/v1/redeem', undefined], ['/v1/redeem', 'key'], ['/v1/reserve', 'key']]) {
      const answers = [];
      for (const [name, code] of Object.entries(codes)) {
        const body = { code, buyer: { customer: 'c_x' }, amount: 500, ...(path === '/v1/redeem' && { order: 'next' }) };
        const { status, text, headers } = await shop.post(path ?? '', body, idempotency ? { idempotency: `${idempotency}-${path}-${name}` } : {});
        const { 'zugabe-request': _, ...same } = Object.fromEntries(headers);
        answers.push(JSON.stringify({ status, text, same }));
      }
      assert.deepEqual(new Set(answers).size, 1, answers.join('\n'));
    }
    const looks = [];
    for (const code of Object.values(codes)) looks.push(await shop.page('/v1/codes/look-up', { code }));
    const useless = looks.filter((_, place) => !['capped', 'poor'].includes(Object.keys(codes)[place]));
    assert.deepEqual(new Set(useless.map(({ status, text }) => `${status} ${text}`)).size, 1);
  }));

test('attack_13 answers to codes of no use leave at set times, whatever was looked at; good ones leave at once', () => {
  /** @type {number[]} */
  const pauses = [];
  return inShop(
    async (shop) => {
      const used = await shop.issue({ uses: 1 });
      await shop.post('/v1/redeem', { code: used, order: 'first' });
      assert.deepEqual(pauses, []);
      for (const code of [used, guess()]) await shop.post('/v1/redeem', { code, order: 'second' }, { idempotency: `t-${code}` });
      await shop.page('/v1/codes/look-up', { code: used });
      assert.equal(pauses.length, 3);
      for (const pause of pauses) assert.ok(pause > 0 && pause <= 20, `${pause}`);
    },
    { pause: async (milliseconds) => pauses.push(milliseconds) },
  );
});

test('attack_14 who recommends herself, or names a referrer: refused; the referrer comes from the code alone', () =>
  inShop(async (shop) => {
    const { body } = await shop.post('/v1/claims', { option: 'recommend', request: request(), email: 'anna@example.org' });
    for (const buyer of [{ customer: 'c_4711' }, { customer: 'c_other', email: 'ANNA@example.org' }]) {
      const own = await shop.post('/v1/redeem', { code: body.code, order: '1', buyer });
      assert.deepEqual([own.status, own.body.error.code], [422, 'own_code']);
    }
    for (const field of ['referrer', 'referrerEmail', 'referral']) {
      for (const [path, ask] of /** @type {[string, object][]} */ ([
        ['/v1/redeem', { code: body.code, order: '1', buyer: { customer: 'c_2' } }],
        ['/v1/orders/events', { event: 'paid', order: '1', codes: [{ code: body.code }] }],
        ['/v1/claims', { option: 'recommend', request: request() }],
        ['/v1/codes/look-up', { code: body.code }],
      ])) {
        const answer = await shop.post(path, { ...ask, [field]: 'c_1' });
        assert.deepEqual([answer.status, answer.body.error.code, answer.body.error.path], [422, 'unknown_field', field], path);
      }
    }
  }));

test('attack_16 the discount is reckoned by the shop, but a code is once for an order, and its budget is one', () =>
  inShop(async (shop) => {
    const save = await shop.issue({ uses: 99, budget: 'b', granted: 1000, perCustomer: 1, scope: 'campaign' });
    const flat = await shop.issue({ uses: 99, budget: 'b', perCustomer: 1, scope: 'campaign' });
    const take = (/** @type {string} */ code, /** @type {string} */ order) => shop.post('/v1/redeem', { code, order, amount: 500, buyer: { customer: 'c_1' } });
    assert.equal((await take(save, '1')).body.outcome, 'done');
    assert.equal((await take(save, '1')).body.outcome, 'already_done');
    for (const order of ['1', '2', '3']) assert.equal((await take(flat, order)).status, 404, 'one of the campaign for each customer, over all sessions');
    const cart = {
      v: 1,
      now: '2026-11-23T10:00:00Z',
      currency: 'EUR',
      lines: [{ id: 'a', quantity: 1, unit: 2000 }],
      promotions: [
        { id: 'save20', effect: { type: 'percent', bp: 2000 }, exclusive: true },
        { id: 'flat5', currency: 'EUR', effect: { type: 'fixed', amount: 500 } },
      ],
    };
    assert.equal(price(cart).applied.length, 1, 'an exclusive promotion stands alone');
  }));

test('attack_17 another customer\'s voucher or name: the answer is that to an unknown one', () =>
  inShop(async (shop) => {
    const { body } = await shop.post('/v1/claims', { option: 'next-time', request: request() });
    const theirs = await shop.post('/v1/redeem', { code: body.code, order: '1', buyer: { customer: 'c_thief' } });
    const unknown = await shop.post('/v1/redeem', { code: guess(), order: '1', buyer: { customer: 'c_thief' } });
    assert.deepEqual([theirs.status, theirs.text], [unknown.status, unknown.text]);
    const claimed = await shop.ask('POST', '/v1/claims', { option: 'recommend', request: request() }, { key: publishable.key, origin: ORIGIN });
    assert.deepEqual([claimed.status, claimed.body.error.code], [403, 'customer_unknown'], 'a page cannot claim for whomever it names');
  }));

test('attack_18 the same Idempotency-Key with another amount: 422, and nothing is written', () =>
  inShop(async (shop) => {
    const code = await shop.issue({ uses: 9, budget: 'b' });
    const take = (/** @type {number} */ amount) => shop.post('/v1/redeem', { code, order: '1', amount }, { idempotency: 'same' });
    const first = await take(500);
    const before = await shop.store.read('entry', { limit: 10_000 });
    const other = await take(400);
    assert.deepEqual([other.status, other.body.error.code], [422, 'key_reused']);
    assert.deepEqual(await shop.store.read('entry', { limit: 10_000 }), before);
    const again = await take(500);
    assert.deepEqual([again.text, again.headers.get('idempotent-replayed')], [first.text, 'true']);
  }));

test('attack_18 two at once under one key: one is done, the other is told to wait or gets the same answer', () =>
  inShop(async (shop) => {
    const event = { event: 'paid', order: 'same', total: 100, codes: [{ code: await shop.issue({ uses: 1 }) }] };
    const answers = await together(8, () => shop.post('/v1/orders/events', event, { idempotency: 'one' }));
    const done = answers.filter(({ status }) => status === 200);
    assert.ok(done.length >= 1);
    assert.equal(new Set(done.map(({ text }) => text)).size, 1);
    for (const answer of answers) if (answer.status !== 200) assert.deepEqual([answer.status, answer.body.error.code], [409, 'in_flight']);
  }));
