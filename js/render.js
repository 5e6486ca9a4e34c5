/** How does a server write the elements? As declarative shadow DOM, which the browser shows at once and the element then takes over. */
import { make } from './element/make.js';
import { escape, serialDocument } from './element/serial.js';
import { STYLES } from './element/styles.js';
import { THANKS_STYLES, thanksCard } from './element/thanks-view.js';

/** @import { Decision } from './types.js' */

/**
 * `<zugabe-thanks>` with a decision on it, as HTML. Needs no core in the browser: the decision travels along.
 * @param {Decision} decision
 * @param {object} [options]
 * @param {Record<string, string | number | true>} [options.attributes] - Of the element, such as `id` or `class`.
 * @param {string} [options.fallback] - What stands inside for browsers without script and without declarative shadow DOM: text, not HTML.
 * @param {string} [options.nonce] - For pages whose policy asks one of style elements.
 * @returns {string}
 */
export function renderThanks(decision, { attributes = {}, fallback = '', nonce } = {}) {
  const given = Object.entries(attributes).map(([name, value]) => attribute(name, value)).join('');
  if (!decision.main) return `<zugabe-thanks${given}>${escape(fallback)}</zugabe-thanks>`;
  const proof = nonce ? attribute('nonce', nonce) : '';
  // In a script element nothing is decoded, so "<" is written in JSON's own way.
  const carried = JSON.stringify(decision).replaceAll('<', '\\u003c');
  return `<zugabe-thanks${given}><template shadowrootmode="open"><style data-carried${proof}>${STYLES}${THANKS_STYLES}</style><div part="fallback" hidden><slot></slot></div>${card(decision)}<p role="status"></p><script type="application/json" data-carried>${carried}</script></template>${escape(fallback)}</zugabe-thanks>`;
}

/** @param {Decision} decision */
function card(decision) {
  const page = make.document;
  make.document = serialDocument;
  try {
    return String(thanksCard(undefined, undefined, decision));
  } finally {
    make.document = page;
  }
}

/** @param {string} name @param {string | number | true} value */
function attribute(name, value) {
  if (!/^[a-z][a-z0-9-]*$/i.test(name)) throw new TypeError(`"${name}" is no name of an attribute.`);
  return value === true ? ` ${name}` : ` ${name}="${escape(String(value))}"`;
}
