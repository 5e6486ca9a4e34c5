/** How does a backend listen in Node? With limits on how long a connection may take, and an end that finishes what was begun. */
import { createServer } from 'node:http';
import { ZugabeError } from '../errors.js';
import { answerTo } from './incoming.js';

/** @import { Backend } from './backend.js' */
/** @import { IncomingMessage, ServerResponse } from 'node:http' */

/** So long what was begun may take to end, in milliseconds. */
const GRACE = 10_000;

/**
 * @param {Pick<Backend, 'fetch'> & Partial<Pick<Backend, 'answer'>>} backend - One that only has a `fetch` is asked with whole requests.
 * @param {{ port?: number, host?: string }} [options] - Port 0 is any.
 * @returns {Promise<{ port: number, close: () => Promise<void> }>} `close` takes no new requests, answers those it has, and then is done.
 */
export async function listen(backend, { port = 0, host = '127.0.0.1' } = {}) {
  const { getRequestListener } = await import('@hono/node-server').catch((error) => {
    throw new ZugabeError('unavailable', 'To listen takes the package @hono/node-server: npm install @hono/node-server.', '', { cause: error });
  });
  const whole = getRequestListener(
    (request, env) => backend.fetch(request, { ip: /** @type {import('@hono/node-server').HttpBindings} */ (env).incoming.socket.remoteAddress }),
    { overrideGlobalObjects: false },
  );
  const { answer } = backend;
  /** What a shop asks many times a second goes the short way. @param {IncomingMessage} incoming @param {ServerResponse} outgoing */
  const listener = (incoming, outgoing) => {
    if (!answer || !incoming.url?.startsWith('/v1/')) return void whole(incoming, outgoing);
    answerTo(answer, incoming, outgoing).catch(() => outgoing.destroy());
  };
  const server = createServer({ headersTimeout: 10_000, requestTimeout: 15_000, keepAliveTimeout: 65_000, maxHeaderSize: 16_384 }, listener);
  server.maxRequestsPerSocket = 0;
  await new Promise((done, refuse) => server.once('error', refuse).listen(port, host, () => done(undefined)));
  return {
    port: /** @type {import('node:net').AddressInfo} */ (server.address()).port,
    close: () =>
      new Promise((done) => {
        const timer = setTimeout(() => server.closeAllConnections(), GRACE);
        // Connections that are kept become idle one after the other, as their answers leave.
        const idle = setInterval(() => server.closeIdleConnections(), 50);
        server.close(() => {
          clearTimeout(timer);
          clearInterval(idle);
          done();
        });
        server.closeIdleConnections();
      }),
  };
}
