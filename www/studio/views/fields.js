/** How does one value of the programme become a field? It shows what the text says, and what is assumed where it is silent. */
import { h, newId } from '../dom.js';
import { minorUnits } from '../format.js';
import { parse, valueAt, withValue } from '../text.js';

/** @import { App } from '../types.js' */

/**
 * @typedef {object} Bench what fields share
 * @property {App} app
 * @property {(text: string) => void} replace puts another text in the programme's place
 * @property {(path: string, value: unknown) => void} set writes a value into the programme; `undefined` takes it away
 * @property {Map<string, HTMLElement>} slots where findings go, by path
 * @property {Map<string, HTMLElement>} controls what to focus, by path
 * @property {(() => void)[]} readers show in every field what the text says
 * @property {Record<string, any>} assumed what holds where the programme is silent, by path
 * @property {string[]} measured paths whose value the orders told
 */

/**
 * @param {App} app
 * @param {(text: string) => void} replace
 * @returns {Bench}
 */
export const bench = (app, replace) => ({
  app,
  replace,
  set: (path, value) => replace(withValue(app.program, path, value)),
  slots: new Map(),
  controls: new Map(),
  readers: [],
  assumed: {},
  measured: [],
});

/** @param {Bench} on */
export const currencyOf = ({ app }) => parse(app.program)?.shop?.currency ?? app.summary?.currency ?? 'EUR';

/**
 * Where the findings about a path go.
 * @param {Bench} on
 * @param {string} path
 */
export function slot(on, path) {
  const element = h('ul', { class: 'beside', id: newId('beside'), 'data-slot': path });
  on.slots.set(path, element);
  return element;
}

/**
 * A field with its label, its unit, its mark where its value is assumed, and room for what is to be said about it.
 * @param {Bench} on
 * @param {string} path
 * @param {{ label: string, hint?: string, unit?: () => string, control: HTMLInputElement | HTMLSelectElement, wide?: boolean }} parts
 */
function frame(on, path, { label, hint, unit, control, wide }) {
  const id = newId('field');
  control.id = id;
  const mark = h('span', { class: 'assumed', id: newId('mark'), hidden: true }, 'assumed');
  const beside = slot(on, path);
  const hintId = newId('hint');
  const unitPlace = unit && h('span', { class: 'unit', 'aria-hidden': 'true' });
  control.setAttribute('aria-describedby', [mark.id, hint && hintId, beside.id].filter(Boolean).join(' '));
  on.controls.set(path, control);
  on.readers.push(() => {
    const program = parse(on.app.program);
    control.disabled = !program;
    if (unitPlace) unitPlace.textContent = unit();
    if (!program) return;
    mark.hidden = valueAt(program, path) !== undefined || !(path in on.assumed);
    mark.textContent = on.measured.includes(path) ? 'from your orders' : 'assumed';
  });
  return h(
    'div',
    { class: `field${wide ? ' wide' : ''}`, 'data-path': path },
    h('label', { for: id }, label, unit && h('span', { class: 'visually-hidden' }, ` (${unit()})`), ' ', mark),
    unitPlace ? h('div', { class: 'with-unit' }, control, unitPlace) : control,
    hint && h('p', { class: 'small soft', id: hintId }, hint),
    beside,
  );
}

/**
 * Shows a value in a field, unless somebody is typing there: what was typed stays as it was typed.
 * @param {Bench} on
 * @param {HTMLInputElement} control
 * @param {string} path
 * @param {(value: any) => string} say
 */
function reads(on, control, path, say) {
  on.readers.push(() => {
    const program = parse(on.app.program);
    if (!program) return;
    const assumed = on.assumed[path];
    control.placeholder = assumed === undefined || assumed === null ? (control.dataset.placeholder ?? '') : say(assumed);
    if (document.activeElement === control) return;
    const value = valueAt(program, path);
    control.value = value === undefined ? '' : say(value);
  });
}

/**
 * @param {Bench} on
 * @param {string} path
 * @param {{ label: string, hint?: string, placeholder?: string, type?: string, wide?: boolean, keep?: boolean, attributes?: object }} options keep: an empty text stays in the programme
 */
export function textField(on, path, { label, hint, placeholder = '', type = 'text', wide, keep, attributes }) {
  const control = h('input', {
    type,
    'data-placeholder': placeholder,
    autocomplete: 'off',
    ...attributes,
    on: { input: () => on.set(path, control.value === '' && !keep ? undefined : control.value), change: () => settle(on) },
  });
  reads(on, control, path, String);
  return frame(on, path, { label, hint, control, wide });
}

/**
 * A number. What is none goes into the programme as it was typed, so that nothing is lost and the core says what is wrong.
 * @param {Bench} on
 * @param {string} path
 * @param {{ label: string, hint?: string, unit: () => string, scale: () => number, write?: (value: unknown) => void }} options scale: how many of the programme's units make one of the field's
 */
export function numberField(on, path, { label, hint, unit, scale, write = (value) => on.set(path, value) }) {
  const control = h('input', {
    type: 'text',
    inputmode: 'decimal',
    autocomplete: 'off',
    on: { input: () => write(typed(control.value, scale())), change: () => settle(on) },
  });
  reads(on, control, path, (value) => (typeof value === 'number' ? plainNumber(value / scale()) : String(value)));
  return frame(on, path, { label, hint, unit, control });
}

/**
 * What somebody typed, as the programme has it: `1,50` is 150 cents.
 * @param {string} text
 * @param {number} scale
 */
export function typed(text, scale) {
  const trimmed = text.trim();
  if (trimmed === '') return undefined;
  if (!/^-?\d+([.,]\d*)?$/.test(trimmed)) return text;
  // Decimal places are multiplied away first; what is left of them is no whole unit, and the core refuses it.
  return Number((Number(trimmed.replace(',', '.')) * scale).toFixed(6));
}

/** @param {number} value */
const plainNumber = (value) => String(Number(value.toFixed(6)));

/**
 * An amount of money.
 * @param {Bench} on
 * @param {string} path
 * @param {{ label: string, hint?: string, write?: (value: unknown) => void }} options
 */
export const moneyField = (on, path, options) => numberField(on, path, { unit: () => currencyOf(on), scale: () => minorUnits(currencyOf(on)), ...options });

/**
 * A share: basis points in the programme, per cent in the field.
 * @param {Bench} on
 * @param {string} path
 * @param {{ label: string, hint?: string, unit?: () => string, write?: (value: unknown) => void }} options
 */
export const shareField = (on, path, options) => numberField(on, path, { unit: () => '%', scale: () => 100, ...options });

/**
 * A count.
 * @param {Bench} on
 * @param {string} path
 * @param {{ label: string, hint?: string, unit: string }} options
 */
export const countField = (on, path, { unit, ...options }) => numberField(on, path, { ...options, unit: () => unit, scale: () => 1 });

/**
 * One of a closed list.
 * @param {Bench} on
 * @param {string} path
 * @param {{ label: string, hint?: string, options: [string, string][] | Record<string, [string, string][]>, open?: string }} options open: what it says where nothing is chosen, for what may be left open
 */
export function choiceField(on, path, { label, hint, options, open: silent }) {
  const open = h('option', { value: '' });
  const one = (/** @type {[string, string]} */ [value, text]) => h('option', { value }, text);
  const control = h(
    'select',
    { on: { change: () => (on.set(path, control.value || undefined), settle(on)) } },
    silent !== undefined && open,
    Array.isArray(options) ? options.map(one) : Object.entries(options).map(([group, members]) => h('optgroup', { label: group }, members.map(one))),
  );
  const named = new Map(Array.isArray(options) ? options : Object.values(options).flat());
  on.readers.push(() => {
    const program = parse(on.app.program);
    if (!program) return;
    const [value, assumed] = [valueAt(program, path), on.assumed[path]];
    open.textContent = assumed === undefined ? (silent ?? '') : (named.get(String(assumed)) ?? String(assumed));
    // A word that is on no list stays in sight: the core says what is wrong with it.
    if (value !== undefined && !named.has(String(value)) && ![...control.options].some((known) => known.value === String(value))) control.append(one([String(value), String(value)]));
    control.value = value === undefined ? '' : String(value);
  });
  return frame(on, path, { label, hint, control });
}

/**
 * Money or a share, as a voucher takes it off.
 * @param {Bench} on
 * @param {string} base path of the promotion
 * @param {{ label: string }} options
 */
export function offField(on, base, { label }) {
  const [amount, share] = [`${base}.amount`, `${base}.percentBp`];
  const isShare = () => {
    const promotion = valueAt(parse(on.app.program), base);
    return promotion?.percentBp !== undefined && promotion?.amount === undefined;
  };
  const scale = () => (isShare() ? 100 : minorUnits(currencyOf(on)));
  const path = () => (isShare() ? share : amount);
  const control = h('input', { type: 'text', inputmode: 'decimal', autocomplete: 'off', on: { input: () => on.set(path(), typed(control.value, scale())), change: () => settle(on) } });
  const unit = h('select', {
    'aria-label': `${label}: money or a share`,
    on: {
      change: () => {
        const value = typed(control.value, unit.value === 'share' ? 100 : minorUnits(currencyOf(on)));
        const promotion = { ...valueAt(parse(on.app.program), base) };
        delete promotion.amount;
        delete promotion.percentBp;
        on.set(base, { [unit.value === 'share' ? 'percentBp' : 'amount']: value ?? on.assumed[amount] ?? '', ...promotion });
        settle(on);
      },
    },
  });
  const money = h('option', { value: 'money' });
  unit.append(money, h('option', { value: 'share' }, '%'));
  const element = frame(on, amount, { label, control });
  const beside = element.querySelector('.beside');
  if (beside) on.slots.set(share, /** @type {HTMLElement} */ (beside));
  on.controls.set(share, control);
  const both = h('div', { class: 'with-choice' });
  control.before(both);
  both.append(control, unit);
  on.readers.push(() => {
    const program = parse(on.app.program);
    unit.disabled = !program;
    if (!program) return;
    money.textContent = currencyOf(on);
    unit.value = isShare() ? 'share' : 'money';
    const assumed = on.assumed[amount];
    control.placeholder = assumed === undefined ? '' : plainNumber(assumed / minorUnits(currencyOf(on)));
    if (document.activeElement === control) return;
    const value = valueAt(program, path());
    control.value = value === undefined ? '' : typeof value === 'number' ? plainNumber(value / scale()) : String(value);
  });
  return element;
}

/**
 * Yes or no.
 * @param {Bench} on
 * @param {string} path
 * @param {{ label: string }} options
 */
export function switchField(on, path, { label }) {
  const box = h('input', { type: 'checkbox', role: 'switch', on: { change: () => on.set(path, box.checked) } });
  on.controls.set(path, box);
  on.readers.push(() => {
    const program = parse(on.app.program);
    box.disabled = !program;
    if (program) box.checked = Boolean(valueAt(program, path) ?? on.assumed[path]);
  });
  return h('div', { 'data-path': path }, h('label', { class: 'switch' }, box, h('span', {}, label)), slot(on, path));
}

/** Shows every field again, as the text has it: after somebody left one. @param {Bench} on */
export function settle(on) {
  for (const read of on.readers) read();
}

