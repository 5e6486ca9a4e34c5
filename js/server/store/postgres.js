/** Books in PostgreSQL, or in what speaks its language, for any number of server processes. Plain statements, and nothing that only one database has. */
import { createRequire } from 'node:module';
import { setTimeout as pause } from 'node:timers/promises';
import { ZugabeError } from '../../errors.js';
import { audited } from './audit.js';
import { closed, unavailable } from './errors.js';
import { LIST, migration, refuseNewer } from './migrate.js';
import { planner, told } from './plan.js';
import { sqlOf } from './query.js';
import { resultsOf, running } from './run.js';
import { compile } from './statement.js';

/** @import { Pool, PoolClient } from 'pg' */
/** @import { Cell, Executed, Ran, Row, Store } from './index.js' */
/** @import { Results } from './run.js' */
/** @import { Statement } from './statement.js' */

/**
 * @typedef {object} PostgresOptions
 * @property {string} url - `postgres://user@host/database`.
 * @property {number} [connections] - At most; 10 where absent.
 * @property {number} [maxWaiting] - So many requests wait for a connection at most, 1,000 where absent; further ones are told `unavailable`.
 * @property {number} [patience] - Milliseconds until a request gives up on the database, 5,000 where absent.
 */

/** Serialisation failures and deadlocks: the same again, with the same key. */
const AGAIN = new Set(['40001', '40P01']);
const ATTEMPTS = 12;
const MANY_TEXTS = 1000;
/** Somebody else holds the row for too long. */
const LOCKED = '55P03';

const placeholder = (/** @type {number} */ number) => `$${number}`;

/** @returns {typeof import('pg')} */
function driver() {
  try {
    return createRequire(import.meta.url)('pg');
  } catch (error) {
    throw new ZugabeError('unavailable', 'Books in PostgreSQL need the package pg: npm install pg.', '', { cause: error });
  }
}

/**
 * @param {PostgresOptions} options
 * @returns {Promise<Store>}
 */
export async function createPostgresStore({ url, connections = 10, maxWaiting = 1000, patience = 5000 }) {
  const { Pool, types } = driver();
  const pool = new Pool({
    connectionString: url,
    max: connections,
    connectionTimeoutMillis: patience,
    statement_timeout: 2 * patience,
    lock_timeout: patience,
    // Where the network swallows everything, the server's own limits never come to be heard.
    query_timeout: 3 * patience,
    keepAlive: true,
    idle_in_transaction_session_timeout: 4 * patience,
    application_name: 'zugabe',
    // A BIGINT comes as text: ours are all below 2^53.
    types: { getTypeParser: (oid, format) => (oid === 20 ? Number : types.getTypeParser(oid, format)) },
  });
  // A connection that breaks while nobody uses it is no reason to end; the next request finds out.
  pool.on('error', () => {});
  const plan = planner(placeholder);
  /** @type {Map<string, string>} */
  const names = new Map();
  let open = true;
  /** @type {string | undefined} */
  let why;
  let working = 0;
  /** Called when nothing is under way. */
  let idle = () => {};

  /**
   * @param {PoolClient} client
   * @param {string} sql
   * @param {Cell[]} [params]
   */
  const query = (client, sql, params = []) => {
    let name = names.get(sql);
    // A connection keeps what it has prepared: the plans have some hundred texts, and more than that is not kept.
    if (!name && names.size < MANY_TEXTS) names.set(sql, (name = `zugabe_${names.size + 1}`));
    return client.query({ name, text: sql, values: params });
  };

  /**
   * @param {PoolClient} client
   * @param {readonly Statement[]} statements
   * @param {readonly Cell[]} [values]
   * @returns {Promise<Results>}
   */
  const fetch = async (client, statements, values) => {
    const steps = running(statements, values);
    let step = steps.next();
    while (!step.done) {
      const { sql, params, name } = step.value;
      const { rows } = await query(client, sql, params).catch((error) => {
        throw name === 'idempotency' && error.code === LOCKED ? new Busy() : error;
      });
      step = steps.next(rows);
    }
    return step.value;
  };

  /**
   * One transaction. `work` says whether it is to be committed.
   * @template T
   * @param {(client: PoolClient) => Promise<{ commit: boolean, value: T }>} work
   * @param {string} [begin]
   * @returns {Promise<T>}
   */
  const transaction = async (work, begin = 'BEGIN') => {
    if (pool.waitingCount >= maxWaiting) throw unavailable(`${pool.waitingCount} requests are waiting for a connection already.`);
    const client = await pool.connect();
    /** @type {Error | undefined} */
    let broken;
    const noticed = (/** @type {Error} */ error) => (broken = error);
    client.on('error', noticed);
    try {
      await client.query(begin);
      const { commit, value } = await work(client);
      const { command } = await client.query(commit ? 'COMMIT' : 'ROLLBACK');
      if (commit && command !== 'COMMIT') throw unavailable('PostgreSQL did not commit.');
      return value;
    } catch (error) {
      await client.query('ROLLBACK').catch((/** @type {Error} */ failed) => (broken ??= failed));
      throw error;
    } finally {
      client.off('error', noticed);
      client.release(broken);
    }
  };

  /**
   * The same again after 40001 and 40P01; what the database cannot do now becomes `unavailable`.
   * @template T
   * @param {() => Promise<T>} work
   * @returns {Promise<T>}
   */
  const patiently = async (work) => {
    if (!open) throw closed();
    working += 1;
    try {
      for (let attempt = 1; ; attempt++) {
        try {
          const value = await work();
          why = undefined;
          return value;
        } catch (error) {
          if (!AGAIN.has(/** @type {any} */ (error)?.code)) throw error;
          if (attempt === ATTEMPTS) throw unavailable('Too many requests want the same rows at once.', error);
          await pause(Math.random() * Math.min(200, 2 ** attempt));
        }
      }
    } catch (error) {
      const said = asError(error);
      if (said.code === 'unavailable') why = said.message;
      throw said;
    } finally {
      working -= 1;
      if (working === 0) idle();
    }
  };

  /** @param {string} operation @returns {Promise<Ran>} */
  const run = async (operation) => {
    const { statements, values, finish } = plan(operation);
    if (statements.length === 0) return told(finish({ rows: new Map(), stopped: undefined }));
    for (;;) {
      const finished = await transaction(async (client) => {
        const value = finish(await fetch(client, statements, values));
        if (value.commit && value.after.length) await fetch(client, value.after.map((step) => compile(step, placeholder)));
        return { commit: value.commit, value };
      }).catch((error) => {
        if (error instanceof Busy) return finish({ rows: new Map(), stopped: undefined, busy: true });
        throw error;
      });
      if (finished.commit || finished.after.length === 0) return told(finished);
      const kept = await transaction(async (client) => {
        const { rows } = await fetch(client, finished.after.map((step) => compile(step, placeholder)));
        return { commit: true, value: [...rows.values()].every((found) => found.length > 0) };
      });
      // Otherwise somebody was faster with the same key, and has the answer.
      if (kept) return told(finished);
    }
  };

  /** @param {any[]} steps @returns {Promise<Executed>} */
  const execute = (steps) => {
    const statements = steps.map((step) => compile(step, placeholder));
    return transaction(async (client) => {
      const results = await fetch(client, statements);
      return { commit: results.stopped === undefined, value: resultsOf(results) };
    });
  };

  const migrate = async () => {
    const { name, version, ddl } = migration();
    await transaction(async (client) => ({ commit: true, value: await client.query(LIST) }));
    await transaction(async (client) => {
      // Whoever comes second waits here for the first, and then has nothing to do.
      const { rows } = await client.query(
        'INSERT INTO zugabe_migration (name, version, at) VALUES ($1, $2, $3) ON CONFLICT (name) DO NOTHING RETURNING name',
        [name, version, Math.floor(Date.now() / 1000)],
      );
      const found = await client.query('SELECT max(version) AS version FROM zugabe_migration');
      refuseNewer(found.rows[0].version, version);
      if (rows.length) for (const statement of ddl) await client.query(statement);
      return { commit: true, value: undefined };
    });
  };

  const close = async () => {
    if (!open) return;
    open = false;
    if (working) await new Promise((resolve) => (idle = () => resolve(undefined)));
    await pool.end();
  };
  try {
    await patiently(() => again(migrate));
  } catch (error) {
    await close();
    throw error;
  }
  return {
    kind: 'postgres',
    run: (operation) => patiently(() => run(typeof operation === 'string' ? operation : JSON.stringify(operation))),
    read: (table, asked = {}) =>
      patiently(async () => {
        const { sql, params } = sqlOf(table, asked, placeholder);
        if (pool.waitingCount >= maxWaiting) throw unavailable(`${pool.waitingCount} requests are waiting for a connection already.`);
        return (await pool.query(sql, params)).rows;
      }),
    execute: (steps) => patiently(() => execute(steps)),
    verify: () =>
      patiently(() =>
        transaction(async (client) => ({ commit: true, value: await audited((_, sql) => portions(client, sql)) }), 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY'),
      ),
    health: async () => {
      await patiently(() => pool.query('SELECT 1')).catch(() => {});
      return { ok: open && why === undefined, waiting: working, ...(why ? { why } : {}) };
    },
    close,
  };
}

/** Another transaction with the same key is under way. */
class Busy extends Error {}

/** Two processes that make the same table at once: one of them is told that it is there. */
const MADE_MEANWHILE = new Set(['23505', '42P07', '42710']);

/** @param {() => Promise<void>} work */
async function again(work) {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (attempt === ATTEMPTS || !MADE_MEANWHILE.has(/** @type {any} */ (error)?.code)) throw error;
      await pause(20 * attempt);
    }
  }
}

/**
 * A large table in portions, by a cursor of the transaction.
 * @param {PoolClient} client
 * @param {string} sql
 */
async function* portions(client, sql) {
  await client.query(`DECLARE zugabe_all CURSOR FOR ${sql}`);
  for (;;) {
    const { rows } = await client.query('FETCH 2000 FROM zugabe_all');
    if (rows.length === 0) break;
    yield* rows;
  }
  await client.query('CLOSE zugabe_all');
}

/**
 * What PostgreSQL or the way to it says, as one of our errors. Its own words may hold values of rows and stay inside.
 * @param {unknown} error
 * @returns {ZugabeError}
 */
function asError(error) {
  if (error instanceof ZugabeError) return error;
  const { code = '', message = '' } = /** @type {{ code?: string, message?: string }} */ (error ?? {});
  if (code.startsWith('23')) return new ZugabeError('invalid_state', 'The books contradict themselves, so nothing was changed: verify them.', '', { cause: error });
  if (code === '53100') return unavailable('The disk of PostgreSQL is full.', error);
  if (code === LOCKED || code === '57014') return unavailable('PostgreSQL did not answer in time.', error);
  if (code === '28P01' || code === '28000' || code === '3D000') return unavailable(`PostgreSQL does not let us in (${code}): look at its address, user and database.`, error);
  if (/^(08|53|57|58|25006)/.test(code)) return unavailable(`PostgreSQL cannot answer now (${code}).`, error);
  if (/^E[A-Z_]+$/.test(code) || /terminated|timeout|not queryable|connection error/i.test(message)) return unavailable('PostgreSQL cannot be reached.', error);
  return new ZugabeError('internal', `PostgreSQL refused a statement of ours (${code || 'no code'}).`, '', { cause: error });
}
