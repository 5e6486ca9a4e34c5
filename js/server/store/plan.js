/** What has to happen for an operation? The core's plan, compiled for a database, and the core's word on what came of it. */
import { booksFinish, booksPlan } from '../../node.js';
import { resultsOf } from './run.js';
import { compile } from './statement.js';

/** @import { Results } from './run.js' */
/** @import { Cell, Ran } from './index.js' */
/** @import { Statement } from './statement.js' */

/** @typedef {Ran & { commit: boolean, after: any[] }} Finished - A `BooksFinished`. */

/**
 * @typedef {object} Planned
 * @property {readonly Statement[]} statements
 * @property {readonly Cell[]} values
 * @property {(results: Results) => Finished} finish
 */

/**
 * @param {(number: number) => string} placeholder
 * @returns {(operation: string) => Planned}
 */
export function planner(placeholder) {
  return (operation) => ({
    statements: booksPlan(operation).steps.map((/** @type {any} */ step) => compile(step, placeholder)),
    values: [],
    finish: (results) => booksFinish(operation, resultsOf(results)),
  });
}

/** @param {Finished} finished @returns {Ran} */
export const told = ({ answer, effects, replayed }) => ({ answer, effects, replayed });
