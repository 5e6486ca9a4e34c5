/** Where does it begin? The first screen: a promise, a place to drop a file, and a sample for those who only look. */
import { h, newId } from '../dom.js';
import { currencySelect } from './parts.js';
import { errorNote } from './parts.js';

/** @import { App } from '../types.js' */

/**
 * @param {App} app
 * @param {import('../link.js').Refusal} [error] why the last reading came to nothing
 * @returns {HTMLElement}
 */
export function landingView(app, error) {
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
    error && (error.code === 'unknown_currency' && app.files.length > 0 ? currencyQuestion(app, error) : errorNote(error, 'That did not work')),
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
 * @param {import('../link.js').Refusal} error
 */
function currencyQuestion(app, error) {
  const { label, select } = currencySelect(app.settings.currency, app.settings.timeZone);
  return h(
    'section',
    { class: 'note ask', role: 'alert' },
    h('h2', {}, 'One question: which currency?'),
    h('p', {}, error.message),
    h(
      'div',
      { class: 'row' },
      label,
      select,
      h(
        'button',
        {
          type: 'button',
          class: 'button primary',
          on: {
            click: () => {
              app.settings.currency = select.value;
              void app.readAgain();
            },
          },
        },
        'Read it with this currency',
      ),
    ),
  );
}
