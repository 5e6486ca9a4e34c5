/** The server of `npm start`: right types, strict headers, nothing outside its folder. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createHandler, listen, ordersAt } from '../../scripts/serve.mjs';
import { Stop } from '../../scripts/shell.mjs';

/** @type {string} */
let folder;
/** @type {{ port: number, close: () => Promise<void> }} */
let server;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'zugabe-serve-'));
  for (const page of ['shop', 'studio']) {
    mkdirSync(join(folder, 'site', page), { recursive: true });
    writeFileSync(join(folder, 'site', page, 'index.html'), `<meta content="connect-src 'none'">${page}`);
  }
  writeFileSync(join(folder, 'site/core.wasm'), Uint8Array.of(0, 97, 115, 109));
  writeFileSync(join(folder, 'secret.txt'), 'secret');
  writeFileSync(join(folder, 'My orders.csv'), 'id,total');
  server = await listen(createHandler({ folder: join(folder, 'site'), home: '/studio/' }));
});

after(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

/**
 * The path goes out as it is written: fetch would tidy it first.
 * @param {string} path
 * @param {{ port?: number, host?: string }} [options]
 * @returns {Promise<{ status: number, headers: import('node:http').IncomingHttpHeaders, text: string }>}
 */
function ask(path, { port = server.port, host = `localhost:${port}` } = {}) {
  return new Promise((done, refuse) => {
    get({ host: '127.0.0.1', port, path, headers: { host } }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (piece) => (text += piece));
      response.on('end', () => done({ status: response.statusCode ?? 0, headers: response.headers, text }));
    }).on('error', refuse);
  });
}

test('a module comes as application/wasm, so that a browser compiles it while it loads', async () => {
  const { status, headers } = await ask('/core.wasm');
  assert.equal(status, 200);
  assert.equal(headers['content-type'], 'application/wasm');
  assert.equal(headers['x-content-type-options'], 'nosniff');
  assert.equal(headers['referrer-policy'], 'no-referrer');
});

test('a shop page is strict about scripts and allows WebAssembly, unless it is asked not to', async () => {
  const usual = (await ask('/shop/')).headers['content-security-policy'];
  assert.match(String(usual), /script-src 'self' 'wasm-unsafe-eval';/);
  const blocked = (await ask('/shop/?csp=nowasm')).headers['content-security-policy'];
  assert.match(String(blocked), /script-src 'self';/);
  assert.equal((await ask('/studio/')).headers['content-security-policy'], undefined);
});

test('an address leads to its folder, and the bare one home', async () => {
  assert.equal((await ask('/shop')).headers.location, '/shop/');
  assert.equal((await ask('//shop')).headers.location, '/shop/');
  assert.equal((await ask('/')).headers.location, '/studio/');
  assert.equal((await ask('/nothing')).status, 404);
});

test('no address leads out of the folder', async () => {
  const ways = ['/../secret.txt', '/shop/../../secret.txt', '/%2e%2e/secret.txt', '/..%2fsecret.txt', '/..%5csecret.txt', '/%00', '/%zz', '//', '/shop/..%2f..%2fsecret.txt'];
  for (const way of ways) {
    const { status, text } = await ask(way);
    assert.ok(status >= 300 && !text.includes('secret'), `${way}: ${status}`);
  }
});

test('a foreign name that points to this machine is not answered', async () => {
  assert.equal((await ask('/core.wasm', { host: 'shop.example' })).status, 403);
});

test('only a server that was given an export lets the studio connect, and hands over that one file', async () => {
  const orders = await ordersAt([join(folder, 'My orders.csv')]);
  const [address] = orders.keys();
  assert.equal(address, '/orders/My%20orders.csv');
  const open = await listen(createHandler({ folder: join(folder, 'site'), orders }));
  try {
    assert.equal((await ask(address, open)).text, 'id,total');
    assert.match((await ask('/studio/', open)).text, /connect-src 'self'/);
    assert.match((await ask('/studio/')).text, /connect-src 'none'/);
    assert.equal((await ask(address)).status, 404);
    assert.equal((await ask('/orders/secret.txt', open)).status, 404);
  } finally {
    await open.close();
  }
});

test('an export that is not there is one sentence', async () => {
  await assert.rejects(ordersAt([join(folder, 'missing.csv')]), (error) => error instanceof Stop && /order export/.test(error.message));
});

test('a busy port is passed over, or refused when it was asked for by number', async () => {
  const next = await listen(createHandler({ folder }), { port: server.port });
  assert.ok(next.port > server.port);
  await next.close();
  await assert.rejects(listen(createHandler({ folder }), { port: server.port, search: false }), /busy/);
});
