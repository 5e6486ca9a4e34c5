/** Does what is kept for a while only go in the end, and nothing else? */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Pruner } from '../../js/server/prune.js';
import { Desk, START, onEveryStore } from './stores.mjs';

const DAY = 86_400;
const int = (/** @type {string} */ column, /** @type {number} */ value) => ({ column, value: { type: 'int', int: value } });
const text = (/** @type {string} */ column, /** @type {string} */ value) => ({ column, value: { type: 'text', text: value } });

onEveryStore('Pruning', (open) => {
  test('answers go after a day, sent messages after 30, and what was not sent or is younger stays', async () => {
    const books = await Desk.on(await open());
    const { store } = books;
    const pruner = new Pruner({ store, tenant: 't', clock: () => books.now * 1000 });
    await books.issue('A');
    await books.issue('B');
    await store.execute([{ name: 'sent', verb: 'update', table: 'outbox', key: [text('tenant', 't'), text('topic', 'code_issued'), text('id', 'A')], set: [int('sent_at', START)], returning: ['id'], onEmpty: { then: 'proceed' } }]);
    const redeem = { type: 'redeem', code: 'A', order: '1', holder: {} };
    assert.equal(await books.said(redeem, 'old'), 'done');
    books.now += DAY - 1;
    assert.equal(await books.said({ type: 'redeem', code: 'A', order: '2', holder: {} }, 'young'), 'done');
    assert.equal(await pruner.once(), 0, 'a second too early');
    const keys = async () => (await store.read('idempotency')).map(({ key }) => key);
    assert.deepEqual(await keys(), ['old', 'young']);
    books.now += 1;
    assert.equal(await pruner.once(), 1);
    assert.deepEqual(await keys(), ['young']);
    assert.equal(await books.said(redeem, 'old'), 'already_done', 'the order has its use without that row');
    books.now = START + 30 * DAY;
    await pruner.once();
    assert.deepEqual((await store.read('outbox')).map(({ id }) => id), ['B'], 'B was never sent');
    assert.deepEqual(await books.uses('A'), [Number.MAX_SAFE_INTEGER - 2, 0, 2, 0]);
    await books.verified();
  });

  test('more rows than a portion go, and those of other tenants stay', async () => {
    const books = await Desk.on(await open());
    const { store } = books;
    const row = (/** @type {string} */ tenant, /** @type {number} */ n) => ({
      name: 'kept', verb: 'insert', table: 'idempotency', key: [text('tenant', tenant), text('operation', 'http.claim'), text('key', `k${n}`)],
      values: [text('request_hash', 'h'), text('answer', ''), int('created_at', n % 2 ? START : START + 10 * DAY)], returning: ['key'], onEmpty: { then: 'proceed' },
    });
    await store.execute(Array.from({ length: 1201 }, (_, n) => row('t', n)));
    await store.execute([row('other', 1)]);
    books.now += 5 * DAY;
    assert.equal(await new Pruner({ store, tenant: 't', clock: () => books.now * 1000 }).once(), 600);
    assert.equal((await store.read('idempotency', { limit: 10_000 })).length, 602);
  });

  test('no row of the books themselves is ever deleted', async () => {
    const books = await Desk.on(await open());
    const step = { name: 'gone', verb: 'delete', table: 'entry', key: [text('tenant', 't')], returning: ['kind'], onEmpty: { then: 'proceed' } };
    await assert.rejects(books.store.execute([step]), { code: 'invalid_value', path: 'table' });
    await books.verified();
  });
});
