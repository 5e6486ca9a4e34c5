/** What came of it? Totals, what to take along, what does not agree, and every recommendation with its reason. */
import { download, fill, h } from '../dom.js';
import { count, date, money, percent, plural, spoken } from '../format.js';
import { differenceSentence, recommendationState, RECOMMENDATION_STATES, signalWords } from '../words.js';
import { select } from './customers.js';
import { field, pager } from './parts.js';

/** @import { App, Difference, RewardCode, Settled, Settlement } from '../types.js' */

const PAGE = 50;

/** States that are told even when nobody is there; the others only when somebody is. */
const ALWAYS = ['pending', 'qualified', 'rewarded', 'rejected', 'flagged'];

/** @type {Record<string, [codes: string, terms: string]>} How a platform's files end. */
const FILES = {
  shopify: ['shopify.jsonl', 'shopify-discount.json'],
  shopware: ['shopware.csv', 'shopware-promotion.json'],
  woocommerce: ['woocommerce.csv', ''],
};

/**
 * @param {App} app
 * @param {{ settled: Settled, booksText: string }} result
 * @param {(id: string, approved: boolean) => Promise<void>} onWord what somebody says to a flagged one
 */
export function settledPart(app, { settled, booksText }, onWord) {
  if (settled.referrals.length === 0 && settled.totals.withCode === 0) return [nothing(app), settled.differences.length > 0 && differencesCard(settled)];
  return [totalsCard(settled), takeAlong(app, settled, booksText), differencesCard(settled), recommendations(app, settled, onWord)];
}

/** @param {App} app */
function nothing(app) {
  return h(
    'section',
    { class: 'note' },
    h('h2', {}, 'No code of yours is in these orders'),
    app.report
      ? h(
          'p',
          {},
          'Either nobody has come with one yet, or the codes were made with other keys or in another batch, or the export has no column of discount codes; “What was read” shows its columns. If none went out so far: ',
          h('button', { type: 'button', class: 'link', on: { click: () => app.go('codes') } }, 'give codes first'),
          '.',
        )
      : h('p', {}, 'The sample shop has not given out codes. In your own shop it begins with ', h('button', { type: 'button', class: 'link', on: { click: () => app.go('codes') } }, 'codes for your orders'), ': once friends come with them, the next export tells it here.'),
  );
}

// -- totals ----------------------------------------------------------------------------------------------------------

/** @param {Settled} settled */
function totalsCard({ totals, currency, referrals, now }) {
  const owed = referrals.reduce((sum, one) => sum + one.cost, 0);
  const states = Object.entries(RECOMMENDATION_STATES).filter(([id]) => ALWAYS.includes(id) || totals.states[id]);
  return h(
    'section',
    { class: 'card', 'aria-labelledby': 'totals-title' },
    h('h2', { id: 'totals-title' }, headline(totals.granted, totals.grantedCost, currency)),
    h(
      'p',
      { class: 'meaning' },
      `${plural(totals.withCode, 'order')} of ${count(totals.orders)} came with a code that somebody passed on: ${plural(referrals.length, 'recommendation')} up to ${date(now)}.`,
      totals.takenBack > 0 && ` ${plural(totals.takenBack, 'reward')} of earlier runs ${totals.takenBack === 1 ? 'was' : 'were'} taken back, ${money(totals.takenBackCost, currency)} in all.`,
    ),
    h(
      'dl',
      { class: 'state-totals' },
      states.map(([id, { name, note }]) =>
        h(
          'div',
          { class: `state-total is-${id}`, 'data-state': id },
          h('dt', {}, name),
          h('dd', { class: 'state-count' }, count(totals.states[id] ?? 0)),
          h('dd', { class: 'small' }, id === 'rewarded' && owed > 0 && h('strong', {}, `${money(owed, currency)}: `), h('span', { class: 'soft' }, note)),
        ),
      ),
    ),
  );
}

/**
 * @param {number} granted
 * @param {number} cost
 * @param {string} currency
 */
function headline(granted, cost, currency) {
  if (granted === 0) return 'Nothing new is owed.';
  return `${plural(granted, 'reward')} ${granted === 1 ? 'is' : 'are'} newly owed${cost > 0 ? `, ${money(cost, currency)} in all` : ''}.`;
}

// -- what to take along ----------------------------------------------------------------------------------------------

/**
 * @param {App} app
 * @param {Settled} settled
 * @param {string} booksText
 */
function takeAlong(app, settled, booksText) {
  const { rewards, takenBack, files = [] } = settled;
  const said = h('div', { role: 'status', class: 'small' });
  const say = (/** @type {string} */ sentence) => fill(said, h('p', {}, sentence));
  const save = (/** @type {string} */ name, /** @type {string} */ text, /** @type {string} */ type) => {
    download(name, text, type);
    const saved = app.settling.kept?.text === booksText && app.settling.kept.saved;
    app.settling.kept = { text: booksText, saved };
    say(`${name} is saved.${saved ? '' : ' Save the books, too: without them these rewards would be owed again.'}`);
  };
  const saveBooks = () => {
    download('zugabe-books.json', booksText, 'application/json');
    app.settling.kept = { text: booksText, saved: true };
    say('The books are saved as zugabe-books.json. The next export that you read here goes on with them; on another day give that file.');
  };
  const button = (/** @type {string} */ text, /** @type {() => void} */ click, primary = false) => h('button', { type: 'button', class: `button${primary ? ' primary' : ''}`, on: { click } }, text);
  const [codesEnd, termsEnd] = FILES[app.settling.platform] ?? ['csv', 'json'];
  const voided = takenBack.filter((one) => one.code);
  return h(
    'section',
    { class: 'card', 'aria-labelledby': 'take-title' },
    h('h2', { id: 'take-title' }, 'Take these along'),
    rewards.length > 0
      ? h('p', { class: 'meaning' }, `The rewards are a list: who gets what, and a code for every discount${files.length > 0 ? '; beside it the files that your shop system imports' : ''}.`)
      : h('p', { class: 'meaning' }, 'This run owes nothing new, so there are no rewards to save.'),
    h('p', { class: 'meaning' }, 'The books are what the next run goes on with. Keep the file as it is and give it again with your next export: then nothing is owed twice.'),
    h(
      'div',
      { class: 'row' },
      rewards.length > 0 && button(`Save ${plural(rewards.length, 'reward')} (CSV)`, () => save('zugabe-rewards.csv', rewardsCsv(rewards), 'text/csv'), true),
      files.map(({ promotion, codes, terms }) => [
        button(`Codes for import: ${promotionName(promotion)}`, () => save(`zugabe-${promotion}.${codesEnd}`, codes, 'text/plain')),
        terms ? button(`Promotion: ${promotionName(promotion)}`, () => save(`zugabe-${promotion}.${termsEnd}`, `${JSON.stringify(terms, null, 2)}\n`, 'application/json')) : null,
      ]),
      button('Save the books', saveBooks, rewards.length === 0),
    ),
    said,
    voided.length > 0 &&
      h(
        'details',
        { class: 'fold', open: voided.length <= 10 },
        h('summary', {}, `Taken back: switch ${voided.length === 1 ? 'this code' : 'these codes'} off in your shop`),
        h('ul', { class: 'finding-list', tabindex: 0, 'aria-label': 'Codes to switch off' }, voided.map((one) => h('li', {}, h('span', { class: 'mono' }, one.code), h('span', { class: 'small soft' }, `order ${one.order}, ${nameOf(one.who)}`)))),
      ),
  );
}

/** `referral-step5` as a merchant would say it. @param {string} promotion */
function promotionName(promotion) {
  const side = promotion.replace(/^referral-/, '');
  if (side === 'referrer') return 'those who recommend';
  if (side === 'friend') return 'friends';
  return side.replace(/^step(\d+)$/, 'for $1 friends');
}

/** The list as `zugabe settle --rewards` writes it. @param {RewardCode[]} rewards */
function rewardsCsv(rewards) {
  const head = 'reward,referral,order,side,who,kind,cost,code,expires_at';
  const lines = rewards.map((one) => [one.reward, one.referral, one.order, one.side, one.who, one.what.kind, String(one.cost), one.shownCode ?? '', one.expiresAt ?? ''].map(csvCell).join(','));
  return `${[head, ...lines].join('\n')}\n`;
}

/** Quoted where needed, and never a formula when a spreadsheet opens it. @param {string} text */
function csvCell(text) {
  const guarded = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[,"\n\r]/.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded;
}

// -- differences -----------------------------------------------------------------------------------------------------

/** @param {Settled} settled */
function differencesCard({ differences }) {
  return h(
    'section',
    { class: 'card', 'aria-labelledby': 'differences-title' },
    h('h2', { id: 'differences-title' }, 'Do orders and books agree?'),
    differences.length === 0
      ? h('p', { class: 'meaning' }, 'They do: every code that was redeemed was given out, to whoever used it, and no order is other than it was.')
      : [
          h('p', { class: 'meaning' }, `${plural(differences.length, 'difference')} to look at.`),
          h(
            'ul',
            { class: 'finding-list differences', tabindex: 0, 'aria-label': 'Differences' },
            differences.map((/** @type {Difference} */ one) =>
              h(
                'li',
                { class: 'finding warning', 'data-kind': one.kind },
                h('span', {}, differenceSentence(one.kind)),
                h('span', { class: 'small soft mono' }, [one.order && `order ${one.order}`, one.code && `code ${one.code}`, one.kind].filter(Boolean).join(' · ')),
              ),
            ),
          ),
        ],
  );
}

// -- every recommendation --------------------------------------------------------------------------------------------

/**
 * @param {App} app
 * @param {Settled} settled
 * @param {(id: string, approved: boolean) => Promise<void>} onWord
 */
function recommendations(app, settled, onWord) {
  const place = h('div', { class: 'list', 'aria-live': 'polite' });
  let state = '';
  let asked = 0;
  /** @type {Map<string, RewardCode[]>} */
  const fresh = new Map();
  for (const one of settled.rewards) fresh.set(one.referral, [...(fresh.get(one.referral) ?? []), one]);

  const load = async (/** @type {number} */ offset) => {
    asked += 1;
    const mine = asked;
    const all = settled.referrals.filter((one) => state === '' || one.state === state);
    const shown = all.slice(offset, offset + PAGE);
    /** @type {Record<string, string | undefined>} */
    const placed = await app.ask('placed', { orders: shown.flatMap((one) => one.order ?? []) }).catch(() => ({}));
    if (mine !== asked) return;
    fill(
      place,
      table(shown.map((one) => line(app, one, settled, fresh.get(one.id) ?? [], placed[one.order ?? ''], onWord))),
      pager({
        offset,
        limit: PAGE,
        total: all.length,
        of: 'recommendations',
        go: (to) => {
          void load(to);
          section.scrollIntoView();
        },
      }),
    );
  };

  const states = Object.keys(RECOMMENDATION_STATES).filter((id) => settled.totals.states[id]);
  const options = [['', `All ${count(settled.referrals.length)}`], ...states.map((id) => [id, `${recommendationState(id)}: ${count(settled.totals.states[id])}`])];
  const filter = select('', options, (value) => {
    state = value;
    void load(0);
  });
  const section = h('section', { class: 'card', 'aria-labelledby': 'each-title' }, h('h2', { id: 'each-title' }, 'One by one'), h('div', { class: 'filters two' }, field('State', filter)), place);
  void load(0);
  return section;
}

/** @param {HTMLElement[]} rows */
function table(rows) {
  // Roles are said, because small screens lay the table out as a list.
  return h(
    'table',
    { class: 'gets-table each-table', role: 'table', 'aria-label': 'Recommendations' },
    h('thead', { role: 'rowgroup' }, h('tr', { role: 'row' }, ['Who recommended', 'Friend’s order', 'State', 'When', 'Reward', 'Why'].map((text) => h('th', { scope: 'col', role: 'columnheader' }, text)))),
    h('tbody', { role: 'rowgroup' }, rows),
  );
}

/**
 * @param {App} app
 * @param {Settlement} one
 * @param {Settled} settled
 * @param {RewardCode[]} rewards granted in this run
 * @param {string | undefined} placed when the order was placed
 * @param {(id: string, approved: boolean) => Promise<void>} onWord
 */
function line(app, one, settled, rewards, placed, onWord) {
  const cell = (/** @type {string} */ label, /** @type {import('../dom.js').Child[]} */ ...content) => h('td', { role: 'cell', 'data-label': label }, h('div', {}, ...content));
  const word = (/** @type {string} */ text, /** @type {boolean} */ approved) => h('button', { type: 'button', class: 'button quiet', 'aria-label': `${text}: order ${one.order ?? ''}`, on: { click: () => void onWord(one.id, approved) } }, text);
  return h(
    'tr',
    { role: 'row', 'data-referral': one.id, 'data-state': one.state },
    h('th', { scope: 'row', role: 'rowheader' }, person(app, one.referrer), h('span', { class: 'small soft mono' }, one.code)),
    cell('Friend’s order', one.order ? h('strong', {}, one.order) : h('span', { class: 'soft' }, 'none paid'), one.friend && h('span', { class: 'small soft' }, 'by ', person(app, one.friend))),
    cell('State', h('span', { class: `chip state-${one.state}` }, recommendationState(one.state))),
    cell('When', placed && h('span', {}, `ordered ${date(placed)}`), one.dueAt && h('span', { class: 'small soft' }, `certain ${one.dueAt > settled.now ? 'from' : 'since'} ${date(one.dueAt)}`)),
    cell('Reward', rewards.length > 0 ? rewards.map((reward) => h('span', {}, h('strong', {}, rewardWords(reward, settled.currency)), reward.side === 'friend' && h('span', { class: 'small soft' }, ' for the friend'), reward.shownCode && [' ', h('span', { class: 'mono soft' }, reward.shownCode)])) : earlier(one, settled.currency)),
    cell(
      'Why',
      h('span', {}, one.why),
      one.signals && one.signals.length > 0 && h('span', { class: 'small soft' }, `Seen: ${one.signals.map(signalWords).join('; ')}.`),
      one.state === 'flagged' && h('span', { class: 'row' }, word('Approve', true), word('Turn down', false)),
    ),
  );
}

/**
 * A reward of an earlier run: the books keep what it costs.
 * @param {Settlement} one
 * @param {string} currency
 */
function earlier(one, currency) {
  if (one.state !== 'rewarded') return h('span', { class: 'soft' }, ['claimed', 'pending', 'flagged'].includes(one.state) || one.reason === 'budget_exhausted' ? 'not yet' : 'none');
  return [h('span', {}, one.cost > 0 ? money(one.cost, currency) : 'granted'), h('span', { class: 'small soft' }, 'in an earlier run')];
}

/**
 * @param {RewardCode} reward
 * @param {string} currency
 */
function rewardWords({ what }, currency) {
  if (what.kind === 'gift') return what.gift ? spoken(what.gift) : 'A gift';
  const amount = what.amount === undefined ? percent(what.percentBp ?? 0) : money(what.amount, currency);
  return what.kind === 'credit' ? `${amount} credit` : `${amount} off`;
}

/** A customer's number without the mark that says it is one. @param {string} who */
const nameOf = (who) => who.replace(/^[ce]:/, '');

/**
 * Who it is, with the way to that customer's page.
 * @param {App} app
 * @param {string} who
 */
function person(app, who) {
  const id = nameOf(who);
  if (!who.startsWith('c:')) return h('span', { class: 'who' }, id);
  const open = async () => {
    const { row } = await app.ask('customer', { id });
    if (row) app.go('person', { customer: row });
  };
  return h('button', { type: 'button', class: 'link who', on: { click: () => void open().catch(() => {}) } }, id);
}
