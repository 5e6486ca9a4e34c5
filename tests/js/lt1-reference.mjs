/**
 * A second implementation of LT1, written from docs/codes.md alone, on node:crypto: what the core is compared with.
 * @import { KeyObject } from 'node:crypto'
 */
import { createHmac, createPrivateKey, createPublicKey, hkdfSync, sign, timingSafeEqual, verify as verifySignature } from 'node:crypto';

/** @typedef {{ campaign: number, serial: number, expiresAt: string, flags: number }} Claims */

/** What PKCS #8 puts before an Ed25519 seed (RFC 8410). */
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');

/** @param {Uint8Array} master @param {number} kid */
const keyOf = (master, kid) => Buffer.from(hkdfSync('sha256', master, '', `code/LT1/kid${kid}`, 32));

/** @param {Buffer} seed */
const privateKey = (seed) => createPrivateKey({ key: Buffer.concat([PKCS8, seed]), format: 'der', type: 'pkcs8' });

/** @param {Buffer} head */
const signed = (head) => Buffer.concat([Buffer.from('LT1\0'), head]);

/** @param {Buffer} key @param {Buffer} head */
const tagOf = (key, head) => createHmac('sha256', key).update(signed(head)).digest().subarray(0, 16);

/**
 * @param {Uint8Array} master
 * @param {number} kid
 * @param {'hmac' | 'ed25519'} kind
 * @param {Claims} claims
 */
export function mintToken(master, kid, kind, { campaign, serial, expiresAt, flags }) {
  const head = Buffer.alloc(18);
  head[0] = kind === 'hmac' ? 0x11 : 0x12;
  head[1] = kid;
  head.writeUInt32BE(campaign, 2);
  head.writeUIntBE(serial, 6, 6);
  head.writeUInt32BE(Math.floor(Date.parse(expiresAt) / 60_000), 12);
  head.writeUInt16BE(flags, 16);
  const key = keyOf(master, kid);
  const tag = kind === 'hmac' ? tagOf(key, head) : sign(null, signed(head), privateKey(key));
  return Buffer.concat([head, tag]).toString('base64url');
}

/**
 * @param {Record<number, { master: Uint8Array, kind: 'hmac' | 'ed25519' }>} slots
 * @param {string} token
 * @param {string} now
 */
export function verifyToken(slots, token, now) {
  const unknown = { verdict: 'unknown' };
  const bytes = Buffer.from(token, 'base64url');
  if (bytes.toString('base64url') !== token || bytes.length < 34) return unknown;
  const [head, tag] = [bytes.subarray(0, 18), bytes.subarray(18)];
  const slot = slots[head[1]];
  if (!slot || head[0] !== (slot.kind === 'hmac' ? 0x11 : 0x12)) return unknown;
  const key = keyOf(slot.master, head[1]);
  const genuine =
    slot.kind === 'hmac'
      ? tag.length === 16 && timingSafeEqual(tag, tagOf(key, head))
      : tag.length === 64 && verifySignature(null, signed(head), createPublicKey(privateKey(key)), tag);
  const minute = head.readUInt32BE(12);
  if (!genuine || Math.floor(Date.parse(now) / 60_000) > minute) return unknown;
  return {
    verdict: 'ok',
    kid: head[1],
    campaign: head.readUInt32BE(2),
    serial: head.readUIntBE(6, 6),
    expiresAt: new Date(minute * 60_000).toISOString().replace('.000Z', 'Z'),
    flags: head.readUInt16BE(16),
  };
}
