/** What was read, and how? File by file: kept, merged, refused with line numbers, and which column meant what. */
import { fill, h } from '../dom.js';
import { count, date, plural, spoken } from '../format.js';
import { select } from './customers.js';
import { currencySelect, field } from './parts.js';

/** @import { App, FileReport, Finding, Report } from '../types.js' */

/** What a column may mean, in the words of a merchant; the first ones are always offered. */
const FIELDS = Object.entries({
  order: 'Order number',
  date: 'Date of the order',
  customer: 'Customer number',
  email: 'E-mail address',
  total: 'Total of the order',
  quantity: 'Quantity',
  price: 'Price of one',
  currency: 'Currency',
  country: 'Country',
});

/**
 * @param {App} app
 * @returns {HTMLElement}
 */
export function reportView(app) {
  const { report } = app;
  return h(
    'section',
    { class: 'report' },
    h('h1', {}, 'What was read'),
    h('p', { class: 'soft' }, report ? total(report) : 'The sample shop is generated: two years of a tea shop, with seasons, returns and guests. No real person is in it.'),
    report?.files.map((file, index) => fileCard(app, file, index)),
    report && again(app),
    h('p', {}, h('button', { type: 'button', class: 'button quiet', on: { click: () => startOver(app) } }, report ? 'Read other files' : 'Read my own orders')),
  );
}

/** @param {Report} report */
function total(report) {
  const { lines } = report;
  return [
    `${plural(lines.read, 'line')}: ${count(lines.kept)} kept, ${count(lines.merged)} merged, ${count(lines.refused)} refused.`,
    `They make ${plural(report.orders, 'order')} and ${plural(report.returns, 'return')} of ${plural(report.customers, 'customer')}; ${count(report.anonymous)} came without a customer.`,
    report.duplicates > 0 && `${plural(report.duplicates, 'order')} appeared twice and counted once.`,
  ]
    .filter(Boolean)
    .join(' ');
}

/** @param {App} app */
function startOver(app) {
  const input = h('input', { type: 'file', multiple: true, on: { change: () => input.files?.length && void app.read([...input.files]) } });
  input.click();
}

/**
 * @param {App} app
 * @param {FileReport} file
 * @param {number} index
 */
function fileCard(app, file, index) {
  const { lines } = file;
  return h(
    'section',
    { class: 'card file' },
    h('h2', {}, file.name),
    h(
      'p',
      { class: 'meaning' },
      `${formatName(file.format)}. ${count(lines.kept)} of ${plural(lines.read, 'line')} kept: ${plural(file.orders, 'order')}, ${plural(file.returns, 'return')}`,
      file.firstAt && file.lastAt ? `, from ${date(file.firstAt)} to ${date(file.lastAt)}` : '',
      file.currency ? `, in ${file.currency}.` : '.',
      file.countFrom ? ` It counts from ${date(file.countFrom)} on; an earlier file has the days before.` : '',
    ),
    file.columns && Object.keys(file.columns).length > 0 && columnTable(app, file, index),
    findingList('Refused', file.refused, file.refusedCount, true),
    findingList('Kept, with a remark', file.warnings, file.warningCount, false),
  );
}

/** @param {string} format */
function formatName(format) {
  return { csv: 'CSV', shopify: 'Shopify', shopware: 'Shopware', woocommerce: 'WooCommerce', orders: 'Zugabe orders' }[format] ?? spoken(format);
}

/**
 * The guessed mapping, changeable.
 * @param {App} app
 * @param {FileReport} file
 * @param {number} index
 */
function columnTable(app, file, index) {
  const columns = file.columns ?? {};
  const place = h('div', { class: 'columns' });
  /** @type {Record<string, string>} */
  const changed = { ...app.mappings[index] };
  const button = h(
    'button',
    {
      type: 'button',
      class: 'button',
      disabled: true,
      on: {
        click: () => {
          void app.read(app.files, Object.assign([...app.mappings], { [index]: changed }));
        },
      },
    },
    'Read again with these columns',
  );
  const known = new Map(FIELDS);
  const fields = [...new Set([...known.keys(), ...Object.keys(columns)])];
  void columnNames(app.files[index]).then((found) => {
    const names = [...new Set([...found, ...Object.values(columns)])];
    fill(
      place,
      fields.map((name) =>
        field(
          known.get(name) ?? spoken(name),
          select(columns[name] ?? '', [['', 'not in this file'], ...names.map((one) => [one, one])], (value) => {
            changed[name] = value;
            button.disabled = false;
          }),
        ),
      ),
    );
  });
  return h(
    'details',
    { class: 'fold', open: file.refusedCount > 0 },
    h('summary', {}, 'Which column means what'),
    h('p', { class: 'small soft' }, 'Guessed from the names. Change what is wrong and read again.'),
    place,
    button,
  );
}

/**
 * The names in the first line of a CSV file, to choose from; what they mean is for the engine to judge.
 * @param {File | undefined} file
 * @returns {Promise<string[]>}
 */
async function columnNames(file) {
  if (!file) return [];
  const [line] = (await file.slice(0, 65_536).text()).split(/\r?\n/, 1);
  const separator = [',', ';', '\t', '|'].reduce((best, one) => (line.split(one).length > line.split(best).length ? one : best));
  return line
    .split(separator)
    .map((name) => name.trim().replace(/^"(.*)"$/, '$1').replaceAll('""', '"'))
    .filter((name) => name !== '');
}

/**
 * @param {string} title
 * @param {Finding[]} findings
 * @param {number} total
 * @param {boolean} open
 */
function findingList(title, findings, total, open) {
  if (total === 0) return null;
  return h(
    'details',
    { class: 'fold', open },
    h('summary', {}, `${title}: ${count(total)}`),
    h('ul', { class: 'finding-list', tabindex: 0, 'aria-label': title }, findings.map((one) => h('li', {}, h('span', {}, one.message), h('span', { class: 'small soft mono' }, [one.path, one.code].filter(Boolean).join(' · '))))),
    total > findings.length && h('p', { class: 'small soft' }, `These are the first ${count(findings.length)}.`),
  );
}

/** @param {App} app */
function again(app) {
  const { label, select: currency } = currencySelect(app.settings.currency || (app.summary?.currency ?? ''), app.settings.timeZone);
  const zone = h('input', { type: 'text', value: app.settings.timeZone, spellcheck: 'false', autocomplete: 'off' });
  return h(
    'section',
    { class: 'card' },
    h('h2', {}, 'Read it differently'),
    h('p', { class: 'meaning' }, 'Used only where a file does not say it itself.'),
    h('div', { class: 'filters two' }, h('div', { class: 'field' }, label, currency), field('Time zone', zone)),
    h(
      'button',
      {
        type: 'button',
        class: 'button',
        on: {
          click: () => {
            app.settings.currency = currency.value;
            app.settings.timeZone = zone.value.trim() || 'UTC';
            void app.read(app.files, app.mappings);
          },
        },
      },
      'Read again',
    ),
  );
}
