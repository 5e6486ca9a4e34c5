/** The engine as plain JavaScript: no WebAssembly, no DOM, nothing loaded, and the answers of the page artefact. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import canonicalize from 'canonicalize';
import { build } from 'esbuild';
import * as zugabe from '../../js/node.js';
import { ZugabeError, createEngine, parseCode } from '../../js/plain.js';

const NOW = '2026-11-23T10:05:00Z';
const PROGRAM = zugabe.starterProgram({ name: 'Teehaus am Markt', currency: 'EUR', timeZone: 'Europe/Berlin', locales: ['de', 'en'] });
const POLICY = zugabe.publish(PROGRAM, undefined, { now: NOW });
/** @type {import('../../js/types.js').Request} */
const REQUEST = {
  v: 1,
  now: NOW,
  locale: 'de',
  moment: { type: 'order_completed', at: NOW },
  subject: { id: 'c_4711', identity: 'login' },
  facts: { tier: 'vip', orderNumber: 7, code: '03VC1S2Q4HX0' },
  order: { id: '1001', currency: 'EUR', subtotal: 4890, parcel: true },
};

test('it decides, greets a friend and reads codes as the page artefact does', async () => {
  const [plain, page] = await Promise.all([createEngine({ policy: POLICY }), zugabe.createEngine({ policy: POLICY })]);
  for (const locale of ['de', 'en', 'xx']) {
    const request = { ...REQUEST, locale };
    assert.equal(canonicalize(plain.decide(request)), canonicalize(page.decide(request)));
    const friend = { v: /** @type {const} */ (1), now: NOW, locale, code: 'o3vc-1s2q-4hx0' };
    assert.equal(canonicalize(plain.friend(friend)), canonicalize(page.friend(friend)));
  }
  assert.deepEqual(parseCode('03VC1S2Q4HX1'), page.parseCode('03VC1S2Q4HX1'));
});

test('its refusals are those of the core', async () => {
  await assert.rejects(createEngine({ policy: { v: 99 } }), (error) => error instanceof ZugabeError && error.code === 'unsupported_version');
  const engine = await createEngine({ policy: POLICY });
  assert.throws(() => engine.decide({ ...REQUEST, now: 'yesterday' }), (error) => error instanceof ZugabeError && error.path === 'now');
});

test('it answers rightly while its memory grows', async () => {
  const policy = /** @type {any} */ (structuredClone(POLICY));
  // Far more than the memory it begins with.
  policy.texts.de['label.long'] = 'Ärmelkanal '.repeat(400_000).trim();
  const plain = await createEngine({ policy });
  for (let round = 0; round < 3; round += 1) {
    const { labels } = plain.decide(REQUEST);
    assert.ok(labels.long === policy.texts.de['label.long'], `no text was lost on the way: ${labels.long.length} characters`);
  }
  plain.free();
});

test('it needs neither WebAssembly nor a document, in a worker without both', () => {
  const script = `
    for (const name of ['WebAssembly', 'document', 'window', 'fetch']) delete globalThis[name];
    const { createEngine } = await import(${JSON.stringify(new URL('../../js/plain.js', import.meta.url).href)});
    const engine = await createEngine({ policy: ${JSON.stringify(POLICY)} });
    console.log(JSON.stringify(engine.decide(${JSON.stringify(REQUEST)})));`;
  const said = execFileSync(process.execPath, ['--input-type=module', '--eval', script], { encoding: 'utf8', maxBuffer: 1e8 });
  assert.deepEqual(JSON.parse(said), zugabe.decide(POLICY, REQUEST));
});

test('bundled into one file it brings neither the wasm nor its glue along', async () => {
  const { metafile } = await build({ entryPoints: [new URL('../../js/plain.js', import.meta.url).pathname], bundle: true, format: 'esm', write: false, metafile: true });
  const parts = Object.keys(metafile.inputs);
  assert.deepEqual(parts.filter((path) => !/(^|\/)(js\/(plain|engine|errors)\.js|dist\/plain\/zugabe_plain\.js)$/.test(path)), []);
  assert.ok(!readFileSync(new URL('../../dist/plain/zugabe_plain.js', import.meta.url), 'utf8').includes('WebAssembly'));
});
