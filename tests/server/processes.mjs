/** Starts processes with a store of their own (`child.mjs`) and speaks with them. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const CHILD = fileURLToPath(new URL('./child.mjs', import.meta.url));

/**
 * @param {{ env?: Record<string, string>, onDone?: (done: { done: string, code: string }) => void }} [options]
 */
export function startProcess({ env = {}, onDone = () => {} } = {}) {
  const child = fork(CHILD, { env: { ...process.env, ...env }, execArgv: [] });
  /** @type {Map<number, { resolve: (value: any) => void, reject: (error: unknown) => void }>} */
  const waiting = new Map();
  let count = 0;
  child.on('message', (/** @type {any} */ message) => {
    if (message.done) return onDone(message);
    const request = waiting.get(message.id);
    waiting.delete(message.id);
    if (message.error) request?.reject(Object.assign(new Error(message.error.message), message.error));
    else request?.resolve(message.value);
  });
  const gone = once(child, 'exit').then(() => {
    for (const { reject } of waiting.values()) reject(new Error('The process ended.'));
    waiting.clear();
  });
  return {
    /**
     * @param {string} what
     * @param {object} [message]
     * @returns {Promise<any>}
     */
    ask(what, message = {}) {
      return new Promise((resolve, reject) => {
        waiting.set(++count, { resolve, reject });
        child.send({ ...message, what, id: count }, (error) => error && reject(error));
      });
    },
    /** Without warning. */
    async kill() {
      child.kill('SIGKILL');
      await gone;
    },
    gone,
  };
}
