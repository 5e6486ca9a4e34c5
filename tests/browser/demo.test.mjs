/** The demo shop's story in Chromium: Anna orders, passes her link on, Ben orders with it; the time passes, or he sends it back. */
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { AxeBuilder } from '@axe-core/playwright';
import { createHandler, listen } from '../../scripts/serve.mjs';
import { root } from '../../scripts/shell.mjs';
import { createDemo } from '../../www/shop/server.mjs';
import { prepareShop } from '../../www/shop/prepare.mjs';
import { launch } from './helpers.mjs';

/** @type {string} */
let folder;
/** @type {{ port: number, close: () => Promise<void> }} */
let server;
/** @type {string} */
let site;
/** @type {import('playwright-core').Browser} */
let browser;
/** @type {(request: Request) => Promise<Response>} */
let demo;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'zugabe-demo-'));
  cpSync(join(root, 'dist/www'), folder, { recursive: true });
  server = await listen(createHandler({ folder, demo: (request) => demo(request) }));
  site = `http://localhost:${server.port}`;
  demo = createDemo({ address: `${site}/shop/` }).fetch;
  prepareShop({ folder: join(folder, 'shop'), address: `${site}/shop/` });
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await server?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** @param {'de' | 'en'} locale */
async function open(locale) {
  const context = await browser.newContext({ locale });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  /** @type {string[]} */
  const errors = [];
  page.on('pageerror', (error) => errors.push(error.message)).on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  await page.goto(`${site}/shop/story.html?locale=${locale}`);
  const state = (/** @type {string} */ is) => page.locator(`[data-state="${is}"]`).waitFor();
  const press = (/** @type {string} */ what) => page.locator(`[data-do="${what}"]`).click();
  return { page, errors, state, press, close: () => context.close() };
}

test('from the link to the reward: Anna is owed something when Ben can no longer return his order', async () => {
  const { page, errors, state, press, close } = await open('de');
  await press('reset');
  await state('none');
  assert.ok(await page.locator('[data-do="buy-ben"]').isDisabled(), 'there is no link yet');
  assert.ok(await page.locator('[data-absent]').isHidden());
  await press('buy-anna');
  const link = page.locator('[data-link]');
  await link.waitFor();
  const address = (await link.textContent()) ?? '';
  assert.match(address, new RegExp(`^${site}/shop/friend\\.html#[0-9A-Z-]+$`));

  // Ben follows the link, reads what it brings, and takes the code to the shop.
  await page.goto(address.replace('#', '?locale=de#'));
  await page.locator('zugabe-friend').getByText('5,00', { exact: false }).first().waitFor();
  await page.locator('a[data-order]').click();
  await page.waitForURL(/story\.html/);
  const code = await page.locator('[data-code]').inputValue();
  assert.equal(code.replaceAll('-', ''), address.split('#')[1].replaceAll('-', ''));
  await press('buy-ben');
  await state('pending');
  assert.match((await page.locator('[data-ben]').textContent()) ?? '', /43,90/);
  await press('clock');
  await state('rewarded');
  assert.match((await page.locator('[data-state]').textContent()) ?? '', /Darjeeling/);

  // It was granted, then he sends it back all the same: taken back, and both are in the books.
  await press('refund');
  await state('reversed');
  assert.deepEqual(errors, []);
  await close();
});

test('Ben sends it back in time: nothing is owed, and time changes nothing of that', async () => {
  const { page, errors, state, press, close } = await open('en');
  await press('reset');
  await state('none');
  await press('buy-anna');
  await page.locator('[data-link]').waitFor();
  await press('buy-ben');
  await state('pending');
  await press('refund');
  await state('rejected');
  await press('clock');
  await page.locator('[data-do="clock"]:enabled').waitFor();
  await state('rejected');
  await press('reset');
  await state('none');
  assert.ok(await page.locator('[data-do="buy-anna"]').isEnabled());
  assert.equal(await page.locator('[data-code]').inputValue(), '');
  assert.deepEqual(errors, []);
  await close();
});

test('a code that is of no use is told in a sentence; the page has no fault that axe finds, on a telephone too', async () => {
  const { page, press, state, close } = await open('en');
  await press('reset');
  await state('none');
  await press('buy-anna');
  await page.locator('[data-link]').waitFor();
  await page.locator('[data-code]').fill('03VC-1S2Q-4HX0');
  await press('buy-ben');
  await page.locator('[data-refused]:visible').waitFor();
  for (const width of [390, 1280]) {
    await page.setViewportSize({ width, height: 900 });
    const { violations } = await new AxeBuilder({ page }).analyze();
    assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`), []);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${width} pixels are enough`);
  }
  await close();
});

test('another page cannot play with the demo, and without its server the page says what is missing', async () => {
  const ask = (/** @type {Record<string, string>} */ headers) => fetch(`${site}/demo/reset`, { method: 'POST', body: '{}', headers: { 'content-type': 'application/json', ...headers } });
  assert.equal((await ask({ origin: 'https://evil.example' })).status, 403);
  assert.equal((await ask({ origin: site })).status, 200);
  assert.equal((await fetch(`${site}/demo/nothing`, { method: 'POST', headers: { origin: site } })).status, 404);
  assert.equal((await fetch(`${site}/shop/`, { method: 'POST' })).status, 405);
  const still = await listen(createHandler({ folder }));
  const page = await browser.newPage();
  await page.goto(`http://localhost:${still.port}/shop/story.html`);
  await page.locator('[data-absent]:visible').waitFor();
  await page.close();
  await still.close();
});
