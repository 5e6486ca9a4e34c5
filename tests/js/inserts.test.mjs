/** A printed insert keeps its word: rendered as a print shop would, its QR code is the printed address and its code verifies. */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import jsqr from 'jsqr';
import { toolPath } from '../../scripts/build.mjs';

/** @type {(data: Uint8ClampedArray, width: number, height: number) => { data: string } | null} */
const readQr = /** @type {any} */ (jsqr).default ?? jsqr;

const NOW = '2026-11-23T10:05:00Z';
const poppler = ['pdftoppm', 'pdftotext', 'pdffonts', 'pdfinfo'].every((name) => !spawnSync(name, ['-v']).error);
const skip = poppler ? false : 'skipped: poppler (pdftoppm, pdftotext, pdffonts, pdfinfo) is not on this machine; on Debian, apt-get install poppler-utils';

const LOGO = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 60 40"><path fill="#1f6f5c" d="M5 35C5 10 25 5 55 5 55 25 40 37 5 35z"/></svg>';
const program = {
  zugabe: 1,
  shop: {
    name: 'Teehaus am Markt',
    tagline: 'Lose Blätter seit 1987',
    currency: 'EUR',
    timeZone: 'Europe/Berlin',
    locales: ['de', 'en', 'fr', 'es'],
    url: 'https://teehaus.example',
    friendUrl: 'https://teehaus.example/freunde',
    contact: 'hallo@teehaus.example',
    color: '#1f6f5c',
    logo: 'logo.svg',
  },
  insert: {
    whereToBuy: { de: 'Markt 3, Lübeck, und teehaus.example', en: 'Markt 3, Lübeck, and teehaus.example', fr: 'Markt 3, Lübeck, et teehaus.example', es: 'Markt 3, Lübeck, y teehaus.example' },
    services: { de: 'Teeberatung, Verkostung, Nachfüllen', en: 'tea advice, tastings, refills', fr: 'conseil, dégustation, recharge', es: 'asesoría, catas, recargas' },
  },
  options: [{ id: 'first-flush', kind: 'sample', issueCost: 45, text: { de: { title: 'eine Probe First Flush' }, en: { title: 'a sample of First Flush' }, fr: { title: 'un échantillon de First Flush' }, es: { title: 'una muestra de First Flush' } } }],
};

/** @type {string} */
let folder;
/** @param {string[]} args */
const zugabe = (...args) => spawnSync(toolPath('dev'), ['--now', NOW, ...args], { cwd: folder, encoding: 'utf8' });
/** @param {string} name @param {string[]} args */
const run = (name, ...args) => execFileSync(name, args, { cwd: folder, encoding: 'utf8', maxBuffer: 1 << 28 });

/** @param {string[]} args */
function inserts(...args) {
  const made = zugabe('inserts', '--orders', 'orders.ndjson', '--from', 'orders', '--program', 'program.json', '--keys', 'keys.json', '--out', 'out.pdf', ...args);
  assert.equal(made.status, 0, made.stderr);
  return JSON.parse(made.stderr);
}

/** The pixels of a page, as pdftoppm writes them. @param {string} file */
function pixels(file) {
  const bytes = readFileSync(join(folder, file));
  const [head, width, height] = /^P6\s+(\d+)\s+(\d+)\s+255\s/.exec(bytes.subarray(0, 40).toString('latin1')) ?? [];
  assert.ok(head, `${file} is no picture`);
  const data = new Uint8ClampedArray(Number(width) * Number(height) * 4);
  for (let from = head.length, to = 0; from < bytes.length; from += 3, to += 4) data.set([bytes[from], bytes[from + 1], bytes[from + 2], 255], to);
  return { data, width: Number(width), height: Number(height) };
}

before(() => {
  folder = mkdtempSync(join(tmpdir(), 'zugabe-inserts-'));
  writeFileSync(join(folder, 'program.json'), JSON.stringify(program));
  writeFileSync(join(folder, 'logo.svg'), LOGO);
  assert.equal(zugabe('keys', 'new', '--out', 'keys.json').status, 0);
  assert.equal(zugabe('sample', '--seed', '1', '--out', 'orders.ndjson').status, 0);
});
after(() => rmSync(folder, { recursive: true, force: true }));

/** Every design in every language, now on the one sheet and now on the other. */
const SHEETS = /** @type {const} */ ([['a6', 105, 148], ['dinlang', 99, 210]]);
const CASES = ['letter', 'card', 'poster'].flatMap((design, row) =>
  program.shop.locales.map((locale, column) => /** @type {const} */ ([design, locale, ...SHEETS[(row + column) % 2]])),
);

for (const [design, locale, size, width, height] of CASES) {
  test(`${design} on ${size} in ${locale}: every page is read by a camera, and its code verifies`, { skip }, () => {
    const done = inserts('--design', design, '--size', size, '--locale', locale, '--limit', '3', '--crop-marks');
    assert.equal(done.totals.inserts, 3);
    assert.equal(done.totals.withCode, 3);
    run('pdftoppm', '-r', '150', 'out.pdf', 'page');
    const seen = new Set();
    for (let page = 1; page <= 3; page += 1) {
      const { data, width: wide, height: high } = pixels(`page-${page}.ppm`);
      const link = readQr(data, wide, high)?.data;
      assert.match(link ?? '', /^https:\/\/teehaus\.example\/freunde#[0-9A-Z]{12}$/, `page ${page}`);
      const code = String(link).split('#')[1];
      const text = run('pdftotext', '-f', String(page), '-l', String(page), '-raw', 'out.pdf', '-').replace(/\s+/g, '');
      assert.ok(text.includes(String(link).replace('https://', '')), `the address of page ${page} is printed: ${text}`);
      assert.ok(text.includes(code.replace(/^(.{4})(.{4})(.{4})$/, '$1-$2-$3')), `the code of page ${page} is printed`);
      const verdict = JSON.parse(zugabe('verify', '--keys', 'keys.json', code).stdout);
      assert.equal(verdict.verdict, 'ok');
      seen.add(code);
    }
    assert.equal(seen.size, 3, 'no two orders share a code');
    const fonts = run('pdffonts', 'out.pdf').trim().split('\n').slice(2);
    assert.ok(fonts.length >= 3);
    for (const font of fonts) assert.match(font, /\byes +yes +yes\b/, `embedded, in part, readable: ${font}`);
    const about = run('pdfinfo', '-box', 'out.pdf');
    assert.match(about, /Tagged: +yes/);
    assert.match(about, /Title: +Teehaus am Markt/);
    const [, left, bottom, right, top] = (/TrimBox: +([\d.]+) +([\d.]+) +([\d.]+) +([\d.]+)/.exec(about) ?? []).map(Number);
    const mm = (/** @type {number} */ points) => Math.round((points * 25.4) / 72);
    assert.deepEqual([mm(right - left), mm(top - bottom), mm(left), mm(bottom)], [width, height, 10, 10]);
    const [, bleedLeft] = (/BleedBox: +([\d.]+)/.exec(about) ?? []).map(Number);
    assert.equal(mm(left - bleedLeft), 3);
  });
}

test('real orders, guests among them, each get a page with a code of their own', { skip }, (t) => {
  const shared = process.env.ZUGABE_SHARED ?? new URL('../../../shared/', import.meta.url).pathname;
  const packed = join(shared, 'data/online_retail_2010_2011.csv.zst');
  const unpacked = spawnSync('zstd', ['-dc', packed], { maxBuffer: 1 << 28 });
  if (unpacked.status !== 0) return t.skip('skipped: the Online Retail orders (or zstd) are not on this machine');
  // The first orders of the file are enough to show it, and quick.
  const lines = unpacked.stdout.toString('utf8').split('\n').slice(0, 12_000).join('\n');
  writeFileSync(join(folder, 'retail.csv'), lines);
  const pounds = { ...program, shop: { ...program.shop, currency: 'GBP', timeZone: 'Europe/London' } };
  writeFileSync(join(folder, 'pounds.json'), JSON.stringify(pounds));
  const made = zugabe('inserts', '--orders', 'retail.csv', '--currency', 'GBP', '--time-zone', 'Europe/London', '--program', 'pounds.json', '--keys', 'keys.json', '--limit', '200', '--out', 'real.pdf', '--codes', 'codes.csv');
  assert.equal(made.status, 0, made.stderr);
  const done = JSON.parse(made.stderr.trim().split('\n').at(-1) ?? '');
  assert.equal(done.totals.inserts, 200);
  assert.ok(done.totals.guests > 0, 'guests are among them');
  const text = run('pdftotext', '-raw', 'real.pdf', '-');
  const codes = [...new Set(text.match(/[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}/g))];
  assert.equal(codes.length, 200);
  const verdicts = zugabe('verify', '--keys', 'keys.json', ...codes).stdout.trim().split('\n').map((line) => JSON.parse(line).verdict);
  assert.deepEqual([...new Set(verdicts)], ['ok']);
  const listed = readFileSync(join(folder, 'codes.csv'), 'utf8');
  for (const code of codes) assert.ok(listed.includes(code), `${code} is in the list for the shop`);
});

test('the same orders, program, keys and instant give the same bytes', () => {
  inserts('--limit', '3', '--crop-marks');
  const first = readFileSync(join(folder, 'out.pdf'));
  inserts('--limit', '3', '--crop-marks');
  assert.ok(first.equals(readFileSync(join(folder, 'out.pdf'))));
});

test('the program in docs/inserts.md is one, and all of its texts fit', () => {
  const docs = readFileSync(new URL('../../docs/inserts.md', import.meta.url), 'utf8');
  const [, text] = /^```json\n([\s\S]*?)^```/m.exec(docs) ?? [];
  writeFileSync(join(folder, 'docs.json'), String(text));
  const checked = zugabe('check', 'docs.json');
  assert.equal(checked.status, 0, checked.stderr);
  /** @type {{ severity: string, code: string }[]} */
  const findings = JSON.parse(checked.stdout).findings;
  assert.deepEqual(findings.filter(({ severity, code }) => severity === 'error' || code === 'text_too_long'), []);
});
