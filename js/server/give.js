/** How does a code come into the world? A serial is leased, the code is minted and put into the books: once for each claim. */
import { mint } from '../node.js';
import { operated, refusalTold } from './operate.js';
import { Refusal } from './refusal.js';

/** @import { Desk } from './backend.js' */
/** @import { Claim } from '../types.js' */

/** Batches this server may hand codes out of: the first one, then down. */
const BATCHES = 64;
const SERIALS = 1_048_576;

/** The code that was given out for a claim. @param {Desk} desk @param {string} claimed */
export async function givenOut({ store, tenant }, claimed) {
  const [row] = await store.read('claim', { where: { tenant, claim: claimed }, limit: 1 });
  return row && String(row.code);
}

/**
 * The code of a claim: the one that was given out for it before, or a new one. One that has ended is followed by another where the claim
 * may be made again.
 * @param {Desk} desk
 * @param {Claim} claimed
 * @returns {Promise<Record<string, any>>} its row
 */
export async function codeFor(desk, claimed) {
  const rowOf = async (/** @type {string} */ code) => (await desk.store.read('code', { where: { tenant: desk.tenant, code }, limit: 1 }))[0];
  for (let wanted = claimed; ; ) {
    const before = await givenOut(desk, wanted.claim);
    if (!before) return rowOf(await giveOut(desk, wanted));
    const row = await rowOf(before);
    const next = desk.core.renewed(desk.now(), /** @type {any} */ (wanted), row);
    if (!next) return row;
    wanted = next;
  }
}

/**
 * Leases a serial, mints its code and puts it into the books. Of several that do this for one claim, all get the code of the first.
 * @param {Desk} desk
 * @param {Claim} claimed
 * @returns {Promise<string>}
 */
export async function giveOut(desk, { setup, kid, issue }) {
  for (const operation of setup) {
    const name = JSON.stringify(/** @type {any} */ (operation).action);
    if (desk.defined.has(name)) continue;
    const refused = refusalTold((await operated(desk, operation)).answer);
    if (refused) throw refused;
    desk.defined.add(name);
  }
  for (let batch = desk.batch; batch > desk.batch - BATCHES && batch >= 0; ) {
    const lease = { type: 'lease', batch: `c12/${kid}/${batch}`, count: 1, size: SERIALS };
    const { answer } = await operated(desk, { v: 1, tenant: desk.tenant, now: desk.now(), action: lease });
    if (answer.refusal === 'serials_exhausted') {
      batch -= 1;
      continue;
    }
    const start = Number(answer.start);
    let minted;
    try {
      [minted] = mint(desk.keys, { kid, batch, start, count: 1 });
    } catch (error) {
      // The last serials of a batch may all be words that nobody should read.
      if (/** @type {{ code?: string }} */ (error).code !== 'out_of_range') throw error;
      continue;
    }
    // The minter passes over codes that spell a word: the next one belongs to the next lease.
    if (minted.serial !== start) continue;
    const issued = await operated(desk, { ...issue, now: desk.now(), action: { ...issue.action, code: minted.code } });
    const refused = refusalTold(issued.answer);
    if (refused) throw refused;
    return String(issued.answer.code);
  }
  throw new Refusal(409, 'conflict', 'No code is left: start the server with another --batch, or rotate the keys.');
}
