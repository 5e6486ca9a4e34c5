/** Which customer? A list to search, filter and sort, fifty at a time. */
import { fill, h } from '../dom.js';
import { ago, count, money, plural } from '../format.js';
import { refusal } from '../link.js';
import { STAGES, stageName, TIERS, tierName } from '../words.js';
import { errorNote, field, later, pager, tierChip } from './parts.js';

/** @import { App, CustomerRow, Summary } from '../types.js' */

const PAGE = 50;
const SORTS = [
  ['value', 'Most revenue'],
  ['clv', 'Most still to come'],
  ['recent', 'Latest order'],
  ['orders', 'Most orders'],
  ['basket', 'Largest basket'],
  ['id', 'Number'],
];

/**
 * @param {App} app
 * @returns {HTMLElement}
 */
export function customersView(app) {
  const summary = /** @type {Summary} */ (app.summary);
  const place = h('div', { class: 'list', 'aria-live': 'polite', 'aria-busy': 'true' });
  let asked = 0;

  const load = async () => {
    asked += 1;
    const mine = asked;
    place.setAttribute('aria-busy', 'true');
    const { search, tier, stage, sort, offset } = app.query;
    const query = { offset, limit: PAGE, sort, ...(search && { search }), ...(tier && { tier }), ...(stage && { stage }) };
    try {
      const { total, rows } = await app.ask('customers', { query });
      if (mine !== asked) return;
      fill(
        place,
        rows.length > 0
          ? h('ul', { class: 'rows' }, h('li', { class: 'row-head small soft', 'aria-hidden': 'true' }, ['Customer', 'Tier', 'Stage', 'Orders', 'Last order', 'Still to come', 'Revenue'].map((text) => h('span', {}, text))), rows.map((/** @type {CustomerRow} */ row) => line(app, row, summary.currency)))
          : h('p', { class: 'empty' }, search ? `Nobody fits “${search}”. Try fewer letters, or clear the filters.` : 'Nobody is here yet.'),
        pager({
          offset,
          limit: PAGE,
          total,
          go: (to) => {
            app.query.offset = to;
            void load();
            window.scrollTo(0, 0);
          },
        }),
      );
    } catch (error) {
      fill(place, errorNote(refusal(error), 'The list could not be made'));
    }
    place.setAttribute('aria-busy', 'false');
  };

  const again = () => {
    app.query.offset = 0;
    void load();
  };
  const search = h('input', {
    type: 'search',
    value: app.query.search,
    placeholder: 'Name or number',
    autocomplete: 'off',
    on: {
      input: () => {
        app.query.search = search.value.trim();
        soon();
      },
    },
  });
  const soon = later(again, 150);
  const tier = select(app.query.tier, [['', 'All tiers'], ...Object.keys(TIERS).map((id) => [id, tierName(id)])], (value) => {
    app.query.tier = value;
    again();
  });
  const stagesHere = summary.stages.map((row) => row.stage);
  const stage = select(app.query.stage, [['', 'All stages'], ...Object.keys(STAGES).filter((id) => stagesHere.includes(id)).map((id) => [id, stageName(id)])], (value) => {
    app.query.stage = value;
    again();
  });
  const sort = select(app.query.sort, SORTS, (value) => {
    app.query.sort = value;
    again();
  });

  void load();
  return h(
    'section',
    { class: 'customers' },
    h('h1', {}, 'Customers'),
    h('p', { class: 'soft' }, `${count(summary.customers)} people and companies with at least one order. Pick one to see the thank-you.`),
    h('div', { class: 'filters' }, field('Search', search), field('Tier', tier), field('Stage', stage), field('Sort by', sort)),
    place,
  );
}

/**
 * @param {string} chosen
 * @param {string[][]} options
 * @param {(value: string) => void} onChange
 */
export function select(chosen, options, onChange) {
  const element = h(
    'select',
    { on: { change: () => onChange(element.value) } },
    options.map(([value, label]) => h('option', { value, selected: value === chosen }, label)),
  );
  return element;
}

/**
 * @param {App} app
 * @param {CustomerRow} row
 * @param {string} currency
 */
function line(app, row, currency) {
  return h(
    'li',
    {},
    h(
      'button',
      { type: 'button', class: 'row-line', on: { click: () => app.go('person', { customer: row }) } },
      h('span', { class: 'who' }, h('strong', {}, row.name ?? row.id), row.name && h('span', { class: 'small soft' }, row.id)),
      h('span', { class: 'cell-tier' }, tierChip(row.tier)),
      h('span', { class: 'cell-stage soft' }, stageName(row.stage)),
      h('span', { class: 'cell-orders soft' }, plural(row.orders, 'order')),
      h('span', { class: 'cell-last soft' }, ago(row.recencyDays)),
      h('span', { class: 'cell-clv num soft' }, row.clv === undefined ? '' : money(row.clv, currency, { round: true })),
      h('span', { class: 'cell-revenue num' }, money(row.revenue, currency)),
    ),
  );
}
