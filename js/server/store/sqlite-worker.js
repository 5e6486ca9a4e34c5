/** Who writes the SQLite file? This thread alone: a group of operations in one transaction, acknowledged after its commit. */
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { ZugabeError } from '../../errors.js';
import { unavailable } from './errors.js';
import { compiler, told } from './plan.js';
import { sqlOf } from './query.js';
import { resultsOf, running } from './run.js';
import { openBooks, why } from './sqlite-file.js';
import { compile } from './statement.js';

/** @import { MessagePort } from 'node:worker_threads' */
/** @import { Database, Statement } from 'better-sqlite3' */
/** @import { Cell, Executed, Ran, Row } from './index.js' */
/** @import { Planned } from './plan.js' */
/** @import { Results } from './run.js' */
/** @import { Statement as Compiled } from './statement.js' */

/**
 * A commit waits for the disk, so as many operations as came meanwhile share the next one. Nobody is waited for: a group ends when
 * nothing more is there. It ends at 64, and after so many milliseconds of work, too, so that whoever came first does not wait
 * much longer for the operations behind hers than for the disk.
 */
const GROUP = 64;
const MILLISECONDS = 25;
const MANY_TEXTS = 1000;

/** @typedef {[id: number, what: string, ...given: any[]]} Request - `run` is given a `Planned`, once it has arrived. */
/** @typedef {[id: number, well: boolean, value: unknown]} Answer */

const port = /** @type {MessagePort} */ (parentPort);
const { path } = /** @type {{ path: string }} */ (workerData);
const placeholder = () => '?';
const compiled = compiler(placeholder);
/** @type {Request[]} */
const queue = [];
/** @type {Map<string, Statement>} */
const prepared = new Map();
/** @type {Database} */
let database;
/** @type {() => void} */
let unlock = () => {};

port.on('message', (/** @type {Request[]} */ batch) => {
  arrived(batch);
  while (queue.length) {
    if (isWriting(queue[0])) group();
    else void other(/** @type {Request} */ (queue.shift()));
  }
});

/**
 * Read at once, whatever becomes of them: a shape's statements come with the first plan of it and never again.
 * @param {Request[]} batch
 */
function arrived(batch) {
  for (const request of batch) {
    if (request[1] === 'run') request.splice(2, 2, compiled(request[2], JSON.parse(request[3])));
    queue.push(request);
  }
}

/** @param {Request | undefined} request */
const isWriting = (request) => request !== undefined && (request[1] === 'run' || request[1] === 'execute');

/** What comes next; also what has arrived while this thread was busy. */
function next() {
  if (queue.length === 0) {
    const more = receiveMessageOnPort(port);
    if (more) arrived(more.message);
  }
  return isWriting(queue[0]) ? queue.shift() : undefined;
}

/** Requests that need no transaction of the group. */
async function other(/** @type {Request} */ [id, what, ...given]) {
  try {
    let value;
    if (what === 'open') ({ database, unlock } = openBooks(path));
    else if (what === 'read') value = read(given[0], given[1]);
    else if (what === 'backup') await database.backup(given[0]);
    else if (what === 'close') close();
    port.postMessage([[id, true, value]]);
    if (what === 'close') port.close();
  } catch (error) {
    port.postMessage([[id, false, asError(error)]]);
    if (what === 'open') port.close();
  }
}

function close() {
  database.close();
  unlock();
}

/** @param {string} table @param {import('./index.js').Query} query */
function read(table, query) {
  const { sql, params } = sqlOf(table, query, placeholder);
  return prepare(sql).all(...params);
}

/** As many operations as there are, in one transaction. */
function group() {
  /** @type {number[]} */
  const taken = [];
  /** @type {Answer[]} */
  let answers = [];
  const end = performance.now() + MILLISECONDS;
  try {
    prepare('BEGIN IMMEDIATE').run();
    for (let request = next(); request; request = next()) {
      taken.push(request[0]);
      answers.push(one(request));
      if (answers.length === GROUP || performance.now() > end) break;
    }
    prepare('COMMIT').run();
  } catch (error) {
    // Nothing of the group was acknowledged, and nothing of it stays.
    if (database.inTransaction) prepare('ROLLBACK').run();
    // What had not been taken yet is tried in a group of its own; the first request is there in any case.
    if (taken.length === 0) taken.push(/** @type {Request} */ (queue.shift())[0]);
    const said = asError(error);
    answers = taken.map((id) => [id, false, said]);
  }
  port.postMessage(answers);
}

/**
 * @param {Request} request
 * @returns {Answer}
 */
function one([id, what, given]) {
  prepare('SAVEPOINT one').run();
  try {
    const value = what === 'run' ? run(given) : execute(given);
    prepare('RELEASE one').run();
    return [id, true, value];
  } catch (error) {
    if (isOfTheFile(error)) throw error;
    undo();
    prepare('RELEASE one').run();
    return [id, false, asError(error)];
  }
}

const undo = () => prepare('ROLLBACK TO one').run();

/**
 * @param {Planned} planned
 * @returns {Ran}
 */
function run({ statements, values, finish }) {
  const finished = finish(fetch(statements, values));
  if (!finished.commit) undo();
  // Where the same key was answered meanwhile the answer is there to be read; with one writer that cannot be.
  if (finished.after.length) fetch(finished.after.map((step) => compile(step, placeholder)));
  return told(finished);
}

/**
 * @param {any[]} steps
 * @returns {Executed}
 */
function execute(steps) {
  const results = fetch(steps.map((step) => compile(step, placeholder)));
  if (results.stopped !== undefined) undo();
  return resultsOf(results);
}

/**
 * @param {readonly Compiled[]} statements
 * @param {readonly Cell[]} [values]
 * @returns {Results}
 */
function fetch(statements, values) {
  const steps = running(statements, values);
  let step = steps.next();
  while (!step.done) step = steps.next(/** @type {Row[]} */ (prepare(step.value.sql).all(...step.value.params)));
  return step.value;
}

/** @param {string} sql */
function prepare(sql) {
  let statement = prepared.get(sql);
  if (!statement) {
    // The plans have some hundred texts; queries with lists of any length would add to them without end.
    if (prepared.size === MANY_TEXTS) prepared.clear();
    prepared.set(sql, (statement = database.prepare(sql)));
  }
  return statement;
}

/** Whether the file is at fault, and with it the whole transaction; otherwise it is this one operation. @param {unknown} error */
const isOfTheFile = (error) => !database.inTransaction || (why(error) !== undefined && !isConstraint(error));

/** @param {unknown} error */
const isConstraint = (error) => String(/** @type {any} */ (error)?.code).startsWith('SQLITE_CONSTRAINT');

/** @param {unknown} error */
function asError(error) {
  if (isConstraint(error)) return new ZugabeError('invalid_state', 'The books contradict themselves, so nothing was changed: verify them.').toJSON();
  const reason = why(error);
  return (reason === undefined ? ZugabeError.from(error) : unavailable(reason)).toJSON();
}
