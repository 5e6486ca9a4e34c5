/** What was the server told on the command line and in the environment? Files are read here, and nowhere else. */
import { readFileSync, statSync } from 'node:fs';
import { ZugabeError } from '../errors.js';
import * as core from '../node.js';
import { createWebhooks } from '../webhooks/index.js';
import { readApiKeys } from './keys.js';

/** @import { BackendOptions } from './backend.js' */
/** @import { Store } from './store/index.js' */

export const USAGE = `Usage: zugabe-server --program FILE --keys FILE --api-keys FILE [options]
       zugabe-server keys new --file FILE --id ID [--kind secret|publishable] [--origin https://… ...]
       zugabe-server keys revoke --file FILE --id ID
       zugabe-server budget --id ID [--granted AMOUNT | --by AMOUNT [--key KEY]] [--store WHERE] [--tenant NAME]
       zugabe-server issue --codes FILE --campaign ID [--uses N|unlimited] [--per-customer N] [--scope code|campaign]
                           [--starts-at T] [--expires-at T] [--budget ID] [--store WHERE] [--tenant NAME]

  --program FILE       the merchant's program
  --model FILE         the shop's model, from zugabe score --model-out
  --keys FILE          the key file that makes and opens codes (zugabe keys new)
  --api-keys FILE      who may ask (zugabe-server keys new)
  --store WHERE        sqlite:FILE (default sqlite:zugabe.db), postgres://…, or memory
  --webhooks FILE      where events go: [{ "url": "https://…", "secret": "…" }]
  --platforms FILE     whose webhooks are taken in, below /platforms/: { "shopify": { "secrets": ["…"] } }
  --tenant NAME        whose books (default shop)
  --host ADDRESS       (default 127.0.0.1)
  --port N             (default 8787)
  --trust-proxy N      so many proxies in front write X-Forwarded-For (default 0)
  --timeout SECONDS    after which a request is given up (default 10)
  --batch N            the batch of codes this server hands out first (default 4095)
  --log-level LEVEL    info, warn or silent (default info)

Every FILE and --store may be env:NAME, an environment variable.`;

const refused = (/** @type {string} */ path, /** @type {string} */ message) => new ZugabeError('invalid_value', message, path);

/**
 * A file's text, or that of an environment variable.
 * @param {string} name - The option.
 * @param {string} where
 * @param {{ secret?: boolean }} [options] - secret: nobody else on this machine may touch it.
 */
export function textOf(name, where, { secret = false } = {}) {
  if (where.startsWith('env:')) {
    const text = process.env[where.slice(4)];
    if (!text) throw refused(name, `The environment variable ${where.slice(4)} is not set.`);
    return text;
  }
  try {
    if (secret && process.platform !== 'win32' && statSync(where).mode & 0o077) {
      throw refused(name, `Others may read ${where}, and whoever reads it can make codes: chmod 600 ${where}`);
    }
    return readFileSync(where, 'utf8');
  } catch (error) {
    if (error instanceof ZugabeError) throw error;
    throw new ZugabeError('io', `${where} cannot be read (${/** @type {NodeJS.ErrnoException} */ (error).code}).`, name);
  }
}

/** @param {string} name @param {string} text */
function jsonOf(name, text) {
  try {
    return JSON.parse(text);
  } catch {
    throw new ZugabeError('invalid_json', 'This is no JSON.', name);
  }
}

/** The key file, or one master secret alone, which then is the active slot 0. @param {string} text */
function keysOf(text) {
  const secret = text.trim();
  return /^([0-9a-fA-F]{64}|[\w-]{43})$/.test(secret) ? JSON.stringify({ v: 1, slots: [{ kid: 0, state: 'active', secret }] }) : text;
}

/** @param {Record<string, string | undefined>} values @param {string} name @param {number} preset @param {[number, number]} range */
export function numberOf(values, name, preset, [least, most]) {
  const given = values[name];
  // An empty text would read as 0.
  const number = given?.trim() === '' ? NaN : Number(given ?? preset);
  if (!Number.isInteger(number) || number < least || number > most) throw refused(name, `--${name} takes a number from ${least} to ${most}.`);
  return number;
}

/** @param {Record<string, string | undefined>} values @param {string} name */
function needed(values, name) {
  const value = values[name];
  if (value === undefined) throw new ZugabeError('missing_field', `--${name} is needed.\n\n${USAGE}`, name);
  return value;
}

/**
 * Shopify and WooCommerce need their secrets; Shopware's registration needs a place for the shops' own, and so a program of its own.
 * @param {any} document
 * @returns {BackendOptions['platforms']}
 */
function platformsOf(document) {
  if (typeof document !== 'object' || document === null || Array.isArray(document)) throw refused('platforms', 'Platforms are { "shopify": { "secrets": ["…"] } }.');
  const unknown = Object.keys(document).find((name) => !['shopify', 'woocommerce', 'currency', 'timeZone'].includes(name));
  if (unknown) throw refused(`platforms.${unknown}`, 'This names shopify, woocommerce, currency and timeZone.');
  for (const name of ['shopify', 'woocommerce']) {
    const platform = document[name];
    if (platform === undefined) continue;
    const other = typeof platform === 'object' && platform !== null && Object.keys(platform).find((field) => !['secrets', 'shop'].includes(field));
    if (other) throw refused(`platforms.${name}.${other}`, 'A platform has secrets, and the shop that alone may send.');
    const secrets = [platform?.secrets ?? []].flat();
    if (!secrets.length || secrets.some((secret) => typeof secret !== 'string' || !secret)) throw refused(`platforms.${name}.secrets`, 'What webhooks are signed with is needed: { "secrets": ["…"] }. Without it every one is refused.');
  }
  return (receiving) => createWebhooks({ core, ...receiving, ...document });
}

/**
 * What the command line says, read and checked, but for the store, which is opened last.
 * @param {Record<string, string | undefined>} values
 */
export function settingsOf(values) {
  const level = values['log-level'] ?? 'info';
  if (!['info', 'warn', 'silent'].includes(level)) throw refused('log-level', '--log-level takes info, warn or silent.');
  /** @type {Omit<BackendOptions, 'store'>} */
  const options = {
    program: textOf('program', needed(values, 'program')),
    ...(values.model !== undefined && { model: textOf('model', values.model) }),
    keys: keysOf(textOf('keys', needed(values, 'keys'), { secret: true })),
    apiKeys: readApiKeys(jsonOf('api-keys', textOf('api-keys', needed(values, 'api-keys')))),
    ...(values.webhooks !== undefined && { webhooks: jsonOf('webhooks', textOf('webhooks', values.webhooks, { secret: true })) }),
    ...(values.platforms !== undefined && { platforms: platformsOf(jsonOf('platforms', textOf('platforms', values.platforms, { secret: true }))) }),
    tenant: values.tenant ?? 'shop',
    trustProxy: numberOf(values, 'trust-proxy', 0, [0, 10]),
    timeout: numberOf(values, 'timeout', 10, [1, 600]) * 1000,
    batch: numberOf(values, 'batch', 4095, [0, 4095]),
  };
  return { options, level, host: values.host ?? '127.0.0.1', port: numberOf(values, 'port', 8787, [0, 65_535]), store: values.store ?? 'sqlite:zugabe.db' };
}

/**
 * Opens the store that is named.
 * @param {string} named
 * @returns {Promise<Store>}
 */
export async function storeOf(named) {
  const where = named.startsWith('env:') ? textOf('store', named) : named;
  const stores = await import('./store/index.js');
  if (where === 'memory') return stores.createMemoryStore();
  if (where.startsWith('sqlite:')) return stores.createSqliteStore({ path: where.slice('sqlite:'.length) });
  if (/^postgres(ql)?:\/\//.test(where)) return stores.createPostgresStore({ url: where });
  throw refused('store', '--store takes sqlite:FILE, postgres://… or memory.');
}
