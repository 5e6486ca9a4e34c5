/** How differently do shops thank one and the same customer? This programme beside two that could not be more different. */
import outlet from '../../../examples/programs/outlet.json?raw';
import teaShop from '../../../examples/programs/tea-shop.json?raw';
import { fill, h } from '../dom.js';
import { minorUnits } from '../format.js';
import { latest } from '../latest.js';
import { refusal } from '../link.js';
import { parse } from '../text.js';
import { errorNote } from './parts.js';
import { previewRequest } from './person.js';
import { nameOf } from './pick.js';
import { elements, insertFrame, pageFrame } from './shown.js';

/** @import { App, Preview, Who } from '../types.js' */

/** @type {{ id: string, title: string, note: string, text: string }[]} */
export const EXAMPLES = [
  { id: 'tea-shop', title: 'A tea shop that loves gifts', note: 'Gifts first, money last.', text: teaShop },
  { id: 'outlet', title: 'An outlet that lives on discounts', note: 'What earns most comes first.', text: outlet },
];

/**
 * An example in this shop's currency, languages and place; with `own`, under this shop's name as well.
 * @param {App} app
 * @param {string} text
 * @param {boolean} own
 */
export function adapted(app, text, own) {
  const example = JSON.parse(text);
  const { shop: mine = {} } = parse(app.program) ?? {};
  const currency = mine.currency ?? app.summary?.currency ?? example.shop.currency;
  const { timeZone = app.settings.timeZone, locales = example.shop.locales, friendUrl } = mine;
  const place = { currency, timeZone, locales, ...(friendUrl && { friendUrl }) };
  const shop = own ? { ...(mine.name ? mine : { ...example.shop, ...place }), ...place } : { ...example.shop, ...place };
  return `${JSON.stringify(scaled({ ...example, shop }, minorUnits(currency) / minorUnits(example.shop.currency)), null, 2)}\n`;
}

/** Fields that hold money. */
const MONEY = new Set(['amount', 'max', 'minimumOrder', 'issueCost']);

/**
 * Amounts in a currency whose unit has another number of parts.
 * @param {any} value
 * @param {number} factor
 * @returns {any}
 */
function scaled(value, factor) {
  if (factor === 1 || !(value instanceof Object)) return value;
  if (Array.isArray(value)) return value.map((one) => scaled(one, factor));
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, MONEY.has(key) && typeof inner === 'number' ? Math.max(1, Math.round(inner * factor)) : scaled(inner, factor)]));
}

/**
 * @param {App} app
 * @param {() => Who | undefined} who
 * @param {(text: string) => void} onTake takes an example as the programme
 */
export function comparePanel(app, who, onTake) {
  const trouble = h('div', {});
  const sentence = h('p', { class: 'meaning', role: 'status' });
  const columns = [{ id: 'own', title: 'Your programme', note: 'As it stands above.', text: '' }, ...EXAMPLES].map((one) => {
    const [page, insert] = [pageFrame(), insertFrame()];
    const what = h('p', { class: 'small soft', 'data-options': one.id });
    const element = h(
      'li',
      { class: 'compared', 'data-program': one.id },
      h('h3', {}, one.title),
      h('p', { class: 'small soft' }, one.note),
      page.element,
      insert.element,
      what,
      one.text && h('button', { type: 'button', class: 'button quiet', on: { click: () => onTake(adapted(app, one.text, true)) } }, 'Begin with this one'),
    );
    return { ...one, page, insert, what, element };
  });

  const refresh = latest(async () => {
    const person = who();
    if (!person || !details.open) return;
    try {
      await elements();
      for (const { text, page, insert, what } of columns) {
        page.stage.setAttribute('aria-busy', 'true');
        const request = previewRequest(app, person);
        const programText = text ? adapted(app, text, false) : request.programText;
        /** @type {Preview} */
        const result = await app.ask('preview', { request: { ...request, programText } });
        page.show(result.decision, request.switches.locale, result.request, parse(programText)?.shop?.name ?? '');
        insert.show(result.insert, request.switches.objected);
        what.textContent = `Page: ${result.decision.main?.option ?? 'plain thanks'}. Parcel: ${result.parcel.main?.option ?? 'plain thanks'}.`;
        page.stage.setAttribute('aria-busy', 'false');
      }
      fill(trouble);
      sentence.textContent = `${nameOf(person)}, the same order, three programmes: what changes is what each shop has to give and what it puts first.`;
    } catch (error) {
      fill(trouble, errorNote(refusal(error), 'The comparison waits'));
    }
  });

  const details = h(
    'details',
    { class: 'card fold compare', on: { toggle: () => void refresh() } },
    h('summary', {}, 'How would other shops thank this customer?'),
    sentence,
    trouble,
    h('ul', { class: 'compared-list' }, columns.map(({ element }) => element)),
  );
  return { element: details, refresh };
}
