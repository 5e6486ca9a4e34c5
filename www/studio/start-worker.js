/**
 * Where does the worker come from? From a blob, so that it inherits the page's policy and cannot connect either: a
 * worker loaded from an address would bring the policy of that address, which on a plain web server is none.
 */
import StudioWorker from './worker.js?worker&inline';

/** @returns {Worker} */
export function startWorker() {
  return new StudioWorker({ name: 'zugabe' });
}
