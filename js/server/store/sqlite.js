/** Books in one SQLite file, for one server process. A thread of its own writes them, so that the disk never stops the server. */
import { Worker } from 'node:worker_threads';
import { ZugabeError } from '../../errors.js';
import { BooksPlanner } from '../../node.js';
import { closed, unavailable } from './errors.js';

/** @import { Ran, Store } from './index.js' */

/**
 * @typedef {object} SqliteOptions
 * @property {string} path - The file; made where there is none. `PATH-lock` beside it says that a process serves it.
 * @property {number} [maxWaiting] - So many requests wait at most, 10,000 where absent; further ones are told `unavailable`.
 */

/** So many requests cross to the thread at once where more are being made: it begins with them while this one makes the others. */
const PORTION = 8;

/** @typedef {{ resolve: (value: any) => void, reject: (error: unknown) => void }} Waiting */

/**
 * @param {SqliteOptions} options
 * @returns {Promise<Store & { backup: (path: string) => Promise<void> }>}
 */
export async function createSqliteStore({ path, maxWaiting = 10_000 }) {
  const worker = new Worker(new URL('./sqlite-worker.js', import.meta.url), { workerData: { path }, name: 'zugabe-books' });
  /** @type {Map<number, Waiting>} */
  const waiting = new Map();
  /** @type {[number, string, ...unknown[]][]} */
  let outgoing = [];
  /** @type {unknown} */
  let ended;
  /** @type {string | undefined} */
  let why;
  let count = 0;
  const planner = new BooksPlanner();

  const end = (/** @type {unknown} */ error) => {
    ended ??= error;
    for (const { reject } of waiting.values()) reject(ended);
    waiting.clear();
  };
  worker.on('message', (/** @type {[number, boolean, any][]} */ answers) => {
    for (const [id, well, value] of answers) {
      const request = waiting.get(id);
      waiting.delete(id);
      if (well) request?.resolve(value);
      else request?.reject(new ZugabeError(value.code, value.message, value.path));
    }
    // An idle store does not keep a program from ending.
    if (waiting.size === 0 && !ended) worker.unref();
  });
  worker.on('error', (error) => end(unavailable('The thread that writes the books failed: start the server again.', error)));
  worker.on('exit', () => end(closed()));

  /** Why nothing more can be asked now. */
  const refusal = () => ended ?? (waiting.size >= maxWaiting ? unavailable(`${waiting.size} requests are waiting for the books already.`) : undefined);
  /**
   * What is asked in one turn of the event loop, by as many connections as had something to say, crosses to the thread in portions.
   * @param {string} what
   * @param {...unknown} given
   * @returns {Promise<any>}
   */
  const ask = (what, ...given) =>
    new Promise((resolve, reject) => {
      const no = refusal();
      if (no) return reject(no);
      if (waiting.size === 0) worker.ref();
      waiting.set(++count, { resolve, reject });
      const size = outgoing.push([count, what, ...given]);
      if (size === 1) setImmediate(send);
      else if (size === PORTION) send();
    });
  const send = () => {
    if (outgoing.length) worker.postMessage(outgoing);
    outgoing = [];
  };
  /**
   * Planned here, so that both threads have something to do: the other one has the statements and the disk. Only what is asked
   * afterwards is planned: a shape's statements come with its first plan, and would be missing for good if that one went nowhere.
   * @param {object | string} operation
   */
  const run = async (operation) => {
    const no = refusal();
    if (no) throw no;
    const text = typeof operation === 'string' ? operation : JSON.stringify(operation);
    return ask('run', text, planner.planText(text));
  };
  /** @param {Promise<any>} asked */
  const watched = (asked) =>
    asked.then(
      (value) => {
        why = undefined;
        return value;
      },
      (error) => {
        if (error.code === 'unavailable') why = error.message;
        throw error;
      },
    );

  await ask('open');
  return {
    kind: 'sqlite',
    run: (operation) => watched(run(operation)),
    read: (table, query = {}) => ask('read', table, query),
    execute: (steps) => watched(ask('execute', steps)),
    verify: () =>
      new Promise((resolve, reject) => {
        if (ended) return reject(ended);
        const reader = new Worker(new URL('./sqlite-verify.js', import.meta.url), { workerData: { path }, name: 'zugabe-verify' });
        reader.once('message', resolve);
        reader.once('error', (error) => reject(unavailable('The books could not be read.', error)));
      }),
    health: async () => ({ ok: !ended && why === undefined, waiting: waiting.size, ...(ended || why ? { why: why ?? String(ended) } : {}) }),
    backup: (to) => ask('backup', to),
    close: async () => {
      if (ended) return;
      const gone = new Promise((resolve) => worker.once('exit', resolve));
      const asked = ask('close');
      ended = closed();
      await asked;
      await gone;
    },
  };
}
