/** Who asks? Secret keys for servers, publishable keys for pages. Only hashes are kept: whoever reads the file cannot ask. */
import { hash, randomBytes } from 'node:crypto';
import { ZugabeError } from '../errors.js';

/**
 * @typedef {object} ApiKey
 * @property {string} id - Its name in logs and statistics.
 * @property {'secret' | 'publishable'} kind - What it may ask: everything, or to decide, claim and look up.
 * @property {string} hash - `sha256-` and the hexadecimal SHA-256 of the key.
 * @property {string[]} [origins] - From which pages a publishable key may be used, such as `https://tea.example`.
 * @property {boolean} [revoked]
 */

const PREFIX = { secret: 'zsk_', publishable: 'zpk_' };

/** @param {string} key */
export const hashOf = (key) => `sha256-${hash('sha256', key)}`;

/**
 * Makes a key of 256 random bits. The key is shown once, its entry goes into the file. A plain hash is enough for it: there is
 * nothing to guess.
 * @param {{ id: string, kind: 'secret' | 'publishable', origins?: string[] }} options
 * @returns {{ key: string, entry: ApiKey }}
 */
export function newApiKey({ id, kind, origins }) {
  if (!Object.hasOwn(PREFIX, kind)) throw new ZugabeError('invalid_value', 'A key is "secret" or "publishable".', 'kind');
  if (kind === 'secret' && origins?.length) throw new ZugabeError('invalid_value', 'A secret key is for servers and takes no origin. For a page: --kind publishable.', 'origins');
  const key = PREFIX[kind] + randomBytes(32).toString('base64url');
  const entry = { id, kind, hash: hashOf(key), ...(kind === 'publishable' && { origins: origins ?? [] }) };
  return { key, entry: readApiKeys({ v: 1, keys: [entry] })[0] };
}

/**
 * Reads a file of keys.
 * @param {unknown} document - `{ "v": 1, "keys": [ … ] }`
 * @returns {ApiKey[]}
 */
export function readApiKeys(document) {
  const refuse = (/** @type {string} */ path, /** @type {string} */ message) => new ZugabeError('invalid_keys', message, path);
  const { v, keys } = /** @type {{ v?: unknown, keys?: unknown }} */ (document ?? {});
  if (v !== 1 || !Array.isArray(keys)) throw refuse('apiKeys', 'A file of API keys is { "v": 1, "keys": [ … ] }: make one with zugabe-server keys new.');
  const seen = new Set();
  return keys.map((key, place) => {
    const path = `apiKeys.keys[${place}]`;
    const unknown = Object.keys(key ?? {}).find((name) => !['id', 'kind', 'hash', 'origins', 'revoked'].includes(name));
    if (unknown) throw refuse(`${path}.${unknown}`, 'This field is not known here.');
    if (typeof key?.id !== 'string' || !/^[\w.-]{1,64}$/.test(key.id)) throw refuse(`${path}.id`, 'An id has letters, digits, dots and dashes, 64 at most.');
    if (seen.has(key.id)) throw refuse(`${path}.id`, 'There is another key of this id.');
    seen.add(key.id);
    if (key.kind !== 'secret' && key.kind !== 'publishable') throw refuse(`${path}.kind`, 'A key is "secret" or "publishable".');
    if (typeof key.hash !== 'string' || !/^sha256-[0-9a-f]{64}$/.test(key.hash)) throw refuse(`${path}.hash`, 'Here stands the hash of the key, never the key.');
    const origins = key.origins ?? [];
    if (!Array.isArray(origins) || (key.kind === 'publishable' && origins.length === 0)) {
      throw refuse(`${path}.origins`, 'A publishable key names the pages that may use it, such as ["https://tea.example"].');
    }
    for (const origin of origins) {
      if (!URL.canParse(origin) || new URL(origin).origin !== origin) throw refuse(`${path}.origins`, 'An origin is scheme, host and port: https://tea.example, without a slash at its end.');
    }
    return key;
  });
}

/** The keys of a server: finds the one that asks, says which pages may ask at all. */
export class ApiKeys {
  /** @type {Map<string, ApiKey>} */
  #byHash = new Map();
  /** @type {Set<string>} */
  #origins = new Set();

  /** @param {ApiKey[]} keys */
  constructor(keys) {
    for (const key of readApiKeys({ v: 1, keys })) {
      if (key.revoked) continue;
      this.#byHash.set(key.hash, key);
      for (const origin of key.origins ?? []) this.#origins.add(origin);
    }
  }

  /**
   * The key of an `Authorization: Bearer …`. Found by its hash: how long that takes says nothing about other keys.
   * @param {string | undefined} header
   * @returns {ApiKey | undefined}
   */
  find(header) {
    const [, key] = /^Bearer (z[sp]k_[\w-]{43})$/.exec(header ?? '') ?? [];
    return key === undefined ? undefined : this.#byHash.get(hashOf(key));
  }

  /**
   * Whether some page of this origin may ask: what a browser wants to know before it sends a key.
   * @param {string} origin
   */
  knows(origin) {
    return this.#origins.has(origin);
  }
}
