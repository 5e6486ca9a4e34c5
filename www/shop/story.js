/** A recommendation from the link to the reward: this page asks the shop's server, and the shop's server asks the backend. */
import { locale } from './page.js';

/** @typedef {{ id: string, who: 'anna' | 'ben', total: number, off: number, refunded?: true }} Order */
/** @typedef {{ now: string, ahead: number, orders: Order[], code: string, link: string, referral?: { state: string, reason?: string, granted: number } }} State */

const WORDS = {
  de: {
    none: 'Noch niemand ist auf Annas Empfehlung gekommen.',
    pending: 'Vorgemerkt: Ben kann noch zurückgeben, also bekommt Anna noch nichts.',
    flagged: 'Da muss erst jemand hinsehen.',
    qualified: 'Die Frist ist um: Anna steht etwas zu.',
    rewarded: 'Bens Bestellung steht fest. Anna bekommt eine Probe vom ersten Darjeeling.',
    rejected: 'Ben hat alles zurückbekommen. Anna bekommt nichts, und Ben schuldet ihr nichts.',
    reversed: 'Anna hatte ihre Probe schon zugesagt; die Zusage ist zurückgenommen, und beides steht in den Büchern.',
    ben: 'Bens Bestellung: ',
  },
  en: {
    none: 'Nobody has come on Anna’s recommendation yet.',
    pending: 'Noted: Ben can still return his order, so Anna gets nothing yet.',
    flagged: 'Somebody has to look at this first.',
    qualified: 'The time is up: Anna is owed something.',
    rewarded: 'Ben’s order is certain. Anna gets a sample of the first Darjeeling.',
    rejected: 'Ben got everything back. Anna gets nothing, and Ben owes her nothing.',
    reversed: 'Anna’s sample had been granted; the grant is taken back, and both stand in the books.',
    ben: 'Ben’s order: ',
  },
}[locale];

/** @param {string} selector @returns {HTMLElement} */
const at = (selector) => /** @type {HTMLElement} */ (document.querySelector(selector));
const code = /** @type {HTMLInputElement} */ (at('[data-code]'));

/** @param {string} action @param {object} [body] @returns {Promise<{ refused?: string, state: State } | undefined>} */
async function ask(action, body = {}) {
  try {
    const response = await fetch(`/demo/${action}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
    return response.ok ? await response.json() : undefined;
  } catch {
    return undefined;
  }
}

/** @param {{ refused?: string, state: State } | undefined} answer */
function show(answer) {
  at('[data-absent]').hidden = answer !== undefined;
  at('[data-story]').hidden = answer === undefined;
  if (!answer) return;
  const { refused, state } = answer;
  const day = new Intl.DateTimeFormat(locale, { dateStyle: 'long' });
  const amount = new Intl.NumberFormat(locale, { style: 'currency', currency: 'EUR' });
  const anna = state.orders.some(({ who }) => who === 'anna');
  const ben = state.orders.find(({ who, off }) => who === 'ben' && off > 0);
  const link = /** @type {HTMLAnchorElement} */ (at('[data-link]'));
  at('[data-anna]').hidden = !state.link;
  if (state.link) {
    link.href = state.link;
    link.textContent = state.link;
    link.search = locale === 'en' ? '?locale=en' : '';
  }
  if (!code.value) code.value = state.code;
  at('[data-ben]').hidden = !ben;
  if (ben) at('[data-ben]').textContent = WORDS.ben + amount.format(ben.total / 100);
  at('[data-refused]').hidden = !refused;
  at('[data-now]').textContent = day.format(new Date(state.now));
  at('[data-now]').setAttribute('datetime', state.now.slice(0, 10));
  const kind = /** @type {keyof typeof WORDS} */ (state.referral?.state ?? 'none');
  const told = at('[data-state]');
  told.textContent = WORDS[kind] ?? kind;
  told.dataset.state = kind;
  const able = { 'buy-anna': !anna, 'buy-ben': anna && !ben, clock: true, refund: Boolean(ben && !ben.refunded), reset: true };
  for (const [name, is] of Object.entries(able)) /** @type {HTMLButtonElement} */ (at(`[data-do="${name}"]`)).disabled = !is;
}

/** @type {State | undefined} */
let known;
/** @type {Record<string, () => Promise<{ refused?: string, state: State } | undefined>>} */
const deeds = {
  'buy-anna': () => ask('buy', { who: 'anna' }),
  'buy-ben': () => ask('buy', { who: 'ben', code: code.value }),
  clock: () => ask('clock', { days: 31 }),
  refund: () => ask('refund', { order: known?.orders.find(({ who }) => who === 'ben')?.id }),
  reset: () => {
    code.value = '';
    return ask('reset');
  },
};

for (const button of /** @type {NodeListOf<HTMLButtonElement>} */ (document.querySelectorAll('[data-do]'))) {
  button.addEventListener('click', async () => {
    const answer = await deeds[button.dataset.do ?? '']();
    known = answer?.state ?? known;
    show(answer);
  });
}

const first = await ask('state');
known = first?.state;
show(first);
// Whoever comes from the friend's page brings the code along, behind the #.
if (location.hash.length > 1) code.value = decodeURIComponent(location.hash.slice(1));
