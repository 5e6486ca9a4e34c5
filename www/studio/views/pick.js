/** Which customer is meant? A field that finds people by name or number, with three to begin with. */
import { fill, h, newId } from '../dom.js';
import { date, money, plural } from '../format.js';
import { later } from './parts.js';

/** @import { App, CustomerRow, OrderRow, Summary, Who } from '../types.js' */

/** @typedef {{ who: Who, name: string, note: string }} Choice */

/**
 * Somebody to begin with: the best customer, a first-time buyer, a guest.
 * @param {App} app
 * @returns {Promise<Choice[]>}
 */
export async function suggestions(app) {
  const { currency } = /** @type {Summary} */ (app.summary);
  const first = async (/** @type {object} */ query) => /** @type {CustomerRow | undefined} */ ((await app.ask('customers', { query: { offset: 0, limit: 1, ...query } })).rows[0]);
  const [best, fresh, guests] = await Promise.all([first({ sort: 'value' }), first({ sort: 'recent', stage: 'first_buyer' }), app.ask('guests', { offset: 0, limit: 1 })]);
  const guest = /** @type {OrderRow | undefined} */ (guests.rows[0]);
  return [
    best && { who: { customer: best }, name: 'Your best customer', note: `${best.name ?? best.id}, ${plural(best.orders, 'order')}, ${money(best.revenue, currency, { round: true })}` },
    fresh && { who: { customer: fresh }, name: 'A first-time buyer', note: `${fresh.name ?? fresh.id}, ordered ${date(fresh.lastAt)}` },
    guest && { who: { order: guest }, name: 'A guest without an account', note: `ordered ${date(guest.createdAt)}` },
  ].filter((one) => one !== undefined);
}

/** @param {Who} who */
export const nameOf = ({ customer, order }) => (customer ? (customer.name ?? customer.id) : `A guest, order ${order?.number ?? order?.id}`);

/**
 * @param {App} app
 * @param {(who: Who) => void} onPick
 * @returns {{ element: HTMLElement, name: (text: string) => void, begin: (choices: Choice[]) => void }}
 */
export function picker(app, onPick) {
  const listId = newId('found');
  const inputId = newId('who');
  const list = h('ul', { class: 'found', id: listId, role: 'listbox', 'aria-label': 'People found', hidden: true });
  const input = h('input', { type: 'text', id: inputId, role: 'combobox', autocomplete: 'off', spellcheck: 'false', 'aria-expanded': 'false', 'aria-controls': listId, 'aria-autocomplete': 'list' });
  /** @type {Choice[]} */
  let beginnings = [];
  /** @type {Choice[]} */
  let choices = [];
  let at = -1;
  let asked = 0;
  let chosen = '';

  const close = () => {
    list.hidden = true;
    input.setAttribute('aria-expanded', 'false');
    input.removeAttribute('aria-activedescendant');
    at = -1;
  };
  /** @param {number} next */
  const mark = (next) => {
    at = next;
    for (const [index, option] of [...list.children].entries()) {
      option.setAttribute('aria-selected', String(index === at));
      if (index === at) {
        input.setAttribute('aria-activedescendant', option.id);
        option.scrollIntoView({ block: 'nearest' });
      }
    }
  };
  /** @param {Choice} choice */
  const take = (choice) => {
    chosen = nameOf(choice.who);
    input.value = chosen;
    close();
    onPick(choice.who);
  };
  /** @param {Choice[]} next */
  const offer = (next) => {
    choices = next;
    fill(
      list,
      choices.map((choice, index) =>
        h('li', { role: 'option', id: `${listId}-${index}`, 'aria-selected': 'false', on: { pointerdown: (/** @type {Event} */ event) => (event.preventDefault(), take(choice)) } }, h('strong', {}, choice.name), h('span', { class: 'small soft' }, choice.note)),
      ),
      choices.length === 0 && h('li', { role: 'option', 'aria-disabled': 'true', 'aria-selected': 'false', class: 'soft' }, 'Nobody fits. Try fewer letters.'),
    );
    list.hidden = false;
    input.setAttribute('aria-expanded', 'true');
    at = -1;
  };
  const find = later(async () => {
    asked += 1;
    const mine = asked;
    const search = input.value.trim();
    if (search === '') return offer(beginnings);
    const { currency } = /** @type {Summary} */ (app.summary);
    const { rows } = await app.ask('customers', { query: { offset: 0, limit: 6, sort: 'value', search } });
    if (mine !== asked || document.activeElement !== input) return;
    offer(rows.map((/** @type {CustomerRow} */ row) => ({ who: { customer: row }, name: row.name ?? row.id, note: `${plural(row.orders, 'order')}, ${money(row.revenue, currency, { round: true })}` })));
  }, 120);

  input.addEventListener('focus', () => input.select());
  input.addEventListener('click', () => list.hidden && offer(beginnings));
  input.addEventListener('input', find);
  input.addEventListener('blur', () => {
    close();
    input.value = chosen;
  });
  input.addEventListener('keydown', (event) => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      if (list.hidden) offer(beginnings);
      else if (choices.length > 0) mark((at + (event.key === 'ArrowDown' ? 1 : choices.length - (at < 0 ? 0 : 1))) % choices.length);
    } else if (event.key === 'Enter' && !list.hidden && choices.length > 0) {
      event.preventDefault();
      take(choices[Math.max(0, at)]);
    } else if (event.key === 'Escape' && !list.hidden) {
      event.preventDefault();
      close();
      input.value = chosen;
    }
  });
  return {
    element: h('div', { class: 'field pick' }, h('label', { for: inputId }, 'Which customer'), input, list),
    name: (text) => {
      chosen = text;
      input.value = text;
    },
    begin: (next) => {
      beginnings = next;
    },
  };
}
