/** Webhooks that leave the server: written with what they tell of, signed, tried again, sent nowhere else. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { after, before, beforeEach, test } from 'node:test';
import { createBackend, createMemoryStore, verifyWebhook } from '../../js/server/index.js';
import { sign } from '../../js/server/signature.js';
import { API_KEYS, KEYS, PROGRAM, TENANT, backendFor, request } from './support.mjs';

const SECRET = 'whs_a-secret-of-some-length';

/** @type {{ body: string, headers: import('node:http').IncomingHttpHeaders, path: string | undefined }[]} */
let arrived = [];
/** What the listener answers next; 200 when there is nothing. @type {(number | 'cut' | 'elsewhere')[]} */
let answers = [];
/** @type {import('node:http').Server} */
let listener;
let url = '';

before(async () => {
  listener = createServer((incoming, outgoing) => {
    let body = '';
    incoming.setEncoding('utf8').on('data', (part) => (body += part)).on('end', () => {
      arrived.push({ body, headers: incoming.headers, path: incoming.url });
      const next = answers.shift() ?? 200;
      if (next === 'cut') return incoming.socket.destroy();
      if (next === 'elsewhere') return outgoing.writeHead(307, { location: `${url}/elsewhere` }).end();
      outgoing.writeHead(next).end('thanks');
    });
  });
  await new Promise((done) => listener.listen(0, '127.0.0.1', () => done(undefined)));
  url = `http://127.0.0.1:${/** @type {import('node:net').AddressInfo} */ (listener.address()).port}`;
});
after(() => new Promise((done) => listener.close(done)));
beforeEach(() => {
  arrived = [];
  answers = [];
});

const claim = (/** @type {ReturnType<typeof backendFor>} */ shop) => shop.post('/v1/claims', { option: 'recommend', request: request() });

test('a code that is given out is told of: signed, with an id, once it has arrived never again', async () => {
  const shop = backendFor({ webhooks: [{ url: `${url}/hook`, secret: SECRET }] });
  const { body } = await claim(shop);
  await shop.backend.sweep();
  assert.equal(arrived.length, 1);
  const [{ body: text, headers, path }] = arrived;
  assert.equal(path, '/hook');
  const event = JSON.parse(text);
  assert.deepEqual([event.topic, event.data.code, event.createdAt], ['code_issued', body.code, '2026-11-23T10:00:00.000Z']);
  assert.match(event.id, /^evt_[0-9a-f]{32}$/);
  assert.equal(headers['zugabe-event'], event.id);
  assert.doesNotMatch(text, /4711/, 'it names nobody');
  assert.ok(verifyWebhook({ body: text, signature: String(headers['zugabe-signature']), secret: SECRET }));
  shop.clock.now += 86_400_000;
  await shop.backend.sweep();
  assert.equal(arrived.length, 1);
  await shop.close();
});

test('the code of a reward is told with the ids of the reward, and the shop asks by its own id whose it is', async () => {
  const program = { ...PROGRAM, referral: { terms: { reward: { kind: 'discount', amount: 500, minimumOrder: 2000, days: 30 }, returnDays: 30 } } };
  const shop = backendFor({ program, webhooks: [{ url, secret: SECRET }] });
  const { body } = await claim(shop);
  const event = { order: 'b-1', buyer: { customer: 'c_ben' }, newFriend: true, currency: 'EUR', total: 5000, codes: [{ code: body.code, amount: 500 }] };
  await shop.post('/v1/orders/events', { ...event, event: 'paid' });
  const hers = async () => (await shop.post('/v1/rewards/search', { customer: 'c_4711' })).body.rewards;
  assert.deepEqual(await hers(), []);
  shop.clock.now += 31 * 86_400_000;
  await shop.backend.sweep();
  await shop.backend.sweep();
  const events = arrived.map((one) => JSON.parse(one.body));
  const of = (/** @type {string} */ topic) => events.filter((one) => one.topic === topic).map(({ data }) => data);
  const [due] = of('reward_due');
  const [first, second] = of('code_issued');
  assert.deepEqual(first, { code: body.code, option: 'recommend', who: due.who });
  assert.deepEqual(second, { code: second.code, option: 'reward', who: due.who, reward: due.reward, referral: due.referral, order: 'b-1' });
  const [reward, ...more] = await hers();
  assert.deepEqual(more, []);
  assert.deepEqual(reward, {
    reward: due.reward, referral: due.referral, order: 'b-1', amount: 500, grantedAt: '2026-12-24T10:00:00Z', open: true, takenBack: false, code: second.code, used: false, expiresAt: reward.expiresAt,
  });
  assert.equal((await shop.post('/v1/redeem', { code: reward.code, order: 'a-2', buyer: { customer: 'c_4711' }, amount: 500 })).status, 200);
  assert.deepEqual((await hers()).map((/** @type {any} */ one) => [one.open, one.used]), [[false, true]]);
  assert.deepEqual((await shop.post('/v1/rewards/search', { customer: 'c_ben' })).body.rewards, []);
  await shop.post('/v1/orders/events', { ...event, event: 'cancelled' });
  await shop.backend.sweep();
  const back = JSON.parse(arrived[arrived.length - 1].body);
  assert.deepEqual([back.topic, back.data.reward], ['reward_taken_back', due.reward]);
  assert.deepEqual((await hers()).map((/** @type {any} */ one) => [one.open, one.takenBack]), [[false, true]]);
  await shop.close();
});

test('one that does not arrive is tried again with more time each time, under the same id', async () => {
  const shop = backendFor({ webhooks: [{ url, secret: SECRET }] });
  await claim(shop);
  answers = [500, 'cut', 404];
  await shop.backend.sweep();
  await shop.backend.sweep();
  assert.equal(arrived.length, 1, 'not at once');
  const waits = [];
  for (let tries = 1; tries < 4; tries += 1) {
    const [row] = await shop.store.read('outbox', { where: { tenant: TENANT } });
    waits.push(Number(row.next_at) * 1000 - shop.clock.now);
    shop.clock.now = Number(row.next_at) * 1000;
    await shop.backend.sweep();
    assert.equal(arrived.length, tries + 1);
  }
  assert.deepEqual(waits, [60_000, 120_000, 240_000]);
  assert.equal(new Set(arrived.map(({ body }) => JSON.parse(body).id)).size, 1, 'whoever got it twice can tell');
  const [row] = await shop.store.read('outbox', { where: { tenant: TENANT } });
  assert.deepEqual([row.attempts, Number(row.sent_at) > 0], [4, true]);
  await shop.close();
});

test('several servers on one store send an event once', async () => {
  const store = createMemoryStore();
  const options = { webhooks: [{ url, secret: SECRET }], store };
  const shops = [backendFor(options), backendFor(options), backendFor(options)];
  await claim(shops[0]);
  await Promise.all(shops.map(({ backend }) => backend.sweep()));
  assert.equal(arrived.length, 1);
  await shops[0].close();
});

test('requests do not wait for a listener that does not answer', async () => {
  const shop = backendFor({ webhooks: [{ url: 'http://127.0.0.1:1', secret: SECRET }] });
  shop.backend.start();
  const answer = await claim(shop);
  assert.equal(answer.status, 200);
  await shop.close();
});

test('where a redirect leads nobody has configured: nothing is sent there', async () => {
  const shop = backendFor({ webhooks: [{ url, secret: SECRET }] });
  await claim(shop);
  answers = ['elsewhere'];
  await shop.backend.sweep();
  assert.deepEqual(arrived.map(({ path }) => path), ['/']);
  const [row] = await shop.store.read('outbox', { where: { tenant: TENANT } });
  assert.equal(row.sent_at, 0);
  await shop.close();
});

test('only what was asked for is sent, and only to https or to this machine', async () => {
  const shop = backendFor({ webhooks: [{ url, secret: SECRET, topics: ['reward_due'] }] });
  await claim(shop);
  await shop.backend.sweep();
  assert.equal(arrived.length, 0);
  const [row] = await shop.store.read('outbox', { where: { tenant: TENANT } });
  assert.deepEqual([row.topic, row.sent_at, row.attempts], ['code_issued', 0, 0], 'what went to nobody is not said to be sent');
  await shop.close();
  for (const [hook, path] of /** @type {[any, string][]} */ ([
    [{ url: 'http://169.254.169.254/latest', secret: SECRET }, 'webhooks[0].url'],
    [{ url: 'file:///etc/passwd', secret: SECRET }, 'webhooks[0].url'],
    [{ url: 'https://user:pass@example.org', secret: SECRET }, 'webhooks[0].url'],
    [{ url: 'https://example.org', secret: 'short' }, 'webhooks[0].secret'],
    [{ url: 'https://example.org' }, 'webhooks[0].secret'],
    [{ url: 'https://example.org', secret: SECRET, topic: ['flagged'] }, 'webhooks[0].topic'],
    [{ url: 'https://example.org', secret: SECRET, topics: 'flagged' }, 'webhooks[0].topics'],
    [{ url: 'https://example.org', secret: SECRET, topics: [] }, 'webhooks[0].topics'],
    [{ url: 'https://example.org', secret: SECRET, topics: ['flagged', 'code-issued'] }, 'webhooks[0].topics[1]'],
    [{}, 'webhooks[0].url'],
    [null, 'webhooks[0]'],
    ['https://example.org', 'webhooks[0]'],
  ])) {
    assert.throws(() => createBackend({ program: PROGRAM, keys: KEYS, apiKeys: API_KEYS, store: createMemoryStore(), webhooks: [hook] }), { code: 'invalid_value', path });
  }
});

test('they have to be a list', () => {
  for (const webhooks of /** @type {any[]} */ ([{}, null, 'https://example.org'])) {
    assert.throws(() => createBackend({ program: PROGRAM, keys: KEYS, apiKeys: API_KEYS, store: createMemoryStore(), webhooks }), { code: 'invalid_value', path: 'webhooks' });
  }
});

test('a webhook that is turned on begins then: what was written before is old news, and what comes is not lost by starting again', async () => {
  const store = createMemoryStore();
  const claimed = (/** @type {ReturnType<typeof backendFor>} */ shop, /** @type {string} */ id) =>
    shop.post('/v1/claims', { option: 'recommend', request: request({ subject: { id, identity: 'login' }, moment: { type: 'order_completed', at: new Date(shop.clock.now).toISOString() } }) });
  const silent = backendFor({ store });
  for (let n = 0; n < 60; n += 1) await claimed(silent, `c_old_${n}`);
  const later = silent.clock.now + 200 * 86_400_000;
  const on = (/** @type {number} */ now, /** @type {string[] | undefined} */ topics = undefined) => backendFor({ store, now: () => now, webhooks: [{ url, secret: SECRET, ...(topics && { topics }) }] });
  await on(later, ['reward_due']).backend.sweep();
  const second = on(later + 1000);
  assert.deepEqual((await store.read('outbox', { where: { topic: 'webhooks' } })).map(({ id, sent_at }) => [id, sent_at]), [['reward_due', 0]], 'kept as long as it is not sent, whatever goes after a while');
  await second.backend.sweep();
  assert.equal(arrived.length, 0);
  second.clock.now = later + 1000;
  const { body, text } = await claimed(second, 'c_new');
  assert.ok(body.code, text);
  await on(later + 5000).backend.sweep();
  assert.deepEqual(arrived.map((one) => JSON.parse(one.body).data.code), [body.code]);
  await store.close();
});

test('attack_24 a webhook sent again after six minutes, changed, or signed by somebody else is not ours', () => {
  const now = 1_800_000_000;
  const body = '{"id":"evt_1"}';
  const at = (/** @type {number} */ seconds, secret = SECRET) => signature(body, secret, seconds);
  const good = (/** @type {string | undefined} */ header, more = {}) => verifyWebhook({ body, signature: header, secret: SECRET, now, ...more });
  assert.ok(good(at(now)));
  assert.ok(good(at(now - 299)) && good(at(now + 299)));
  assert.ok(!good(at(now - 360)), 'after six minutes');
  assert.ok(!good(at(now + 360)));
  assert.ok(!good(at(now), { body: `${body} ` }), 'changed');
  assert.ok(!good(at(now, 'another-secret-of-length')), 'somebody else');
  assert.ok(!good(at(now - 360).replace(/t=\d+/, `t=${now}`)), 'a new time on an old signature');
  for (const header of [undefined, '', 't=', 'v1=00', `t=${now}`, `t=${now},v1=`, `t=${now},v1=zz`]) assert.ok(!good(header), header);
  assert.ok(good(`${at(now, 'another-secret-of-length')},${at(now).split(',')[1]}`), 'two secrets while they are exchanged');
  assert.ok(verifyWebhook({ body, signature: at(now), secret: ['the-new-one-of-length', SECRET], now }));
});

/** A second implementation of the signature, so that the two ends cannot be wrong together. */
import { webcrypto } from 'node:crypto';
import { createHmac } from 'node:crypto';
function signature(/** @type {string} */ body, /** @type {string} */ secret, /** @type {number} */ seconds) {
  return `t=${seconds},v1=${createHmac('sha256', Buffer.from(secret)).update(Buffer.from(`${seconds}.${body}`)).digest('hex')}`;
}
const noPhp = spawnSync('php', ['-v']).error && 'There is no PHP.';
test('what the documentation gives to PHP takes what either secret signed, and nothing else', { skip: noPhp }, () => {
  const [, sample] = /```php\n([\s\S]*?)```/.exec(readFileSync(new URL('../../docs/backend.md', import.meta.url), 'utf8')) ?? [];
  assert.ok(sample);
  const body = '{"id":"evt_1"}';
  const now = Math.floor(Date.now() / 1000);
  const both = sign(body, ['the-new-one-of-length', SECRET], now);
  const listens = (/** @type {string} */ header, secret = SECRET, text = body) =>
    spawnSync('php', { input: `<?php $_SERVER['HTTP_ZUGABE_SIGNATURE'] = ${JSON.stringify(header)}; $secret = '${secret}'; ${sample.replace("file_get_contents('php://input')", `'${text}'`)} echo 'taken';` }).stdout.toString();
  assert.equal(listens(both), 'taken', 'the listener that has the old one');
  assert.equal(listens(both, 'the-new-one-of-length'), 'taken');
  for (const header of ['', 't=', `t=${now}`, `t=${now},v1=`, both.replace(/t=\d+/, `t=${now - 400}`), sign(body, [SECRET], now - 400)]) assert.equal(listens(header), '', header);
  assert.equal(listens(both, 'another-secret-of-length'), '');
  assert.equal(listens(both, SECRET, '{"id":"evt_2"}'), '');
});

test('the signature is HMAC-SHA256 as the browsers\' own cryptography makes it', async () => {
  const key = await webcrypto.subtle.importKey('raw', new TextEncoder().encode(SECRET), { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  const made = Buffer.from(await webcrypto.subtle.sign('HMAC', key, new TextEncoder().encode('5.{}'))).toString('hex');
  assert.ok(verifyWebhook({ body: '{}', signature: `t=5,v1=${made}`, secret: SECRET, now: 5 }));
});
