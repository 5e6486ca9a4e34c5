/** Does the theme block hold? Shopify's own check, liquidjs, and the scripts on a page. */
import assert from 'node:assert/strict';
import { cpSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { APP, ensureShopifyPackages, themeAssets } from '../../scripts/shopify.mjs';
import { launch, serve } from '../browser/helpers.mjs';
import { decisions, scratch, write, noPlainCore } from './helpers.mjs';

const require = createRequire(join(APP, 'package.json'));
const FOLDER = join(APP, 'extensions/zugabe-theme');
/** What Shopify's own check takes for the script of an app block, compressed. */
const LIMIT = 10_000;

before(ensureShopifyPackages, { timeout: 300_000 });

/** The extension with its scripts, as it is deployed. @param {import('node:test').TestContext} context */
async function extension(context) {
  const folder = scratch(context);
  cpSync(FOLDER, folder, { recursive: true });
  const assets = await themeAssets();
  write(join(folder, 'assets'), assets);
  write(folder, { '.theme-check.yml': 'extends: theme-check:theme-app-extension\n' });
  return { folder, assets };
}

test("the theme extension passes Shopify's check, and a broken one does not", { skip: noPlainCore }, async (context) => {
  const { themeCheckRun } = await import(pathToFileURL(require.resolve('@shopify/theme-check-node')).href);
  const { folder } = await extension(context);
  const check = async () => (await themeCheckRun(folder)).offenses.map((/** @type {any} */ { check, message, uri }) => `${check}: ${message} (${uri.split('/').pop()})`);
  assert.deepEqual(await check(), []);
  write(folder, { 'blocks/friend.liquid': '<div>{% if %}</div>' });
  assert.notDeepEqual(await check(), []);
});

test('what a theme page loads at once is small, and the core comes when an element needs it', { skip: noPlainCore }, async (context) => {
  const { assets } = await extension(context);
  const eager = new Set(['zugabe.js']);
  for (const name of eager) for (const [, next] of assets[name].matchAll(/(?:^|;|\})\s*import(?:[^"'`(]*from)?\s*["'`]\.\/([^"'`]+)["'`]/g)) eager.add(next);
  const bytes = [...eager].reduce((sum, name) => sum + gzipSync(assets[name], { level: 9 }).length, 0);
  context.diagnostic(`${bytes} bytes gzip at once (${[...eager].join(', ')}), of ${LIMIT}`);
  assert.ok(bytes <= LIMIT, `${bytes} bytes`);
  const core = Object.entries(assets).find(([, code]) => code.length > 100_000);
  assert.ok(core && !eager.has(core[0]), 'the core is no part of it');
  assert.ok(!Object.values(assets).some((code) => code.includes('.wasm"')), 'no wasm is asked for');
});

/**
 * A block as Shopify renders it, with stand-ins for its own tags and filters.
 * @param {string} folder
 * @param {string} name
 * @param {object} data
 */
async function render(folder, name, data) {
  const { Liquid } = require('liquidjs');
  const engine = new Liquid({ root: [join(folder, 'snippets')], extname: '.liquid', strictFilters: true, globals: data });
  const nothing = (/** @type {string} */ end) => ({
    parse(/** @type {any} */ _token, /** @type {any[]} */ tokens) {
      while (tokens.length && tokens.shift().name !== end);
    },
    render: () => '',
  });
  engine.registerTag('schema', nothing('endschema'));
  engine.registerTag('doc', nothing('enddoc'));
  engine.registerFilter('asset_url', (/** @type {string} */ file) => `/assets/${file}`);
  engine.registerFilter('json', (/** @type {any} */ value) => (JSON.stringify(value ?? null)).replaceAll('<', '\\u003c'));
  const words = JSON.parse(readFileSync(join(folder, 'locales/de.json'), 'utf8'));
  engine.registerFilter('t', (/** @type {string} */ key) => key.split('.').reduce((at, part) => at?.[part], words) ?? `missing ${key}`);
  return engine.parseAndRender(readFileSync(join(folder, 'blocks', `${name}.liquid`), 'utf8'));
}

/**
 * @param {object} policy
 * @param {object} [customer]
 */
const shop = (policy, customer) => ({
  block: { shopify_attributes: 'data-block="1"', settings: { moment: 'order_completed' } },
  shop: { metafields: { zugabe: { policy: { value: policy } } } },
  routes: { all_products_collection_url: '/collections/all' },
  request: { locale: { iso_code: 'de' } },
  cart: { currency: { iso_code: 'EUR' } },
  customer,
});

const ANA = {
  id: 7, first_name: 'Ana"><script>', orders_count: 7,
  orders: [{ name: '#1001', total_price: 4890, created_at: '2026-11-23T10:04:10+01:00', shipping_address: { country_code: 'DE' } }],
  metafields: { zugabe: { sent: { value: 1 }, tier: { value: 'vip' }, stage: { value: 'relationship' }, code: { value: '03VC1S2Q4HX0' } } },
};

test('the blocks render facts as attributes, and nothing becomes markup', { skip: noPlainCore }, async (context) => {
  const { folder } = await extension(context);
  const html = await render(folder, 'thanks', shop({ x: '</script><b>' }, ANA));
  for (const said of ['order-total="4890"', 'order-number="7"', 'tier="vip"', 'code="03VC1S2Q4HX0"', 'src="/assets/zugabe.js"', 'customer-name="Ana&#34;&gt;&lt;script&gt;"']) {
    assert.ok(html.includes(said), `${said}\n${html}`);
  }
  assert.equal(html.match(/<script/g)?.length, 2, html);
  assert.equal((await render(folder, 'thanks', shop({}, undefined))).trim(), '', 'nobody is logged in');
  assert.equal((await render(folder, 'thanks', shop({}, { ...ANA, orders: [] }))).trim(), '', 'nothing was bought');
  const yen = { ...shop({}, { ...ANA, orders: [{ ...ANA.orders[0], total_price: 123400 }] }), cart: { currency: { iso_code: 'JPY' } } };
  assert.ok((await render(folder, 'thanks', yen)).includes('order-total="1234"'), 'Shopify writes 1,234 yen as 123400');
  assert.ok((await render(folder, 'friend', shop({}))).includes('Jemand hat uns dir empfohlen.'));
});

test('on a page the blocks decide without any wasm, and store nothing', { skip: noPlainCore }, async (context) => {
  const { folder } = await extension(context);
  const [{ policy }] = decisions().filter(({ name }) => name === 'a regular customer, five');
  const page = async (/** @type {string} */ name, /** @type {object} */ data) =>
    `<!doctype html><html lang="de"><meta charset="utf-8"><link rel="icon" href="data:,"><title>Shop</title>${await render(folder, name, data)}</html>`;
  write(folder, { 'thanks.html': await page('thanks', shop(policy, ANA)), 'friend.html': await page('friend', shop(policy)), 'empty.html': await page('friend', shop(/** @type {any} */ (null))) });
  const { url, close } = await serve(folder, { csp: 'none' });
  const browser = await launch();
  context.after(async () => {
    await browser.close();
    await close();
  });
  const tab = await browser.newPage();
  await tab.clock.setFixedTime(new Date('2026-11-23T09:05:00Z'));
  /** @type {string[]} */
  const asked = [];
  tab.on('request', (request) => asked.push(new URL(request.url()).pathname));
  await tab.goto(`${url}/thanks.html`);
  await tab.waitForFunction(() => document.querySelector('zugabe-thanks')?.['state'] === 'shown');
  const thanks = await tab.evaluate(() => ({ ...(/** @type {any} */ (document.querySelector('zugabe-thanks')).decision), stored: [document.cookie, localStorage.length] }));
  assert.equal(thanks.main.option, 'brew-guide');
  assert.equal(thanks.beside.code, '03VC1S2Q4HX0');
  assert.deepEqual(thanks.stored, ['', 0]);
  await tab.goto(`${url}/friend.html#03VC-1S2Q-4HX0`);
  await tab.waitForFunction(() => document.querySelector('zugabe-friend')?.['state'] === 'shown');
  assert.match(await tab.evaluate(() => document.querySelector('zugabe-friend')?.shadowRoot?.textContent ?? ''), /5,00/);
  await tab.goto(`${url}/empty.html`);
  await tab.waitForLoadState('networkidle');
  assert.equal(await tab.evaluate(() => /** @type {any} */ (document.querySelector('zugabe-friend')).state), 'waiting', 'without a policy the fallback stays');
  assert.ok(!asked.some((path) => path.endsWith('.wasm')));
});
