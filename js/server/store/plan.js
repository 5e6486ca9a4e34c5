/** What has to happen for an operation? The core's plan, compiled for a database once for each shape, and the core's word on what came of it. */
import { BooksPlanner, booksFinish } from '../../node.js';
import { resultsOf } from './run.js';
import { compile } from './statement.js';

/** @import { Results } from './run.js' */
/** @import { Cell, Ran } from './index.js' */
/** @import { Statement, Step, Value } from './statement.js' */

/** @typedef {Ran & { commit: boolean, after: any[] }} Finished - A `BooksFinished`. */

/**
 * @typedef {object} Planned
 * @property {readonly Statement[]} statements
 * @property {readonly Cell[]} values
 * @property {(results: Results) => Finished} finish
 */

/** @typedef {{ shape: number, steps?: Step[], values: Cell[], usual?: Finished }} Shaped - A `ShapedPlan`. */

/**
 * Plans and compiles.
 * @param {(number: number) => string} placeholder
 * @returns {(operation: string) => Planned}
 */
export function planner(placeholder) {
  const core = new BooksPlanner();
  const compiled = compiler(placeholder);
  return (operation) => compiled(operation, core.plan(operation));
}

/**
 * Plans of one shape differ in their literals alone, so that a shape's statements cross from the core once and are compiled once.
 * @param {(number: number) => string} placeholder
 * @returns {(operation: string, plan: Shaped) => Planned}
 */
export function compiler(placeholder) {
  /** @type {Statement[][]} */
  const shapes = [];
  return (operation, { shape, steps, values, usual }) => {
    if (steps) shapes[shape] = lifted(steps).map((step) => compile(step, placeholder));
    return {
      statements: shapes[shape],
      values,
      finish: (results) => (usual && results.stopped === undefined && !results.busy ? usual : booksFinish(operation, resultsOf(results))),
    };
  };
}

/**
 * The statements with places in the list of values for their literals, in the order of `ShapedPlan`.
 * @param {Step[]} steps
 */
function lifted(steps) {
  let count = 0;
  /** @param {Value} value @returns {Value} */
  const value = (value) => {
    if (value.type === 'text' || value.type === 'int') return { type: 'param', at: count++ };
    return value.type === 'sum' ? { type: 'sum', plus: value.plus.map(one), minus: value.minus.map(one) } : value;
  };
  const one = (/** @type {Value} */ part) => value(part);
  const valued = (/** @type {any} */ part) => ('value' in part ? { ...part, value: value(part.value) } : part);
  /** @param {Step} step @returns {Step} */
  const lift = (step) => ({
    ...step,
    when: (step.when ?? []).map(valued),
    key: step.key.map(valued),
    values: (step.values ?? []).map(valued),
    set: (step.set ?? []).map(valued),
    add: (step.add ?? []).map(valued),
    conditions: (step.conditions ?? []).map((/** @type {any} */ condition) => ({ ...condition, to: condition.to.map(one) })),
    onEmpty: step.onEmpty.then === 'read' ? { ...step.onEmpty, step: lift(step.onEmpty.step) } : step.onEmpty,
  });
  return steps.map(lift);
}

/** @param {Finished} finished @returns {Ran} */
export const told = ({ answer, effects, replayed }) => ({ answer, effects, replayed });
