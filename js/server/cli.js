#!/usr/bin/env node
/** `zugabe-server`: how does the backend run by itself? */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { ZugabeError } from '../errors.js';
import { missingBudget } from './budget.js';
import { newApiKey, readApiKeys } from './keys.js';
import { issueMinted, manageBudget } from './manage.js';
import { USAGE, settingsOf, storeOf } from './settings.js';

const text = /** @type {const} */ ({ type: 'string' });
const OPTIONS = {
  program: text,
  model: text,
  keys: text,
  'api-keys': text,
  store: text,
  webhooks: text,
  platforms: text,
  tenant: text,
  host: text,
  port: text,
  'trust-proxy': text,
  timeout: text,
  batch: text,
  'log-level': text,
  help: /** @type {const} */ ({ type: 'boolean' }),
};

/** @param {string[]} args */
async function serve(args) {
  const { values } = parseArgs({ args, options: OPTIONS });
  if (values.help) return void console.log(USAGE);
  const { help: _, ...given } = values;
  const { options, level, host, port: wanted, store: named } = settingsOf(given);
  const [{ createBackend }, { listen }, { pino }] = await Promise.all([import('./backend.js'), import('./listen.js'), import('pino')]);
  // Written in pieces, so that a line is not a call of the system; once a second, and at the end.
  const out = pino.destination({ dest: 1, sync: false, minLength: 8192 });
  const log = pino({ level, base: { pid: process.pid }, timestamp: pino.stdTimeFunctions.isoTime }, out);
  const flushing = setInterval(() => out.flush(), 1000);
  flushing.unref();
  const store = await storeOf(named);
  const missing = await missingBudget(store, options.tenant ?? 'shop', options.program);
  // Books in memory are a demo's, and no command reaches them.
  if (missing !== undefined && store.kind !== 'memory') {
    await store.close();
    throw new ZugabeError('not_found', `The program's rewards come out of the budget "${missing}", and the books have none: zugabe-server budget --id ${missing} --granted AMOUNT --store … --tenant …`, 'program.referral.terms.budget');
  }
  const backend = createBackend({ ...options, store, log });
  const { port, close } = await listen(backend, { port: wanted, host });
  backend.start();
  log.info({ port, store: store.kind }, `Zugabe listens on http://${host.includes(':') ? `[${host}]` : host}:${port}, /docs says what can be asked.`);
  out.flush();
  let ending = false;
  const end = async (/** @type {string} */ signal) => {
    if (ending) process.exit(1);
    ending = true;
    log.info({ signal }, 'No new requests are taken; those under way are answered.');
    await close();
    await backend.close();
    log.info({}, 'Closed.');
    clearInterval(flushing);
    out.flushSync();
  };
  for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => void end(signal));
}

/** @param {string[]} args */
function manageKeys([what, ...args]) {
  const { values } = parseArgs({ args, options: { file: text, id: text, kind: text, origin: { type: 'string', multiple: true } } });
  const { file, id, kind = 'secret', origin } = values;
  if (!file || !id || !['new', 'revoke'].includes(what)) throw new ZugabeError('missing_field', USAGE);
  const keys = existsSync(file) ? readApiKeys(JSON.parse(readFileSync(file, 'utf8'))) : [];
  if (what === 'revoke') {
    const found = keys.find((key) => key.id === id);
    if (!found) throw new ZugabeError('not_found', `There is no key "${id}" in ${file}.`, 'id');
    found.revoked = true;
  } else {
    const { key, entry } = newApiKey({ id, kind: /** @type {any} */ (kind), origins: origin });
    keys.push(entry);
    readApiKeys({ v: 1, keys });
    console.log(key);
    console.error('This key is shown once and stored nowhere: keep it where the program that asks can read it.');
  }
  writeFileSync(`${file}.part`, `${JSON.stringify({ v: 1, keys }, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.part`, file);
}

try {
  const args = process.argv.slice(2);
  if (args[0] === 'keys') manageKeys(args.slice(1));
  else if (args[0] === 'budget') await manageBudget(args.slice(1));
  else if (args[0] === 'issue') await issueMinted(args.slice(1));
  else await serve(args);
} catch (thrown) {
  const known = thrown instanceof ZugabeError || String(/** @type {NodeJS.ErrnoException} */ (thrown).code).startsWith('ERR_PARSE_ARGS');
  const error = known && !(thrown instanceof ZugabeError) ? new ZugabeError('invalid_value', `${/** @type {Error} */ (thrown).message}\n\n${USAGE}`) : ZugabeError.from(thrown);
  console.error(JSON.stringify({ error }));
  process.exit(known && error.code !== 'io' ? 2 : 1);
}
