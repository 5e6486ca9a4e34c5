/** The elements in Chromium, state by state: by mouse, by keyboard alone, with axe, at 280 pixels and at 400 % zoom, under a strict policy. */
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { AxeBuilder } from '@axe-core/playwright';
import jsqr from 'jsqr';
import { decide, mint, newKeys, publish, starterProgram } from '../../js/node.js';
import { renderThanks } from '../../js/render.js';
import { root } from '../../scripts/shell.mjs';
import { launch, serve } from './helpers.mjs';

const NOW = '2026-11-23T10:05:00Z';
const CODE = '03VC1S2Q4HX0';
const LINK = `https://teehaus.example/f#${CODE}`;
/** Pictures of every state land here when asked for, to be looked at. */
const PICTURES = process.env.ZUGABE_PICTURES;

/** @type {any} */
const POLICY = publish(
  starterProgram({ name: 'Teehaus am Markt', currency: 'EUR', timeZone: 'Europe/Berlin', locales: ['de', 'en'] }),
  undefined,
  { now: NOW },
);

const LABELS = {
  ...{ accept: 'Gerne', accepted: 'Schön. Wir legen es bei.', again: 'Nochmal versuchen', copy: 'Code kopieren', copied: 'Code kopiert' },
  ...{ share: 'Link kopieren', link_copied: 'Link kopiert', share_with: 'Teilen', whatsapp: 'WhatsApp', mail: 'E-Mail', qr: 'QR-Code' },
  ...{ share_text: 'Schau mal, das Teehaus am Markt:', share_subject: 'Teehaus am Markt', decline: 'Nein danke', declined: 'In Ordnung.' },
  ...{ open: 'Ansehen', why: 'Warum sehe ich das?', contact: 'Fragen? hallo@teehaus.example', greeting: 'Danke, Anna.' },
};
const DECISION = {
  ...{ v: 1, policy: 'sha256-x', reason: 'TARGETING_MATCH', locale: 'de', steps: [], rejected: [], labels: LABELS },
  main: {
    ...{ option: 'guide', kind: 'guide', purpose: 'retain', url: '/guide' },
    text: { headline: 'Ein Leitfaden als Dankeschön', body: 'Tee aufgießen, in Ruhe. Einfach so.', why: 'Weil du gerade bestellt hast. Kein Profil wurde verwendet.' },
  },
  beside: {
    ...{ option: 'recommend', kind: 'referral', purpose: 'acquire', code: CODE, shownCode: '03VC-1S2Q-4HX0', link: LINK },
    text: { headline: 'Magst du uns weiterempfehlen?', body: 'Teile deinen Link selbst, wir schreiben niemandem.', conditions: 'Für die erste Bestellung, ab 40,00 €, bis 22. Januar 2027.', notice: 'Dieser Rabatt wurde automatisch für dich berechnet.', why: 'Weil du gerade bestellt hast.' },
  },
};
/** A gift without link and code: somebody has to hear that she wants it. */
const SERVICE = { ...DECISION, main: { ...DECISION.main, option: 'advice', kind: 'service', url: undefined }, beside: undefined };

/** @type {{ url: string, close: () => Promise<void> }} */
let site;
/** @type {import('playwright-core').Browser} */
let browser;

before(async () => {
  site = await serve(root, { csp: 'none' });
  browser = await launch();
  if (PICTURES) mkdirSync(PICTURES, { recursive: true });
});

after(async () => {
  await browser?.close();
  await site?.close();
});

/**
 * A page around the elements, with a policy that lets nothing through but the package.
 * @param {string} body
 * @param {import('playwright-core').BrowserContextOptions & { wasm?: boolean, style?: string, set?: Record<string, unknown>, policy?: any, prepare?: (page: import('playwright-core').Page) => Promise<unknown> }} [options]
 */
async function open(body, { wasm = true, style = '', set, policy = POLICY, prepare, ...options } = {}) {
  const context = await browser.newContext({ permissions: ['clipboard-read', 'clipboard-write'], locale: 'de-DE', reducedMotion: 'reduce', ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  const books = { requests: /** @type {string[]} */ ([]), errors: /** @type {string[]} */ ([]), said: /** @type {string[]} */ ([]) };
  page.on('request', (request) => books.requests.push(request.url()));
  page.on('pageerror', (error) => books.errors.push(error.message));
  page.on('console', (message) => void (['info', 'warning'].includes(message.type()) && books.said.push(message.text())));
  await page.addInitScript(() => {
    const events = /** @type {any[]} */ ([]);
    Object.assign(window, { events });
    for (const name of ['shown', 'revealed', 'copied', 'shared', 'claimed', 'declined', 'failed']) {
      addEventListener(`zugabe-${name}`, (event) => {
        const { decision, offer, insert, ...detail } = /** @type {CustomEvent} */ (event).detail;
        events.push([name, detail]);
      });
    }
  });
  await page.route('**/policy.json', (route) => route.fulfill({ json: policy }));
  await page.route('**/fixture.css', (route) => route.fulfill({ contentType: 'text/css', body: `body { margin: 0; padding: 8px; font-family: sans-serif; } ${style}` }));
  await page.route('**/fixture.html', (route) =>
    route.fulfill({
      contentType: 'text/html; charset=utf-8',
      headers: {
        'content-security-policy': `default-src 'none'; script-src 'self'${wasm ? " 'wasm-unsafe-eval'" : ''}; style-src 'self' 'nonce-server'; connect-src 'self'; require-trusted-types-for 'script'; trusted-types 'none'`,
      },
      body: `<!doctype html><html lang="de"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Fixture</title><link rel="stylesheet" href="/fixture.css"></head><body><main><h1>Danke</h1>${body}</main></body></html>`,
    }),
  );
  await prepare?.(page);
  await page.goto(`${site.url}/fixture.html`);
  const define = () => page.evaluate((url) => void import(url), `${site.url}/js/element/index.js`);
  if (set) await page.evaluate((set) => Object.assign(/** @type {object} */ (document.querySelector('zugabe-thanks, zugabe-friend, zugabe-insert')), set), set);
  await define();
  return { page, ...books, close: () => context.close() };
}

/** @param {import('playwright-core').Page} page @param {string} [state] */
const reach = (page, state = 'shown') =>
  page.waitForFunction((state) => /** @type {any} */ (document.querySelector('zugabe-thanks, zugabe-friend, zugabe-insert'))?.state === state, state);
/** @param {import('playwright-core').Page} page @returns {Promise<[string, any][]>} */
const eventsOf = (page) => page.evaluate(() => /** @type {any} */ (window).events);
/** @param {import('playwright-core').Page} page @param {string} name */
const heard = (page, name) => page.waitForFunction((name) => /** @type {any} */ (window).events.some((/** @type {any} */ [heard]) => heard === name), name);

/**
 * No violation, nothing wider than the page, and a picture if wanted.
 * @param {import('playwright-core').Page} page
 * @param {string} name
 */
async function sound(page, name) {
  if (PICTURES) await page.screenshot({ path: join(PICTURES, `${name}.png`), fullPage: true });
  const { violations } = await new AxeBuilder({ page }).analyze();
  assert.deepEqual(violations.map(({ id, nodes }) => `${name} ${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`).join(' | ')}`), []);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.ok(wide <= 0, `${name} is ${wide} px too wide`);
}

const FALLBACK = '<zugabe-thanks policy="policy.json" order-id="1" order-total="4890" currency="EUR" code="03VC1S2Q4HX0"><p>Danke für deine Bestellung.</p></zugabe-thanks>';
/** @param {import('playwright-core').Page} page */
const fallbackStands = async (page) => {
  assert.ok(await page.getByText('Danke für deine Bestellung.').isVisible());
  assert.equal(await page.locator('zugabe-thanks [part~=card]').count(), 0);
};

// --- When something fails

test('while the core is on its way the words of the theme are there, however slow the network', async () => {
  /** @type {() => void} */
  let arrive = () => {};
  const arrived = new Promise((done) => (arrive = () => done(undefined)));
  const { page, close } = await open(FALLBACK, { prepare: (page) => page.route('**/*.wasm', async (route) => (await arrived, route.continue())) });
  await reach(page, 'waiting');
  await page.waitForTimeout(300);
  await fallbackStands(page);
  await sound(page, 'loading');
  arrive();
  await reach(page);
  await close();
});

for (const [title, how] of /** @type {[string, any][]} */ ([
  ['a policy forbids WebAssembly', { wasm: false }],
  ['the browser has no WebAssembly', { prepare: (/** @type {any} */ page) => page.addInitScript(() => Reflect.deleteProperty(globalThis, 'WebAssembly')) }],
  ['the wasm is missing', { prepare: (/** @type {any} */ page) => page.route('**/*.wasm', (/** @type {any} */ route) => route.fulfill({ status: 404 })) }],
  ['the wasm is not the one that was built', { prepare: (/** @type {any} */ page) => page.route('**/*.wasm', async (/** @type {any} */ route) => { const response = await route.fetch(); const body = await response.body(); body[body.length - 1] ^= 1; await route.fulfill({ response, body }); }) }],
])) {
  test(`where ${title}, the core comes as plain JavaScript and says so in one line`, async () => {
    const { page, requests, errors, said, close } = await open(FALLBACK, how);
    await reach(page);
    assert.equal(await page.locator('zugabe-thanks .code').first().innerText(), '03VC-1S2Q-4HX0');
    assert.equal(said.filter((line) => line.startsWith('zugabe: the core runs as plain JavaScript')).length, 1, said.join('\n'));
    assert.equal(requests.filter((url) => url.endsWith('zugabe_plain.js')).length, 1);
    if (how.wasm === false) assert.ok(!requests.some((url) => url.endsWith('.wasm')), 'what may not run is not loaded');
    assert.deepEqual(errors, []);
    await sound(page, `plain-${title.replaceAll(' ', '-')}`);
    await close();
  });
}

test('where WebAssembly runs, the plain core is not loaded', async () => {
  const { page, requests, said, close } = await open(FALLBACK);
  await reach(page);
  assert.ok(requests.some((url) => url.endsWith('.wasm')));
  assert.ok(!requests.some((url) => url.includes('plain')));
  assert.deepEqual(said, []);
  await close();
});

for (const [title, pattern, wasm, code] of /** @type {[string, RegExp, boolean, string][]} */ ([
  ['WebAssembly is forbidden and the plain core is missing', /plain/, false, 'wasm_blocked'],
  ['the network is gone after the page', /\.wasm|plain|policy\.json/, true, 'wasm_unavailable'],
  ['the policy is gone', /policy\.json/, true, 'io'],
  ['the glue is gone, and the plain core with it', /zugabe_page\.js|plain/, true, 'wasm_unavailable'],
])) {
  test(`where ${title}, the theme stays whole and the console says one line`, async () => {
    const { page, said, errors, close } = await open(FALLBACK, { wasm, prepare: (page) => page.route(pattern, (route) => route.abort()) });
    await reach(page, 'failed');
    await fallbackStands(page);
    const [[name, detail]] = await eventsOf(page);
    assert.equal(name, 'failed');
    assert.ok([code, 'io'].includes(detail.code), detail.code);
    assert.equal(said.length, 1, said.join('\n'));
    assert.match(said[0], /^zugabe-thanks: .{20,}/);
    assert.deepEqual(errors, []);
    await sound(page, `failed-${code}-${wasm}`);
    await close();
  });
}

test('a server that refuses to stream or labels wrongly costs nothing but the streaming', async () => {
  for (const how of ['label', 'stream']) {
    const { page, requests, close } = await open(FALLBACK, {
      prepare: (page) =>
        how === 'stream'
          ? page.addInitScript(() => (WebAssembly.compileStreaming = () => Promise.reject(new TypeError('refused'))))
          : page.route('**/*.wasm', async (route) => route.fulfill({ response: await route.fetch(), contentType: 'text/plain' })),
    });
    await reach(page);
    assert.ok(!requests.some((url) => url.includes('plain')), how);
    await close();
  }
});

// --- What a shopper can do

test('offer, by mouse: take, copy, share four ways, see the QR code, ask why, decline', async () => {
  const { page, errors, close } = await open('<zugabe-thanks></zugabe-thanks>', { set: { decision: DECISION }, viewport: { width: 900, height: 900 } });
  await reach(page);
  await sound(page, 'offer-wide');
  const element = page.locator('zugabe-thanks');
  for (const shown of ['Für die erste Bestellung, ab 40,00 €, bis 22. Januar 2027.', 'Dieser Rabatt wurde automatisch für dich berechnet.']) {
    assert.ok(await element.getByText(shown).isVisible(), `${shown} without a click`);
  }
  await page.getByRole('button', { name: 'Code kopieren' }).click();
  await heard(page, 'copied');
  await page.getByRole('button', { name: 'Link kopieren' }).click();
  await heard(page, 'shared');
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), LINK);
  const text = encodeURIComponent(`${LABELS.share_text} ${LINK}`);
  assert.equal(await page.getByRole('link', { name: 'WhatsApp' }).getAttribute('href'), `https://wa.me/?text=${text}`);
  assert.equal(await page.getByRole('link', { name: 'WhatsApp' }).getAttribute('rel'), 'noopener noreferrer');
  assert.equal(await page.getByRole('link', { name: 'E-Mail' }).getAttribute('href'), `mailto:?subject=${encodeURIComponent('Teehaus am Markt')}&body=${text}`);
  await page.getByRole('button', { name: 'QR-Code' }).click();
  await heard(page, 'revealed');
  assert.equal(await readQr(page), LINK);
  await sound(page, 'offer-qr');
  await page.locator('summary').click();
  assert.ok(await page.getByText('Kein Profil wurde verwendet.').isVisible());
  assert.ok(await page.getByText('hallo@teehaus.example').isVisible());
  await sound(page, 'offer-why');
  await page.locator('[part~=beside]').getByRole('button', { name: 'Nein danke' }).click();
  await sound(page, 'declined');
  const kinds = (await eventsOf(page)).map(([name, { by, what }]) => [name, by ?? what].filter(Boolean).join(' '));
  assert.deepEqual(kinds, ['shown', 'copied', 'shared link', 'revealed qr', 'revealed why', 'declined']);
  assert.deepEqual(errors, []);
  await close();
});

test('where the device has a share sheet, that is what the button opens, and closing it is no failure', async () => {
  const { page, errors, close } = await open('<zugabe-thanks></zugabe-thanks>', {
    set: { decision: DECISION },
    prepare: (page) =>
      page.addInitScript(() => {
        const shared = /** @type {any[]} */ ([]);
        Object.assign(window, { shared });
        Object.assign(Navigator.prototype, {
          canShare: () => true,
          share: async (/** @type {any} */ data) => void (shared.push(data) === 2 && (() => { throw new DOMException('closed', 'AbortError'); })()),
        });
      }),
  });
  await reach(page);
  await page.getByRole('button', { name: 'Teilen' }).click();
  await page.getByRole('button', { name: 'Teilen' }).click();
  await heard(page, 'shared');
  assert.deepEqual(await page.evaluate(() => /** @type {any} */ (window).shared[0]), { url: LINK, text: LABELS.share_text });
  assert.deepEqual((await eventsOf(page)).filter(([name]) => name === 'shared'), [['shared', { option: 'recommend', url: LINK, by: 'sheet' }]]);
  await page.getByRole('button', { name: 'Link kopieren' }).click();
  await sound(page, 'offer-share-sheet');
  assert.deepEqual(errors, []);
  await close();
});

test('everything can be reached and done with the keyboard alone, in reading order, and focus is never lost', async () => {
  const { page, close } = await open('<zugabe-thanks></zugabe-thanks><a href="#end">Ende</a>', { set: { decision: DECISION } });
  await reach(page);
  const focused = () => page.evaluate(() => document.activeElement?.shadowRoot?.activeElement?.textContent ?? document.activeElement?.textContent);
  const seen = [];
  for (let step = 0; step < 20; step += 1) {
    await page.keyboard.press('Tab');
    const name = await focused();
    if (name === 'Ende') break;
    seen.push(name?.trim());
    assert.equal(await page.evaluate(() => { const inner = document.activeElement?.shadowRoot?.activeElement; return inner && getComputedStyle(inner).outlineStyle; }), 'solid', `${name} shows its focus`);
  }
  assert.deepEqual(seen, ['Ansehen', 'Nein danke', 'teehaus.example/f#03VC1S2Q4HX0', 'Link kopieren', 'Nein danke', 'Code kopieren', 'WhatsApp', 'E-Mail', 'QR-Code', 'Warum sehe ich das?']);
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Enter');
  assert.ok(await page.getByText('Kein Profil wurde verwendet.').isVisible());
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Space');
  await page.locator('[part~=qr]').waitFor();
  assert.equal(await focused(), 'QR-Code');
  await page.keyboard.press('Enter');
  assert.ok(!(await page.locator('[part~=qr]').isVisible()), 'the same key hides it');
  for (let step = 0; step < 4; step += 1) await page.keyboard.press('Shift+Tab');
  assert.equal(await focused(), 'Nein danke');
  await page.keyboard.press('Enter');
  assert.equal(await focused(), 'In Ordnung.', 'focus goes where the answer is');
  await close();
});

test('a gift without link and code is offered for taking only where somebody listens', async () => {
  const { page, close } = await open('<zugabe-thanks></zugabe-thanks>', { set: { decision: SERVICE } });
  await reach(page);
  assert.equal(await page.getByRole('button').count(), 0, 'nobody asks what nobody hears');
  await page.evaluate(() => {
    const answers = [false, true];
    Object.assign(/** @type {object} */ (document.querySelector('zugabe-thanks')), { claim: async () => answers.shift() });
  });
  const take = page.getByRole('button', { name: 'Gerne' });
  await take.waitFor();
  await sound(page, 'claim');
  const look = await page.locator('[part~=actions] > *').evaluateAll((buttons) => buttons.map((button) => { const { width, height } = button.getBoundingClientRect(); const { color, backgroundColor, fontWeight } = getComputedStyle(button); return JSON.stringify([Math.round(width), Math.round(height), color, backgroundColor, fontWeight]); }));
  assert.equal(new Set(look).size, 1, `taking and declining look alike: ${look}`);
  await take.click();
  await page.getByRole('button', { name: 'Nochmal versuchen' }).click();
  await page.getByText('Schön. Wir legen es bei.').waitFor();
  assert.deepEqual((await eventsOf(page)).filter(([name]) => name === 'claimed'), [['claimed', { option: 'advice', kind: 'service' }]]);
  await sound(page, 'accepted');
  await close();
});

test('the states hold at 280 pixels, at 400 % zoom, in the dark and with the system in charge of colours', async () => {
  /** @type {[string, import('playwright-core').BrowserContextOptions][]} */
  const ways = [
    ['280', { viewport: { width: 280, height: 700 } }],
    ['zoom-400', { viewport: { width: 320, height: 256 }, deviceScaleFactor: 4 }],
    ['dark', { colorScheme: 'dark', viewport: { width: 700, height: 900 } }],
    ['forced-colors', { forcedColors: 'active', viewport: { width: 700, height: 900 } }],
  ];
  for (const [name, options] of ways) {
    const { page, close } = await open('<zugabe-thanks></zugabe-thanks>', { ...options, style: ':root { color-scheme: light dark; }', set: { decision: DECISION } });
    await reach(page);
    await page.getByRole('button', { name: 'QR-Code' }).click();
    await page.locator('[part~=qr]').waitFor();
    await sound(page, `offer-${name}`);
    await close();
  }
});

// --- The words as they are delivered

/** Every language the texts exist in. */
const LOCALES = ['de', 'en', 'fr', 'es'];

for (const locale of LOCALES) {
  test(`in ${locale} the words as delivered bring share sheet, WhatsApp, mail, link, QR code, conditions and the notice on a personal price`, async () => {
    const [{ code }] = mint(newKeys(), { batch: 2, start: 0, count: 1 });
    const program = {
      ...{ zugabe: 1, shop: { name: 'Teehaus am Markt', currency: 'EUR', timeZone: 'Europe/Berlin', locales: [locale], friendUrl: 'https://teehaus.example/f', contact: 'hallo@teehaus.example' } },
      options: [{ id: 'next-time', kind: 'discount', promotion: { amount: 500, minimumOrder: 5000, days: 60 } }],
      referral: { friend: { amount: 500, minimumOrder: 4000, days: 60 } },
    };
    const policy = /** @type {any} */ (publish(program, undefined, { now: NOW }));
    const words = policy.texts[locale];
    const label = (/** @type {string} */ name) => words[`label.${name}`] ?? assert.fail(`${locale} has no label.${name}`);
    const decision = decide(policy, {
      ...{ v: 1, now: NOW, locale, moment: { type: 'order_completed', at: NOW }, subject: { id: 'c1', identity: 'login', name: 'Ana Núñez' } },
      ...{ facts: { tier: 'premium', stage: 'relationship', orderNumber: 7, code: CODE, codes: { 'next-time': code } }, state: { sent: { page: 0 } } },
      order: { id: '1', currency: 'EUR', subtotal: 4890, parcel: true },
    });
    const { page, errors, close } = await open('<zugabe-thanks></zugabe-thanks>', {
      set: { decision },
      viewport: { width: 400, height: 900 },
      prepare: (page) => page.addInitScript(() => Object.assign(Navigator.prototype, { canShare: () => true, share: async (/** @type {unknown} */ data) => void Object.assign(window, { shared: data }) })),
    });
    await reach(page);
    const [main, beside] = [page.locator('[part~=main]'), page.locator('[part~=beside]')];
    assert.ok(await main.getByText(words['notice.personal_price']).isVisible(), 'the price was made for her, and it says so');
    assert.match(await main.locator('[part~=conditions]').innerText(), /50[.,]00.*2027|2027.*50[.,]00/, 'minimum and last day without a click');
    assert.ok(await main.getByRole('button', { name: label('copy') }).isVisible());
    await beside.getByRole('button', { name: label('share_with') }).click();
    await heard(page, 'shared');
    assert.equal(await page.evaluate(() => /** @type {any} */ (window).shared.url), LINK);
    for (const name of ['whatsapp', 'mail']) assert.ok(await beside.getByRole('link', { name: label(name) }).isVisible(), name);
    for (const name of ['copy', 'share']) assert.ok(await beside.getByRole('button', { name: label(name) }).isVisible(), name);
    const mail = new URL((await beside.getByRole('link', { name: label('mail') }).getAttribute('href')) ?? '');
    assert.ok(mail.searchParams.get('subject')?.includes('Teehaus am Markt') && mail.searchParams.get('body')?.endsWith(LINK), mail.href);
    await beside.getByRole('button', { name: label('qr') }).click();
    assert.equal(await readQr(page), LINK);
    assert.ok(await page.getByText(label('why')).isVisible());
    await sound(page, `words-${locale}`);
    assert.deepEqual(errors, []);
    await close();
  });
}

test('a voucher whose code the template knows is shown from attributes alone', async () => {
  const [{ code, shownCode = code }] = /** @type {any[]} */ (mint(newKeys(), { batch: 2, start: 0, count: 1 }));
  const program = {
    ...{ zugabe: 1, shop: { name: 'Teehaus', currency: 'EUR', timeZone: 'Europe/Berlin', locales: ['de'] } },
    options: [{ id: 'next-time', kind: 'discount', promotion: { amount: 500, minimumOrder: 5000, days: 60 } }],
  };
  const policy = publish(/** @type {any} */ (program), undefined, { now: NOW });
  const facts = 'order-id="1" order-total="4890" currency="EUR" order-number="7" tier="premium" stage="relationship" sent="0"';
  const { page, close } = await open(`<zugabe-thanks policy="policy.json" now="${NOW}" ${facts} codes="birthday=, next-time=${code}">.</zugabe-thanks>`, { policy });
  await reach(page);
  assert.equal((await page.locator('[part~=main] .code').innerText()).replaceAll('-', ''), shownCode.replaceAll('-', ''));
  await page.locator('zugabe-thanks').evaluate((element) => element.removeAttribute('codes'));
  await page.waitForFunction(() => !document.querySelector('zugabe-thanks')?.shadowRoot?.querySelector('[part~=main] .code'));
  await close();
});

// --- A friend

test('a friend reads who gives what, and puts the code into the cart by the host, or by an address', async () => {
  const policy = structuredClone(POLICY);
  Object.assign(policy.texts.de, { 'label.apply': 'Code einlösen', 'label.applied': 'Der Code ist im Warenkorb.', 'label.again': 'Nochmal versuchen' });
  const { page, close } = await open(`<zugabe-friend policy="policy.json" code="${CODE}"></zugabe-friend>`, { policy });
  await reach(page);
  assert.equal(await page.getByText('Code einlösen').count(), 0, 'no hook, no button');
  await page.evaluate(() => {
    const applied = /** @type {string[]} */ ([]);
    Object.assign(window, { applied });
    Object.assign(/** @type {object} */ (document.querySelector('zugabe-friend')), { apply: async (/** @type {string} */ code) => applied.push(code) > 1 });
  });
  await page.getByRole('button', { name: 'Code einlösen' }).click();
  await page.getByRole('button', { name: 'Nochmal versuchen' }).click();
  await page.getByRole('button', { name: 'Der Code ist im Warenkorb.' }).waitFor();
  assert.deepEqual(await page.evaluate(() => /** @type {any} */ (window).applied), [CODE, CODE]);
  assert.deepEqual((await eventsOf(page)).filter(([name]) => name === 'claimed'), [['claimed', { option: 'friend', code: CODE }]]);
  await sound(page, 'friend-applied');
  await close();

  const linked = await open(`<zugabe-friend policy="policy.json" code="${CODE}" apply-url="/discount/{code}?redirect=/cart"></zugabe-friend>`, { policy, viewport: { width: 280, height: 700 } });
  await reach(linked.page);
  assert.equal(await linked.page.getByRole('link', { name: 'Code einlösen' }).getAttribute('href'), `/discount/${CODE}?redirect=/cart`);
  await sound(linked.page, 'friend-280');
  await linked.page.getByRole('textbox').fill('03VC-1S2Q-4HX1');
  assert.ok(!(await linked.page.getByRole('link', { name: 'Code einlösen' }).isVisible()), 'a wrong code is not put anywhere');
  await sound(linked.page, 'friend-wrong');
  await linked.close();
});

// --- Hostile texts

test('a hostile program is shown as text and runs nothing', async () => {
  const evil = ['<script>window.hacked=1</script><img src=x onerror="window.hacked=1">', 'W'.repeat(10_000), 'Zahle \u202E00,5\u202C Euro \u2067x\u2069', '{{constructor.constructor("window.hacked=1")()}}'].join(' ');
  const offer = { option: evil, kind: 'guide', purpose: evil, url: 'javascript:window.hacked=1', link: ' jAvA\tscript:window.hacked=1', code: evil, shownCode: evil, text: { headline: evil, body: evil, conditions: evil, notice: evil, why: evil } };
  const decision = { ...DECISION, main: offer, beside: { ...offer, kind: 'referral' }, labels: Object.fromEntries(Object.keys(LABELS).map((key) => [key, evil.slice(0, 200)])) };
  const { page, errors, close } = await open('<zugabe-thanks></zugabe-thanks>', { set: { decision }, viewport: { width: 320, height: 800 } });
  await reach(page);
  for (const control of await page.locator('zugabe-thanks :is(button, summary)').all()) if (await control.isVisible()) await control.click();
  const found = await page.evaluate(() => {
    const card = document.querySelector('zugabe-thanks')?.shadowRoot?.querySelector('[part~=card]');
    const links = Array.from(card?.querySelectorAll('a') ?? [], ({ href }) => href).filter((href) => !/^(https:\/\/wa\.me|mailto:)/.test(href));
    return { hacked: 'hacked' in window, foreign: card?.querySelectorAll('script, img').length, links, turned: /[\u202A-\u202E\u2066-\u2069]/.test(card?.textContent ?? ''), says: card?.textContent?.includes('<script>window.hacked=1</script>') };
  });
  assert.deepEqual(found, { hacked: false, foreign: 0, links: [], turned: false, says: true });
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.ok(wide <= 0, `${wide} px too wide`);
  assert.deepEqual(errors, [], 'Trusted Types had nothing to refuse');
  await close();
});

test('a hostile policy is no more than words to a friend', async () => {
  const policy = structuredClone(POLICY);
  for (const key of Object.keys(policy.texts.de)) policy.texts.de[key] = '<img src=x onerror="window.hacked=1">\u202Eabc';
  policy.shop.url = 'javascript:window.hacked=1';
  const { page, errors, close } = await open(`<zugabe-friend policy="policy.json" code="${CODE}" apply-url="javascript:window.hacked=1"></zugabe-friend>`, { policy });
  await reach(page);
  assert.equal(await page.locator('zugabe-friend a').count(), 0);
  assert.equal(await page.evaluate(() => 'hacked' in window), false);
  assert.deepEqual(errors, []);
  await close();
});

// --- Drawn by a server

test('what a server drew is there before any script, is taken over without a jump, and then works', async () => {
  const html = renderThanks(/** @type {any} */ (DECISION), { attributes: { id: 'ours' }, fallback: 'Danke <für> alles.', nonce: 'server' });
  assert.match(html, /^<zugabe-thanks id="ours"><template shadowrootmode="open">/);
  assert.ok(html.endsWith('</template>Danke &lt;für&gt; alles.</zugabe-thanks>'));
  const { page, requests, errors, close } = await open(`${html}<p>Danach</p>`, {
    viewport: { width: 700, height: 900 },
    reducedMotion: 'no-preference',
    prepare: (page) =>
      page.addInitScript(() => {
        const shifts = /** @type {number[]} */ ([]);
        Object.assign(window, { shifts });
        new PerformanceObserver((list) => shifts.push(...list.getEntries().map((entry) => /** @type {any} */ (entry).value))).observe({ type: 'layout-shift', buffered: true });
        addEventListener('DOMContentLoaded', () => {
          const card = document.querySelector('zugabe-thanks')?.shadowRoot?.querySelector('[part~=card]');
          Object.assign(window, { early: [card?.querySelector('h2')?.textContent, card?.getBoundingClientRect().height] });
        });
      }),
  });
  await reach(page);
  const [headline, height] = await page.evaluate(() => /** @type {any} */ (window).early);
  assert.equal(headline, DECISION.main.text.headline);
  const card = page.locator('zugabe-thanks [part~=card]');
  assert.equal(await card.count(), 1);
  assert.ok(Math.abs(((await card.boundingBox())?.height ?? 0) - height) < 1, 'as high as before');
  assert.equal(await card.evaluate((card) => getComputedStyle(card).animationName), 'none', 'it does not come in a second time');
  assert.deepEqual(await page.evaluate(() => /** @type {any} */ (window).shifts), []);
  await page.getByRole('button', { name: 'Code kopieren' }).click();
  await heard(page, 'copied');
  assert.ok(!requests.some((url) => url.endsWith('.wasm')), 'the decision travelled along');
  assert.deepEqual(errors, []);
  await sound(page, 'server');
  await close();
});

test('a server writes no more than text, whatever the texts are', () => {
  const text = { headline: '<script>1</script>', body: '"&<b>', why: '</script><img>' };
  const html = renderThanks(/** @type {any} */ ({ ...DECISION, main: { ...DECISION.main, url: 'javascript:1', text }, beside: undefined }), { attributes: { title: '"><script>' } });
  assert.ok(!/<script>|<b>|<img|javascript:1"|href="java/.test(html.replace(/<script type="application\/json"[^<]*<\/script>/, '')), html);
  assert.ok(!/<\/script><img>/.test(html));
  assert.throws(() => renderThanks(/** @type {any} */ (DECISION), { attributes: { 'on click=': '1' } }), TypeError);
  assert.equal(renderThanks(/** @type {any} */ ({ ...DECISION, main: undefined }), { fallback: 'Danke.' }), '<zugabe-thanks>Danke.</zugabe-thanks>');
});

// --- Layout and theming

test('with its height kept free, nothing on the page moves when the card comes', async () => {
  const { page, close } = await open(`${FALLBACK}<p>Danach</p>`, {
    style: 'zugabe-thanks { display: block; min-block-size: 60rem; }',
    prepare: (page) => page.addInitScript(() => {
      const shifts = /** @type {number[]} */ ([]);
      Object.assign(window, { shifts });
      new PerformanceObserver((list) => shifts.push(...list.getEntries().map((entry) => /** @type {any} */ (entry).value))).observe({ type: 'layout-shift', buffered: true });
    }),
  });
  await reach(page);
  await page.waitForTimeout(700);
  assert.deepEqual(await page.evaluate(() => /** @type {any} */ (window).shifts), []);
  await close();
});

test('a theme brings its own mark and its own lines, and styles the parts', async () => {
  const { page, close } = await open('<zugabe-thanks><img slot="mark" alt="Teehaus"><p slot="before">Davor</p><p slot="after">Danach</p></zugabe-thanks>', {
    set: { decision: DECISION },
    style: 'zugabe-thanks { --zugabe-accent: rgb(0, 0, 200); } zugabe-thanks::part(headline) { color: rgb(1, 2, 3); }',
  });
  await reach(page);
  for (const text of ['Davor', 'Danach']) assert.ok(await page.getByText(text, { exact: true }).isVisible(), text);
  assert.ok(!(await page.locator('zugabe-thanks .sprig').isVisible()));
  assert.equal(await page.locator('zugabe-thanks h2').evaluate((headline) => getComputedStyle(headline).color), 'rgb(1, 2, 3)');
  assert.equal(await page.locator('zugabe-thanks button').first().evaluate((button) => getComputedStyle(button).borderTopColor), 'rgb(0, 0, 200)');
  await close();
});

// --- The insert

test('the insert says a gift once, draws its QR code under Trusted Types, and leaves no empty page behind', async () => {
  const qrSvg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h1v1z" fill="#000"/></svg>';
  const insert = { v: 1, locale: 'de', brand: { name: 'Teehaus' }, headline: 'Danke.', body: 'Eine Probe Darjeeling liegt bei.', gift: 'eine Probe Darjeeling', qrSvg };
  const { page, errors, close } = await open('<zugabe-insert></zugabe-insert>', { set: { insert }, style: '@media print { h1 { display: none; } body { padding: 0; } }' });
  await reach(page);
  assert.equal(await page.locator('zugabe-insert [part~=gift]').count(), 0);
  assert.equal(await page.locator('zugabe-insert .qr path').count(), 1);
  const pdf = (await page.pdf({ preferCSSPageSize: true })).toString('latin1');
  assert.equal(Array.from(pdf.matchAll(/\/Type \/Page\b(?!s)/g)).length, 1, 'one insert, one page');
  assert.deepEqual(errors, []);
  await close();
});

/** What a camera reads from the QR code on screen. @param {import('playwright-core').Page} page */
async function readQr(page) {
  const shown = page.locator('[part~=qr]');
  await shown.waitFor();
  const picture = Array.from(await shown.screenshot());
  // A page of its own: this one lets no pictures in.
  const reader = await browser.newPage();
  const { data, width, height } = await reader.evaluate(async (png) => {
    const bitmap = await createImageBitmap(new Blob([Uint8Array.from(png)]));
    const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
    context?.drawImage(bitmap, 0, 0);
    const pixels = context?.getImageData(0, 0, bitmap.width, bitmap.height);
    return { data: Array.from(pixels?.data ?? []), width: bitmap.width, height: bitmap.height };
  }, picture);
  await reader.close();
  return jsqr(Uint8ClampedArray.from(data), width, height)?.data;
}
