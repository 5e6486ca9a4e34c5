/** How does a statement of the books read in SQL? Its text, and where its parameters come from; compiled once for each shape. */
import { ZugabeError } from '../../errors.js';
import { columnOf, tableOf } from './tables.js';

/** @import { Cell, Row } from './index.js' */
/** @import { Table } from './tables.js' */

/**
 * What references mean while statements run.
 * @typedef {object} Scope
 * @property {Map<string, Row[]>} rows - By step; absent for those that did not run.
 * @property {string | undefined} each - The step whose rows are gone through.
 * @property {Row | undefined} row - Its current one.
 * @property {readonly Cell[]} values - The literals of a plan whose shape was compiled before.
 */

/** @typedef {any} Step - A `BooksStep`. */
/** @typedef {any} Value - A `BooksValue`, or `{ type: 'param', at }` for a literal of the plan at hand. */

/**
 * @typedef {object} Statement
 * @property {string} name
 * @property {Step} step - What it was compiled from.
 * @property {string} sql
 * @property {((scope: Scope) => boolean)[]} when
 * @property {string | undefined} each
 * @property {((scope: Scope) => Cell)[]} params
 * @property {boolean} stops - Whether the plan ends here when no row comes back.
 * @property {Statement | undefined} read - What is read then.
 */

/** What may be deleted: answers under a key, and messages. The books themselves only ever grow. */
const KEPT_FOR_A_WHILE = new Set(['idempotency', 'outbox']);

const OPERATOR = { not: '<>', at_most: '<=', at_least: '>=' };

/**
 * @param {Step} step
 * @param {(number: number) => string} placeholder - `?` or `$1`.
 * @returns {Statement}
 */
export function compile(step, placeholder) {
  /** @type {((scope: Scope) => Cell)[]} */
  const params = [];
  const sql = textOf(step, (value) => placeholder(params.push(cellOf(value))));
  return {
    name: step.name,
    step,
    sql,
    when: (step.when ?? []).map(conditionOf),
    each: step.each,
    params,
    stops: step.onEmpty.then !== 'proceed',
    read: step.onEmpty.then === 'read' ? compile(step.onEmpty.step, placeholder) : undefined,
  };
}

/**
 * @param {Step} step
 * @param {(value: Value) => string} param
 */
function textOf(step, param) {
  const table = tableOf(step.table);
  const name = (/** @type {string} */ column) => `"${columnOf(table, column)}"`;
  const names = (/** @type {{ column: string }[]} */ list) => list.map(({ column }) => name(column)).join(', ');
  const value = (/** @type {Value} */ one) => expression(one, table, param);
  const changes = () =>
    [
      ...(step.set ?? []).map((/** @type {any} */ { column, value: to }) => `${name(column)} = ${value(to)}`),
      ...(step.add ?? []).map((/** @type {any} */ { column, value: by }) => `${name(column)} = "${table.name}".${name(column)} + ${value(by)}`),
    ].join(', ');
  const keys = () => step.key.map((/** @type {any} */ { column, value: to }) => `${name(column)} = ${value(to)}`);
  const conditions = () =>
    (step.conditions ?? []).map((/** @type {any} */ { column, is, to }) => {
      const own = `"${table.name}".${name(column)}`;
      if (is === 'in') return `${own} IN (${to.map(value).join(', ')})`;
      return `${own} ${OPERATOR[/** @type {keyof typeof OPERATOR} */ (is)]} ${value(to[0])}`;
    });
  const returning = step.returning.map(name).join(', ');
  // The order of these calls is that of the placeholders in the text.
  switch (step.verb) {
    case 'insert': {
      const all = [...step.key, ...(step.values ?? [])];
      return `INSERT INTO "${table.name}" (${names(all)}) VALUES (${all.map((one) => value(one.value)).join(', ')}) ON CONFLICT (${names(step.key)}) DO NOTHING RETURNING ${returning}`;
    }
    case 'upsert': {
      const all = [...step.key, ...(step.values ?? [])];
      const insert = `INSERT INTO "${table.name}" (${names(all)}) VALUES (${all.map((one) => value(one.value)).join(', ')})`;
      const update = `ON CONFLICT (${names(step.key)}) DO UPDATE SET ${changes()}`;
      return `${insert} ${update}${where(conditions())} RETURNING ${returning}`;
    }
    case 'update':
      return `UPDATE "${table.name}" SET ${changes()}${where([...keys(), ...conditions()])} RETURNING ${returning}`;
    case 'delete':
      if (!KEPT_FOR_A_WHILE.has(table.name)) throw new ZugabeError('invalid_value', `No row of "${table.name}" is ever deleted.`, 'table');
      return `DELETE FROM "${table.name}"${where([...keys(), ...conditions()])} RETURNING ${returning}`;
    case 'select':
      return `SELECT ${returning} FROM "${table.name}"${where([...keys(), ...conditions()])}`;
    default:
      throw new ZugabeError('invalid_value', `There is no statement "${step.verb}".`, 'verb');
  }
}

/** @param {string[]} parts */
const where = (parts) => (parts.length ? ` WHERE ${parts.join(' AND ')}` : '');

/**
 * What depends on the row itself is reckoned by the database, anything else here.
 * @param {Value} value
 * @param {Table} table
 * @param {(value: Value) => string} param
 * @returns {string}
 */
function expression(value, table, param) {
  if (value.type === 'own') return `"${table.name}"."${columnOf(table, value.column)}"`;
  if (value.type !== 'sum' || !readsRow(value)) return param(value);
  const plus = value.plus.map((/** @type {Value} */ part) => expression(part, table, param)).join(' + ') || '0';
  return `(${[plus, ...value.minus.map((/** @type {Value} */ part) => expression(part, table, param))].join(' - ')})`;
}

/** @param {Value} value @returns {boolean} */
const readsRow = (value) => value.type === 'own' || (value.type === 'sum' && [...value.plus, ...value.minus].some(readsRow));

/**
 * @param {Value} value
 * @returns {(scope: Scope) => Cell}
 */
function cellOf(value) {
  switch (value.type) {
    case 'text':
      return () => value.text;
    case 'int':
      return () => value.int;
    case 'param': {
      const { at } = value;
      return (scope) => scope.values[at];
    }
    case 'ref': {
      const { step, column } = value;
      return (scope) => {
        const cell = referred(scope, step)?.[column];
        if (cell === undefined) throw broken(step, column);
        return cell;
      };
    }
    case 'sum': {
      const plus = value.plus.map(cellOf);
      const minus = value.minus.map(cellOf);
      return (scope) => {
        let sum = 0;
        for (const part of plus) sum += Number(part(scope));
        for (const part of minus) sum -= Number(part(scope));
        return sum;
      };
    }
    default:
      throw new ZugabeError('invalid_value', `A statement cannot take a value "${value.type}" here.`, 'value');
  }
}

/**
 * @param {any} when
 * @returns {(scope: Scope) => boolean}
 */
function conditionOf({ type, step, column, value }) {
  if (type === 'found') return (scope) => referred(scope, step) !== undefined;
  if (type === 'missing') return (scope) => referred(scope, step) === undefined;
  const cell = cellOf(value);
  const same = type === 'equals';
  return (scope) => {
    const row = referred(scope, step);
    return row !== undefined && (row[column] === cell(scope)) === same;
  };
}

/** @param {Scope} scope @param {string} step */
const referred = (scope, step) => (scope.each === step ? scope.row : scope.rows.get(step)?.[0]);

/** @param {string} step @param {string} column */
const broken = (step, column) => new ZugabeError('invalid_state', `No row of this step has a column ${column}: the plan contradicts itself.`, step);
