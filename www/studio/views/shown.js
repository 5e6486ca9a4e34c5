/** What does a decision look like? The thank-you page as in a shop, and the insert as it lies in the parcel. */
import { fill, h } from '../dom.js';
import { money } from '../format.js';

/** @import { Decision } from '../types.js' */

/** The package's own elements: what is shown here is what a shop shows. */
export const elements = () => import('../../../js/element/index.js');

/** What a theme would have written inside the element: stays when nothing may be said. @type {Record<string, [string, string]>} */
const THEME = {
  de: ['Vielen Dank für deine Bestellung.', 'Bestellung'],
  en: ['Thank you for your order.', 'Order'],
  fr: ['Merci pour ta commande.', 'Commande'],
  es: ['Gracias por tu pedido.', 'Pedido'],
};

/** A thank-you page in its place. */
export function pageFrame() {
  const thanks = /** @type {any} */ (document.createElement('zugabe-thanks'));
  const fallback = h('p', { class: 'theme-thanks' });
  thanks.append(fallback);
  const frame = h('div', { class: 'browser-page' });
  const stage = h('div', { class: 'stage', 'aria-busy': 'true' }, frame);
  const element = h(
    'div',
    { class: 'browser' },
    h('div', { class: 'browser-bar', 'aria-hidden': 'true' }, h('span', { class: 'browser-address' }, 'your shop / thank you')),
    stage,
  );
  return {
    element,
    stage,
    /**
     * @param {Decision} decision
     * @param {string} locale
     * @param {any} request what was asked, for the order it is about
     * @param {string} shop the shop's name
     */
    show(decision, locale, request, shop) {
      const [sentence, word] = THEME[locale] ?? THEME.en;
      const order = request?.order;
      thanks.setAttribute('lang', locale);
      fallback.textContent = sentence;
      thanks.decision = decision;
      fill(
        frame,
        h('div', { class: 'theme-head', lang: locale }, h('strong', {}, shop), order && h('span', { class: 'small' }, `${word} ${order.number ?? order.id}, ${money(order.subtotal, order.currency)}`)),
        thanks,
      );
    },
  };
}

/** An insert in its place. */
export function insertFrame() {
  const insert = /** @type {any} */ (document.createElement('zugabe-insert'));
  const element = h('div', { class: 'insert-place' });
  return {
    element,
    /**
     * @param {any} content the insert, or nothing when none goes out
     * @param {boolean} objected
     */
    show(content, objected) {
      if (content) {
        insert.insert = content;
        if (!insert.isConnected) fill(element, insert);
        return;
      }
      fill(element, h('div', { class: 'no-insert' }, h('p', {}, objected ? 'No insert: this person objected, so the parcel says nothing but what was bought.' : 'No insert goes out at this moment.')));
    },
  };
}
