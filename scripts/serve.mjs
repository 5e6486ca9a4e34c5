/** How do the pages reach a browser? A small static server with the headers that a careful shop sends. */
import { createReadStream, promises as fs } from 'node:fs';
import { createServer } from 'node:http';
import { basename, extname, join, resolve, sep } from 'node:path';
import { Stop } from './shell.mjs';

/** @type {Record<string, string>} */
const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.ndjson': 'application/x-ndjson; charset=utf-8',
  '.csv': 'text/csv; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.webp': 'image/webp',
  '.jpg': 'image/jpeg',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
};

/**
 * What a shop page may do. `nowasm` is the shop that does not allow WebAssembly.
 * @param {'wasm' | 'nowasm'} kind
 */
const policyOf = (kind) =>
  [
    "default-src 'none'",
    `script-src 'self'${kind === 'wasm' ? " 'wasm-unsafe-eval'" : ''}`,
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');

/**
 * @typedef {object} Site
 * @property {string} folder what is served
 * @property {Map<string, string>} [orders] order exports that the studio may read: address to file
 * @property {string} [home] where an address without a path leads when the folder has no index.html
 * @property {(request: Request) => Promise<Response>} [demo] the demo shop's own server, which answers what is below /demo/
 * @property {(path: string) => boolean} [strict] which pages get the shop's content security policy; those below /shop/ otherwise
 */

/**
 * Answers requests for a folder's files. `?csp=nowasm` on a strict page leaves `'wasm-unsafe-eval'` out.
 * @param {Site} site
 * @returns {import('node:http').RequestListener}
 */
export function createHandler({ folder, orders = new Map(), home, demo, strict = (path) => /^\/(shop|docs)\//.test(path) }) {
  const base = resolve(folder);
  return async (request, response) => {
    const headers = {
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': 'no-cache',
    };
    /** @param {number} status @param {string} text @param {Record<string, string>} [more] */
    const say = (status, text, more) =>
      response.writeHead(status, { ...headers, 'content-type': TYPES['.txt'], ...more }).end(`${text}\n`);

    const forDemo = demo && /^\/demo\/[a-z]+$/.test(request.url ?? '');
    if (!forDemo && request.method !== 'GET' && request.method !== 'HEAD') return say(405, 'Only GET and HEAD.', { allow: 'GET, HEAD' });
    // A name that someone else made to point here is not ours to answer: an order export may be among the files.
    if (!/^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/.test(request.headers.host ?? '')) return say(403, 'Only for localhost.');
    if (forDemo) return answerDemo(demo, request, response, headers);
    const address = `http://localhost${request.url}`;
    const { pathname, searchParams } = new URL(URL.canParse(address) ? address : 'http://localhost/%00');
    let file = orders.get(pathname) ?? inside(base, pathname);
    if (!file) return say(400, 'That is no address here.');
    let found = await stat(file);
    if (found?.isDirectory()) {
      if (!pathname.endsWith('/')) return say(308, 'See there.', { location: `${pathname.replace(/^\/+/, '/')}/` });
      file = join(file, 'index.html');
      found = await stat(file);
      if (!found && pathname === '/' && home) return say(302, 'See there.', { location: home });
    }
    if (!found?.isFile()) return say(404, 'There is nothing here.');

    const page = extname(file) === '.html';
    const all = {
      ...headers,
      'content-type': TYPES[extname(file).toLowerCase()] ?? 'application/octet-stream',
      ...(page && strict(pathname) && { 'content-security-policy': policyOf(searchParams.get('csp') === 'nowasm' ? 'nowasm' : 'wasm') }),
    };
    if (page && orders.size) {
      // The studio forbids itself to connect. Only here, where the server was told to hand over an export, it may ask this server.
      const text = (await fs.readFile(file, 'utf8')).replace("connect-src 'none'", "connect-src 'self'");
      return response.writeHead(200, all).end(request.method === 'HEAD' ? undefined : text);
    }
    response.writeHead(200, { ...all, 'content-length': found.size });
    if (request.method === 'HEAD') return response.end();
    createReadStream(file).on('error', () => response.destroy()).pipe(response);
  };
}

/** The demo's requests are a few words; a longer one is none of them. */
const DEMO_BYTES = 4096;

/**
 * Hands a request to the demo shop's own server.
 * @param {(request: Request) => Promise<Response>} demo
 * @param {import('node:http').IncomingMessage} incoming
 * @param {import('node:http').ServerResponse} outgoing
 * @param {Record<string, string>} headers
 */
async function answerDemo(demo, incoming, outgoing, headers) {
  let body = '';
  for await (const part of incoming.setEncoding('utf8')) {
    body += part;
    if (body.length > DEMO_BYTES) return outgoing.writeHead(413, { ...headers, connection: 'close' }).end();
  }
  const given = Object.entries(incoming.headers).flatMap(([name, value]) => (typeof value === 'string' ? [/** @type {[string, string]} */ ([name, value])] : []));
  const { method = 'GET' } = incoming;
  const request = new Request(`http://${incoming.headers.host}${incoming.url}`, { method, headers: given, ...(body && method !== 'GET' && method !== 'HEAD' && { body }) });
  const response = await demo(request);
  outgoing.writeHead(response.status, { ...headers, ...Object.fromEntries(response.headers) }).end(await response.text());
}

/**
 * The file an address means, or nothing when it leads out of the folder.
 * @param {string} base
 * @param {string} pathname
 */
function inside(base, pathname) {
  try {
    const path = decodeURIComponent(pathname);
    if (path.includes('\0') || path.includes('\\')) return undefined;
    const file = resolve(join(base, path));
    return file === base || file.startsWith(base + sep) ? file : undefined;
  } catch {
    return undefined; // A percent sign that encodes nothing.
  }
}

/** @param {string} path */
const stat = (path) => fs.stat(path).catch(() => undefined);

/**
 * The addresses under which order exports are served.
 * @param {string[]} files
 * @returns {Promise<Map<string, string>>}
 */
export async function ordersAt(files) {
  /** @type {Map<string, string>} */
  const orders = new Map();
  for (const file of files) {
    const found = await stat(resolve(file));
    if (!found?.isFile()) throw new Stop(`${file} is not a file: give --orders the path of an order export.`);
    orders.set(`/orders/${encodeURIComponent(basename(file))}`, resolve(file));
  }
  return orders;
}

/**
 * Listens on this machine only, on 127.0.0.1 and ::1, since "localhost" may mean either.
 * @param {import('node:http').RequestListener} handler
 * @param {{ port?: number, search?: boolean }} [options] search: take the next free port when this one is busy; port 0 is any
 * @returns {Promise<{ port: number, close: () => Promise<void> }>}
 */
export async function listen(handler, { port = 0, search = true } = {}) {
  for (let candidate = port; ; candidate += 1) {
    try {
      return await listenOn(handler, candidate);
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined;
      if (code === 'EACCES') throw new Stop(`Port ${candidate} may not be used here: take one above 1023, with --port N.`);
      if (code !== 'EADDRINUSE') throw error;
      if (!search) throw new Stop(`Port ${candidate} is busy: stop what uses it or take another one with --port N.`);
      if (candidate >= Math.min(port + 50, 65_535)) {
        throw new Stop(`The ports ${port} to ${candidate} are all busy: take another one with --port N.`);
      }
    }
  }
}

/**
 * @param {import('node:http').RequestListener} handler
 * @param {number} port
 */
async function listenOn(handler, port) {
  /** @param {string} host @param {number} at @returns {Promise<import('node:http').Server>} */
  const open = (host, at) =>
    new Promise((done, refuse) => {
      const server = createServer(handler);
      server.once('error', refuse).listen(at, host, () => done(server));
    });
  const servers = [await open('127.0.0.1', port)];
  const bound = /** @type {import('node:net').AddressInfo} */ (servers[0].address()).port;
  const close = () =>
    Promise.all(
      servers.map((server) => new Promise((done) => server.close(done) && server.closeAllConnections())),
    ).then(() => {});
  try {
    servers.push(await open('::1', bound));
  } catch (error) {
    // A machine without IPv6 has no ::1, and there nobody means it by localhost.
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'EADDRINUSE') {
      await close();
      throw error;
    }
  }
  return { port: bound, close };
}
