/** The full core in Node. Starts at the first call, reads its own file, and answers at once. */
import { readFileSync } from 'node:fs';
import * as glue from '../dist/full/zugabe_full.js';
import { createEngine as createPageEngine } from './create.js';
import { fullApi } from './full-api.js';

/** @import { EngineOptions, FullGlue } from './types.js' */

export { ZugabeError } from './errors.js';

let started = false;

function startOnce() {
  if (started) return;
  glue.initSync({ module: readFileSync(new URL('../dist/full/zugabe_full_bg.wasm', import.meta.url)) });
  started = true;
}

export const {
  Service,
  Shop,
  Codes,
  Books,
  BooksAudit,
  BooksPlanner,
  booksPlan,
  booksFinish,
  booksOrderEvent,
  booksTables,
  booksFind,
  booksFound,
  booksKnown,
  booksForget,
  booksTold,
  referralNext,
  referralTerms,
  hashPerson,
  settle,
  Push,
  rehearsePush,
  receiveWebhook,
  webhookShop,
  shopwareRegister,
  shopwareConfirm,
  checkProgram,
  starterProgram,
  publish,
  decide,
  decidePrivately,
  explain,
  whyNot,
  friend,
  newKeys,
  emailKey,
  mint,
  issueCodes,
  mintToken,
  verifyToken,
  verify,
  price,
  refund,
  parseCode,
  qrSvg,
  blockSvg,
  importOrders,
  scoreOrders,
  fit,
  predict,
  version,
} = fullApi(/** @type {FullGlue} */ (/** @type {unknown} */ (glue)), startOnce);

/**
 * The same engine as in a page, on the same small artefact.
 * @param {EngineOptions} options
 */
export function createEngine({ policy, wasm }) {
  return createPageEngine({
    policy,
    wasm: wasm ?? readFileSync(new URL('../dist/page/zugabe_page_bg.wasm', import.meta.url)),
  });
}
