/** What may a thank-you cost? The programme: one question as a form, all of it as text, checked while it is written. */
import { download, fill, h } from '../dom.js';
import { minorUnits, money } from '../format.js';
import { refusal } from '../link.js';
import { field, later } from './parts.js';

/** @import { App, LintFinding, Summary } from '../types.js' */

/**
 * @param {App} app
 * @returns {HTMLElement}
 */
export function programView(app) {
  return h(
    'section',
    { class: 'program' },
    h('h1', {}, 'What may a thank-you cost?'),
    h('p', { class: 'soft' }, 'One question is enough. Everything else has a sensible answer already, and every answer can be changed below.'),
    h('div', { class: 'card' }, programPanel(app, () => {}, true)),
  );
}

/**
 * The form and the text of the programme; either changes the other.
 * @param {App} app
 * @param {() => void} onChange called after a change that holds
 * @param {boolean} [open] whether the text is unfolded
 * @returns {HTMLElement}
 */
export function programPanel(app, onChange, open = false) {
  const findings = h('div', { class: 'findings', 'aria-live': 'polite' });
  const name = h('input', { type: 'text', autocomplete: 'organization', maxlength: 80 });
  const rate = h('input', { type: 'number', min: 0, max: 100, step: 0.1, inputmode: 'decimal' });
  const most = h('input', { type: 'number', min: 0, step: 'any', inputmode: 'decimal' });
  const friend = h('input', { type: 'url', placeholder: 'https://your-shop.example/friend', inputmode: 'url', spellcheck: 'false' });
  const text = h('textarea', { rows: 18, spellcheck: 'false', autocapitalize: 'off', autocomplete: 'off', class: 'mono', 'aria-label': 'The programme as JSON' });
  const sentence = h('p', { class: 'meaning' });
  const currency = () => parse(app.program)?.shop?.currency ?? app.summary?.currency ?? 'EUR';

  /** Shows in the form what the text says. */
  const readText = () => {
    const program = parse(app.program);
    for (const input of [name, rate, most, friend]) input.disabled = !program;
    if (!program) return;
    const { rateBp = 200, max = 2 * minorUnits(currency()) } = program.allowance ?? {};
    name.value = program.shop?.name ?? '';
    friend.value = program.shop?.friendUrl ?? '';
    rate.value = String(rateBp / 100);
    most.value = String(max / minorUnits(currency()));
    const basket = app.summary?.basketMedian;
    sentence.textContent = basket ? `To compare: a usual order in this shop comes to ${money(basket, currency())}.` : '';
  };

  /**
   * Writes into the text what the form says.
   * @param {'shop' | 'allowance'} block
   * @param {string} key
   * @param {string | number} value
   */
  const write = (block, key, value) => {
    if (typeof value === 'number' && !Number.isFinite(value)) return;
    app.program = withValue(app.program, block, key, value);
    text.value = app.program;
    readText();
    check();
  };

  let asked = 0;
  let held = app.program;
  const check = later(async () => {
    asked += 1;
    const mine = asked;
    const found = await lint(app);
    if (mine !== asked) return;
    drawFindings(findings, found);
    if (app.program === held || found.some((one) => one.severity === 'error')) return;
    held = app.program;
    await rescore(app);
    onChange();
  }, 180);

  name.addEventListener('input', () => write('shop', 'name', name.value));
  rate.addEventListener('change', () => write('allowance', 'rateBp', Math.round(Number(rate.value) * 100)));
  most.addEventListener('change', () => write('allowance', 'max', Math.round(Number(most.value) * minorUnits(currency()))));
  friend.addEventListener('change', () => write('shop', 'friendUrl', friend.value.trim()));
  text.addEventListener('input', () => {
    app.program = text.value;
    readText();
    check();
  });

  text.value = app.program;
  readText();
  check();
  return h(
    'div',
    { class: 'program-panel' },
    h(
      'div',
      { class: 'program-form' },
      field('At most this share of the order, in %', rate),
      field(`And never more than, in ${currency()}`, most),
      field('Name of the shop', name),
      field('Where link and QR lead', friend, 'The page where a friend lands. Until you have one, the demo page beside this studio.'),
    ),
    sentence,
    findings,
    h(
      'details',
      { class: 'fold', open },
      h('summary', {}, 'The whole programme as text'),
      text,
      h('button', { type: 'button', class: 'button quiet', on: { click: () => download('program.json', app.program, 'application/json') } }, 'Save the programme'),
    ),
  );
}

/**
 * @param {string} text
 * @returns {any} the document, or nothing while it is not JSON
 */
export function parse(text) {
  try {
    const value = JSON.parse(text);
    return value && typeof value === 'object' ? value : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The programme with one value changed. The merchant's own layout stays where the value stands in it exactly once.
 * @param {string} text
 * @param {string} block
 * @param {string} key
 * @param {string | number} value
 */
function withValue(text, block, key, value) {
  const program = parse(text);
  if (!program) return text;
  const wanted = { ...program, [block]: { ...program[block], [key]: value } };
  if (value === '') delete wanted[block][key];
  const place = new RegExp(`("${key}"\\s*:\\s*)(-?[\\d.]+|"(?:[^"\\\\]|\\\\.)*")`);
  const patched = text.replace(place, (_, before) => before + JSON.stringify(value));
  return JSON.stringify(parse(patched)) === JSON.stringify(wanted) ? patched : JSON.stringify(wanted, null, 2);
}

/**
 * What is to be said about the programme; one that is refused whole is a finding too.
 * @param {App} app
 * @returns {Promise<LintFinding[]>}
 */
async function lint(app) {
  try {
    return (await app.ask('checkProgram', { text: app.program })).findings;
  } catch (error) {
    return [{ severity: 'error', ...refusal(error) }];
  }
}

/** @type {Record<string, string>} */
const SEVERITIES = { error: 'Must change', warning: 'Worth a look', info: 'Good to know' };

/**
 * @param {HTMLElement} place
 * @param {LintFinding[]} found
 */
function drawFindings(place, found) {
  const pressing = found.filter((one) => one.severity !== 'info');
  const rest = found.filter((one) => one.severity === 'info');
  fill(
    place,
    pressing.length === 0 ? h('p', { class: 'small soft' }, 'The programme is sound.') : h('ul', {}, pressing.map(findingLine)),
    rest.length > 0 && h('details', { class: 'fold' }, h('summary', {}, `Good to know: ${rest.length}`), h('ul', {}, rest.map(findingLine))),
  );
}

/** @param {LintFinding} one */
function findingLine(one) {
  return h(
    'li',
    { class: `finding ${one.severity}` },
    h('strong', {}, SEVERITIES[one.severity] ?? one.severity),
    h('span', {}, one.message, ' ', one.remedy ?? ''),
    h('span', { class: 'small soft mono' }, [one.code, one.path].filter(Boolean).join(' · ')),
  );
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
  const summary = await app.ask('rescore', { tiers });
  tiersOf.set(summary, wanted);
  app.summary = summary;
}
