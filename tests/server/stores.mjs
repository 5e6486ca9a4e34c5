/** The stores under test, each empty: memory, SQLite in a temporary file, PostgreSQL of the tests' own. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, describe } from 'node:test';
import pg from 'pg';
import { createMemoryStore, createPostgresStore, createSqliteStore } from '../../js/server/store/index.js';
import { tables } from '../../js/server/store/tables.js';
import { noPostgres, startPostgres } from './postgres.mjs';

/** @import { Store } from '../../js/server/store/index.js' */

/** @typedef {() => Promise<Store>} Opens - Another store, empty, closed after the test. */

/**
 * The same tests on every store.
 * @param {string} title
 * @param {(open: Opens, kind: 'memory' | 'sqlite' | 'postgres') => void} tests
 * @param {{ kinds?: ('memory' | 'sqlite' | 'postgres')[], durable?: boolean }} [options]
 */
export function onEveryStore(title, tests, { kinds = ['memory', 'sqlite', 'postgres'], durable = false } = {}) {
  for (const kind of kinds) {
    describe(`${title} (${kind})`, { skip: kind === 'postgres' && noPostgres }, () => {
      /** @type {(() => unknown)[]} */
      const endings = [];
      /** @type {Promise<string> | undefined} */
      let server;
      after(async () => {
        for (const end of endings.reverse()) await end();
      });
      /** @type {Store[]} */
      let opened = [];
      afterEach(async () => {
        await Promise.all(opened.map((store) => store.close()));
        opened = [];
      });
      const open = async () => {
        const store = await made();
        opened.push(store);
        return store;
      };
      const made = async () => {
        if (kind === 'memory') return createMemoryStore();
        if (kind === 'sqlite') return createSqliteStore({ path: join(folder(endings), 'books.sqlite') });
        if (!server) {
          const starting = startPostgres({ durable });
          endings.push(async () => (await starting).end());
          server = starting.then((one) => one.database());
        } else {
          await emptied(await server);
        }
        return createPostgresStore({ url: await server, connections: 8, ...PATIENT });
      };
      tests(open, kind);
    });
  }
}

/** @param {string} url */
async function emptied(url) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(`TRUNCATE ${[...tables().keys()].map((name) => `"${name}"`).join(', ')}`);
  await client.end();
}

/** A folder that is gone afterwards. @param {(() => unknown)[]} endings */
export function folder(endings) {
  const path = mkdtempSync(join(tmpdir(), 'zugabe-books-'));
  endings.push(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** What a busy machine needs: nothing here is about how long something takes. */
export const PATIENT = { maxWaiting: 10_000, patience: 120_000 };

export const START = Date.parse('2026-11-23T10:00:00Z') / 1000;

/** Books to ask, with a clock to set; a campaign `c` and a budget `b` of 100.00. */
export class Desk {
  now = START;

  /** @param {Store} store */
  constructor(store) {
    this.store = store;
  }

  /** @param {Store} store */
  static async on(store) {
    const desk = new Desk(store);
    await desk.ask({ type: 'campaign', campaign: 'c' });
    await desk.ask({ type: 'budget', budget: 'b', granted: 10_000 });
    return desk;
  }

  /** @param {object} action @param {string} [key] */
  operation(action, key) {
    return { v: 1, tenant: 't', ...(key ? { key } : {}), now: new Date(this.now * 1000).toISOString().replace('.000', ''), action };
  }

  /** @param {object} action @param {string} [key] */
  async ask(action, key) {
    return (await this.store.run(this.operation(action, key))).answer;
  }

  /** @param {object} action @param {string} [key] */
  async said(action, key) {
    return said(await this.ask(action, key));
  }

  /** @param {string} code @param {object} [terms] */
  issue(code, terms = {}) {
    return this.ask({ type: 'issue', code, campaign: 'c', ...terms });
  }

  /** @param {string} code @param {string} order @param {object} [holder] @param {object} [more] */
  redeem(code, order, holder = {}, more = {}) {
    return this.said({ type: 'redeem', code, order, holder, ...more });
  }

  /** @param {string} key @param {string} code @param {number} ttl @param {object} holder */
  reserve(key, code, ttl, holder) {
    return this.said({ type: 'reserve', code, ttl, holder }, key);
  }

  /** @param {string} code @param {string} order */
  cancel(code, order) {
    return this.said({ type: 'cancel', code, order });
  }

  /** Available, reserved, redeemed and void. @param {string} code */
  async uses(code) {
    const [row] = await this.store.read('code', { where: { code } });
    return [row.available, row.reserved, row.redeemed, row.void];
  }

  /** Available, reserved and spent. @param {string} [budget] */
  async money(budget = 'b') {
    const [row] = await this.store.read('budget', { where: { budget } });
    return [row.available, row.reserved, row.spent];
  }

  /** How often somebody has used what the limit of a code counts. @param {string} who */
  async used(who) {
    const [row] = await this.store.read('customer_use', { where: { who } });
    return row?.used;
  }

  /** @param {string} kind */
  entries(kind) {
    return this.store.read('entry', { where: { kind }, limit: 10_000 });
  }

  async verified() {
    const audit = await this.store.verify();
    assert.deepEqual(audit.findings, []);
    assert.equal(audit.ok, true);
    return audit;
  }
}

/** The outcome, or why it was refused. @param {import('../../js/server/store/index.js').BooksAnswer} answer */
export const said = (answer) => answer.outcome ?? answer.refusal;

/** How often each word was said. @param {(string | undefined)[]} words */
export function tally(words) {
  /** @type {Record<string, number>} */
  const counts = {};
  for (const word of words) counts[String(word)] = (counts[String(word)] ?? 0) + 1;
  return counts;
}

/** @param {number} count @param {(n: number) => Promise<any>} work */
export const parallel = (count, work) => Promise.all(Array.from({ length: count }, (_, n) => work(n)));
