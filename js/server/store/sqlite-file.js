/** How is the file of the books opened? Once, by one process, and so that a commit is on the disk. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { ZugabeError } from '../../errors.js';
import { unavailable } from './errors.js';
import { LIST, migration, refuseNewer } from './migrate.js';

/** @import { Database } from 'better-sqlite3' */

/** "Zuga": the file is ours. */
const APPLICATION = 0x5a756761;

/** @returns {new (path: string, options?: object) => Database} */
function driver() {
  try {
    return createRequire(import.meta.url)('better-sqlite3');
  } catch (error) {
    throw new ZugabeError('unavailable', 'Books in SQLite need the package better-sqlite3: npm install better-sqlite3.', '', { cause: error });
  }
}

/**
 * @param {string} path
 * @returns {{ database: Database, unlock: () => void }}
 */
export function openBooks(path) {
  const Database = driver();
  if (!existsSync(dirname(path))) throw unavailable(`There is no folder "${dirname(path)}": make it, and start again.`);
  const unlock = lock(Database, path);
  try {
    const database = new Database(path, { timeout: 5000 });
    try {
      refuseForeign(database, path);
      if (database.pragma('journal_mode = WAL', { simple: true }) !== 'wal') {
        throw unavailable('These books lie where SQLite cannot write ahead (a network folder?): give them a local disk.');
      }
      for (const pragma of ['synchronous = FULL', 'fullfsync = 1', 'checkpoint_fullfsync = 1', 'trusted_schema = 0']) database.pragma(pragma);
      migrate(database);
      return { database, unlock };
    } catch (error) {
      database.close();
      throw error;
    }
  } catch (error) {
    unlock();
    throw error;
  }
}

/**
 * For readers beside the one who writes.
 * @param {string} path
 * @returns {Database}
 */
export const openToRead = (path) => new (driver())(path, { readonly: true, timeout: 5000 });

/**
 * An exclusive lock of SQLite's own on a file beside the books: the system ends it with the process, however that ends.
 * @param {new (path: string, options?: object) => Database} Database
 * @param {string} path
 */
function lock(Database, path) {
  /** @type {Database | undefined} */
  let file;
  try {
    file = new Database(`${path}-lock`, { timeout: 0 });
    file.exec('BEGIN EXCLUSIVE');
    return () => file?.close();
  } catch (error) {
    file?.close();
    if (!String(/** @type {any} */ (error)?.code).startsWith('SQLITE_BUSY')) throw error;
    const message = 'Another process serves these books already: stop it first, or give this one a file of its own. Several processes share books on PostgreSQL.';
    throw new ZugabeError('store_in_use', message, 'path', { cause: error });
  }
}

/** @param {Database} database @param {string} path */
function refuseForeign(database, path) {
  const owner = database.pragma('application_id', { simple: true });
  const tables = Number(database.prepare('SELECT count(*) FROM sqlite_schema').pluck().get());
  if (owner === APPLICATION || (owner === 0 && tables === 0)) return;
  throw new ZugabeError('invalid_value', `"${path}" is a database of another program: give the books a file of their own.`, 'path');
}

/** @param {Database} database */
function migrate(database) {
  const { name, version, ddl } = migration();
  database.transaction(() => {
    database.exec(LIST);
    refuseNewer(database.prepare('SELECT max(version) FROM zugabe_migration').pluck().get(), version);
    const added = database.prepare('INSERT INTO zugabe_migration (name, version, at) VALUES (?, ?, unixepoch()) ON CONFLICT (name) DO NOTHING').run(name, version);
    if (added.changes === 0) return;
    for (const statement of ddl) database.exec(statement);
    database.pragma(`application_id = ${APPLICATION}`);
  }).immediate();
}

/**
 * Why SQLite cannot go on, where it is SQLite that says so.
 * @param {unknown} error
 * @returns {string | undefined}
 */
export function why(error) {
  const code = String(/** @type {any} */ (error)?.code ?? '');
  if (!code.startsWith('SQLITE_')) return undefined;
  if (code === 'SQLITE_FULL') return 'The disk with the books is full: make room, and ask again.';
  if (code.startsWith('SQLITE_IOERR')) return `The disk with the books failed (${code}): look after it before going on.`;
  if (code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB') return `The file of the books is damaged (${code}): put a backup in its place.`;
  if (code.startsWith('SQLITE_READONLY') || code.startsWith('SQLITE_CANTOPEN')) return `The file of the books cannot be written (${code}): look at its folder and rights.`;
  if (code.startsWith('SQLITE_BUSY')) return 'Another program holds the file of the books: ask again in a moment.';
  return `The books cannot be written (${code}).`;
}
