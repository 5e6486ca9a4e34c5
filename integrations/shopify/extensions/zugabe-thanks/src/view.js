/**
 * What does the customer see? Shopify's own components, made as elements: the core takes so much of the 64 KB that a page
 * may weigh that no library for views fits beside it. Texts are texts, whatever they hold.
 */

/** @import { Decision, Offer } from '../../../../../js/types.js' */

/**
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Partial<HTMLElementTagNameMap[T]>} fields
 * @param {...(Node | string | false | undefined)} children
 * @returns {HTMLElementTagNameMap[T]}
 */
function h(tag, fields, ...children) {
  const element = /** @type {HTMLElement} */ (document.createElement(tag));
  Object.assign(element, fields);
  for (const child of children) if (child) element.append(child);
  return /** @type {HTMLElementTagNameMap[T]} */ (/** @type {unknown} */ (element));
}

/** @param {Decision} decision */
export function view({ main, beside, labels }) {
  const parts = [main, beside].flatMap((offer, index) => (offer ? [section(offer, labels ?? {}, index)] : []));
  return parts.length > 0 && h('s-stack', { gap: 'large' }, ...parts);
}

/**
 * @param {Offer} offer
 * @param {Record<string, string>} labels
 * @param {number} index
 */
function section({ text, shownCode, link, url }, labels, index) {
  return h(
    's-section',
    { heading: text.headline },
    h(
      's-stack',
      { gap: 'base' },
      h('s-paragraph', {}, text.body),
      shownCode && h('s-text', { type: 'strong' }, shownCode),
      shownCode && copying(`zugabe-code-${index}`, shownCode, labels.copy),
      link && copying(`zugabe-link-${index}`, link, labels.share),
      url && h('s-button', { variant: 'secondary', href: url }, labels.open),
      text.conditions && h('s-text', { color: 'subdued' }, text.conditions),
      h('s-details', {}, h('s-summary', {}, labels.why), h('s-text', { color: 'subdued' }, text.why)),
    ),
  );
}

/**
 * A button and what it copies: Shopify copies for us, an extension has no clipboard.
 * @param {string} id
 * @param {string} text
 * @param {string} label
 */
function copying(id, text, label) {
  return h('s-stack', {}, h('s-clipboard-item', { id, text }), h('s-button', { variant: 'secondary', command: '--copy', commandFor: id }, label));
}
