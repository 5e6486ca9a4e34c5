/** The demo shop in Chromium: what a shopper, a friend and a theme developer rely on. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { AxeBuilder } from '@axe-core/playwright';
import jsqr from 'jsqr';
import { qrSvg } from '../../js/node.js';
import { root } from '../../scripts/shell.mjs';
import { prepareShop } from '../../www/shop/prepare.mjs';
import { launch, serve } from './helpers.mjs';

const SYMBOLS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const CODE = '03VC1S2Q4HX0';
const SHOWN_CODE = '03VC-1S2Q-4HX0';
/** A good customer who has just ordered. */
const ORDER = `?order=1001&customer=c_4711&nth=7&tier=premium&stage=relationship&days=412&code=${CODE}`;

/** @typedef {{ label: { de: string, en: string }, query: Record<string, string> }} Customer */

/** @type {{ url: string, close: () => Promise<void> }} */
let site;
/** The package itself, for pages that tests write. @type {{ url: string, close: () => Promise<void> }} */
let source;
/** @type {import('playwright-core').Browser} */
let browser;
/** @type {Customer[]} */
let customers;
/** @type {object} */
let policy;

before(async () => {
  const folder = join(root, 'dist/www');
  site = await serve(folder);
  source = await serve(root, { csp: 'none' });
  prepareShop({ folder: join(folder, 'shop'), address: `${site.url}/shop/` });
  customers = JSON.parse(readFileSync(join(folder, 'shop/customers.json'), 'utf8'));
  policy = JSON.parse(readFileSync(join(folder, 'shop/policy.json'), 'utf8'));
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await site?.close();
  await source?.close();
});

/**
 * Opens a page in a context of its own and keeps the books on what it asks for and what goes wrong.
 * @param {string} address - Below the shop, or absolute.
 * @param {import('playwright-core').BrowserContextOptions & { prepare?: (page: import('playwright-core').Page) => Promise<unknown> }} [options]
 */
async function open(address, { prepare, ...options } = {}) {
  const context = await browser.newContext({ permissions: ['clipboard-read', 'clipboard-write'], locale: 'de-DE', ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  /** @type {string[]} */
  const requests = [];
  /** @type {string[]} */
  const errors = [];
  page.on('request', (request) => requests.push(request.url()));
  page.on('pageerror', (error) => errors.push(error.message));
  await prepare?.(page);
  await page.goto(new URL(address, `${site.url}/shop/`).href);
  return { page, requests, errors, close: () => context.close() };
}

/**
 * Waits until an element is where it should be.
 * @param {import('playwright-core').Page} page
 * @param {string} [state]
 * @param {string} [name]
 */
const reach = (page, state = 'shown', name = 'zugabe-thanks') =>
  page.waitForFunction(
    ([name, state]) => /** @type {any} */ (document.querySelector(name))?.state === state,
    [name, state],
  );

/** @param {import('playwright-core').Page} page */
async function complaints(page) {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`).join(' | ')}`);
}

/**
 * Collects an element's events from before it is defined.
 * @param {import('playwright-core').Page} page
 */
const listen = (page) =>
  page.addInitScript(() => {
    const events = /** @type {any[]} */ ([]);
    Object.assign(window, { events });
    for (const name of ['shown', 'copied', 'shared', 'declined', 'failed']) {
      addEventListener(`zugabe-${name}`, (event) => events.push({ name, detail: /** @type {CustomEvent} */ (event).detail }));
    }
  });

/** @param {import('playwright-core').Page} page @returns {Promise<{ name: string, detail: any }[]>} */
const eventsOf = (page) => page.evaluate(() => /** @type {any} */ (window).events);

/**
 * A page of our own around the package, with a shop's content security policy.
 * @param {string} body
 * @param {{ define?: boolean, wasm?: boolean }} [options]
 */
async function fixture(body, { define = true, wasm = true } = {}) {
  const opened = await open(`${source.url}/fixture.html`, {
    prepare: async (page) => {
      await listen(page);
      await page.route('**/policy.json', (route) => route.fulfill({ json: policy }));
      await page.route('**/fixture.html', (route) =>
        route.fulfill({
          contentType: 'text/html; charset=utf-8',
          headers: {
            'content-security-policy': `default-src 'none'; script-src 'self'${wasm ? " 'wasm-unsafe-eval'" : ''}; style-src 'self'; connect-src 'self'`,
          },
          body: `<!doctype html><html lang="de"><head><meta charset="utf-8"><title>Fixture</title></head><body><main>${body}</main></body></html>`,
        }),
      );
    },
  });
  const add = () => opened.page.addScriptTag({ url: `${source.url}/js/element/index.js`, type: 'module' });
  if (define) await add();
  return { ...opened, define: add };
}

test('a shopper sees thanks, a code, its conditions and the way to refuse without a click', async () => {
  const { page, errors, close } = await open(ORDER, { prepare: listen });
  await reach(page);
  const card = page.locator('zugabe-thanks [part~=card]');
  assert.ok((await card.locator('h2').innerText()).length > 3);
  assert.equal(await card.locator('[part~=beside] .code').innerText(), SHOWN_CODE);
  assert.match(await card.locator('[part~=beside] [part~=conditions]').innerText(), /20\d\d/, 'the conditions name the day it ends');
  assert.ok(await card.getByRole('button', { name: 'Nein danke' }).first().isVisible());
  assert.ok(!(await page.getByText('Schön, dass du bei uns bestellt hast.').isVisible()), 'the fallback has made room');
  assert.deepEqual((await eventsOf(page)).map(({ name }) => name), ['shown']);
  assert.deepEqual(errors, []);
  await close();
});

test('every customer of the demo is thanked, in both languages', async () => {
  for (const { label, query } of customers) {
    for (const locale of ['de', 'en']) {
      const { page, close } = await open(`?${new URLSearchParams({ ...query, locale })}`);
      await reach(page);
      assert.equal(await page.locator('zugabe-thanks [part~=card]').getAttribute('lang'), locale);
      assert.match(await page.locator('zugabe-thanks .code').first().innerText(), /^[0-9A-Z]{4}(-[0-9A-Z]{4}){2}$/, label.en);
      await close();
    }
  }
});

test('guests and very good customers are not offered the same', async () => {
  /** @param {Customer} customer */
  const offered = async ({ query }) => {
    const { page, close } = await open(`?${new URLSearchParams(query)}`, { prepare: listen });
    await reach(page);
    const [{ detail }] = await eventsOf(page);
    await close();
    return detail.decision.main.option;
  };
  assert.notEqual(await offered(customers[0]), await offered(customers[customers.length - 1]));
});

test('the code is copied, and that is said aloud in a region that was there before', async () => {
  const { page, close } = await open(ORDER, { prepare: listen });
  await reach(page);
  const status = page.locator('zugabe-thanks [role=status]');
  assert.equal(await status.textContent(), '');
  await page.getByRole('button', { name: 'Code kopieren' }).click();
  await page.waitForFunction(() => document.querySelector('zugabe-thanks')?.shadowRoot?.querySelector('[role=status]')?.textContent === 'Code kopiert');
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), SHOWN_CODE);
  assert.deepEqual((await eventsOf(page)).at(-1), { name: 'copied', detail: { option: 'recommend', text: SHOWN_CODE } });
  await close();
});

test('where the clipboard is forbidden the code is selected and copied the old way', async () => {
  const { page, close } = await open(ORDER, {
    prepare: async (page) => {
      await listen(page);
      await page.addInitScript(() => Object.defineProperty(navigator, 'clipboard', { value: undefined }));
    },
  });
  await reach(page);
  await page.getByRole('button', { name: 'Code kopieren' }).click();
  await page.waitForFunction(() => /** @type {any} */ (window).events.length > 1);
  assert.equal((await eventsOf(page)).at(-1)?.name, 'copied');
  await close();
});

test('the link is copied, and leads a friend to the same code without sending it to the server', async () => {
  const { page, close } = await open(ORDER, { prepare: listen });
  await reach(page);
  await page.getByRole('button', { name: 'Link kopieren' }).click();
  await page.waitForFunction(() => /** @type {any} */ (window).events.length > 1);
  const { name, detail } = (await eventsOf(page)).at(-1) ?? assert.fail();
  assert.equal(name, 'shared');
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), detail.url);
  await close();
  const friend = await open(detail.url);
  await reach(friend.page, 'shown', 'zugabe-friend');
  assert.equal(await friend.page.getByRole('textbox').inputValue(), SHOWN_CODE);
  assert.match(await friend.page.locator('zugabe-friend [part~=conditions]').innerText(), /Darjeeling/, 'it says what the other one gets');
  assert.ok(friend.requests.every((url) => !url.split('#')[0].includes(CODE)), 'the code stays in the browser');
  await friend.close();
});

test('declining takes the offer away, says so, and keeps the focus in the element', async () => {
  const { page, close } = await open(ORDER, { prepare: listen });
  await reach(page);
  const offer = page.locator('zugabe-thanks [part~=beside]');
  await offer.getByRole('button', { name: 'Nein danke' }).focus();
  await page.keyboard.press('Enter');
  assert.equal(await offer.locator('.code').count(), 0);
  assert.equal(await offer.innerText(), 'In Ordnung. Danke, dass du da warst.');
  assert.equal(await page.evaluate(() => document.activeElement?.localName), 'zugabe-thanks');
  assert.deepEqual((await eventsOf(page)).at(-1), { name: 'declined', detail: { option: 'recommend' } });
  assert.deepEqual(await complaints(page), []);
  await close();
});

test('refusing is as large and as readable as accepting, at every width', async () => {
  for (const width of [320, 360, 800, 1280]) {
    const { page, close } = await open(ORDER, { viewport: { width, height: 900 } });
    await reach(page);
    const groups = await page.locator('zugabe-thanks [part~=actions]').evaluateAll((rows) =>
      rows.map((row) =>
        Array.from(row.children, (button) => {
          const { width, height } = button.getBoundingClientRect();
          const { color, backgroundColor, borderColor, fontSize, fontWeight } = getComputedStyle(button);
          return JSON.stringify({ width: Math.round(width), height: Math.round(height), color, backgroundColor, borderColor, fontSize, fontWeight });
        }),
      ),
    );
    assert.ok(groups.length > 0);
    for (const buttons of groups) assert.equal(new Set(buttons).size, 1, `${width} px: ${buttons.join(' ')}`);
    await close();
  }
});

test('why she sees it is one key away, and names no profile', async () => {
  const { page, close } = await open(ORDER);
  await reach(page);
  const why = page.locator('zugabe-thanks [part~=why]');
  assert.ok(!(await why.locator('p').first().isVisible()));
  await why.locator('summary').focus();
  await page.keyboard.press('Enter');
  assert.match(await why.locator('p').first().innerText(), /dein 7\. Einkauf.*Kein Profil/s);
  assert.ok(!(await why.innerText()).includes('facts.'), 'the technical trace is not for shoppers');
  await close();
});

test('somebody who objected is thanked and offered nothing', async () => {
  const { page, close } = await open(`${ORDER}&objected=true`);
  await page.waitForFunction(() => ['shown', 'silent'].includes(/** @type {any} */ (document.querySelector('zugabe-thanks'))?.state));
  assert.equal(await page.locator('zugabe-thanks .code').count(), 0);
  assert.equal(await page.locator('zugabe-thanks [part~=actions]').count(), 0);
  await close();
});

test('every wrong character is caught at once, at all positions, with all symbols, without a request', async () => {
  const { page, requests, close } = await open(`friend.html#${CODE}`);
  await reach(page, 'shown', 'zugabe-friend');
  const field = page.getByRole('textbox');
  assert.equal(await field.inputValue(), SHOWN_CODE);
  const before = requests.length;
  const missed = await field.evaluate(
    (field, [code, symbols]) => {
      const input = /** @type {HTMLInputElement} */ (field);
      const wrong = [];
      for (let at = 0; at < code.length; at += 1) {
        for (const symbol of symbols) {
          if (symbol === code[at]) continue;
          input.value = code.slice(0, at) + symbol + code.slice(at + 1);
          input.dispatchEvent(new Event('input', { bubbles: true }));
          if (input.getAttribute('aria-invalid') !== 'true') wrong.push(input.value);
        }
      }
      return wrong;
    },
    [CODE, SYMBOLS],
  );
  assert.deepEqual(missed, []);
  assert.match(await page.locator('zugabe-friend [part~=message]').innerText(), /Zeichen/);
  assert.ok(!(await page.getByRole('button', { name: 'Code kopieren' }).isVisible()), 'a wrong code is not offered for copying');
  assert.equal(requests.length, before);
  await close();
});

test('a code is read as people type it, and nobody is corrected in the middle of it', async () => {
  const { page, close } = await open('friend.html');
  await reach(page, 'shown', 'zugabe-friend');
  const field = page.getByRole('textbox', { name: 'Dein Code' });
  await field.pressSequentially('o3vc is2q');
  assert.equal(await field.getAttribute('aria-invalid'), null);
  await field.pressSequentially(' 4hxO');
  assert.equal(await field.getAttribute('aria-invalid'), null);
  await field.press('Enter');
  assert.equal(await field.inputValue(), SHOWN_CODE);
  assert.ok(await page.getByRole('button', { name: 'Code kopieren' }).isVisible());
  await field.fill('03VC-1S2Q');
  assert.equal(await field.getAttribute('aria-invalid'), null);
  await field.press('Enter');
  assert.equal(await field.getAttribute('aria-invalid'), 'true', 'who says "done" hears that it is too short');
  await close();
});

test('a page that forbids WebAssembly thanks all the same; without the plain core, too, it keeps the words of the theme', async () => {
  const plain = await open(`${ORDER}&csp=nowasm`);
  await reach(plain.page);
  assert.equal(await plain.page.locator('zugabe-thanks .code').first().innerText(), SHOWN_CODE);
  assert.ok(!plain.requests.some((url) => url.endsWith('.wasm')), 'what may not run is not loaded');
  await plain.close();
  for (const [address, name] of [[`${ORDER}&csp=nowasm`, 'zugabe-thanks'], [`friend.html?csp=nowasm#${CODE}`, 'zugabe-friend']]) {
    const { page, requests, close } = await open(address, {
      prepare: async (page) => {
        await listen(page);
        await page.route('**/*plain*', (route) => route.abort());
      },
    });
    await reach(page, 'failed', name);
    assert.ok(await page.locator(`${name} .plain`).isVisible());
    assert.equal(await page.locator(`${name} [part~=card]`).count(), 0);
    assert.deepEqual((await eventsOf(page)).map(({ name, detail }) => [name, detail.code]), [['failed', 'wasm_blocked']]);
    assert.ok(!requests.some((url) => url.endsWith('.wasm')), 'what may not run is not loaded');
    assert.deepEqual(await complaints(page), []);
    await close();
  }
});

test('the theme stays whole when the core or the policy never comes', async () => {
  for (const [pattern, code] of /** @type {[RegExp, string][]} */ ([[/\.wasm$|plain/, 'wasm_unavailable'], [/policy\.json$/, 'io']])) {
    const { page, close } = await open(ORDER, {
      prepare: async (page) => {
        await listen(page);
        await page.route(pattern, (route) => route.abort());
      },
    });
    await reach(page, 'failed');
    assert.ok(await page.locator('zugabe-thanks .plain').isVisible());
    assert.deepEqual((await eventsOf(page)).map(({ detail }) => detail.code), [code]);
    await close();
  }
});

test('a server that labels the wasm wrongly only costs the streaming', async () => {
  const { page, errors, close } = await open(ORDER, {
    prepare: (page) =>
      page.route('**/*.wasm', async (route) => {
        const response = await route.fetch();
        await route.fulfill({ response, headers: { ...response.headers(), 'content-type': 'application/octet-stream' } });
      }),
  });
  await reach(page);
  assert.deepEqual(errors, []);
  await close();
});

test('without JavaScript the page is a thank-you page all the same', async () => {
  const { page, close } = await open(ORDER, { javaScriptEnabled: false });
  assert.ok(await page.getByText('Danke für deine Bestellung.').isVisible());
  await close();
});

test('nothing is stored, no cookie is read or written, and nobody but the shop is asked', async () => {
  const { page, requests, close } = await open(ORDER, {
    prepare: (page) =>
      page.addInitScript(() => {
        const touched = /** @type {string[]} */ ([]);
        Object.assign(window, { touched });
        /** @param {object} owner @param {string} name */
        const watch = (owner, name) => {
          const { get, set, value } = /** @type {PropertyDescriptor} */ (Object.getOwnPropertyDescriptor(owner, name));
          const note = () => touched.push(name);
          Object.defineProperty(
            owner,
            name,
            value
              ? { value: /** @this {unknown} @param {...unknown} args */ function (...args) { note(); return value.apply(this, args); } }
              : { get() { note(); return get?.call(this); }, set(next) { note(); set?.call(this, next); } },
          );
        };
        watch(Document.prototype, 'cookie');
        for (const name of ['localStorage', 'sessionStorage', 'indexedDB', 'caches']) watch(window, name);
        for (const name of ['getItem', 'setItem']) watch(Storage.prototype, name);
        for (const name of ['sendBeacon', 'serviceWorker']) watch(Navigator.prototype, name);
        for (const name of ['open', 'send']) watch(XMLHttpRequest.prototype, name);
      }),
  });
  await reach(page);
  await page.evaluate(() => document.cookie);
  assert.deepEqual(await page.evaluate(() => /** @type {any} */ (window).touched.splice(0)), ['cookie'], 'the watch sees');
  const loaded = requests.length;
  await page.getByRole('button', { name: 'Code kopieren' }).click();
  await page.locator('zugabe-thanks summary').click();
  await page.getByRole('button', { name: 'Nein danke' }).first().click();
  assert.deepEqual(await page.evaluate(() => /** @type {any} */ (window).touched), []);
  assert.equal(requests.length, loaded, 'what a shopper does asks nobody');
  assert.deepEqual(requests.filter((url) => !url.startsWith(`${site.url}/`)), []);
  assert.deepEqual(await page.context().cookies(), []);
  await close();
});

test('axe finds nothing to complain about, on any page, light and narrow, dark and wide', async () => {
  for (const [colorScheme, width] of /** @type {const} */ ([['light', 360], ['dark', 1280]])) {
    for (const [address, name] of [
      [ORDER, 'zugabe-thanks'],
      [`${ORDER}&locale=en`, 'zugabe-thanks'],
      [`friend.html#${CODE}`, 'zugabe-friend'],
      [`friend.html#${CODE.slice(0, -1)}1`, 'zugabe-friend'],
      ['guide.html', ''],
    ]) {
      const { page, close } = await open(address, { colorScheme, viewport: { width, height: 900 }, reducedMotion: 'reduce' });
      if (name) await reach(page, 'shown', name);
      assert.deepEqual(await complaints(page), [], `${address} ${colorScheme} ${width}`);
      await close();
    }
  }
});

test('nothing is wider than a small telephone', async () => {
  for (const width of [280, 320, 360]) {
    for (const [address, name] of [[ORDER, 'zugabe-thanks'], [`friend.html#${CODE}`, 'zugabe-friend']]) {
      const { page, close } = await open(address, { viewport: { width, height: 800 } });
      await reach(page, 'shown', name);
      const wide = await page.evaluate((name) => {
        const card = document.querySelector(name)?.shadowRoot?.querySelector('[part~=card]');
        const inner = Array.from(card?.querySelectorAll('*') ?? [], (element) => element.getBoundingClientRect().right);
        return { page: document.documentElement.scrollWidth, inner: Math.max(...inner), card: card?.getBoundingClientRect().right };
      }, name);
      assert.ok(wide.page <= width, `${address} is ${wide.page} px wide at ${width}`);
      assert.ok(wide.inner <= (wide.card ?? 0) + 0.5, `${address} leaves its card at ${width}`);
      await close();
    }
  }
});

test('buttons are large enough for a finger, and the focus can be seen', async () => {
  const { page, close } = await open(ORDER, { viewport: { width: 360, height: 800 } });
  await reach(page);
  const targets = page.locator('zugabe-thanks :is(button, a, summary)');
  for (const target of await targets.all()) {
    const box = (await target.boundingBox()) ?? assert.fail();
    assert.ok(box.width >= 24 && box.height >= 18, `${await target.innerText()} is ${box.width} x ${box.height}`);
  }
  await page.locator('zugabe-thanks button').first().focus();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Shift+Tab');
  assert.equal(await page.locator('zugabe-thanks button').first().evaluate((button) => getComputedStyle(button).outlineStyle), 'solid');
  await close();
});

test('who asked for less motion gets none', async () => {
  for (const [reducedMotion, moves] of /** @type {const} */ ([['reduce', false], ['no-preference', true]])) {
    const { page, close } = await open(ORDER, { reducedMotion });
    await reach(page);
    const name = await page.locator('zugabe-thanks [part~=card]').evaluate((card) => getComputedStyle(card).animationName);
    assert.equal(name !== 'none', moves);
    await close();
  }
});

test('two elements share one policy and one core', async () => {
  const { page, requests, close } = await fixture(
    '<zugabe-thanks policy="policy.json"></zugabe-thanks><zugabe-thanks policy="policy.json"></zugabe-thanks>',
  );
  await page.waitForFunction(() => /** @type {any} */ (window).events.length === 2);
  for (const file of ['policy.json', '.wasm']) assert.equal(requests.filter((url) => url.endsWith(file)).length, 1, file);
  await close();
});

test('properties set before the definition count', async () => {
  const { page, define, close } = await fixture('<zugabe-thanks></zugabe-thanks>', { define: false });
  await page.evaluate((policy) => {
    Object.assign(/** @type {object} */ (document.querySelector('zugabe-thanks')), {
      policy,
      request: { subject: { id: 'c_4711', identity: 'login' }, facts: { orderNumber: 3, code: '03VC1S2Q4HX0' } },
    });
  }, policy);
  await define();
  await reach(page);
  assert.equal(await page.locator('zugabe-thanks .code').first().innerText(), SHOWN_CODE);
  await close();
});

test('a ready decision needs neither policy nor core', async () => {
  const { page, requests, close } = await fixture('<zugabe-thanks></zugabe-thanks>', { wasm: false });
  await page.evaluate(() => {
    const text = { headline: '<img src=x onerror=alert(1)>', body: '<b>Danke</b>', why: '&amp;' };
    Object.assign(/** @type {object} */ (document.querySelector('zugabe-thanks')), {
      decision: { v: 1, locale: 'de', main: { option: 'thanks', kind: 'thanks', text }, labels: { why: 'Warum?' } },
    });
  });
  await reach(page);
  assert.equal(await page.locator('zugabe-thanks h2').innerText(), '<img src=x onerror=alert(1)>', 'a text stays a text');
  assert.equal(await page.locator('zugabe-thanks img, zugabe-thanks b').count(), 0);
  assert.ok(!requests.some((url) => url.includes('/dist/') && !url.endsWith('/integrity.js')));
  await close();
});

test('an element that is moved neither decides nor reports again', async () => {
  const { page, close } = await fixture('<zugabe-thanks policy="policy.json"></zugabe-thanks><section></section>');
  await reach(page);
  await page.evaluate(async () => {
    document.querySelector('section')?.append(/** @type {Node} */ (document.querySelector('zugabe-thanks')));
    await new Promise((done) => setTimeout(done, 100));
  });
  assert.equal((await eventsOf(page)).length, 1);
  assert.ok(await page.locator('section zugabe-thanks h2').isVisible());
  await close();
});

test('what changes is decided anew, and an offer that no longer holds disappears', async () => {
  const { page, close } = await fixture(
    '<zugabe-thanks policy="policy.json" order-id="1" order-total="4890" currency="EUR" code="03VC1S2Q4HX0"></zugabe-thanks>',
  );
  await reach(page);
  assert.equal(await page.locator('zugabe-thanks .code').count(), 1);
  await page.locator('zugabe-thanks').evaluate((element) => element.setAttribute('open-problem', ''));
  await page.waitForFunction(() => /** @type {any} */ (window).events.length === 2);
  assert.equal(await page.locator('zugabe-thanks .code').count(), 0, 'who waits for help is not asked to recommend');
  await close();
});

test('a wrong attribute is named, and the theme stays whole', async () => {
  for (const [attributes, code, path] of [
    ['order-id="1" order-total="48,90" currency="EUR"', 'invalid_value', 'order-total'],
    ['order-id="1" order-total="4890"', 'missing_field', 'currency'],
    ['codes="03VC1S2Q4HX0"', 'invalid_value', 'codes'],
  ]) {
    const { page, close } = await fixture(`<zugabe-thanks policy="policy.json" ${attributes}>Danke.</zugabe-thanks>`);
    await reach(page, 'failed');
    assert.deepEqual((await eventsOf(page)).map(({ detail }) => [detail.code, detail.path]), [[code, path]]);
    assert.ok(await page.getByText('Danke.').isVisible());
    await close();
  }
});

test('what the author says about role and name goes before what the element says', async () => {
  const { page, close } = await fixture(
    '<zugabe-thanks policy="policy.json"></zugabe-thanks><zugabe-thanks policy="policy.json" role="group" aria-label="Unser Dank"></zugabe-thanks>',
  );
  await page.waitForFunction(() => /** @type {any} */ (window).events.length === 2);
  const { nodes } = await (await page.context().newCDPSession(page)).send('Accessibility.getFullAXTree');
  const spoken = nodes.map(({ role, name }) => `${role?.value} "${name?.value}"`);
  const headline = await page.locator('zugabe-thanks h2').first().innerText();
  assert.ok(spoken.includes(`region "${headline}"`), spoken.join(', '));
  assert.ok(spoken.includes('group "Unser Dank"'), spoken.join(', '));
  assert.deepEqual(
    await page.locator('zugabe-thanks').evaluateAll((all) => all.map((element) => element.getAttributeNames().sort().join())),
    ['policy', 'aria-label,policy,role'],
  );
  await close();
});

/** What the core says about one parcel, in short. */
const INSERT = {
  v: 1,
  locale: 'de',
  brand: { name: 'Teehaus am Markt', color: '#2f5542' },
  headline: 'Danke, Ana Núñez.',
  body: 'Schön, dass du wieder bei uns bestellt hast.',
  gift: 'Ein kleines Geschenk liegt bei.',
  code: CODE,
  shownCode: SHOWN_CODE,
  codeText: 'Für jemanden, den du magst.',
  link: `https://teehaus.example/f#${CODE}`,
  shortLink: `teehaus.example/f#${CODE}`,
  qrSvg: qrSvg(`https://teehaus.example/f#${CODE}`),
  conditions: 'Für die erste Bestellung, ab 40,00 €, bis 22. Januar 2027.',
  why: 'Weil wir gerade dein Paket gepackt haben.',
};

/**
 * @param {object[]} inserts
 */
async function inserts(...inserts) {
  const opened = await fixture(inserts.map(() => '<zugabe-insert></zugabe-insert>').join(''), { wasm: false });
  await opened.page.waitForFunction(() => customElements.get('zugabe-insert'));
  await opened.page.evaluate((inserts) => {
    document.querySelectorAll('zugabe-insert').forEach((element, index) => Object.assign(element, { insert: inserts[index] }));
  }, inserts);
  await opened.page.waitForFunction((count) => /** @type {any} */ (window).events.length === count, inserts.length);
  return opened;
}

test('each insert is printed on a page of its own, A6 upright', async () => {
  const { page, close } = await inserts(INSERT, INSERT);
  const pdf = (await page.pdf({ preferCSSPageSize: true })).toString('latin1');
  const pages = Array.from(pdf.matchAll(/\/MediaBox \[\s*0 0 ([\d.]+) ([\d.]+)\s*\]/g), ([, width, height]) =>
    [width, height].map((points) => Math.round((Number(points) / 72) * 25.4)),
  );
  assert.deepEqual(pages, [[105, 148], [105, 148]]);
  await close();
});

test('the insert has brand, code in groups of four, a QR code that reads as the link, and nothing below 9 points', async () => {
  const { page, close } = await inserts(INSERT);
  await page.emulateMedia({ media: 'print' });
  assert.equal(await page.locator('zugabe-insert .code').innerText(), SHOWN_CODE);
  assert.equal(await page.locator('zugabe-insert .link').innerText(), INSERT.shortLink);
  const smallest = await page.locator('zugabe-insert p, zugabe-insert h2').evaluateAll((texts) =>
    Math.min(...texts.map((text) => Number.parseFloat(getComputedStyle(text).fontSize))),
  );
  assert.ok(smallest >= 12, `${smallest} px are ${smallest * 0.75} pt`);
  assert.equal(await readQr(page, page.locator('zugabe-insert .qr')), INSERT.link);
  await close();
});

test('a long text is set smaller and still fits on the sheet', async () => {
  const long = { ...INSERT, body: 'Schön, dass du wieder bei uns bestellt hast. '.repeat(10), gift: `${INSERT.gift} `.repeat(4) };
  const { page, close } = await inserts(INSERT, long);
  await page.emulateMedia({ media: 'print' });
  await page.locator('zugabe-insert .tight').waitFor();
  const fits = await page.locator('zugabe-insert .words').evaluateAll((blocks) =>
    blocks.map((block) => block.scrollHeight <= block.clientHeight + 1),
  );
  assert.deepEqual(fits, [true, true]);
  await close();
});

test('a drawing brings nothing along but shapes', async () => {
  const qrSvg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9" onload="window.hacked=1"><script>window.hacked=1</script>
    <foreignObject><img src="x" onerror="window.hacked=1"/></foreignObject><a href="javascript:1"><path d="M0 0h1"/></a><path d="M0 0h1v1z" style="fill:url(//evil.example)"/></svg>`;
  const { page, close } = await inserts({ ...INSERT, qrSvg });
  const drawn = await page.locator('zugabe-insert .qr').evaluate((qr) => qr.innerHTML);
  assert.equal(drawn, '<svg viewBox="0 0 9 9" aria-hidden="true"><path d="M0 0h1v1z"></path></svg>');
  await close();
});

/**
 * What a camera reads.
 * @param {import('playwright-core').Page} page
 * @param {import('playwright-core').Locator} shown
 */
async function readQr(page, shown) {
  const { data, width, height } = await page.evaluate(
    async (png) => {
      const bitmap = await createImageBitmap(new Blob([Uint8Array.from(png)]));
      const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
      context?.drawImage(bitmap, 0, 0);
      const pixels = context?.getImageData(0, 0, bitmap.width, bitmap.height);
      return { data: Array.from(pixels?.data ?? []), width: bitmap.width, height: bitmap.height };
    },
    Array.from(await shown.screenshot()),
  );
  return jsqr(Uint8ClampedArray.from(data), width, height)?.data;
}
