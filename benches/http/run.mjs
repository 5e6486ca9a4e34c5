/**
 * How many redemptions a second through HTTP? One server process as it is shipped, 64 connections that are kept, one redemption at a time on
 * each, on SQLite and on PostgreSQL, with the disk made sure of. The load comes from this process, on the same cores.
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { mint, newKeys } from '../../js/node.js';
import { createPostgresStore, createSqliteStore, newApiKey } from '../../js/server/index.js';
import { postgresFolder, startPostgres } from '../../tests/server/postgres.mjs';

const CONNECTIONS = 64;
const SECONDS = Number(process.env.SECONDS ?? 10);
const CODES = 2_000;
const cli = fileURLToPath(new URL('../../js/server/cli.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'zugabe-bench-'));
const keys = newKeys();
const { key, entry } = newApiKey({ id: 'bench', kind: 'secret' });
const program = { zugabe: 1, shop: { name: 'Bench', currency: 'EUR', timeZone: 'UTC', locales: ['en'] } };
for (const [name, content] of Object.entries({ 'program.json': program, 'api-keys.json': { v: 1, keys: [entry] } })) writeFileSync(join(folder, name), JSON.stringify(content));
writeFileSync(join(folder, 'keys.json'), keys, { mode: 0o600 });
const codes = mint(keys, { batch: 1, start: 0, count: CODES }).map(({ code }) => code);

/** @param {import('../../js/server/store/index.js').Store} store */
async function fill(store) {
  const at = { v: 1, tenant: 'shop', now: new Date().toISOString() };
  await store.run({ ...at, action: { type: 'campaign', campaign: 'bench' } });
  await store.run({ ...at, action: { type: 'budget', budget: 'bench', granted: 1e15 } });
  for (let from = 0; from < CODES; from += 200) {
    await Promise.all(codes.slice(from, from + 200).map((code) => store.run({ ...at, action: { type: 'issue', code, campaign: 'bench', uses: 1_000_000, perCustomer: 1_000_000, scope: 'code' } })));
  }
  await store.close();
}

/** @param {string} store */
async function serve(store) {
  const at = (/** @type {string} */ name) => join(folder, name);
  const child = spawn(process.execPath, [cli, '--program', at('program.json'), '--keys', at('keys.json'), '--api-keys', at('api-keys.json'), '--store', store, '--port', '0', '--log-level', process.env.LOG ?? 'info'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines = createInterface(child.stdout);
  const port = await new Promise((resolve) => lines.once('line', (line) => resolve(JSON.parse(line).port)));
  // Its log is written and read, but nobody spends the two cores on taking it apart.
  lines.close();
  child.stdout.resume();
  return { port, stop: () => new Promise((done) => child.once('exit', done) && child.kill('SIGTERM')) };
}

let order = 0;

/** One connection, one request at a time, until the time is over. @param {number} port @param {number} until @param {() => string} make */
function connection(port, until, make) {
  return new Promise((resolve, reject) => {
    const times = /** @type {number[]} */ ([]);
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    let begun = 0;
    let got = '';
    const next = () => {
      if (performance.now() > until) return socket.end(() => resolve(times));
      begun = performance.now();
      socket.write(make(), 'latin1');
    };
    socket.setEncoding('latin1').on('connect', next).on('error', reject).on('data', (part) => {
      got += part;
      const head = got.indexOf('\r\n\r\n');
      if (head < 0) return;
      const length = /content-length: (\d+)/i.exec(got);
      const whole = length ? got.length >= head + 4 + Number(length[1]) : got.endsWith('0\r\n\r\n');
      if (!whole) return;
      if (!got.startsWith('HTTP/1.1 200')) return reject(new Error(got));
      got = '';
      times.push(performance.now() - begun);
      next();
    });
  });
}

/** @param {number} port @param {number} seconds @param {boolean} keyed */
async function load(port, seconds, keyed) {
  const head = `POST /v1/redeem HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer ${key}\r\nContent-Type: application/json\r\n`;
  const make = () => {
    order += 1;
    const text = `{"code":"${codes[order % CODES]}","order":"o-${order}","buyer":{"customer":"c_${order % 50_000}"},"amount":500}`;
    const idempotency = keyed ? `Idempotency-Key: k-${order}\r\n` : '';
    return `${head}${idempotency}Content-Length: ${text.length}\r\n\r\n${text}`;
  };
  const begun = performance.now();
  const times = (await Promise.all(Array.from({ length: CONNECTIONS }, () => connection(port, begun + seconds * 1000, make)))).flat().sort((a, b) => a - b);
  const passed = (performance.now() - begun) / 1000;
  const at = (/** @type {number} */ share) => times[Math.min(times.length - 1, Math.floor(times.length * share))];
  return { count: times.length, perSecond: times.length / passed, p50: at(0.5), p99: at(0.99) };
}

/** @param {string} title @param {string} named @param {() => Promise<import('../../js/server/store/index.js').Store>} open */
async function measure(title, named, open) {
  await fill(await open());
  const server = await serve(named);
  let { count: counted } = await load(server.port, 2, false);
  for (const keyed of [false, true]) {
    const { count, perSecond, p50, p99 } = await load(server.port, SECONDS, keyed);
    counted += count;
    console.log(`${title}${keyed ? ', with Idempotency-Key' : ''}: ${Math.round(perSecond)} redemptions/s, p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms (${count} in ${SECONDS} s)`);
  }
  await server.stop();
  const store = await open();
  let redeemed = 0;
  for (const row of await store.read('code', { where: { tenant: 'shop' }, columns: ['redeemed'], limit: 10_000 })) redeemed += Number(row.redeemed);
  await store.close();
  if (redeemed !== counted) throw new Error(`${counted} were acknowledged, ${redeemed} are in the books.`);
}

console.log(`${cpus()[0].model}, ${cpus().length} cores, load ${loadavg().map((n) => n.toFixed(1)).join(' ')}, Node ${process.version}, ${CONNECTIONS} connections, ${CODES} codes`);
try {
  const path = join(folder, 'books.db');
  await measure('SQLite', `sqlite:${path}`, () => createSqliteStore({ path }));
  if (postgresFolder()) {
    const postgres = await startPostgres({ durable: true });
    try {
      const url = await postgres.database();
      await measure('PostgreSQL', url, () => createPostgresStore({ url }));
    } finally {
      await postgres.end();
    }
  } else console.log('PostgreSQL is not installed: skipped.');
  const { stdout } = spawnSync('uptime', { encoding: 'utf8' });
  if (stdout) console.log(stdout.trim());
} finally {
  rmSync(folder, { recursive: true, force: true });
}
