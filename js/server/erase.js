/** How is somebody forgotten? Rows are found, then changed, until none is left. */
import { randomBytes } from 'node:crypto';
import { booksFind, booksForget, booksKnown } from '../node.js';
import { Refusal } from './refusal.js';

/** @import { Desk } from './backend.js' */

/** What is written meanwhile is found the next time. */
const ROUNDS = 5;

/**
 * @param {Desk} desk
 * @param {object} person - A `BooksPerson`.
 * @returns {Promise<number>} in how many rows she stood
 */
export async function erased({ store }, person) {
  let known = person;
  let rows = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    // First with every address that her account was used with: rows that belong together change together.
    known = booksKnown(known, await store.execute(booksFind(known)));
    const steps = booksForget(known, await store.execute(booksFind(known)), `x${randomBytes(16).toString('hex')}`);
    if (!steps.length) return rows;
    const { rows: changed, stopped } = await store.execute(steps);
    if (stopped === undefined) rows += Object.values(changed).reduce((sum, found) => sum + found.length, 0);
  }
  throw new Refusal(409, 'in_flight', 'She is ordering at this moment: ask again.', { headers: { 'retry-after': '1' } });
}
