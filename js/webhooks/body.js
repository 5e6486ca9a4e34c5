/** What bytes came? Read as they are, because the signature holds for them and for nothing that is made of them. */
import { ZugabeError } from '../errors.js';

/**
 * @param {Request} request
 * @param {number} limit - Bytes at most: what is longer is not read to its end.
 * @returns {Promise<Uint8Array>}
 */
export async function readBody(request, limit) {
  const tooLarge = () => new ZugabeError('too_large', `More than ${limit} bytes are not taken.`);
  if (Number(request.headers.get('content-length')) > limit) throw tooLarge();
  /** @type {Uint8Array[]} */
  const parts = [];
  let length = 0;
  const reader = request.body?.getReader();
  for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
    length += part.value.length;
    if (length > limit) {
      await reader?.cancel();
      throw tooLarge();
    }
    parts.push(part.value);
  }
  const body = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    body.set(part, at);
    at += part.length;
  }
  return body;
}
