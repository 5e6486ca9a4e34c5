/** What is kept for a while only? Answers under a key, and messages that have arrived. */

/** @import { Desk } from './backend.js' */
/** @import { Cell, Row } from './store/index.js' */

const DAY = 86_400;
/** So many rows of a table are looked at in one go, in so many portions: the books are in use meanwhile. */
const PORTION = 500;
const PORTIONS = 40;

/**
 * @typedef {object} Kept
 * @property {string} table
 * @property {string[]} key
 * @property {number} seconds - So long a row stays after it was made.
 * @property {string[]} set - And as long as one of these is 0.
 */

/** @type {Kept[]} */
const KEPT = [
  { table: 'idempotency', key: ['tenant', 'operation', 'key'], seconds: DAY, set: [] },
  // Rewards are looked up here for a week.
  { table: 'outbox', key: ['tenant', 'topic', 'id'], seconds: 30 * DAY, set: ['sent_at'] },
];

/** Goes through these tables again and again, by their keys: to find old rows at once would take an index that every request pays for. */
export class Pruner {
  #desk;
  /** Behind which row the next look begins. @type {Map<string, Cell[]>} */
  #places = new Map();

  /** @param {Pick<Desk, 'store' | 'tenant' | 'clock'>} desk */
  constructor(desk) {
    this.#desk = desk;
  }

  /** Looks at the next rows of each. @returns {Promise<number>} How many went. */
  async once() {
    let gone = 0;
    for (const kept of KEPT) {
      for (let portion = 0; portion < PORTIONS; portion++) {
        const { more, count } = await this.#portion(kept);
        gone += count;
        if (!more) break;
      }
    }
    return gone;
  }

  /** @param {Kept} kept */
  async #portion({ table, key, seconds, set }) {
    const { store, tenant, clock } = this.#desk;
    const until = Math.floor(clock() / 1000) - seconds;
    const after = this.#places.get(table);
    const rows = await store.read(table, { where: { tenant }, columns: [...key, 'created_at', ...set], order: key, limit: PORTION, ...(after && { after }) });
    const last = rows[PORTION - 1];
    if (last) this.#places.set(table, key.map((column) => last[column]));
    else this.#places.delete(table);
    const old = rows.filter((row) => Number(row.created_at) <= until && set.every((column) => Number(row[column]) > 0));
    if (old.length === 0) return { more: last !== undefined, count: 0 };
    const { rows: found } = await store.execute(old.map((row) => gone({ table, key, set }, row, until)));
    return { more: last !== undefined, count: found.gone?.length ?? 0 };
  }
}

/** A row goes if it still is as old as it was found: a key may have been taken anew. @param {Pick<Kept, 'table' | 'key' | 'set'>} kept @param {Row} row @param {number} until */
const gone = ({ table, key, set }, row, until) => ({
  name: 'gone',
  verb: 'delete',
  table,
  key: key.map((column) => ({ column, value: { type: 'text', text: row[column] } })),
  conditions: [
    { column: 'created_at', is: 'at_most', to: [{ type: 'int', int: until }] },
    ...set.map((column) => ({ column, is: 'at_least', to: [{ type: 'int', int: 1 }] })),
  ],
  returning: ['tenant'],
  onEmpty: { then: 'proceed' },
});
