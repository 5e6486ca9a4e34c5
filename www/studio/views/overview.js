/** Who are the customers, all in all? Tiers, stages and how often people come back, each with what it means. */
import { h } from '../dom.js';
import { count, date, money, percent, plural } from '../format.js';
import { stageName, STAGES, tierName, TIERS } from '../words.js';
import { previewRequest } from './person.js';

/** @import { App, CustomerRow, Summary } from '../types.js' */

/** The drawing library weighs more than the rest of the page, so it comes when there is something to draw. */
const charts = () => import('../charts.js');

/**
 * @param {App} app
 * @returns {HTMLElement}
 */
export function overviewView(app) {
  const summary = /** @type {Summary} */ (app.summary);
  const best = summary.tiers.filter((row) => row.tier !== 'none');
  const people = best.reduce((sum, row) => sum + row.customers, 0);
  const share = best.reduce((sum, row) => sum + row.revenueShareBp, 0);

  const tiersPlace = h('div', { class: 'chart' });
  const reorderPlace = h('div', { class: 'chart' });
  void charts().then(({ reorderChart, tierChart }) => {
    tierChart(tiersPlace, summary.tiers);
    reorderChart(reorderPlace, summary.reorder);
  });

  return h(
    'div',
    { class: 'overview' },
    h(
      'header',
      { class: 'hero' },
      h('h1', {}, people > 0 ? `${count(people)} of your ${plural(summary.customers, 'customer')} bring ${percent(share)} of the revenue.` : `${plural(summary.customers, 'customer')}, and nobody in a tier yet.`),
      h(
        'p',
        { class: 'soft' },
        `${plural(summary.purchases, 'order')}${summary.returns > 0 ? ` and ${plural(summary.returns, 'return')}` : ''} of known customers up to ${date(summary.asOf)}: ${money(summary.revenue, summary.currency, { round: true })} bought, ${money(summary.returned, summary.currency, { round: true })} returned. `,
        readLine(app),
        valueLine(app, summary),
      ),
    ),
    startWith(app),
    h(
      'section',
      { class: 'card', 'aria-labelledby': 'tiers-title' },
      h('h2', { id: 'tiers-title' }, 'Tiers'),
      h('p', { class: 'meaning' }, tiersSentence(summary)),
      tiersPlace,
      h(
        'ul',
        { class: 'tier-list' },
        summary.tiers.map((row) =>
          h(
            'li',
            {},
            h(
              'button',
              { type: 'button', class: `tier-row tier-${row.tier.replace('_', '-')}`, on: { click: () => filter(app, { tier: row.tier }) } },
              h('span', { class: 'tier-mark', 'aria-hidden': 'true' }),
              h('span', { class: 'tier-name' }, tierName(row.tier)),
              h('span', { class: 'tier-count' }, count(row.customers)),
              h('span', { class: 'tier-share' }, `${percent(row.revenueShareBp)} of revenue`),
              h('span', { class: 'tier-note soft small' }, TIERS[row.tier]?.note ?? ''),
            ),
          ),
        ),
      ),
    ),
    h(
      'div',
      { class: 'pair' },
      h(
        'section',
        { class: 'card', 'aria-labelledby': 'reorder-title' },
        h('h2', { id: 'reorder-title' }, 'Who comes back'),
        h('p', { class: 'meaning' }, reorderSentence(summary)),
        reorderPlace,
      ),
      h(
        'section',
        { class: 'card', 'aria-labelledby': 'stages-title' },
        h('h2', { id: 'stages-title' }, 'Stages'),
        h('p', { class: 'meaning' }, 'Where your customers stand on the way from the first order to a good friend of the shop.'),
        stages(app, summary),
      ),
    ),
  );
}

/** @param {App} app */
function readLine(app) {
  const lines = app.report?.lines;
  const text = lines ? `${plural(lines.kept, 'line')} kept, ${count(lines.refused)} refused.` : 'This is the sample shop: generated, no real person is in it.';
  return h('button', { type: 'button', class: 'link', on: { click: () => app.go('report') } }, text);
}

/** What is still to come, where that can be told. @param {App} app @param {Summary} summary */
function valueLine(app, { value, currency }) {
  if (value?.clv === undefined) return false;
  const text = `They are expected to bring ${money(value.clv, currency, { round: true })} in the next ${value.horizonDays === 365 ? '12 months' : `${value.horizonDays} days`}.`;
  return [' ', h('button', { type: 'button', class: 'link', on: { click: () => app.go('value') } }, text)];
}

/** @param {Summary} summary */
function tiersSentence(summary) {
  const top = summary.tiers.find((row) => row.tier === 'top_vip');
  const rest = summary.tiers.find((row) => row.tier === 'none');
  if (!top || top.customers === 0) return 'Nobody has reached the best tier yet; it fills as people come back.';
  const oneIn = `One customer in ${count(Math.max(1, Math.round(10_000 / Math.max(1, top.shareBp))))} is ${tierName(top.tier)}, and together they bring ${percent(top.revenueShareBp)} of the revenue.`;
  if (!rest || rest.customers === 0 || rest.revenue <= 0) return oneIn;
  const times = top.revenue / top.customers / (rest.revenue / rest.customers);
  return times >= 2 ? `${oneIn} Each of them is worth ${count(Math.round(times))} customers without a tier.` : oneIn;
}

/** @param {Summary} summary */
function reorderSentence(summary) {
  const [first, second] = summary.reorder;
  if (!first || first.customers === 0) return 'Too few orders to say.';
  const after = `Of 100 first-time buyers, ${Math.round(first.rateBp / 100)} order again within ${summary.reorderWindowDays} days`;
  if (!second || second.customers === 0) return `${after}.`;
  const then = `${after}; of 100 who ordered twice, ${Math.round(second.rateBp / 100)} order a third time.`;
  return first.rateBp < second.rateBp ? `${then} The first thank-you matters most.` : then;
}

/**
 * @param {App} app
 * @param {Summary} summary
 */
function stages(app, summary) {
  const most = Math.max(1, ...summary.stages.map((row) => row.customers));
  return h(
    'ul',
    { class: 'bars' },
    summary.stages.map((row) =>
      h(
        'li',
        {},
        h(
          'button',
          { type: 'button', class: 'bar-row', on: { click: () => filter(app, { stage: row.stage }) } },
          h('span', {}, h('strong', {}, stageName(row.stage)), ' ', h('span', { class: 'small soft' }, STAGES[row.stage]?.note ?? '')),
          h('span', { class: 'num' }, count(row.customers)),
          h('span', { class: 'bar', 'aria-hidden': 'true', vars: { '--part': row.customers / most } }),
        ),
      ),
    ),
  );
}

/**
 * @param {App} app
 * @param {{ tier?: string, stage?: string }} by
 */
function filter(app, by) {
  app.query = { search: '', tier: '', stage: '', sort: 'value', offset: 0, ...by };
  app.go('customers');
}

/**
 * Three people to begin with: nobody should have to search before the first thank-you is on screen.
 * @param {App} app
 */
function startWith(app) {
  const list = h('ul', { class: 'start-list' });
  const place = h('section', { class: 'start', 'aria-labelledby': 'start-title' }, h('h2', { id: 'start-title' }, 'See what one of them would get'), list);
  const tile = (/** @type {string} */ title, /** @type {string} */ text, /** @type {() => void} */ open) =>
    list.append(h('li', {}, h('button', { type: 'button', class: 'start-tile', on: { click: open } }, h('strong', {}, title), h('span', { class: 'small soft' }, text))));

  const first = async (/** @type {object} */ query) => {
    const { rows } = await app.ask('customers', { query: { offset: 0, limit: 1, ...query } });
    return /** @type {CustomerRow | undefined} */ (rows[0]);
  };
  const summary = /** @type {Summary} */ (app.summary);
  void (async () => {
    try {
      const [best, fresh, guests] = await Promise.all([
        first({ sort: 'value' }),
        first({ sort: 'recent', stage: 'first_buyer' }),
        app.ask('guests', { offset: 0, limit: 1 }),
      ]);
      if (best) tile('Your best customer', `${plural(best.orders, 'order')}, ${money(best.revenue, summary.currency, { round: true })}`, () => app.go('person', { customer: best }));
      if (fresh) tile('A first-time buyer', `ordered ${date(fresh.lastAt)}`, () => app.go('person', { customer: fresh }));
      if (guests.rows[0]) tile('A guest without an account', `ordered ${date(guests.rows[0].createdAt)}`, () => app.go('person', { order: guests.rows[0] }));
      list.append(h('li', {}, h('button', { type: 'button', class: 'start-tile all', on: { click: () => app.go('customers') } }, h('strong', {}, 'Somebody you know'), h('span', { class: 'small soft' }, `search all ${count(summary.customers)}`))));
      // The first preview mints the codes of all orders; it is asked for while the merchant still looks at the tiers.
      if (best) await app.ask('preview', { request: previewRequest(app, { customer: best }) });
    } catch {
      // The tiles are a shortcut; the views behind them say what went wrong, if anything did.
      place.hidden = list.childElementCount === 0;
    }
  })();
  return place;
}
