/** How do others learn what happened? From the outbox that was written with it: signed, tried again until it arrives, at least once. */
import { createHash, randomBytes } from 'node:crypto';
import { ZugabeError } from '../errors.js';
import { failureOf } from './log.js';
import { issuedFor } from './rewards.js';
import { sign } from './signature.js';

/** @import { Log } from './log.js' */
/** @import { Metrics } from './metrics.js' */
/** @import { Row, Store } from './store/index.js' */

/**
 * @typedef {object} Hook
 * @property {string} url - `https://…`; plain `http://` only on this machine.
 * @property {string | string[]} secret - What it is signed with; two while they are exchanged. 16 characters at least.
 * @property {string[]} [topics] - Which events (default all): `code_issued`, `reward_due`, `reward_taken_back`, `flagged`, `data_request`.
 */

/** What there is to tell. */
const TOPICS = ['code_issued', 'reward_due', 'reward_taken_back', 'flagged', 'data_request'];
/** Events that hold what a platform calls somebody: emptied when they have arrived. */
const NAMES = new Set(['data_request']);
const FIELDS = ['url', 'secret', 'topics'];

const PAGE = 50;
/** Seconds until the next try: a minute, then twice as long each time, six hours at most. */
const waitAfter = (/** @type {number} */ attempts) => Math.min(60 * 2 ** Math.min(attempts - 1, 9), 21_600);
/** After so many tries (about five days) nobody is listening. The event stays in the outbox. */
const LAST_TRY = 30;
const NEVER = Number.MAX_SAFE_INTEGER;
const TIMEOUT = 10_000;
const HOSTS_HERE = new Set(['localhost', '127.0.0.1', '[::1]']);

/** @param {Hook[]} hooks @returns {(Hook & { secrets: string[] })[]} */
function checked(hooks) {
  const refuse = (/** @type {string} */ message, /** @type {string} */ path) => new ZugabeError('invalid_value', message, path);
  if (!Array.isArray(hooks)) throw refuse('Webhooks are a list: [{ "url": "https://…", "secret": "…" }]', 'webhooks');
  return hooks.map((hook, place) => {
    const at = (/** @type {string} */ field) => `webhooks[${place}].${field}`;
    if (typeof hook !== 'object' || hook === null || Array.isArray(hook)) throw refuse('A webhook is { "url": "https://…", "secret": "…" }.', `webhooks[${place}]`);
    const unknown = Object.keys(hook).find((name) => !FIELDS.includes(name));
    if (unknown !== undefined) throw refuse(`A webhook has ${FIELDS.join(', ')}.`, at(unknown));
    const { topics } = hook;
    if (topics !== undefined && (!Array.isArray(topics) || !topics.length)) throw refuse('Topics are a list; leave them away for all.', at('topics'));
    const other = topics?.findIndex((topic) => !TOPICS.includes(topic)) ?? -1;
    if (other >= 0) throw refuse(`There are the topics ${TOPICS.join(', ')}.`, `${at('topics')}[${other}]`);
    const url = URL.canParse(hook.url) ? new URL(hook.url) : undefined;
    if (!url || !(url.protocol === 'https:' || (url.protocol === 'http:' && HOSTS_HERE.has(url.hostname)))) {
      throw new ZugabeError('invalid_value', 'A webhook goes to https://…, or to http:// on this machine.', at('url'));
    }
    if (url.username || url.password) throw new ZugabeError('invalid_value', 'An address holds no password: the signature says who sends.', at('url'));
    const secrets = [hook.secret].flat();
    if (!secrets.length || secrets.some((secret) => typeof secret !== 'string' || secret.length < 16)) {
      throw new ZugabeError('invalid_value', 'A secret has 16 characters at least.', at('secret'));
    }
    return { ...hook, secrets };
  });
}

/** @param {string | number} cell */
const value = (cell) => (typeof cell === 'number' ? { type: 'int', int: cell } : { type: 'text', text: cell });
/** @param {Record<string, string | number>} cells */
const columns = (cells) => Object.entries(cells).map(([column, cell]) => ({ column, value: value(cell) }));

export class Outbox {
  #store;
  #tenant;
  #hooks;
  #metrics;
  #log;
  #clock;
  #fetch;
  /** @type {NodeJS.Timeout | undefined} */
  #timer;
  /** @type {Promise<void> | undefined} */
  #running;
  #again = false;
  #started = false;
  /** Since when each topic is told; none before this process has looked. @type {Map<string, number> | undefined} */
  #since;
  #made;

  /** @param {{ store: Store, tenant: string, hooks: Hook[], metrics: Metrics, log: Log, clock: () => number, fetch?: typeof fetch }} options */
  constructor({ store, tenant, hooks, metrics, log, clock, fetch: send = fetch }) {
    this.#store = store;
    this.#tenant = tenant;
    this.#hooks = checked(hooks);
    this.#metrics = metrics;
    this.#log = log;
    this.#clock = clock;
    this.#made = Math.floor(clock() / 1000);
    this.#fetch = send;
  }

  start() {
    this.#started = true;
    this.wake();
  }

  /** Something was written to the outbox: look soon. */
  wake() {
    if (!this.#started || !this.#hooks.length) return;
    if (this.#running) {
      this.#again = true;
      return;
    }
    clearTimeout(this.#timer);
    this.#running = this.once()
      .catch((error) => this.#log.warn({ failure: failureOf(error) }, 'The outbox could not be read.'))
      .finally(() => {
        this.#running = undefined;
        if (!this.#started) return;
        const again = this.#again;
        this.#again = false;
        this.#timer = setTimeout(() => this.wake(), again ? 50 : 5000);
        this.#timer.unref();
      });
  }

  /** Whether somebody is told of this. @param {string} topic */
  tells(topic) {
    return this.#hooks.some(({ topics }) => topics?.includes(topic) ?? true);
  }

  /** Delivers what is due now. */
  async once() {
    if (!this.#hooks.length) return;
    const since = (this.#since ??= await this.#begun());
    for (;;) {
      const seconds = Math.floor(this.#clock() / 1000);
      const due = await Promise.all(
        [...since].map(([topic, begun]) =>
          this.#store.read('outbox', { where: { tenant: this.#tenant, topic, sent_at: 0, next_at: { atMost: seconds }, created_at: { atLeast: begun } }, order: ['next_at', 'id'], limit: PAGE }),
        ),
      );
      await Promise.all(due.flat().map((row) => this.#deliver(row)));
      if (due.every((rows) => rows.length < PAGE) || !this.#started) return;
    }
  }

  /**
   * Since when somebody is told of each topic: what was written before that is old news. Whoever asks first writes it down, as a message
   * that is never sent and so never goes: nothing is lost when the server starts again. What nobody asks for is not sent, and not said to be.
   */
  async #begun() {
    /** @type {Map<string, number>} */
    const since = new Map();
    for (const topic of TOPICS.filter((one) => this.tells(one))) {
      const base = {
        table: 'outbox',
        key: columns({ tenant: this.#tenant, topic: 'webhooks', id: topic }),
        returning: ['created_at'],
        onEmpty: { then: 'proceed' },
      };
      const { rows } = await this.#store.execute([
        { ...base, name: 'begun', verb: 'insert', values: columns({ body: '', created_at: this.#made, attempts: 0, next_at: NEVER, sent_at: 0 }) },
        { ...base, name: 'before', verb: 'select', when: [{ type: 'missing', step: 'begun' }] },
      ]);
      since.set(topic, Number((rows.begun?.[0] ?? rows.before?.[0])?.created_at ?? this.#made));
    }
    return since;
  }

  /**
   * Writes an event that is in no transaction of the books.
   * @param {string} topic
   * @param {string} id - Written again under the same one, it is there once.
   * @param {object} body
   */
  async tell(topic, id, body) {
    const now = Math.floor(this.#clock() / 1000);
    const values = columns({ body: JSON.stringify(body), created_at: now, attempts: 0, next_at: now, sent_at: 0 });
    await this.#store.execute([{ name: 'told', verb: 'insert', table: 'outbox', key: columns({ tenant: this.#tenant, topic, id }), values, returning: ['id'], onEmpty: { then: 'proceed' } }]);
    this.wake();
  }

  async stop() {
    this.#started = false;
    clearTimeout(this.#timer);
    await this.#running;
  }

  /** @param {Row} row */
  async #deliver(row) {
    const seconds = Math.floor(this.#clock() / 1000);
    const attempts = Number(row.attempts) + 1;
    const data = await this.#dataOf(row);
    // Whoever moves the time of the next try sends: of several servers on one store only one does.
    const next = attempts >= LAST_TRY ? NEVER : seconds + waitAfter(attempts);
    if (!(await this.#set(row, { attempts, next_at: next }, { next_at: row.next_at, sent_at: 0 }))) return;
    const { topic } = row;
    const id = `evt_${createHash('sha256').update(`${row.tenant}\0${topic}\0${row.id}`).digest('hex').slice(0, 32)}`;
    const body = JSON.stringify({ id, topic, createdAt: new Date(Number(row.created_at) * 1000).toISOString(), data });
    const wanted = this.#hooks.filter(({ topics }) => !topics || topics.includes(String(topic)));
    const arrived = await Promise.all(wanted.map((hook) => this.#send(hook, id, body)));
    const good = arrived.every(Boolean);
    this.#metrics.count('zugabe_webhooks_total', 'Webhooks sent, by topic and whether they arrived.', { topic: String(topic), arrived: String(good) });
    if (good) await this.#set(row, { sent_at: Math.max(1, seconds), ...(NAMES.has(String(topic)) && { body: '{}' }) }, {});
    else this.#log.warn({ topic, attempts }, 'A webhook did not arrive; it is tried again.');
  }

  /** What an event tells, with the ids by which it joins others. @param {Row} row */
  async #dataOf(row) {
    const data = dataOf(row);
    return row.topic === 'code_issued' ? { ...data, ...(await issuedFor({ store: this.#store, tenant: this.#tenant }, String(row.id))) } : data;
  }

  /** @param {Hook & { secrets: string[] }} hook @param {string} id @param {string} body */
  async #send({ url, secrets }, id, body) {
    try {
      const response = await this.#fetch(url, {
        method: 'POST',
        body,
        // Where a redirect leads, nobody has configured.
        redirect: 'error',
        signal: AbortSignal.timeout(TIMEOUT),
        headers: { 'content-type': 'application/json', 'user-agent': 'Zugabe', 'zugabe-event': id, 'zugabe-signature': sign(body, secrets, Math.floor(Date.now() / 1000)) },
      });
      await response.body?.cancel();
      return response.ok;
    } catch {
      return false;
    }
  }

  /**
   * @param {Row} row
   * @param {Record<string, string | number>} set
   * @param {Record<string, import('./store/index.js').Cell>} only
   */
  async #set({ tenant, topic, id }, set, only) {
    const step = {
      name: 'sent',
      verb: 'update',
      table: 'outbox',
      key: columns({ tenant, topic, id }),
      set: columns(set),
      conditions: Object.entries(only).map(([column, cell]) => ({ column, is: 'in', to: [value(/** @type {string | number} */ (cell))] })),
      returning: ['id'],
      onEmpty: { then: 'proceed' },
    };
    const { rows } = await this.#store.execute([step]);
    return rows.sent?.length > 0;
  }
}

/** What the core wrote: JSON, and for a reward that was taken back the reason alone. @param {Row} row */
function dataOf(row) {
  try {
    return JSON.parse(String(row.body));
  } catch {
    return { reward: row.id, reason: row.body };
  }
}

/** A secret to sign webhooks with. */
export const newWebhookSecret = () => `whs_${randomBytes(32).toString('base64url')}`;
