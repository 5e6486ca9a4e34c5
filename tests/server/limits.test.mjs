/** How often may be asked, and by whom: the counting, and what stands in front of it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Limiter, askerOf, clientOf } from '../../js/server/limits.js';
import { ORIGIN, backendFor, guess, publishable, request } from './support.mjs';

test('a window holds so many tries, says how long to wait, and begins anew', () => {
  const limiter = new Limiter({ tries: 2, seconds: 10 });
  assert.deepEqual([limiter.take('a', 0), limiter.take('a', 1000), limiter.take('a', 4000)], [0, 0, 6]);
  assert.equal(limiter.take('b', 4000), 0, 'somebody else');
  assert.equal(limiter.take('a', 10_000), 0);
  limiter.giveBack('a', 10_000);
  assert.deepEqual([limiter.take('a', 10_000), limiter.take('a', 10_000), limiter.take('a', 10_001)], [0, 0, 10]);
});

test('what is given back late does not make room in the next window', () => {
  const limiter = new Limiter({ tries: 20, seconds: 60 });
  for (let n = 0; n < 20; n += 1) assert.equal(limiter.take('a', 59_990), 0);
  let guesses = 0;
  for (let n = 0; n < 20; n += 1) guesses += limiter.take('a', 120_001) ? 0 : 1;
  for (let n = 0; n < 20; n += 1) limiter.giveBack('a', 59_990);
  for (let n = 0; n < 40; n += 1) guesses += limiter.take('a', 120_002) ? 0 : 1;
  assert.equal(guesses, 20);
});

test('as many subjects as there are cannot fill the memory', () => {
  const limiter = new Limiter({ tries: 1, seconds: 1000 });
  for (let n = 0; n < 100_001; n += 1) limiter.take(String(n), 0);
  assert.equal(limiter.take('0', 1), 0, 'the first one was forgotten');
  assert.notEqual(limiter.take('100000', 1), 0, 'the last one was not');
});

test('an IPv6 asker is her first 64 bits, an IPv4 one is one whatever way it is written', () => {
  for (const address of ['2001:db8:1:2::1', '2001:db8:1:2:ffff:eeee:dddd:cccc', '2001:0DB8:0001:0002::9']) assert.equal(askerOf(address), '2001:db8:1:2');
  assert.equal(askerOf('2001:db8::1'), '2001:db8:0:0');
  assert.equal(askerOf('::ffff:192.0.2.7'), '192.0.2.7');
  assert.equal(askerOf('192.0.2.7'), '192.0.2.7');
  for (const address of ['203.0.113.5:40001', '203.0.113.5:40002', '[::ffff:203.0.113.5]:1']) assert.equal(askerOf(address), '203.0.113.5', 'with a port');
  for (const address of ['[2001:db8::1]:443', '[2001:db8::2]', '2001:db8::3']) assert.equal(askerOf(address), '2001:db8:0:0');
});

test('X-Forwarded-For is believed only as far as our own proxies wrote it', () => {
  assert.equal(clientOf('10.0.0.1', '6.6.6.6', 0), '10.0.0.1');
  assert.equal(clientOf('10.0.0.1', '6.6.6.6, 192.0.2.7', 1), '192.0.2.7');
  assert.equal(clientOf('10.0.0.1', '6.6.6.6, 192.0.2.7, 10.0.0.2', 2), '192.0.2.7');
  assert.equal(clientOf('10.0.0.1', undefined, 1), '10.0.0.1');
});

test('one address asks so often with a page\'s key, whatever it writes into X-Forwarded-For; another one still may', async () => {
  const shop = backendFor({ limits: { ip: { tries: 3, seconds: 60 } } });
  const ask = (/** @type {number} */ n, ip = '198.51.100.1') => shop.page('/v1/decide', request(), { ip, headers: { 'x-forwarded-for': `203.0.113.${n}` } });
  const answers = [];
  for (let n = 0; n < 5; n += 1) answers.push((await ask(n)).status);
  assert.deepEqual(answers, [200, 200, 200, 429, 429]);
  const limited = await ask(9);
  assert.deepEqual([limited.body.error.code, Number(limited.headers.get('retry-after')) > 0], ['too_many_requests', true]);
  assert.equal((await ask(1, '198.51.100.2')).status, 200);
  await shop.close();
  const behind = backendFor({ limits: { ip: { tries: 1, seconds: 60 } }, trustProxy: 1 });
  const through = (/** @type {string} */ forwarded) => behind.page('/v1/decide', request(), { ip: '10.0.0.1', headers: { 'x-forwarded-for': forwarded } });
  assert.deepEqual([(await through('198.51.100.1')).status, (await through('198.51.100.2')).status, (await through('1.1.1.1, 198.51.100.2')).status], [200, 200, 429]);
  await behind.close();
});

test('whether the server lives is never refused, whoever asks and however often', async () => {
  const shop = backendFor({ limits: { ip: { tries: 1, seconds: 60 } } });
  await shop.page('/v1/decide', request());
  for (let n = 0; n < 3; n += 1) for (const path of ['/health', '/ready']) assert.equal((await shop.get(path, { key: '' })).status, 200);
  assert.equal((await shop.page('/v1/decide', request())).status, 429);
  await shop.close();
});

test('keys that are not known are counted, too: nobody tries them one after the other', async () => {
  const shop = backendFor({ limits: { ip: { tries: 3, seconds: 60 } } });
  const statuses = [];
  for (let n = 0; n < 4; n += 1) statuses.push((await shop.post('/v1/redeem', {}, { key: `zsk_${'x'.repeat(43)}` })).status);
  assert.deepEqual(statuses, [401, 401, 401, 429]);
  await shop.close();
});

test('a publishable key has a limit of its own, over all addresses', async () => {
  const shop = backendFor({ limits: { publishable: { tries: 2, seconds: 60 } } });
  const statuses = [];
  for (let n = 0; n < 3; n += 1) statuses.push((await shop.page('/v1/decide', request(), { ip: `198.51.100.${n}` })).status);
  assert.deepEqual(statuses, [200, 200, 429]);
  await shop.close();
});

test('failures are counted for everybody together: many addresses are no help, and good codes still count as none', async () => {
  const shop = backendFor({ limits: { failures: { tries: 5, seconds: 60 } } });
  const { body } = await shop.post('/v1/claims', { option: 'recommend', request: request() });
  const look = (/** @type {string} */ code, /** @type {number} */ n) => shop.page('/v1/codes/look-up', { code }, { ip: `198.51.100.${n}`, key: publishable.key, origin: ORIGIN });
  for (let n = 0; n < 20; n += 1) assert.equal((await look(body.code, n)).status, 200);
  const statuses = [];
  for (let n = 0; n < 7; n += 1) statuses.push((await look(guess(), n)).status);
  assert.deepEqual(statuses, [404, 404, 404, 404, 404, 429, 429]);
  assert.equal((await look(body.code, 99)).status, 429, 'a good code reads as a bad one then');
  await shop.close();
});

test('tries that arrive together are counted before any is looked at', async () => {
  const shop = backendFor({ limits: { failures: { tries: 5, seconds: 60 } } });
  const answers = await Promise.all(Array.from({ length: 50 }, (_, n) => shop.page('/v1/codes/look-up', { code: guess() }, { ip: `198.51.100.${n}` })));
  assert.equal(answers.filter(({ status }) => status === 404).length, 5);
  await shop.close();
});

/** With the limits of a server that nobody has set. @param {Partial<import('../../js/server/backend.js').BackendOptions>} [options] */
const usual = (options) => backendFor({ limits: {}, ...options });
/** @param {import('./support.mjs').Answer[]} answers */
const tally = (answers) => {
  /** @type {Record<string, number>} */
  const counts = {};
  for (const { status, headers } of answers) {
    const as = [status, headers.get('retry-after')].filter(Boolean).join(' after ');
    counts[as] = (counts[as] ?? 0) + 1;
  }
  return counts;
};

test('whoever reads the key in a page cannot stop the shop\'s checkout with it', async () => {
  const shop = usual();
  const code = await shop.issue({ uses: 9 });
  const answers = [];
  for (let net = 0; net < 31; net += 1) {
    for (let n = 0; n < 20; n += 1) answers.push(shop.page('/v1/codes/look-up', { code: guess() }, { ip: `2001:db8:0:${net.toString(16)}::1` }));
  }
  const statuses = (await Promise.all(answers)).map(({ status }) => status);
  assert.deepEqual([statuses.filter((status) => status === 404).length, statuses.filter((status) => status === 429).length], [600, 20]);
  const buyer = { customer: 'c_1' };
  assert.equal((await shop.post('/v1/codes/look-up', { code: guess() })).status, 404, 'a secret key is counted apart');
  assert.equal((await shop.post('/v1/reserve', { code, buyer }, { idempotency: 'a' })).status, 200);
  assert.equal((await shop.post('/v1/release', { code, buyer })).status, 200);
  assert.equal((await shop.post('/v1/redeem', { code, order: '1', buyer })).status, 200);
  await shop.close();
});

test('a shop whose own buyers guess stops no page', async () => {
  const shop = usual({ limits: { failures: { tries: 5, seconds: 60 } } });
  const { body } = await shop.post('/v1/claims', { option: 'recommend', request: request() });
  const guesses = [];
  for (let n = 0; n < 7; n += 1) guesses.push((await shop.post('/v1/redeem', { code: guess(), order: '1', buyer: { customer: `c_${n}` } })).status);
  assert.deepEqual(guesses, [404, 404, 404, 404, 404, 429, 429]);
  assert.equal((await shop.page('/v1/codes/look-up', { code: body.code })).status, 200);
  await shop.close();
});

test('1,500 good redemptions at once are 1,500 redemptions: waiting for the books is no failure', async () => {
  const shop = usual();
  const code = await shop.issue({ uses: 5000 });
  const answers = await Promise.all(Array.from({ length: 1500 }, (_, n) => shop.post('/v1/redeem', { code, order: `o-${n}`, buyer: { customer: `c_${n}` } })));
  assert.deepEqual(tally(answers), { 200: 1500 });
  await shop.close();
});

test('what is under way beyond the bound is sent away for a second, and nothing is counted against anybody', async () => {
  const shop = usual({ inFlight: 10 });
  const code = await shop.issue({ uses: 5000 });
  const redeem = (/** @type {number} */ n, customer = `c_${n}`) => shop.post('/v1/redeem', { code, order: `o-${n}`, buyer: { customer } });
  assert.deepEqual(tally(await Promise.all(Array.from({ length: 25 }, (_, n) => redeem(n)))), { 200: 10, '503 after 1': 15 });
  assert.deepEqual(tally(await Promise.all(Array.from({ length: 10 }, (_, n) => redeem(n)))), { 200: 10 }, 'a moment later there is room');
  await shop.close();
  const one = usual();
  const many = await one.issue({ uses: 5000 });
  const hers = (/** @type {number} */ n) => one.post('/v1/redeem', { code: many, order: `h-${n}`, buyer: { customer: 'c_1' } });
  assert.deepEqual(tally(await Promise.all(Array.from({ length: 30 }, (_, n) => hers(n)))), { 200: 20, '503 after 1': 10 }, 'one buyer');
  assert.deepEqual(tally(await Promise.all(Array.from({ length: 20 }, (_, n) => hers(100 + n)))), { 200: 20 });
  await one.close();
});

test('a buyer guesses through the shop\'s server no more often than she may, however many tries she sends at once', async () => {
  const shop = usual();
  const tries = (/** @type {number} */ count) => Promise.all(Array.from({ length: count }, () => shop.post('/v1/redeem', { code: guess(), order: '1', buyer: { customer: 'c_1' } })));
  const statuses = [...(await tries(60)), ...(await tries(60))].map(({ status }) => status);
  assert.equal(statuses.filter((status) => status === 404).length, 20);
  assert.equal(statuses.at(-1), 429);
  await shop.close();
});
