/** How do the codes leave the studio? As a file for the shop system, with the keys that make them checkable. */
import { download, fill, h } from '../dom.js';
import { count, money, percent, plural } from '../format.js';
import { refusal } from '../link.js';
import { keysCard } from './keys.js';
import { errorNote, field } from './parts.js';

/** @import { App, Coverage, Summary } from '../types.js' */

/** So many orders are decided within a second or two; more of them only when asked, since other questions wait meanwhile. */
const AT_ONCE = 15_000;

/**
 * @param {App} app
 * @returns {HTMLElement}
 */
export function codesView(app) {
  const summary = /** @type {Summary} */ (app.summary);
  const batch = h('input', { type: 'number', min: 1, max: 4095, step: 1, value: 1, inputmode: 'numeric' });
  const outcome = h('div', { class: 'outcome', role: 'status' });
  const covered = h('p', { class: 'meaning' });

  const saveCodes = async () => {
    try {
      const csv = await app.ask('codes', { request: codesRequest(app, Number(batch.value)) });
      download('zugabe-codes.csv', csv, 'text/csv');
      app.keyState.used = true;
      const sentence = `${plural(csv.trimEnd().split('\n').length - 1, 'code')} saved as zugabe-codes.csv.`;
      fill(outcome, h('p', {}, sentence, app.keyState.saved ? '' : ' Save the keys too: without them nobody can check these codes.'));
    } catch (error) {
      fill(outcome, errorNote(refusal(error), 'The codes could not be made'));
    }
  };
  const cover = async () => {
    covered.textContent = 'Looking at every order, one by one.';
    try {
      /** @type {Coverage} */
      const found = await app.ask('coverage', { request: codesRequest(app, 1) });
      const share = Math.floor((found.both / Math.max(1, found.orders)) * 10_000);
      covered.textContent = `${percent(share)} of all ${count(found.orders)} orders, guests included, get more than a plain thank-you and a code that works. The most expensive thank-you costs ${money(found.highestCost, summary.currency)}.`;
    } catch (error) {
      fill(covered, refusal(error).message);
    }
  };
  if (summary.orders <= AT_ONCE) void cover();
  else fill(covered, h('button', { type: 'button', class: 'link', on: { click: () => void cover() } }, 'How many orders get a code and more than a plain thank-you?'));

  return h(
    'section',
    { class: 'codes' },
    h('h1', {}, 'Codes'),
    h('p', { class: 'soft' }, 'A code of their own for every order. Load the file into your shop system as discount codes; a single wrong character is caught before anybody is asked.'),
    h(
      'div',
      { class: 'pair' },
      h(
        'div',
        { class: 'card' },
        h('h2', {}, 'The codes'),
        covered,
        field('Batch', batch, 'A number for this round. Take a new one next time, and the codes stay different.'),
        h('button', { type: 'button', class: 'button primary', on: { click: () => void saveCodes() } }, 'Save codes as CSV'),
        outcome,
      ),
      keysCard(app),
    ),
  );
}

/**
 * @param {App} app
 * @param {number} batch
 */
function codesRequest(app, batch) {
  return { programText: app.program, keysText: app.keys, now: app.now, batch };
}
