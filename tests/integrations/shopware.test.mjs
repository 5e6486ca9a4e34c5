/** Can a Shopware shop install this, and what does its finish page do then? PHP in PHP, Twig in Twig, the page in Chromium. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { unzipSync } from 'fflate';
import { elementFiles, shopwareApp, shopwarePlugin, zip } from '../../scripts/pack.mjs';
import { listFiles } from '../../scripts/files.mjs';
import { launch, serve } from '../browser/helpers.mjs';
import { decisions, escaped, execute, missing, read, root, scratch, write } from './helpers.mjs';

const FOLDER = 'integrations/shopware';
const noPhp = missing('php', 'on Debian, apt-get install php-cli phpunit php-twig php-doctrine-dbal php-sqlite3 php-xml.');
const noPhpunit = noPhp || missing('phpunit', 'on Debian, apt-get install phpunit php-twig php-doctrine-dbal php-sqlite3.');
const noXmllint = missing('xmllint', 'on Debian, apt-get install libxml2-utils.');

test('every PHP file of the Shopware plugin is valid', { skip: noPhp }, () => {
  const files = listFiles(join(root, FOLDER), '.php').map((name) => `${FOLDER}/${name}`);
  assert.ok(files.length > 10);
  for (const file of files) {
    const { status, output } = execute('php', ['-l', file]);
    assert.equal(status, 0, output);
  }
});

test('the PHP tests of the Shopware plugin hold, Twig and database included', { skip: noPhpunit }, () => {
  const { status, output } = execute('phpunit', ['--do-not-cache-result', '--bootstrap', `${FOLDER}/tests/bootstrap.php`, '--test-suffix', 'Test.php', `${FOLDER}/tests`]);
  assert.equal(status, 0, output);
  assert.match(output, /OK \((\d\d+) tests/, output);
});

test('the app manifest says what Shopware reads, and a broken one is refused', { skip: noXmllint }, (context) => {
  const folder = scratch(context);
  const manifest = read(`${FOLDER}/app/manifest.xml`).replaceAll('@BACKEND@', 'https://zugabe.shop.test');
  const check = (/** @type {string} */ text) => {
    writeFileSync(join(folder, 'manifest.xml'), text);
    return execute('xmllint', ['--noout', '--schema', 'tests/integrations/manifest.xsd', join(folder, 'manifest.xml')]);
  };
  const { status, output } = check(manifest);
  assert.equal(status, 0, output);
  assert.notEqual(check(manifest.replace(' event="checkout.order.placed"', '')).status, 0);
  assert.notEqual(check(manifest.replace('https://zugabe.shop.test/shopware/register', 'http://open.test')).status, 0);
  for (const xml of ['config/config.xml', 'config/services.xml']) {
    assert.equal(execute('xmllint', ['--noout', `${FOLDER}/ZugabeThanks/src/Resources/${xml}`]).status, 0);
  }
});

test('plugin and app know the same custom fields, cookie and snippets', () => {
  const manifest = read(`${FOLDER}/app/manifest.xml`);
  const fields = read(`${FOLDER}/ZugabeThanks/src/Lifecycle/CustomFields.php`);
  const named = [...manifest.matchAll(/name="(zugabe_\w+)"/g)].map(([, name]) => name);
  assert.deepEqual(named, ['zugabe_tier', 'zugabe_stage', 'zugabe_order_number', 'zugabe_code', 'zugabe_objected']);
  for (const name of named) assert.ok(fields.includes(`'${name}'`), name);
  for (const value of [...manifest.matchAll(/option value="(\w+)"/g)].map(([, name]) => name)) assert.ok(fields.includes(`'${value}'`), value);
  const cookie = read(`${FOLDER}/ZugabeThanks/src/Consent/Cookie.php`);
  for (const said of ['zugabe-personal', 'zugabe.cookie.name', 'zugabe.cookie.description']) {
    assert.ok(cookie.includes(`'${said}'`) && manifest.includes(`>${said}<`), said);
  }
});

test('the archives hold what a shop needs, and the same sources make the same bytes', async () => {
  const element = elementFiles();
  const plugin = shopwarePlugin(element);
  const bytes = zip(plugin);
  assert.deepEqual(Buffer.from(bytes), Buffer.from(zip(shopwarePlugin(elementFiles()))));
  const inside = Object.keys(unzipSync(bytes));
  for (const name of ['composer.json', 'src/ZugabeThanks.php', 'src/Resources/public/zugabe/zugabe.js', 'src/Resources/app/storefront/dist/storefront/js/zugabe-thanks/zugabe-thanks.js']) {
    assert.ok(inside.includes(`ZugabeThanks/${name}`), name);
  }
  assert.ok(inside.some((name) => name.endsWith('.wasm')));
  assert.ok(!inside.some((name) => name.includes('tests')));
  const composer = JSON.parse(Buffer.from(plugin['ZugabeThanks/composer.json']).toString());
  const [, name] = composer.extra['shopware-plugin-class'].split('\\');
  assert.ok(inside.includes(`ZugabeThanks/${composer.autoload['psr-4']['ZugabeThanks\\']}${name}.php`));

  const app = shopwareApp(element, 'https://zugabe.shop.test');
  const manifest = Buffer.from(app['ZugabeThanks/manifest.xml']).toString();
  assert.ok(manifest.includes('https://zugabe.shop.test/shopware/register') && !manifest.includes('@BACKEND@'));
  assert.ok(!Object.keys(app).some((file) => file.endsWith('.php') || file.endsWith('services.xml')), 'an app has no PHP');
  assert.ok(app['ZugabeThanks/Resources/views/storefront/page/checkout/finish/index.html.twig']);
  for (const address of ['http://zugabe.shop.test', 'https://zugabe.shop.test/', 'nonsense']) {
    assert.throws(() => shopwareApp(element, address), /no address for a backend/);
  }
});

test('the finish page decides with the packed files, and follows the cookie preference', async (context) => {
  const [{ policy, request }] = decisions().filter(({ name }) => name === 'a guest, five');
  const folder = scratch(context);
  const packed = shopwarePlugin(elementFiles());
  const assets = Object.entries(packed).filter(([name]) => name.includes('/Resources/public/zugabe/'));
  write(folder, {
    ...Object.fromEntries(assets.map(([name, bytes]) => [`bundles/zugabethanks/zugabe/${name.split('/').pop()}`, bytes])),
    'zugabe-thanks.js': packed['ZugabeThanks/src/Resources/app/storefront/dist/storefront/js/zugabe-thanks/zugabe-thanks.js'],
    'index.html': page(policy, request),
  });
  const { url, close } = await serve(folder, { csp: 'none' });
  const browser = await launch();
  context.after(async () => {
    await browser.close();
    await close();
  });
  const tab = await browser.newPage();
  /** @type {string[]} */
  const complaints = [];
  tab.on('console', (message) => ['error', 'warning'].includes(message.type()) && complaints.push(message.text()));
  tab.on('pageerror', (error) => complaints.push(error.message));
  await tab.goto(`${url}/index.html`);
  await tab.waitForFunction(() => document.querySelector('zugabe-thanks')?.['state'] === 'shown');
  const shown = await tab.evaluate(() => ({
    decision: /** @type {any} */ (document.querySelector('zugabe-thanks')).decision,
    stored: [document.cookie, localStorage.length, sessionStorage.length],
  }));
  assert.equal(shown.decision.main.option, 'brew-guide');
  assert.equal(shown.decision.beside.code, '03VC1S2Q4HX0');
  assert.deepEqual(shown.stored, ['', 0, 0], 'nothing is stored on the device');
  const consent = () => tab.evaluate(() => /** @type {any} */ (document.querySelector('zugabe-thanks')).request.consent.profiling);
  assert.equal(await consent(), false);
  const save = (/** @type {boolean} */ allowed) =>
    tab.evaluate((allowed) => /** @type {any} */ (document).$emitter.publish('CookieConfiguration_Update', { 'zugabe-personal': allowed }), allowed);
  await save(true);
  assert.equal(await consent(), true);
  await save(false);
  assert.equal(await consent(), false);
  await tab.context().addCookies([{ name: 'zugabe-personal', value: '1', url }]);
  await tab.reload();
  await tab.waitForFunction(() => document.querySelector('zugabe-thanks')?.['state'] === 'shown');
  assert.equal(await consent(), true);
  assert.deepEqual(complaints, []);
});

/**
 * The finish page as the Twig override renders it, with stand-ins for Shopware's plugin base class, manager and emitter.
 * @param {object} policy
 * @param {any} request
 */
function page(policy, request) {
  const options = escaped(JSON.stringify({ policy: JSON.stringify(policy), element: '/bundles/zugabethanks/zugabe/zugabe.js' }));
  return `<!doctype html><html lang="de"><meta charset="utf-8"><link rel="icon" href="data:,"><title>Danke</title><h1>Vielen Dank</h1>
<zugabe-thanks order-id="10077" order-total="4890" currency="EUR" country="DE" order-number="1" sent="0" code="03VC1S2Q4HX0"
  now="${request.now}" data-zugabe-thanks="true" data-zugabe-thanks-options="${options}"></zugabe-thanks>
<script>
  const heard = {};
  document.$emitter = {
    subscribe: (name, callback) => (heard[name] ??= []).push(callback),
    publish: (name, detail) => heard[name]?.forEach((callback) => callback({ detail })),
  };
  window.PluginBaseClass = class { constructor(el, options) { this.el = el; this.options = { ...this.constructor.options, ...options }; this.init(); } };
  window.PluginManager = { register: (name, plugin, selector) => document.querySelectorAll(selector).forEach((el) => new plugin(el, JSON.parse(el.dataset.zugabeThanksOptions))) };
</script>
<script src="/zugabe-thanks.js"></script></html>`;
}

test('the storefront script is small and needs no build', () => {
  const source = readFileSync(join(root, FOLDER, 'ZugabeThanks/src/Resources/app/storefront/src/main.js'));
  assert.ok(source.length < 2048, `${source.length} bytes`);
  assert.ok(!/^\s*(im|ex)port\s/m.test(source.toString()), 'a classic script');
});
