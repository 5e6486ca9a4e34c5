/** How does a backend listen in Node? With limits on how long a connection may take, and an end that finishes what was begun. */
import { createServer } from 'node:http';
import { ZugabeError } from '../errors.js';

/** @import { Backend } from './backend.js' */

/** So long what was begun may take to end, in milliseconds. */
const GRACE = 10_000;

/**
 * @param {Pick<Backend, 'fetch'>} backend
 * @param {{ port?: number, host?: string }} [options] - Port 0 is any.
 * @returns {Promise<{ port: number, close: () => Promise<void> }>} `close` takes no new requests, answers those it has, and then is done.
 */
export async function listen(backend, { port = 0, host = '127.0.0.1' } = {}) {
  const { getRequestListener } = await import('@hono/node-server').catch((error) => {
    throw new ZugabeError('unavailable', 'To listen takes the package @hono/node-server: npm install @hono/node-server.', '', { cause: error });
  });
  const listener = getRequestListener(
    (request, env) => backend.fetch(request, { ip: /** @type {import('@hono/node-server').HttpBindings} */ (env).incoming.socket.remoteAddress }),
    { overrideGlobalObjects: false },
  );
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
