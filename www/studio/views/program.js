/** What may a thank-you cost, and who gets what? The programme, the customer it is for, and the month it makes. */
import { announce, fill, h } from '../dom.js';
import { refusal } from '../link.js';
import { parse } from '../text.js';
import { adapted, comparePanel, EXAMPLES } from './compare.js';
import { programEditor } from './editor.js';
import { getsPanel } from './gets.js';
import { errorNote, later } from './parts.js';
import { seePanel } from './see.js';

/** @import { App, Plan, Who } from '../types.js' */

/**
 * @param {App} app
 * @param {{ who?: Who, focus?: string }} [detail] whom to show beside it, and the path of a field to begin at
 * @returns {HTMLElement}
 */
export function programView(app, detail) {
  const see = seePanel(app, detail?.who);
  /** Counts changes: what was shown of an earlier one is not yet what the programme says. */
  let version = 0;
  const held = later(() => {
    const mine = version;
    void Promise.all([see.refresh(), gets.refresh(), compare.refresh()]).then(() => mine === version && rested());
  }, 60);
  const editor = programEditor(app, { typed, held, rested });
  const gets = getsPanel(app, editor.focus, (plan) => editor.reckoned(reckonedOf(app, plan)));
  const compare = comparePanel(app, see.who, take);
  see.onPick(() => void compare.refresh());
  const undo = h('div', { class: 'undo', role: 'status' });
  const { focus } = detail ?? {};
  // Once the view stands and its heading had the focus.
  if (focus) requestAnimationFrame(() => editor.focus(focus));
  void gets.refresh();

  /**
   * Puts another programme in the place of this one; what was there can be put back.
   * @param {string} text
   */
  function take(text) {
    const before = app.program;
    if (before === text) return;
    app.program = text;
    editor.reload();
    fill(
      undo,
      h('p', {}, 'Another programme stands here now. What was there is kept as long as this page is open.'),
      h(
        'button',
        {
          type: 'button',
          class: 'button quiet',
          on: {
            click: () => {
              app.program = before;
              editor.reload();
              fill(undo);
              announce('What was there is back.');
            },
          },
        },
        'Put back what was there',
      ),
    );
    undo.scrollIntoView({ block: 'nearest' });
  }

  const fiveLines = async () => {
    try {
      const { shop } = parse(app.program) ?? {};
      const currency = shop?.currency ?? app.summary?.currency ?? 'EUR';
      take(await app.ask('starterProgram', { shop: { name: shop?.name || 'Your shop', currency, timeZone: shop?.timeZone ?? app.settings.timeZone, locales: shop?.locales?.length ? shop.locales : ['de', 'en'], ...(shop?.friendUrl && { friendUrl: shop.friendUrl }), start: 'five_lines' } }));
    } catch (error) {
      // A shop block that is no longer sound: the rest of it is not needed to begin with.
      try {
        take(await app.ask('starterProgram', { shop: { name: 'Your shop', currency: app.summary?.currency ?? 'EUR', timeZone: app.settings.timeZone, locales: ['de', 'en'], start: 'five_lines' } }));
      } catch {
        fill(undo, errorNote(refusal(error), 'Five lines could not be written'));
      }
    }
  };
  const file = h('input', {
    type: 'file',
    accept: '.json,application/json',
    hidden: true,
    on: {
      change: async () => {
        const [chosen] = file.files ?? [];
        if (chosen) take(await chosen.text());
        file.value = '';
      },
    },
  });

  const element = h(
    'section',
    { class: 'program', 'data-busy': 'true' },
    h('h1', {}, 'What may a thank-you cost?'),
    h('p', { class: 'soft' }, 'One question is enough. Everything else has a sensible answer already, marked as assumed, and every answer can be changed.'),
    h(
      'div',
      { class: 'row beginnings', role: 'group', 'aria-label': 'Begin with' },
      h('button', { type: 'button', class: 'button quiet', on: { click: () => void fiveLines() } }, 'Start again from five lines'),
      EXAMPLES.map(({ title, text }) => h('button', { type: 'button', class: 'button quiet', on: { click: () => take(adapted(app, text, true)) } }, title)),
      h('button', { type: 'button', class: 'button quiet', on: { click: () => file.click() } }, 'Open a programme'),
      file,
    ),
    undo,
    h('div', { class: 'workbench' }, h('div', { class: 'workbench-side' }, editor.element, h('a', { class: 'button primary to-see', href: '#see' }, 'See it')), see.element),
    gets.element,
    compare.element,
  );
  function typed() {
    version += 1;
    element.dataset.busy = 'true';
  }
  function rested() {
    element.dataset.busy = 'false';
  }
  return element;
}

/**
 * What was reckoned for effects that the programme leaves open, by path: shown where a merchant would fill them in.
 * @param {App} app
 * @param {Plan} plan
 */
function reckonedOf(app, plan) {
  const ids = /** @type {any[]} */ (parse(app.program)?.options ?? []).map((one) => one?.id);
  return Object.fromEntries(
    plan.options.flatMap((one) =>
      one.assumed.flatMap((path) => {
        const field = path.split('.').at(-1);
        const index = ids.indexOf(one.option);
        if (index < 0 || (field !== 'upliftBp' && field !== 'redeemBp')) return [];
        return [[`options[${index}].effect.${field}`, one[field]]];
      }),
    ),
  );
}
