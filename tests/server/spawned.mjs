/** A server in a process of its own, as a shop runs it: for what only a process can show. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request as httpRequest } from 'node:http';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { API_KEYS, KEYS, PROGRAM, TENANT, askerOf, secret } from './support.mjs';

const CLI = new URL('../../js/server/cli.js', import.meta.url).pathname;

/** A folder with program and keys in it, gone at the end of the test. @param {import('node:test').TestContext} t */
export function shopFolder(t) {
  const folder = mkdtempSync(join(tmpdir(), 'zugabe-server-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, 'program.json'), JSON.stringify(PROGRAM));
  writeFileSync(join(folder, 'keys.json'), typeof KEYS === 'string' ? KEYS : JSON.stringify(KEYS), { mode: 0o600 });
  writeFileSync(join(folder, 'api-keys.json'), JSON.stringify({ v: 1, keys: API_KEYS }));
  return folder;
}

/**
 * Starts a server and waits until it listens.
 * @param {import('node:test').TestContext} t
 * @param {{ folder: string, store: string, args?: string[], sockets?: number }} options
 */
export async function startServer(t, { folder, store, args = [], sockets = 64 }) {
  const at = (/** @type {string} */ name) => join(folder, name);
  const child = spawn(process.execPath, [CLI, '--program', at('program.json'), '--keys', at('keys.json'), '--api-keys', at('api-keys.json'), '--tenant', TENANT, '--store', store, '--port', '0', '--timeout', '600', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  t.after(() => void child.kill('SIGKILL'));
  /** @type {string[]} */
  const lines = [];
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text) => (errors += text));
  const exited = once(child, 'exit').then(([code, signal]) => ({ code, signal, errors }));
  const port = await new Promise((resolve, reject) => {
    createInterface(child.stdout).on('line', (line) => {
      lines.push(line);
      const { port: listening } = JSON.parse(line);
      if (listening) resolve(listening);
    });
    void exited.then(({ code }) => reject(Object.assign(new Error(`The server ended with ${code}: ${errors}`), { code, errors })));
  });
  const agent = new Agent({ keepAlive: true, maxSockets: sockets });
  t.after(() => agent.destroy());
  /** Over few connections that are kept, as a shop's server asks. @param {Request} request */
  const send = async (request) => {
    const body = await request.text();
    const { status, headers, text } = await ask(agent, port, request.method, new URL(request.url).pathname, Object.fromEntries(request.headers), body);
    return new Response([204, 304].includes(status) ? null : text, { status, headers: /** @type {Record<string, string>} */ (headers) });
  };
  return { port, child, pid: child.pid, lines, exited, errors: () => errors, ...askerOf(send, `http://127.0.0.1:${port}`), redeem: redeemer(agent, port) };
}

/**
 * @param {Agent} agent @param {number} port @param {string} method @param {string} path @param {Record<string, string>} headers @param {string} body
 * @returns {Promise<{ status: number, headers: import('node:http').IncomingHttpHeaders, text: string }>}
 */
function ask(agent, port, method, path, headers, body) {
  return new Promise((resolve, reject) => {
    const { host: _, connection: __, ...given } = headers;
    const outgoing = httpRequest({ agent, host: '127.0.0.1', port, method, path, headers: { ...given, ...(body && { 'content-length': String(Buffer.byteLength(body)) }) } }, (incoming) => {
      let text = '';
      incoming.setEncoding('utf8').on('data', (part) => (text += part)).on('end', () => resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, text })).on('error', reject);
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

/**
 * Redeems with as little around it as can be, for thousands of requests: the status, and what came of it.
 * @param {Agent} agent @param {number} port
 */
const redeemer = (agent, port) => async (/** @type {object} */ body, /** @type {string | undefined} */ idempotency = undefined) => {
  const headers = { authorization: `Bearer ${secret.key}`, 'content-type': 'application/json', ...(idempotency && { 'idempotency-key': idempotency }) };
  const { status, text } = await ask(agent, port, 'POST', '/v1/redeem', headers, JSON.stringify(body));
  return { status, outcome: JSON.parse(text).outcome };
};
