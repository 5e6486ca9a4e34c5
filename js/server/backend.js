/** What is a backend? The program, the keys, the books and the clock put together, with a `fetch` that answers for them. */
import { setTimeout } from 'node:timers/promises';
import { ZugabeError } from '../errors.js';
import { Service } from '../node.js';
import { createApp } from './app.js';
import { missingBudget } from './budget.js';
import { ApiKeys } from './keys.js';
import { Flights, LIMITS, Limiter } from './limits.js';
import { careful, failureOf } from './log.js';
import { Metrics } from './metrics.js';
import { Outbox } from './outbox.js';
import { receiving } from './platforms.js';
import { Reply } from './reply.js';
import { Sweeper } from './sweeper.js';

/** @import { ApiKey } from './keys.js' */
/** @import { Limits } from './limits.js' */
/** @import { Log } from './log.js' */
/** @import { Hook } from './outbox.js' */
/** @import { Store } from './store/index.js' */
/** @import { Receiving } from './platforms.js' */
/** @import { Json, Service as ServiceApi } from '../types.js' */

/**
 * @typedef {object} BackendOptions
 * @property {Json} program - The merchant's program.
 * @property {Json} [model] - The shop's model, from `zugabe score --model-out`.
 * @property {Json} keys - The key file that makes and opens codes.
 * @property {Store} store - Where the books lie.
 * @property {ApiKey[]} apiKeys - Who may ask.
 * @property {string} [tenant] - Whose books (default `shop`).
 * @property {Hook[]} [webhooks] - Where events go. Nothing is ever sent anywhere else.
 * @property {(receiving: Receiving) => (request: Request) => Promise<Response>} [platforms] - Takes in the webhooks of shop platforms, below `/platforms/`:
 *   `(receiving) => createWebhooks({ core, shopify: { secrets }, ...receiving })` of `zugabe/webhooks`.
 * @property {Limits} [limits] - How often may be asked.
 * @property {number} [inFlight] - So many questions about codes with secret keys are under way at most; more are sent away with 503 for a second (default 2,000).
 * @property {number} [trustProxy] - How many proxies of ours stand in front and write `X-Forwarded-For` (default none).
 * @property {number} [maxBody] - The largest request in bytes (default 65,536).
 * @property {number} [timeout] - After how many milliseconds a request is given up (default 10,000).
 * @property {number} [batch] - The batch of codes that this server hands out first; it goes down from there (default 4095). Mint by hand in others.
 * @property {Log} [log] - A pino logger, or nothing.
 * @property {() => number} [now] - Milliseconds since 1970. Only a demo or a test sets it.
 * @property {(milliseconds: number) => Promise<unknown>} [pause] - Waits. Only a test sets it.
 */

/**
 * What handlers share.
 * @typedef {object} Desk
 * @property {ServiceApi} core
 * @property {Json} program
 * @property {Json} keys
 * @property {Store} store
 * @property {ApiKeys} apiKeys
 * @property {string} tenant
 * @property {number} batch
 * @property {number} maxBody
 * @property {number} timeout
 * @property {number} trustProxy
 * @property {{ ip: Limiter, publishable: Limiter, secret: Limiter, failuresIp: Limiter, failuresBuyer: Limiter, failures: Limiter }} limiters
 * @property {Flights} flights - What is under way with secret keys.
 * @property {number} inFlight
 * @property {Metrics} metrics
 * @property {Log} log
 * @property {() => number} clock - Milliseconds since 1970.
 * @property {() => string} now - The same as an instant.
 * @property {Set<string>} defined - What was defined in the books by this process.
 * @property {(milliseconds: number) => Promise<unknown>} pause
 * @property {Pick<Outbox, 'tell' | 'tells'>} outbox
 * @property {() => void} told - There may be something to tell others.
 */

/** @typedef {Pick<Request, 'method' | 'url' | 'arrayBuffer'> & { headers: Pick<Headers, 'get' | 'has'>, body: AsyncIterable<Uint8Array> | ReadableStream<Uint8Array> | null }} Asking - As much of a `Request` as routes look at. */

/**
 * @typedef {object} Backend
 * @property {(request: Request, from?: { ip?: string }) => Promise<Response>} fetch - `ip`: the address of the connection.
 * @property {(request: Asking, from?: { ip?: string }) => Promise<Response | Reply>} answer - The same for whoever has no use for a whole `Request` and `Response`; what is below `/platforms/` wants a whole one.
 * @property {() => void} start - Begins to deliver webhooks and to look after what time changes.
 * @property {() => Promise<void>} sweep - Does once what time has brought: ended holds, returns windows that are over, webhooks.
 * @property {() => Promise<void>} close - Stops that and closes the store.
 */

/**
 * @param {BackendOptions} options
 * @returns {Backend}
 */
export function createBackend({
  program,
  model,
  keys,
  store,
  apiKeys,
  tenant = 'shop',
  webhooks = [],
  platforms,
  limits = {},
  inFlight = 2000,
  trustProxy = 0,
  maxBody = 65_536,
  timeout = 10_000,
  batch = 4095,
  log,
  now: clock = Date.now,
  pause = (milliseconds) => setTimeout(milliseconds),
}) {
  if (!/^[\w.-]{1,64}$/.test(tenant)) throw new ZugabeError('invalid_value', 'A tenant has letters, digits, dots and dashes, 64 at most.', 'tenant');
  const limiters = /** @type {Desk['limiters']} */ (
    Object.fromEntries(Object.entries({ ...LIMITS, ...limits }).map(([name, limit]) => [name, new Limiter(limit)]))
  );
  const metrics = new Metrics();
  const core = new Service(program, model, keys, tenant);
  const now = inSeconds(clock);
  core.policy(now());
  const careLog = careful(log);
  const outbox = new Outbox({ store, tenant, hooks: webhooks, metrics, log: careLog, clock });
  /** @type {Desk} */
  const desk = {
    core,
    program,
    keys,
    store,
    apiKeys: new ApiKeys(apiKeys),
    tenant,
    batch,
    maxBody,
    timeout,
    trustProxy,
    limiters,
    flights: new Flights(),
    inFlight,
    metrics,
    log: careLog,
    clock,
    now,
    pause,
    defined: new Set(),
    outbox,
    told: () => outbox.wake(),
  };
  const sweeper = new Sweeper(desk);
  const app = createApp(desk, platforms?.(receiving(desk)));
  return {
    fetch: async (request, from = {}) => {
      const answer = await app.fetch(request, from);
      return answer instanceof Reply ? answer.whole() : answer;
    },
    answer: async (request, from = {}) => app.fetch(request, from),
    start: () => {
      outbox.start();
      sweeper.start();
      missingBudget(store, tenant, program).then(
        (missing) => missing !== undefined && careLog.error({}, `The program's rewards come out of the budget "${missing}", and the books have none: no reward is given until it is defined (docs/backend.md).`),
        (error) => careLog.warn({ failure: failureOf(error) }, 'Whether there is a budget for rewards could not be read.'),
      );
    },
    sweep: async () => {
      await sweeper.once();
      await outbox.once();
    },
    close: async () => {
      await Promise.all([sweeper.stop(), outbox.stop()]);
      await store.close();
      core.free();
    },
  };
}

/**
 * The clock as an instant. It is read several times a request, and says the same for a second.
 * @param {() => number} clock
 */
function inSeconds(clock) {
  let second = NaN;
  let text = '';
  return () => {
    const now = Math.floor(clock() / 1000);
    if (now !== second) text = new Date(now * 1000).toISOString().replace('.000Z', 'Z');
    second = now;
    return text;
  };
}
