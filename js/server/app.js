/** How does a request become an answer? Key, limits, body, route, and one line in the log. */
import { randomUUID } from 'node:crypto';
import { ZugabeError } from '../errors.js';
import { version } from '../node.js';
import { jsonOf, keyOf } from './body.js';
import { askerOf, clientOf } from './limits.js';
import { failureOf } from './log.js';
import { openApi } from './openapi.js';
import { STYLE, pageOf } from './page.js';
import { Refusal, away, refusalOf, tooMany } from './refusal.js';
import { Reply } from './reply.js';
import { ROUTES } from './routes.js';

/** @import { Context } from 'hono' */
/** @import { Asking, Desk } from './backend.js' */
/** @import { ApiKey } from './keys.js' */
/** @import { Answered, Route } from './routes.js' */

/** Optional, like the drivers of the databases: who only needs a store, or only builds pages, goes without. */
const hono = await import('hono').catch((/** @type {unknown} */ error) => ({ error }));

/** What every answer says to whoever may hold on to it. */
const HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cross-origin-resource-policy': 'cross-origin',
};

const ASKING = 'authorization, content-type, idempotency-key, zugabe-customer';

/**
 * @param {Desk} desk
 * @param {(request: Request) => Promise<Response>} [platforms] - Answers what is below `/platforms/`, and asks for no key: a signature stands for it.
 * @returns {{ fetch: (request: Asking, from: { ip?: string }) => Response | Reply | Promise<Response | Reply> }}
 */
export function createApp(desk, platforms) {
  const { metrics, log, apiKeys, limiters } = desk;
  if ('error' in hono) throw new ZugabeError('unavailable', 'The backend needs the package hono: npm install hono.', '', { cause: hono.error });
  /** @type {import('hono').Hono<{ Bindings: { ip?: string } }>} */
  const app = new hono.Hono();

  const limited = (/** @type {keyof Desk['limiters']} */ name, /** @type {string} */ subject) => {
    const wait = limiters[name].take(subject, performance.now());
    if (!wait) return;
    metrics.count('zugabe_limited_total', 'Requests refused for their number, by limit.', { limit: name });
    throw tooMany(wait);
  };

  /**
   * Who asks, if she may ask this.
   * @param {Route} route
   * @param {Asking} request
   * @param {string | undefined} ip
   * @returns {ApiKey | undefined}
   */
  function admitted(route, request, ip) {
    // Behind a proxy whoever looks after the server is one address with everybody: what says that it lives is never refused.
    if (route.access === 'open') return undefined;
    const apiKey = apiKeys.find(request.headers.get('authorization') ?? undefined);
    if (apiKey?.kind !== 'secret') limited('ip', askerOf(ip));
    if (!apiKey) throw new Refusal(401, 'unauthorized', 'Send a key that is known here: Authorization: Bearer ….', { headers: { 'www-authenticate': 'Bearer' } });
    limited(apiKey.kind, apiKey.id);
    if (apiKey.kind === 'publishable') {
      if (route.access === 'secret') throw new Refusal(403, 'forbidden', 'A publishable key decides, claims and looks up. This takes a secret key, from a server.');
      const origin = request.headers.get('origin');
      if (!origin || !apiKey.origins?.includes(origin)) throw new Refusal(403, 'forbidden', 'This key may not be used from this page: its origins are listed with it.');
    } else if (request.headers.has('origin')) {
      throw new Refusal(403, 'forbidden', 'A secret key came from a page: revoke it, everybody can read it there.');
    }
    return apiKey;
  }

  /** @param {Asking} request @returns {Record<string, string>} */
  function forPages(request) {
    const origin = request.headers.get('origin');
    if (!origin || !apiKeys.knows(origin)) return { vary: 'Origin' };
    return { vary: 'Origin', 'access-control-allow-origin': origin, 'access-control-expose-headers': 'Retry-After, Idempotent-Replayed' };
  }

  /**
   * @param {Context<{ Bindings: { ip?: string } }>} c
   * @param {string} name - The route, as it is logged and counted.
   * @param {(noted: Record<string, unknown>) => Promise<Answered>} work
   * @returns {Promise<any>} A `Reply`: Hono hands on whatever it is given.
   */
  async function answered(c, name, work) {
    const begun = performance.now();
    const request = c.req.raw;
    /** @type {Record<string, unknown>} */
    const noted = { request: randomUUID(), route: name, method: c.req.method };
    /** @type {Answered} */
    let answer;
    try {
      answer = await work(noted);
    } catch (thrown) {
      const refused = refusalOf(thrown);
      noted.code = refused.code;
      if (refused.status >= 500) log.error({ ...noted, failure: failureOf(refused.cause ?? refused) }, 'A request failed.');
      answer = { status: refused.status, body: { error: refused.toJSON() }, headers: refused.headers };
    }
    const ms = performance.now() - begun;
    const labels = { route: name, method: c.req.method, status: answer.status };
    metrics.count('zugabe_http_requests_total', 'Requests, by route and status.', labels);
    metrics.time('zugabe_http_seconds', 'How long requests took.', { route: name }, ms / 1000);
    log.info({ ...noted, status: answer.status, ms: Math.round(ms * 10) / 10, replayed: answer.replayed || undefined }, 'Answered.');
    /** @type {Record<string, string>} */
    const headers = { ...HEADERS, ...forPages(request), 'content-type': 'application/json; charset=utf-8', 'zugabe-request': String(noted.request) };
    if (answer.replayed) headers['idempotent-replayed'] = 'true';
    return new Reply(answer.status, answer.headers ? { ...headers, ...answer.headers } : headers, JSON.stringify(answer.body));
  }

  /** @param {Route} route @param {Context<{ Bindings: { ip?: string } }>} c */
  const routed = (route, c) =>
    answered(c, route.path, async (noted) => {
      const request = c.req.raw;
      const ip = clientOf(c.env?.ip, request.headers.get('x-forwarded-for') ?? undefined, desk.trustProxy);
      const apiKey = admitted(route, request, ip);
      noted.key = apiKey?.id;
      const key = route.idempotent ? keyOf(request) : undefined;
      const { text, json } = route.body ? await jsonOf(request, desk.maxBody) : { text: '', json: {} };
      const work = route.handle({
        desk,
        apiKey: /** @type {ApiKey} */ (apiKey),
        ip,
        key,
        token: request.headers.get('zugabe-customer') ?? undefined,
        text,
        json,
        params: c.req.param(),
        query: () => new URL(request.url).searchParams,
      });
      return inTime(work, desk.timeout);
    });

  for (const path of new Set(ROUTES.map((route) => route.path))) {
    const here = new Map(ROUTES.filter((route) => route.path === path).map((route) => [route.method.toUpperCase(), route]));
    const methods = [...here.keys()];
    const open = [...here.values()].some(({ access }) => access === 'publishable');
    // One handler for a place, whatever the method: where Hono finds a second one, it makes a chain of them for every request.
    app.all(path.replace(/\{(\w+)\}/g, ':$1'), (c) => {
      const route = here.get(c.req.method === 'HEAD' ? 'GET' : c.req.method);
      if (route) return routed(route, c);
      if (c.req.method === 'OPTIONS') {
        const pages = forPages(c.req.raw);
        if (!open || !pages['access-control-allow-origin']) return new Response(null, { status: 403, headers: { ...HEADERS, vary: 'Origin' } });
        return new Response(null, {
          status: 204,
          headers: { ...HEADERS, ...pages, 'access-control-allow-methods': methods.join(', '), 'access-control-allow-headers': ASKING, 'access-control-max-age': '600' },
        });
      }
      return answered(c, path, async () => {
        throw new Refusal(405, 'method_not_allowed', `This is asked with ${methods.join(' or ')}.`, { headers: { allow: methods.join(', ') } });
      });
    });
  }

  app.get('/metrics', async (c) => {
    const apiKey = apiKeys.find(c.req.header('authorization'));
    if (apiKey?.kind !== 'secret') return answered(c, '/metrics', async () => Promise.reject(new Refusal(401, 'unauthorized', 'Statistics take a secret key.')));
    const health = await desk.store.health().catch(() => ({ ok: false, waiting: 0 }));
    metrics.set('zugabe_store_up', 'Whether the books can be reached.', health.ok ? 1 : 0);
    metrics.set('zugabe_store_waiting', 'Operations that wait for the books.', health.waiting);
    return new Response(metrics.text(), { headers: { ...HEADERS, 'content-type': 'text/plain; version=0.0.4; charset=utf-8' } });
  });

  if (platforms) {
    app.all('/platforms/*', async (c) => {
      const begun = performance.now();
      const response = await platforms(c.req.raw);
      metrics.count('zugabe_http_requests_total', 'Requests, by route and status.', { route: '/platforms', method: c.req.method, status: response.status });
      log.info({ request: randomUUID(), route: '/platforms', method: c.req.method, status: response.status, ms: Math.round(performance.now() - begun) }, 'Answered.');
      return response;
    });
  }

  /** Made when they are first asked for, and once. @type {{ json: string, page: string } | undefined} */
  let made;
  const described = () => {
    if (made) return made;
    const document = openApi({ version: version() });
    return (made = { json: JSON.stringify(document), page: pageOf(document) });
  };
  app.get('/openapi.json', () => new Response(described().json, { headers: { ...HEADERS, 'content-type': 'application/json; charset=utf-8', 'access-control-allow-origin': '*' } }));
  app.get('/docs', () => new Response(described().page, { headers: { ...HEADERS, 'content-type': 'text/html; charset=utf-8', 'content-security-policy': "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'" } }));
  app.get('/docs/style.css', () => new Response(STYLE, { headers: { ...HEADERS, 'content-type': 'text/css; charset=utf-8' } }));

  app.notFound((c) => answered(c, 'none', async () => Promise.reject(new Refusal(404, 'not_found', 'There is nothing here: /docs says what can be asked.'))));
  return { fetch: (request, from) => app.fetch(/** @type {Request} */ (request), from) };
}

/**
 * Gives up after a while. What is under way may still be written; asked again with the same key, the answer is known.
 * @template T
 * @param {Promise<T>} work
 * @param {number} most - Milliseconds.
 * @returns {Promise<T>}
 */
function inTime(work, most) {
  /** @type {NodeJS.Timeout} */
  let timer;
  const late = new Promise((_, refuse) => {
    timer = setTimeout(() => refuse(away(new Error('The books did not answer in time.'))), most);
  });
  return /** @type {Promise<T>} */ (Promise.race([work, late])).finally(() => clearTimeout(timer));
}
