/** What does the merchant see, and when? The studio's shell: it holds the state, asks the worker and swaps the views. */
import demoProgram from '../shop/program.json?raw';
import { announce, byId, fill, h } from './dom.js';
import { plural } from './format.js';
import { linkTo, Refused, refusal } from './link.js';
import { countSent } from './sent.js';
import { codesView } from './views/codes.js';
import { customersView } from './views/customers.js';
import { guestsView } from './views/guests.js';
import { landingView } from './views/landing.js';
import { overviewView } from './views/overview.js';
import { personView } from './views/person.js';
import { parse } from './text.js';
import { programView } from './views/program.js';
import { readingView } from './views/reading.js';
import { reportView } from './views/report.js';
import { settleView } from './views/settle.js';
import { valueView } from './views/value.js';

/** @import { App } from './types.js' */

/** The seed of the sample shop: any number makes a shop, this one is always the same shop. */
const SAMPLE_SEED = 7;

const TABS = [
  ['overview', 'Overview'],
  ['customers', 'Customers'],
  ['guests', 'Guests'],
  ['value', 'Lifetime value'],
  ['program', 'Programme'],
  ['codes', 'Codes'],
  ['settle', 'Who brought whom'],
  ['report', 'What was read'],
];

/** @type {Record<string, (app: App, detail: any) => HTMLElement>} */
const VIEWS = {
  overview: overviewView,
  customers: customersView,
  guests: guestsView,
  value: valueView,
  program: programView,
  codes: codesView,
  settle: settleView,
  report: reportView,
  person: personView,
};

const main = byId('main');
const tabs = byId('tabs');

// -- bytes sent ------------------------------------------------------------------------------------------------------

/** @typedef {import('./sent.js').Sent} Sent */
/** @type {Record<'page' | 'worker', Sent>} */
const sent = { page: { bytes: 0, attempts: 0, refused: 0 }, worker: { bytes: 0, attempts: 0, refused: 0 } };
countSent(window, (value) => {
  sent.page = value;
  showSent();
});

function showSent() {
  const sum = (/** @type {keyof Sent} */ key) => sent.page[key] + sent.worker[key];
  const bytes = sum('bytes');
  byId('sent-label').textContent = `${plural(bytes, 'byte')} sent`;
  byId('sent').classList.toggle('is-leaking', bytes > 0);
  const policy = document.querySelector('meta[http-equiv="Content-Security-Policy"]')?.getAttribute('content') ?? '';
  const sealed = policy.includes("connect-src 'none'");
  fill(
    byId('sent-note'),
    h('p', {}, 'Your orders stay on this computer. They are read inside this page; nothing is uploaded and nothing is stored.'),
    sealed
      ? h('p', {}, 'This page forbids itself to connect. Its policy says ', h('code', {}, "connect-src 'none'"), ', so your browser would refuse it a connection even if it tried.')
      : h('p', {}, 'This page was served with leave to fetch one export from its own server. It still sends nothing.'),
    h('p', { class: 'small' }, `Connections tried: ${sum('attempts')}. Refused by the browser: ${sum('refused')}.`),
  );
}
showSent();

document.addEventListener('click', (event) => {
  const note = /** @type {HTMLDetailsElement} */ (byId('sent'));
  if (note.open && event.target instanceof Node && !note.contains(event.target)) note.open = false;
});
document.addEventListener('keydown', (event) => {
  const note = /** @type {HTMLDetailsElement} */ (byId('sent'));
  if (event.key === 'Escape' && note.open) {
    note.open = false;
    note.querySelector('summary')?.focus();
  }
});

// -- the worker ------------------------------------------------------------------------------------------------------

/** @type {Promise<import('./link.js').Link> | undefined} */
let linked;

/** Starts the worker once; a failed start may be tried again. */
function link() {
  linked ??= import('./start-worker.js')
    .then(({ startWorker }) =>
      linkTo(
        startWorker(),
        (value) => {
          sent.worker = value;
          showSent();
        },
        () => {
          linked = undefined;
        },
      ),
    )
    .catch((error) => {
      linked = undefined;
      throw error;
    });
  return linked;
}

// -- the state -------------------------------------------------------------------------------------------------------

/** The demo shop's address beside this studio, when both came from a web server: a QR code leads to its friend's page. */
function demoShop() {
  const path = document.querySelector('meta[name="zugabe-shop"]')?.getAttribute('content');
  const url = path ? new URL(path, location.href) : undefined;
  return url?.protocol.startsWith('http') ? url.href : undefined;
}

/** The address that stands in the demo shop's programme for wherever that shop is. */
const DEMO_ADDRESS = 'https://teehaus.example/';

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';

/** @type {App} */
const app = {
  ask: async (op, args, onProgress) => (await link()).call(op, args, onProgress),
  cancel: () => void link().then((to) => to.cancel()),
  settings: { currency: '', timeZone: zone },
  files: [],
  mappings: [],
  pending: undefined,
  program: '',
  keys: '',
  keyState: { made: false, saved: false, used: false },
  now: new Date().toISOString(),
  switches: { moment: 'order_completed', locale: 'de', openProblem: false, objected: false, guest: false },
  query: { search: '', tier: '', stage: '', sort: 'value', offset: 0 },
  settling: { batch: 1, platform: '', promotionId: '', approve: [], void: [] },
  go,
  useKeys,
  async read(files, mappings = []) {
    app.pending = { files, mappings };
    await take('read', app.pending);
  },
  async readSample() {
    app.pending = { files: [], mappings: [] };
    await take('sample', { seed: SAMPLE_SEED, end: new Date().toISOString().slice(0, 10) });
  },
};

/** Counts readings, so that an answer that comes after a newer one was begun changes nothing. */
let reading = 0;

/**
 * Reads files or makes the sample, and shows what came of it.
 * @param {'read' | 'sample'} op
 * @param {object} args
 */
async function take(op, args) {
  reading += 1;
  const mine = reading;
  const view = readingView(app, op);
  show(view.element, 'reading');
  try {
    if (!app.keys) {
      app.keys = await app.ask('newKeys');
      app.keyState = { made: true, saved: false, used: false };
    }
    const result = await read(op, args, (state) => view.update(state));
    if (mine !== reading) return;
    keep(result);
    goOn();
    app.files = app.pending?.files ?? [];
    app.mappings = app.pending?.mappings ?? [];
    app.query = { search: '', tier: '', stage: '', sort: 'value', offset: 0 };
    await prepare(op);
    go('overview');
    announce(`${plural(result.summary.customers, 'customer')} read.`);
  } catch (error) {
    if (mine !== reading) return;
    const why = refusal(error);
    show(landingView(app, why.code === 'cancelled' ? undefined : why), 'landing');
  }
}

/**
 * Reads under the keys and settings as they are.
 * @param {'read' | 'sample'} op
 * @param {object} args
 * @param {(state: any) => void} [onProgress]
 */
async function read(op, args, onProgress) {
  // One present for everything that is shown of these orders: what chance decides hangs on it, and must not change
  // while a merchant compares.
  const now = new Date().toISOString();
  const { currency, timeZone } = app.settings;
  // The key set's own, so that the next visit and the tool call the same customer by the same name.
  const hashKey = await app.ask('emailKey', { keys: app.keys });
  const options = { timeZone, now, hashKey, keepNames: true, ...(currency && { currency }) };
  return { now, ...(await app.ask(op, { ...args, options }, onProgress)) };
}

/** Makes orders that were read those that everything is about. @param {any} result */
function keep({ now, report, summary }) {
  app.now = now;
  app.report = report;
  app.summary = summary;
  // What was found in other orders, or under other names, says nothing about these.
  Object.assign(app.settling, { approve: [], void: [], result: undefined });
}

/** The next export goes on with the books of the run that something was saved of. */
function goOn() {
  const { settling } = app;
  if (!settling.kept) return;
  const { text, saved } = settling.kept;
  settling.books = { name: saved ? 'The books you saved' : 'The books of the last run, which you have not saved', text };
  if (saved) settling.kept = undefined;
}

/**
 * Takes a key set of the merchant's own. Customers who are known by their address alone are called by names that hang on
 * the keys, so files are read again.
 * @param {string} text
 */
async function useKeys(text) {
  const before = app.keys;
  app.keys = text;
  reading += 1;
  const mine = reading;
  try {
    // A key set is only as good as the code it makes: it is tried before it is taken.
    await app.ask('codes', { request: { programText: app.program, keysText: text, now: app.now, batch: 1 } });
    if (app.report) {
      const result = await read('read', { files: app.files, mappings: app.mappings });
      if (mine === reading) keep(result);
    }
    app.keyState = { made: false, saved: true, used: false };
  } catch (error) {
    app.keys = before;
    throw error;
  }
}

/**
 * Makes what previews need: a programme, unless the merchant has written one.
 * @param {'read' | 'sample'} op
 */
async function prepare(op) {
  const summary = /** @type {import('./types.js').Summary} */ (app.summary);
  // What the merchant has written stays, unless it is about another currency than these orders.
  if (app.program === made || parse(app.program)?.shop?.currency !== summary.currency) {
    made = op === 'sample' ? demo() : await starter(summary.currency);
    app.program = made;
  }
}

/** The programme as it was made here; as long as it reads like this, the merchant has not touched it. */
let made = '';

/** The demo shop's own programme, at the address where it is. */
const demo = () => demoProgram.replaceAll(DEMO_ADDRESS, demoShop() ?? DEMO_ADDRESS);

/** @param {string} currency */
function starter(currency) {
  const shop = demoShop();
  const friendUrl = shop && new URL('friend.html', shop).href;
  return app.ask('starterProgram', {
    shop: { name: 'Your shop', currency, timeZone: app.settings.timeZone, locales: ['de', 'en'], ...(friendUrl && { friendUrl }) },
  });
}

// -- the views -------------------------------------------------------------------------------------------------------

/**
 * Goes to a view; the browser's back button comes back from it.
 * @param {string} view
 * @param {any} [detail]
 */
function go(view, detail) {
  const at = history.state?.view;
  const state = { view, detail };
  if (at === undefined) history.replaceState(state, '');
  else history.pushState(state, '');
  open(view, detail);
}

/**
 * @param {string} view
 * @param {any} [detail]
 */
function open(view, detail) {
  if (!app.summary || view === 'landing') {
    show(landingView(app), 'landing');
    return;
  }
  show(VIEWS[view](app, detail), view);
}

/**
 * Puts a view on the page.
 * @param {HTMLElement} element
 * @param {string} name
 */
function show(element, name) {
  const first = document.body.dataset.view === undefined;
  document.body.dataset.view = name;
  const inside = Boolean(app.summary) && name !== 'reading';
  tabs.hidden = !inside;
  if (inside) {
    fill(
      tabs,
      TABS.map(([view, label]) => {
        const here = view === name || (name === 'person' && view === 'customers');
        return h('button', { type: 'button', class: 'tab', 'aria-current': here ? 'page' : false, on: { click: () => go(view) } }, label);
      }),
    );
  }
  fill(main, element);
  window.scrollTo(0, 0);
  // Focus follows the view, so that a keyboard or a screen reader starts at its heading.
  const heading = element.querySelector('h1');
  if (heading && !first) {
    heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
  }
}

window.addEventListener('popstate', (event) => {
  if (event.state?.view) open(event.state.view, event.state.detail);
});
byId('home').addEventListener('click', () => {
  if (app.summary) go('overview');
  else show(landingView(app), 'landing');
});

// A file may be dropped anywhere, at any time: the whole page is the door.
let dragDepth = 0;
document.addEventListener('dragenter', (event) => {
  if (!event.dataTransfer?.types.includes('Files')) return;
  dragDepth += 1;
  document.body.classList.add('is-dragging');
});
document.addEventListener('dragleave', () => {
  dragDepth = Math.max(0, dragDepth - 1);
  if (dragDepth === 0) document.body.classList.remove('is-dragging');
});
document.addEventListener('dragover', (event) => event.preventDefault());
document.addEventListener('drop', (event) => {
  event.preventDefault();
  dragDepth = 0;
  document.body.classList.remove('is-dragging');
  const files = [...(event.dataTransfer?.files ?? [])];
  if (files.length > 0) void app.read(files);
});

window.addEventListener('beforeunload', (event) => {
  // Codes that went out can only be checked with their keys; leaving without them cannot be undone.
  const keysLost = app.keyState.used && !app.keyState.saved;
  // Rewards that went out stand in the books of their run alone: without them they would be owed again.
  const booksLost = app.settling.kept?.saved === false;
  if (keysLost || booksLost) event.preventDefault();
});

/**
 * `?orders=ADDRESS` opens an export from the same server; works only where the server allowed the page to connect.
 * @param {string[]} addresses
 */
async function openOrders(addresses) {
  try {
    await app.read(await Promise.all(addresses.map(fetchFile)));
  } catch (error) {
    const why = error instanceof Refused ? refusal(error) : { code: 'io', message: 'This page may not fetch an export here. Drop the file instead.', path: addresses.join(' ') };
    show(landingView(app, why), 'landing');
  }
}

/** @param {string} address */
async function fetchFile(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Refused({ code: 'io', message: `The export could not be fetched (${answer.status}). Drop the file here instead.`, path: address });
  return new File([await answer.blob()], decodeURIComponent(new URL(answer.url).pathname.split('/').pop() || 'orders'));
}

show(landingView(app), 'landing');
const orders = new URLSearchParams(location.search).getAll('orders');
if (orders.length > 0) void openOrders(orders);
// The engine is started while the merchant still looks for the file.
else requestIdleCallback(() => void app.ask('warm').catch(() => {}), { timeout: 1500 });
