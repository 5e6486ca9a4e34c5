/**
 * How many redemptions a second does a store take? Beside it, in the same run, the bare driver with the same statements and the same
 * parameters, written down beforehand; and the memory after a million codes. `node benches/books/run.mjs [redemptions] [codes]`.
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPostgresStore, createSqliteStore } from '../../js/server/store/index.js';
import { planner } from '../../js/server/store/plan.js';
import { running } from '../../js/server/store/run.js';
import { openBooks } from '../../js/server/store/sqlite-file.js';
import { noPostgres, startPostgres } from '../../tests/server/postgres.mjs';

/** @import { Store } from '../../js/server/store/index.js' */

const COUNT = Number(process.argv[2] ?? 20_000);
const MANY = Number(process.argv[3] ?? 1_000_000);
const LANES = 64;
const GROUP = 64;
const CONNECTIONS = 16;
const ROUNDS = 3;
const pg = createRequire(import.meta.url)('pg');

const at = mkdtempSync(join(tmpdir(), 'zugabe-bench-'));
const operation = (/** @type {object} */ action, /** @type {string} */ key = '') => ({ v: 1, tenant: 'shop', ...(key ? { key } : {}), now: '2026-11-23T10:00:00Z', action });
const setup = [
  operation({ type: 'campaign', campaign: 'spring' }),
  operation({ type: 'budget', budget: 'year', granted: 1e12 }),
  ...Array.from({ length: 50 }, (_, n) => operation({ type: 'issue', code: `C${n}`, campaign: 'spring', perCustomer: 100_000, scope: 'code', budget: 'year' })),
];
/** Idempotency key, use of the code, customer by id and address, budget, entry: what a shop asks for. */
const redeem = (/** @type {number} */ n, /** @type {string} */ mark) =>
  operation({ type: 'redeem', code: `C${n % 50}`, order: `${mark}${n}`, holder: { customer: `c${n % 5000}`, email: `h${n % 5000}` }, amount: 500 }, `${mark}${n}`);

const sorted = (/** @type {number[]} */ list) => Float64Array.from(list).sort();
const shown = (/** @type {number[]} */ list) => `p50 ${sorted(list)[list.length >> 1].toFixed(1)} ms, p99 ${sorted(list)[Math.floor(list.length * 0.99)].toFixed(1)} ms`;

/** Lanes that each wait for their answer, as requests do. @param {number} lanes @param {(n: number) => Promise<unknown>} work */
async function measured(lanes, work) {
  /** @type {number[]} */
  const times = [];
  let next = 0;
  const begun = performance.now();
  await Promise.all(
    Array.from({ length: lanes }, async () => {
      while (next < COUNT) {
        const asked = performance.now();
        await work(next++);
        times.push(performance.now() - asked);
      }
    }),
  );
  return { perSecond: (COUNT / (performance.now() - begun)) * 1000, times };
}

/** @param {Store} store @param {string} mark */
const through = (store, mark) =>
  measured(LANES, async (n) => {
    const { answer } = await store.run(redeem(n, mark));
    if (answer.outcome !== 'done') throw new Error(JSON.stringify(answer));
  });

/**
 * The statements of every redemption as the store would run them, by running them.
 * @param {string} path
 * @param {string} mark
 */
function written(path, mark) {
  const { database, unlock } = openBooks(path);
  const plan = planner(() => '?');
  const record = (/** @type {object} */ operation) => {
    /** @type {{ sql: string, params: any[] }[]} */
    const list = [];
    const { statements, values } = plan(JSON.stringify(operation));
    const steps = running(statements, values);
    for (let step = steps.next(); !step.done; ) {
      const { sql, params } = step.value;
      list.push({ sql, params });
      step = steps.next(/** @type {any} */ (prepared(sql).all(...params)));
    }
    return list;
  };
  /** @type {Map<string, any>} */
  const texts = new Map();
  const prepared = (/** @type {string} */ sql) => texts.get(sql) ?? texts.set(sql, database.prepare(sql)).get(sql);
  database.exec('BEGIN');
  setup.forEach(record);
  const lists = Array.from({ length: COUNT }, (_, n) => record(redeem(n, mark)));
  database.exec('ROLLBACK');
  database.close();
  unlock();
  return lists;
}

/** @param {string} path */
async function prepared(path) {
  const store = await createSqliteStore({ path });
  for (const one of setup) await store.run(one);
  return store;
}

async function sqlite() {
  const [bare, ours] = [join(at, 'bare.sqlite'), join(at, 'ours.sqlite')];
  await (await prepared(bare)).close();
  const store = await prepared(ours);
  const ratios = [];
  for (let round = 0; round < ROUNDS; round++) {
    const lists = written(join(at, `scratch${round}.sqlite`), `r${round}-`);
    const { database, unlock } = openBooks(bare);
    /** @type {Map<string, any>} */
    const texts = new Map();
    const statement = (/** @type {string} */ sql) => texts.get(sql) ?? texts.set(sql, database.prepare(sql)).get(sql);
    /** @type {number[]} */
    const groups = [];
    const begun = performance.now();
    for (let from = 0; from < lists.length; from += GROUP) {
      const asked = performance.now();
      statement('BEGIN IMMEDIATE').run();
      for (const list of lists.slice(from, from + GROUP)) {
        statement('SAVEPOINT one').run();
        for (const { sql, params } of list) statement(sql).all(...params);
        statement('RELEASE one').run();
      }
      statement('COMMIT').run();
      groups.push(performance.now() - asked);
    }
    const raw = (COUNT / (performance.now() - begun)) * 1000;
    database.close();
    unlock();
    const { perSecond, times } = await through(store, `r${round}-`);
    ratios.push(perSecond / raw);
    const each = lists[0].length;
    console.log(`SQLite: bare, ${each} statements each, groups of ${GROUP}: ${Math.round(raw)}/s (a group: ${shown(groups)}); store, ${LANES} in flight: ${Math.round(perSecond)}/s (${shown(times)}); ${Math.round((100 * perSecond) / raw)} %`);
  }
  console.log(`SQLite: median ${Math.round(100 * sorted(ratios)[ROUNDS >> 1])} % of the bare driver (goal 70 %)`);
  const { ok, entries } = await store.verify();
  console.log(`SQLite: verify ${ok ? 'clean' : 'NOT CLEAN'}, ${entries} entries`);
  await store.close();
}

async function postgres() {
  if (noPostgres) return console.log(`PostgreSQL: skipped, ${noPostgres}`);
  const server = await startPostgres({ durable: true });
  try {
    const urls = [await server.database(), await server.database()];
    const stores = await Promise.all(urls.map((url) => createPostgresStore({ url, connections: CONNECTIONS })));
    for (const store of stores) for (const one of setup) await store.run(one);
    await stores[0].close();
    const ratios = [];
    for (let round = 0; round < ROUNDS; round++) {
      let count = 0;
      /** @type {Map<string, string>} */
      const names = new Map();
      const numbered = (/** @type {string} */ sql) => {
        if (!names.has(sql)) names.set(sql, `s${++count}`);
        let place = 0;
        return { name: /** @type {string} */ (names.get(sql)), text: sql.replace(/\?/g, () => `$${++place}`) };
      };
      const lists = written(join(at, `scratch-pg${round}.sqlite`), `r${round}-`).map((list) => list.map(({ sql, params }) => ({ ...numbered(sql), values: params })));
      const pool = new pg.Pool({ connectionString: urls[0], max: CONNECTIONS });
      const raw = await measured(LANES, async (n) => {
        const client = await pool.connect();
        await client.query('BEGIN');
        for (const one of lists[n]) await client.query(one);
        await client.query('COMMIT');
        client.release();
      });
      await pool.end();
      const ours = await through(stores[1], `r${round}-`);
      ratios.push(ours.perSecond / raw.perSecond);
      console.log(`PostgreSQL: bare, ${CONNECTIONS} connections: ${Math.round(raw.perSecond)}/s (${shown(raw.times)}); store: ${Math.round(ours.perSecond)}/s (${shown(ours.times)}); ${Math.round((100 * ours.perSecond) / raw.perSecond)} %`);
    }
    console.log(`PostgreSQL: median ${Math.round(100 * sorted(ratios)[ROUNDS >> 1])} % of the bare driver (goal 60 %)`);
    const { ok, entries } = await stores[1].verify();
    console.log(`PostgreSQL: verify ${ok ? 'clean' : 'NOT CLEAN'}, ${entries} entries`);
    await stores[1].close();
  } finally {
    await server.end();
  }
}

/** A million codes in the books: what the process holds of them. Some are issued; the rest are copies of a row and its entry, made in SQL. */
async function many() {
  const path = join(at, 'many.sqlite');
  const issued = Math.min(5000, MANY);
  const issue = (/** @type {number} */ n) => operation({ type: 'issue', code: `MANY${n}`, campaign: 'spring', uses: 1, claim: `spring/c${n}` });
  let store = await createSqliteStore({ path });
  await store.run(setup[0]);
  const begun = performance.now();
  for (let from = 0; from < issued; from += 500) await Promise.all(Array.from({ length: Math.min(500, issued - from) }, (_, n) => store.run(issue(from + n))));
  const perSecond = (issued / (performance.now() - begun)) * 1000;
  await store.close();
  copied(path, issued);

  const before = process.memoryUsage().rss;
  store = await createSqliteStore({ path });
  /** @type {number[]} */
  const times = [];
  for (let n = 0; n < 1000; n++) {
    const start = performance.now();
    const { answer } = await store.run(operation({ type: 'redeem', code: `MANY${Math.floor((n * MANY) / 1000)}`, order: `${n}`, holder: { customer: `c${n}` } }));
    if (answer.outcome !== 'done') throw new Error(JSON.stringify(answer));
    times.push(performance.now() - start);
  }
  const rss = process.memoryUsage().rss;
  const mib = (/** @type {number} */ bytes) => `${Math.round(bytes / 2 ** 20)} MiB`;
  console.log(`SQLite, ${MANY} codes (issued at ${Math.round(perSecond)}/s): memory ${mib(rss)}, ${mib(rss - before)} more than before it was opened; file ${mib(statSync(path).size)}; one redemption after the other, all over the file: ${shown(times)}`);
  await store.close();
}

/** @param {string} path @param {number} from */
function copied(path, from) {
  const { database, unlock } = openBooks(path);
  for (const [table, key] of [['code', 'code'], ['entry', 'subject'], ['claim', 'claim']]) {
    const columns = database.pragma(`table_info(${table})`).map((/** @type {any} */ { name }) => name);
    const value = (/** @type {string} */ name) => {
      if (name === 'subject') return `'["MANY' || n || '"]'`;
      if (name === 'claim') return `'spring/c' || n`;
      if (name === 'scope_id') return `'["code","MANY' || n || '"]'`;
      return name === 'code' ? `'MANY' || n` : `"${name}"`;
    };
    const like = { code: 'MANY0', subject: '["MANY0"]', claim: 'spring/c0' }[key];
    database
      .prepare(`WITH RECURSIVE number(n) AS (SELECT ${from} UNION ALL SELECT n + 1 FROM number WHERE n + 1 < ${MANY}) INSERT INTO ${table} SELECT ${columns.map(value).join(', ')} FROM number, ${table} WHERE ${key} = ?`)
      .run(like);
  }
  database.close();
  unlock();
}

try {
  console.log(`${COUNT} redemptions a round; ${cpus().length} cores, ${cpus()[0].model}, Node ${process.version}`);
  await sqlite();
  await postgres();
  await many();
} finally {
  rmSync(at, { recursive: true, force: true });
}
