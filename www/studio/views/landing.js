/** Where does it begin? The first screen: a promise, a place to drop a file, and a sample for those who only look. */
import { h, newId } from '../dom.js';
import { currencySelect, errorNote } from './parts.js';

/** @import { App } from '../types.js' */

/**
 * @param {App} app
 * @param {import('../link.js').Refusal} [error] why the last reading came to nothing
 * @returns {HTMLElement}
 */
export function landingView(app, error) {
  if (error?.code === 'unknown_currency' && app.pending) return currencyQuestion(app, app.pending);
  const id = newId('file');
  const input = h('input', {
    type: 'file',
    id,
    class: 'visually-hidden',
    multiple: true,
    accept: '.csv,.tsv,.txt,.json,.ndjson,.jsonl',
    on: {
      change: () => {
        const files = [...(input.files ?? [])];
        if (files.length > 0) void app.read(files);
      },
    },
  });

  const zone = h(
    'div',
    { class: 'drop' },
    h('div', { class: 'drop-card', 'aria-hidden': 'true' }),
    h('p', { class: 'drop-title' }, 'Drop your order export here'),
    h(
      'div',
      { class: 'drop-actions' },
      input,
      h('label', { for: id, class: 'button primary' }, 'Choose a file'),
      h('button', { type: 'button', class: 'button', on: { click: () => void app.readSample() } }, 'Take the sample shop'),
    ),
    h('p', { class: 'small soft' }, 'CSV from any shop, Shopify orders as CSV or JSON, Shopware orders as JSON. Several files at once are fine.'),
  );

  return h(
    'div',
    { class: 'landing' },
    h(
      'div',
      { class: 'landing-words' },
      h('h1', {}, 'Thank the right customer, in the right way.'),
      h('p', { class: 'lead' }, 'Drop an order export. Seconds later you know your best customers, and see the thank-you page and the parcel insert of each one of them.'),
    ),
    error && errorNote(error, 'That did not work'),
    zone,
    h(
      'ul',
      { class: 'promises' },
      promise('Stays with you', 'The page reads your orders itself and forbids itself to connect. Watch the counter above.'),
      promise('Gives a reason', 'For everything it shows, and for everything it leaves out.'),
      promise('Works today', 'Real codes, a QR to scan, an insert to print. No account, no server.'),
    ),
  );
}

/**
 * @param {string} title
 * @param {string} text
 */
function promise(title, text) {
  return h('li', {}, h('strong', {}, title), h('span', {}, text));
}

/**
 * The one thing an export often does not say.
 * @param {App} app
 * @param {NonNullable<App['pending']>} pending
 */
function currencyQuestion(app, pending) {
  const { label, select } = currencySelect(app.settings.currency, app.settings.timeZone);
  const read = () => {
    app.settings.currency = select.value;
    void app.read(pending.files, pending.mappings);
  };
  return h(
    'section',
    { class: 'question' },
    h('h1', {}, 'One question: which currency?'),
    h('p', { class: 'lead' }, 'The export does not say in which currency its amounts are.'),
    h('div', { class: 'field' }, label, select),
    h('div', { class: 'row' }, h('button', { type: 'button', class: 'button primary', on: { click: read } }, 'Read it with this currency'), h('button', { type: 'button', class: 'button quiet', on: { click: () => app.go('landing') } }, 'Take another file')),
  );
}
