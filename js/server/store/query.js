/** Which rows does a query mean? Its defaults in one place, and its SQL. */
import { ZugabeError } from '../../errors.js';
import { columnOf, tableOf } from './tables.js';

/** @import { Cell, Query } from './index.js' */
/** @import { Table } from './tables.js' */

const PAGE = 1000;
const MOST = 10_000;

/** @typedef {{ column: string, is: 'in' | 'not' | 'atMost' | 'atLeast', to: Cell[] }} Condition */

/**
 * @param {string} name
 * @param {Query} query
 */
export function asked(name, { where = {}, columns, order, descending = false, limit = PAGE, after }) {
  const table = tableOf(name);
  const shown = (columns ?? [...table.columns]).map((column) => columnOf(table, column));
  const sorted = (order ?? table.key).map((column) => columnOf(table, column));
  if (!Number.isInteger(limit) || limit < 1 || limit > MOST) throw new ZugabeError('invalid_value', `A page has 1 to ${MOST} rows.`, 'limit');
  if (after && after.length !== sorted.length) throw new ZugabeError('invalid_value', 'One cell for each column of "order".', 'after');
  const conditions = Object.entries(where).map(([column, filter]) => condition(table, column, filter));
  return { table, shown, sorted, descending, limit, after, conditions };
}

/**
 * @param {Table} table
 * @param {string} column
 * @param {import('./index.js').Filter} filter
 * @returns {Condition}
 */
function condition(table, column, filter) {
  columnOf(table, column);
  if (typeof filter !== 'object') return { column, is: 'in', to: [filter] };
  if ('in' in filter) return { column, is: 'in', to: filter.in };
  const [is, to] = /** @type {['not' | 'atMost' | 'atLeast', Cell]} */ (Object.entries(filter)[0]);
  return { column, is, to: [to] };
}

const OPERATOR = { not: '<>', atMost: '<=', atLeast: '>=' };

/**
 * @param {string} name
 * @param {Query} query
 * @param {(number: number) => string} placeholder
 */
export function sqlOf(name, query, placeholder) {
  const { table, shown, sorted, descending, limit, after, conditions } = asked(name, query);
  /** @type {Cell[]} */
  const params = [];
  const param = (/** @type {Cell} */ cell) => placeholder(params.push(cell));
  const quoted = (/** @type {string[]} */ columns) => columns.map((column) => `"${column}"`).join(', ');
  const parts = conditions.map(({ column, is, to }) => {
    if (is !== 'in') return `"${column}" ${OPERATOR[is]} ${param(to[0])}`;
    return to.length ? `"${column}" IN (${to.map(param).join(', ')})` : '1 = 0';
  });
  if (after) parts.push(`(${quoted(sorted)}) ${descending ? '<' : '>'} (${after.map(param).join(', ')})`);
  const where = parts.length ? ` WHERE ${parts.join(' AND ')}` : '';
  const order = sorted.map((column) => `"${column}"${descending ? ' DESC' : ''}`).join(', ');
  const sql = `SELECT ${quoted(shown)} FROM "${table.name}"${where} ORDER BY ${order} LIMIT ${limit}`;
  return { sql, params };
}
