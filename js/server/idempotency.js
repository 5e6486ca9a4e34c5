/** Was this very request answered before? For routes of several operations; a single operation's key is kept by the books with it. */
import { createHash } from 'node:crypto';
import { Refusal } from './refusal.js';

/** @import { Desk } from './backend.js' */

/** A request whose server died is taken up again after so many seconds: every operation in it may be run twice. */
const GIVEN_UP = 60;

const sha256 = (/** @type {string} */ text) => createHash('sha256').update(text).digest('hex');
/** @param {string | number} cell */
const value = (cell) => (typeof cell === 'number' ? { type: 'int', int: cell } : { type: 'text', text: cell });
/** @param {Record<string, string | number>} cells */
const columns = (cells) => Object.entries(cells).map(([column, cell]) => ({ column, value: value(cell) }));

/**
 * @typedef {{ status: number, body: object }} Answer
 */

/**
 * Answers once under a key: the same request gets the same answer, another one is refused. Nothing is kept of a request that failed
 * on our side or was malformed.
 * @param {Desk} desk
 * @param {{ route: string, key: string | undefined, text: string, who?: string }} request - `who`: whose key it is; what pages choose would be everybody's otherwise.
 * @param {() => Promise<Answer>} work
 * @returns {Promise<Answer & { replayed?: boolean }>}
 */
export async function once({ store, tenant, clock }, { route, key, text, who }, work) {
  if (key === undefined) return work();
  const now = Math.floor(clock() / 1000);
  // As a hash: a row of the books names nobody.
  const at = { tenant, operation: `http.${route}`, key: who === undefined ? key : `page-${sha256(JSON.stringify([who, key]))}` };
  const hash = `sha256-${sha256(text)}`;
  const base = { table: 'idempotency', key: columns(at), returning: ['request_hash', 'answer', 'created_at'], onEmpty: { then: 'proceed' } };
  const { rows } = await store.execute([
    { ...base, name: 'mine', verb: 'insert', values: columns({ request_hash: hash, answer: '', created_at: now }) },
    { ...base, name: 'stored', verb: 'select', when: [{ type: 'missing', step: 'mine' }] },
  ]);
  if (!rows.mine?.length) {
    const [stored] = rows.stored ?? [];
    if (stored && stored.request_hash !== hash) throw new Refusal(422, 'key_reused', 'This Idempotency-Key was used for another request: take a new one.');
    if (stored?.answer) return { .../** @type {Answer} */ (JSON.parse(String(stored.answer))), replayed: true };
    const taken = await store.execute([
      {
        ...base,
        name: 'taken',
        verb: 'update',
        set: columns({ created_at: now }),
        conditions: [
          { column: 'answer', is: 'in', to: [value('')] },
          { column: 'created_at', is: 'at_most', to: [value(now - GIVEN_UP)] },
        ],
      },
    ]);
    if (!taken.rows.taken?.length) throw new Refusal(409, 'in_flight', 'The same request is being answered: ask again in a moment.', { headers: { 'retry-after': '1' } });
  }
  const keep = (/** @type {Answer | undefined} */ answer) =>
    store.execute([{ ...base, name: 'kept', verb: 'update', set: columns(answer ? { answer: JSON.stringify(answer) } : { created_at: now - GIVEN_UP }) }]);
  try {
    const answer = await work();
    await keep(answer);
    return answer;
  } catch (error) {
    // No answer was given: whoever asks again is not kept waiting.
    await keep(undefined).catch(() => {});
    throw error;
  }
}
