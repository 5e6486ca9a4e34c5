/** How does a request reach the backend through Node? The short way and the whole one answer alike, and nothing that breaks off breaks the server. */
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { test } from 'node:test';
import { listen } from '../../js/server/index.js';
import { backendFor, secret } from './support.mjs';

const head = (/** @type {string} */ line, /** @type {string[]} */ ...more) =>
  [line, 'Host: shop', `Authorization: Bearer ${secret.key}`, 'Content-Type: application/json', ...more, '', ''].join('\r\n');

/** @param {import('node:test').TestContext} t @param {boolean} [short] */
async function served(t, short = true) {
  const shop = backendFor();
  const { port, close } = await listen(short ? shop.backend : { fetch: shop.backend.fetch });
  t.after(async () => {
    await close();
    await shop.close();
  });
  return { ...shop, port };
}

/** What comes back on a connection until it ends or has been silent. @param {number} port @param {(string | Buffer)[]} parts */
function said(port, ...parts) {
  return new Promise((/** @type {(text: string) => void} */ resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1' });
    let text = '';
    socket.setEncoding('utf8').on('data', (part) => {
      text += part;
      if (/\r\n\r\n/.test(text) && text.length >= text.indexOf('\r\n\r\n') + 4 + Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 0)) socket.end(() => resolve(text));
    });
    socket.on('error', reject).on('close', () => resolve(text));
    for (const part of parts) socket.write(part);
  });
}

const redeem = (/** @type {string} */ code, /** @type {string} */ order) => JSON.stringify({ code, order, buyer: { customer: 'änne' }, amount: 500 });

test('a request is answered alike on the short way and as a whole Request', async (t) => {
  const [short, whole] = [await served(t), await served(t, false)];
  const answers = [];
  for (const { port, issue } of [short, whole]) {
    const code = await issue();
    const body = redeem(code, '1');
    const length = `Content-Length: ${Buffer.byteLength(body)}`;
    const texts = [
      await said(port, head('POST /v1/redeem HTTP/1.1', length), body),
      await said(port, head('POST /v1/redeem HTTP/1.1', 'Transfer-Encoding: chunked'), `3\r\n${body.slice(0, 3)}\r\n`, `${(Buffer.byteLength(body) - 3).toString(16)}\r\n${body.slice(3)}\r\n0\r\n\r\n`),
      await said(port, head('POST /v1/redeem HTTP/1.1', `Content-Length: ${Buffer.byteLength(body) + 3}`), Buffer.from([0xef, 0xbb, 0xbf]), body),
      await said(port, head('POST /v1/redeem HTTP/1.1', 'Content-Length: 1'), '{'),
      await said(port, head('GET /v1/redeem HTTP/1.1')),
      await said(port, head('HEAD /v1/referrals/queue HTTP/1.1')),
      await said(port, head('OPTIONS /v1/redeem HTTP/1.1')),
      await said(port, head('GET /v1/nothing?here=1 HTTP/1.1')),
    ];
    // How an empty body is written is Node's to say, and when it was.
    const same = (/** @type {string} */ line) => line !== '' && line !== '0' && !/^(date|zugabe-request|connection|keep-alive|content-length|transfer-encoding): /i.test(line);
    answers.push(texts.map((text) => text.replaceAll(code, 'CODE').split('\r\n').filter(same).sort()));
  }
  assert.deepEqual(answers[0], answers[1]);
  assert.deepEqual(answers[0].map((lines) => lines.find((line) => line.startsWith('HTTP/'))?.slice(9, 12)), ['200', '200', '200', '400', '405', '200', '403', '404']);
});

test('a body that is too large is answered, whether its size was said or not', async (t) => {
  const { port } = await served(t);
  assert.match(await said(port, head('POST /v1/redeem HTTP/1.1', 'Content-Length: 70000'), 'x'), /^HTTP\/1.1 413 /);
  const piece = `8000\r\n${'x'.repeat(0x8000)}\r\n`;
  const endless = await said(port, head('POST /v1/redeem HTTP/1.1', 'Transfer-Encoding: chunked'), piece, piece, piece);
  assert.match(endless, /^HTTP\/1.1 413 [^]*too_large/);
  assert.match(endless, /connection: close/i, 'what would still come is not read for ever');
});

test('whoever goes away in the middle of a request leaves the server standing', async (t) => {
  const { port, issue } = await served(t);
  const code = await issue();
  await new Promise((gone) => {
    const socket = connect({ port, host: '127.0.0.1' }, () => socket.write(head('POST /v1/redeem HTTP/1.1', 'Content-Length: 500'), () => socket.destroy()));
    socket.on('close', gone);
  });
  const body = redeem(code, '2');
  assert.match(await said(port, head('POST /v1/redeem HTTP/1.1', `Content-Length: ${Buffer.byteLength(body)}`), body), /^HTTP\/1.1 200 /);
});

test('several requests that were sent at once are answered one after the other', async (t) => {
  const { port, issue } = await served(t);
  const code = await issue();
  const one = (/** @type {string} */ order) => head('POST /v1/redeem HTTP/1.1', `Content-Length: ${Buffer.byteLength(redeem(code, order))}`) + redeem(code, order);
  const text = await new Promise((/** @type {(text: string) => void} */ resolve, reject) => {
    let got = '';
    const socket = connect({ port, host: '127.0.0.1' }, () => socket.write(one('3') + one('4')));
    socket.setEncoding('utf8').on('error', reject).on('data', (part) => {
      got += part;
      if (got.split('HTTP/1.1 200').length === 3 && got.endsWith('}')) socket.end(() => resolve(got));
    });
  });
  assert.deepEqual([...text.matchAll(/"order":"(\d)"/g)].map(([, order]) => order), ['3', '4']);
});
