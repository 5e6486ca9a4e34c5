/** The server as a process: it starts with a sentence or not at all, ends what it began, writes nothing of a person, and loses nothing when it is killed. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync, statSync, writeFileSync, chmodSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { careful, failureOf } from '../../js/server/log.js';
import { createPostgresStore, createSqliteStore } from '../../js/server/index.js';
import { mint } from '../../js/node.js';
import { KEYS, PROGRAM, TENANT, issuing, request, guess, rowOf } from './support.mjs';
import { noPostgres, startPostgres } from './postgres.mjs';
import { shopFolder, startServer } from './spawned.mjs';

const run = promisify(execFile);
const CLI = new URL('../../js/server/cli.js', import.meta.url).pathname;
const ROUNDS = process.env.ZUGABE_LONG ? 50 : 5;

/** Puts a code into books that no server has open. @param {string} path @param {Record<string, unknown>} terms */
async function issued(path, terms) {
  const store = await createSqliteStore({ path });
  const code = await issuing(store)(terms);
  await store.close();
  return code;
}

/** @param {string[]} args */
const refusal = async (...args) => {
  const failed = await run(process.execPath, [CLI, ...args]).then(() => assert.fail('It started.'), (error) => error);
  return { code: failed.code, error: JSON.parse(failed.stderr).error };
};

test('it says what is missing or wrong, and does not start', async (t) => {
  const folder = shopFolder(t);
  const files = ['--program', join(folder, 'program.json'), '--keys', join(folder, 'keys.json'), '--api-keys', join(folder, 'api-keys.json')];
  const nothing = await refusal();
  assert.deepEqual([nothing.code, nothing.error.code, nothing.error.path], [2, 'missing_field', 'program']);
  assert.match(nothing.error.message, /Usage: zugabe-server/);
  assert.equal((await refusal('--sotre', 'x')).code, 2);
  assert.equal((await refusal(...files, '--store', 'mysql://x')).error.path, 'store');
  assert.equal((await refusal(...files, '--port', '99999')).error.path, 'port');
  for (const name of ['port', 'batch', 'timeout', 'trust-proxy']) for (const text of ['', ' ']) assert.equal((await refusal(...files, `--${name}`, text)).error.path, name);
  assert.equal((await refusal(...files, '--log-level', 'loud')).error.path, 'log-level');
  chmodSync(join(folder, 'keys.json'), 0o644);
  const open = await refusal(...files, '--store', 'memory');
  assert.deepEqual([open.code, open.error.path], [2, 'keys']);
  assert.match(open.error.message, /chmod 600/);
  assert.doesNotMatch(JSON.stringify(open), /"secret"/);
  const unset = await refusal('--program', join(folder, 'program.json'), '--keys', 'env:NOT_SET_AT_ALL', '--api-keys', join(folder, 'api-keys.json'));
  assert.match(unset.error.message, /NOT_SET_AT_ALL is not set/);
});

test('a platform\'s webhook that nobody signed is refused, and only the platforms that were named are there', async (t) => {
  const folder = shopFolder(t);
  const file = join(folder, 'platforms.json');
  const files = ['--program', join(folder, 'program.json'), '--keys', join(folder, 'keys.json'), '--api-keys', join(folder, 'api-keys.json'), '--store', 'memory'];
  for (const [wrong, path] of /** @type {[any, string][]} */ ([
    [{ shopify: { secrets: [] } }, 'platforms.shopify.secrets'], [{ shopify: { secret: 'a' } }, 'platforms.shopify.secret'], [{ woocommerce: { secrets: [''] } }, 'platforms.woocommerce.secrets'],
    [{ shopify: null }, 'platforms.shopify.secrets'], [null, 'platforms'], [{ magento: {} }, 'platforms.magento'],
  ])) {
    writeFileSync(file, JSON.stringify(wrong), { mode: 0o600 });
    const { code, error } = await refusal(...files, '--platforms', file);
    assert.deepEqual([code, error.path], [2, path]);
  }
  writeFileSync(file, JSON.stringify({ shopify: { secrets: ['a-secret-of-the-platform'] } }), { mode: 0o600 });
  const server = await startServer(t, { folder, store: 'memory', args: ['--platforms', file] });
  const told = await server.ask('POST', '/platforms/shopify/webhook', '{}', { key: '', headers: { 'x-shopify-topic': 'orders/paid', 'x-shopify-shop-domain': 'tea.myshopify.com', 'x-shopify-hmac-sha256': 'AAAA' } });
  assert.equal(told.status, 401, told.text);
  assert.equal((await server.ask('POST', '/platforms/woocommerce/webhook', '{}', { key: '' })).status, 404);
});

test('keys are made, shown once, kept as hashes, and revoked', async (t) => {
  const file = join(shopFolder(t), 'new-keys.json');
  const made = await run(process.execPath, [CLI, 'keys', 'new', '--file', file, '--id', 'server']);
  const page = await run(process.execPath, [CLI, 'keys', 'new', '--file', file, '--id', 'page', '--kind', 'publishable', '--origin', 'https://tea.example']);
  assert.match(made.stdout, /^zsk_[\w-]{43}\n$/);
  assert.match(page.stdout, /^zpk_[\w-]{43}\n$/);
  for (const kind of ['public', 'Publishable', '', 'toString']) assert.equal((await refusal('keys', 'new', '--file', file, '--id', 'x', '--kind', kind, '--origin', 'https://tea.example')).error.path, 'kind', kind);
  assert.equal((await refusal('keys', 'new', '--file', file, '--id', 'x', '--origin', 'https://tea.example')).error.path, 'origins');
  const text = readFileSync(file, 'utf8');
  assert.ok(!text.includes(made.stdout.trim()));
  assert.equal(statSync(file).mode & 0o077, 0);
  await run(process.execPath, [CLI, 'keys', 'revoke', '--file', file, '--id', 'server']);
  assert.deepEqual(JSON.parse(readFileSync(file, 'utf8')).keys.map((/** @type {any} */ key) => [key.id, key.revoked ?? false]), [['server', true], ['page', false]]);
  assert.equal((await refusal('keys', 'new', '--file', file, '--id', 'page')).error.code, 'invalid_keys');
});

test('a budget and minted codes are put into the books by commands, and a program whose budget is not there does not start', async (t) => {
  const folder = shopFolder(t);
  const books = ['--store', `sqlite:${join(folder, 'books.db')}`, '--tenant', TENANT];
  const told = async (/** @type {string[]} */ ...args) => JSON.parse((await run(process.execPath, [CLI, ...args, ...books])).stdout);
  writeFileSync(join(folder, 'program.json'), JSON.stringify({ ...PROGRAM, referral: { terms: { reward: { kind: 'discount', amount: 500 }, budget: 'rewards-2026', knownFriends: true, returnDays: 0 } } }));
  const early = await startServer(t, { folder, store: books[1] }).then(() => assert.fail('It started.'), (error) => JSON.parse(error.errors).error);
  assert.deepEqual([early.code, early.path], ['not_found', 'program.referral.terms.budget']);
  assert.equal((await refusal('budget', '--id', 'rewards-2026', '--by', '5', ...books)).error.path, 'by');
  assert.deepEqual(await told('budget', '--id', 'rewards-2026', '--granted', '50000'), { budget: 'rewards-2026', granted: 50_000, available: 50_000, reserved: 0, spent: 0 });
  await told('budget', '--id', 'rewards-2026', '--granted', '50000');
  assert.equal((await refusal('budget', '--id', 'rewards-2026', '--granted', '70000', ...books)).error.path, 'granted');
  for (let n = 0; n < 2; n += 1) assert.equal((await told('budget', '--id', 'rewards-2026', '--by=-10000', '--key', 'once')).available, 40_000);
  assert.equal((await refusal('budget', '--id', 'rewards-2026', '--by=-50000', ...books)).error.path, 'by');
  assert.equal((await refusal('budget', '--id', 'rewards-2026', '--granted', '', ...books)).error.path, 'granted');
  const codes = mint(KEYS, { batch: 7, start: 1, count: 70 });
  const file = join(folder, 'codes.ndjson');
  writeFileSync(file, codes.map((one, n) => (n % 2 ? JSON.stringify(one) : one.shownCode)).join('\n'));
  assert.equal((await refusal('issue', '--codes', file, '--campaign', 'insert', '--budget', 'nothing', ...books)).error.path, 'budget');
  assert.deepEqual(await told('issue', '--codes', file, '--campaign', 'insert', '--budget', 'rewards-2026'), { campaign: 'insert', issued: 70, known: 0 });
  assert.deepEqual(await told('issue', '--codes', file, '--campaign', 'insert', '--budget', 'rewards-2026'), { campaign: 'insert', issued: 0, known: 70 });
  assert.equal((await refusal('issue', '--codes', file, '--campaign', 'insert', '--uses', '5', ...books)).error.path, 'codes');
  writeFileSync(file, 'no code\n');
  assert.equal((await refusal('issue', '--codes', file, '--campaign', 'insert', ...books)).error.path, 'codes');
  const server = await startServer(t, { folder, store: books[1] });
  const [one, other] = codes;
  assert.equal((await server.redeem({ code: one.code, order: '1', amount: 500 })).outcome, 'done');
  assert.equal((await server.redeem({ code: one.code, order: '2', amount: 500 })).status, 404);
  assert.equal((await server.redeem({ code: other.code, order: '2', amount: 500 })).outcome, 'done');
  assert.equal((await refusal('budget', '--id', 'rewards-2026', ...books)).error.code, 'store_in_use');
  server.child.kill('SIGTERM');
  await server.exited;
  assert.deepEqual(await told('budget', '--id', 'rewards-2026'), { budget: 'rewards-2026', granted: 40_000, available: 39_000, reserved: 0, spent: 1000 });
});

test('a second server on the same file is refused with a sentence', async (t) => {
  const folder = shopFolder(t);
  const store = `sqlite:${join(folder, 'books.db')}`;
  await startServer(t, { folder, store });
  const second = await startServer(t, { folder, store }).then(() => assert.fail('It started.'), (error) => error);
  assert.notEqual(second.code, 0);
  assert.ok(JSON.parse(second.errors).error.message.length > 20, second.errors);
});

test('asked to end, it answers what it has, takes nothing new, and ends well', async (t) => {
  const folder = shopFolder(t);
  const path = join(folder, 'books.db');
  const code = await issued(path, { uses: 1000 });
  const server = await startServer(t, { folder, store: `sqlite:${path}` });
  const asked = Array.from({ length: 200 }, (_, n) => server.redeem({ code, order: `o-${n}` }).catch(() => ({ status: 0, outcome: undefined })));
  await asked[0];
  server.child.kill('SIGTERM');
  const answers = await Promise.all(asked);
  const { code: ended, errors } = await server.exited;
  assert.deepEqual([ended, errors], [0, '']);
  const done = answers.filter(({ outcome }) => outcome === 'done').length;
  const store = await createSqliteStore({ path });
  const row = await rowOf(store, code);
  assert.ok(Number(row.redeemed) >= done && done >= 1, `${done} acknowledged, ${row.redeemed} in the books`);
  assert.ok((await store.verify()).ok);
  await store.close();
});

test('the log holds the route, the outcome and the time, and nothing of a person, a code or a key', async (t) => {
  const folder = shopFolder(t);
  const path = join(folder, 'books.db');
  const code = await issued(path, { uses: 5 });
  const server = await startServer(t, { folder, store: `sqlite:${path}` });
  const buyer = { customer: 'c_verysecret', email: 'Verysecret@Example.org' };
  await server.post('/v1/redeem', { code, order: 'order-verysecret', buyer }, { idempotency: 'key-verysecret' });
  await server.post('/v1/redeem', { code: guess(), order: '2', buyer });
  await server.post('/v1/redeem', { code, order: '3', buyer, 'verysecret@example.org': 1 });
  await server.post('/v1/claims', { option: 'recommend', request: request({ subject: { id: 'c_verysecret', identity: 'login', name: 'Verysecret' } }), email: buyer.email });
  await server.post('/v1/customers/export', buyer);
  await server.post('/v1/customers/erase', buyer);
  await server.ask('POST', '/v1/nothing/verysecret@example.org?email=verysecret', '{}', { headers: { 'user-agent': 'verysecret', 'x-forwarded-for': '203.0.113.77' } });
  server.child.kill('SIGTERM');
  await server.exited;
  const log = `${server.lines.join('\n')}\n${server.errors()}`;
  for (const secret of [/verysecret/i, new RegExp(code), /zsk_/, /127\.0\.0\.1.*verysecret/, /203\.0\.113/, /k0\.[0-9a-f]/, /sha256-/]) assert.doesNotMatch(log, secret);
  const redeemed = server.lines.map((line) => JSON.parse(line)).filter(({ route }) => route === '/v1/redeem');
  assert.deepEqual(redeemed.map(({ status }) => status), [200, 404, 422]);
  for (const line of redeemed) {
    assert.deepEqual(Object.keys(line).filter((name) => !['code'].includes(name)).sort(), ['key', 'level', 'method', 'ms', 'msg', 'pid', 'request', 'route', 'status', 'time']);
    assert.equal(line.key, 'server');
  }
});

test('what is handed to the log beside its own fields is not written', () => {
  /** @type {object[]} */
  const written = [];
  const log = careful({ info: (fields) => written.push(fields), warn: (fields) => written.push(fields), error: (fields) => written.push(fields) });
  for (const level of /** @type {const} */ (['info', 'warn', 'error'])) log[level]({ route: '/v1/redeem', email: 'a@example.org', body: { code: 'X' }, customer: 'c_1' }, 'Answered.');
  assert.deepEqual(written, Array(3).fill({ route: '/v1/redeem' }));
  const failure = failureOf(Object.assign(new Error('a@example.org is no number'), { code: 'invalid_value' }));
  assert.doesNotMatch(JSON.stringify(failure), /@example/, 'a message may quote what somebody sent');
  assert.equal(failure.code, 'invalid_value');
});

/**
 * Kills servers on one store at a moment that nobody chose, and starts the next one.
 * @param {import('node:test').TestContext} t
 * @param {string} store - As the server is told.
 * @param {() => Promise<import('../../js/server/index.js').Store>} open - The same store for the test itself.
 */
async function killedAgainAndAgain(t, store, open) {
  const folder = shopFolder(t);
  const before = await open();
  const code = await issuing(before)({ uses: 1_000_000, budget: 'b', granted: 1_000_000_000 });
  await before.close();
  /** @type {Set<string>} */
  const acknowledged = new Set();
  let asked = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const server = await startServer(t, { folder, store });
    let serving = true;
    // After so many answers, in the middle of the work on the next ones.
    const enough = acknowledged.size + 1 + Math.floor(Math.random() * 300);
    const workers = Array.from({ length: 16 }, async () => {
      while (serving) {
        const order = `o-${(asked += 1)}`;
        const answer = await server.redeem({ code, order, amount: 100 }, order).catch(() => undefined);
        if (answer?.status === 200) acknowledged.add(order);
      }
    });
    while (acknowledged.size < enough) await new Promise((done) => setImmediate(done));
    server.child.kill('SIGKILL');
    await server.exited;
    serving = false;
    await Promise.all(workers);
  }
  const books = await open();
  const orders = new Set();
  for (let after; ; ) {
    const rows = await books.read('redemption', { where: { tenant: TENANT, code }, columns: ['order_id'], order: ['order_id'], limit: 10_000, ...(after && { after: [after] }) });
    for (const row of rows) orders.add(row.order_id);
    if (rows.length < 10_000) break;
    after = rows[rows.length - 1].order_id;
  }
  assert.deepEqual([...acknowledged].filter((order) => !orders.has(order)), [], 'an acknowledged redemption is lost');
  const row = await rowOf(books, code);
  assert.equal(row.redeemed, orders.size);
  const [budget] = await books.read('budget', { where: { tenant: TENANT } });
  assert.equal(budget.spent, orders.size * 100, 'the budget has not drifted');
  const audit = await books.verify();
  assert.ok(audit.ok, JSON.stringify(audit.findings));
  await books.close();
  t.diagnostic(`${acknowledged.size} acknowledged`);
}

test(`SQLite: a server killed ${ROUNDS} times under load has lost nothing that it acknowledged`, async (t) => {
  const path = join(shopFolder(t), 'books.db');
  await killedAgainAndAgain(t, `sqlite:${path}`, () => createSqliteStore({ path }));
});

test(`PostgreSQL: a server killed ${ROUNDS} times under load has lost nothing that it acknowledged`, { skip: noPostgres }, async (t) => {
  const database = await startPostgres({ durable: true });
  t.after(() => database.end());
  const url = await database.database();
  await killedAgainAndAgain(t, url, () => createPostgresStore({ url }));
});
