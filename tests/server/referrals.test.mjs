/** Who brought whom, by HTTP: from the code to the reward, and what does not get that far. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { PROGRAM, TENANT, backendFor, request } from './support.mjs';

const DAY = 86_400_000;
const TERMS = { reward: { kind: 'discount', amount: 500, minimumOrder: 2000 }, returnDays: 30 };
const program = { ...PROGRAM, referral: { terms: TERMS } };

/** @param {(shop: ReturnType<typeof shopOf>) => Promise<void>} work */
async function inShop(work) {
  const shop = shopOf();
  try {
    await work(shop);
    const audit = await shop.store.verify();
    assert.ok(audit.ok, JSON.stringify(audit.findings));
  } finally {
    await shop.close();
  }
}

function shopOf() {
  const shop = backendFor({ program });
  return {
    ...shop,
    /** Anna's code. */
    share: async (customer = 'c_anna', email = 'anna@example.org', more = {}) => {
      const { body, text, status } = await shop.post('/v1/claims', { option: 'recommend', request: request({ subject: { id: customer, identity: 'login' }, moment: { type: 'order_completed', at: new Date(shop.clock.now).toISOString() } }), email, ...more });
      assert.equal(status, 200, text);
      return /** @type {string} */ (body.code);
    },
    /** An event of Ben's order. */
    order: async (/** @type {object} */ event) => {
      const answer = await shop.post('/v1/orders/events', { order: 'b-1', buyer: { customer: 'c_ben', email: 'ben@example.org' }, newFriend: true, currency: 'EUR', total: 5000, ...event });
      assert.equal(answer.status, 200, answer.text);
      return answer.body;
    },
    state: async (ask = /** @type {object} */ ({ order: 'b-1' })) => {
      const { body } = await shop.post('/v1/referrals/search', ask);
      const all = body.referral ? [body.referral] : (body.referrals ?? []);
      return all.map((/** @type {any} */ one) => (one.reason ? `${one.state}/${one.reason}` : one.state)).join(' ') || body.outcome;
    },
    later: async (/** @type {number} */ days) => {
      shop.clock.now += days * DAY;
      await shop.backend.sweep();
    },
    rewards: () => shop.store.read('reward', { where: { tenant: TENANT } }),
  };
}

describe('a recommendation', () => {
  test('is rewarded when the friend can no longer return the order, with a code of the referrer\'s own', () =>
    inShop(async (shop) => {
      const code = await shop.share();
      assert.equal(await shop.state({ customer: 'c_anna' }), 'done', 'shared is nobody brought yet');
      await shop.order({ event: 'paid', codes: [{ code, amount: 500 }] });
      assert.equal(await shop.state(), 'pending');
      await shop.later(29);
      assert.equal(await shop.state(), 'pending');
      await shop.later(2);
      assert.equal(await shop.state(), 'rewarded');
      assert.deepEqual((await shop.rewards()).map(({ state, amount }) => [state, amount]), [['granted', 500]]);
      const [given] = await shop.store.read('code', { where: { tenant: TENANT, campaign: 'reward' } });
      assert.match(String(given.owner), /^c:k0\./);
      await shop.later(1);
      assert.equal((await shop.store.read('code', { where: { tenant: TENANT, campaign: 'reward' } })).length, 1, 'once');
      const hers = await shop.post('/v1/redeem', { code: given.code, order: 'a-2', buyer: { customer: 'c_anna' } });
      assert.equal(hers.body.outcome, 'done');
      assert.equal((await shop.post('/v1/redeem', { code: given.code, order: 'x', buyer: { customer: 'c_ben' } })).status, 404);
      assert.equal(await shop.state({ customer: 'c_ben' }), 'rewarded', 'found by the friend, too');
    }));

  test('the same events in another order and several times end the same', () =>
    inShop(async (shop) => {
      const code = await shop.share();
      const paid = { event: 'paid', codes: [{ code }] };
      await shop.order({ event: 'refunded', refunded: 100, codes: [{ code }] });
      for (let n = 0; n < 3; n += 1) await shop.order(paid);
      await shop.later(31);
      assert.equal(await shop.state(), 'rewarded');
      assert.equal((await shop.rewards()).length, 1);
    }));

  test('an order that is paid back owes nothing', () =>
    inShop(async (shop) => {
      const code = await shop.share();
      await shop.order({ event: 'paid', codes: [{ code }] });
      await shop.order({ event: 'refunded', refunded: 5000 });
      assert.match(await shop.state(), /^rejected\//);
      await shop.later(31);
      assert.equal((await shop.rewards()).length, 0);
    }));

  test('an order without a code is nobody\'s recommendation', () =>
    inShop(async (shop) => {
      await shop.share();
      await shop.order({ event: 'paid', codes: [] });
      assert.equal(await shop.state(), 'not_found');
    }));

  test('one that looks wrong waits for somebody\'s word: passed, it is rewarded; voided, never', () =>
    inShop(async (shop) => {
      const code = await shop.share();
      const flag = (/** @type {string} */ order, /** @type {string} */ customer) =>
        shop.order({ event: 'paid', order, codes: [{ code }], newFriend: undefined, buyer: { customer, email: `${customer}@example.org` } });
      await flag('f-1', 'c_f1');
      await flag('f-2', 'c_f2');
      const { body } = await shop.get('/v1/referrals/queue');
      assert.deepEqual(body.referrals.map((/** @type {any} */ one) => one.state), ['flagged', 'flagged']);
      const [first, second] = body.referrals.map((/** @type {any} */ one) => one.id);
      assert.equal((await shop.post(`/v1/referrals/${first}/approve`, {})).status, 200);
      assert.equal((await shop.post(`/v1/referrals/${second}/void`, {})).status, 200);
      assert.equal((await shop.post(`/v1/referrals/${second}/approve`, {})).status, 409, 'rejected is final');
      assert.equal((await shop.post('/v1/referrals/r_none/approve', {})).status, 404);
      await shop.later(31);
      assert.equal((await shop.rewards()).length, 1);
      assert.deepEqual((await shop.get('/v1/referrals/queue')).body.referrals, []);
    }));

  test('two servers that hear the same at the same time write it down once', async () => {
    const one = backendFor({ program });
    const other = backendFor({ program, store: one.store });
    const { body } = await one.post('/v1/claims', { option: 'recommend', request: request() });
    const event = { event: 'paid', order: 'b-1', buyer: { customer: 'c_ben' }, newFriend: true, total: 5000, codes: [{ code: body.code }] };
    const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => (n % 2 ? one : other).post('/v1/orders/events', event)));
    assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]));
    assert.equal((await one.store.read('referral', { where: { tenant: TENANT, order_id: 'b-1' } })).length, 1);
    for (const shop of [one, other]) shop.clock.now += 31 * DAY;
    await Promise.all([one.backend.sweep(), other.backend.sweep(), one.backend.sweep()]);
    assert.equal((await one.store.read('reward', { where: { tenant: TENANT } })).length, 1);
    assert.equal((await one.store.read('code', { where: { tenant: TENANT, campaign: 'reward' } })).length, 1);
    assert.ok((await one.store.verify()).ok);
    await one.close();
  });

  test('whoever is forgotten leaves the recommendation standing, and no trace of herself in it', () =>
    inShop(async (shop) => {
      const code = await shop.share();
      await shop.order({ event: 'paid', codes: [{ code }], buyer: { customer: 'c_ben', email: 'ben@example.org', signals: { phone: '0451 123', payment: 'card-9', address: 'Markt 3', ip: '192.0.2.9' } } });
      const ben = { customer: 'c_ben', email: 'ben@example.org' };
      const before = await shop.post('/v1/customers/export', ben);
      const document = JSON.parse(before.body.tables.referral[0].document);
      assert.equal(Object.keys(document.friend).length, 6, 'id, address and four signals');
      assert.ok((await shop.post('/v1/customers/erase', ben)).body.rows > 5);
      assert.deepEqual((await shop.post('/v1/customers/export', ben)).body.tables, {});
      const everything = [];
      for (const table of ['referral', 'referral_link', 'entry', 'outbox', 'reward', 'redemption']) everything.push(await shop.store.read(table, { limit: 10_000 }));
      for (const hash of Object.values(document.friend)) assert.ok(!JSON.stringify(everything).includes(String(hash)), `${hash} is left`);
      await shop.later(31);
      assert.equal(await shop.state(), 'rewarded', 'Anna keeps what she is owed');
      const anna = { customer: 'c_anna', email: 'anna@example.org' };
      assert.ok((await shop.post('/v1/customers/erase', anna)).body.rows > 3);
      assert.deepEqual((await shop.post('/v1/customers/export', anna)).body.tables, {});
    }));
});

test('attack_14 arriving with one\'s own code is refused where it is entered, under an alias, too', () =>
  inShop(async (shop) => {
    const code = await shop.share('c_anna', 'anna@gmail.com');
    const hold = (/** @type {object} */ buyer, /** @type {string} */ idempotency) => shop.post('/v1/reserve', { code, buyer }, { idempotency });
    const own = await hold({ customer: 'c_anna' }, 'a');
    assert.deepEqual([own.status, own.body.error.code], [422, 'own_code']);
    const address = await hold({ customer: 'c_new', email: 'Anna@gmail.com' }, 'b');
    assert.deepEqual([address.status, address.body.error.code], [422, 'own_code']);
    assert.equal((await hold({ customer: 'c_ben', email: 'ben@example.org' }, 'c')).status, 200);
  }));

test('attack_15 throw-away accounts: nothing is granted before an order is paid and kept, and a throw-away address has to be looked at', () =>
  inShop(async (shop) => {
    const code = await shop.share();
    for (let n = 0; n < 3; n += 1) {
      await shop.post('/v1/reserve', { code, buyer: { customer: `c_fake${n}`, email: `fake${n}@mailinator.com` } }, { idempotency: `h-${n}` });
    }
    await shop.later(200);
    assert.equal((await shop.rewards()).length, 0, 'accounts are no orders');
    await shop.order({ event: 'paid', order: 'p-1', codes: [{ code }], newFriend: undefined, buyer: { customer: 'c_fake9', email: 'fake9@mailinator.com' } });
    await shop.later(200);
    assert.equal((await shop.rewards()).length, 0);
    assert.match(await shop.state({ order: 'p-1' }), /^flagged/);
  }));

test('attack_19 cancelled twice, and after the reward: one release, and a claw-back that is an entry', () =>
  inShop(async (shop) => {
    const code = await shop.share();
    await shop.order({ event: 'paid', codes: [{ code, amount: 500 }] });
    await shop.later(31);
    assert.equal(await shop.state(), 'rewarded');
    const [given] = await shop.store.read('code', { where: { tenant: TENANT, campaign: 'reward' } });
    for (let n = 0; n < 2; n += 1) await shop.order({ event: 'cancelled' });
    await shop.later(1);
    assert.match(await shop.state(), /^reversed\//);
    const entries = await shop.store.read('entry', { where: { tenant: TENANT }, limit: 10_000 });
    const count = (/** @type {string} */ kind) => entries.filter((entry) => entry.kind === kind).length;
    assert.deepEqual([count('reward'), count('claw_back'), count('cancel')], [1, 1, 1]);
    assert.deepEqual((await shop.rewards()).map(({ state }) => state), ['taken_back']);
    const late = await shop.post('/v1/redeem', { code: given.code, order: 'a-9', buyer: { customer: 'c_anna' } });
    assert.equal(late.status, 404, 'the code that she got for it is of no use any more');
  }));

test('a reward that is taken back long after it was granted takes its code along', () =>
  inShop(async (shop) => {
    const code = await shop.share();
    await shop.order({ event: 'paid', codes: [{ code, amount: 500 }] });
    await shop.later(31);
    const [given] = await shop.store.read('code', { where: { tenant: TENANT, campaign: 'reward' } });
    await shop.later(8);
    await shop.order({ event: 'refunded', refunded: 5000 });
    await shop.later(0.01);
    assert.equal(await shop.state(), 'reversed/refunded');
    const late = await shop.post('/v1/redeem', { code: given.code, order: 'a-9', buyer: { customer: 'c_anna' } });
    assert.equal(late.status, 404);
  }));

test('a code that was entered with a stranger\'s address earns nothing by the stranger\'s own orders', () =>
  inShop(async (shop) => {
    const [mallory, carl] = [await shop.share('c_mallory', 'mallory@example.org'), await shop.share('c_carl', 'carl@example.org')];
    for (const n of [1, 2]) {
      const held = await shop.post('/v1/reserve', { code: mallory, buyer: { email: `victim${n}@example.org` } }, { idempotency: `m${n}` });
      assert.equal(held.status, 200);
    }
    await shop.post('/v1/release', { code: mallory, buyer: { email: 'victim1@example.org' } });
    await shop.later(40);
    await shop.order({ event: 'paid', order: 'v-1', buyer: { customer: 'c_v1', email: 'victim1@example.org' }, codes: [] });
    await shop.order({ event: 'paid', order: 'v-2', buyer: { customer: 'c_v2', email: 'victim2@example.org' }, codes: [{ code: carl, amount: 500 }] });
    await shop.later(31);
    assert.equal(await shop.state({ order: 'v-1' }), 'not_found');
    assert.equal(await shop.state({ order: 'v-2' }), 'rewarded');
    const { body } = await shop.post('/v1/referrals/search', { order: 'v-2' });
    assert.equal(body.referral.code, carl, 'who really brought her');
    assert.equal((await shop.rewards()).length, 1);
  }));

test('a second account of whoever recommends is seen by what she is known by', () =>
  inShop(async (shop) => {
    const signals = { address: 'Markt 3, Lübeck', phone: '0451 123', payment: 'card-9', device: 'dev-1', ip: '192.0.2.9' };
    const code = await shop.share('c_anna', 'anna@example.org', { signals });
    await shop.order({ event: 'paid', codes: [{ code }], buyer: { customer: 'c_anna2', email: 'other@example.org', signals } });
    assert.equal(await shop.state(), 'flagged/suspicious');
    const { body } = await shop.post('/v1/referrals/search', { order: 'b-1' });
    assert.deepEqual(body.referral.signals.map((/** @type {any} */ one) => one.kind), ['same_payment', 'same_phone', 'same_address', 'same_device', 'same_network']);
  }));

test('whether the friend is new may be said later, of the same order', () =>
  inShop(async (shop) => {
    const code = await shop.share();
    await shop.order({ event: 'paid', codes: [{ code }], newFriend: undefined });
    assert.equal(await shop.state(), 'flagged/suspicious');
    const { status } = await shop.post('/v1/orders/events', { event: 'paid', order: 'b-1', newFriend: true });
    assert.deepEqual([status, await shop.state()], [200, 'pending']);
  }));

test('the code of a reward is made once, also when she who got it is forgotten', () =>
  inShop(async (shop) => {
    const code = await shop.share();
    await shop.order({ event: 'paid', codes: [{ code }] });
    await shop.later(31);
    await shop.post('/v1/customers/erase', { customer: 'c_anna', email: 'anna@example.org' });
    await shop.later(1);
    assert.equal((await shop.store.read('code', { where: { tenant: TENANT, campaign: 'reward' } })).length, 1);
  }));

test('a friend is offered what a recommendation brings with a code that recommends, and with no other', () =>
  inShop(async (shop) => {
    const look = async (/** @type {string} */ code) => (await shop.page('/v1/codes/look-up', { code })).status;
    assert.equal(await look(await shop.share()), 200);
    assert.equal(await look(await shop.issue({ uses: 1, campaign: 'summer' })), 404);
  }));

test('a claim without an order gets a code that holds, also when the last one has ended', () =>
  inShop(async (shop) => {
    const claim = async () => {
      const asked = request({ order: { currency: 'EUR', subtotal: 4890, parcel: true }, moment: { type: 'order_completed', at: new Date(shop.clock.now).toISOString() } });
      const { status, body, text } = await shop.post('/v1/claims', { option: 'next-time', request: asked });
      assert.equal(status, 200, text);
      return body;
    };
    const first = await claim();
    assert.deepEqual(await claim(), first);
    await shop.later(90);
    const second = await claim();
    assert.notEqual(second.code, first.code);
    assert.ok(Date.parse(second.expiresAt) > shop.clock.now, second.expiresAt);
    assert.deepEqual(await claim(), second, 'one at a time');
  }));

test('a token of one shop opens nothing in another with the same keys', async () => {
  const [one, other] = [backendFor({ program }), backendFor({ program, tenant: 'kaffeehaus' })];
  const { body } = await one.post('/v1/tokens', { customer: 'c_4711', order: request().order, facts: request().facts });
  const claim = { option: 'recommend', request: request() };
  assert.equal((await other.page('/v1/claims', claim, { customer: body.token })).status, 403);
  assert.equal((await one.page('/v1/claims', claim, { customer: body.token })).status, 200);
  await Promise.all([one.close(), other.close()]);
});

test('attack_23 a.b+x@gmail.com recommends ab@googlemail.com: one mailbox, so somebody has to look', () =>
  inShop(async (shop) => {
    const code = await shop.share('c_one', 'a.b+x@gmail.com');
    await shop.order({ event: 'paid', codes: [{ code }], buyer: { customer: 'c_two', email: 'ab@googlemail.com' } });
    assert.match(await shop.state(), /^(flagged|rejected)/);
    await shop.later(60);
    assert.equal((await shop.rewards()).length, 0);
    const other = await shop.share('c_three', 'a.b@example.org');
    await shop.order({ event: 'paid', order: 'b-2', codes: [{ code: other }], buyer: { customer: 'c_four', email: 'ab@example.org' } });
    assert.equal(await shop.state({ order: 'b-2' }), 'pending', 'elsewhere a dot is part of the name');
  }));

test('a program that speaks of a budget which the books do not have is told so when the server starts', async () => {
  const of = async (/** @type {boolean} */ defined) => {
    /** @type {string[]} */
    const told = [];
    const log = { info: () => {}, warn: () => {}, error: (/** @type {object} */ _, /** @type {string} */ message) => void told.push(message) };
    const shop = backendFor({ program: { ...PROGRAM, referral: { terms: { ...TERMS, budget: 'rewards-2026' } } }, log });
    if (defined) await shop.store.run({ v: 1, tenant: TENANT, now: '2026-11-23T10:00:00Z', action: { type: 'budget', budget: 'rewards-2026', granted: 500 } });
    shop.backend.start();
    await new Promise((done) => setTimeout(done, 50));
    await shop.close();
    return told.filter((one) => one.includes('"rewards-2026"')).length;
  };
  assert.deepEqual([await of(false), await of(true)], [1, 0]);
});
