/** What would this customer see? Her page and her insert, made anew after every change of the programme. */
import { fill, h } from '../dom.js';
import { money } from '../format.js';
import { latest } from '../latest.js';
import { refusal } from '../link.js';
import { parse } from '../text.js';
import { errorNote, segments } from './parts.js';
import { previewRequest } from './person.js';
import { nameOf, picker, suggestions } from './pick.js';
import { whatChanged } from './reasons.js';
import { elements, insertFrame, pageFrame } from './shown.js';

/** @import { App, Numbers, Preview, Summary, Who } from '../types.js' */

/**
 * @param {App} app
 * @param {Who} [given] whom to begin with
 * @returns {{ element: HTMLElement, refresh: () => Promise<void>, who: () => Who | undefined, onPick: (call: (who: Who) => void) => void }}
 */
export function seePanel(app, given) {
  const { currency } = /** @type {Summary} */ (app.summary);
  const page = pageFrame();
  const insert = insertFrame();
  const trouble = h('div', {});
  const changed = h('div', { class: 'changed', role: 'status' });
  const cost = h('p', { class: 'small soft see-cost' });
  /** @type {Who | undefined} */
  let who = given;
  /** @type {Preview | undefined} */
  let last;
  /** @type {'page' | 'insert'} */
  let side = 'page';
  /** @type {((who: Who) => void)[]} */
  const listeners = [];

  const pick = picker(app, (chosen) => choose(chosen));
  /** @param {Who} chosen */
  function choose(chosen) {
    who = chosen;
    last = undefined;
    pick.name(nameOf(chosen));
    for (const call of listeners) call(chosen);
    void refresh();
  }

  const refresh = latest(async () => {
    if (!who) return;
    page.stage.setAttribute('aria-busy', 'true');
    const request = previewRequest(app, who);
    try {
      /** @type {Preview} */
      const result = await app.ask('preview', { request });
      fill(trouble);
      const { locale, objected } = request.switches;
      page.show(result.decision, locale, result.request, parse(app.program)?.shop?.name ?? '');
      insert.show(result.insert, objected);
      fill(changed, last && JSON.stringify(last) !== JSON.stringify(result) && whatChanged(last, result, currency).map((sentence) => h('p', {}, sentence)));
      last = result;
      costs();
    } catch (error) {
      // What was shown stays: it is the last that held.
      fill(trouble, errorNote(refusal(error), 'This preview waits'));
    }
    page.stage.setAttribute('aria-busy', 'false');
  });

  function costs() {
    if (!last) return;
    const numbers = side === 'page' ? last.numbers : last.parcelNumbers;
    cost.textContent = costSentence(numbers, currency);
  }

  const shown = h('div', { class: 'see-shown' }, page.element, insert.element);
  const element = h(
    'section',
    { class: 'see', id: 'see', tabindex: -1, 'aria-labelledby': 'see-title' },
    h('h2', { id: 'see-title' }, 'What would this customer see?'),
    pick.element,
    h(
      'div',
      { class: 'see-side' },
      segments('see-side', 'What to look at', side, [['page', 'Page'], ['insert', 'Insert']], (value) => {
        side = value === 'insert' ? 'insert' : 'page';
        shown.dataset.side = side;
        costs();
      }),
      segments('see-locale', 'Language', app.switches.locale, localesOf(app), (locale) => {
        app.switches.locale = locale;
        last = undefined;
        void refresh();
      }),
    ),
    changed,
    trouble,
    shown,
    cost,
    h('p', {}, h('button', { type: 'button', class: 'link', on: { click: () => who && app.go('person', who) } }, 'All reasons, for and against')),
  );
  shown.dataset.side = side;
  if (given) pick.name(nameOf(given));
  void (async () => {
    const [choices] = await Promise.all([suggestions(app), elements()]);
    pick.begin(choices);
    if (who) void refresh();
    else if (choices[0]) choose(choices[0].who);
  })().catch((error) => fill(trouble, errorNote(refusal(error), 'Nobody can be shown')));
  return { element, refresh, who: () => who, onPick: (call) => listeners.push(call) };
}

/** @type {Record<string, string>} */
const LANGUAGES = { de: 'Deutsch', en: 'English', fr: 'Français', es: 'Español' };

/** The languages the programme has, two at least. @param {App} app @returns {[string, string][]} */
export function localesOf(app) {
  const own = parse(app.program)?.shop?.locales;
  const tags = Array.isArray(own) && own.length > 0 ? own.filter((tag) => tag in LANGUAGES) : ['de', 'en'];
  if (!tags.includes(app.switches.locale)) app.switches.locale = tags[0] ?? 'en';
  return tags.map((tag) => [tag, LANGUAGES[tag]]);
}

/** @param {Numbers} numbers @param {string} currency */
function costSentence({ allowed, issueCost, expectedProfit }, currency) {
  const of = allowed === undefined ? '' : ` of the ${money(allowed, currency)} that this order allows`;
  const brings = expectedProfit === undefined ? '' : ` Expected to leave ${money(expectedProfit, currency)} for such an order.`;
  return `Costs you ${issueCost > 0 ? money(issueCost, currency) : 'nothing'}${issueCost > 0 ? of : allowed ? `; this order allows ${money(allowed, currency)}` : ''}.${brings}`;
}
