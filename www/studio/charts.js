/** What do the numbers look like? Two charts, drawn by Observable Plot, coloured by the style sheet. */
import * as Plot from '@observablehq/plot';
import { count, percent } from './format.js';
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

/** @param {number} n */
function ordinal(n) {
  const ending = n % 100 > 10 && n % 100 < 14 ? 'th' : (['th', 'st', 'nd', 'rd'][n % 10] ?? 'th');
  return `${n}${ending}`;
}
