/** What do the numbers look like? Charts, drawn by Observable Plot, coloured by the style sheet. */
import * as Plot from '@observablehq/plot';
import { count, money, percent } from './format.js';
import { tierName } from './words.js';

/**
 * Plot writes a `<style>` element and `style` attributes into its charts, which this page's policy refuses. So charts
 * are drawn in a document of their own that is never shown, stripped of both, and moved over; studio.css styles them.
 */
const workshop = document.implementation.createHTMLDocument('');

/**
 * @param {Plot.PlotOptions} options
 * @param {string} label what the chart shows, for those who do not see it
 * @returns {Element}
 */
function draw(options, label) {
  const svg = Plot.plot({ ...options, document: workshop, className: 'plot', figure: false });
  for (const style of svg.querySelectorAll('style')) style.remove();
  for (const element of [svg, ...svg.querySelectorAll('[style]')]) element.removeAttribute('style');
  for (const element of svg.querySelectorAll('[aria-label]')) element.removeAttribute('aria-label');
  svg.setAttribute('role', 'img');
  svg.setAttribute('aria-label', label);
  return document.adoptNode(svg);
}

/**
 * Draws a chart as wide as its place and again whenever that width changes.
 * @param {HTMLElement} place
 * @param {(width: number) => Element} make
 */
function fit(place, make) {
  let drawn = 0;
  const observer = new ResizeObserver(([entry]) => {
    const width = Math.round(entry.contentRect.width);
    if (width < 40 || width === drawn) return;
    drawn = width;
    place.replaceChildren(make(width));
  });
  observer.observe(place);
}

/**
 * How often customers order once more after their first, second, third … order.
 * @param {HTMLElement} place
 * @param {{ orderNumber: number, customers: number, reordered: number, rateBp: number }[]} rows
 */
export function reorderChart(place, rows) {
  const shown = rows.filter((row) => row.customers > 0);
  const top = Math.max(1000, ...shown.map((row) => row.rateBp)) / 100;
  const label = `Reorder rate by order number: ${shown.map((row) => `order ${row.orderNumber}: ${percent(row.rateBp)} of ${count(row.customers)}`).join('; ')}.`;
  fit(place, (width) =>
    draw(
      {
        width,
        height: 220,
        marginTop: 28,
        marginRight: 16,
        marginBottom: 36,
        marginLeft: 16,
        x: { type: 'point', label: null, tickSize: 0, tickPadding: 10, tickFormat: (n) => (width > 360 ? ordinal(n) : String(n)) },
        y: { axis: null, domain: [0, top * 1.15] },
        marks: [
          Plot.ruleY([0], { stroke: 'var(--line)' }),
          Plot.areaY(shown, { x: 'orderNumber', y: (row) => row.rateBp / 100, fill: 'var(--wash)', curve: 'monotone-x' }),
          Plot.lineY(shown, { x: 'orderNumber', y: (row) => row.rateBp / 100, stroke: 'var(--accent)', strokeWidth: 2.5, curve: 'monotone-x' }),
          Plot.dot(shown, { x: 'orderNumber', y: (row) => row.rateBp / 100, r: 4.5, fill: 'var(--accent)', stroke: 'var(--card)', strokeWidth: 2 }),
          Plot.text(shown.filter((row, index) => width > 400 || index % 2 === 0), { x: 'orderNumber', y: (row) => row.rateBp / 100, text: (row) => `${Math.round(row.rateBp / 100)}%`, dy: -15, fill: 'var(--ink)', stroke: 'var(--card)', strokeWidth: 4, fontWeight: 600 }),
        ],
      },
      label,
    ),
  );
}

/**
 * Share of customers beside share of revenue, tier by tier.
 * @param {HTMLElement} place
 * @param {{ tier: string, customers: number, shareBp: number, revenueShareBp: number }[]} rows
 */
export function tierChart(place, rows) {
  const bars = ['customers', 'revenue'].flatMap((of) => {
    let from = 0;
    return rows.map((row) => {
      const bp = of === 'customers' ? row.shareBp : row.revenueShareBp;
      const bar = { of, tier: row.tier, from: from / 100, to: (from + bp) / 100, bp };
      from += bp;
      return bar;
    });
  });
  const label = `Share of customers and of revenue: ${rows.map((row) => `${tierName(row.tier)} ${percent(row.shareBp)} of customers, ${percent(row.revenueShareBp)} of revenue`).join('; ')}.`;
  fit(place, (width) =>
    draw(
      {
        width,
        height: 132,
        marginTop: 4,
        marginBottom: 4,
        marginLeft: 104,
        marginRight: 0,
        x: { axis: null, domain: [0, 100] },
        y: { label: null, domain: ['customers', 'revenue'], tickSize: 0, tickPadding: 12, tickFormat: (/** @type {string} */ of) => `of ${of}`, padding: 0.24 },
        marks: [
          Plot.barX(bars, { x1: 'from', x2: 'to', y: 'of', fill: (bar) => `var(--tier-${bar.tier.replace('_', '-')})`, insetLeft: 1, insetRight: 1, rx: 3 }),
          Plot.text(
            bars.filter((bar) => ((bar.to - bar.from) / 100) * (width - 104) > 44),
            { x: (bar) => (bar.from + bar.to) / 2, y: 'of', text: (bar) => `${Math.round(bar.bp / 100)}%`, fill: (bar) => `var(--on-tier-${bar.tier.replace('_', '-')})`, fontWeight: 600 },
          ),
        ],
        color: { type: 'identity' },
      },
      label,
    ),
  );
}

/**
 * What each tenth of the customers will bring, the most valuable first.
 * @param {HTMLElement} place
 * @param {number[]} deciles in minor units
 * @param {string} currency
 */
export function decilesChart(place, deciles, currency) {
  const sum = Math.max(1, deciles.reduce((total, one) => total + one, 0));
  const rows = deciles.map((value, index) => ({ tenth: index + 1, value, bp: (value / sum) * 10_000 }));
  const label = `What each tenth of the customers is expected to bring: ${rows.map((row) => `${ordinal(row.tenth)} ${money(row.value, currency, { round: true })}, ${percent(row.bp)}`).join('; ')}.`;
  fit(place, (width) =>
    draw(
      {
        width,
        height: 260,
        marginTop: 28,
        marginRight: 4,
        marginBottom: 40,
        marginLeft: 4,
        x: { type: 'band', label: null, tickSize: 0, tickPadding: 10, padding: 0.18, tickFormat: (n) => (width > 480 ? ordinal(n) : String(n)) },
        y: { axis: null, domain: [0, Math.max(...deciles) * 1.04] },
        marks: [
          Plot.ruleY([0], { stroke: 'var(--line)' }),
          Plot.barY(rows, { x: 'tenth', y: 'value', fill: (row) => (row.tenth === 1 ? 'var(--tier-top-vip)' : row.tenth < 4 ? 'var(--tier-vip)' : 'var(--tier-premium)'), rx: 4 }),
          Plot.text(rows, { x: 'tenth', y: 'value', text: (row) => (row.bp >= 50 || width > 480 ? `${Math.round(row.bp / 100)}%` : ''), dy: -12, fill: 'var(--ink)', fontWeight: 600 }),
        ],
        color: { type: 'identity' },
      },
      label,
    ),
  );
}

/** Steps of the probability of still buying: below these, with the colours of the style sheet. */
const STEPS = [0.1, 0.3, 0.5, 0.7, 0.9];

/**
 * Who still buys, by number of purchases and days of silence.
 * @param {HTMLElement} place
 * @param {{ ageDays: number, silentDays: number[], rows: number[][] }} alive
 */
export function aliveChart(place, { ageDays, silentDays, rows }) {
  const label = `Probability of still buying by number of purchases and days of silence, for a customer of ${ageDays} days. ${[2, 8].map((n) => `With ${n} purchases: ${silentDays.map((days, column) => `${days} days ${Math.round(rows[n - 1][column] * 100)}%`).join(', ')}`).join('. ')}.`;
  fit(place, (width) => {
    const every = width > 520 ? 1 : 2;
    const columns = silentDays.map((days, column) => ({ days, column })).filter(({ column }) => column % every === 0);
    const cells = columns.flatMap(({ days, column }) =>
      // Of those who bought once the model says nothing: it learns from those who came back.
      rows.slice(1).map((row, index) => {
        const step = STEPS.filter((from) => row[column] >= from).length;
        return { days, purchases: index + 2, p: row[column], fill: `var(--heat-${step})`, ink: `var(--on-heat-${step})` };
      }),
    );
    return draw(
      {
        width,
        height: 31 + rows.length * 27,
        marginTop: 4,
        marginRight: 0,
        marginBottom: 54,
        marginLeft: 46,
        x: { type: 'band', label: 'days of silence', labelAnchor: 'center', labelArrow: 'none', labelOffset: 46, tickSize: 0, tickPadding: 8, padding: 0.06 },
        y: { type: 'band', label: null, tickSize: 0, tickPadding: 8, padding: 0.06, tickFormat: (n) => `${n}×` },
        marks: [
          Plot.cell(cells, { x: 'days', y: 'purchases', fill: 'fill', rx: 3 }),
          Plot.text(cells, { x: 'days', y: 'purchases', text: (cell) => String(Math.round(cell.p * 100)), fill: 'ink', fontSize: width > 420 ? 12.5 : 11.5 }),
        ],
        color: { type: 'identity' },
      },
      label,
    );
  });
}

/**
 * Purchases foretold beside purchases made, per customer.
 * @param {HTMLElement} place
 * @param {{ frequency: number, customers: number, predicted: number, actual: number }[]} groups
 */
export function calibrationChart(place, groups) {
  const last = groups.length - 1;
  const name = (/** @type {number} */ frequency) => `${frequency}${frequency === last ? '+' : ''}`;
  const label = `Purchases per customer, foretold and made, by how often a customer had come back before: ${groups.map((one) => `${name(one.frequency)}: ${one.predicted.toFixed(1)} foretold, ${one.actual.toFixed(1)} made`).join('; ')}.`;
  const bars = groups.flatMap((one) => [
    { frequency: one.frequency, which: 'foretold', value: one.predicted, fill: 'var(--accent)' },
    { frequency: one.frequency, which: 'made', value: one.actual, fill: 'var(--glow)' },
  ]);
  fit(place, (width) =>
    draw(
      {
        width,
        height: 280,
        marginTop: 26,
        marginRight: 4,
        marginBottom: 54,
        marginLeft: 4,
        fx: { label: 'had come back so often before', labelAnchor: 'center', labelArrow: 'none', labelOffset: 46, axis: 'bottom', padding: 0.22, tickSize: 0, tickPadding: 8, tickFormat: name },
        x: { axis: null, type: 'band', domain: ['foretold', 'made'], padding: 0.08 },
        y: { axis: null, domain: [0, Math.max(0.1, ...bars.map((bar) => bar.value)) * 1.06] },
        marks: [
          Plot.ruleY([0], { stroke: 'var(--line)' }),
          Plot.barY(bars, { fx: 'frequency', x: 'which', y: 'value', fill: 'fill', rx: 3 }),
          Plot.text(bars, { fx: 'frequency', x: 'which', y: 'value', text: (bar) => (width > 520 ? bar.value.toFixed(1) : ''), dy: -9, fill: 'var(--ink)', fontSize: 12 }),
        ],
        color: { type: 'identity' },
      },
      label,
    ),
  );
}

/** @param {number} n */
function ordinal(n) {
  const ending = n % 100 > 10 && n % 100 < 14 ? 'th' : (['th', 'st', 'nd', 'rd'][n % 10] ?? 'th');
  return `${n}${ending}`;
}
