// What should a C12 or C10 code be? A second implementation, written from docs/codes.md on node:crypto alone. It shares
// no line with the Rust core: where the two agree on 10,000 codes, the format is what the page says it is.
import { createHmac, hkdfSync } from 'node:crypto';

const SYMBOLS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** @typedef {'c12' | 'c10'} Format */

/** Bits of the body, of the redundancy, and symbols, by format. */
const SHAPE = { c12: { body: 53n, zeros: 21n, symbols: 12, group: 4 }, c10: { body: 43n, zeros: 17n, symbols: 10, group: 5 } };

/**
 * @param {Buffer} master 32 bytes
 * @param {number} kid
 */
export const deriveKey = (master, kid) =>
  Buffer.from(hkdfSync('sha256', master, Buffer.alloc(0), `code/C12/kid${kid}`, 32));

/**
 * @param {Buffer} key @param {number} kid @param {number} round @param {bigint} body bits of the body
 * @param {bigint} half @param {bigint} bits how many low bits are wanted
 */
function roundFunction(key, kid, round, body, half, bits) {
  const message = Buffer.alloc(16);
  message.write('C12F', 'ascii');
  message.writeUInt8(1, 4);
  message.writeUInt8(kid, 5);
  message.writeUInt8(round, 6);
  message.writeUInt8(Number(body), 7);
  message.writeBigUInt64BE(half, 8);
  return createHmac('sha256', key).update(message).digest().readBigUInt64BE(0) & ((1n << bits) - 1n);
}

/**
 * @param {Buffer} key @param {number} kid @param {bigint} body @param {bigint} text @param {number[]} rounds
 */
function feistel(key, kid, body, text, rounds) {
  const l = body / 2n;
  const r = body - l;
  let left = text >> r;
  let right = text & ((1n << r) - 1n);
  for (const i of rounds) {
    if (i % 2 === 0) left ^= roundFunction(key, kid, i, body, right, l);
    else right ^= roundFunction(key, kid, i, body, left, r);
  }
  return (left << r) | right;
}

const FORWARD = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
const BACKWARD = FORWARD.toReversed();

/** Damm, order 32: q = 2 (c + x) in GF(32) with x^5 + x^2 + 1. @param {number[]} digits */
export const damm = (digits) =>
  digits.reduce((c, x) => {
    const doubled = (c ^ x) * 2;
    return doubled > 31 ? doubled ^ 37 : doubled;
  }, 0);

/** @param {Format} format @param {bigint} payload */
function write(format, payload) {
  const digits = [];
  for (let i = SHAPE[format].symbols - 2; i >= 0; i--) digits.push(Number((payload >> BigInt(5 * i)) & 31n));
  return [...digits, damm(digits)].map((digit) => SYMBOLS[digit]).join('');
}

/**
 * @param {Buffer} master @param {number} kid @param {Format} format @param {number} batch @param {number} serial
 */
export function mint(master, kid, format, batch, serial) {
  const { body, zeros, group } = SHAPE[format];
  const plain = ((BigInt(batch) << 20n) | BigInt(serial)) << zeros;
  const cipher = feistel(deriveKey(master, kid), kid, body, plain, FORWARD);
  const code = write(format, (BigInt(kid) << body) | cipher);
  return { code, shownCode: /** @type {string[]} */ (code.match(new RegExp(`.{${group}}`, 'g'))).join('-'), batch, serial };
}

/**
 * Opens a canonical code with the masters of its slots.
 * @param {Record<number, Buffer>} masters by slot
 * @param {string} code
 */
export function verify(masters, code) {
  const digits = [...code].map((symbol) => SYMBOLS.indexOf(symbol));
  if (digits.includes(-1)) return { verdict: 'symbol' };
  const format = code.length === 12 ? 'c12' : code.length === 10 ? 'c10' : undefined;
  if (!format) return { verdict: 'length' };
  if (damm(digits) !== 0) return { verdict: 'typo' };
  const { body, zeros } = SHAPE[format];
  const payload = digits.slice(0, -1).reduce((value, digit) => (value << 5n) | BigInt(digit), 0n);
  const kid = Number(payload >> body);
  const master = masters[kid];
  if (!master) return { verdict: 'unknown' };
  const plain = feistel(deriveKey(master, kid), kid, body, payload & ((1n << body) - 1n), BACKWARD);
  if (plain & ((1n << zeros) - 1n)) return { verdict: 'unknown' };
  const serial = plain >> zeros;
  return { verdict: 'ok', batch: Number(serial >> 20n), serial: Number(serial & 0xfffffn), kid };
}
