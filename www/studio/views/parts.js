/** Which small parts do several views share? Notes, chips, pagers, fields. */
import { h, newId } from '../dom.js';
import { count } from '../format.js';
import { tierName } from '../words.js';

/**
 * One sentence with its remedy; the stable code small beneath.
 * @param {import('../link.js').Refusal} error
 * @param {string} title
 */
export function errorNote(error, title) {
  return h(
    'section',
    { class: 'note error', role: 'alert' },
    h('h2', {}, title),
    h('p', {}, error.message),
    h('p', { class: 'small code-line' }, [error.code, error.path].filter(Boolean).join(' · ')),
  );
}

/** @param {string} tier */
export function tierChip(tier) {
  return h('span', { class: `chip tier-${tier.replace('_', '-')}` }, tier === 'none' ? 'No tier' : tierName(tier));
}

const CURRENCIES = ['EUR', 'GBP', 'USD', 'CHF', 'PLN', 'CZK', 'DKK', 'SEK', 'NOK', 'HUF', 'RON', 'CAD', 'AUD', 'NZD', 'JPY'];

/** @type {[RegExp, string][]} Which currency people in a time zone mostly sell in; only a suggestion. */
const SUGGESTED = [
  [/London|Belfast|Jersey|Guernsey/, 'GBP'],
  [/Zurich|Vaduz/, 'CHF'],
  [/Warsaw/, 'PLN'],
  [/Prague/, 'CZK'],
  [/Copenhagen/, 'DKK'],
  [/Stockholm/, 'SEK'],
  [/Oslo/, 'NOK'],
  [/Budapest/, 'HUF'],
  [/Bucharest/, 'RON'],
  [/Tokyo/, 'JPY'],
  [/Toronto|Vancouver|Montreal|Edmonton|Halifax|Winnipeg/, 'CAD'],
  [/^Australia/, 'AUD'],
  [/Auckland/, 'NZD'],
  [/^America\/(New_York|Chicago|Denver|Los_Angeles|Phoenix|Detroit|Anchorage)/, 'USD'],
];

/**
 * @param {string} chosen
 * @param {string} timeZone where the merchant sits, for the suggestion
 */
export function currencySelect(chosen, timeZone) {
  const id = newId('currency');
  const suggested = chosen || SUGGESTED.find(([zone]) => zone.test(timeZone))?.[1] || 'EUR';
  const label = h('label', { for: id }, 'Currency');
  const select = h(
    'select',
    { id },
    [...new Set([suggested, ...CURRENCIES])].map((code) => h('option', { value: code, selected: code === suggested }, code)),
  );
  return { label, select };
}

/**
 * Back and on through a long list.
 * @param {{ offset: number, limit: number, total: number, go: (offset: number) => void, of?: string }} page of: what is paged, where a view has several lists
 */
export function pager({ offset, limit, total, go, of }) {
  if (total <= limit) return h('p', { class: 'pager small soft' }, `${count(total)} shown`);
  return h(
    'nav',
    { class: 'pager', 'aria-label': of ? `Pages of ${of}` : 'Pages' },
    h('button', { type: 'button', class: 'button quiet', disabled: offset === 0, on: { click: () => go(Math.max(0, offset - limit)) } }, 'Back'),
    h('span', { class: 'small soft' }, `${count(offset + 1)} to ${count(Math.min(total, offset + limit))} of ${count(total)}`),
    h('button', { type: 'button', class: 'button quiet', disabled: offset + limit >= total, on: { click: () => go(offset + limit) } }, 'On'),
  );
}

/**
 * A labelled field.
 * @param {string} text
 * @param {HTMLElement} control
 * @param {string} [hint]
 */
export function field(text, control, hint) {
  const id = newId('field');
  control.id = id;
  const hintId = newId('hint');
  if (hint) control.setAttribute('aria-describedby', hintId);
  return h('div', { class: 'field' }, h('label', { for: id }, text), control, hint && h('p', { class: 'small soft', id: hintId }, hint));
}

/**
 * Calls a function once things have been quiet for a moment.
 * @param {() => void} call
 * @param {number} ms
 */
export function later(call, ms) {
  let timer = 0;
  return () => {
    clearTimeout(timer);
    timer = window.setTimeout(call, ms);
  };
}

/**
 * One of two or three, side by side.
 * @param {string} name
 * @param {string} label
 * @param {string} chosen
 * @param {[string, string][]} options
 * @param {(value: string) => void} onChange
 */
export function segments(name, label, chosen, options, onChange) {
  return h(
    'div',
    { class: 'segments', role: 'radiogroup', 'aria-label': label },
    options.map(([value, text]) => {
      const radio = h('input', { type: 'radio', name, value, checked: chosen === value, on: { change: () => radio.checked && onChange(value) } });
      return h('label', { class: 'segment' }, radio, h('span', {}, text));
    }),
  );
}
