/** What does time change? Holds end, return windows close, rewards become codes, and what is kept for a while only goes. */
import { giveOut, givenOut } from './give.js';
import { failureOf } from './log.js';
import { operated } from './operate.js';
import { Pruner } from './prune.js';
import { recommend } from './recommend.js';

/** @import { Desk } from './backend.js' */

const EVERY = 60_000;
/** Rewards of so many seconds are looked at again. */
const REMEMBERED = 7 * 86_400;

export class Sweeper {
  #desk;
  #pruner;
  /** @type {NodeJS.Timeout | undefined} */
  #timer;
  /** @type {Promise<void> | undefined} */
  #running;

  /** @param {Desk} desk */
  constructor(desk) {
    this.#desk = desk;
    this.#pruner = new Pruner(desk);
  }

  start() {
    this.#timer = setInterval(() => {
      this.#running ??= this.once()
        .catch((error) => this.#desk.log.warn({ failure: failureOf(error) }, 'What time has brought could not be written down; it is tried again.'))
        .finally(() => {
          this.#running = undefined;
        });
    }, EVERY);
    this.#timer.unref();
  }

  /** Does all that is due now. Run again, or by several servers, it changes nothing more. */
  async once() {
    const desk = this.#desk;
    await this.#holds();
    const { referrals = [] } = await recommend(desk, { type: 'due' });
    for (const { id } of referrals) await recommend(desk, { type: 'tick', referral: id });
    await this.#rewards();
    await this.#pruner.once();
  }

  /** Ends the holds whose time is over: all together or, where one of them cannot be ended, those of each code alone. */
  async #holds() {
    const desk = this.#desk;
    const { tenant } = desk;
    const expire = (/** @type {object} */ of) => operated(desk, { v: 1, tenant, now: desk.now(), action: { type: 'expire', ...of } });
    const { answer } = await expire({});
    if (answer.refusal !== 'books_broken') return;
    const where = { tenant, state: 'reserved', expires_at: { atMost: Math.floor(desk.clock() / 1000) } };
    const rows = await desk.store.read('reservation', { where, columns: ['code'], limit: 10_000 });
    for (const code of new Set(rows.map((row) => String(row.code)))) await expire({ code });
  }

  /**
   * Rewards that are discounts get their codes, and lose them when they are taken back. Looked at from the outbox, so that one whose
   * server died between the two is not forgotten. What was taken back loses its code however long ago it was granted.
   */
  async #rewards() {
    const { store, tenant, clock } = this.#desk;
    const since = Math.floor(clock() / 1000) - REMEMBERED;
    const of = (/** @type {string} */ topic) => store.read('outbox', { where: { tenant, topic, created_at: { atLeast: since } }, columns: ['id', 'body'], limit: 10_000 });
    const [due, back] = await Promise.all([of('reward_due'), of('reward_taken_back')]);
    const gone = new Set(back.map(({ id }) => String(id)));
    for (const id of gone) await this.#void(id);
    for (const { id, body } of due) {
      if (gone.has(String(id)) || (await givenOut(this.#desk, String(id)))) continue;
      const { claim } = this.#desk.core.reward(JSON.stringify({ now: this.#desk.now() }), String(body));
      if (claim) await giveOut(this.#desk, claim);
    }
  }

  /** The code of a reward, if it has one, is of no use from here on. @param {string} reward */
  async #void(reward) {
    const { store, tenant } = this.#desk;
    const code = await givenOut(this.#desk, reward);
    if (!code) return;
    const [row] = await store.read('code', { where: { tenant, code }, columns: ['revoked'], limit: 1 });
    if (!row?.revoked) await operated(this.#desk, { v: 1, tenant, now: this.#desk.now(), action: { type: 'void', code } });
  }

  async stop() {
    clearInterval(this.#timer);
    await this.#running;
  }
}
