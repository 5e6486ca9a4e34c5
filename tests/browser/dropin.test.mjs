/** The folder to upload, as it is, in Chromium: in one go or with its hints, under an address with a version, and with a file that is not its own. */
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { publish, starterProgram } from '../../js/node.js';
import { root } from '../../scripts/shell.mjs';
import { launch, serve } from './helpers.mjs';

const NOW = '2026-11-23T10:05:00Z';
const DROP_IN = join(root, 'dist/drop-in');
const HINTS = readFileSync(join(DROP_IN, 'hints.html'), 'utf8');
const CARDS = readdirSync(DROP_IN).find((name) => name.startsWith('zugabe-cards-')) ?? '';
const THANKS = `<zugabe-thanks policy="/zugabe/policy.json" now="${NOW}" order-id="1" order-total="4890" currency="EUR" code="03VC1S2Q4HX0">Danke.</zugabe-thanks>`;

/** @type {string} */
let folder;
/** @type {{ url: string, close: () => Promise<void> }} */
let site;
/** @type {import('playwright-core').Browser} */
let browser;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'zugabe-drop-in-'));
  cpSync(DROP_IN, join(folder, 'zugabe'), { recursive: true });
  const program = starterProgram({ name: 'Teehaus', currency: 'EUR', timeZone: 'Europe/Berlin', locales: ['de'] });
  writeFileSync(join(folder, 'zugabe/policy.json'), JSON.stringify(publish(program, undefined, { now: NOW })));
  site = await serve(folder, { csp: 'shop' });
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await site?.close();
  rmSync(folder, { recursive: true, force: true });
});

/**
 * A page of these lines, until its element has come to an end.
 * @param {string} lines
 * @param {(page: import('playwright-core').Page) => Promise<unknown>} [prepare]
 */
async function visit(lines, prepare) {
  writeFileSync(join(folder, 'index.html'), `<!doctype html><html lang="de"><head><title>x</title><link rel="icon" href="data:,">${lines}</head><body>${THANKS}</body></html>`);
  const page = await browser.newPage();
  const names = /** @type {string[]} */ ([]);
  const said = /** @type {string[]} */ ([]);
  page.on('request', (request) => names.push(new URL(request.url()).pathname.split('/').pop() ?? ''));
  page.on('console', (message) => void said.push(`${message.type()} ${message.text()}`));
  await prepare?.(page);
  await page.goto(`${site.url}/index.html`);
  const state = await page.waitForFunction(() => {
    const { state } = /** @type {any} */ (document.querySelector('zugabe-thanks'));
    return ['shown', 'failed'].includes(state) && state;
  });
  const reached = await state.jsonValue();
  await page.close();
  return { state: reached, names: names.filter((name) => name !== 'index.html').sort(), said };
}

const SCRIPT = '<script type="module" src="/zugabe/zugabe.js"></script>';
const NEEDED = readdirSync(DROP_IN).filter((name) => name === 'zugabe.js' || name === CARDS || name.endsWith('.wasm')).concat('policy.json').sort();

test('the page fetches script, cards, wasm and policy, each once; its hints fetch the same, not more', async () => {
  assert.equal(NEEDED.length, 4);
  for (const lines of [SCRIPT, HINTS + SCRIPT]) {
    const { state, names, said } = await visit(lines);
    assert.equal(state, 'shown');
    assert.deepEqual(names, NEEDED);
    // Chromium says so when something was fetched ahead in vain.
    assert.deepEqual(said, []);
  }
});

test('nothing is fetched only after something else has come: cards, wasm and policy go out together', async () => {
  /** @type {() => void} */
  let all = () => {};
  const asked = new Set();
  const together = new Promise((done) => (all = () => done(undefined)));
  const { state } = await visit(SCRIPT, (page) =>
    page.route(/cards|\.wasm|policy\.json/, async (route) => {
      asked.add(new URL(route.request().url()).pathname);
      if (asked.size === 3) all();
      // Whoever waited for another one would wait for ever.
      await together;
      await route.continue();
    }),
  );
  assert.equal(state, 'shown');
});

test('under an address with a version, as templates write it, the script is loaded once all the same', async () => {
  const { state, names } = await visit(SCRIPT.replace('zugabe.js', 'zugabe.js?v=7'));
  assert.equal(state, 'shown');
  assert.deepEqual(names, NEEDED);
});

test('a file that is not the one that was built is not run: neither the cards nor the wasm', async () => {
  const changed = (/** @type {RegExp} */ which, /** @type {Buffer} */ more) => (/** @type {import('playwright-core').Page} */ page) =>
    page.route(which, async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, body: Buffer.concat([await response.body(), more]) });
    });
  for (const lines of [SCRIPT, HINTS + SCRIPT]) {
    const cards = await visit(lines, changed(/cards/, Buffer.from('\n;window.hacked=1')));
    assert.equal(cards.state, 'failed');
    assert.equal(cards.said.filter((line) => line.startsWith('warning zugabe-thanks:') && line.includes('upload the folder whole')).length, 1, cards.said.join('\n'));
  }
  // A section that nobody reads: still a good module, and not ours.
  const wasm = await visit(SCRIPT, changed(/\.wasm/, Buffer.from([0, 2, 1, 120])));
  assert.equal(wasm.state, 'shown');
  assert.ok(wasm.names.some((name) => name.includes('plain')), 'the same core as plain JavaScript in its place');
});

test('the hashes that the folder lists are those of its files', async () => {
  const { integrity } = JSON.parse(readFileSync(join(DROP_IN, 'integrity.json'), 'utf8'));
  const { integrityOf } = await import('../../scripts/integrity.mjs');
  for (const [name, hash] of Object.entries(integrity)) assert.equal(integrityOf(join(DROP_IN, name)), hash, name);
  assert.ok(HINTS.includes(integrity[`./${CARDS}`]) && readFileSync(join(DROP_IN, 'zugabe.js'), 'utf8').includes(integrity[`./${CARDS}`]));
});
