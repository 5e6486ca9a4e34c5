/**
 * What does an artefact answer to the cases of a vector file? Runs in Node and in a page alike, so it imports nothing.
 *
 * A core is the full artefact's glue: text in, text out. A page core answers what the page artefact can.
 */

/** @typedef {{ name: string, op?: string, input?: any, expected: any, [field: string]: any }} Case */
/** @typedef {{ name: string, expected: string, got: string }} Answer */

const text = JSON.stringify;

/** The files that the cases name, to be handed over as bytes. @param {{ cases: Case[] }} vectors */
export const filesOf = (vectors) => [...new Set(vectors.cases.flatMap(({ file }) => file ?? []))];

/**
 * How the full artefact answers a case of each file.
 * @type {Record<string, (core: any, vector: Case, files: Record<string, Uint8Array>, vectors: any) => any>}
 */
const full = {
  import: (core, { file, options }, files) =>
    JSON.parse(core.importOrders(file.split('/').pop(), files[file], text(options))),
  codes(core, { op, input }) {
    if (op === 'parse') return JSON.parse(core.parseCode(input.text));
    if (op === 'verify') return JSON.parse(core.verify(text(input.keys), input.code));
    if (op === 'mint') return JSON.parse(core.mint(text(input.keys), text(input.request)));
    throw new Error(`Nobody knows how to "${op}" a code.`);
  },
  tokens(core, { op, input }) {
    if (op === 'mint_token') return core.mintToken(text(input.keys), text(input.request));
    if (op === 'verify_token') return JSON.parse(core.verifyToken(text(input.keys), input.token, input.now));
    throw new Error(`Nobody knows how to "${op}".`);
  },
  price(core, { op, input }) {
    if (op === 'price') return JSON.parse(core.price(text(input)));
    if (op === 'refund') return JSON.parse(core.refund(text(input)));
    throw new Error(`Nobody knows how to "${op}" a cart.`);
  },
  books(core, { op, input, results }) {
    if (op === 'plan') return JSON.parse(core.booksPlan(text(input)));
    if (op === 'finish') return JSON.parse(core.booksFinish(text(input), text(results)));
    if (op === 'order_event') return JSON.parse(core.booksOrderEvent(text(input)));
    if (op === 'tables') return JSON.parse(core.booksTables());
    if (op !== 'script') throw new Error(`Nobody knows how to "${op}" in the books.`);
    const books = new core.Books();
    try {
      const finished = input.map((/** @type {any} */ operation) => JSON.parse(books.apply(text(operation))));
      return { finished, rows: JSON.parse(books.rows()) };
    } finally {
      books.free();
    }
  },
  referral(core, { op, input, orders }) {
    if (op === 'next') return JSON.parse(core.referralNext(text(input.call), text(input.rows ?? {})));
    if (op === 'terms') return JSON.parse(core.referralTerms(text(input)));
    if (op === 'person') return JSON.parse(core.hashPerson(text(input.keys), text(input.person)));
    if (op === 'settle') return JSON.parse(core.settle(orders.map(text).join('\n'), text(input)));
    if (op !== 'script') throw new Error(`Nobody knows how to "${op}" a recommendation.`);
    const books = new core.Books();
    try {
      const answers = input.map((/** @type {any} */ call) => told(core, books, call));
      return { answers, rows: JSON.parse(books.rows()) };
    } finally {
      books.free();
    }
  },
  decide(core, vector, _files, vectors) {
    const { op, options } = vector;
    const named = (/** @type {string} */ group) => text(vectors[group]?.[vector[group]] ?? vector[group]);
    const model = vector.model ? text(vector.model) : '';
    if (op === 'publish') return JSON.parse(core.publish(named('program'), model, text(options)));
    if (op === 'decide') return JSON.parse(core.decide(named('policy'), named('request')));
    if (op === 'friend') return JSON.parse(core.friend(named('policy'), named('request')));
    if (op === 'decide_privately') {
      return JSON.parse(core.decidePrivately(named('program'), model, named('request'), text(options)));
    }
    // Texts for a person, not documents.
    if (op === 'explain') return core.explain(named('program'), model, named('request'), text(options));
    if (op === 'why_not') return core.whyNot(named('program'), model, named('request'), text(options), vector.option);
    throw new Error(`Nobody knows how to "${op}".`);
  },
  lifetime(core, { op, table, model, penalty, params, outlook }, _files, vectors) {
    const bytes = new TextEncoder().encode(vectors.tables[table]);
    if (op === 'fit') return JSON.parse(core.fit(bytes, model, penalty ?? 0));
    if (op === 'predict') return core.predict(bytes, model, text(params), text(outlook));
    throw new Error(`Nobody knows how to "${op}" a customer.`);
  },
  score: (core, { orders, options }) => JSON.parse(core.scoreOrders(orders.map(text).join('\n'), text(options))),
};

/** A call on books in memory, from the beginning to its answer. @param {any} core @param {any} books @param {any} call */
function told(core, books, call) {
  const rows = {};
  for (;;) {
    const next = JSON.parse(core.referralNext(text(call), text(rows)));
    if (next.read) {
      Object.assign(rows, JSON.parse(books.execute(text(next.read))).rows);
      continue;
    }
    if (next.write) books.apply(text(next.write));
    return next.answer;
  }
}

/**
 * What the page artefact answers, of the same files.
 * @type {Record<string, (core: any, vector: Case, files: Record<string, Uint8Array>, vectors: any) => any>}
 */
const page = {
  decide(core, { op, policy, request }, _files, vectors) {
    if (op !== 'decide' && op !== 'friend') return undefined;
    const engine = new core.Engine(vectors.policy[policy]);
    try {
      return engine[op](request);
    } finally {
      engine.free();
    }
  },
  codes: (core, { op, input }) => (op === 'parse' ? core.parseCode(input.text) : undefined),
};

const runtimes = { full, page };

/**
 * The canonical text of every answer beside the expected one. Cases that an artefact cannot answer are left out.
 * @param {'full' | 'page'} artefact
 * @param {string} name of the file
 * @param {{ cases: Case[] }} vectors
 * @param {any} core the artefact's glue, started
 * @param {(value: any) => string | undefined} canonical RFC 8785
 * @param {Record<string, Uint8Array>} files those of `filesOf`
 * @returns {Answer[]}
 */
export function answersOf(artefact, name, vectors, core, canonical, files) {
  const answer = runtimes[artefact][name];
  return vectors.cases.flatMap((vector) => {
    const got = attempt(() => answer(core, vector, files, vectors));
    return got === undefined ? [] : [{ name: vector.name, expected: String(canonical(vector.expected)), got: String(canonical(got)) }];
  });
}

/**
 * An error's code and path are the contract; its words may change.
 * @param {() => any} work
 */
function attempt(work) {
  try {
    return work();
  } catch (error) {
    if (error?.name !== 'ZugabeError') throw error;
    return { error: { code: error.code, path: error.path } };
  }
}
