/** Do the core and a second implementation, written from the page about the format alone, agree on every code? */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { damm, mint, verify } from './c12-reference.mjs';

const at = (/** @type {string} */ path) => new URL(`../../${path}`, import.meta.url);
const glueAt = at('dist/full/zugabe_full.js');
const skip = existsSync(glueAt) ? false : 'the full artefact is not built: npm run build';

/** Slot 0 verifies only, slot 2 is active. */
const masters = { 0: Buffer.from([...Array(32).keys()]), 2: Buffer.alloc(32, 0x5a) };
const keys = JSON.stringify({
  v: 1,
  slots: [
    { kid: 0, state: 'verify_only', secret: masters[0].toString('hex') },
    { kid: 2, state: 'active', secret: masters[2].toString('base64url') },
  ],
});

async function core() {
  const glue = await import(glueAt.href);
  glue.initSync({ module: readFileSync(at('dist/full/zugabe_full_bg.wasm')) });
  return glue;
}

test('the reference gives the worked example and the published check digits', () => {
  assert.equal(mint(masters[0], 0, 'c12', 7, 123456).shownCode, '03VC-1S2Q-4HX0');
  const symbols = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
  for (const [payload, check] of [['0123456789A', 'M'], ['ZZZZZZZZZZZ', 'K']])
    assert.equal(symbols[damm([...payload].map((symbol) => symbols.indexOf(symbol)))], check);
});

test('10,000 codes of both lengths are minted and opened alike', { skip }, async () => {
  const glue = await core();
  let compared = 0;
  for (const [format, batch, start] of /** @type {['c12' | 'c10', number, number][]} */ ([
    ['c12', 0, 0],
    ['c12', 4095, 1_000_000],
    ['c10', 0, 0],
    ['c10', 63, 1_000_000],
  ])) {
    /** @type {{ code: string, shownCode: string, batch: number, serial: number }[]} */
    const minted = JSON.parse(glue.mint(keys, JSON.stringify({ format, batch, start, count: 2500 })));
    for (const code of minted) {
      assert.deepEqual(mint(masters[2], 2, format, batch, code.serial), code);
      assert.deepEqual(verify(masters, code.code), { verdict: 'ok', batch, serial: code.serial, kid: 2 });
      compared += 1;
    }
  }
  assert.equal(compared, 10_000);
});

test('both open what the reference minted in a slot that only verifies, and both refuse what is forged', { skip }, async () => {
  const glue = await core();
  const codes = new glue.Codes(keys);
  const symbols = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
  for (let serial = 0; serial < 1000; serial += 1) {
    const format = serial % 2 ? 'c12' : 'c10';
    const { code } = mint(masters[0], 0, format, serial % 64, serial * 1000);
    assert.deepEqual(JSON.parse(codes.verify(code)), verify(masters, code), code);
    const digits = [...code].slice(0, -1).map((symbol) => symbols.indexOf(symbol));
    digits[digits.length - 1] ^= 1;
    const forged = [...digits, damm(digits)].map((digit) => symbols[digit]).join('');
    assert.deepEqual(JSON.parse(codes.verify(forged)), { verdict: 'unknown' }, forged);
    assert.deepEqual(verify(masters, forged), { verdict: 'unknown' }, forged);
  }
  codes.free();
});
