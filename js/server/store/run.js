/** How do statements follow each other? One interpreter for every database: it asks for rows, and whoever drives it fetches them. */

/** @import { Cell, Row } from './index.js' */
/** @import { Scope, Statement, Step } from './statement.js' */

/** @typedef {{ sql: string, params: Cell[], name: string, step: Step, scope: Scope }} Wanted */
/** @typedef {{ rows: Map<string, Row[]>, stopped: string | undefined, busy?: boolean }} Results - `busy`: another transaction has the same key. */

/**
 * Runs statements in order: yields what is wanted of the database and is given its rows.
 * @param {readonly Statement[]} statements
 * @param {readonly Cell[]} values - The literals of the plan at hand.
 * @returns {Generator<Wanted, Results, Row[]>}
 */
export function* running(statements, values = []) {
  /** @type {Map<string, Row[]>} */
  const rows = new Map();
  /** @type {Scope} */
  const scope = { rows, each: undefined, row: undefined, values };
  for (const statement of statements) {
    const rounds = statement.each === undefined ? ONCE : [...(rows.get(statement.each) ?? [])];
    for (const row of rounds) {
      scope.each = statement.each;
      scope.row = row;
      if (!statement.when.every((when) => when(scope))) continue;
      const found = yield wanted(statement, scope);
      const before = rows.get(statement.name);
      if (before) before.push(...found);
      else rows.set(statement.name, found);
      if (found.length || !statement.stops) continue;
      if (statement.read) {
        scope.each = undefined;
        rows.set(statement.read.name, yield wanted(statement.read, scope));
      }
      return { rows, stopped: statement.name };
    }
  }
  return { rows, stopped: undefined };
}

/** @type {undefined[]} */
const ONCE = [undefined];

/** @param {Statement} statement @param {Scope} scope @returns {Wanted} */
const wanted = (statement, scope) => ({
  sql: statement.sql,
  params: statement.params.map((param) => param(scope)),
  name: statement.name,
  step: statement.step,
  scope,
});

/**
 * As the core reads them: `BooksResults`.
 * @param {Results} results
 */
export const resultsOf = ({ rows, stopped, busy }) => ({ rows: Object.fromEntries(rows), ...(stopped === undefined ? {} : { stopped }), ...(busy ? { busy } : {}) });
