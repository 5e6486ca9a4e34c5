/** What would this one customer get, and why? Her thank-you page and her parcel insert side by side, live. */
import { announce, fill, h } from '../dom.js';
import { ago, date, money, plural } from '../format.js';
import { refusal } from '../link.js';
import { MOMENTS, stageName } from '../words.js';
import { select } from './customers.js';
import { errorNote, field, later, tierChip } from './parts.js';
import { parse, programPanel } from './program.js';
import { explain, explainNot, whatChanged } from './reasons.js';

/** @import { App, CustomerRow, Decision, OrderRow, Preview, Summary, Switches, Who } from '../types.js' */

const elements = () => import('../../../js/element/index.js');

/** What a theme would have written inside the element: stays when nothing may be said. @type {Record<string, [string, string]>} */
const THEME = { de: ['Vielen Dank für deine Bestellung.', 'Bestellung'], en: ['Thank you for your order.', 'Order'] };

/**
 * @param {App} app
 * @param {Who} who
 * @returns {HTMLElement}
 */
export function personView(app, who) {
  const summary = /** @type {Summary} */ (app.summary);
  const { currency } = summary;

  const thanks = /** @type {any} */ (document.createElement('zugabe-thanks'));
  const insert = /** @type {any} */ (document.createElement('zugabe-insert'));
  const frame = h('div', { class: 'browser-page' });
  const insertPlace = h('div', { class: 'insert-place' });
  const insertNote = h('p', { class: 'small soft' });
  const trouble = h('div', {});
  const changed = h('div', { class: 'changed', role: 'status' });
  const why = h('section', { class: 'card why', 'aria-labelledby': 'why-title' });
  const whyNot = h('section', { class: 'card why-not', 'aria-labelledby': 'why-not-title' });
  const raw = h('pre', { tabindex: 0, 'aria-label': 'The decision as JSON' });
  const follow = h('p', { class: 'follow' });
  const stage = h('div', { class: 'stage', 'aria-busy': 'true' });

  /** @type {Preview | undefined} */
  let last;
  /** @type {'page' | 'parcel'} */
  let about = 'page';
  let asked = 0;

  const drawReasons = () => {
    if (!last) return;
    const [decision, numbers] = about === 'page' ? [last.decision, last.numbers] : [last.parcel, last.parcelNumbers];
    explain(why, decision, numbers, currency);
    explainNot(whyNot, decision, currency);
  };

  const refresh = async () => {
    asked += 1;
    const mine = asked;
    stage.setAttribute('aria-busy', 'true');
    const request = previewRequest(app, who);
    const { switches } = request;
    try {
      /** @type {Preview} */
      const result = await app.ask('preview', { request });
      if (mine !== asked) return;
      fill(trouble);
      drawPage(result.decision, switches.locale, result.request);
      drawInsert(result.insert, switches);
      fill(changed, last && whatChanged(last, result, currency).map((sentence) => h('p', {}, sentence)));
      last = result;
      drawReasons();
      raw.textContent = JSON.stringify({ request: result.request, page: result.decision, parcel: result.parcel }, null, 2);
      const link = [result.decision.beside, result.decision.main].find((shown) => shown?.link)?.link ?? result.insert?.link;
      const coded = [result.decision.beside, result.decision.main].some((shown) => shown?.code);
      fill(
        follow,
        link
          ? h('a', { href: link, target: '_blank', rel: 'noopener', id: 'friend-link' }, 'Follow the link as a friend would')
          : coded && h('button', { type: 'button', class: 'link', on: { click: () => app.go('program') } }, 'No QR yet: say where friends land'),
      );
    } catch (error) {
      if (mine !== asked) return;
      fill(trouble, errorNote(refusal(error), 'This preview could not be made'));
    }
    stage.setAttribute('aria-busy', 'false');
  };

  /**
   * @param {Decision} decision
   * @param {string} locale
   * @param {any} request
   */
  function drawPage(decision, locale, request) {
    const [sentence, word] = THEME[locale] ?? THEME.en;
    const order = request?.order;
    thanks.setAttribute('lang', locale);
    if (!thanks.isConnected) {
      const fallback = h('p', { class: 'theme-thanks' });
      thanks.append(fallback);
    }
    thanks.firstElementChild.textContent = sentence;
    thanks.decision = decision;
    fill(
      frame,
      h('div', { class: 'theme-head', lang: locale }, h('strong', {}, parse(app.program)?.shop?.name ?? ''), order && h('span', { class: 'small' }, `${word} ${order.number ?? order.id}, ${money(order.subtotal, order.currency)}`)),
      thanks,
    );
  }

  /**
   * @param {any} content
   * @param {Switches} switches
   */
  function drawInsert(content, switches) {
    if (content) {
      insert.insert = content;
      if (!insert.isConnected) fill(insertPlace, insert);
      insertNote.textContent = 'A6, true to size in print.';
    } else {
      fill(insertPlace, h('div', { class: 'no-insert' }, h('p', {}, switches.objected ? 'No insert: this person objected, so the parcel says nothing but what was bought.' : 'No insert goes out at this moment.')));
      insertNote.textContent = '';
    }
    print.disabled = !content;
  }

  const print = h('button', { type: 'button', class: 'button quiet', on: { click: () => window.print() } }, 'Print this insert');
  const element = h(
    'div',
    { class: 'person' },
    h('button', { type: 'button', class: 'link back', on: { click: () => app.go(who.order ? 'guests' : 'customers') } }, who.order ? 'All guests' : 'All customers'),
    headline(who, summary),
    switchBoard(app, who, refresh),
    changed,
    trouble,
    h(
      'div',
      { class: 'side-by-side' },
      h(
        'section',
        { class: 'side', 'aria-labelledby': 'page-title' },
        h('div', { class: 'side-head' }, h('h2', { id: 'page-title' }, 'The thank-you page'), follow),
        h('div', { class: 'browser' }, h('div', { class: 'browser-bar', 'aria-hidden': 'true' }, h('span', { class: 'browser-address' }, 'your shop / thank you')), stage),
      ),
      h(
        'section',
        { class: 'side', 'aria-labelledby': 'insert-title' },
        h('div', { class: 'side-head' }, h('h2', { id: 'insert-title' }, 'The insert in the parcel'), print),
        insertPlace,
        insertNote,
      ),
    ),
    h(
      'section',
      { class: 'reasons', 'aria-label': 'Reasons' },
      segments('reasons', 'Reasons for', about, [['page', 'The page'], ['parcel', 'The insert']], (value) => {
        about = value === 'parcel' ? 'parcel' : 'page';
        drawReasons();
      }),
      h('div', { class: 'pair' }, why, whyNot),
    ),
    h('details', { class: 'card fold' }, h('summary', {}, 'What may a thank-you cost?'), programPanel(app, later(() => void refresh(), 200))),
    who.customer && ordersOf(app, who.customer, currency),
    h('details', { class: 'card fold' }, h('summary', {}, 'The decision as JSON'), h('p', { class: 'small soft' }, 'What goes in and what comes out, word for word.'), raw),
  );
  stage.append(frame);
  void elements().then(refresh);
  return element;
}

/**
 * One of two or three, side by side.
 * @param {string} name
 * @param {string} label
 * @param {string} chosen
 * @param {[string, string][]} options
 * @param {(value: string) => void} onChange
 */
function segments(name, label, chosen, options, onChange) {
  return h(
    'div',
    { class: 'segments', role: 'radiogroup', 'aria-label': label },
    options.map(([value, text]) => {
      const radio = h('input', { type: 'radio', name, value, checked: chosen === value, on: { change: () => radio.checked && onChange(value) } });
      return h('label', { class: 'segment' }, radio, h('span', {}, text));
    }),
  );
}

/**
 * What is asked for one customer or one guest's order, with the switches as they stand.
 * @param {App} app
 * @param {Who} who
 */
export function previewRequest(app, who) {
  return {
    programText: app.program,
    now: app.now,
    ...(who.customer ? { customer: who.customer.id } : { order: who.order?.id }),
    switches: { ...app.switches, guest: app.switches.guest || Boolean(who.order) },
    keysText: app.keys,
  };
}

/**
 * @param {Who} who
 * @param {Summary} summary
 */
function headline({ customer, order }, summary) {
  if (!customer) {
    const of = /** @type {OrderRow} */ (order);
    return h('header', { class: 'person-head' }, h('h1', {}, `A guest, order ${of.number ?? of.id}`), h('p', { class: 'soft' }, `Ordered ${date(of.createdAt)} for ${money(of.total, of.currency ?? summary.currency)}. Nothing else is known.`));
  }
  const { currency } = summary;
  return h(
    'header',
    { class: 'person-head' },
    h('h1', {}, customer.name ?? `Customer ${customer.id}`),
    h(
      'p',
      { class: 'soft' },
      tierChip(customer.tier),
      ` Stage: ${stageName(customer.stage)}. ${plural(customer.orders, 'order')} since ${date(customer.firstAt)}, the last ${ago(customer.recencyDays)}. ${money(customer.revenue, currency)} bought${customer.returned ? `, ${money(customer.returned, currency)} returned` : ''}. `,
      h('span', { class: 'rfm small', title: 'Each from 1 to 5, compared with your other customers' }, h('span', { class: 'visually-hidden' }, 'From 1 to 5, recency, frequency and money: '), `R${customer.r} F${customer.f} M${customer.m}`),
    ),
  );
}

/**
 * @param {App} app
 * @param {Who} who
 * @param {() => void} refresh
 */
function switchBoard(app, who, refresh) {
  const set = (/** @type {Partial<Switches>} */ change) => {
    Object.assign(app.switches, change);
    refresh();
  };
  const toggle = (/** @type {'openProblem' | 'objected' | 'guest'} */ name, /** @type {string} */ label, locked = false) => {
    const box = h('input', { type: 'checkbox', role: 'switch', id: `switch-${name}`, checked: locked || app.switches[name], disabled: locked, on: { change: () => set({ [name]: box.checked }) } });
    return h('label', { class: 'switch' }, box, h('span', {}, label));
  };
  const language = segments('locale', 'Language', app.switches.locale, [['de', 'Deutsch'], ['en', 'English']], (locale) => set({ locale }));
  const moment = select(app.switches.moment, MOMENTS, (value) => set({ moment: value }));
  return h(
    'section',
    { class: 'switches', 'aria-label': 'What if' },
    field('Moment of the page', moment),
    h('div', { class: 'field' }, h('span', { class: 'label', 'aria-hidden': 'true' }, 'Language'), language),
    h('div', { class: 'toggles' }, toggle('openProblem', 'Complaint open'), toggle('objected', 'Objected'), toggle('guest', 'Guest', Boolean(who.order))),
  );
}

/**
 * @param {App} app
 * @param {CustomerRow} customer
 * @param {string} currency
 */
function ordersOf(app, customer, currency) {
  const place = h('div', { class: 'orders' });
  let loaded = false;
  const load = async () => {
    if (loaded) return;
    loaded = true;
    try {
      const { orders } = await app.ask('customer', { id: customer.id });
      fill(
        place,
        h(
          'table',
          {},
          h('thead', {}, h('tr', {}, ['Order', 'Day', 'Total', 'Returned'].map((text) => h('th', { scope: 'col' }, text)))),
          h(
            'tbody',
            {},
            orders.map((/** @type {OrderRow} */ order) =>
              h('tr', {}, h('th', { scope: 'row' }, order.number ?? order.id), h('td', {}, date(order.createdAt)), h('td', { class: 'num' }, money(order.total, currency)), h('td', { class: 'num' }, order.refunded ? money(order.refunded, currency) : '')),
            ),
          ),
        ),
      );
      announce(`${plural(orders.length, 'order')} listed.`);
    } catch (error) {
      loaded = false;
      fill(place, errorNote(refusal(error), 'The orders could not be listed'));
    }
  };
  const details = h('details', { class: 'card fold', on: { toggle: () => details.open && void load() } }, h('summary', {}, 'All orders of this customer'), place);
  return details;
}
