/**
 * Do the stores answer alike under any script? Commands of fast-check with duplicates, late and reordered events, on a store and on
 * a model: the books in memory, which Rust holds against a model without counters (`tests/books_model.rs`).
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { booksOrderEvent } from '../../js/node.js';
import { createMemoryStore } from '../../js/server/store/index.js';
import { tables } from '../../js/server/store/tables.js';
import { START, onEveryStore } from './stores.mjs';

/** @import { Ran, Row, Store } from '../../js/server/store/index.js' */

/** Scripts and their length: 10,000 steps in `npm run test:long`, some hundred otherwise. */
const [RUNS, LENGTH] = process.env.ZUGABE_LONG ? [110, 120] : [8, 60];

const CODES = ['A', 'B', 'C', 'D'];
/** The same person under another address, and another under the same. */
const PEOPLE = [{ customer: 'anna', email: 'h1' }, { customer: 'berta', email: 'h2' }, { customer: 'anna', email: 'h2' }, { checkout: 'x1' }, { email: 'h3', checkout: 'x1' }];

/** @typedef {{ model: Store, tenant: string, now: number, said: object[] }} Model */
/** @typedef {{ store: Store, tenant: string }} Real */

/** One request to both, and what must hold afterwards. */
class Ask {
  /** @param {object} action @param {string} [key] @param {boolean} [event] */
  constructor(action, key, event = false) {
    Object.assign(this, { action, key, event });
    this.action = action;
    this.key = key;
    this.event = event;
  }

  check() {
    return true;
  }

  /** @param {Model} model @param {Real} real */
  async run(model, real) {
    const now = new Date(model.now * 1000).toISOString().replace('.000', '');
    const operations = this.event
      ? booksOrderEvent({ v: 1, tenant: model.tenant, now, ...this.action })
      : [{ v: 1, tenant: model.tenant, now, ...(this.key ? { key: this.key } : {}), action: this.action }];
    for (const operation of operations) {
      model.said.push(operation);
      await both(model, real, operation);
    }
  }

  toString() {
    return JSON.stringify({ ...this.action, ...(this.key ? { key: this.key } : {}) });
  }
}

/** Something that was asked before comes once more: late, doubled, after what should have come after it. */
class Again {
  /** @param {number} which */
  constructor(which) {
    this.which = which;
  }

  /** @param {Model} model */
  check(model) {
    return model.said.length > 0;
  }

  /** @param {Model} model @param {Real} real */
  async run(model, real) {
    await both(model, real, model.said[this.which % model.said.length]);
  }

  toString() {
    return `again(${this.which})`;
  }
}

class Wait {
  /** @param {number} seconds */
  constructor(seconds) {
    this.seconds = seconds;
  }

  check() {
    return true;
  }

  /** @param {Model} model */
  async run(model) {
    model.now += this.seconds;
  }

  toString() {
    return `wait(${this.seconds})`;
  }
}

/** @param {Model} model @param {Real} real @param {object} operation */
async function both(model, real, operation) {
  const ask = (/** @type {Store} */ store) => store.run(operation).catch(({ code, path }) => ({ code, path }));
  const expected = await ask(model.model);
  assert.deepEqual(await ask(real.store), expected);
  const rows = await balanced(real.store, model.tenant);
  assert.deepEqual(rows, await balanced(model.model, model.tenant));
}

/** The counters, once it is sure that every use and every cent is in one place. @param {Store} store @param {string} tenant */
async function balanced(store, tenant) {
  const [codes, campaigns, budgets] = await Promise.all(['code', 'campaign', 'budget'].map((table) => store.read(table, { where: { tenant } })));
  for (const { granted, available, reserved, redeemed, void: gone } of /** @type {any[]} */ ([...codes, ...campaigns])) {
    assert.equal(granted, available + reserved + redeemed + gone, 'issued = available + reserved + redeemed + void');
  }
  for (const { granted, available, reserved, spent } of /** @type {any[]} */ (budgets)) assert.equal(granted, available + reserved + spent);
  return { codes, campaigns, budgets };
}

/** Every row of every table. @param {Store} store @param {string} tenant */
async function everything(store, tenant) {
  /** @type {Record<string, string[]>} */
  const all = {};
  for (const name of tables().keys()) {
    const rows = await store.read(name, { where: { tenant }, limit: 10_000 });
    all[name] = rows.map((row) => JSON.stringify(Object.entries(row).sort())).sort();
  }
  return all;
}

const code = fc.constantFrom(...CODES);
const order = fc.constantFrom('1', '2', '3', '4', '5');
const holder = fc.constantFrom(...PEOPLE);
const amount = fc.integer({ min: 0, max: 1500 });
const key = fc.option(fc.constantFrom('k1', 'k2', 'k3', 'k4'), { nil: undefined });
/** @param {object} shape @param {fc.Arbitrary<string | undefined>} [keys] */
const ask = (shape, keys = key) => fc.tuple(fc.record(shape), keys).map(([action, one]) => new Ask(action, one));
const is = (/** @type {string} */ type) => fc.constant(type);

const commands = [
  ask({ type: is('reserve'), code, holder, ttl: fc.integer({ min: 0, max: 600 }), amount }, fc.uuid()),
  ask({ type: is('redeem'), code, order, holder, amount, mirror: fc.boolean() }),
  ask({ type: is('redeem'), code, order, holder, amount }),
  ask({ type: is('release'), code, holder }),
  ask({ type: is('cancel'), code, order, keep: fc.boolean(), mirror: fc.boolean() }),
  ask({ type: is('reverse'), code, order, reference: fc.constantFrom('f1', 'f2'), amount: fc.integer({ min: 0, max: 900 }) }),
  ask({ type: is('reverse'), code, order, reference: is('all') }),
  ask({ type: is('issue'), code: fc.constantFrom('A', 'E1', 'E2', 'E3'), campaign: fc.constantFrom('c', 'few'), uses: fc.constantFrom(1, 2), claim: fc.constantFrom('one', 'two') }),
  ask({ type: is('void'), code }),
  ask({ type: is('lease'), batch: is('b1'), count: fc.integer({ min: 1, max: 4 }), size: is(/** @type {any} */ (10)) }),
  ask({ type: is('grant'), budget: fc.constantFrom('b', 'none'), by: fc.integer({ min: -2000, max: 500 }) }, fc.uuid()),
  ask({ type: is('reward'), reward: fc.constantFrom('r1', 'r2'), referral: is('r'), order, customer: is('anna'), amount, budget: is('b') }),
  ask({ type: is('claw_back'), order, reason: is('refunded') }),
  ask({ type: is('expire') }),
  fc
    .record({ event: fc.constantFrom('paid', 'cancelled', 'refunded'), order, holder, codes: fc.uniqueArray(fc.record({ code, amount }), { selector: (one) => one.code, maxLength: 2 }), total: is(/** @type {any} */ (9000)), refunded: fc.constantFrom(0, 4000, 9000) })
    .map((event) => new Ask(event, undefined, true)),
  fc.nat().map((which) => new Again(which)),
  fc.integer({ min: 1, max: 400 }).map((seconds) => new Wait(seconds)),
];

onEveryStore(
  'Scripts',
  (open) => {
    test('a store answers as the model does, has its rows, and every use is in one place at every read', async (t) => {
      const [store, model] = [await open(), createMemoryStore()];
      let steps = 0;
      await fc.assert(
        fc.asyncProperty(fc.commands(commands, { maxCommands: LENGTH, size: 'max' }), async (script) => {
          const tenant = randomUUID();
          /** @type {() => Promise<{ model: Model, real: Real }>} */
          const setup = async () => {
            const start = { model: { model, tenant, now: START, said: /** @type {object[]} */ ([]) }, real: { store, tenant } };
            const actions = [
              { type: 'campaign', campaign: 'c', uses: 12 },
              { type: 'campaign', campaign: 'few', codes: 2 },
              { type: 'budget', budget: 'b', granted: 3000 },
              { type: 'issue', code: 'A', campaign: 'c', uses: 2, budget: 'b' },
              { type: 'issue', code: 'B', campaign: 'few', uses: 3, perCustomer: 1, scope: 'code' },
              { type: 'issue', code: 'C', campaign: 'c', perCustomer: 2, scope: 'campaign', budget: 'b', referrer: 'berta' },
            ];
            for (const action of actions) await new Ask(action).run(start.model, start.real);
            return start;
          };
          await fc.asyncModelRun(setup, script);
          steps += [...script].length;
          assert.deepEqual(await everything(store, tenant), await everything(model, tenant));
        }),
        { numRuns: RUNS },
      );
      const audit = await store.verify();
      assert.deepEqual(audit.findings, []);
      t.diagnostic(`${steps} steps, ${audit.entries} entries`);
    });
  },
  { kinds: ['sqlite', 'postgres'] },
);
