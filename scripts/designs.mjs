/** How do the designs of the parcel insert look? Draws docs/insert-*.png from a made-up shop; needs poppler. `node scripts/designs.mjs` */
import './node-version.mjs';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toolPath } from './build.mjs';
import { Stop, main, root } from './shell.mjs';

const LOGO =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 60 40"><path fill="#1f6f5c" d="M5 35C5 10 25 5 55 5 55 25 40 37 5 35z"/><path d="M5 35C20 30 35 20 45 12" stroke="#fff" stroke-width="2" fill="none"/></svg>';
const shop = {
  name: 'Teehaus am Markt',
  tagline: 'Loose leaves since 1987',
  currency: 'EUR',
  timeZone: 'Europe/Berlin',
  locales: ['en'],
  friendUrl: 'https://teehaus.example/friends',
  contact: 'hello@teehaus.example',
  color: '#1f6f5c',
};
const program = {
  zugabe: 1,
  shop,
  insert: { whereToBuy: { en: 'Markt 3, Lübeck, and teehaus.example' }, services: { en: 'tea advice, tastings, refills' } },
  options: [{ id: 'first-flush', kind: 'sample', issueCost: 45, text: { en: { title: 'ten grams of First Flush' } } }],
};
/** @type {[string, string, typeof shop | (typeof shop & { logo: string })][]} */
const pictures = [
  ['letter', 'a6', { ...shop, logo: 'logo.svg' }],
  ['card', 'a6', { ...shop, color: '#9a4326' }],
  ['poster', 'a6', { ...shop, color: '#e0a526' }],
];
const order = { v: 1, id: '1001', source: 'csv', createdAt: '2026-11-20T10:00:00Z', status: 'paid', currency: 'EUR', subtotal: 4890, total: 4890, lineCount: 2, customer: { id: 'c1', name: 'Ana Núñez' } };
const keys = { v: 1, slots: [{ kid: 0, state: 'active', secret: '000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f' }] };

await main(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'zugabe-designs-'));
  /** @param {string} name @param {string[]} args */
  const run = (name, args) => {
    const ran = spawnSync(name, args, { cwd: folder, encoding: 'utf8' });
    if (ran.error) throw new Stop(`${name} could not be run: build the tool with "cargo build -p zugabe-cli", and install poppler (apt-get install poppler-utils).`);
    if (ran.status !== 0) throw new Stop(ran.stderr);
  };
  try {
    writeFileSync(join(folder, 'logo.svg'), LOGO);
    writeFileSync(join(folder, 'keys.json'), JSON.stringify(keys), { mode: 0o600 });
    writeFileSync(join(folder, 'orders.ndjson'), `${JSON.stringify(order)}\n`);
    for (const [design, size, look] of pictures) {
      writeFileSync(join(folder, 'program.json'), JSON.stringify({ ...program, shop: look }));
      run(toolPath('dev'), ['--now', '2026-11-23T10:05:00Z', 'inserts', '--orders', 'orders.ndjson', '--from', 'orders', '--keep-names', '--program', 'program.json', '--keys', 'keys.json', '--design', design, '--size', size, '--out', 'out.pdf']);
      const picture = join(root, 'docs', `insert-${design}`);
      run('pdftoppm', ['-png', '-singlefile', '-r', '110', 'out.pdf', picture]);
      console.log(`${picture}.png: ${(statSync(`${picture}.png`).size / 1024).toFixed(0)} KB`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
