/** Does Shopify's thank-you page say what the core says? The bundled extension, core inside, in a host of ours. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import canonicalize from 'canonicalize';
import { bundleExtension, ensureShopifyPackages } from '../../scripts/shopify.mjs';
import { launch, serve } from '../browser/helpers.mjs';
import { decisions, execute, read, root, scratch, write, noPlainCore } from './helpers.mjs';

const ENTRIES = { 'src/thank-you.js': 'purchase.thank-you.block.render', 'src/order-status.js': 'customer-account.order-status.block.render' };
/** Shopify refuses more, compressed. */
const LIMIT = 64_000;

test('each extension is one module that loads nothing and weighs less than Shopify allows', { skip: noPlainCore }, async (context) => {
  for (const entry of Object.keys(ENTRIES)) {
    const code = await bundleExtension(entry);
    const bytes = gzipSync(code, { level: 9 }).length;
    context.diagnostic(`${entry}: ${bytes} bytes gzip of ${LIMIT}`);
    assert.ok(bytes <= LIMIT, `${entry} weighs ${bytes} bytes compressed`);
    assert.ok(!/\bimport\s*\(|\bfrom\s*["'`]|WebAssembly|new Function|\beval\(/.test(code), entry);
    assert.match(code, /export\s*\{\s*\w+ as default/);
  }
});

test('the configuration names the entries and targets that exist', () => {
  const toml = read('integrations/shopify/extensions/zugabe-thanks/shopify.extension.toml');
  for (const [entry, target] of Object.entries(ENTRIES)) assert.ok(toml.includes(`target = "${target}"\n  module = "./${entry}"`), entry);
  for (const key of ['policy', 'tier', 'stage', 'order_number', 'code']) assert.match(toml, new RegExp(`namespace = "zugabe"\n  key = "${key}"`));
});

test("the extension's source passes the types of Shopify's API", { skip: noPlainCore, timeout: 300_000 }, async () => {
  await ensureShopifyPackages();
  const { output } = execute(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '--project', 'integrations/shopify']);
  // Shopify's list of elements and ours do not know each other; ours are checked on their own.
  const own = output.split('\n').filter((line) => line.startsWith('integrations/shopify/extensions/'));
  assert.deepEqual(own, []);
  const wrong = execute(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '--project', 'integrations/shopify', '--listFilesOnly']);
  for (const entry of Object.keys(ENTRIES)) assert.ok(wrong.output.includes(`zugabe-thanks/${entry}`), 'the check looked at the files');
  assert.ok(wrong.output.includes('@shopify/ui-extensions'), "and at Shopify's types");
});

test('the bundled core gives the bytes of the decision vectors', { skip: noPlainCore }, async (context) => {
  const folder = scratch(context);
  write(folder, { 'decide.mjs': await bundleExtension('src/decide.js') });
  const { decide } = await import(pathToFileURL(join(folder, 'decide.mjs')).href);
  const cases = decisions();
  assert.ok(cases.length > 25);
  for (const { name, policy, request, expected } of cases) {
    assert.equal(canonicalize(await decide(JSON.stringify(policy), request)), canonicalize(expected), name);
  }
});

/**
 * The API as Shopify gives it, less what the extension does not ask for.
 * @param {object} policy
 * @param {object} [more]
 */
const api = (policy, more = {}) => ({
  appMetafields: [
    ['shop', 'policy', JSON.stringify(policy)],
    ['customer', 'code', '03VC1S2Q4HX0'],
  ].map(([type, key, value]) => ({ target: { type, id: 'gid://shopify/x/1' }, metafield: { namespace: 'zugabe', key, value, valueType: 'string', type: 'json' } })),
  cost: { subtotalAmount: { amount: 48.9, currencyCode: 'EUR' } },
  localization: { language: { isoCode: 'de' } },
  lines: [{ merchandise: { product: { productType: 'Tea' } } }],
  shippingAddress: { countryCode: 'DE' },
  settings: {},
  orderConfirmation: { order: { id: 'gid://shopify/Order/820982911946154508' }, isFirstOrder: true },
  order: { id: 'gid://shopify/Order/820982911946154508', name: '#1001', processedAt: '2026-11-23T10:04:10Z' },
  ...more,
});

test('the number of an order is one more than those the metafield counts, on the page that follows the order and nowhere else', async () => {
  const { requestOf } = await import('../../integrations/shopify/extensions/zugabe-thanks/src/facts.js');
  const counted = [{ target: { type: 'customer', id: 'gid://shopify/Customer/1' }, metafield: { namespace: 'zugabe', key: 'order_number', value: '3' } }];
  const given = (/** @type {any} */ value) => ({ value, subscribe: () => () => {} });
  const number = (/** @type {boolean | undefined} */ first, /** @type {object[]} */ fields) => {
    const { cost, localization, lines, shippingAddress } = api({});
    const asked = { appMetafields: given(fields), cost: { subtotalAmount: given(cost.subtotalAmount) }, localization: { language: given(localization.language) }, lines: given(lines), shippingAddress: given(shippingAddress) };
    const now = '2026-11-23T10:05:00Z';
    return requestOf(/** @type {any} */ (asked), { id: '1', now, at: now, first }).facts?.orderNumber;
  };
  assert.equal(number(false, counted), 4, 'this order came after the three');
  assert.equal(number(undefined, counted), 3, 'an earlier order, looked at again');
  assert.equal(number(true, counted), 1);
  assert.equal(number(false, []), undefined, 'nobody has counted');
});

/** @param {import('node:test').TestContext} context */
async function host(context) {
  const folder = scratch(context);
  write(folder, {
    'host.js': read('tests/integrations/shopify-host.js'),
    'thank-you.js': await bundleExtension('src/thank-you.js'),
    'order-status.js': await bundleExtension('src/order-status.js'),
    'index.html': `<!doctype html><html lang="de"><meta charset="utf-8"><link rel="icon" href="data:,"><title>Danke</title>
<style>body { font: 15px/1.5 system-ui, sans-serif; max-inline-size: 34rem; margin: 2rem auto; }</style><script src="/host.js"></script></html>`,
  });
  const { url, close } = await serve(folder, { csp: 'none' });
  const browser = await launch();
  context.after(async () => {
    await browser.close();
    await close();
  });
  const tab = await browser.newPage({ viewport: { width: 640, height: 980 } });
  await tab.clock.install({ time: new Date('2026-11-23T10:05:00Z') });
  /** @type {string[]} */
  const complaints = [];
  tab.on('console', (message) => ['error', 'warning'].includes(message.type()) && complaints.push(message.text()));
  tab.on('pageerror', (error) => complaints.push(error.message));
  /**
   * @param {string} page
   * @param {object} given
   */
  const run = async (page, given) => {
    await tab.goto(`${url}/index.html`);
    return tab.evaluate(async ([page, given]) => {
      const signal = (/** @type {any} */ value) => ({ value, subscribe: () => () => {} });
      const { settings, ...values } = /** @type {any} */ (given);
      const signals = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, signal(value)]));
      Object.assign(globalThis, {
        shopify: {
          ...signals,
          cost: { subtotalAmount: signal(values.cost.subtotalAmount) },
          localization: { language: signal(values.localization.language) },
          settings: signal(settings),
          sessionToken: { get: async () => 'token-of-the-session' },
        },
      });
      await (await import(/** @type {string} */ (page))).default();
      const all = (/** @type {string} */ name) => [...document.querySelectorAll(name)];
      return {
        headings: all('s-section').map((element) => /** @type {any} */ (element).heading),
        text: document.body.innerText,
        copies: all('s-clipboard-item').map((element) => /** @type {any} */ (element).text),
        unknown: /** @type {any} */ (globalThis).unknown,
      };
    }, [`/${page}.js`, given]);
  };
  return { tab, run, complaints };
}

test('the thank-you page shows what the core decided, with a code to copy', { skip: noPlainCore }, async (context) => {
  const { tab, run, complaints } = await host(context);
  const [{ policy, expected }] = decisions().filter(({ name }) => name === 'a guest, five');
  const shown = await run('thank-you', api(policy));
  assert.deepEqual(shown.headings, [expected.main.text.headline, expected.beside.text.headline]);
  for (const words of [expected.main.text.body, expected.beside.text.body, expected.beside.text.conditions, '03VC-1S2Q-4HX0', expected.labels.copy]) {
    assert.ok(shown.text.includes(words), words);
  }
  assert.deepEqual(shown.copies, ['03VC-1S2Q-4HX0']);
  assert.deepEqual(shown.unknown, [], 'components and fields that Shopify has');
  await tab.getByRole('button', { name: expected.labels.copy }).click();
  assert.deepEqual(await tab.evaluate(() => /** @type {any} */ (globalThis).copied), ['03VC-1S2Q-4HX0']);
  if (process.env.ZUGABE_SCREENSHOTS) await tab.screenshot({ path: join(process.env.ZUGABE_SCREENSHOTS, 'shopify-thank-you.png') });
  assert.deepEqual(complaints, []);
});

test('the order status page speaks as long as the moment lasts, and never of a cancelled order', { skip: noPlainCore }, async (context) => {
  const { run, complaints } = await host(context);
  const [{ policy }] = decisions().filter(({ name }) => name === 'a guest, five');
  const facts = api(policy);
  assert.ok((await run('order-status', facts)).headings.length > 0);
  const long = { ...facts.order, processedAt: '2026-01-01T10:00:00Z' };
  const later = await run('order-status', api(policy, { order: long }));
  assert.ok(!later.text.includes('03VC'), 'the moment is over');
  assert.deepEqual((await run('order-status', api(policy, { order: { ...facts.order, cancelledAt: '2026-11-23T10:04:30Z' } }))).headings, []);
  assert.deepEqual(complaints, []);
});

test('without a policy, and with a broken one, the page stays as Shopify made it', { skip: noPlainCore }, async (context) => {
  const { run, complaints } = await host(context);
  const without = api({});
  without.appMetafields = without.appMetafields.filter(({ metafield }) => metafield.key !== 'policy');
  assert.deepEqual((await run('thank-you', without)).headings, []);
  assert.deepEqual(complaints, []);
  assert.deepEqual((await run('thank-you', api({ v: 99 }))).headings, []);
  assert.equal(complaints.length, 1);
  assert.match(complaints[0], /^zugabe-thanks: unsupported_version/);
});

test("a server's decision goes first, and the page decides itself when there is none", { skip: noPlainCore }, async (context) => {
  const { tab, run } = await host(context);
  const [{ policy, expected }] = decisions().filter(({ name }) => name === 'a guest, five');
  const said = structuredClone(expected);
  said.main.text.headline = 'Vom Server <b>gesagt</b>';
  /** @type {{ token?: string, body?: any }} */
  const asked = {};
  let answer = 200;
  await tab.route('https://zugabe.shop.test/**', async (route) => {
    const headers = { 'access-control-allow-origin': '*', 'access-control-allow-headers': '*' };
    if (route.request().method() !== 'OPTIONS') Object.assign(asked, { token: route.request().headers().authorization, body: route.request().postDataJSON() });
    await route.fulfill({ status: answer, headers, json: said });
  });
  const given = api(policy, { settings: { backend: 'https://zugabe.shop.test/' } });
  assert.equal((await run('thank-you', given)).headings[0], 'Vom Server <b>gesagt</b>', 'a text, no markup');
  assert.deepEqual(asked, { token: 'Bearer token-of-the-session', body: { order: 'gid://shopify/Order/820982911946154508', locale: 'de' } });
  answer = 500;
  assert.equal((await run('thank-you', given)).headings[0], expected.main.text.headline);
  assert.equal((await run('thank-you', api(policy, { settings: { backend: 'http://open.test' } }))).headings[0], expected.main.text.headline);
});

test('amounts become minor units with the digits the core knows', { skip: noPlainCore }, async (context) => {
  const folder = scratch(context);
  write(folder, { 'facts.mjs': await bundleExtension('src/facts.js') });
  const { minor } = await import(pathToFileURL(join(folder, 'facts.mjs')).href);
  const table = /const CURRENCIES: &str = "([^"]+)"/.exec(read('src/money.rs'))?.[1].replace(/[\\\s]/g, '') ?? '';
  const currencies = [...table.matchAll(/([A-Z]{3})([023])/g)];
  assert.ok(currencies.length > 100);
  for (const [, currency, digits] of currencies) assert.equal(minor(12.345, currency), Math.round(12.345 * 10 ** Number(digits)), currency);
});
