/** What else does a store promise? Rows to read and to change, a check that finds what is wrong, one process on one file, backups, tables made once. */
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { createPostgresStore, createSqliteStore } from '../../js/server/store/index.js';
import { noPostgres, startPostgres } from './postgres.mjs';
import { startProcess } from './processes.mjs';
import { Desk, folder, onEveryStore, parallel, tally } from './stores.mjs';

/** @typedef {new (path: string) => import('better-sqlite3').Database} Sqlite */
const Sqlite = /** @type {Sqlite} */ (createRequire(import.meta.url)('better-sqlite3'));

const text = (/** @type {string} */ column, /** @type {string} */ value) => ({ column, value: { type: 'text', text: value } });
const int = (/** @type {string} */ column, /** @type {number} */ value) => ({ column, value: { type: 'int', int: value } });

onEveryStore('A store', (open) => {
  test('reads rows by condition, in order, page by page', async () => {
    const { store } = await Desk.on(await open());
    const books = new Desk(store);
    for (let n = 0; n < 7; n++) await books.issue(`C${n}`, { uses: n + 1 });
    const codes = (/** @type {any[]} */ rows) => rows.map(({ code }) => code).join(' ');
    assert.equal(codes(await store.read('code', { where: { tenant: 't', granted: { atLeast: 3 }, available: { atMost: 5 } } })), 'C2 C3 C4');
    assert.equal(codes(await store.read('code', { where: { code: { in: ['C1', 'C6', 'none'] } } })), 'C1 C6');
    assert.equal(codes(await store.read('code', { where: { code: { in: [] } } })), '');
    assert.equal(codes(await store.read('code', { where: { code: { not: 'C0' }, granted: { atMost: 2 } } })), 'C1');
    const first = await store.read('code', { order: ['granted', 'code'], descending: true, limit: 3, columns: ['granted', 'code'] });
    assert.deepEqual(first[2], { granted: 5, code: 'C4' });
    assert.equal(codes(await store.read('code', { order: ['granted', 'code'], descending: true, limit: 3, after: [5, 'C4'] })), 'C3 C2 C1');
    assert.deepEqual(await store.read('code', { where: { tenant: 'other' } }), []);
    await assert.rejects(store.read('code; DROP TABLE code'), { code: 'invalid_value', path: 'table' });
    await assert.rejects(store.read('code', { where: { '"': 1 } }), { code: 'invalid_value', path: 'column' });
    await assert.rejects(store.read('code', { order: ['code'], after: [] }), { code: 'invalid_value', path: 'after' });
    await assert.rejects(store.read('code', { limit: 0 }), { code: 'invalid_value', path: 'limit' });
  });

  test('runs statements in one transaction: all of them, or none where one finds no row and has to', async () => {
    const books = await Desk.on(await open());
    await books.issue('A', { uses: 1 });
    const due = (/** @type {number} */ at) => ({
      ...{ name: 'sent', verb: 'update', table: 'outbox', key: [text('tenant', 't'), text('topic', 'code_issued'), text('id', 'A')] },
      ...{ set: [int('sent_at', at)], add: [int('attempts', 1)], conditions: [{ column: 'sent_at', is: 'in', to: [{ type: 'int', int: 0 }] }] },
      ...{ returning: ['id', 'attempts'], onEmpty: { then: 'refuse', refusal: 'not_found' } },
    });
    const claimed = await parallel(4, (n) => books.store.execute([due(n + 1)]));
    assert.deepEqual(tally(claimed.map(({ stopped }) => stopped)), { undefined: 1, sent: 3 });
    assert.deepEqual(claimed.find(({ stopped }) => !stopped)?.rows, { sent: [{ id: 'A', attempts: 1 }] });
    const mark = { name: 'mark', verb: 'update', table: 'code', key: [text('code', 'A')], set: [int('revoked', 1)], returning: ['code'], onEmpty: { then: 'proceed' } };
    assert.equal((await books.store.execute([mark, due(9)])).stopped, 'sent');
    assert.equal((await books.store.read('code'))[0].revoked, 0, 'nothing has changed');
    const each = [
      { name: 'all', verb: 'select', table: 'outbox', key: [text('tenant', 't')], returning: ['tenant', 'topic', 'id'], onEmpty: { then: 'proceed' } },
      {
        ...{ name: 'moved', each: 'all', verb: 'update', table: 'outbox', onEmpty: { then: 'proceed' } },
        key: ['tenant', 'topic', 'id'].map((column) => ({ column, value: { type: 'ref', step: 'all', column } })),
        ...{ set: [text('id', 'B')], returning: ['id'] },
      },
    ];
    assert.deepEqual((await books.store.execute(each)).rows.moved, [{ id: 'B' }]);
    assert.deepEqual((await books.store.read('outbox')).map(({ id }) => id), ['B'], 'a key may change, too');
    await assert.rejects(books.store.execute([{ ...mark, set: [int('granted', 5)] }]), { code: 'invalid_state' });
    await books.verified();
  });

  test('finds a counter that somebody moved', async () => {
    const books = await Desk.on(await open());
    await books.issue('A', { uses: 3 });
    await books.redeem('A', '1');
    assert.equal((await books.verified()).entries, 4);
    const moved = { name: 'm', verb: 'update', table: 'code', key: [text('code', 'A')], set: [int('available', 1), int('void', 1)], returning: ['code'], onEmpty: { then: 'proceed' } };
    await books.store.execute([moved]);
    const { ok, findings } = await books.store.verify();
    assert.deepEqual([ok, findings.map(({ table, column, entries, row }) => [table, column, entries, row])], [false, [['code', 'available', 2, 1], ['code', 'void', 0, 1]]]);
  });

  test('keeps tenants apart, whatever their codes and keys', async () => {
    const store = await open();
    const [one, other] = [await Desk.on(store), new Desk(store)];
    other.operation = (action, key) => ({ ...Desk.prototype.operation.call(other, action, key), tenant: 'u' });
    await other.ask({ type: 'campaign', campaign: 'c' });
    await one.issue('A', { uses: 1 });
    assert.equal(await other.redeem('A', '1'), 'not_found');
    await other.issue('A', { uses: 1 });
    assert.deepEqual(await Promise.all([one.redeem('A', '1'), other.redeem('A', '1')]), ['done', 'done']);
    await one.verified();
  });

  test('refuses what is no operation, by code and path, and goes on', async () => {
    const books = await Desk.on(await open());
    await assert.rejects(books.ask({ type: 'redeem', code: 'A', order: '', holder: {} }), { code: 'invalid_value', path: 'action.order' });
    await assert.rejects(books.store.run('{'), { code: 'invalid_json' });
    const wild = { customer: "anna'; DROP TABLE code; --", email: '\u{1f600}ü%_\\' };
    await books.issue('A', { uses: 1 });
    assert.equal(await books.redeem('A', 'ö"1', wild), 'done');
    assert.deepEqual((await books.store.read('redemption', { columns: ['order_id', 'customer'] }))[0], { order_id: 'ö"1', customer: `c:${wild.customer}` });
  });

  test('closed, it answers what was asked before, and then says so', async () => {
    const store = await open();
    const books = new Desk(store);
    const asked = books.said({ type: 'campaign', campaign: 'c' });
    const closing = store.close();
    assert.equal(await asked, 'done');
    await closing;
    await assert.rejects(books.said({ type: 'campaign', campaign: 'c' }), { code: 'unavailable' });
    assert.equal((await store.health()).ok, false);
    await store.close();
  });
});

describe('SQLite', () => {
  /** @type {(() => unknown)[]} */
  const endings = [];
  after(async () => {
    for (const end of endings.reverse()) await end();
  });

  test('a second process on the same file is refused with a sentence, and so is a second store of the same process', async () => {
    const options = { path: join(folder(endings), 'books.sqlite') };
    const [first, second] = [startProcess(), startProcess()];
    endings.push(() => Promise.all([first.kill(), second.kill()]));
    await first.ask('open', { kind: 'sqlite', options });
    const refused = { code: 'store_in_use', message: /^Another process serves these books already: stop it first, or give this one a file of its own\./ };
    await assert.rejects(second.ask('open', { kind: 'sqlite', options }), refused);
    await assert.rejects(createSqliteStore(options), refused);
    await first.kill();
    await second.ask('open', { kind: 'sqlite', options });
    await assert.rejects(createSqliteStore(options), refused);
    await second.ask('close');
    const store = await createSqliteStore(options);
    await assert.rejects(createSqliteStore(options), refused);
    await store.close();
  });

  test('what is on disk is there for the next process, and a commit waits for the disk', async () => {
    const path = join(folder(endings), 'books.sqlite');
    const first = await Desk.on(await createSqliteStore({ path }));
    await first.issue('A', { uses: 2 });
    await first.redeem('A', '1');
    await first.store.close();
    assert.equal(existsSync(`${path}-wal`), false, 'closed in order');
    const second = new Desk(await createSqliteStore({ path }));
    endings.push(() => second.store.close());
    assert.deepEqual(await second.uses('A'), [1, 0, 1, 0]);
    const beside = new Sqlite(path);
    assert.equal(beside.pragma('journal_mode', { simple: true }), 'wal');
    beside.close();
  });

  test('a backup is taken while redemptions go on, and is books of one moment', async () => {
    const at = folder(endings);
    const store = await createSqliteStore({ path: join(at, 'books.sqlite') });
    endings.push(() => store.close());
    const books = await Desk.on(store);
    await books.issue('A', { budget: 'b' });
    await parallel(300, (n) => books.redeem('A', `before-${n}`, {}, { amount: 1 }));
    const during = parallel(300, (n) => books.redeem('A', `during-${n}`, {}, { amount: 1 }));
    await store.backup?.(join(at, 'copy.sqlite'));
    assert.deepEqual(tally(await during), { done: 300 });
    const copy = new Desk(await createSqliteStore({ path: join(at, 'copy.sqlite') }));
    endings.push(() => copy.store.close());
    await copy.verified();
    const orders = await copy.store.read('redemption', { limit: 10_000 });
    assert.ok(orders.length >= 300);
    assert.deepEqual(await copy.money(), [10_000 - orders.length, 0, orders.length]);
  });

  test('a file of another program, and books of a newer release, are left alone', async () => {
    const at = folder(endings);
    const foreign = new Sqlite(join(at, 'foreign.sqlite'));
    foreign.exec('CREATE TABLE theirs (a)');
    foreign.close();
    await assert.rejects(createSqliteStore({ path: join(at, 'foreign.sqlite') }), { code: 'invalid_value', path: 'path' });
    const path = join(at, 'books.sqlite');
    await (await createSqliteStore({ path })).close();
    const newer = new Sqlite(path);
    newer.exec("INSERT INTO zugabe_migration VALUES ('books-99', 99, 0)");
    newer.close();
    await assert.rejects(createSqliteStore({ path }), { code: 'unsupported_version' });
    await assert.rejects(createSqliteStore({ path: join(at, 'no', 'such', 'folder') }), { code: 'unavailable' });
  });

  test('more requests than may wait are told "unavailable" at once', async () => {
    const store = await createSqliteStore({ path: join(folder(endings), 'books.sqlite'), maxWaiting: 20 });
    endings.push(() => store.close());
    const books = new Desk(store);
    const words = await parallel(50, (n) => books.said({ type: 'campaign', campaign: `${n}` }).catch(({ code }) => code));
    assert.deepEqual(tally(words), { done: 20, unavailable: 30 });
    assert.equal(await books.said({ type: 'campaign', campaign: 'later' }), 'done');
  });
});

describe('PostgreSQL', { skip: noPostgres }, () => {
  /** @type {(() => unknown)[]} */
  const endings = [];
  after(async () => {
    for (const end of endings.reverse()) await end();
  });
  /** @type {ReturnType<typeof startPostgres>} */
  let starting;
  const server = () => {
    if (!starting) {
      starting = startPostgres();
      endings.push(async () => (await starting).end());
    }
    return starting;
  };

  test('eight stores that start together make the tables once', async () => {
    const url = await (await server()).database();
    const stores = await parallel(8, () => createPostgresStore({ url, connections: 2 }));
    endings.push(() => Promise.all(stores.map((store) => store.close())));
    const books = await parallel(8, async (n) => new Desk(stores[n]).said({ type: 'campaign', campaign: 'c' }));
    assert.deepEqual(tally(books), { done: 1, already_done: 7 });
    const { Client } = (await import('pg')).default;
    const client = new Client({ connectionString: url });
    await client.connect();
    assert.equal((await client.query('SELECT * FROM zugabe_migration')).rows.length, 1);
    await client.query("INSERT INTO zugabe_migration VALUES ('books-99', 99, 0)");
    await client.end();
    await assert.rejects(createPostgresStore({ url }), { code: 'unsupported_version' });
  });

  test('a transaction that PostgreSQL breaks off is tried again, and everybody is served', async () => {
    // With this isolation the database refuses where it would have waited: 40001, again and again.
    const url = `${await (await server()).database()}&options=${encodeURIComponent('-c default_transaction_isolation=serializable')}`;
    const store = await createPostgresStore({ url, connections: 6 });
    endings.push(() => store.close());
    const books = await Desk.on(store);
    await books.issue('A', { uses: 10 });
    assert.deepEqual(tally(await parallel(24, (n) => books.redeem('A', `${n}`))), { done: 10, limit_reached: 14 });
    await books.verified();
  });

  test('a request with a key that is being answered for long is told 409', async () => {
    const url = await (await server()).database();
    const store = await createPostgresStore({ url, connections: 4, patience: 300 });
    endings.push(() => store.close());
    const books = await Desk.on(store);
    await books.issue('A', { uses: 1 });
    const { Client } = (await import('pg')).default;
    const client = new Client({ connectionString: url });
    await client.connect();
    await client.query('BEGIN');
    await client.query("INSERT INTO idempotency VALUES ('t', 'redeem', 'k', '', '', 0)");
    const answer = await books.ask({ type: 'redeem', code: 'A', order: '1', holder: {} }, 'k');
    assert.deepEqual([answer.refusal, answer.status], ['in_flight', 409]);
    await client.query('ROLLBACK');
    await client.query('BEGIN');
    await client.query('UPDATE code SET revoked = 0');
    await assert.rejects(books.ask({ type: 'redeem', code: 'A', order: '1', holder: {} }, 'k'), { code: 'unavailable' });
    await client.query('ROLLBACK');
    await client.end();
    assert.equal(await books.said({ type: 'redeem', code: 'A', order: '1', holder: {} }, 'k'), 'done');
  });

  test('a database that is not there is said in a sentence without its address', async () => {
    const nowhere = 'postgres://anna:secret@127.0.0.1:1/books';
    await assert.rejects(createPostgresStore({ url: nowhere }), (/** @type {any} */ error) => {
      assert.equal(error.code, 'unavailable');
      assert.doesNotMatch(JSON.stringify(error), /secret|anna|127/);
      return true;
    });
  });
});
