/** What does Shopify tell about order and customer? Its API becomes a request; the core answers it. */

/** @import { Api as ThankYou } from '@shopify/ui-extensions/purchase.thank-you.block.render' */
/** @import { Api as OrderStatus } from '@shopify/ui-extensions/customer-account.order-status.block.render' */
/** @import { Request } from '../../../../../js/types.js' */

/** @typedef {ThankYou | OrderStatus} Api */
/**
 * What both pages have, and what only one of them knows: `now`, when the order came in, whether it is the customer's first.
 * @typedef {{ id: string, now: string, at: string, first: boolean | undefined }} Order
 */

/**
 * The metafields of one kind of owner, by key. Shopify hands over those that the configuration names, and no others.
 * @param {Api} api
 * @param {'shop' | 'customer'} owner
 * @returns {Record<string, string>}
 */
export function metafields(api, owner) {
  const own = api.appMetafields.value.filter(({ target }) => target.type === owner);
  return Object.fromEntries(own.map(({ metafield }) => [metafield.key, String(metafield.value)]));
}

/**
 * @param {Api} api
 * @param {Order} order
 * @returns {Request}
 */
export function requestOf(api, { id, now, at, first }) {
  const { tier, stage, order_number, code } = metafields(api, 'customer');
  const cost = api.cost.subtotalAmount?.value;
  const counted = whole(order_number);
  // The metafield counts the orders so far. Only the thank-you page knows `first`, and its order came after them.
  const number = first ? 1 : counted && first === false ? counted + 1 : counted;
  const country = api.shippingAddress?.value?.countryCode;
  return {
    v: 1,
    now,
    locale: api.localization.language.value.isoCode,
    moment: { type: 'order_completed', at },
    subject: { id, identity: 'order' },
    facts: present({ tier, stage, code, orderNumber: number }),
    ...(cost && {
      order: {
        id,
        currency: cost.currencyCode,
        subtotal: minor(cost.amount, cost.currencyCode),
        // The type of a product is the only word about it that Shopify has for this page.
        ...present({ tags: tagsOf(api), country }),
      },
    }),
    // A first order had no thank-you page before it. Of other orders nobody counts here, and then nothing promoting is said.
    ...(first && { state: { sent: { page: 0 } } }),
  };
}

/** @param {Api} api */
function tagsOf(api) {
  const types = api.lines.value.map(({ merchandise }) => ('product' in merchandise ? merchandise.product.productType : ''));
  const tags = [...new Set(types.map((type) => type?.trim().toLowerCase()))].filter(Boolean);
  return tags.length ? /** @type {string[]} */ (tags) : undefined;
}

/** ISO 4217; the browser's own table follows what shops print, which is another thing (no digits for the lek, for one). */
const NO_DIGITS = 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF';
const THREE_DIGITS = 'BHD IQD JOD KWD LYD OMR TND';

/**
 * Shopify hands out a float; rounding to the currency's last digit gives back the amount that was meant.
 * @param {number} amount
 * @param {string} currency
 */
export function minor(amount, currency) {
  const digits = NO_DIGITS.includes(currency) ? 0 : THREE_DIGITS.includes(currency) ? 3 : 2;
  return Math.round(amount * 10 ** digits);
}

/** @param {string | undefined} text */
const whole = (text) => (text && /^[1-9]\d{0,8}$/.test(text) ? Number(text) : undefined);

/**
 * @template {object} T
 * @param {T} fields
 * @returns {T}
 */
const present = (fields) => /** @type {T} */ (Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)));
