/** Thousands of requests at once, by HTTP, against one server on SQLite and three on one PostgreSQL: every limit is met exactly. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { createPostgresStore, createSqliteStore } from '../../js/server/index.js';
import { TENANT, issuing, request, rowOf } from './support.mjs';
import { noPostgres, startPostgres } from './postgres.mjs';
import { shopFolder, startServer } from './spawned.mjs';

/** @typedef {Awaited<ReturnType<typeof startServer>>} Server */
/** @typedef {import('../../js/server/store/index.js').Store} Store */

/**
 * Asks until there is an answer: on a busy machine a row that everybody wants may take too long, and 503 says to ask again.
 * @template {{ status: number }} T
 * @param {() => Promise<T>} ask
 * @returns {Promise<T>}
 */
async function answered(ask) {
  for (;;) {
    const answer = await ask();
    if (answer.status !== 503) return answer;
  }
}

/** @param {Server[]} servers @param {number} count @param {(n: number) => object} body */
const redeemed = (servers, count, body) => Promise.all(Array.from({ length: count }, (_, n) => answered(() => servers[n % servers.length].redeem(body(n)))));
const done = (/** @type {{ outcome?: string }[]} */ answers) => answers.filter(({ outcome }) => outcome === 'done').length;

/** @param {Store} store */
async function setUp(store) {
  const issue = issuing(store);
  return {
    limited: await issue({ campaign: 'a', uses: 100 }),
    personal: await issue({ campaign: 'b', uses: 1000, perCustomer: 2, scope: 'code' }),
    budgeted: await issue({ campaign: 'c', uses: 1000, budget: 'purse', granted: 1000 }),
  };
}

/**
 * The races, and what the books say afterwards.
 * @param {Server[]} servers
 * @param {Awaited<ReturnType<typeof setUp>>} codes
 */
async function race(servers, { limited, personal, budgeted }) {
  const hundred = await redeemed(servers, 2000, (n) => ({ code: limited, order: `a-${n}` }));
  assert.equal(done(hundred), 100);
  assert.deepEqual(new Set(hundred.map(({ status }) => status)), new Set([200, 404]));
  const two = await redeemed(servers, 200, (n) => ({ code: personal, order: `b-${n}`, buyer: { customer: `c_${n % 10}`, email: `c${n % 10}@example.org` } }));
  assert.equal(done(two), 20, 'ten customers, two each');
  const purse = await redeemed(servers, 200, (n) => ({ code: budgeted, order: `c-${n}`, amount: 30 }));
  assert.equal(done(purse), 33, '33 times 30 of 1,000');
  const same = await Promise.all(Array.from({ length: 40 }, (_, n) => answered(() => servers[n % servers.length].redeem({ code: personal, order: 'one', buyer: { customer: 'c_one' } }, 'one-key'))));
  assert.deepEqual(same.filter(({ status }) => ![200, 409].includes(status)), []);
  const claims = await Promise.all(Array.from({ length: 200 }, (_, n) => answered(() => servers[n % servers.length].post('/v1/claims', { option: 'recommend', request: request({ moment: { type: 'order_completed', at: new Date().toISOString() } }) }))));
  assert.deepEqual(new Set(claims.map(({ status }) => status)), new Set([200]), JSON.stringify(claims.find(({ status }) => status !== 200)?.body));
  assert.equal(new Set(claims.map(({ body }) => body.code)).size, 1, '200 claims of one customer: one code');
}

/** @param {Store} store @param {Awaited<ReturnType<typeof setUp>>} codes */
async function settled(store, { limited, personal, budgeted }) {
  for (const [code, uses] of /** @type {[string, number][]} */ ([[limited, 100], [personal, 21], [budgeted, 33]])) {
    const row = await rowOf(store, code);
    const entries = await store.read('entry', { where: { tenant: TENANT, kind: 'redeem', code }, columns: ['subject'], limit: 10_000 });
    assert.deepEqual([row.redeemed, entries.length], [uses, uses], 'counter = entries');
    assert.equal(row.granted, Number(row.available) + Number(row.reserved) + Number(row.redeemed) + Number(row.void));
  }
  const [purse] = await store.read('budget', { where: { tenant: TENANT, budget: 'purse' } });
  assert.deepEqual([purse.spent, purse.available], [990, 10]);
  assert.equal((await store.read('claim', { where: { tenant: TENANT } })).length, 1);
  const audit = await store.verify();
  assert.ok(audit.ok, JSON.stringify(audit.findings));
}

test('one server on SQLite: 2,000 redemptions of a limit of 100, limits per customer, a budget, 200 claims', async (t) => {
  const folder = shopFolder(t);
  const path = join(folder, 'books.db');
  let store = await createSqliteStore({ path });
  const codes = await setUp(store);
  await store.close();
  const server = await startServer(t, { folder, store: `sqlite:${path}` });
  await race([server], codes);
  server.child.kill('SIGTERM');
  assert.equal((await server.exited).code, 0);
  store = await createSqliteStore({ path });
  await settled(store, codes);
  await store.close();
});

test('1,500 good orders at once, each over a connection of its own, on the limits that nobody has set: all are taken', async (t) => {
  const folder = shopFolder(t);
  const path = join(folder, 'books.db');
  let store = await createSqliteStore({ path });
  const code = await issuing(store)({ uses: 5000 });
  await store.close();
  const server = await startServer(t, { folder, store: `sqlite:${path}`, sockets: 2000 });
  const answers = await Promise.all(Array.from({ length: 1500 }, (_, n) => server.redeem({ code, order: `o-${n}`, buyer: { customer: `c_${n}` } })));
  assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]));
  server.child.kill('SIGTERM');
  await server.exited;
  store = await createSqliteStore({ path });
  assert.equal((await rowOf(store, code)).redeemed, 1500);
  assert.ok((await store.verify()).ok);
  await store.close();
});

describe('three servers on one PostgreSQL', { skip: noPostgres }, () => {
  /** @type {Awaited<ReturnType<typeof startPostgres>>} */
  let postgres;
  before(async () => {
    postgres = await startPostgres();
  });
  after(() => postgres?.end());

  test('2,000 redemptions of a limit of 100, limits per customer, a budget, 200 claims', async (t) => {
    const folder = shopFolder(t);
    const url = await postgres.database();
    // All three begin on an empty database: its tables are made once.
    const servers = await Promise.all([1, 2, 3].map(() => startServer(t, { folder, store: url })));
    const store = await createPostgresStore({ url });
    t.after(() => store.close());
    const codes = await setUp(store);
    await race(servers, codes);
    await settled(store, codes);
    for (const { child } of servers) child.kill('SIGTERM');
    assert.deepEqual(await Promise.all(servers.map(async ({ exited }) => (await exited).code)), [0, 0, 0]);
  });

  test('the database is gone and comes back: 503 with the time to ask again, then everything, nothing twice', async (t) => {
    const folder = shopFolder(t);
    const url = await postgres.database();
    const server = await startServer(t, { folder, store: url });
    let store = await createPostgresStore({ url });
    const code = await issuing(store)({ uses: 1000 });
    await store.close();
    assert.equal((await server.post('/v1/redeem', { code, order: 'before' }, { idempotency: 'before' })).status, 200);
    await postgres.stop('immediate');
    const away = await server.post('/v1/redeem', { code, order: 'during' }, { idempotency: 'during' });
    assert.deepEqual([away.status, away.body.error.code, away.headers.get('retry-after')], [503, 'unavailable', '1']);
    assert.equal((await server.get('/ready', { key: '' })).status, 503);
    assert.equal((await server.get('/health', { key: '' })).status, 200);
    await postgres.start();
    for (let tries = 0; ; tries += 1) {
      const { status } = await server.post('/v1/redeem', { code, order: 'during' }, { idempotency: 'during' });
      if (status === 200) break;
      assert.ok(status === 503 && tries < 100, `${status}`);
    }
    assert.equal((await server.post('/v1/redeem', { code, order: 'before' }, { idempotency: 'before' })).headers.get('idempotent-replayed'), 'true');
    store = await createPostgresStore({ url });
    assert.equal((await rowOf(store, code)).redeemed, 2);
    assert.ok((await store.verify()).ok);
    await store.close();
  });
});
