/** How are books read for a check? Table by table, in portions. */
import { BooksAudit } from '../../node.js';
import { tables } from './tables.js';

const PORTION = 2000;

/** Large, and without anything that is counted. */
const WITHOUT_COUNTERS = new Set(['idempotency', 'outbox']);

/**
 * @param {(table: string, sql: string) => AsyncIterable<unknown> | Iterable<unknown>} rowsOf - All from one moment.
 * @returns {Promise<import('./index.js').BooksAudit>}
 */
export async function audited(rowsOf) {
  const audit = new BooksAudit();
  try {
    for (const table of tables().values()) {
      const { name } = table;
      if (WITHOUT_COUNTERS.has(name)) continue;
      const columns = [...table.columns].map((column) => `"${column}"`).join(', ');
      /** @type {unknown[]} */
      let portion = [];
      for await (const row of rowsOf(name, `SELECT ${columns} FROM "${name}"`)) {
        if (portion.push(row) < PORTION) continue;
        audit.take(name, portion);
        portion = [];
      }
      audit.take(name, portion);
    }
    return audit.finish();
  } finally {
    audit.free();
  }
}
