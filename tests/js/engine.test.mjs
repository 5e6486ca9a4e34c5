/** The JavaScript layer in Node: both artefacts behind one API, and every failure a `ZugabeError`. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { test } from 'node:test';
import canonicalize from 'canonicalize';
import { ZugabeError, createEngine as createPageEngine } from '../../js/index.js';
import * as zugabe from '../../js/node.js';

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
const MODULE = readFileSync(new URL('../../dist/page/zugabe_page_bg.wasm', import.meta.url));

/** @param {string} code @param {string | RegExp} [path] */
const refusal = (code, path = '') => (/** @type {unknown} */ error) => {
  assert.ok(error instanceof ZugabeError, String(error));
  assert.equal(error.name, 'ZugabeError');
  assert.equal(error.code, code);
  if (typeof path === 'string') assert.equal(error.path, path);
  else assert.match(error.path, path);
  assert.ok(error.message.length > 10, 'the message says something');
  return true;
};

// First of all tests: nothing has been loaded yet.
test('a core that cannot be loaded is named, and the next attempt begins anew', async () => {
  await assert.rejects(createPageEngine({ policy: POLICY, wasm: Uint8Array.of(1, 2, 3) }), refusal('wasm_unavailable'));
  const engine = await createPageEngine({ policy: POLICY, wasm: MODULE });
  assert.equal(engine.decide(REQUEST).policy, /** @type {any} */ (POLICY).hash);
});

test('a host that moves the wasm says once where it is', async () => {
  const { loadPage, setWasmUrl } = await import('../../js/loader.js?another');
  setWasmUrl(`data:application/wasm;base64,${MODULE.toString('base64')}`);
  const page = await loadPage();
  assert.equal(page.parseCode('03VC1S2Q4HX0').verdict, 'ok');
  assert.equal(typeof page.initSync, 'function', 'it is the wasm');
});

test('what is not the file that was built does not run: the plain core answers, and one line says so', async (context) => {
  const { loadPage, setWasmUrl } = await import('../../js/loader.js?third');
  const said = context.mock.method(console, 'info', () => {});
  setWasmUrl('data:application/wasm;base64,AGFzbQEAAAA=');
  const page = await loadPage();
  assert.equal(page.parseCode('03VC1S2Q4HX0').verdict, 'ok');
  assert.equal(page.initSync, undefined, 'it is not the wasm');
  assert.equal(said.mock.callCount(), 1);
  assert.match(said.mock.calls[0].arguments[0], /plain JavaScript/);
});

test('the page artefact and the full one decide the same, byte for byte', async () => {
  const engine = await zugabe.createEngine({ policy: POLICY });
  for (const locale of ['de', 'en', 'xx']) {
    for (const objected of [false, true]) {
      const request = { ...REQUEST, locale, consent: { objected } };
      assert.equal(canonicalize(engine.decide(request)), canonicalize(zugabe.decide(POLICY, request)));
    }
  }
});

test('a friend hears the same from both, and a typing error is told from a good code', async () => {
  const engine = await zugabe.createEngine({ policy: POLICY });
  for (const [code, verdict] of [['03vc 1s2q 4hx0', 'ok'], ['03VC1S2Q4HX1', 'typo'], ['03VC', 'length'], ['03VC1S2Q4HU0', 'symbol']]) {
    const request = /** @type {const} */ ({ v: 1, now: NOW, locale: 'de', code });
    assert.equal(engine.friend(request).verdict, verdict);
    assert.equal(engine.parseCode(code).verdict, verdict);
    assert.equal(canonicalize(engine.friend(request)), canonicalize(zugabe.friend(POLICY, request)));
  }
});

test('a policy of another version is refused by name, as object and as text', async () => {
  await assert.rejects(zugabe.createEngine({ policy: { ...POLICY, v: 2 } }), refusal('unsupported_version', /.*/));
  assert.throws(() => zugabe.decide({ ...POLICY, v: 2 }, REQUEST), refusal('unsupported_version', /.*/));
});

test('a policy is fetched from its address; a missing one and one that is no JSON are told apart', async () => {
  const server = createServer((request, response) => {
    const answers = /** @type {Record<string, string>} */ ({ '/policy.json': JSON.stringify(POLICY), '/page.html': '<!doctype html>' });
    const answer = answers[request.url ?? ''];
    response.writeHead(answer ? 200 : 404).end(answer);
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', () => done(undefined)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  const at = (/** @type {string} */ path) => `http://127.0.0.1:${port}${path}`;
  try {
    const engine = await zugabe.createEngine({ policy: new URL(at('/policy.json')) });
    assert.equal(engine.decide(REQUEST).v, 1);
    await assert.rejects(zugabe.createEngine({ policy: at('/missing.json') }), refusal('io', 'policy'));
    await assert.rejects(zugabe.createEngine({ policy: at('/page.html') }), refusal('invalid_json', 'policy'));
  } finally {
    server.close();
    server.closeAllConnections();
  }
});

test('a request that cannot be read is refused, and the engine goes on', async () => {
  const engine = await zugabe.createEngine({ policy: POLICY });
  const late = { ...REQUEST, moment: { type: 'order_completed', at: '2027-01-01T00:00:00Z' } };
  assert.throws(() => engine.decide(late), refusal('date_in_future', 'moment.at'));
  assert.throws(() => engine.decide(/** @type {any} */ ({ v: 1 })), refusal('missing_field', 'now'));
  assert.throws(() => engine.decide(/** @type {any} */ ({ ...REQUEST, colour: 'green' })), refusal('unknown_field', 'colour'));
  assert.equal(engine.decide(REQUEST).v, 1);
});

test('an engine that was given back says so instead of crashing the page', async () => {
  const engine = await zugabe.createEngine({ policy: POLICY });
  engine.free();
  assert.throws(() => engine.decide(REQUEST), (error) => error instanceof ZugabeError);
});

test('what a person wrote is refused with the path to the mistake', () => {
  assert.throws(() => zugabe.publish('{', undefined, { now: NOW }), refusal('invalid_json', /.*/));
  const program = JSON.parse(PROGRAM);
  program.options[0].colour = 'green';
  assert.throws(() => zugabe.publish(program, undefined, { now: NOW }), refusal('unknown_field', /options\[0\]/));
});

test('codes are minted, verified, and read back; a forged one is unknown', () => {
  const keys = zugabe.newKeys();
  assert.notEqual(keys, zugabe.newKeys(), 'keys are random');
  const [first, second] = zugabe.mint(keys, { batch: 3, start: 7, count: 2 });
  assert.deepEqual([first.batch, first.serial, second.serial], [3, 7, 8]);
  assert.deepEqual(zugabe.verify(keys, first.shownCode), { verdict: 'ok', batch: 3, serial: 7, kid: zugabe.verify(keys, first.code).kid });
  const verifier = new zugabe.Codes(keys);
  assert.equal(verifier.verify(second.code).serial, 8);
  verifier.free();
  assert.equal(zugabe.verify(zugabe.newKeys(), first.code).verdict, 'unknown');
  // Orders read under this key name people as the keys do.
  const options = { now: '2026-11-23T10:05:00Z', currency: 'EUR', timeZone: 'UTC', hashKey: zugabe.emailKey(keys) };
  const { orders } = zugabe.importOrders('orders.csv', new TextEncoder().encode('order,date,total,email\n1,2026-11-20,10.00,anna@example.org\n'), options);
  assert.equal(orders[0].customer.emailHash, zugabe.hashPerson(keys, { email: 'anna@example.org' }).email);
  assert.equal(zugabe.parseCode(first.shownCode.toLowerCase()).code, first.code);
});

test('an export goes in, and scores, previews and codes come out', () => {
  const shop = new zugabe.Shop({ now: NOW, currency: 'EUR', timeZone: 'Europe/Berlin' });
  assert.throws(() => shop.score(), refusal('invalid_state'));
  shop.loadSample(1, '2026-11-22');
  const summary = shop.score();
  const { total, rows } = shop.customers({ tier: 'top_vip', offset: 0, limit: 3 });
  assert.equal(summary.tiers.find((/** @type {{ tier: string }} */ { tier }) => tier === 'top_vip').customers, total);
  const keysText = zugabe.newKeys();
  const { decision, insert } = shop.preview({ programText: PROGRAM, now: NOW, customer: rows[0].id, keysText });
  assert.equal(decision.main.text.headline.length > 0, true);
  assert.equal(zugabe.verify(keysText, insert.code).verdict, 'ok');
  assert.throws(() => shop.customer('nobody'), refusal('not_found', /.*/));
  shop.free();
});

test('a file is read in pieces, and what is no export is refused', () => {
  const csv = 'Order ID;Date;Customer;Total;Currency\n1;2026-11-01;a;12,50;EUR\n2;2026-11-02;b;8,00;EUR\n';
  const bytes = new TextEncoder().encode(csv);
  const shop = new zugabe.Shop({ now: NOW });
  shop.openFile('orders.csv');
  for (let at = 0; at < bytes.length; at += 16) shop.push(bytes.subarray(at, at + 16));
  assert.equal(shop.closeFile().orders, 2);
  assert.equal(shop.finish().orders, 2);
  shop.free();
  const { orders, report } = zugabe.importOrders('orders.csv', bytes, { now: NOW });
  assert.equal(orders.length, report.orders);
  const scored = zugabe.scoreOrders(orders.map((order) => JSON.stringify(order)).join('\n'));
  assert.equal(scored.summary.orders, 2);
  assert.throws(() => zugabe.importOrders('photo.csv', Uint8Array.of(0x89, 0x50, 0x4e, 0x47), { now: NOW }), ZugabeError);
});

test('the error keeps its fields on the way through a worker or a log', () => {
  const error = new ZugabeError('not_found', 'There is no such customer.', 'customer');
  const { code, message, path } = ZugabeError.from(structuredClone(error.toJSON()));
  assert.deepEqual({ code, message, path }, error.toJSON());
  assert.equal(ZugabeError.from(error), error);
  assert.equal(ZugabeError.from(new TypeError('x is not a function')).code, 'internal');
  assert.equal(ZugabeError.from('thrown text').message, 'thrown text');
});

test('whatever the full artefact can do is within reach', async () => {
  const { default: _default, initSync: _initSync, ...able } = await import('../../dist/full/zugabe_full.js');
  const missing = Object.keys(able).filter((name) => !(name in zugabe));
  assert.ok(Object.keys(able).length > 10, 'the artefact was found');
  assert.deepEqual(missing, []);
  const within = (/** @type {any} */ thing) => Object.getOwnPropertyNames(thing.prototype).filter((name) => !name.startsWith('__'));
  for (const name of /** @type {const} */ (['Shop', 'Codes', 'Books', 'BooksAudit'])) {
    assert.deepEqual(within(able[name]).filter((method) => !within(zugabe[name]).includes(method)), [], name);
  }
});

test('a server may import the elements; it just has none', async () => {
  const { ZugabeThanks } = await import('../../js/element/index.js');
  assert.equal(typeof ZugabeThanks, 'function');
});
