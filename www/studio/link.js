/** How does the page talk to the worker? Numbered requests, one answer each, progress in between. */

/** @typedef {{ code: string, message: string, path: string }} Refusal what the engine says when it refuses */

/** An error of the engine, with its stable code and the place of what is wrong. */
export class Refused extends Error {
  /** @param {Refusal} refusal */
  constructor(refusal) {
    super(refusal.message);
    this.name = 'ZugabeError';
    this.code = refusal.code;
    this.path = refusal.path;
  }
}

/**
 * What any thrown value says to a person.
 * @param {unknown} error
 * @returns {Refusal}
 */
export function refusal(error) {
  if (error instanceof Refused) return { code: error.code, message: error.message, path: error.path };
  return {
    code: 'stopped',
    message: 'The studio stumbled over something it did not expect. Your files are untouched; load the page again and repeat the step.',
    path: error instanceof Error ? error.message : String(error),
  };
}

/**
 * @typedef {object} Link
 * @property {(op: string, args?: object, onProgress?: (value: any) => void) => Promise<any>} call asks the worker
 * @property {() => void} cancel stops reading at the next piece; the running `read` is refused with code `cancelled`
 */

/**
 * Wires a worker up.
 * @param {Worker} worker
 * @param {(sent: import('./sent.js').Sent) => void} onSent what the worker tried to send
 * @param {() => void} onBroken the worker is gone; another one may be started
 * @returns {Link}
 */
export function linkTo(worker, onSent, onBroken) {
  /** @type {Map<number, { resolve: (value: any) => void, reject: (error: Error) => void, onProgress?: (value: any) => void }>} */
  const waiting = new Map();
  let last = 0;
  /** @type {Error | undefined} */
  let broken;

  worker.addEventListener('message', ({ data }) => {
    if (data.event === 'sent') {
      onSent(data.value);
      return;
    }
    const asked = waiting.get(data.id);
    if (!asked) return;
    if (data.event === 'progress') {
      asked.onProgress?.(data.value);
      return;
    }
    waiting.delete(data.id);
    if (data.ok) asked.resolve(data.value);
    else asked.reject(new Refused(data.error));
  });
  worker.addEventListener('error', (event) => {
    event.preventDefault();
    broken = new Error(event.message || 'the worker could not start');
    for (const asked of waiting.values()) asked.reject(broken);
    waiting.clear();
    onBroken();
  });

  return {
    call(op, args = {}, onProgress) {
      last += 1;
      const id = last;
      return new Promise((resolve, reject) => {
        if (broken) {
          reject(broken);
          return;
        }
        waiting.set(id, { resolve, reject, onProgress });
        worker.postMessage({ id, op, args });
      });
    },
    cancel() {
      worker.postMessage({ id: 0, op: 'cancel' });
    },
  };
}
