/** Who brought whom, and who is owed what? What the merchant gives for it: the keys, what was given out, the books of the last run. */
import { announce, fill, h, newId } from '../dom.js';
import { plural } from '../format.js';
import { refusal } from '../link.js';
import { select } from './customers.js';
import { keysCard } from './keys.js';
import { errorNote, field } from './parts.js';
import { settledPart } from './settled.js';

/** @import { App, Settling } from '../types.js' */

/** @type {[string, string][]} */
const PLATFORMS = [
  ['', 'None: a list is enough'],
  ['shopify', 'Shopify'],
  ['shopware', 'Shopware'],
  ['woocommerce', 'WooCommerce'],
];

/** @type {Record<string, string>} What a platform wants to know of the promotion its codes belong to. */
const PROMOTION_HINTS = {
  shopify: 'Begins with gid://shopify/. It is told when the discount is created; leave it empty the first time.',
  shopware: '32 hexadecimal digits of your choice; the same ones each time.',
};

/**
 * @param {App} app
 * @returns {HTMLElement}
 */
export function settleView(app) {
  const place = h('div', { class: 'settled' });
  const button = h('button', { type: 'button', class: 'button primary', on: { click: () => void run() } }, 'See who brought whom');

  /** What was shown is about something else now. */
  const changed = () => {
    Object.assign(app.settling, { result: undefined, approve: [], void: [] });
    fill(place);
  };

  const run = async () => {
    const { settling } = app;
    button.disabled = true;
    place.setAttribute('aria-busy', 'true');
    if (!settling.result) fill(place, h('p', { class: 'soft' }, 'Going through the orders, one by one …'));
    try {
      settling.result = await app.ask('settle', { request: settleRequest(app) });
      showResult();
      announce(`${plural(settling.result?.settled.referrals.length ?? 0, 'recommendation')} found.`);
    } catch (error) {
      settling.result = undefined;
      // A word that was not taken is not said again.
      settling.approve = [];
      settling.void = [];
      fill(place, refused(app, refusal(error)));
    }
    button.disabled = false;
    place.setAttribute('aria-busy', 'false');
  };

  const showResult = () => {
    const { result } = app.settling;
    if (!result) return;
    fill(
      place,
      settledPart(app, result, (id, approved) => {
        (approved ? app.settling.approve : app.settling.void).push(id);
        return run();
      }),
    );
  };
  showResult();

  return h(
    'section',
    { class: 'settle' },
    h('h1', {}, 'Who brought whom'),
    h('p', { class: 'soft' }, 'Whoever got a code from you may pass it on. Your orders say which friend came with it, whether the order was kept, and so what is owed to whom. Nothing is written to anybody, and nothing leaves this page.'),
    h(
      'div',
      { class: 'pair asked' },
      keysCard(app, {
        made: 'These keys were made in this page just now. If codes went out before, they were made with a key file of yours: give that one, or no code in these orders is known.',
        own: 'Your own key set is in use: codes made with it are known.',
        onChange: changed,
      }),
      booksCard(app, changed),
      codesCard(app, changed),
      rewardsCard(app, changed),
    ),
    h('div', { class: 'row' }, button),
    place,
  );
}

/** @param {App} app */
function settleRequest({ program, keys, now, settling }) {
  const { batch, books, codes, platform, promotionId, approve, void: turnedDown } = settling;
  return {
    programText: program,
    keysText: keys,
    now,
    batch,
    approve,
    void: turnedDown,
    ...(books && { booksText: books.text }),
    ...(codes && { codes: codes.list }),
    ...(platform && { platform }),
    ...(platform && promotionId && { promotionId }),
  };
}

/**
 * Why nothing came of it, with the way on where the studio has one.
 * @param {App} app
 * @param {import('../link.js').Refusal} why
 */
function refused(app, why) {
  if (why.path !== 'programText.referral.enabled') return errorNote(why, why.path.startsWith('booksText') ? 'These books were not taken' : 'This could not be told');
  return h(
    'section',
    { class: 'note' },
    h('h2', {}, 'Your programme asks nobody to recommend'),
    h('p', {}, 'Recommendations are switched off in it, so there is nothing to be owed. ', h('button', { type: 'button', class: 'link', on: { click: () => app.go('program') } }, 'Change the programme')),
  );
}

/**
 * @param {App} app
 * @param {() => void} changed
 */
function booksCard({ settling }, changed) {
  return given({
    title: 'The books of the last run',
    meaning: 'They say what was owed so far, so that nothing is owed twice. The first time there are none; afterwards give them every time.',
    none: 'None given: everything in these orders counts as new.',
    button: 'Open the books',
    accept: '.json',
    of: () => settling.books,
    take: async (name, text) => {
      settling.books = { name, text };
    },
    drop: () => {
      settling.books = undefined;
    },
    changed,
  });
}

/**
 * @param {App} app
 * @param {() => void} changed
 */
function codesCard(app, changed) {
  const { settling } = app;
  const batch = h('input', {
    type: 'number',
    min: 1,
    max: 4094,
    step: 1,
    value: settling.batch,
    inputmode: 'numeric',
    on: {
      change: () => {
        settling.batch = Number(batch.value);
        changed();
      },
    },
  });
  return given({
    title: 'The codes that went out',
    meaning: 'The list that “Codes” saved, or the one of “zugabe mint --for”. It says whose a code is, even when an earlier order is cancelled or missing by now.',
    none: 'None given: codes belong to orders as these were placed, first to last.',
    button: 'Open the list of codes',
    accept: '.csv,.jsonl,.ndjson,.json,.txt',
    of: () => settling.codes && { name: `${settling.codes.name}, ${plural(settling.codes.list.length, 'code')}` },
    take: async (name, text) => {
      settling.codes = { name, list: await app.ask('given', { text, programText: app.program, now: app.now }) };
    },
    drop: () => {
      settling.codes = undefined;
    },
    changed,
    more: field('Batch', batch, 'The number these codes were saved with.'),
  });
}

/**
 * @param {App} app
 * @param {() => void} changed
 */
function rewardsCard({ settling }, changed) {
  const promotion = h('div', { class: 'promotion' });
  const showPromotion = () => {
    const hint = PROMOTION_HINTS[settling.platform];
    const input = h('input', {
      type: 'text',
      value: settling.promotionId,
      spellcheck: 'false',
      autocomplete: 'off',
      on: {
        change: () => {
          settling.promotionId = input.value.trim();
          changed();
        },
      },
    });
    fill(promotion, hint && field('Id of the promotion', input, hint));
  };
  showPromotion();
  const platform = select(settling.platform, PLATFORMS, (value) => {
    settling.platform = value;
    settling.promotionId = '';
    showPromotion();
    changed();
  });
  return h(
    'div',
    { class: 'card' },
    h('h2', {}, 'The rewards'),
    h('p', { class: 'meaning' }, 'What is owed comes as a list, with a new code for every voucher; your shop system gets a file of these codes besides, in its own form.'),
    field('Shop system', platform),
    promotion,
  );
}

/**
 * A file that may be given, and taken away again.
 * @param {object} what
 * @param {string} what.title
 * @param {string} what.meaning
 * @param {string} what.none what holds without it
 * @param {string} what.button
 * @param {string} what.accept
 * @param {() => { name: string } | undefined} what.of
 * @param {(name: string, text: string) => Promise<void>} what.take
 * @param {() => void} what.drop
 * @param {() => void} what.changed
 * @param {HTMLElement} [what.more]
 */
function given({ title, meaning, none, button, accept, of, take, drop, changed, more }) {
  const id = newId('given');
  const state = h('div', { role: 'status', class: 'row' });
  const describe = () => {
    const there = of();
    fill(
      state,
      there ? h('strong', {}, there.name) : h('span', { class: 'soft' }, none),
      there &&
        h(
          'button',
          {
            type: 'button',
            class: 'link',
            on: {
              click: () => {
                drop();
                changed();
                describe();
                input.focus();
              },
            },
          },
          'Leave it out',
        ),
    );
  };
  const input = h('input', {
    type: 'file',
    id,
    accept,
    class: 'visually-hidden',
    on: {
      change: async () => {
        const file = input.files?.[0];
        if (!file) return;
        try {
          await take(file.name, await file.text());
          changed();
          describe();
        } catch (error) {
          describe();
          state.append(errorNote(refusal(error), 'This file was not taken'));
        }
        input.value = '';
      },
    },
  });
  describe();
  return h('div', { class: 'card' }, h('h2', {}, title), h('p', { class: 'meaning' }, meaning), state, h('div', { class: 'row' }, input, h('label', { for: id, class: 'button quiet' }, button)), more);
}
