/**
 * What does a shop page pay, and when does the offer stand there? Thank-you pages of the same words on a slow telephone (4 x CPU, slow
 * 4G): ours as three lines, with the lines that fetch everything at once, and drawn by a server; one that asks GrowthBook's SDK for the
 * words, one that draws them with a Lit element. The peers get their words ready made from one small file; ours decides them from a policy.
 * `node benches/page/run.mjs [RUNS] [NAME]...` for fewer.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { build } from 'esbuild';
import { decide, publish, starterProgram } from '../../js/node.js';
import { renderThanks } from '../../js/render.js';
import { root } from '../../scripts/shell.mjs';
import { launch } from '../../tests/browser/helpers.mjs';

const [RUNS, ...only] = [Number(process.argv[2] ?? 9), ...process.argv.slice(3)];
const here = join(root, 'benches/page');
const TYPES = /** @type {Record<string, string>} */ ({ '.html': 'text/html', '.js': 'text/javascript', '.json': 'application/json', '.wasm': 'application/wasm' });
/** "Slow 4G" of Chromium's own tools. */
const NETWORK = { offline: false, latency: 150 * 3.75, downloadThroughput: (1.6 * 1024 * 1024 * 0.9) / 8, uploadThroughput: (750 * 1024 * 0.9) / 8 };

if (!existsSync(join(here, 'node_modules'))) spawnSync('npm', ['install', '--no-audit', '--no-fund', '--no-package-lock'], { cwd: here, stdio: 'inherit', shell: process.platform === 'win32' });
if (!existsSync(join(root, 'dist/drop-in/zugabe.js'))) throw new Error('dist/drop-in is missing: npm run build');

const NOW = '2026-11-23T10:05:00Z';
const policy = publish(starterProgram({ name: 'Teehaus am Markt', currency: 'EUR', timeZone: 'Europe/Berlin', locales: ['de', 'en'] }), undefined, { now: NOW });
const offer = { headline: 'Danke für deine Bestellung.', body: 'Magst du uns weiterempfehlen? Teile deinen Link selbst, wir schreiben niemandem.', conditions: 'Für die erste Bestellung, ab 40,00 €, bis 22. Januar 2027.', code: '03VC-1S2Q-4HX0', link: 'https://teehaus.example/f#03VC1S2Q4HX0', why: 'Weil du gerade bestellt hast.' };
const folder = mkdtempSync(join(tmpdir(), 'zugabe-bench-page-'));
const page = (/** @type {string} */ body) => `<!doctype html><html lang="de"><meta charset="utf-8"><title>x</title><link rel="icon" href="data:,">${body}</html>`;
const DONE = 'window.offeredAt ??= performance.now();';
/** What both peers draw: the same words, a button that copies, one to decline, and the reason. */
const COPY = 'const copy = (text) => navigator.clipboard?.writeText(text);';

/** The lines that the folder to upload says of itself. */
const hints = readFileSync(join(root, 'dist/drop-in/hints.html'), 'utf8').replaceAll('"/zugabe/policy.json', '"policy.json').replaceAll('"/zugabe/', '"zugabe/');
const ASK = `<script type="module" src="zugabe/zugabe.js"></script><script>addEventListener('zugabe-shown', () => { ${DONE} })</script>`;
const THANKS = `<zugabe-thanks policy="policy.json" now="${NOW}" order-id="1" order-total="4890" currency="EUR" code="03VC1S2Q4HX0">Danke.</zugabe-thanks>`;
const decision = decide(policy, {
  ...{ v: 1, now: NOW, locale: 'de', moment: { type: 'order_completed', at: NOW }, subject: { id: '1', identity: 'order' } },
  ...{ facts: { code: '03VC1S2Q4HX0' }, order: { id: '1', currency: 'EUR', subtotal: 4890, parcel: true } },
});

/** `drawn`: the offer is on screen with the page's first paint. @type {Record<string, { html: string, app?: string, data: Record<string, unknown>, drawn?: boolean }>} */
const pages = {
  'zugabe, three lines': { html: page(ASK + THANKS), data: { 'policy.json': policy } },
  'zugabe, all at once': { html: page(hints + ASK + THANKS), data: { 'policy.json': policy } },
  'zugabe, drawn by a server': { html: page(hints.split('\n')[0] + ASK + renderThanks(decision)), data: {}, drawn: true },
  growthbook: {
    html: page('<script type="module" src="app.js"></script><div id="offer">Danke.</div>'),
    app: `import { GrowthBook } from '@growthbook/growthbook'; ${COPY}
      const gb = new GrowthBook({ apiHost: location.origin + '/growthbook', clientKey: 'k', attributes: { id: '1', orderNumber: 1 } });
      await gb.init({ timeout: 30000 });
      const words = gb.getFeatureValue('offer', {});
      const h = (tag, text, press) => { const e = document.createElement(tag); e.textContent = text; if (press) e.onclick = press; return e; };
      document.querySelector('#offer').replaceChildren(h('h2', words.headline), h('p', words.body), h('p', words.conditions), h('code', words.code), h('button', 'Code kopieren', () => copy(words.code)), h('button', 'Link kopieren', () => copy(words.link)), h('button', 'Nein danke', (e) => e.target.parentNode.remove()), h('p', words.why));
      ${DONE}`,
    data: { 'growthbook/api/features/k': { status: 200, features: { offer: { defaultValue: {}, rules: [{ condition: { orderNumber: 1 }, force: offer }] } } } },
  },
  lit: {
    html: page('<script type="module" src="app.js"></script><x-offer>Danke.</x-offer>'),
    app: `import { LitElement, css, html } from 'lit'; ${COPY}
      customElements.define('x-offer', class extends LitElement {
        static properties = { words: { state: true }, why: { state: true } };
        static styles = css\`:host { display: block; border: 1px solid; border-radius: 18px; padding: 1rem; } button { min-height: 2.8rem; border-radius: 99px; }\`;
        async connectedCallback() { super.connectedCallback(); this.words = await (await fetch('offer.json')).json(); await this.updateComplete; ${DONE} }
        render() { const w = this.words; return w ? html\`<h2>\${w.headline}</h2><p>\${w.body}</p><p>\${w.conditions}</p><code>\${w.code}</code><button @click=\${() => copy(w.code)}>Code kopieren</button><button @click=\${() => copy(w.link)}>Link kopieren</button><button @click=\${() => this.remove()}>Nein danke</button><details><summary>Warum sehe ich das?</summary>\${w.why}</details>\` : html\`<slot></slot>\`; }
      });`,
    data: { 'offer.json': offer },
  },
};

// A peer may say, too, what it will fetch.
pages['lit, all at once'] = { ...pages.lit, html: pages.lit.html.replace('<script', '<link rel="preload" href="offer.json" as="fetch" crossorigin><script') };

for (const [name, { html, app, data }] of Object.entries(pages)) {
  const out = join(folder, name);
  mkdirSync(out);
  writeFileSync(join(out, 'index.html'), html);
  if (name.startsWith('zugabe')) cpSync(join(root, 'dist/drop-in'), join(out, 'zugabe'), { recursive: true });
  if (app) await build({ stdin: { contents: app, resolveDir: here }, bundle: true, minify: true, format: 'esm', target: 'es2022', outfile: join(out, 'app.js') });
  for (const [path, content] of Object.entries(data)) {
    mkdirSync(join(out, path, '..'), { recursive: true });
    writeFileSync(join(out, path), JSON.stringify(content));
  }
}

/** A shop's server has its files compressed before anybody asks. @type {Map<string, Buffer>} */
const bodies = new Map();
const packed = (/** @type {string} */ file) => bodies.get(file) ?? /** @type {Buffer} */ (bodies.set(file, brotliCompressSync(readFileSync(file))).get(file));
for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) if (entry.isFile()) packed(join(entry.parentPath, entry.name));

const server = createServer((request, response) => {
  const name = new URL(request.url ?? '/', 'http://x').pathname;
  const base = /** @type {string} */ (request.headers['x-bench'] ?? '');
  const file = join(folder, base, name.endsWith('/') ? `${name}index.html` : name);
  if (!existsSync(file)) return response.writeHead(404).end();
  const body = packed(file);
  response.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/json', 'content-encoding': 'br', 'content-length': body.length }).end(body);
}).listen(0, '127.0.0.1');
await new Promise((done) => server.once('listening', done));
const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
const browser = await launch();

/** @param {string} name */
async function visit(name) {
  const context = await browser.newContext({ extraHTTPHeaders: { 'x-bench': name } });
  const tab = await context.newPage();
  const protocol = await context.newCDPSession(tab);
  await protocol.send('Network.enable');
  await protocol.send('Network.emulateNetworkConditions', NETWORK);
  await protocol.send('Emulation.setCPUThrottlingRate', { rate: 4 });
  await protocol.send('Performance.enable');
  let bytes = 0;
  let requests = 0;
  protocol.on('Network.loadingFinished', ({ encodedDataLength }) => ((bytes += encodedDataLength), (requests += 1)));
  await tab.goto(`http://127.0.0.1:${port}/`);
  await tab.waitForFunction(() => 'offeredAt' in window, undefined, { timeout: 60_000 });
  const works = await tab.evaluate(() => /** @type {any} */ (window).offeredAt);
  const painted = await tab.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime);
  const offered = pages[name].drawn ? (painted ?? works) : works;
  const { metrics } = await protocol.send('Performance.getMetrics');
  const script = (metrics.find((metric) => metric.name === 'ScriptDuration')?.value ?? 0) * 1000;
  await context.close();
  return { bytes, requests, offered, works, script };
}

/** @type {Record<string, Awaited<ReturnType<typeof visit>>[]>} */
const seen = Object.fromEntries(Object.keys(pages).filter((name) => !only.length || only.includes(name)).map((name) => [name, []]));
try {
  for (let run = 0; run < RUNS; run += 1) for (const name of Object.keys(seen)) seen[name].push(await visit(name));
} finally {
  await browser.close();
  server.close();
  rmSync(folder, { recursive: true, force: true });
}
const median = (/** @type {number[]} */ values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];
console.log(`| page | bytes over the network | requests | script time, ms | offer on screen after, ms (lowest to highest) | its buttons work after, ms |\n|---|--:|--:|--:|--:|--:|`);
for (const [name, runs] of Object.entries(seen)) {
  const of = (/** @type {'bytes' | 'requests' | 'offered' | 'works' | 'script'} */ key) => Math.round(median(runs.map((run) => run[key])));
  const times = runs.map(({ offered }) => Math.round(offered)).sort((a, b) => a - b);
  console.log(`| ${name} | ${of('bytes').toLocaleString('en')} | ${of('requests')} | ${of('script')} | ${of('offered')} (${times[0]} to ${times.at(-1)}) | ${of('works')} |`);
}
