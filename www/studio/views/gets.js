/** Who gets what? The shop's last month under this programme: how many, what it costs, from when on it pays, what is assumed. */
import { fill, h } from '../dom.js';
import { count, date, minorUnits, money, plural, spoken } from '../format.js';
import { latest } from '../latest.js';
import { refusal } from '../link.js';
import { kindName, stageName } from '../words.js';
import { plainPath } from '../text.js';
import { typed } from './fields.js';
import { errorNote, later, segments, tierChip } from './parts.js';

/** @import { App, Plan, PlanOption, PlanRow } from '../types.js' */

/** @type {[string, string][]} */
const AUDIENCES = [['parcel', 'In the parcel'], ['page', 'On the page'], ['email', 'By e-mail']];

/** How many of those who get something are listed at a time. */
const PEOPLE = 10;

/**
 * @param {App} app
 * @param {(path: string) => void} onFill goes to the field of a path
 * @param {(plan: Plan) => void} onPlan
 */
export function getsPanel(app, onFill, onPlan) {
  let audience = 'parcel';
  /** @type {number | undefined} */
  let budget;
  let asked = '';
  /** A budget that is not taken up yet: what an earlier question brings is not the answer to it. */
  let typing = false;
  const place = h('div', { class: 'gets-result', 'aria-busy': 'true' });
  const sentence = h('p', { class: 'meaning', role: 'status' });

  const request = (/** @type {object} */ more = {}) => ({ programText: app.program, now: app.now, audience, ...(budget !== undefined && { budget }), limit: 0, ...more });

  const refresh = latest(async () => {
    place.setAttribute('aria-busy', 'true');
    const wanted = request();
    const key = JSON.stringify(wanted);
    if (key !== asked) {
      try {
        /** @type {Plan} */
        const plan = await app.ask('plan', { request: wanted });
        asked = key;
        sentence.textContent = headline(plan);
        fill(place, table(plan), more(plan, onFill));
        onPlan(plan);
      } catch (error) {
        asked = '';
        // The table of the programme that held last is better than none.
        if (place.childElementCount === 0 || /** @type {any} */ (error).path === 'budget') fill(place, errorNote(refusal(error), 'The month waits'));
      }
    }
    place.setAttribute('aria-busy', String(typing));
  });

  /** @param {Plan} plan */
  function table(plan) {
    const given = plan.options.reduce((sum, one) => sum + one.customers, 0);
    const plain = plan.total - given;
    const say = (/** @type {number} */ minor) => money(minor, plan.currency);
    const cell = (/** @type {string} */ label, /** @type {import('../dom.js').Child} */ content, num = true) => h('td', { role: 'cell', 'data-label': label, class: num ? 'num' : false }, content);
    return h(
      'table',
      { class: 'gets-table', role: 'table', 'aria-label': 'Who gets what' },
      h('thead', { role: 'rowgroup' }, h('tr', { role: 'row' }, ['What', 'Given', 'Cost', 'Come back anyway', 'It pays from', 'Expected', 'Leaves over'].map((text) => h('th', { scope: 'col', role: 'columnheader' }, text)))),
      h(
        'tbody',
        { role: 'rowgroup' },
        plan.options.map((one) => {
          const people = h('div', { class: 'people' });
          const who = h('details', { class: 'fold who', on: { toggle: () => who.open && people.childElementCount === 0 && void list(people, one, 0) } }, h('summary', {}, `Who, and what is assumed`), assumedWords(one), h('p', { class: 'small soft' }, one.words), people);
          return h(
            'tr',
            { role: 'row', 'data-option': one.option },
            h('th', { scope: 'row', role: 'rowheader' }, h('strong', {}, spoken(one.option)), ' ', h('span', { class: 'small soft' }, kindName(one.kind)), one.assumed.length > 0 && [' ', h('span', { class: 'assumed' }, 'assumed')], who),
            cell('Given', count(one.customers)),
            cell('Cost', say(one.cost)),
            cell('Come back anyway', count(one.back)),
            cell('It pays from', paysFrom(one)),
            cell('Expected', `${count(one.expectedMore)} more`),
            cell('Leaves over', say(one.profit)),
          );
        }),
        plain > 0 && h('tr', { role: 'row', 'data-option': '' }, h('th', { scope: 'row', role: 'rowheader' }, h('strong', {}, 'Plain thanks'), ' ', h('span', { class: 'small soft' }, 'nothing beside it')), cell('Given', count(plain)), cell('Cost', say(0)), cell('Come back anyway', ''), cell('It pays from', ''), cell('Expected', ''), cell('Leaves over', say(0))),
      ),
      h(
        'tfoot',
        { role: 'rowgroup' },
        h('tr', { role: 'row' }, h('th', { scope: 'row', role: 'rowheader' }, 'All together'), cell('Given', count(plan.total)), cell('Cost', say(plan.cost)), cell('Come back anyway', count(sumOf(plan, 'back'))), cell('It pays from', ''), cell('Expected', `${count(sumOf(plan, 'expectedMore'))} more`), cell('Leaves over', say(plan.profit))),
      ),
    );
  }

  /**
   * @param {HTMLElement} people
   * @param {PlanOption} option
   * @param {number} offset
   */
  async function list(people, option, offset) {
    fill(people, h('p', { class: 'small soft' }, 'Looking …'));
    try {
      /** @type {Plan} */
      const { rows } = await app.ask('plan', { request: request({ option: option.option, offset, limit: PEOPLE }) });
      fill(
        people,
        h('ul', {}, rows.map((row) => h('li', {}, person(row)))),
        option.customers > PEOPLE && h('p', { class: 'small soft row' }, `${count(offset + 1)} to ${count(Math.min(offset + PEOPLE, option.customers))} of ${count(option.customers)}`, offset > 0 && h('button', { type: 'button', class: 'link', on: { click: () => void list(people, option, offset - PEOPLE) } }, 'Back'), offset + PEOPLE < option.customers && h('button', { type: 'button', class: 'link', on: { click: () => void list(people, option, offset + PEOPLE) } }, 'On')),
      );
    } catch (error) {
      fill(people, errorNote(refusal(error), 'They could not be listed'));
    }
  }

  /** @param {PlanRow} row */
  function person(row) {
    const open = async () => {
      const { rows } = await app.ask('customers', { query: { search: row.customer, offset: 0, limit: 20 } });
      const customer = rows.find((/** @type {any} */ one) => one.id === row.customer);
      app.go('person', customer ? { customer } : { order: (await app.ask('order', { id: row.order })) });
    };
    return [h('button', { type: 'button', class: 'link', on: { click: () => void open() } }, `Order ${row.order ?? ''}`), h('span', { class: 'small soft' }, ` ${stageName(row.stage).toLowerCase()}, order no. ${row.orderNumber} `), tierChip(row.tier)];
  }

  const budgetInput = h('input', { type: 'text', inputmode: 'decimal', autocomplete: 'off', id: 'gets-budget', 'aria-describedby': 'gets-budget-hint' });
  const again = later(() => {
    typing = false;
    const value = typed(budgetInput.value, minorUnits(app.summary?.currency ?? 'EUR'));
    const sound = value === undefined || Number.isInteger(value);
    budgetInput.setAttribute('aria-invalid', String(!sound));
    if (!sound) {
      place.setAttribute('aria-busy', 'false');
      return;
    }
    budget = typeof value === 'number' ? value : undefined;
    void refresh();
  }, 250);
  budgetInput.addEventListener('input', () => {
    typing = true;
    place.setAttribute('aria-busy', 'true');
    again();
  });

  const element = h(
    'section',
    { class: 'card gets', 'aria-labelledby': 'gets-title' },
    h('h2', { id: 'gets-title' }, 'Who gets what'),
    sentence,
    h(
      'div',
      { class: 'gets-controls' },
      segments('audience', 'Where', audience, AUDIENCES, (value) => {
        audience = value;
        void refresh();
      }),
      h('div', { class: 'field' }, h('label', { for: 'gets-budget' }, `If the month had a budget of, in ${app.summary?.currency ?? ''}`), budgetInput, h('p', { class: 'small soft', id: 'gets-budget-hint' }, 'Empty: as the programme says.')),
    ),
    place,
  );
  return { element, refresh };
}

/** @param {Plan} plan @param {'back' | 'expectedMore'} key */
const sumOf = (plan, key) => plan.options.reduce((sum, one) => sum + one[key], 0);

/** @param {Plan} plan */
function headline(plan) {
  const when = plan.since && plan.until ? `From ${date(plan.since)} to ${date(plan.until)}, ` : '';
  return `${when}${plan.words}`;
}

/** @param {PlanOption} one */
function paysFrom(one) {
  if (one.kind === 'referral') return 'with the friend';
  if (one.paysFrom === undefined) return 'never';
  return one.paysFrom === 0 ? 'the first' : `${count(one.paysFrom)} more`;
}

/** @param {PlanOption} one */
function assumedWords(one) {
  const names = one.assumed.map(plainPath);
  return h('p', { class: 'small' }, names.length === 0 ? 'Nothing is assumed here: every number is yours.' : ['Assumed: ', names.join(', '), '.']);
}

/**
 * What to fill in next, what budgets do, and whether anything could be learnt.
 * @param {Plan} plan
 * @param {(path: string) => void} onFill
 */
function more(plan, onFill) {
  const [first, ...rest] = plan.missing;
  const item = (/** @type {Plan['missing'][number]} */ one) => h('li', { class: 'fill-in' }, h('p', {}, one.words), h('button', { type: 'button', class: 'link', on: { click: () => onFill(one.path) } }, 'Fill it in'));
  return h(
    'div',
    { class: 'gets-more' },
    h(
      'section',
      { 'aria-labelledby': 'fill-title' },
      h('h3', { id: 'fill-title' }, 'What to fill in next'),
      first ? h('ul', {}, item(first)) : h('p', { class: 'meaning' }, 'Nothing: every number these thank-yous rest on is your own.'),
      rest.length > 0 && h('details', { class: 'fold' }, h('summary', {}, `And after that: ${plural(rest.length, 'number')}`), h('ul', {}, rest.map(item))),
    ),
    (plan.budgets.length > 0 || plan.holdout) &&
      h(
        'section',
        { 'aria-labelledby': 'budget-title' },
        h('h3', { id: 'budget-title' }, plan.budgets.length > 0 ? 'What the budget does' : 'Whether it works'),
        plan.budgets.map((one) => h('p', {}, `${money(one.planned, plan.currency)} of ${money(one.amount - one.spent, plan.currency)} planned${one.id === 'all' ? '' : ` in “${spoken(one.id)}”`}. ${one.words}`)),
        plan.holdout && h('p', {}, plan.holdout.words),
      ),
  );
}
