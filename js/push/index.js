/**
 * How do codes and facts get into a shop? The core says what to send and reads what came back; this sends, waits and keeps the
 * progress. Run again after a crash, with the progress that was kept, it goes on: every code is in the shop once.
 */
import { ZugabeError } from '../errors.js';
import { authorization } from './credentials.js';

/** @import { PushJob, PushOptions, PushReport, PushRequest } from '../types.js' */

/** An answer is never this large. */
const LARGEST = 16 << 20;

/**
 * Brings codes, facts and policy into a shop.
 * @param {PushJob} job
 * @param {PushOptions} options
 * @returns {Promise<PushReport>}
 */
export async function push(job, options) {
  const { core, progress, save = () => {}, onStep = () => {}, signal } = options;
  const sleep = options.sleep ?? ((milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)));
  const send = sender(job, options);
  const handle = new core.Push(job, progress);
  try {
    for (;;) {
      signal?.throwIfAborted();
      const step = handle.step();
      onStep(step);
      if (step.type === 'done') {
        await save(handle.progress());
        return step.report;
      }
      if (step.type === 'wait') {
        await sleep(step.seconds * 1000);
        continue;
      }
      await save(handle.progress());
      const answer = await send(step.request);
      if (answer) handle.answer(answer);
      else handle.interrupted();
      await save(handle.progress());
    }
  } finally {
    handle.free();
  }
}

/**
 * What would be sent to an empty shop, request by request. Nothing is sent.
 * @param {PushJob} job
 * @param {Pick<PushOptions, 'core'>} options
 */
export const rehearse = (job, { core }) => core.rehearsePush(job);

/**
 * Sends requests with what lets us in; `undefined` when there was no answer.
 * @param {PushJob} job
 * @param {PushOptions} options
 */
function sender(job, { credentials, fetch = globalThis.fetch, timeout = 60_000, signal }) {
  const { headers, renew } = authorization(job, credentials, attempt);

  /**
   * @param {string} url
   * @param {RequestInit} init
   */
  async function attempt(url, init) {
    try {
      const limit = AbortSignal.timeout(timeout);
      const answer = await fetch(url, {
        ...init,
        // A token goes to the shop that was named, and nowhere else.
        redirect: 'error',
        signal: signal ? AbortSignal.any([signal, limit]) : limit,
      });
      const body = await answer.text();
      if (body.length > LARGEST) return undefined;
      return { status: answer.status, retryAfter: seconds(answer.headers.get('retry-after')), body };
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      if (error instanceof ZugabeError) throw error;
      return undefined;
    }
  }

  /** @param {PushRequest} request */
  return async ({ url, method, body }) => {
    const once = async () => {
      const own = await headers();
      if (!own) return undefined;
      const sent = { accept: 'application/json', ...own };
      return attempt(url, { method, body, headers: body === undefined ? sent : { 'content-type': 'application/json', ...sent } });
    };
    const answer = await once();
    // A token that has run out is renewed, once.
    return answer?.status === 401 && renew() ? once() : answer;
  };
}

/** @param {string | null} text */
const seconds = (text) => (text !== null && /^\d+(\.\d+)?$/.test(text) ? Math.ceil(Number(text)) : undefined);
