/** The packed tarball alone, on a machine without Rust: in Vite, as plain modules, in Node, and for TypeScript. */
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { root } from '../../scripts/shell.mjs';
import { launch, serve } from '../browser/helpers.mjs';

/** A policy and a request that the core answered before. */
const { policy, request, expected } = decisionCase();
const CODE = '03VC1S2Q4HX0';

/** What every kind of user writes; the page says what came of it in its title. */
const APP = `
import { createEngine } from 'zugabe';
import 'zugabe/element';
const [policy, request] = await Promise.all(['policy', 'request'].map(async (name) => (await fetch('./' + name + '.json')).json()));
const engine = await createEngine({ policy });
window.result = { decision: engine.decide(request), code: engine.parseCode('${CODE}'), element: Boolean(customElements.get('zugabe-thanks')) };
const thanks = document.querySelector('zugabe-thanks');
thanks.policy = policy;
thanks.request = request;
`;
const BODY = '<link rel="icon" href="data:,"><zugabe-thanks><p>Thank you for your order.</p></zugabe-thanks>';

/** @type {string} */
let folder;
/** @type {string[]} */
let packed;
/** @type {import('playwright-core').Browser} */
let browser;
/** Without cargo, whatever the machine has. */
const env = { ...process.env, PATH: [dirname(process.execPath), '/usr/bin', '/bin'].join(delimiter) };

/**
 * @param {string[]} args
 * @param {string} cwd
 */
const node = (args, cwd) => execFileSync(process.execPath, args, { cwd, env, encoding: 'utf8' });

/** @param {string[]} args @param {string} cwd */
const npm = (args, cwd) => execFileSync('npm', args, { cwd, env, encoding: 'utf8', shell: process.platform === 'win32', stdio: ['ignore', 'pipe', 'pipe'] });

function decisionCase() {
  const { cases, policy: policies } = JSON.parse(readFileSync(join(root, 'tests/vectors/decide.json'), 'utf8'));
  const found = cases.find((/** @type {any} */ one) => one.op === 'decide' && one.expected.main && one.expected.channel === 'page');
  assert.ok(found, 'decide.json holds no case with an offer on a page');
  return { policy: policies[found.policy], request: found.request, expected: found.expected };
}

/** @param {string} site */
function fillSite(site) {
  writeFileSync(join(site, 'policy.json'), JSON.stringify(policy));
  writeFileSync(join(site, 'request.json'), JSON.stringify(request));
}

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'zugabe-package-'));
  assert.throws(() => execFileSync('cargo', ['-V'], { env, stdio: 'ignore' }), 'cargo is still found');
  const [{ filename, files }] = JSON.parse(npm(['pack', '--ignore-scripts', '--json', '--pack-destination', folder], root));
  packed = files.map((/** @type {{ path: string }} */ file) => file.path);
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
  // As who only builds pages installs it: without the drivers of the databases.
  npm(['install', '--offline', '--omit=optional', '--no-audit', '--no-fund', `./${filename}`], folder);
  browser = await launch();
});

after(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

/**
 * Opens the page under a shop's content security policy and waits for its result.
 * @param {string} site
 */
async function resultOf(site) {
  const { url, close } = await serve(site, { csp: 'shop' });
  const page = await browser.newPage();
  /** @type {string[]} */
  const errors = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => void (message.type() === 'error' && errors.push(message.text())));
  try {
    await page.goto(`${url}/index.html`);
    await page.waitForFunction(() => 'result' in window, undefined, { timeout: 15_000 }).catch(() => assert.fail(errors.join('\n')));
    await page.locator('zugabe-thanks').getByText(expected.main.text.headline).first().waitFor({ timeout: 15_000 });
    const result = await page.evaluate(() => /** @type {any} */ (window).result);
    assert.deepEqual(errors, []);
    return result;
  } finally {
    await page.close();
    await close();
  }
}

/** @param {any} result */
function isRight(result) {
  assert.deepEqual(result.decision, expected);
  assert.equal(result.code.verdict, 'ok');
  assert.ok(result.element, '<zugabe-thanks> is not defined');
}

test('the tarball holds what is built, and neither sources of the core nor traces of the build', () => {
  for (const file of ['js/index.js', 'js/element/index.js', 'js/node.js', 'js/full.js', 'types/index.d.ts', 'types/element/index.d.ts', 'dist/page/zugabe_page.js', 'dist/page/zugabe_page_bg.wasm', 'dist/full/zugabe_full.js', 'dist/full/zugabe_full_bg.wasm', 'dist/plain/zugabe_plain.js', 'js/plain.js', 'js/render.js', 'js/consent.js', 'types/plain.d.ts', 'dist/qr/qr.js', 'dist/qr/LICENSE', 'dist/custom-elements.json', 'dist/drop-in/zugabe.js', 'dist/drop-in/README.txt', 'README.md', 'LICENSE-MIT', 'LICENSE-APACHE']) {
    assert.ok(packed.includes(file), `${file} is missing`);
  }
  assert.deepEqual(packed.filter((path) => /\.rs$|^src\/|^scripts\/|^tests\/|\.stamp$|^www\//.test(path)), []);
});

test('without the drivers of the databases the stores say what to install, and the one in memory works', () => {
  writeFileSync(
    join(folder, 'stores.mjs'),
    `import { createMemoryStore, createPostgresStore, createSqliteStore, listen } from 'zugabe/server';
    const { answer } = await createMemoryStore().run({ v: 1, tenant: 't', now: '2026-11-23T10:00:00Z', action: { type: 'campaign', campaign: 'c' } });
    const why = (opening) => opening.then(() => 'opened', ({ code, message }) => code + ': ' + message);
    console.log(JSON.stringify([answer.outcome, await why(createSqliteStore({ path: 'books.sqlite' })), await why(createPostgresStore({ url: 'postgres://nowhere' })), await why(listen({ fetch() {} }))]));`,
  );
  const said = JSON.parse(execFileSync(process.execPath, [join(folder, 'stores.mjs')], { cwd: folder, env, encoding: 'utf8' }));
  assert.equal(said[0], 'done');
  assert.match(said[1], /^unavailable: .*npm install better-sqlite3/);
  assert.match(said[2], /^unavailable: .*npm install pg/);
  assert.match(said[3], /^unavailable: .*npm install @hono\/node-server/);
});

test('publint finds nothing to complain about', async () => {
  const { publint } = await import('publint');
  const { formatMessage } = await import('publint/utils');
  const pkg = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const { messages } = await publint({ pkgDir: join(folder, 'node_modules/zugabe'), pack: false, strict: true });
  assert.deepEqual(messages.map((message) => formatMessage(message, pkg)), []);
});

test('a Vite project decides and thanks with the tarball alone', async () => {
  const project = join(folder, 'vite');
  mkdirSync(join(project, 'public'), { recursive: true });
  fillSite(join(project, 'public'));
  writeFileSync(join(project, 'index.html'), `<!doctype html><title>Vite</title>${BODY}<script type="module" src="/app.js"></script>`);
  writeFileSync(join(project, 'app.js'), APP);
  node([join(root, 'node_modules/vite/bin/vite.js'), 'build', project, '--base', './', '--logLevel', 'error'], folder);
  isRight(await resultOf(join(project, 'dist')));
});

test('plain modules without a bundler decide and thank with the tarball alone', async () => {
  const site = join(folder, 'plain');
  mkdirSync(site);
  fillSite(site);
  cpSync(join(folder, 'node_modules/zugabe'), join(site, 'zugabe'), { recursive: true });
  writeFileSync(join(site, 'index.html'), `<!doctype html><title>Plain</title>${BODY}<script type="module" src="app.js"></script>`);
  writeFileSync(join(site, 'app.js'), APP.replaceAll("'zugabe'", "'./zugabe/js/index.js'").replaceAll("'zugabe/element'", "'./zugabe/js/element/index.js'"));
  isRight(await resultOf(site));
});

test('Node decides with the tarball alone, on both artefacts', () => {
  fillSite(folder);
  writeFileSync(
    join(folder, 'app.mjs'),
    `import { readFileSync } from 'node:fs';
     import { createEngine, decide } from 'zugabe/node';
     const [policy, request] = ['policy', 'request'].map((name) => readFileSync(new URL(name + '.json', import.meta.url), 'utf8'));
     const engine = await createEngine({ policy: JSON.parse(policy) });
     console.log(JSON.stringify([engine.decide(JSON.parse(request)), decide(policy, request)]));`,
  );
  assert.deepEqual(JSON.parse(node(['app.mjs'], folder)), [expected, expected]);
});

test('the types fit the modules, for every entry and every way to resolve them that knows ESM', () => {
  const tarball = join(folder, packed.length ? `zugabe-${JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version}.tgz` : '');
  const said = node([join(root, 'node_modules/@arethetypeswrong/cli/dist/index.js'), tarball, '--profile', 'esm-only', '--format', 'ascii', '--exclude-entrypoints', 'page.wasm', 'full.wasm', 'custom-elements.json'], folder);
  // It ends with an error where something is wrong; that it has seen the entries is left to check.
  for (const entry of ['zugabe', 'zugabe/element', 'zugabe/plain', 'zugabe/render', 'zugabe/consent', 'zugabe/node', 'zugabe/full']) assert.ok(said.includes(`"${entry}"`), `${entry} was not looked at:\n${said}`);
});

test('an esbuild project decides and thanks with the tarball alone, in pieces', async () => {
  const site = join(folder, 'esbuild');
  mkdirSync(site);
  fillSite(site);
  writeFileSync(join(folder, 'esbuild-app.js'), APP.replace('createEngine({ policy })', "createEngine({ policy, wasm: '/zugabe.wasm' })"));
  cpSync(join(folder, 'node_modules/zugabe/dist/page/zugabe_page_bg.wasm'), join(site, 'zugabe.wasm'));
  const { build } = await import('esbuild');
  await build({ absWorkingDir: folder, entryPoints: { app: 'esbuild-app.js' }, bundle: true, splitting: true, minify: true, format: 'esm', outdir: site });
  writeFileSync(join(site, 'index.html'), `<!doctype html><title>esbuild</title>${BODY}<script type="module" src="app.js"></script>`);
  isRight(await resultOf(site));
});

test('the folder to upload decides and thanks as it is, with its hash, in three lines', async () => {
  const site = join(folder, 'drop-in');
  mkdirSync(site);
  fillSite(site);
  const dropIn = join(folder, 'node_modules/zugabe/dist/drop-in');
  cpSync(dropIn, join(site, 'zugabe'), { recursive: true });
  const { integrity } = JSON.parse(readFileSync(join(dropIn, 'integrity.json'), 'utf8'));
  const [module, hash] = /<script type="module" src="\/zugabe\/zugabe\.js" integrity="([^"]+)"><\/script>/.exec(readFileSync(join(dropIn, 'README.txt'), 'utf8')) ?? [];
  assert.equal(hash, integrity['./zugabe.js'], 'the README names the hash of the file beside it');
  const { order, facts } = request;
  writeFileSync(
    join(site, 'index.html'),
    `<!doctype html><html lang="${expected.locale}"><title>Drop-in</title><link rel="icon" href="data:,">${module}
     <zugabe-thanks policy="policy.json" now="${request.now}" locale="${request.locale}" order-id="${order?.id ?? '1'}" order-total="${order?.subtotal ?? 4890}" currency="${policy.shop.currency}" code="${facts?.code ?? CODE}"><p>Thank you for your order.</p></zugabe-thanks></html>`,
  );
  const { url, close } = await serve(site, { csp: 'shop' });
  const page = await browser.newPage();
  await page.goto(`${url}/index.html`);
  await page.waitForFunction(() => /** @type {any} */ (document.querySelector('zugabe-thanks'))?.state === 'shown', undefined, { timeout: 15_000 });
  await page.close();
  await close();
});

test('workerd decides with the tarball alone, on the plain core and on the wasm', async (t) => {
  const { build } = await import('esbuild');
  const site = join(folder, 'workerd');
  mkdirSync(site);
  // In a folder of its own: a lockfile must list its binaries for every system, and not every registry has them all.
  writeFileSync(join(site, 'package.json'), '{ "private": true }');
  try {
    npm(['install', '--no-audit', '--no-fund', 'workerd@1.20261117.1'], site);
  } catch {
    t.skip('workerd could not be installed here');
    return;
  }
  writeFileSync(
    join(folder, 'worker.js'),
    `import { createEngine } from 'zugabe';
     import { createEngine as createPlain } from 'zugabe/plain';
     import wasm from 'zugabe.wasm';
     const policy = ${JSON.stringify(policy)};
     const request = ${JSON.stringify(request)};
     export default { async fetch() {
       const engines = await Promise.all([createPlain({ policy }), createEngine({ policy, wasm })]);
       return Response.json(engines.map((engine) => engine.decide(request)));
     } };`,
  );
  await build({ absWorkingDir: folder, entryPoints: ['worker.js'], bundle: true, format: 'esm', external: ['zugabe.wasm'], outfile: join(site, 'worker.mjs'), logOverride: { 'empty-import-meta': 'silent' } });
  cpSync(join(folder, 'node_modules/zugabe/dist/page/zugabe_page_bg.wasm'), join(site, 'zugabe.wasm'));
  writeFileSync(
    join(site, 'config.capnp'),
    `using Workerd = import "/workerd/workerd.capnp";
     const config :Workerd.Config = (services = [(name = "main", worker = (modules = [(name = "worker.mjs", esModule = embed "worker.mjs"), (name = "zugabe.wasm", wasm = embed "zugabe.wasm")], compatibilityDate = "2025-09-01"))], sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")]);`,
  );
  const { default: program } = /** @type {any} */ (await import(pathToFileURL(join(site, 'node_modules/workerd/lib/main.js')).href)).default;
  const child = spawn(program, ['serve', 'config.capnp', '--control-fd=3'], { cwd: site, stdio: ['ignore', 'inherit', 'inherit', 'pipe'] });
  try {
    const port = await new Promise((done, refuse) => {
      child.stdio[3]?.on('data', (line) => done(JSON.parse(String(line).split('\n')[0]).port));
      child.on('exit', (code) => refuse(new Error(`workerd ended with ${code}`)));
    });
    assert.deepEqual(await (await fetch(`http://127.0.0.1:${port}/`)).json(), [expected, expected]);
  } finally {
    child.removeAllListeners('exit');
    child.kill();
  }
});

test('TypeScript knows the package, and knows a mistake when it sees one', () => {
  const check = (/** @type {string} */ name, /** @type {string} */ source) => {
    writeFileSync(join(folder, `${name}.ts`), source);
    return node([join(root, 'node_modules/typescript/bin/tsc'), '--noEmit', '--strict', '--pretty', 'false', '--module', 'nodenext', '--target', 'es2022', '--types', '', `${name}.ts`], folder);
  };
  check(
    'right',
    `import { createEngine, ZugabeError } from 'zugabe';
     import 'zugabe/element';
     import { loadFull } from 'zugabe/full';
     const engine = await createEngine({ policy: '/policy.json' });
     const headline: string | undefined = engine.decide({ v: 1, now: '2026-11-23T10:05:00Z', locale: 'de',
       moment: { type: 'order_completed', at: '2026-11-23T10:05:00Z' }, subject: { id: 'c1', identity: 'login' } }).main?.text.headline;
     const full = await loadFull();
     console.log(headline, full.parseCode('x').verdict, ZugabeError.name);
     document.querySelector('zugabe-thanks')?.addEventListener('zugabe-copied', (event) => event.detail.text.trim());`,
  );
  assert.throws(() => check('wrong', `import { createEngine } from 'zugabe';\n(await createEngine({ policy: '/p.json' })).decide({ v: 1 });`), (error) => /error TS\d+: .*missing/s.test(error.stdout));
});
