/** What will the customers still bring, who is about to be lost, and how far can one trust that? Charts with a sentence each. */
import { fill, h } from '../dom.js';
import { ago, count, date, money, percent, plural } from '../format.js';
import { refusal } from '../link.js';
import { errorNote, pager, segments, tierChip } from './parts.js';

/** @import { App, AtRisk, Calibration, CustomerRow, Summary, ValueView } from '../types.js' */

/** The drawing library comes when there is something to draw. */
const charts = () => import('../charts.js');

/** Lines of a list. */
const PAGE = 10;

/** @type {[string, string][]} Which of the last days the model is held against. */
const SPANS = [
  ['91', '13 weeks'],
  ['182', '26 weeks'],
];

/**
 * @param {App} app
 * @returns {HTMLElement}
 */
export function valueView(app) {
  const place = h('div', { class: 'value', 'aria-busy': 'true' }, h('header', { class: 'hero' }, h('h1', {}, 'What your customers will still bring'), h('p', { class: 'soft' }, 'Being reckoned, in this page …')));
  void app
    .ask('value')
    .then((/** @type {ValueView} */ value) => fill(place, known(app, value)))
    .catch((error) => fill(place, h('header', { class: 'hero' }, h('h1', {}, 'What your customers will still bring')), errorNote(refusal(error), 'This cannot be told yet')))
    .finally(() => place.setAttribute('aria-busy', 'false'));
  return place;
}

/** @param {App} app @param {ValueView} value */
function known(app, value) {
  const { currency } = /** @type {Summary} */ (app.summary);
  const { summary } = value;
  const span = horizon(summary.horizonDays);
  const total = summary.clv === undefined ? undefined : money(summary.clv, currency, { round: true });
  const discount = value.model?.settings?.discountBp;
  return [
    h(
      'header',
      { class: 'hero' },
      h('h1', {}, total ? `Your customers are expected to bring ${total} in the next ${span}.` : `Your customers are expected to order ${plural(summary.expectedPurchases, 'time')} in the next ${span}.`),
      h(
        'p',
        { class: 'soft' },
        `${count(summary.alive)} of ${plural(summary.customers, 'customer')} still buy, and make about ${plural(summary.expectedPurchases, 'purchase')}; ${count(summary.likelyLost)} of those who had come back before are more probably lost than not. Who bought once counts as still buying. ${total ? `This is turnover, before goods and shipping${discount ? `; money a year from now counts ${percent(discount)} less` : ''}. ` : ''}Fitted to your own orders, inside this page.`,
      ),
    ),
    h('div', { class: 'pair' }, worthCard(value, currency), aliveCard(value)),
    bestCard(app, currency, span),
    riskCard(app, currency, span),
    calibrationCard(app),
  ];
}

/** @param {number} days */
const horizon = (days) => (days === 365 ? '12 months' : days % 7 === 0 ? `${days / 7} weeks` : `${days} days`);

/**
 * A card with one sentence of what its picture means, and the picture's numbers as a table.
 * @param {string} id
 * @param {string} title
 * @param {string} meaning
 * @param {...import('../dom.js').Child} children
 */
function card(id, title, meaning, ...children) {
  return h('section', { class: 'card', 'aria-labelledby': id, 'data-card': id }, h('h2', { id }, title), h('p', { class: 'meaning' }, meaning), ...children);
}

/**
 * @param {string} caption
 * @param {string[]} head
 * @param {(string | number)[][]} rows
 */
function asTable(caption, head, rows) {
  return h(
    'details',
    { class: 'fold as-table' },
    h('summary', {}, 'The same as a table'),
    h(
      'div',
      { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': caption },
      h(
        'table',
        {},
        h('caption', { class: 'visually-hidden' }, caption),
        h('thead', {}, h('tr', {}, head.map((text) => h('th', { scope: 'col' }, text)))),
        h('tbody', {}, rows.map(([first, ...cells]) => h('tr', {}, h('th', { scope: 'row' }, first), cells.map((cell) => h('td', { class: 'num' }, cell))))),
      ),
    ),
  );
}

/** @param {ValueView} value @param {string} currency */
function worthCard({ deciles, summary }, currency) {
  const sum = deciles.reduce((total, one) => total + one, 0);
  if (sum <= 0) return card('worth-title', 'Who brings it', 'Amounts vary too much, or too few are known, to say in money what each customer will bring.');
  const place = h('div', { class: 'chart' });
  void charts().then(({ decilesChart }) => decilesChart(place, deciles, currency));
  const shares = deciles.map((one) => (one / sum) * 10_000);
  const each = Math.round(deciles[0] / Math.max(1, Math.floor(summary.customers / 10)));
  const half = shares.findIndex((_, index) => shares.slice(0, index + 1).reduce((a, b) => a + b, 0) >= 5000) + 1;
  const meaning = `The most valuable tenth of your customers brings ${percent(shares[0])} of it, about ${money(each, currency, { round: true })} each${half > 1 ? `; half of everything comes from ${half} tenths` : ''}.`;
  return card(
    'worth-title',
    'Who brings it',
    meaning,
    place,
    asTable('Expected turnover by tenths of the customers, the most valuable first', ['Tenth', 'Brings', 'Share'], deciles.map((one, index) => [ordinal(index + 1), money(one, currency, { round: true }), percent(shares[index])])),
  );
}

/** @param {ValueView} value */
function aliveCard({ alive }) {
  const place = h('div', { class: 'chart' });
  void charts().then(({ aliveChart }) => aliveChart(place, alive));
  const percentOf = (/** @type {number} */ p) => `${Math.round(p * 100)}%`;
  return card(
    'alive-title',
    'Who still buys',
    `${aliveSentence(alive)} Of those who bought once this model says nothing: it learns from those who came back.`,
    place,
    asTable(
      `Probability of still buying, by number of purchases and days of silence, for a customer of ${alive.ageDays} days`,
      ['Purchases', ...alive.silentDays.map((days) => `${days} days`)],
      alive.rows.map((row, index) => [index + 1, ...row.map(percentOf)]),
    ),
  );
}

/** @param {ValueView['alive']} alive */
export function aliveSentence({ ageDays, silentDays, rows }) {
  const lost = (/** @type {number} */ purchases) => silentDays[rows[purchases - 1]?.findIndex((p) => p < 0.5) ?? -1];
  const [often, seldom] = [lost(8), lost(2)];
  const whom = `Somebody who has been with you for ${plural(ageDays, 'day')}`;
  if (often !== undefined && seldom !== undefined && often < seldom) return `${whom} and bought eight times is more probably lost than not after ${often} days of silence; with two purchases that takes ${seldom}. The more often somebody came, the sooner silence means something.`;
  if (often !== undefined) return `${whom} and bought eight times is more probably lost than not after ${often} days of silence${seldom === undefined ? '; with two purchases silence tells much less' : ''}.`;
  return `${whom} still buys, more probably than not, however long the silence was.`;
}

/** @param {App} app @param {string} currency @param {string} span */
function bestCard(app, currency, span) {
  return card(
    'best-title',
    'Your most valuable customers',
    `Not those who bought most, but those who will: what each is expected to bring in the next ${span}.`,
    list(app, async (offset) => {
      const { rows, total } = await app.ask('customers', { query: { offset, limit: PAGE, sort: 'clv' } });
      return { total, most: rows[0]?.clv ?? 0, lines: rows.map((/** @type {CustomerRow} */ row) => ({ row, amount: row.clv ?? 0 })) };
    }, currency, 'Expected', 'the most valuable'),
  );
}

/** @param {App} app @param {string} currency @param {string} span */
function riskCard(app, currency, span) {
  const meaning = h('p', { class: 'meaning' }, 'Being looked for …');
  const lines = list(app, async (offset) => {
    /** @type {AtRisk} */
    const { total, atStake, rows } = await app.ask('atRisk', { offset, limit: PAGE });
    meaning.textContent = total === 0
      ? 'Nobody: who came back before either surely still buys, or has long been gone.'
      : `${plural(total, 'customer')} who came back before may or may not still buy. ${money(atStake, currency, { round: true })} of the next ${span} ${total === 1 ? 'hangs' : 'hang'} on it; a thank-you now goes furthest with the first on this list.`;
    return { total, most: rows[0]?.atStake ?? 0, lines: rows.map(({ row, atStake }) => ({ row, amount: atStake })) };
  }, currency, 'At stake', 'those about to be lost');
  return h('section', { class: 'card', 'aria-labelledby': 'risk-title', 'data-card': 'risk-title' }, h('h2', { id: 'risk-title' }, 'About to be lost'), meaning, lines);
}

/**
 * Customers with what is expected of them, page by page.
 * @param {App} app
 * @param {(offset: number) => Promise<{ total: number, most: number, lines: { row: CustomerRow, amount: number }[] }>} ask
 * @param {string} currency
 * @param {string} what
 * @param {string} name
 */
function list(app, ask, currency, what, name) {
  const place = h('div', { class: 'list', 'aria-live': 'polite', 'aria-busy': 'true' });
  let most = 0;
  const load = async (/** @type {number} */ offset) => {
    place.setAttribute('aria-busy', 'true');
    try {
      const found = await ask(offset);
      if (offset === 0) most = found.most;
      fill(
        place,
        found.lines.length > 0 &&
          h(
            'ul',
            { class: 'rows worth-rows' },
            h('li', { class: 'row-head small soft', 'aria-hidden': 'true' }, ['Customer', 'Last order', 'Still buys', what].map((text) => h('span', {}, text))),
            found.lines.map(({ row, amount }) =>
              h(
                'li',
                {},
                h(
                  'button',
                  { type: 'button', class: 'row-line', on: { click: () => app.go('person', { customer: row }) } },
                  h('span', { class: 'who' }, h('strong', {}, row.name ?? row.id), h('span', { class: 'small soft' }, plural(row.orders, 'order')), tierChip(row.tier)),
                  h('span', { class: 'cell-last soft' }, ago(row.recencyDays)),
                  h('span', { class: 'cell-alive' }, h('span', { class: 'visually-hidden' }, 'still buys: '), row.pAlive === undefined ? '' : `${Math.round(row.pAlive * 100)}%`),
                  h('span', { class: 'cell-revenue num' }, h('span', { class: 'visually-hidden' }, `${what}: `), money(amount, currency, { round: true })),
                  h('span', { class: 'bar', 'aria-hidden': 'true', vars: { '--part': most > 0 ? amount / most : 0 } }),
                ),
              ),
            ),
          ),
        found.total > 0 && pager({ offset, limit: PAGE, total: found.total, go: (to) => void load(to), of: name }),
      );
    } catch (error) {
      fill(place, errorNote(refusal(error), 'The list could not be made'));
    }
    place.setAttribute('aria-busy', 'false');
  };
  void load(0);
  return place;
}

/** @param {App} app */
function calibrationCard(app) {
  const { months = [] } = /** @type {Summary} */ (app.summary);
  let days = months.length >= 18 ? '182' : '91';
  let asked = 0;
  const result = h('div', { class: 'calibration', 'aria-live': 'polite', 'aria-busy': 'true' });
  const load = async () => {
    asked += 1;
    const mine = asked;
    result.setAttribute('aria-busy', 'true');
    try {
      /** @type {Calibration} */
      const compared = await app.ask('calibration', { days: Number(days) });
      if (mine !== asked) return;
      const place = h('div', { class: 'chart' });
      void charts().then(({ calibrationChart }) => calibrationChart(place, compared.byFrequency));
      const groups = compared.byFrequency;
      const name = (/** @type {number} */ frequency) => `${frequency}${frequency === groups.length - 1 ? ' or more' : ''}`;
      fill(
        result,
        h('p', { class: 'meaning' }, calibrationSentence(compared)),
        h('ul', { class: 'legend', 'aria-hidden': 'true' }, h('li', { class: 'is-predicted' }, 'foretold'), h('li', { class: 'is-actual' }, 'came')),
        place,
        asTable('Purchases foretold and made per customer, by how often a customer had come back before', ['Came back before', 'Customers', 'Foretold each', 'Made each'], groups.map((one) => [name(one.frequency), count(one.customers), one.predicted.toFixed(2), one.actual.toFixed(2)])),
      );
      result.dataset.predicted = String(Math.round(compared.predicted));
      result.dataset.actual = String(compared.actual);
    } catch (error) {
      if (mine !== asked) return;
      fill(result, errorNote(refusal(error), 'There is too little to compare with'));
    }
    result.setAttribute('aria-busy', 'false');
  };
  void load();
  return h(
    'section',
    { class: 'card', 'aria-labelledby': 'calibration-title', 'data-card': 'calibration-title' },
    h('h2', { id: 'calibration-title' }, 'Would it have been right?'),
    segments('span', 'Compared with the last', days, SPANS, (value) => {
      days = value;
      void load();
    }),
    result,
  );
}

/** @param {Calibration} compared */
export function calibrationSentence({ fittedUntil, comparedUntil, customers, predicted, actual, offBp, correlation }) {
  const begin = `Fitted only to your orders up to ${date(fittedUntil)}, the model foretold ${plural(Math.round(predicted), 'purchase')} of the ${plural(customers, 'customer')} known by then; until ${date(comparedUntil)}, ${count(actual)} came`;
  if (offBp === undefined) return `${begin}.`;
  const off = Math.abs(offBp);
  const how = off < 50 ? 'on the spot' : `${percent(off)} too ${offBp > 0 ? 'many' : 'few'} foretold`;
  const trust = off <= 500 ? 'Sums and order can be relied on.' : off <= 1500 ? 'The order of customers can be relied on, sums within about that much.' : 'Trust the order of customers more than the sums: these months were not like those before.';
  const one = correlation === undefined ? '' : ` Customer by customer, forecast and reality agree to ${correlation.toFixed(2)} (1 would be perfect).`;
  return `${begin}: ${how}. ${trust}${one}`;
}

/** @param {number} n */
const ordinal = (n) => `${n}${n % 100 > 10 && n % 100 < 14 ? 'th' : (['th', 'st', 'nd', 'rd'][n % 10] ?? 'th')}`;
