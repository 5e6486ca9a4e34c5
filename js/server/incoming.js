/** How does a request of Node's read as one of the web? As much of it as routes look at, and nothing made before it is asked for. */
import { Reply } from './reply.js';

/** @import { IncomingMessage, ServerResponse } from 'node:http' */
/** @import { Asking, Backend } from './backend.js' */

/** So long the rest of a request that was answered before its end may still come, in milliseconds: whoever sends it then reads the answer. */
const REST = 500;

/** @implements {Asking} */
class Incoming {
  #incoming;

  /** @param {IncomingMessage} incoming */
  constructor(incoming) {
    this.#incoming = incoming;
    this.method = incoming.method ?? 'GET';
    this.url = `http://${incoming.headers.host ?? 'localhost'}${incoming.url}`;
    this.headers = {
      get: (/** @type {string} */ name) => {
        const value = incoming.headers[name];
        return Array.isArray(value) ? value.join(', ') : (value ?? null);
      },
      has: (/** @type {string} */ name) => incoming.headers[name] !== undefined,
    };
  }

  /** The body piece by piece. Whoever stops reading does not end the connection: an answer still goes out on it. */
  get body() {
    const incoming = this.#incoming;
    return { [Symbol.asyncIterator]: () => incoming.iterator({ destroyOnReturn: false }) };
  }

  /** @returns {Promise<any>} A `Buffer`, which reads as well. */
  arrayBuffer() {
    const incoming = this.#incoming;
    return new Promise((resolve, reject) => {
      /** @type {Buffer[]} */
      const parts = [];
      incoming
        .on('data', (/** @type {Buffer} */ part) => parts.push(part))
        .on('end', () => resolve(parts.length === 1 ? parts[0] : Buffer.concat(parts)))
        .on('error', reject)
        .on('close', () => incoming.complete || reject(new Error('The connection ended before the request did.')));
    });
  }
}

/**
 * Has a request answered.
 * @param {Backend['answer']} answer
 * @param {IncomingMessage} incoming
 * @param {ServerResponse} outgoing
 */
export async function answerTo(answer, incoming, outgoing) {
  let reply = await answer(new Incoming(incoming), { ip: incoming.socket.remoteAddress });
  if (!(reply instanceof Reply)) reply = new Reply(reply.status, Object.fromEntries(reply.headers), await reply.text());
  const { status, headers, body } = reply;
  if (!incoming.complete) {
    headers.connection = 'close';
    incoming.resume();
    outgoing.once('finish', () => setTimeout(() => incoming.destroy(), REST).unref());
  }
  if (status !== 204 && incoming.method !== 'HEAD') headers['content-length'] = String(Buffer.byteLength(body));
  outgoing.writeHead(status, headers);
  outgoing.end(incoming.method === 'HEAD' ? undefined : body);
}
