/** Do limits hold when everybody comes at once? One store, and several processes on one database. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { noPostgres, startPostgres } from './postgres.mjs';
import { startProcess } from './processes.mjs';
import { Desk, PATIENT, onEveryStore, parallel, tally } from './stores.mjs';
import { createPostgresStore } from '../../js/server/store/index.js';

const ATTEMPTS = 2000;

onEveryStore('Races', (open) => {
  test('case 2, attack 2: 2,000 attempts at a limit of 100 give exactly 100, and counter, orders and entries agree', async () => {
    const books = await Desk.on(await open());
    await books.issue('A', { uses: 100 });
    const words = await parallel(ATTEMPTS, (n) => books.redeem('A', `${n}`));
    assert.deepEqual(tally(words), { done: 100, limit_reached: ATTEMPTS - 100 });
    assert.deepEqual(await books.uses('A'), [0, 0, 100, 0]);
    assert.equal((await books.store.read('redemption', { limit: 10_000 })).length, 100);
    assert.equal((await books.entries('redeem')).length, 100);
    await books.verified();
  });

  test('per customer: 40 customers with 10 attempts each at two uses take two each', async () => {
    const books = await Desk.on(await open());
    await books.issue('A', { perCustomer: 2, scope: 'code' });
    const words = await parallel(400, (n) => books.redeem('A', `${n}`, { customer: `c${n % 40}`, email: `h${n % 40}` }));
    assert.deepEqual(tally(words), { done: 80, customer_limit: 320 });
    const rows = await books.store.read('customer_use');
    assert.deepEqual(tally(rows.map(({ used }) => String(used))), { 2: 80 }, '40 ids and 40 addresses');
    await books.verified();
  });

  test('budgets: 400 attempts at 30 out of 1000 take 33, whatever the code', async () => {
    const books = await Desk.on(await open());
    await books.ask({ type: 'budget', budget: 'small', granted: 1000 });
    for (let n = 0; n < 8; n++) await books.issue(`A${n}`, { budget: 'small' });
    const words = await parallel(400, (n) => books.redeem(`A${n % 8}`, `${n}`, {}, { amount: 30 }));
    assert.deepEqual(tally(words), { done: 33, budget_exhausted: 367 });
    assert.deepEqual(await books.money('small'), [10, 0, 990]);
    await books.verified();
  });

  test('attack 8: 200 claims by one customer at once give one code, and all are told it', async () => {
    const books = await Desk.on(await open());
    const answers = await parallel(200, (n) => books.ask({ type: 'issue', code: `CODE${n}`, campaign: 'c', uses: 1, claim: 'c/anna' }));
    assert.equal(new Set(answers.map(({ code }) => code)).size, 1);
    assert.deepEqual(tally(answers.map(({ outcome }) => outcome)), { done: 1, already_done: 199 });
    assert.equal((await books.store.read('code')).length, 1);
    assert.equal((await books.store.read('outbox', { where: { topic: 'code_issued' } })).length, 1);
    await books.verified();
  });

  test('holds, orders and cancellations that cross each other leave no use behind', async () => {
    const books = await Desk.on(await open());
    await books.issue('A', { uses: 5, budget: 'b' });
    await parallel(300, (n) => {
      const holder = { customer: `c${n % 9}` };
      if (n % 3 === 0) return books.ask({ type: 'reserve', code: 'A', ttl: 900, amount: 100, holder }, `k${n}`);
      if (n % 3 === 1) return books.redeem('A', `${n % 20}`, holder, { amount: 100 });
      return books.cancel('A', `${(n * 7) % 20}`);
    });
    books.now += 1000;
    await books.said({ type: 'expire' });
    const orders = await books.store.read('redemption', { where: { state: 'redeemed' } });
    assert.deepEqual(await books.uses('A'), [5 - orders.length, 0, orders.length, 0]);
    assert.deepEqual(await books.money(), [10_000 - 100 * orders.length, 0, 100 * orders.length]);
    await books.verified();
  });
});

test('three processes on one PostgreSQL start at once, make the tables once, and 2,000 attempts give exactly 100', { skip: noPostgres }, async () => {
  const server = await startPostgres();
  after(() => server.end());
  const url = await server.database();
  const processes = [startProcess(), startProcess(), startProcess()];
  after(() => Promise.all(processes.map((one) => one.kill())));
  await Promise.all(processes.map((one) => one.ask('open', { kind: 'postgres', options: { url, connections: 8, ...PATIENT } })));
  const store = await createPostgresStore({ url, connections: 4, ...PATIENT });
  after(() => store.close());

  const books = await Desk.on(store);
  await books.issue('A', { uses: 100, budget: 'b' });
  await books.issue('B', { perCustomer: 2, scope: 'code', budget: 'b' });
  // Some orders are asked of every process, as a client does that had no answer.
  const redeem = (/** @type {string} */ code) => (/** @type {number} */ n) =>
    books.operation({ type: 'redeem', code, order: `${n}`, holder: { customer: `c${n % 20}` }, amount: 10 }, `${code}${n}`);
  const share = (/** @type {string} */ code, /** @type {number} */ count, /** @type {number} */ place) =>
    Array.from({ length: count }, (_, n) => n).filter((n) => n % 3 === place || n % 40 === 0).map(redeem(code));
  const words = await Promise.all(
    processes.map(async (one, place) => [
      await one.ask('run', { operations: share('A', ATTEMPTS, place) }),
      await one.ask('run', { operations: share('B', 400, place) }),
    ]),
  );
  assert.deepEqual(Object.keys(tally(words.flatMap(([first]) => first))).sort(), ['done', 'limit_reached']);
  assert.deepEqual(Object.keys(tally(words.flatMap(([, second]) => second))).sort(), ['customer_limit', 'done']);
  assert.deepEqual(await books.uses('A'), [0, 0, 100, 0]);
  assert.deepEqual(tally((await store.read('customer_use', { where: { scope_id: '["code","B"]' } })).map(({ used }) => String(used))), { 2: 20 });
  assert.deepEqual(await books.money(), [10_000 - 1400, 0, 1400]);
  assert.equal((await books.entries('redeem')).length, 140);
  assert.equal((await store.read('redemption', { limit: 10_000 })).length, 140);
  await books.verified();
});
