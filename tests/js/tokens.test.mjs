/** Do the token vectors say what a second implementation says, written from the page about the format alone? */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { mintToken, verifyToken } from './lt1-reference.mjs';

/** @type {{ cases: { name: string, op: string, input: any, expected: any }[] }} */
const { cases } = JSON.parse(readFileSync(new URL('../vectors/tokens.json', import.meta.url), 'utf8'));

/** @param {{ slots: { kid: number, state: string, token?: 'ed25519', secret: string }[] }} keys */
const slotsOf = ({ slots }) =>
  Object.fromEntries(
    slots
      .filter(({ state }) => state !== 'withdrawn')
      .map(({ kid, token, secret }) => [kid, { master: Buffer.from(secret, 'hex'), kind: token ?? 'hmac' }]),
  );

test('the reference mints every token of the vectors', () => {
  const minted = cases.filter(({ op, expected }) => op === 'mint_token' && typeof expected === 'string');
  assert.ok(minted.some(({ expected }) => expected.length === 46) && minted.some(({ expected }) => expected.length === 110));
  for (const { name, input, expected } of minted) {
    const active = input.keys.slots.find((/** @type {any} */ slot) => slot.state === 'active');
    const { master, kind } = /** @type {any} */ (slotsOf(input.keys)[active.kid]);
    assert.equal(mintToken(master, active.kid, kind, { flags: 0, ...input.request }), expected, name);
  }
});

test('the reference comes to the same verdicts', () => {
  const verified = cases.filter(({ op, expected }) => op === 'verify_token' && !expected.error);
  assert.ok(verified.length >= 18);
  for (const { name, input, expected } of verified) {
    assert.deepEqual(verifyToken(/** @type {any} */ (slotsOf(input.keys)), input.token, input.now), expected, name);
  }
});
