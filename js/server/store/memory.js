/** Books that end with the process: for tests, demos and the first try. Rows in maps, and the same statements as everywhere. */
import { ZugabeError } from '../../errors.js';
import { booksFinish, booksPlan } from '../../node.js';
import { audited } from './audit.js';
import { closed } from './errors.js';
import { told } from './plan.js';
import { asked } from './query.js';
import { resultsOf, running } from './run.js';
import { compile } from './statement.js';
import { tableOf, tables } from './tables.js';

/** @import { Cell, Row, Store } from './index.js' */
/** @import { Condition } from './query.js' */
/** @import { Results, Wanted } from './run.js' */
/** @import { Scope, Step, Value } from './statement.js' */

/** @returns {Store} */
export function createMemoryStore() {
  /** @type {Map<string, Map<string, Row>>} */
  const rows = new Map([...tables().keys()].map((name) => [name, new Map()]));
  /** What puts everything back, the last change first. @type {(() => void)[]} */
  let undo = [];
  let open = true;

  const of = (/** @type {string} */ table) => /** @type {Map<string, Row>} */ (rows.get(table));
  const rollBack = () => {
    for (const step of undo.reverse()) step();
  };

  /** @param {string} table @param {string} key @param {Row | undefined} row */
  const put = (table, key, row) => {
    const before = of(table).get(key);
    undo.push(() => void (before ? of(table).set(key, before) : of(table).delete(key)));
    if (row) of(table).set(key, row);
    else of(table).delete(key);
  };

  /** @param {Step[]} steps @returns {Results} */
  const follow = (steps) => {
    const flow = running(steps.map((step) => compile(step, () => '?')));
    let next = flow.next();
    while (!next.done) next = flow.next(statement(next.value));
    return next.value;
  };

  /** @param {Wanted} wanted @returns {Row[]} */
  const statement = ({ step, scope }) => {
    const key = cells(step.key, scope);
    const found = matching(step, key, scope);
    const returned = (/** @type {Row} */ row) => Object.fromEntries(step.returning.map((/** @type {string} */ column) => [column, row[column]]));
    if (step.verb === 'select') return found.map(([, row]) => returned(row));
    if (step.verb === 'insert' || step.verb === 'upsert') {
      const at = keyOf(step.table, key);
      const there = of(step.table).get(at);
      if (!there) {
        const row = { ...key, ...cells(step.values ?? [], scope) };
        check(step.table, row);
        put(step.table, at, row);
        return [returned(row)];
      }
      if (step.verb === 'insert' || found.length === 0) return [];
    }
    return found.map(([at, row]) => {
      if (step.verb === 'delete') {
        put(step.table, at, undefined);
        return returned(row);
      }
      const changed = { ...row, ...cells(step.set ?? [], scope, row) };
      for (const { column, value } of step.add ?? []) changed[column] = Number(row[column]) + Number(cell(value, scope, row));
      check(step.table, changed);
      const moved = keyOf(step.table, changed);
      if (moved !== at) {
        if (of(step.table).has(moved)) throw contradiction();
        put(step.table, at, undefined);
      }
      put(step.table, moved, changed);
      return returned(changed);
    });
  };

  /** @param {Step} step @param {Row} key @param {Scope} scope @returns {[string, Row][]} */
  const matching = (step, key, scope) => {
    const whole = tableOf(step.table).key.every((column) => column in key);
    const one = whole ? of(step.table).get(keyOf(step.table, key)) : undefined;
    /** @type {Iterable<[string, Row]>} */
    const near = whole ? (one ? [[keyOf(step.table, key), one]] : []) : of(step.table);
    const columns = Object.entries(key);
    return [...near].filter(
      ([, row]) => columns.every(([column, value]) => row[column] === value) && (step.conditions ?? []).every((/** @type {any} */ one) => meets(row, one, scope)),
    );
  };

  /**
   * @template T
   * @param {() => T} work
   */
  const whileOpen = async (work) => {
    if (!open) throw closed();
    undo = [];
    try {
      return work();
    } catch (error) {
      rollBack();
      throw error;
    }
  };

  return {
    kind: 'memory',
    run: (operation) =>
      whileOpen(() => {
        const finished = booksFinish(operation, resultsOf(follow(booksPlan(operation).steps)));
        if (!finished.commit) rollBack();
        undo = [];
        follow(finished.after);
        return told(finished);
      }),
    read: (name, query = {}) =>
      whileOpen(() => {
        const { table, shown, sorted, descending, limit, after, conditions } = asked(name, query);
        const order = (/** @type {Row} */ one, /** @type {Row} */ other) => compare(one, other, sorted) * (descending ? -1 : 1);
        const behind = after && Object.fromEntries(sorted.map((column, place) => [column, after[place]]));
        return [...of(table.name).values()]
          .filter((row) => conditions.every((condition) => holds(row, condition)) && (!behind || order(row, behind) > 0))
          .sort(order)
          .slice(0, limit)
          .map((row) => Object.fromEntries(shown.map((column) => [column, row[column]])));
      }),
    execute: (steps) =>
      whileOpen(() => {
        const results = follow(steps);
        if (results.stopped !== undefined) rollBack();
        return resultsOf(results);
      }),
    verify: async () => {
      if (!open) throw closed();
      return audited((name) => of(name).values());
    },
    health: async () => ({ ok: open, waiting: 0 }),
    close: async () => {
      open = false;
    },
  };
}

/** @param {{ column: string, value: Value }[]} assignments @param {Scope} scope @param {Row} [own] @returns {Row} */
const cells = (assignments, scope, own) => Object.fromEntries(assignments.map(({ column, value }) => [column, cell(value, scope, own)]));

/** @param {Value} value @param {Scope} scope @param {Row} [own] @returns {Cell} */
function cell(value, scope, own) {
  if (value.type === 'text') return value.text;
  if (value.type === 'int') return value.int;
  const number = (/** @type {Value} */ part) => Number(cell(part, scope, own));
  if (value.type === 'sum') return value.plus.reduce((/** @type {number} */ sum, /** @type {Value} */ part) => sum + number(part), 0) - value.minus.reduce((/** @type {number} */ sum, /** @type {Value} */ part) => sum + number(part), 0);
  const row = value.type === 'own' ? own : scope.each === value.step ? scope.row : scope.rows.get(value.step)?.[0];
  if (row?.[value.column] === undefined) throw new ZugabeError('invalid_state', `There is no column ${value.column} to be read: the plan contradicts itself.`, value.step);
  return row[value.column];
}

/** @param {Row} row @param {any} condition @param {Scope} scope */
function meets(row, { column, is, to }, scope) {
  return to.some((/** @type {Value} */ value) => {
    const other = cell(value, scope, row);
    return compares(row[column], is === 'at_most' ? 'atMost' : is === 'at_least' ? 'atLeast' : is, other);
  });
}

/** @param {Cell} one @param {Condition['is']} is @param {Cell} other */
function compares(one, is, other) {
  if (is === 'in') return one === other;
  if (is === 'not') return one !== other;
  return is === 'atMost' ? one <= other : one >= other;
}

/** @param {Row} row @param {Condition} condition */
const holds = (row, { column, is, to }) => to.some((other) => compares(row[column], is, other));

/** @param {Row} one @param {Row} other @param {string[]} columns */
function compare(one, other, columns) {
  for (const column of columns) {
    if (one[column] < other[column]) return -1;
    if (one[column] > other[column]) return 1;
  }
  return 0;
}

/** @param {string} table @param {Row} row */
const keyOf = (table, row) => JSON.stringify(tableOf(table).key.map((column) => row[column]));

/** What a database checks: every column is there and no other, and the sums hold. @param {string} table @param {Row} row */
function check(table, row) {
  const { columns, checks } = tableOf(table);
  const whole = Object.keys(row).length === columns.size && Object.keys(row).every((column) => columns.has(column));
  if (!whole || !checks.every((holds) => holds(row))) throw contradiction();
}

const contradiction = () => new ZugabeError('invalid_state', 'The books contradict themselves, so nothing was changed: verify them.');
