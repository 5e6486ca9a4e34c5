/** What would this one customer get, and why? Her thank-you page and her parcel insert side by side, live. */
import { announce, fill, h } from '../dom.js';
import { ago, date, money, plural } from '../format.js';
import { refusal } from '../link.js';
import { MOMENTS, stageName } from '../words.js';
import { select } from './customers.js';
import { errorNote, field, later, segments, tierChip } from './parts.js';
import { parse } from '../text.js';
import { allowancePanel } from './editor.js';
import { explain, explainNot, whatChanged } from './reasons.js';
import { elements, insertFrame, pageFrame } from './shown.js';

/** @import { App, CustomerRow, OrderRow, Preview, Summary, Switches, Who } from '../types.js' */

/**
 * @param {App} app
 * @param {Who} who
 * @returns {HTMLElement}
 */
export function personView(app, who) {
  const summary = /** @type {Summary} */ (app.summary);
  const { currency } = summary;

  const page = pageFrame();
  const insert = insertFrame();
  const { stage } = page;
  const insertNote = h('p', { class: 'small soft' });
  const trouble = h('div', {});
  const changed = h('div', { class: 'changed', role: 'status' });
  const why = h('section', { class: 'card why', 'aria-labelledby': 'why-title' });
  const whyNot = h('section', { class: 'card why-not', 'aria-labelledby': 'why-not-title' });
  const raw = h('pre', { tabindex: 0, 'aria-label': 'The decision as JSON' });
  const follow = h('p', { class: 'follow' });

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
      page.show(result.decision, switches.locale, result.request, parse(app.program)?.shop?.name ?? '');
      insert.show(result.insert, switches.objected);
      insertNote.textContent = result.insert ? 'A6, true to size in print.' : '';
      print.disabled = !result.insert;
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
          : coded && h('button', { type: 'button', class: 'link', on: { click: () => app.go('program', { who, focus: 'shop.friendUrl' }) } }, 'No QR yet: say where friends land'),
      );
    } catch (error) {
      if (mine !== asked) return;
      fill(trouble, errorNote(refusal(error), 'This preview could not be made'));
    }
    stage.setAttribute('aria-busy', 'false');
  };

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
        page.element,
      ),
      h(
        'section',
        { class: 'side', 'aria-labelledby': 'insert-title' },
        h('div', { class: 'side-head' }, h('h2', { id: 'insert-title' }, 'The insert in the parcel'), print),
        insert.element,
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
    h('details', { class: 'card fold' }, h('summary', {}, 'What may a thank-you cost?'), allowancePanel(app, later(() => void refresh(), 200), who)),
    who.customer && ordersOf(app, who.customer, currency),
    h('details', { class: 'card fold' }, h('summary', {}, 'The decision as JSON'), h('p', { class: 'small soft' }, 'What goes in and what comes out, word for word.'), raw),
  );
  void elements().then(refresh);
  return element;
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
      ` Stage: ${stageName(customer.stage)}. ${plural(customer.orders, 'order')} since ${date(customer.firstAt)}, the last ${ago(customer.recencyDays)}. ${money(customer.revenue, currency)} bought${customer.returned ? `, ${money(customer.returned, currency)} returned` : ''}. ${outlook(customer, summary)}`,
      h('span', { class: 'rfm small', title: 'Each from 1 to 5, compared with your other customers' }, h('span', { class: 'visually-hidden' }, 'From 1 to 5, recency, frequency and money: '), `R${customer.r} F${customer.f} M${customer.m}`),
    ),
  );
}

/**
 * What is still to come of this customer, where that can be told.
 * @param {CustomerRow} customer
 * @param {Summary} summary
 */
function outlook({ pAlive, clv, expectedPurchases }, { value, currency }) {
  if (pAlive === undefined || !value) return '';
  const days = value.horizonDays === 365 ? '12 months' : `${value.horizonDays} days`;
  const brings = clv === undefined ? `${(expectedPurchases ?? 0).toFixed(1)} purchases` : money(clv, currency, { round: true });
  return `Still buys with ${Math.round(pAlive * 100)}%: ${brings} expected in the next ${days}. `;
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
