/** What does every test of the server need? A backend on books in memory, keys to ask with, and a look at every answer: it must be as the document says. */
import assert from 'node:assert/strict';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { mint, newKeys, version } from '../../js/node.js';
import { createBackend, createMemoryStore, newApiKey, openApi } from '../../js/server/index.js';

export const TENANT = 'teehaus';
export const START = Date.parse('2026-11-23T10:00:00Z');
export const ORIGIN = 'https://tea.example';
export const PROGRAM = {
  zugabe: 1,
  shop: { name: 'Teehaus am Markt', currency: 'EUR', timeZone: 'Europe/Berlin', locales: ['de', 'en'], url: 'https://tea.example/', friendUrl: 'https://tea.example/friend' },
  options: [{ id: 'next-time', kind: 'discount', promotion: { amount: 500, minimumOrder: 4000, days: 60 } }],
};

const document = openApi({ version: version() });
const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: false });
ajv.addSchema({ $id: 'openapi', ...document });

/** @type {Map<string, import('ajv').ValidateFunction>} */
const validators = new Map();

/** @param {string} path @returns {[string, any] | undefined} */
function described(path) {
  return Object.entries(document.paths).find(([template]) => new RegExp(`^${template.replace(/\{\w+\}/g, '[^/]+')}$`).test(path));
}

/**
 * Holds an answer against the document.
 * @param {string} method @param {string} path @param {number} status @param {unknown} body
 */
export function held(method, path, status, body) {
  const [template, methods] = described(path) ?? [];
  const operation = methods?.[method.toLowerCase()];
  if (!operation) return;
  const response = operation.responses[status];
  assert.ok(response, `${method} ${path} answered ${status}, which the document does not know`);
  const at = `openapi#/paths/${template?.replaceAll('~', '~0').replaceAll('/', '~1')}/${method.toLowerCase()}/responses/${status}/content/application~1json/schema`;
  let validate = validators.get(at);
  if (!validate) validators.set(at, (validate = /** @type {any} */ (ajv.compile({ $ref: at.replace(/[{}]/g, encodeURIComponent) }))));
  assert.ok(validate?.(body), `${method} ${path} ${status}: ${JSON.stringify(validate?.errors)} ${JSON.stringify(body)}`);
}

export const KEYS = newKeys();
export const secret = newApiKey({ id: 'server', kind: 'secret' });
export const publishable = newApiKey({ id: 'page', kind: 'publishable', origins: [ORIGIN] });
export const API_KEYS = [secret.entry, publishable.entry];

/** No limit that a test of something else could run into. */
export const FREE = Object.fromEntries(['ip', 'publishable', 'secret', 'failuresIp', 'failuresBuyer', 'failures'].map((name) => [name, { tries: Infinity, seconds: 60 }]));

/**
 * A backend to ask.
 * @param {Partial<import('../../js/server/backend.js').BackendOptions>} [options]
 */
export function backendFor({ store = createMemoryStore(), ...options } = {}) {
  const clock = { now: START };
  const backend = createBackend({ program: PROGRAM, keys: KEYS, apiKeys: API_KEYS, tenant: TENANT, store, now: () => clock.now, limits: FREE, timeout: 600_000, ...options });
  const ask = askerOf((request, from) => backend.fetch(request, from), 'http://backend.test');
  return { backend, store, clock, ...ask, issue: issuing(store, () => clock.now), close: () => backend.close() };
}

/**
 * @typedef {{ status: number, body: any, headers: Headers, text: string }} Answer
 * @typedef {{ key?: string, idempotency?: string, customer?: string, origin?: string, ip?: string, headers?: Record<string, string> }} How
 */

/**
 * Asks by HTTP and holds every answer against the document.
 * @param {(request: Request, from: { ip?: string }) => Promise<Response>} send
 * @param {string} base
 */
export function askerOf(send, base) {
  /** @param {string} method @param {string} path @param {object | string | undefined} body @param {How} how @returns {Promise<Answer>} */
  const ask = async (method, path, body, { key = secret.key, idempotency, customer, origin, ip = '192.0.2.1', headers = {} }) => {
    const request = new Request(base + path, {
      method,
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      headers: {
        ...(key && { authorization: `Bearer ${key}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(idempotency !== undefined && { 'idempotency-key': idempotency }),
        ...(customer !== undefined && { 'zugabe-customer': customer }),
        ...headers,
      },
    });
    // A browser says where a page comes from; nobody else may set it.
    if (origin) request.headers.set('origin', origin);
    const response = await send(request, { ip });
    const text = await response.text();
    const json = response.headers.get('content-type')?.startsWith('application/json');
    const answer = { status: response.status, headers: response.headers, text, body: json && text ? JSON.parse(text) : undefined };
    held(method, path, answer.status, answer.body);
    return answer;
  };
  return {
    ask,
    post: (/** @type {string} */ path, /** @type {object | string} */ body, /** @type {How} */ how = {}) => ask('POST', path, body, how),
    get: (/** @type {string} */ path, /** @type {How} */ how = {}) => ask('GET', path, undefined, how),
    /** As a page does. */
    page: (/** @type {string} */ path, /** @type {object | string} */ body, /** @type {How} */ how = {}) =>
      ask('POST', path, body, { key: publishable.key, origin: ORIGIN, ...how }),
  };
}

let serial = 0;
/** A code of this shop that was never minted before. */
export const freshCode = () => mint(KEYS, { batch: 1, start: (serial += 2), count: 1 })[0].code;

/**
 * Puts a code of the merchant's into the books.
 * @param {import('../../js/server/store/index.js').Store} store
 * @param {() => number} clock
 */
export const issuing =
  (store, clock = () => START) =>
  async (/** @type {Record<string, unknown>} */ terms = {}) => {
    const at = { v: 1, tenant: TENANT, now: new Date(clock()).toISOString() };
    const campaign = String(terms.campaign ?? 'spring');
    await store.run({ ...at, action: { type: 'campaign', campaign } });
    if (terms.budget) await store.run({ ...at, action: { type: 'budget', budget: terms.budget, granted: terms.granted ?? 10_000 } });
    const { granted: _, ...issue } = terms;
    const code = freshCode();
    const { answer } = await store.run({ ...at, action: { type: 'issue', code, campaign, ...issue } });
    assert.equal(answer.refusal, undefined, JSON.stringify(answer));
    return code;
  };

/** The row of a code. @param {import('../../js/server/store/index.js').Store} store @param {string} code */
export const rowOf = async (store, code) => (await store.read('code', { where: { tenant: TENANT, code } }))[0];

/** A code that this shop never issued, with every check in order. */
export const guess = () => mint(newKeys(), { batch: 1, start: 1, count: 1 })[0].code;

/** The request of a good customer's thank-you page. */
export const request = (more = {}) => ({
  v: 1,
  locale: 'de',
  moment: { type: 'order_completed', at: '2026-11-23T09:59:00Z' },
  subject: { id: 'c_4711', identity: 'login' },
  facts: { stage: 'relationship', tier: 'premium', orderNumber: 7 },
  order: { id: '1001', currency: 'EUR', subtotal: 4890, parcel: true },
  state: { attempts: 0, sent: { page: 0 } },
  ...more,
});
