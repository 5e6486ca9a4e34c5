/** How do the docs stay true? Examples are real elements, and the reference is read from what the elements say of themselves. */
import manifest from '../../dist/custom-elements.json' with { type: 'json' };
import hints from '../../dist/drop-in/hints.html?raw';
import '../../js/element/index.js';
import looks from './looks.css?raw';

/** What can be changed on the page. `script` tells what to set as property, which no HTML can say. */
const EXAMPLES = [
  {
    title: 'A regular customer',
    html: `<zugabe-thanks policy="../shop/policy.json" locale="en"
  customer="c_4711" customer-name="Anna" order-id="1001"
  order-total="4890" currency="EUR" order-number="7"
  tier="premium" stage="relationship"
  code="03VC1S2Q4HX0" sent="0">
  Thank you for your order.
</zugabe-thanks>`,
  },
  {
    title: 'Something is wrong with her order: help, and no offer',
    html: `<zugabe-thanks policy="../shop/policy.json" locale="en"
  order-id="1001" order-total="4890" currency="EUR"
  open-problem code="03VC1S2Q4HX0">
  Thank you for your order.
</zugabe-thanks>`,
  },
  {
    title: 'A friend with a code: change one character',
    html: `<zugabe-friend policy="../shop/policy.json" locale="en"
  code="03VC1S2Q4HX0" apply-url="#cart-with-{code}">
  Welcome.
</zugabe-friend>`,
  },
];

/** @typedef {{ name?: string, description?: string, type?: { text: string } }} Entry */

/**
 * @param {string} tag
 * @param {Record<string, string>} attributes
 * @param {...(Node | string)} children
 */
function h(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** @param {{ title: string, html: string }} example */
function draw({ title, html }) {
  const field = /** @type {HTMLTextAreaElement} */ (h('textarea', { spellcheck: 'false' }));
  const stage = h('div', { class: 'stage' });
  const log = h('output', {}, '');
  field.value = html;
  for (const event of ['shown', 'revealed', 'copied', 'shared', 'claimed', 'declined', 'failed']) {
    stage.addEventListener(`zugabe-${event}`, (fired) => {
      const { decision, offer, ...detail } = /** @type {CustomEvent} */ (fired).detail;
      log.textContent = `${fired.type} ${JSON.stringify(decision?.main ? { option: decision.main.option } : offer ? { verdict: offer.verdict } : detail)}`;
    });
  }
  const show = () => stage.replaceChildren(...elementsIn(field.value));
  field.addEventListener('input', show);
  show();
  return h('div', { class: 'example' }, h('h3', {}, title), h('div', { class: 'both' }, h('div', {}, h('label', {}, 'HTML', field), h('p', {}, 'Last event: ', log)), stage));
}

/**
 * The elements of a text, made anew: attributes and words come along, scripts and listeners do not.
 * @param {string} html
 */
function elementsIn(html) {
  const parsed = new DOMParser().parseFromString(html, 'text/html');
  return Array.from(parsed.querySelectorAll('zugabe-thanks, zugabe-friend'), (written) => {
    const attributes = Array.from(written.attributes, ({ name, value }) => [name, value]).filter(([name]) => !name.startsWith('on'));
    return h(written.localName, Object.fromEntries(attributes), h('p', {}, written.textContent ?? ''));
  });
}

/** @param {any} declaration */
function reference(declaration) {
  const rows = [
    ['Attributes', declaration.attributes],
    ['Properties', declaration.members],
    ['Events', declaration.events],
    ['Slots', declaration.slots],
    ['Parts', declaration.cssParts],
    ['Custom properties', declaration.cssProperties],
    ['States', declaration.cssStates],
  ];
  return [
    h('h3', { id: declaration.tagName }, `<${declaration.tagName}>`),
    h('p', {}, declaration.summary ?? ''),
    ...rows.filter(([, entries]) => entries?.length).flatMap(([title, entries]) => [h('h4', {}, title), table(`${declaration.tagName}: ${title}`, entries)]),
  ];
}

/** @param {string} label @param {Entry[]} entries */
function table(label, entries) {
  const typed = entries.some(({ type }) => type);
  const head = ['Name', ...(typed ? ['Type'] : []), 'Meaning'].map((title) => h('th', { scope: 'col' }, title));
  const body = entries.map(({ name, type, description }) =>
    h('tr', {}, h('th', { scope: 'row' }, h('code', {}, name || 'default')), ...(typed ? [h('td', {}, h('code', {}, type?.text ?? ''))] : []), h('td', {}, ...words(description ?? ''))),
  );
  return h('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': label }, h('table', {}, h('thead', {}, h('tr', {}, ...head)), h('tbody', {}, ...body)));
}

/** Backticks as code. @param {string} text */
const words = (text) => text.split('`').map((part, index) => (index % 2 ? h('code', {}, part) : part));

/** The rules of one look, as they stand in the style sheet. @param {string} name */
const rulesOf = (name) => looks.split(/\n\n/).filter((block) => block.startsWith(`.${name}`)).join('\n').trim();

/** A button that copies the lines beside it. @param {HTMLElement} lines */
function copyable(lines) {
  const press = h('button', { type: 'button' }, 'Copy');
  const around = h('div', { class: 'copy' });
  press.addEventListener('click', async () => {
    await navigator.clipboard.writeText(lines.textContent ?? '');
    press.textContent = 'Copied';
  });
  lines.replaceWith(around);
  around.append(lines, press);
}

document.querySelector('[data-hints]')?.append(h('code', {}, hints.trim()));
for (const caption of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('[data-look]'))) {
  const rules = rulesOf(caption.dataset.look ?? '');
  if (rules) caption.append(h('details', {}, h('summary', {}, 'Its rules'), h('pre', {}, h('code', {}, rules))));
}
for (const lines of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('pre[data-copy], #recipes pre, details pre'))) copyable(lines);
document.querySelector('[data-examples]')?.append(...EXAMPLES.map(draw));
const declarations = manifest.modules.flatMap(({ declarations }) => /** @type {any[]} */ (declarations)).filter(({ tagName }) => tagName);
document.querySelector('[data-reference]')?.append(...declarations.flatMap(reference));
