/**
 * How long do a thousand parcel inserts take, and how much memory? The release tool on real orders where they are there, else on the
 * sample. `node benches/inserts/run.mjs dev` takes the tool as the tests build it. Needs GNU time.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildTool, toolPath } from '../../scripts/build.mjs';

const NOW = '2026-11-23T10:05:00Z';
const program = {
  zugabe: 1,
  shop: { name: 'Teehaus am Markt', tagline: 'Lose Blätter seit 1987', currency: 'GBP', timeZone: 'Europe/London', locales: ['de'], friendUrl: 'https://teehaus.example/freunde', contact: 'hallo@teehaus.example', color: '#1f6f5c' },
  insert: { whereToBuy: { de: 'Markt 3, Lübeck' }, services: { de: 'Teeberatung, Verkostung' } },
  options: [{ id: 'first-flush', kind: 'sample', issueCost: 45 }],
};

const tool = process.argv[2] === 'dev' ? toolPath('dev') : await buildTool('release');
const folder = mkdtempSync(join(tmpdir(), 'zugabe-bench-inserts-'));
/** @param {string[]} args */
function zugabe(...args) {
  const ran = spawnSync(tool, ['--now', NOW, ...args], { cwd: folder, encoding: 'utf8', maxBuffer: 1 << 28 });
  if (ran.status !== 0) throw new Error(ran.stderr);
  return ran;
}

try {
  const shared = process.env.ZUGABE_SHARED ?? new URL('../../../shared/', import.meta.url).pathname;
  const packed = join(shared, 'data/online_retail_2010_2011.csv.zst');
  const real = existsSync(packed) && !spawnSync('zstd', ['--version']).error;
  writeFileSync(join(folder, 'program.json'), JSON.stringify(real ? program : { ...program, shop: { ...program.shop, currency: 'EUR' } }));
  zugabe('keys', 'new', '--out', 'keys.json');
  if (real) {
    writeFileSync(join(folder, 'orders.csv'), spawnSync('zstd', ['-dc', packed], { maxBuffer: 1 << 28 }).stdout);
    zugabe('import', 'orders.csv', '--currency', 'GBP', '--time-zone', 'Europe/London', '--out', 'orders.ndjson', '--report', 'report.json');
  } else {
    zugabe('sample', '--out', 'orders.ndjson');
  }
  console.log(`${real ? 'Online Retail 2010-2011' : 'the generated sample'}; reading and scoring all orders is part of it`);
  console.log('| inserts | design | seconds of processor time | seconds on the clock | peak memory | PDF |\n|---|---|---|---|---|---|');
  for (const [design, limit] of /** @type {const} */ ([['letter', '1'], ['letter', '1000'], ['card', '1000'], ['poster', '1000'], ['card', '10000']])) {
    const args = ['inserts', '--orders', 'orders.ndjson', '--from', 'orders', '--program', 'program.json', '--keys', 'keys.json', '--out', 'out.pdf', '--design', design, '--limit', limit, '--crop-marks'];
    const ran = spawnSync('/usr/bin/time', ['-f', '%M %U %S %e', tool, '--now', NOW, ...args], { cwd: folder, encoding: 'utf8' });
    if (ran.error) throw new Error('GNU time is not here: apt-get install time');
    if (ran.status !== 0) throw new Error(ran.stderr);
    const lines = ran.stderr.trim().split('\n');
    const [memory, user, system, clock] = (lines.pop() ?? '').split(' ').map(Number);
    const made = JSON.parse(lines.find((line) => line.includes('"totals"')) ?? '').totals.inserts;
    const size = (statSync(join(folder, 'out.pdf')).size / 1e6).toFixed(2);
    console.log(`| ${made} | ${design} | ${(user + system).toFixed(2)} | ${clock.toFixed(2)} | ${Math.round(memory / 1024)} MiB | ${size} MB |`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
