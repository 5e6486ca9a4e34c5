/** How often has this browser seen an offer? Kept on the device, only after consent to storage, and gone when that is withdrawn. */

/** @import { Decision, Request } from '../types.js' */

const KEY = 'zugabe';
const WEEK = 7 * 24 * 3600 * 1000;

/** @typedef {{ sent: number[], last?: string }} Memory `sent`: when something promoting was shown, in milliseconds */

/**
 * Decides with what the browser remembers, and remembers what is shown. What the host knows itself goes before.
 * @param {Request} request
 * @param {(request: Request) => Decision} decide
 * @param {EventTarget} element - Says when the decision is on screen.
 */
export function decideFromMemory(request, decide, element) {
  const now = Date.parse(request.now);
  const { sent, last } = read(now);
  const decision = decide({
    ...request,
    state: { ...(last && { lastOption: last }), ...request.state, sent: { page: sent.length, ...request.state?.sent } },
  });
  element.addEventListener('zugabe-shown', () => remember(decision, now), { once: true });
  return decision;
}

/** Forgets everything: for a withdrawn consent. */
export function forget() {
  store((storage) => storage.removeItem(KEY));
}

/** @param {Decision} decision @param {number} now */
function remember({ main, caps = [] }, now) {
  const { sent, last } = read(now);
  // What counts is the core's to say.
  if (caps.some(({ counter, adds }) => counter === 'page.week' && adds)) sent.push(now);
  const memory = { sent, last: main && main.kind !== 'thanks' ? main.option : last };
  store((storage) => storage.setItem(KEY, JSON.stringify(memory)));
}

/** @param {number} now @returns {Memory} */
function read(now) {
  try {
    const { sent, last } = JSON.parse(store((storage) => storage.getItem(KEY)) ?? '{}');
    const recent = Array.isArray(sent) ? sent.filter((at) => typeof at === 'number' && at > now - WEEK && at <= now) : [];
    return { sent: recent, ...(typeof last === 'string' && { last }) };
  } catch {
    return { sent: [] };
  }
}

/**
 * A browser may refuse storage whatever was agreed; then nothing is remembered.
 * @template T
 * @param {(storage: Storage) => T} work
 */
function store(work) {
  try {
    return work(localStorage);
  } catch {
    return undefined;
  }
}
