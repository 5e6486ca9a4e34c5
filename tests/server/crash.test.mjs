/** Is what was acknowledged still there after a sudden end? Processes killed under load, and a database that stops and comes back. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { createPostgresStore, createSqliteStore } from '../../js/server/store/index.js';
import { noPostgres, startPostgres } from './postgres.mjs';
import { startProcess } from './processes.mjs';
import { Desk, folder, tally } from './stores.mjs';

/** @import { Store } from '../../js/server/store/index.js' */

const ROUNDS = process.env.ZUGABE_LONG ? 50 : 5;
const AMOUNT = 5;
const CODES = ['A0', 'A1', 'A2'];

/** @param {Store} store */
async function prepared(store) {
  const books = new Desk(store);
  await books.ask({ type: 'campaign', campaign: 'c', uses: 100_000_000 });
  await books.ask({ type: 'budget', budget: 'big', granted: 1_000_000_000 });
  for (const code of CODES) await books.issue(code, { budget: 'big' });
}

/** Every row of a table, page by page. @param {Store} store @param {string} table @param {object} where */
async function all(store, table, where) {
  const rows = [];
  for (let page = await store.read(table, { where, limit: 10_000 }); page.length; ) {
    rows.push(...page);
    const last = page[page.length - 1];
    page = await store.read(table, { where, limit: 10_000, after: [last.tenant, last.code, last.order_id] });
  }
  return rows;
}

/**
 * What must hold after a sudden end.
 * @param {Store} store
 * @param {Map<string, string>} acknowledged - Orders, and their code.
 */
async function intact(store, acknowledged) {
  const books = new Desk(store);
  const rows = await all(store, 'redemption', {});
  const there = new Map(rows.map((row) => [String(row.order_id), row]));
  const lost = [...acknowledged].filter(([order, code]) => there.get(order)?.code !== code || there.get(order)?.state !== 'redeemed');
  assert.deepEqual(lost, [], 'an acknowledged redemption is lost');
  assert.deepEqual(await books.money('big'), [1_000_000_000 - AMOUNT * rows.length, 0, AMOUNT * rows.length], 'the budget drifted');
  await books.verified();
  return rows.length;
}

/**
 * @param {'sqlite' | 'postgres'} kind
 * @param {object} options
 * @param {() => Promise<Store>} open
 */
async function killedAgainAndAgain(kind, options, open) {
  let store = await open();
  await prepared(store);
  await store.close();
  /** @type {Map<string, string>} */
  const acknowledged = new Map();
  for (let round = 0; round < ROUNDS; round++) {
    const before = acknowledged.size;
    // At a random moment: after so many acknowledgements, in the middle of the work on the next ones.
    const enough = before + 1 + Math.floor(Math.random() * 600);
    let reached = () => {};
    const moment = new Promise((/** @type {(value?: unknown) => void} */ resolve) => (reached = resolve));
    const child = startProcess({
      onDone: ({ done, code }) => {
        acknowledged.set(done, code);
        if (acknowledged.size >= enough) reached();
      },
    });
    await child.ask('open', { kind, options });
    const load = child.ask('load', { lanes: 40, prefix: `r${round}`, codes: CODES, now: '2026-11-23T10:00:00Z', amount: AMOUNT });
    const failed = load.catch((error) => error);
    await Promise.race([moment, failed.then((error) => Promise.reject(error))]);
    await child.kill();
    store = await open();
    await intact(store, acknowledged);
    // Whoever had no answer asks again with the same key, and nothing is doubled.
    const unanswered = Array.from({ length: 40 }, (_, lane) => ({ lane, turn: Math.max(0, turns(acknowledged, round, lane)) }));
    const books = new Desk(store);
    for (const { lane, turn } of unanswered) {
      const order = `r${round}-${lane}-${turn}`;
      const code = CODES[(lane + turn) % CODES.length];
      const word = await books.said({ type: 'redeem', code, order, holder: { customer: `c${turn % 7}` }, amount: AMOUNT }, order);
      assert.equal(word, 'done', 'the answer is that of the first time, or it is done now');
      acknowledged.set(order, code);
    }
    await intact(store, acknowledged);
    await store.close();
  }
  return acknowledged.size;
}

/** The first turn of a lane that was not acknowledged. @param {Map<string, string>} acknowledged @param {number} round @param {number} lane */
function turns(acknowledged, round, lane) {
  let turn = 0;
  while (acknowledged.has(`r${round}-${lane}-${turn}`)) turn += 1;
  return turn;
}

test(`SQLite: a server killed ${ROUNDS} times under load loses no acknowledged redemption, and the next one starts at once`, async (t) => {
  /** @type {(() => unknown)[]} */
  const endings = [];
  after(() => endings.forEach((end) => end()));
  const options = { path: join(folder(endings), 'books.sqlite') };
  t.diagnostic(`${await killedAgainAndAgain('sqlite', options, () => createSqliteStore(options))} acknowledged`);
});

describe('PostgreSQL', { skip: noPostgres }, () => {
  /** @type {Awaited<ReturnType<typeof startPostgres>>} */
  let server;
  after(() => server?.end());
  const started = async () => (server ??= await startPostgres({ durable: true }));

  test(`a server killed ${ROUNDS} times under load loses no acknowledged redemption`, async (t) => {
    const options = { url: await (await started()).database(), connections: 16 };
    t.diagnostic(`${await killedAgainAndAgain('postgres', options, () => createPostgresStore(options))} acknowledged`);
  });

  for (const mode of /** @type {const} */ (['fast', 'immediate'])) {
    const how = mode === 'fast' ? 'stopped' : 'crashed';
    test(`PostgreSQL ${how} and started again under load: "unavailable" meanwhile, then everything as before, and nothing is doubled`, async () => {
      const url = await (await started()).database();
      const store = await createPostgresStore({ url, connections: 8, patience: 2000 });
      after(() => store.close());
      await prepared(store);
      const books = new Desk(store);
      /** @type {Map<string, string>} */
      const acknowledged = new Map();
      /** @type {Map<string, string>} */
      const refused = new Map();
      let running = true;
      const redeem = async (/** @type {string} */ order, /** @type {string} */ code) => {
        try {
          assert.equal(await books.redeem(code, order, {}, { amount: AMOUNT }), 'done');
          acknowledged.set(order, code);
          return true;
        } catch (error) {
          assert.equal(/** @type {any} */ (error).code, 'unavailable', String(error));
          refused.set(order, code);
          return false;
        }
      };
      const lanes = Array.from({ length: 16 }, async (_, lane) => {
        for (let turn = 0; running; turn++) {
          // Whoever is told that nobody can answer now, waits a moment.
          if (!(await redeem(`${lane}-${turn}`, CODES[turn % CODES.length]))) await new Promise((resolve) => setTimeout(resolve, 20));
        }
      });
      const until = async (/** @type {() => boolean} */ holds) => {
        while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
      };
      await until(() => acknowledged.size > 80);
      await server.stop(mode);
      await until(() => refused.size > 20);
      assert.equal((await store.health()).ok, false);
      const before = acknowledged.size;
      await server.start();
      await until(() => acknowledged.size > before + 80);
      running = false;
      await Promise.all(lanes);
      assert.equal((await store.health()).ok, true);
      await intact(store, acknowledged);
      // Every request without an answer is asked once more: done now, or done before its answer was lost.
      const words = [];
      for (const [order, code] of refused) words.push(await books.redeem(code, order, {}, { amount: AMOUNT }));
      for (const word of Object.keys(tally(words))) assert.ok(['done', 'already_done'].includes(word), word);
      for (const [order, code] of refused) acknowledged.set(order, code);
      assert.equal(await intact(store, acknowledged), acknowledged.size);
    });
  }
});
