/** The full artefact plans a month and tells decisions, as the native tool does. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Shop, explain, whyNot } from '../../js/node.js';

const programText = readFileSync(new URL('../../examples/programs/tea-shop.json', import.meta.url), 'utf8');

/** @param {object} [more] */
function plan(more) {
  const shop = new Shop({ now: '2026-11-21T10:00:00Z' });
  try {
    shop.loadSample(1, '2026-11-20');
    shop.score();
    return shop.plan({ programText, now: '2026-11-21T10:00:00Z', limit: 10_000, ...more });
  } finally {
    shop.free();
  }
}

test('a month is planned: who gets what, what it costs, what a budget changes', () => {
  const month = plan();
  assert.ok(month.total > 10 && month.rows.length === month.total);
  assert.equal(month.rows.reduce((sum, row) => sum + row.cost, 0), month.cost);
  assert.match(month.words, /thanking them costs €/);
  const half = plan({ budget: Math.floor(month.cost / 2) });
  assert.ok(half.cost <= month.cost / 2 && half.budgets[0].priceBp > 0);
  assert.throws(() => plan({ budget: -1 }), { name: 'ZugabeError', code: 'invalid_amount', path: 'budget' });
});

test('a decision is told to a person, and why an option was not chosen', () => {
  const request = {
    v: 1,
    now: '2026-11-21T10:00:00Z',
    moment: { type: 'order_completed', at: '2026-11-21T10:00:00Z' },
    subject: { id: 'c_1', identity: 'order' },
    order: { currency: 'EUR', subtotal: 4000, parcel: true },
  };
  const options = { now: request.now, audience: 'page' };
  assert.match(explain(programText, undefined, request, options), /3\. Economics: rank 1/);
  assert.match(whyNot(programText, undefined, request, options, 'tasting'), /customers further along/);
  assert.throws(() => whyNot(programText, undefined, request, options, 'nothing'), { code: 'not_found', path: 'option' });
});
