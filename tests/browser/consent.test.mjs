/** Consent and storage in Chromium: nothing is touched before she agreed, and what was kept is gone when she takes it back. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { publish, starterProgram } from '../../js/node.js';
import { root } from '../../scripts/shell.mjs';
import { launch, serve } from './helpers.mjs';

/** @type {{ url: string, close: () => Promise<void> }} */
let site;
/** @type {import('playwright-core').Browser} */
let browser;
const NOW = '2026-11-23T10:05:00Z';
const POLICY = publish(starterProgram({ name: 'Teehaus', currency: 'EUR', timeZone: 'Europe/Berlin', locales: ['de'] }), undefined, { now: NOW });

before(async () => {
  site = await serve(root, { csp: 'none' });
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await site?.close();
});

/** A page that notes every touch of storage and cookies. @param {() => void} [host] - What stands in for the shop's platform. */
async function open(host) {
  const page = await (await browser.newContext()).newPage();
  page.setDefaultTimeout(15_000);
  /** @type {string[]} */
  const requests = [];
  page.on('request', (request) => requests.push(request.url()));
  await page.addInitScript(() => {
    const touched = /** @type {string[]} */ ([]);
    const shown = /** @type {any[]} */ ([]);
    Object.assign(window, { touched, shown });
    addEventListener('zugabe-shown', (event) => shown.push(/** @type {any} */ (event).detail.decision));
    for (const name of /** @type {const} */ (['getItem', 'setItem', 'removeItem'])) {
      const own = Storage.prototype[name];
      Storage.prototype[name] = /** @this {any} @param {any[]} args */ function (...args) {
        touched.push(name);
        return /** @type {any} */ (own).apply(this, args);
      };
    }
    const cookie = /** @type {PropertyDescriptor} */ (Object.getOwnPropertyDescriptor(Document.prototype, 'cookie'));
    Object.defineProperty(Document.prototype, 'cookie', { ...cookie, get() { touched.push('cookie'); return cookie.get?.call(this); } });
  });
  if (host) await page.addInitScript(host);
  await page.route('**/policy.json', (route) => route.fulfill({ json: POLICY }));
  await page.route('**/fixture.html', (route) =>
    route.fulfill({ contentType: 'text/html', body: `<!doctype html><html lang="de"><title>x</title><zugabe-thanks policy="policy.json" now="${NOW}" order-id="1" order-total="4890" currency="EUR" order-number="3" code="03VC1S2Q4HX0"></zugabe-thanks>` }),
  );
  await page.goto(`${site.url}/fixture.html`);
  await page.evaluate((url) => void import(url), `${site.url}/js/element/index.js`);
  await shown(page, 1);
  return { page, requests, close: () => page.context().close() };
}

/** @param {import('playwright-core').Page} page @param {number} count */
const shown = (page, count) => page.waitForFunction((count) => /** @type {any} */ (window).shown.length >= count, count);
/** @param {import('playwright-core').Page} page @returns {Promise<any>} */
const last = (page) => page.evaluate(() => /** @type {any} */ (window).shown.at(-1));
/** @param {import('playwright-core').Page} page @returns {Promise<string[]>} */
const touched = (page) => page.evaluate(() => /** @type {any} */ (window).touched.splice(0));
/** @param {import('playwright-core').Page} page @returns {Promise<any>} */
const kept = (page) => page.evaluate(() => { const text = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(localStorage), 'length') && localStorage['zugabe']; return text && JSON.parse(text); });

test('before consent nothing is stored and nothing but the package and the policy is asked for', async () => {
  const { page, requests, close } = await open();
  assert.deepEqual(await touched(page), []);
  assert.deepEqual(requests.filter((url) => !/\/(fixture\.html|policy\.json|favicon\.ico|js\/.*|dist\/(page|plain)\/.*)$/.test(url)), []);
  assert.ok(!requests.some((url) => url.includes('memory')), 'what could store is not even loaded');
  assert.equal((await last(page)).caps[0].used, undefined, 'nobody counts');
  await close();
});

test('with consent to storage the browser counts, and forgets when it is taken back', async () => {
  const { page, close } = await open();
  const consent = (/** @type {object} */ given) =>
    page.evaluate(async ([url, given]) => (await import(/** @type {string} */ (url))).setConsent(given), /** @type {[string, object]} */ ([`${site.url}/js/consent.js`, given]));
  await consent({ storage: true });
  await shown(page, 2);
  const decision = await last(page);
  assert.equal(decision.caps[0].used, 0, 'now somebody counts');
  const promoting = [decision.main, decision.beside].some((offer) => offer?.kind === 'discount');
  assert.equal((await kept(page)).sent.length, promoting ? 1 : 0);
  assert.equal((await kept(page)).last, decision.main.option);
  await consent({ storage: false });
  await page.waitForFunction(() => !('zugabe' in localStorage));
  await close();
});

test('what the browser remembers keeps to the week, to the cap and to variety', async () => {
  const { page, close } = await open();
  const answer = await page.evaluate(async ([url, now]) => {
    const { decideFromMemory } = await import(/** @type {string} */ (url));
    const day = 24 * 3600 * 1000;
    localStorage.setItem('zugabe', JSON.stringify({ sent: [Date.parse(now) - 8 * day, Date.parse(now) - day, 'x'], last: 'guide' }));
    const asked = /** @type {any[]} */ ([]);
    const target = new EventTarget();
    decideFromMemory({ now, state: { stock: { a: 1 } } }, (/** @type {any} */ request) => (asked.push(request.state), { main: { kind: 'discount', option: 'five' }, caps: [{ counter: 'page.week', limit: 3, adds: 1 }] }), target);
    target.dispatchEvent(new Event('zugabe-shown'));
    const first = JSON.parse(localStorage.getItem('zugabe') ?? '{}');
    decideFromMemory({ now, state: { sent: { page: 3 } } }, (/** @type {any} */ request) => (asked.push(request.state), {}), target);
    localStorage.setItem('zugabe', 'broken');
    decideFromMemory({ now }, (/** @type {any} */ request) => (asked.push(request.state), {}), target);
    return { asked, count: first.sent.length, last: first.last };
  }, [`${site.url}/js/element/memory.js`, NOW]);
  assert.deepEqual(answer.asked, [
    { lastOption: 'guide', stock: { a: 1 }, sent: { page: 1 } },
    { lastOption: 'five', sent: { page: 3 } },
    { sent: { page: 0 } },
  ]);
  assert.deepEqual([answer.count, answer.last], [2, 'five']);
  await close();
});

test("the answer of Shopify's banner reaches the element (a stand-in for the Customer Privacy API)", async () => {
  const { page, close } = await open(() => {
    const standIn = { allowed: false, marketingAllowed: () => standIn.allowed, preferencesProcessingAllowed: () => standIn.allowed };
    Object.assign(window, { standIn, Shopify: { loadFeatures: (/** @type {any} */ _wanted, /** @type {any} */ done) => { /** @type {any} */ (window).Shopify.customerPrivacy = standIn; done(); } } });
  });
  const consentOf = () => page.locator('zugabe-thanks').evaluate((element) => /** @type {any} */ (element).consent);
  await page.evaluate(async (url) => void (await import(url)).fromShopify(), `${site.url}/js/consent.js`);
  assert.deepEqual(await consentOf(), { storage: false, profiling: false, ads: false });
  await page.evaluate(() => {
    /** @type {any} */ (window).standIn.allowed = true;
    document.dispatchEvent(new Event('visitorConsentCollected'));
  });
  assert.deepEqual(await consentOf(), { storage: true, profiling: true, ads: true });
  await close();
});

test("the answer of Shopware's cookie preferences reaches the element (a stand-in for its emitter)", async () => {
  const { page, close } = await open(() => {
    const standIn = /** @type {any} */ ({ subscribe: (/** @type {string} */ name, /** @type {any} */ call) => (standIn[name] = call), unsubscribe: (/** @type {string} */ name) => delete standIn[name] });
    Object.assign(document, { $emitter: standIn });
  });
  const consentOf = () => page.locator('zugabe-thanks').evaluate((element) => /** @type {any} */ (element).consent);
  await page.evaluate(async (url) => Object.assign(window, { stop: (await import(url)).fromShopware() }), `${site.url}/js/consent.js`);
  assert.deepEqual(await consentOf(), { storage: false, profiling: false });
  await page.evaluate(() => /** @type {any} */ (document).$emitter['CookieConfiguration_Update.zugabe']({ detail: { 'zugabe-storage': true, other: false } }));
  assert.deepEqual(await consentOf(), { storage: true, profiling: false });
  await page.evaluate(() => /** @type {any} */ (window).stop());
  assert.deepEqual(await page.evaluate(() => Object.keys(/** @type {any} */ (document).$emitter).sort()), ['subscribe', 'unsubscribe']);
  await close();
});
