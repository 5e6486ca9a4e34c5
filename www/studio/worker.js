/** Who does the work? This worker: it owns the engine, reads files piece by piece and answers the page's questions. */
import * as engine from '../../dist/full/zugabe_full.js';
import wasm from '../../dist/full/zugabe_full_bg.wasm?base64';
import { givenCodes } from './given.js';
import { countSent } from './sent.js';

/** Bytes handed to the engine at a time: large enough to be fast, small enough to show progress and to be cancelled. */
const PIECE = 2 * 1024 * 1024;

const scope = /** @type {any} */ (self);
countSent(scope, (value) => scope.postMessage({ event: 'sent', value }));

let ready = false;
let cancelled = false;
/** @type {engine.Shop | undefined} */
let shop;

/** Compiles the engine from the bytes inside this script; nothing is fetched. */
function start() {
  if (ready) return;
  const text = atob(wasm);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i += 1) bytes[i] = text.charCodeAt(i);
  engine.initSync({ module: bytes });
  ready = true;
}

/** @returns {engine.Shop} */
function open() {
  if (!shop) throw refuse('invalid_state', 'No orders have been read yet. Drop a file first.');
  return shop;
}

/**
 * @param {string} code
 * @param {string} message
 * @param {string} [path]
 */
function refuse(code, message, path = '') {
  return Object.assign(new Error(message), { name: 'ZugabeError', code, path });
}

/**
 * Every question the page may ask.
 * @type {Record<string, (args: any, progress: (value: object) => void) => any>}
 */
const operations = {
  warm: () => null,

  async read({ files, options, mappings }, progress) {
    cancelled = false;
    const next = new engine.Shop(JSON.stringify(options));
    try {
      const total = files.reduce((/** @type {number} */ sum, /** @type {File} */ file) => sum + file.size, 0);
      const done = { bytes: 0, lines: 0, orders: 0 };
      const began = performance.now();
      for (const [index, file] of files.entries()) {
        const mapping = mappings[index];
        next.openFile(file.name, mapping ? JSON.stringify({ ...options, mapping }) : '');
        const last = await pushAll(next, file, (state) => {
          progress({
            phase: 'read',
            file: file.name,
            bytes: done.bytes + state.bytes,
            lines: done.lines + state.lines,
            orders: done.orders + state.orders,
            total,
            ms: performance.now() - began,
          });
        });
        next.closeFile();
        done.bytes += last.bytes;
        done.lines += last.lines;
        done.orders += last.orders;
      }
      progress({ phase: 'combine' });
      const report = JSON.parse(next.finish());
      return { report, summary: score(next, progress) };
    } catch (error) {
      next.free();
      throw error;
    }
  },

  sample({ options, seed, end }, progress) {
    const next = new engine.Shop(JSON.stringify(options));
    try {
      progress({ phase: 'sample' });
      next.loadSample(seed, end);
      return { summary: score(next, progress) };
    } catch (error) {
      next.free();
      throw error;
    }
  },

  rescore: ({ tiers }) => JSON.parse(open().score(tiers ? JSON.stringify({ settings: { tiers } }) : '')),
  customers: ({ query }) => JSON.parse(open().customers(JSON.stringify(query))),
  customer: ({ id }) => JSON.parse(open().customer(id)),
  guests: ({ offset, limit }) => JSON.parse(open().guests(offset, limit)),
  order: ({ id }) => JSON.parse(open().order(id)),
  value: () => JSON.parse(open().value()),
  atRisk: ({ offset, limit }) => JSON.parse(open().atRisk(offset, limit)),
  calibration: ({ days }) => JSON.parse(open().calibration(days)),
  plan: ({ request }) => JSON.parse(open().plan(JSON.stringify(request))),
  preview: ({ request }) => JSON.parse(open().preview(JSON.stringify(request))),
  codes: ({ request }) => open().codesCsv(JSON.stringify(request)),
  coverage: ({ request }) => JSON.parse(open().coverage(JSON.stringify(request))),
  settle: ({ request }) => JSON.parse(open().settle(JSON.stringify(request))),
  placed: ({ orders }) => Object.fromEntries(orders.map((/** @type {string} */ id) => [id, placed(id)])),
  given({ text, programText, now }) {
    const { options } = JSON.parse(engine.publish(programText, '', JSON.stringify({ now })));
    const passedOn = options.filter((/** @type {any} */ option) => option.kind === 'referral').map((/** @type {any} */ option) => option.id);
    const codes = givenCodes(text, passedOn);
    if (!codes) throw refuse('invalid_value', 'This is no list of codes. Take the file that the studio saves under “Codes”, or the one that “zugabe mint --for” writes.');
    if (codes.length === 0) throw refuse('empty', 'No code in this list is one that customers pass on.');
    return codes;
  },
  checkProgram: ({ text }) => JSON.parse(engine.checkProgram(text)),
  starterProgram: ({ shop: about }) => engine.starterProgram(JSON.stringify(about)),
  newKeys: () => engine.newKeys(),
  emailKey: ({ keys }) => engine.emailKey(keys),
};

/** When an order was placed; nothing when these orders do not have it. @param {string} id */
function placed(id) {
  try {
    return JSON.parse(open().order(id)).createdAt;
  } catch {
    return undefined;
  }
}

/**
 * Hands a file to the engine piece by piece; the next piece is fetched from disk while the engine reads this one.
 * @param {engine.Shop} next
 * @param {File} file
 * @param {(state: { bytes: number, lines: number, orders: number }) => void} progress
 */
async function pushAll(next, file, progress) {
  let state = { bytes: 0, lines: 0, orders: 0 };
  let offset = 0;
  let coming = file.slice(0, PIECE).arrayBuffer();
  while (offset < file.size) {
    const piece = await coming;
    offset += piece.byteLength;
    coming = file.slice(offset, offset + PIECE).arrayBuffer();
    if (cancelled) {
      next.cancelFile();
      throw refuse('cancelled', 'Reading was cancelled. Nothing was kept.');
    }
    state = JSON.parse(next.push(new Uint8Array(piece)));
    progress(state);
    if (piece.byteLength === 0) break;
  }
  return state;
}

/**
 * Scores what was read and makes it the shop that later questions are about; until then the one before stays.
 * @param {engine.Shop} next
 * @param {(value: object) => void} progress
 */
function score(next, progress) {
  progress({ phase: 'score' });
  const summary = JSON.parse(next.score(''));
  shop?.free();
  shop = next;
  return summary;
}

scope.addEventListener('message', async (/** @type {MessageEvent} */ event) => {
  const { id, op, args } = event.data;
  if (op === 'cancel') {
    cancelled = true;
    return;
  }
  try {
    start();
    const value = await operations[op](args, (state) => scope.postMessage({ id, event: 'progress', value: state }));
    scope.postMessage({ id, ok: true, value });
  } catch (error) {
    scope.postMessage({ id, ok: false, error: plain(error) });
  }
});

/**
 * An error as it can cross to the page.
 * @param {any} error
 */
function plain(error) {
  if (error?.name === 'ZugabeError') {
    return { code: String(error.code), message: String(error.message), path: String(error.path ?? '') };
  }
  if (error?.name === 'NotReadableError' || error?.name === 'NotFoundError') {
    return {
      code: 'io',
      message: 'The file could not be read from disk. It was moved, changed or is open elsewhere; choose it again.',
      path: '',
    };
  }
  // A trap leaves the engine in an unknown state, so it is not used again.
  shop = undefined;
  return {
    code: 'stopped',
    message: 'The engine stopped. Your files are untouched; load the page again and repeat the step.',
    path: String(error?.message ?? error),
  };
}
