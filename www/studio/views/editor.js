/** Which fields has the programme? A form for what is common, the whole of it as text, and either changes the other. */
import { announce, download, fill, h } from '../dom.js';
import { money, spoken } from '../format.js';
import { refusal } from '../link.js';
import { firstMistake, parse, placeOf, valueAt, withLast } from '../text.js';
import { kindName, momentName, stageName, TIERS } from '../words.js';
import { bench, choiceField, countField, currencyOf, moneyField, offField, settle, shareField, slot, switchField, textField } from './fields.js';
import { lint, nearest, placeFindings, verdict } from './findings.js';
import { later } from './parts.js';

/** @import { App, LintFinding, Summary, Who } from '../types.js' */
/** @import { Bench } from './fields.js' */

/** @type {Record<string, string>} The languages there are texts in. */
const LANGUAGES = { de: 'Deutsch', en: 'English', fr: 'Français', es: 'Español' };

/** @type {Record<string, string[]>} Kinds of options, as a merchant would look for them. */
const KIND_GROUPS = {
  'In the parcel': ['sample', 'haptic_gift', 'zugabe', 'accessory'],
  'To read and to learn': ['guide', 'story', 'insight', 'info', 'checklist', 'ebook', 'course'],
  'Time and attention': ['event', 'ceo_line', 'service', 'service_contact'],
  'Money off': ['discount'],
  'Further on': ['partner', 'freemium', 'trial', 'exchange', 'invitation', 'feedback', 'brand', 'thanks', 'referral'],
};

/** Kinds that lead to a page. */
const LEADS = new Set(['guide', 'story', 'insight', 'info', 'checklist', 'ebook', 'course', 'event', 'service', 'partner', 'freemium', 'trial', 'ceo_line', 'exchange', 'feedback', 'brand']);

/** @type {[string, string][]} */
const TIER_CHOICES = Object.entries(TIERS).filter(([id]) => id !== 'none').map(([id, { name }]) => [id, `${name} and better`]);
TIER_CHOICES[0][1] = TIERS.top_vip.name;

/**
 * The form and the text of the programme, checked while they are written.
 * @param {App} app
 * @param {{ typed: () => void, held: () => void, rested: () => void }} tell typed: something changed; then, once it was looked at, held: it can be used, or rested: there is nothing new to show
 * @returns {{ element: HTMLElement, focus: (path: string) => void, reckoned: (values: Record<string, number>) => void, reload: () => void }}
 */
export function programEditor(app, tell) {
  const on = bench(app, (text) => change(text));
  const body = h('div', { class: 'editor-body' });
  const status = h('p', { class: 'verdict', role: 'status' });
  const text = h('textarea', { rows: 18, spellcheck: 'false', autocapitalize: 'off', autocomplete: 'off', class: 'mono', 'aria-label': 'The programme as JSON' });
  const broken = h('p', { class: 'broken', hidden: true });
  const whole = h('details', { class: 'card fold whole' });
  on.slots.set('', h('ul', { class: 'beside general', id: 'findings-general', 'data-slot': '' }));
  text.setAttribute('aria-describedby', 'findings-general');

  /** @type {Record<string, number>} What was reckoned for the shop's own month, by path. */
  let reckoned = {};
  let shape = '';
  let asked = 0;
  let held = app.program;

  /** @param {string} next */
  function change(next) {
    app.program = next;
    if (text.value !== next) text.value = next;
    tell.typed();
    draw();
    check();
  }

  /** Builds the form anew where its fields are others than before; what stands open and where the cursor is stays. */
  function draw() {
    const program = parse(app.program);
    const next = program ? JSON.stringify(shapeOf(program)) : shape;
    if (next !== shape) {
      shape = next;
      const focused = [...on.controls].find(([, control]) => control === document.activeElement);
      const at = focused?.[1] instanceof HTMLInputElement ? focused[1].selectionStart : null;
      const open = new Set([...body.querySelectorAll('details[open]')].map((element) => /** @type {HTMLElement} */ (element).dataset.fold));
      const general = /** @type {HTMLElement} */ (on.slots.get(''));
      on.slots.clear();
      on.controls.clear();
      on.readers.length = 0;
      on.slots.set('', general);
      fill(body, sections(on, program));
      for (const details of body.querySelectorAll('details')) if (open.has(details.dataset.fold)) details.open = true;
      const again = focused && on.controls.get(focused[0]);
      again?.focus({ preventScroll: true });
      if (again instanceof HTMLInputElement && at !== null) again.setSelectionRange(at, at);
    }
    settle(on);
    const mistake = firstMistake(app.program);
    broken.hidden = !mistake;
    body.classList.toggle('is-resting', Boolean(mistake));
    if (mistake) {
      fill(broken, `The text stops being JSON in line ${mistake.line}, column ${mistake.column}: ${mistake.what}. The fields rest until it is whole again; nothing is lost. `, h('button', { type: 'button', class: 'link', on: { click: () => select(mistake) } }, 'Go there'));
      whole.open = true;
    }
  }

  const check = later(async () => {
    asked += 1;
    const mine = asked;
    const found = await lint(app);
    if (mine !== asked) return;
    on.assumed = { ...found.assumed, ...(found.refused ? on.assumed : {}), ...reckoned };
    on.measured = found.measured ?? on.measured;
    settle(on);
    placeFindings(on.slots, on.controls, found.findings, (finding) => select(placeOf(app.program, finding.path)));
    summaries(body, found.findings);
    if (on.slots.get('')?.querySelector('.finding.error')) whole.open = true;
    const said = verdict(found.findings, found.findings.filter((one) => one.code === 'assumption').length);
    if (status.textContent !== said) status.textContent = said;
    status.className = `verdict${found.findings.some((one) => one.severity === 'error') ? ' error' : ''}`;
    if (app.program === held || found.findings.some((one) => one.severity === 'error')) {
      tell.rested();
      return;
    }
    held = app.program;
    await rescore(app);
    tell.held();
  }, 180);

  /** @param {{ offset: number, length: number }} place */
  function select({ offset, length }) {
    whole.open = true;
    text.focus();
    text.setSelectionRange(offset, offset + length);
    // Browsers scroll to a selection only where somebody typed it.
    text.scrollTop = Math.max(0, (text.value.slice(0, offset).split('\n').length - 4) * Number.parseFloat(getComputedStyle(text).lineHeight));
  }

  /** @param {string} path */
  function focus(path) {
    const control = on.controls.get(nearest(on.controls, path));
    if (!control) {
      select(placeOf(app.program, path));
      return;
    }
    for (let fold = control.closest('details'); fold; fold = fold.parentElement?.closest('details') ?? null) fold.open = true;
    control.focus();
    control.scrollIntoView({ block: 'center' });
  }

  text.addEventListener('input', () => change(text.value));
  text.value = app.program;
  whole.append(
    h('summary', {}, 'The whole programme as text'),
    h('p', { class: 'small soft' }, 'Everything there is, fields and more: what you change here changes the fields above, and the other way round.'),
    broken,
    text,
    on.slots.get('') ?? '',
    h('button', { type: 'button', class: 'button quiet', on: { click: () => download('program.json', app.program, 'application/json') } }, 'Save the programme'),
  );
  draw();
  check();
  return {
    element: h('div', { class: 'editor' }, status, body, whole),
    focus,
    reckoned: (values) => {
      reckoned = values;
      on.assumed = { ...on.assumed, ...values };
      settle(on);
    },
    reload: () => {
      text.value = app.program;
      change(app.program);
    },
  };
}

/** What decides which fields there are. @param {any} program */
function shapeOf(program) {
  const options = Array.isArray(program.options) ? program.options : [];
  return [program.shop?.locales, program.shop?.currency, options.map((/** @type {any} */ one) => [one?.kind, Boolean(one?.promotion)]), program.budgets?.length ?? 0];
}

/**
 * @param {Bench} on
 * @param {any} program
 * @returns {HTMLElement[]}
 */
function sections(on, program) {
  const locales = /** @type {string[]} */ (Array.isArray(program?.shop?.locales) ? program.shop.locales : ['en']);
  return [costs(on), options(on, program, locales), friends(on, locales), shop(on), reckoning(on, program)];
}

/**
 * @param {Bench} on
 * @param {string} path
 * @param {string} title
 * @param {string} note
 * @param {...import('../dom.js').Child} children
 */
function section(on, path, title, note, ...children) {
  return h('section', { class: 'card part', 'aria-label': title }, h('h2', {}, title), h('p', { class: 'meaning' }, note), ...children, slot(on, path));
}

/**
 * A section that is folded until somebody wants it.
 * @param {Bench} on
 * @param {string} path
 * @param {string} title
 * @param {string} note
 * @param {...import('../dom.js').Child} children
 */
function folded(on, path, title, note, ...children) {
  return h(
    'details',
    { class: 'card fold part-fold', 'data-fold': path },
    h('summary', {}, h('h2', {}, title), h('span', { class: 'option-state', 'data-state': path })),
    h('div', { class: 'part-body' }, h('p', { class: 'meaning' }, note), ...children, slot(on, path)),
  );
}

/** @param {Bench} on */
export function costs(on) {
  const both = (/** @type {string} */ key) => (/** @type {unknown} */ value) => {
    const there = valueAt(parse(on.app.program), 'allowance');
    // Share and limit stand together: who says the one says the other as it was.
    if (value !== undefined && !there) on.set('allowance', { rateBp: on.assumed['allowance.rateBp'], max: on.assumed['allowance.max'], [key]: value });
    else on.set(`allowance.${key}`, value);
  };
  const basket = on.app.summary?.basketMedian;
  const sentence = h('p', { class: 'meaning' });
  on.readers.push(() => {
    sentence.textContent = basket ? `To compare: a usual order in this shop comes to ${money(basket, on.app.summary?.currency ?? currencyOf(on))}.` : '';
  });
  return section(
    on,
    'allowance',
    'The limit',
    'A gift within it need not pay for itself: you want to give it. Money off always has to pay.',
    h(
      'div',
      { class: 'fields three' },
      shareField(on, 'allowance.rateBp', { label: 'At most this share of the order', write: both('rateBp') }),
      moneyField(on, 'allowance.max', { label: 'And never more than', write: both('max') }),
      shareField(on, 'marginBp', { label: 'What an order leaves over', hint: 'After goods, shipping and payment. The one number that tells most.' }),
    ),
    sentence,
  );
}

/**
 * @param {Bench} on
 * @param {any} program
 * @param {string[]} locales
 */
function options(on, program, locales) {
  const list = /** @type {any[]} */ (Array.isArray(program?.options) ? program.options : []);
  const kind = h('select', { 'aria-label': 'What to add' }, Object.entries(KIND_GROUPS).map(([group, kinds]) => h('optgroup', { label: group }, kinds.map((id) => h('option', { value: id }, capital(kindName(id)))))));
  const add = () => {
    const { app } = on;
    const ids = new Set(list.map((one) => one?.id));
    const base = kind.value.replaceAll('_', '-');
    let id = base;
    for (let count = 2; ids.has(id); count += 1) id = `${base}-${count}`;
    const friend = valueAt(parse(app.program), 'referral.friend') ?? { amount: on.assumed['referral.friend.amount'], minimumOrder: on.assumed['referral.friend.minimumOrder'] };
    const { amount, percentBp, minimumOrder } = friend;
    const promotion = kind.value === 'discount' ? { promotion: { ...(percentBp ? { percentBp } : { amount }), ...(minimumOrder && { minimumOrder }) } } : {};
    on.replace(withLast(app.program, 'options', { id, kind: kind.value, ...promotion }));
    const fresh = on.controls.get(`options[${list.length}].text.${locales[0]}.title`);
    const fold = fresh?.closest('details');
    if (fold) fold.open = true;
    fresh?.focus();
    announce(`${capital(kindName(kind.value))} added.`);
  };
  return section(
    on,
    'options',
    'What the shop has to give',
    'Every one of these is weighed for every customer and every moment; one is chosen, and the reason is written down.',
    list.length > 0 ? h('ul', { class: 'options' }, list.map((option, index) => h('li', {}, optionCard(on, option, index, locales)))) : h('p', { class: 'empty small' }, 'Nothing yet: everybody gets a plain thank-you, and a friend’s code to pass on.'),
    h('div', { class: 'row add' }, kind, h('button', { type: 'button', class: 'button quiet', on: { click: add } }, 'Add it')),
  );
}

/**
 * @param {Bench} on
 * @param {any} option
 * @param {number} index
 * @param {string[]} locales
 */
function optionCard(on, option, index, locales) {
  const at = (/** @type {string} */ field) => `options[${index}].${field}`;
  const name = h('strong', {});
  const what = h('span', { class: 'chip' });
  const price = h('span', { class: 'option-price num' });
  const state = h('span', { class: 'option-state', 'data-state': `options[${index}]` });
  const where = h('p', { class: 'small soft' });
  on.readers.push(() => {
    const program = parse(on.app.program);
    const now = valueAt(program, `options[${index}]`);
    if (!now) return;
    const titled = locales.map((tag) => now.text?.[tag]?.title).find(Boolean);
    name.textContent = titled ? capital(String(titled)) : spoken(String(now.id ?? ''));
    what.textContent = kindName(String(now.kind));
    price.textContent = priceOf(now, currencyOf(on));
    const said = (/** @type {string} */ field, /** @type {(id: string) => string} */ word) => /** @type {string[]} */ (now[field] ?? on.assumed[at(field)] ?? []).map(word);
    const silent = ['channels', 'moments', 'stages'].every((field) => now[field] === undefined);
    const [channels, moments, stages] = [said('channels', channelName), said('moments', momentName), said('stages', stageName)];
    fill(where, channels.length > 0 && [silent && h('span', { class: 'assumed' }, 'assumed'), ' ', `${capital(channels.join(', '))}. Moments: ${moments.join(', ').toLowerCase()}. For: ${stages.join(', ').toLowerCase()}.`]);
  });
  const remove = () => {
    on.set(`options[${index}]`, undefined);
    announce('Taken off the list.');
    (on.controls.get(`options[${Math.max(0, index - 1)}].kind`)?.closest('details')?.querySelector('summary') ?? document.querySelector('.add select'))?.focus();
  };
  return h(
    'details',
    { class: 'option fold', 'data-fold': `options[${index}]` },
    h('summary', {}, h('span', { class: 'option-head' }, name, what, state, price)),
    h(
      'div',
      { class: 'fields' },
      locales.map((tag) => textField(on, at(`text.${tag}.title`), { label: `What it is called, ${LANGUAGES[tag] ?? tag}`, attributes: { lang: tag } })),
      choiceField(on, at('kind'), { label: 'What it is', options: Object.fromEntries(Object.entries(KIND_GROUPS).map(([group, kinds]) => [group, kinds.map((id) => [id, capital(kindName(id))])])) }),
      moneyField(on, at('issueCost'), { label: 'What one costs you', hint: 'Given, whether it is used or not: goods, print, packing.' }),
      (option?.kind === 'discount' || option?.promotion) && [offField(on, at('promotion'), { label: 'It takes off' }), moneyField(on, at('promotion.minimumOrder'), { label: 'From an order of' }), countField(on, at('promotion.days'), { label: 'It holds for', unit: 'days' })],
      LEADS.has(option?.kind) && textField(on, at('url'), { label: 'Where it leads', type: 'url', placeholder: 'https://', wide: true }),
    ),
    h(
      'details',
      { class: 'more fold', 'data-fold': `options[${index}].more` },
      h('summary', {}, 'For whom, how many, and what it does'),
      h(
        'div',
        { class: 'fields' },
        textField(on, at('id'), { label: 'Its name in lists', keep: true }),
        choiceField(on, at('minTier'), { label: 'For', options: TIER_CHOICES, open: 'Everybody its kind is for' }),
        countField(on, at('stock'), { label: 'How many there are', unit: 'pieces', hint: 'Empty: enough for everybody.' }),
        shareField(on, at('surpriseBp'), { label: 'As a surprise, for a share of orders', hint: 'Empty: for all.' }),
        shareField(on, at('effect.upliftBp'), { label: 'More who come back because of it', unit: () => 'of 100' }),
        (option?.kind === 'discount' || option?.promotion) && shareField(on, at('effect.redeemBp'), { label: 'Of those who come back, redeem it', unit: () => 'of 100' }),
      ),
      where,
    ),
    slot(on, `options[${index}]`),
    h('button', { type: 'button', class: 'link remove', on: { click: remove } }, 'Take it off the list'),
  );
}

/** @param {any} option @param {string} currency */
function priceOf(option, currency) {
  const { amount, percentBp } = option.promotion ?? {};
  const off = Number.isInteger(amount) ? money(amount, currency) : Number.isInteger(percentBp) ? `${percentBp / 100}%` : '';
  const cost = Number.isInteger(option.issueCost) && option.issueCost > 0 ? money(option.issueCost, currency) : '';
  return off ? `${off} off` : cost || 'free';
}

/** @param {Bench} on @param {string[]} locales */
function friends(on, locales) {
  return section(
    on,
    'referral',
    'For friends',
    'Every thank-you may carry a code to pass on. The friend gets something off the first order; your customer gets a thank-you when it has come and stayed.',
    switchField(on, 'referral.enabled', { label: 'Ask customers to recommend' }),
    h(
      'div',
      { class: 'fields three' },
      offField(on, 'referral.friend', { label: 'A friend gets off' }),
      moneyField(on, 'referral.friend.minimumOrder', { label: 'From an order of', write: withFriend(on, 'minimumOrder') }),
      countField(on, 'referral.friend.days', { label: 'It holds for', unit: 'days' }),
      locales.map((tag) => textField(on, `referral.referrerGift.${tag}`, { label: `Who recommends gets, ${LANGUAGES[tag] ?? tag}`, hint: tag === locales[0] ? 'In words, as it stands on the page: a sample of the first Darjeeling.' : undefined, attributes: { lang: tag } })),
      textField(on, 'shop.friendUrl', { label: 'Where link and QR lead', type: 'url', placeholder: 'https://your-shop.example/friend', wide: true, hint: 'The page where a friend lands. Until you have one, the demo page beside this studio.' }),
    ),
    slot(on, 'referral.friend'),
  );
}

/** The friend's terms as a whole, where one of them is said first. @param {Bench} on @param {string} key */
function withFriend(on, key) {
  return (/** @type {unknown} */ value) => {
    const there = valueAt(parse(on.app.program), 'referral.friend');
    if (value !== undefined && !there) on.set('referral.friend', { amount: on.assumed['referral.friend.amount'], [key]: value });
    else on.set(`referral.friend.${key}`, value);
  };
}

/** @param {Bench} on */
function shop(on) {
  return folded(
    on,
    'shop',
    'The shop',
    'What customers read of you on pages and inserts.',
    h(
      'div',
      { class: 'fields' },
      textField(on, 'shop.name', { label: 'Name of the shop', keep: true, attributes: { autocomplete: 'organization', maxlength: 80 } }),
      textField(on, 'shop.contact', { label: 'How customers reach you', hint: 'An e-mail address or a telephone number.' }),
      textField(on, 'shop.tagline', { label: 'A line below the name' }),
      textField(on, 'shop.color', { label: 'Its colour', placeholder: '#2f5542', attributes: { spellcheck: 'false' } }),
    ),
  );
}

/** @param {Bench} on @param {any} program */
function reckoning(on, program) {
  const several = (program?.budgets?.length ?? 0) > 1;
  const budget = (/** @type {unknown} */ value) => {
    if (value === undefined) on.set('budgets', undefined);
    else if (valueAt(parse(on.app.program), 'budgets[0]')) on.set('budgets[0].amount', value);
    else on.set('budgets', [{ id: 'month', period: 'month', amount: value }]);
  };
  return folded(
    on,
    'economics',
    'How it is weighed',
    'The order is always the same: objection, law, consent, limits, stage, stock, and only then what you prefer.',
    h(
      'div',
      { class: 'fields' },
      choiceField(on, 'economics.strategy', { label: 'What stands first', open: '', options: [['gifts_first', 'Gifts before money, small ones first'], ['profit', 'The highest expected profit']] }),
      choiceField(on, 'economics.mode', { label: 'What does not pay', open: '', options: [['advise', 'is named, and stays'], ['enforce', 'is not given']] }),
      !several && moneyField(on, 'budgets[0].amount', { label: 'At most this much a month', hint: 'Empty: no limit but the one for each order.', write: budget }),
      shareField(on, 'holdout.bp', { label: 'Customers left without gifts, to measure', hint: 'Never without thanks.' }),
    ),
    several && h('p', { class: 'small soft' }, 'There are several budgets: they stand in the text below.'),
    slot(on, 'budgets'),
  );
}

/**
 * Says on every folded option whether something is to be said about it, and opens it where something must change.
 * @param {HTMLElement} body
 * @param {LintFinding[]} findings
 */
function summaries(body, findings) {
  for (const state of /** @type {NodeListOf<HTMLElement>} */ (body.querySelectorAll('[data-state]'))) {
    const path = state.dataset.state ?? '';
    const own = findings.filter((one) => one.path === path || one.path.startsWith(`${path}.`));
    const worst = ['error', 'warning'].find((severity) => own.some((one) => one.severity === severity));
    state.className = `option-state ${worst ?? ''}`;
    state.textContent = worst === 'error' ? 'Must change' : worst ? 'Worth a look' : '';
    if (worst === 'error') {
      const card = state.closest('details');
      if (card) card.open = true;
      const more = card?.querySelector('details');
      if (more?.querySelector('.finding.error')) more.open = true;
    }
  }
}

/** @type {Record<string, string>} */
const CHANNELS = { page: 'on pages', parcel: 'in the parcel', email: 'by e-mail', phone: 'by telephone', social: 'in networks', ads: 'in ads' };
/** @param {string} id */
const channelName = (id) => CHANNELS[id] ?? id;

/** @param {string} text */
const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

/**
 * The one question, beside a customer's view; the whole programme is a click away.
 * @param {App} app
 * @param {() => void} onChange called after a change that holds
 * @param {Who} who
 */
export function allowancePanel(app, onChange, who) {
  const on = bench(app, (text) => {
    app.program = text;
    settle(on);
    check();
  });
  let asked = 0;
  let held = app.program;
  const element = h('div', { class: 'allowance' });
  const check = later(async () => {
    asked += 1;
    const mine = asked;
    const found = await lint(app);
    if (mine !== asked) return;
    on.assumed = found.assumed ?? on.assumed;
    on.measured = found.measured ?? on.measured;
    settle(on);
    placeFindings(on.slots, on.controls, found.findings.filter((one) => nearest(on.slots, one.path) !== ''), () => app.go('program', { who }));
    if (app.program === held || found.findings.some((one) => one.severity === 'error')) return;
    held = app.program;
    await rescore(app);
    onChange();
  }, 180);
  fill(element, costs(on), h('button', { type: 'button', class: 'button quiet', on: { click: () => app.go('program', { who }) } }, 'The whole programme, with this customer beside it'));
  settle(on);
  check();
  return element;
}

/** @type {WeakMap<Summary, string>} The tiers a summary was made with. */
const tiersOf = new WeakMap();

/**
 * Scores again when the programme changed what a tier is.
 * @param {App} app
 */
async function rescore(app) {
  const { tiers } = parse(app.program) ?? {};
  const wanted = JSON.stringify(tiers ?? null);
  if (app.summary && wanted === (tiersOf.get(app.summary) ?? 'null')) return;
  try {
    const summary = await app.ask('rescore', { tiers });
    tiersOf.set(summary, wanted);
    app.summary = summary;
  } catch (error) {
    announce(refusal(error).message);
  }
}
