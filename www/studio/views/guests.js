/** Which order came without a customer? Guests get a thank-you and a code too. */
import { fill, h } from '../dom.js';
import { date, money, plural } from '../format.js';
import { refusal } from '../link.js';
import { errorNote, pager } from './parts.js';

/** @import { App, OrderRow, Summary } from '../types.js' */

const PAGE = 50;

/**
 * @param {App} app
 * @returns {HTMLElement}
 */
export function guestsView(app) {
  const summary = /** @type {Summary} */ (app.summary);
  const intro = h('p', { class: 'soft' });
  const place = h('div', { class: 'list', 'aria-live': 'polite' });

  const load = async (/** @type {number} */ offset) => {
    try {
      const { total, rows } = await app.ask('guests', { offset, limit: PAGE });
      intro.textContent =
        total > 0
          ? `${plural(total, 'order')} came without an account. Nothing is known about these people, and nothing more is needed: the order itself is reason enough to say thank you.`
          : '';
      fill(
        place,
        rows.length > 0
          ? h(
              'ul',
              { class: 'rows guests' },
              rows.map((/** @type {OrderRow} */ order) =>
                h(
                  'li',
                  {},
                  h(
                    'button',
                    { type: 'button', class: 'row-line', on: { click: () => app.go('person', { order }) } },
                    h('span', { class: 'who' }, h('strong', {}, `Order ${order.number ?? order.id}`)),
                    h('span', { class: 'cell-last soft' }, date(order.createdAt)),
                    h('span', { class: 'cell-country soft' }, order.country ?? ''),
                    h('span', { class: 'cell-revenue num' }, money(order.total, order.currency ?? summary.currency)),
                  ),
                ),
              ),
            )
          : h('p', { class: 'empty' }, 'Every order here belongs to a known customer.'),
        pager({ offset, limit: PAGE, total, go: (to) => void load(to) }),
      );
    } catch (error) {
      fill(place, errorNote(refusal(error), 'The list could not be made'));
    }
  };

  void load(0);
  return h(
    'section',
    { class: 'customers' },
    h('h1', {}, 'Guests'),
    intro,
    place,
  );
}
