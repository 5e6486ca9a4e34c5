/** Which tables and columns are there? Names that reach SQL come from here and from nowhere else. */
import { ZugabeError } from '../../errors.js';
import { booksTables } from '../../node.js';

/** @import { Row } from './index.js' */

/**
 * @typedef {object} Table
 * @property {string} name
 * @property {string[]} key - The primary key.
 * @property {Set<string>} columns
 * @property {((row: Row) => boolean)[]} checks - What a database checks; here for the books in memory.
 */

/** @type {Map<string, Table> | undefined} */
let known;

/** @returns {Map<string, Table>} */
export function tables() {
  known ??= new Map(
    booksTables().tables.map((/** @type {any} */ { table, columns, key, checks }) => {
      const names = columns.map((/** @type {{ name: string }} */ column) => column.name);
      return [table, { name: table, key: names.slice(0, key), columns: new Set(names), checks: checks.map(checkOf) }];
    }),
  );
  return known;
}

/** @param {string} name */
export function tableOf(name) {
  const table = tables().get(name);
  if (!table) throw new ZugabeError('invalid_value', `The books have no table "${name}".`, 'table');
  return table;
}

/**
 * @param {Table} table
 * @param {string} column
 */
export function columnOf(table, column) {
  if (!table.columns.has(column)) throw new ZugabeError('invalid_value', `The table "${table.name}" has no column "${column}".`, 'column');
  return column;
}

/**
 * A check is a comparison of sums of columns: `granted = available + reserved`.
 * @param {string} check
 * @returns {(row: Row) => boolean}
 */
function checkOf(check) {
  const [, left, is, right] = /^(.+?) (=|<=|>=) (.+)$/.exec(check) ?? [];
  if (!is) throw new ZugabeError('internal', `Nobody can read the check "${check}" in memory.`);
  const sum = (/** @type {string} */ names) => (/** @type {Row} */ row) =>
    names.split(' + ').reduce((all, name) => all + (/^\d+$/.test(name) ? Number(name) : Number(row[name])), 0);
  const [one, other] = [sum(left), sum(right)];
  if (is === '=') return (row) => one(row) === other(row);
  return is === '<=' ? (row) => one(row) <= other(row) : (row) => one(row) >= other(row);
}
