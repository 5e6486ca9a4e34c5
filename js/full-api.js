/** How does JavaScript speak with the full core? JSON text crosses the boundary; callers see values and `ZugabeError`. */
import { ZugabeError } from './errors.js';

/** @import { FullApi, FullGlue, Json } from './types.js' */

/**
 * The full core for callers: texts or values in, values out.
 * @param {FullGlue} glue
 * @param {() => void} [ready] - Called before every use, for hosts that start the core late.
 * @returns {FullApi}
 */
export function fullApi(glue, ready = () => {}) {
  /**
   * @template T
   * @param {() => T} call
   * @returns {T}
   */
  const carry = (call) => {
    try {
      ready();
      return call();
    } catch (thrown) {
      throw ZugabeError.from(thrown);
    }
  };
  /** @param {() => string} call */
  const read = (call) => carry(() => JSON.parse(call()));

  class ShopHandle {
    #core;

    /** @param {Json} options */
    constructor(options) {
      this.#core = carry(() => new glue.Shop(text(options)));
    }

    /** @param {string} name @param {Json} [options] */
    openFile(name, options) {
      carry(() => this.#core.openFile(name, text(options)));
    }

    /** @param {Uint8Array} bytes */
    push(bytes) {
      return read(() => this.#core.push(bytes));
    }

    closeFile() {
      return read(() => this.#core.closeFile());
    }

    cancelFile() {
      carry(() => this.#core.cancelFile());
    }

    /** @param {number} seed @param {string} end */
    loadSample(seed, end) {
      carry(() => this.#core.loadSample(seed, end));
    }

    finish() {
      return read(() => this.#core.finish());
    }

    /** @param {Json} [options] */
    score(options) {
      return read(() => this.#core.score(text(options)));
    }

    model() {
      return read(() => this.#core.model());
    }

    /** @param {Json} query */
    customers(query) {
      return read(() => this.#core.customers(text(query)));
    }

    /** @param {string} id */
    customer(id) {
      return read(() => this.#core.customer(id));
    }

    /** @param {string} id */
    order(id) {
      return read(() => this.#core.order(id));
    }

    /** @param {number} offset @param {number} limit */
    guests(offset, limit) {
      return read(() => this.#core.guests(offset, limit));
    }

    /** @param {Json} request */
    preview(request) {
      return read(() => this.#core.preview(text(request)));
    }

    /** @param {Json} request */
    plan(request) {
      return read(() => this.#core.plan(text(request)));
    }

    /** @param {Json} request */
    codesCsv(request) {
      return carry(() => this.#core.codesCsv(text(request)));
    }

    /** @param {Json} request */
    coverage(request) {
      return read(() => this.#core.coverage(text(request)));
    }

    /** @param {Json} request */
    settle(request) {
      return read(() => this.#core.settle(text(request)));
    }

    value() {
      return read(() => this.#core.value());
    }

    /** @param {number} offset @param {number} limit */
    atRisk(offset, limit) {
      return read(() => this.#core.atRisk(offset, limit));
    }

    /** @param {number} days */
    calibration(days) {
      return read(() => this.#core.calibration(days));
    }

    /** @param {Json} request */
    referralValues(request) {
      return read(() => this.#core.referralValues(text(request)));
    }

    free() {
      carry(() => this.#core.free());
    }
  }

  class CodesHandle {
    #core;

    /** @param {Json} keys */
    constructor(keys) {
      this.#core = carry(() => new glue.Codes(text(keys)));
    }

    /** @param {string} code */
    verify(code) {
      return read(() => this.#core.verify(code));
    }

    free() {
      carry(() => this.#core.free());
    }
  }

  class BooksHandle {
    #core;

    constructor() {
      this.#core = carry(() => new glue.Books());
    }

    /** @param {Json} operation */
    apply(operation) {
      return read(() => this.#core.apply(text(operation)));
    }

    /** @param {Json} steps */
    execute(steps) {
      return read(() => this.#core.execute(text(steps)));
    }

    rows() {
      return read(() => this.#core.rows());
    }

    free() {
      carry(() => this.#core.free());
    }
  }

  class BooksPlannerHandle {
    #core;

    constructor() {
      this.#core = carry(() => new glue.BooksPlanner());
    }

    /** @param {Json} operation */
    plan(operation) {
      return read(() => this.#core.plan(text(operation)));
    }

    /** The same as JSON text, for whoever hands it on. @param {Json} operation */
    planText(operation) {
      return carry(() => this.#core.plan(text(operation)));
    }

    free() {
      carry(() => this.#core.free());
    }
  }

  class BooksAuditHandle {
    #core;

    constructor() {
      this.#core = carry(() => new glue.BooksAudit());
    }

    /** @param {string} table @param {Json} rows */
    take(table, rows) {
      carry(() => this.#core.take(table, text(rows)));
    }

    finish() {
      return read(() => this.#core.finish());
    }

    free() {
      carry(() => this.#core.free());
    }
  }

  class ServiceHandle {
    #core;

    /** @param {Json} program @param {Json | undefined} model @param {Json} keys @param {string} tenant */
    constructor(program, model, keys, tenant) {
      this.#core = carry(() => new glue.Service(text(program), text(model), text(keys), tenant));
    }

    /** @param {string} now */
    policy(now) {
      return read(() => this.#core.policy(now));
    }

    /** @param {Json} request */
    decide(request) {
      return read(() => this.#core.decide(text(request)));
    }

    /** @param {'reserve' | 'redeem' | 'release'} what @param {Json} context @param {Json} body */
    operation(what, context, body) {
      return carry(() => this.#core[what](text(context), text(body)));
    }

    /** @param {Json} context @param {Json} body @param {string[]} taken */
    order(context, body, taken) {
      return read(() => this.#core.order(text(context), text(body), JSON.stringify(taken)));
    }

    /** @param {Json} context @param {Json} body @param {string} token */
    claim(context, body, token) {
      return read(() => this.#core.claim(text(context), text(body), token));
    }

    /** @param {string} now @param {Json} claim @param {Json} row */
    renewed(now, claim, row) {
      return read(() => this.#core.renewed(now, text(claim), text(row)));
    }

    /** @param {Json} context @param {Json} body */
    reward(context, body) {
      return read(() => this.#core.reward(text(context), text(body)));
    }

    /** @param {Json} body */
    came(body) {
      return read(() => this.#core.came(text(body)));
    }

    /** @param {Json} body */
    referrals(body) {
      return read(() => this.#core.referrals(text(body)));
    }

    /** @param {Json} context @param {Json} event @param {boolean} [newFriend] */
    platformOrder(context, event, newFriend) {
      return read(() => this.#core.platformOrder(text(context), text(event), newFriend));
    }

    /** @param {string} now @param {Json} row */
    claimed(now, row) {
      return read(() => this.#core.claimed(now, text(row)));
    }

    /** @param {Json} body */
    lookedUp(body) {
      return read(() => this.#core.lookedUp(text(body)));
    }

    /** @param {string} now @param {Json} body @param {Json | undefined} row */
    lookUp(now, body, row) {
      return read(() => this.#core.lookUp(now, text(body), text(row)));
    }

    /** @param {Json} context @param {Json} body */
    token(context, body) {
      return read(() => this.#core.token(text(context), text(body)));
    }

    /** @param {string} now @param {string} token */
    openToken(now, token) {
      return carry(() => this.#core.openToken(now, token));
    }

    /** @param {Json} body */
    person(body) {
      return read(() => this.#core.person(text(body)));
    }

    free() {
      carry(() => this.#core.free());
    }
  }

  class PushHandle {
    #core;

    /** @param {Json} job @param {Json} [progress] */
    constructor(job, progress) {
      this.#core = carry(() => new glue.Push(text(job), text(progress)));
    }

    step() {
      return read(() => this.#core.step());
    }

    /** @param {Json} response */
    answer(response) {
      carry(() => this.#core.answer(text(response)));
    }

    interrupted() {
      carry(() => this.#core.interrupted());
    }

    progress() {
      return read(() => this.#core.progress());
    }

    free() {
      carry(() => this.#core.free());
    }
  }

  return {
    Service: ServiceHandle,
    Shop: ShopHandle,
    Codes: CodesHandle,
    Books: BooksHandle,
    BooksAudit: BooksAuditHandle,
    BooksPlanner: BooksPlannerHandle,
    booksPlan: (operation) => read(() => glue.booksPlan(text(operation))),
    booksFinish: (operation, results) => read(() => glue.booksFinish(text(operation), text(results))),
    booksOrderEvent: (event) => read(() => glue.booksOrderEvent(text(event))),
    booksTables: () => read(() => glue.booksTables()),
    booksFind: (person) => read(() => glue.booksFind(text(person))),
    booksFound: (person, results) => read(() => glue.booksFound(text(person), text(results))),
    booksKnown: (person, results) => read(() => glue.booksKnown(text(person), text(results))),
    booksForget: (person, results, nobody) => read(() => glue.booksForget(text(person), text(results), nobody)),
    booksTold: (answer) => read(() => glue.booksTold(text(answer))),
    referralNext: (call, rows) => read(() => glue.referralNext(text(call), text(rows))),
    referralTerms: (program) => read(() => glue.referralTerms(text(program))),
    settle: (orders, request) => read(() => glue.settle(lines(orders), text(request))),
    hashPerson: (keys, person) => read(() => glue.hashPerson(text(keys), text(person))),
    Push: PushHandle,
    rehearsePush: (job) => read(() => glue.rehearsePush(text(job))),
    receiveWebhook: (request, body, keys) => read(() => glue.receiveWebhook(text(request), bytesOf(body), text(keys))),
    webhookShop: (platform, headers, body) => read(() => glue.webhookShop(platform, text(headers), bytesOf(body))),
    shopwareRegister: (request) => read(() => glue.shopwareRegister(text(request))),
    shopwareConfirm: (request, body) => read(() => glue.shopwareConfirm(text(request), bytesOf(body))),
    checkProgram: (program) => read(() => glue.checkProgram(text(program))),
    starterProgram: (answers) => carry(() => glue.starterProgram(text(answers))),
    publish: (program, model, options) => read(() => glue.publish(text(program), text(model), text(options))),
    decide: (policy, request) => read(() => glue.decide(text(policy), text(request))),
    decidePrivately: (program, model, request, options) =>
      read(() => glue.decidePrivately(text(program), text(model), text(request), text(options))),
    explain: (program, model, request, options) =>
      carry(() => glue.explain(text(program), text(model), text(request), text(options))),
    whyNot: (program, model, request, options, option) =>
      carry(() => glue.whyNot(text(program), text(model), text(request), text(options), option)),
    friend: (policy, request) => read(() => glue.friend(text(policy), text(request))),
    newKeys: () => carry(() => glue.newKeys()),
    emailKey: (keys) => carry(() => glue.emailKey(text(keys))),
    mint: (keys, request) => read(() => glue.mint(text(keys), text(request))),
    issueCodes: (keys, request) => read(() => glue.issueCodes(text(keys), text(request))),
    mintToken: (keys, request) => carry(() => glue.mintToken(text(keys), text(request))),
    verifyToken: (keys, token, now) => read(() => glue.verifyToken(text(keys), token, now)),
    verify: (keys, code) => read(() => glue.verify(text(keys), code)),
    price: (request) => read(() => glue.price(text(request))),
    refund: (request) => read(() => glue.refund(text(request))),
    parseCode: (code) => read(() => glue.parseCode(code)),
    qrSvg: (content) => carry(() => glue.qrSvg(content)),
    blockSvg: (code, link) => carry(() => glue.blockSvg(code, link)),
    importOrders: (name, bytes, options) => read(() => glue.importOrders(name, bytes, text(options))),
    scoreOrders: (orders, options) => read(() => glue.scoreOrders(orders, text(options))),
    fit: (table, model, penalty = 0) => read(() => glue.fit(bytesOf(table), model, penalty)),
    predict: (table, model, params, outlook) =>
      carry(() => glue.predict(bytesOf(table), model, text(params), text(outlook))),
    version: () => carry(() => glue.version()),
  };
}

/**
 * What a person wrote stays as written: the core's parser knows paths and refuses unknown fields. Absent is no text.
 * @param {Json | undefined} value
 */
function text(value) {
  if (value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Orders one a line: as they are, or as values. @param {string | object[]} orders */
function lines(orders) {
  return typeof orders === 'string' ? orders : orders.map(text).join('\n');
}

/** @param {Uint8Array | string} table */
function bytesOf(table) {
  return typeof table === 'string' ? new TextEncoder().encode(table) : table;
}
