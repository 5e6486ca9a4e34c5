/**
 * All artefacts in Chromium give every vector's expected bytes, under a shop's content security policy; the plain one where that
 * policy forbids WebAssembly, and where the browser has none.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { root } from '../../scripts/shell.mjs';
import { launch, serve } from './helpers.mjs';

/** How the page is opened; each is a page of its own. @type {Record<string, { query: string, without?: boolean }>} */
const ways = {
  '': { query: '' },
  ' where a policy forbids WebAssembly': { query: '?csp=nowasm' },
  ' without WebAssembly': { query: '', without: true },
};

/** @type {['page' | 'plain' | 'full', string, way?: string][]} */
const runs = [
  ['full', 'import'],
  ['full', 'score'],
  ['full', 'lifetime'],
  ['full', 'decide'],
  ['full', 'codes'],
  ['full', 'tokens'],
  ['full', 'price'],
  ['full', 'books'],
  ['full', 'referral'],
  ['page', 'decide'],
  ['page', 'codes'],
  ...Object.keys(ways).slice(1).flatMap((way) => /** @type {['plain', string, string][]} */ ([['plain', 'decide', way], ['plain', 'codes', way]])),
];

/** The page's own script: runs one file and hands the answers over. */
const SCRIPT = `
import canonicalize from './canonicalize/canonicalize.js';
import { answersOf, filesOf } from './vectors/answer.mjs';
window.runVectors = async (artefact, name) => {
  const glue = await import('./dist/' + artefact + '/zugabe_' + artefact + '.js');
  if (artefact !== 'plain') await glue.default({ module_or_path: new URL('./dist/' + artefact + '/zugabe_' + artefact + '_bg.wasm', import.meta.url) });
  const vectors = await (await fetch('./vectors/' + name + '.json')).json();
  const bytesOf = async (file) => [file, new Uint8Array(await (await fetch('./vectors/' + file)).arrayBuffer())];
  const files = Object.fromEntries(await Promise.all(filesOf(vectors).map(bytesOf)));
  return answersOf(artefact === 'plain' ? 'page' : artefact, name, vectors, glue, canonicalize, files);
};
window.calibrate = async (names) => {
  const glue = await import('./dist/full/zugabe_full.js');
  await glue.default({ module_or_path: new URL('./dist/full/zugabe_full_bg.wasm', import.meta.url) });
  const shop = new glue.Shop(JSON.stringify({ now: '2026-11-23T10:00:00Z', currency: 'GBP', timeZone: 'Europe/London' }));
  for (const name of names) {
    shop.openFile(name, '');
    shop.push(new Uint8Array(await (await fetch('./' + name)).arrayBuffer()));
    shop.closeFile();
  }
  shop.finish();
  shop.score(JSON.stringify({ asOf: '2011-12-09', settings: { history: { timeZone: 'Europe/London' } } }));
  return shop.calibration(182);
};
window.allowsWasm = await (async () => WebAssembly.compile(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0)))().then(() => true, () => false);
window.ready = true;
`;

/** @type {string} */
let folder;
/** @type {{ url: string, close: () => Promise<void> }} */
let site;
/** @type {import('playwright-core').Browser} */
let browser;
/** @type {Record<string, import('playwright-core').Page>} */
const pages = {};

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'zugabe-vectors-'));
  mkdirSync(join(folder, 'dist'));
  cpSync(join(root, 'dist/page'), join(folder, 'dist/page'), { recursive: true });
  cpSync(join(root, 'dist/plain'), join(folder, 'dist/plain'), { recursive: true });
  cpSync(join(root, 'dist/full'), join(folder, 'dist/full'), { recursive: true });
  cpSync(join(root, 'tests/vectors'), join(folder, 'vectors'), { recursive: true });
  cpSync(join(root, 'node_modules/canonicalize/lib'), join(folder, 'canonicalize'), { recursive: true });
  writeFileSync(join(folder, 'run.js'), SCRIPT);
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>Vectors</title><script type="module" src="run.js"></script>');
  site = await serve(folder, { csp: 'shop' });
  browser = await launch();
  for (const [way, { query, without }] of Object.entries(ways)) {
    const page = await browser.newPage();
    if (without) await page.addInitScript(() => Reflect.deleteProperty(globalThis, 'WebAssembly'));
    await page.goto(`${site.url}/index.html${query}`);
    await page.waitForFunction(() => 'ready' in window);
    pages[way] = page;
  }
});

after(async () => {
  await browser?.close();
  await site?.close();
  rmSync(folder, { recursive: true, force: true });
});

for (const [artefact, name, way = ''] of runs) {
  test(`the ${artefact} artefact in Chromium${way} gives the bytes of ${name}.json`, async (context) => {
    assert.equal(await pages[way].evaluate(() => /** @type {any} */ (window).allowsWasm), artefact !== 'plain');
    const answers = await pages[way].evaluate(
      ([artefact, name]) => /** @type {any} */ (window).runVectors(artefact, name),
      [artefact, name],
    );
    assert.ok(answers.length > 0, 'no case was run');
    for (const { name: title, expected, got } of answers) await context.test(title, () => assert.equal(got, expected));
  });
}

test('eighteen months of Online Retail predict the next 26 weeks within 2 % in Chromium, to the bit as natively', async (context) => {
  const shared = process.env.ZUGABE_SHARED ?? join(root, '../shared');
  const names = ['online_retail_ii_2009_2010.csv', 'online_retail_2010_2011.csv'];
  for (const name of names) {
    const unpacked = spawnSync('zstd', ['-dqf', join(shared, 'data', `${name}.zst`), '-o', join(folder, name)]);
    if (unpacked.status !== 0) return context.skip('skipped: shared data (or zstd) is absent');
  }
  const compared = JSON.parse(await pages[''].evaluate((names) => /** @type {any} */ (window).calibrate(names), names));
  assert.ok(Math.abs(compared.offBp) <= 200, JSON.stringify(compared));
  // What tests/score_published.rs prints natively.
  assert.equal(compared.actual, 7779);
  assert.equal(Math.round(compared.predicted), 7653);
  return undefined;
});
