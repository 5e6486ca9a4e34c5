/** What was sent? Text up to a size, and JSON. */
import { Refusal } from './refusal.js';

/** @import { Asking } from './backend.js' */

const tooLarge = (/** @type {number} */ most) => new Refusal(413, 'too_large', `A request has ${most} bytes at most.`);

/** Deeper than any document of ours; what is nested deeper would end the stack of whoever walks through it. */
const DEEPEST = 64;

/** What PostgreSQL cannot keep and nobody means: a zero, escaped. */
const ZERO = /(?<!\\)(?:\\\\)*\\u0000/;

/** @param {Uint8Array | ArrayBuffer} bytes */
function decoded(bytes) {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new Refusal(400, 'invalid_json', 'This is no UTF-8.');
  }
}

/**
 * The body as text; one that grows beyond the limit is not read to its end.
 * @param {Asking} request
 * @param {number} most
 */
export async function textOf(request, most) {
  const length = request.headers.get('content-length');
  if (length !== null) {
    if (Number(length) > most) throw tooLarge(most);
    // The length was said, and the server below holds the body to it.
    return decoded(await request.arrayBuffer());
  }
  if (!request.body) return '';
  /** @type {Uint8Array[]} */
  const parts = [];
  let size = 0;
  for await (const chunk of /** @type {AsyncIterable<Uint8Array>} */ (/** @type {unknown} */ (request.body))) {
    size += chunk.byteLength;
    if (size > most) throw tooLarge(most);
    parts.push(chunk);
  }
  return decoded(Buffer.concat(parts));
}

/** Whether brackets outside of strings are nested deeper than may be. @param {string} text */
function isDeep(text) {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at];
    if (sign === '"') {
      for (at += 1; at < text.length && text[at] !== '"'; at += 1) if (text[at] === '\\') at += 1;
    } else if (sign === '{' || sign === '[') {
      depth += 1;
      if (depth > DEEPEST) return true;
    } else if (sign === '}' || sign === ']') depth -= 1;
  }
  return false;
}

/**
 * The body as a JSON object, and its text.
 * @param {Asking} request
 * @param {number} most
 */
export async function jsonOf(request, most) {
  const type = request.headers.get('content-type') ?? '';
  if (!/^application\/json\s*(;|$)/i.test(type)) throw new Refusal(415, 'unsupported_media_type', 'Send JSON, with the header Content-Type: application/json.');
  const text = await textOf(request, most);
  if (isDeep(text)) throw new Refusal(422, 'invalid_value', `Lists and objects are nested ${DEEPEST} deep at most.`);
  let json;
  try {
    json = JSON.parse(text);
  } catch {
    throw new Refusal(400, 'invalid_json', 'This is no JSON.');
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw new Refusal(400, 'invalid_type', 'The body is a JSON object.');
  if (ZERO.test(text)) throw new Refusal(422, 'invalid_value', 'No text holds the character U+0000.');
  return { text, json: /** @type {Record<string, any>} */ (json) };
}

/**
 * The header `Idempotency-Key`.
 * @param {Asking} request
 * @returns {string | undefined}
 */
export function keyOf(request) {
  const key = request.headers.get('idempotency-key');
  if (key === null) return undefined;
  if (!/^[\x21-\x7e]{1,255}$/.test(key)) throw new Refusal(422, 'invalid_value', 'An Idempotency-Key has 1 to 255 visible ASCII characters.', { path: 'Idempotency-Key' });
  return key;
}
