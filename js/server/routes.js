/** What may be asked, by whom, and what is answered? One table: the server routes by it and the OpenAPI document is made of it. */
import { booksFind, booksFound, verify } from '../node.js';
import { erased } from './erase.js';
import { guarded } from './guard.js';
import { codeFor } from './give.js';
import { once } from './idempotency.js';
import { codeAnswer, operated, refusalTold } from './operate.js';
import { ordered } from './order.js';
import { checkEvent, recommend } from './recommend.js';
import { Refusal, unknownCode } from './refusal.js';
import { rewardsTold } from './rewards.js';

/** @import { Desk } from './backend.js' */
/** @import { ApiKey } from './keys.js' */
/** @import { Tried } from './guard.js' */

/**
 * A request, read.
 * @typedef {object} Asked
 * @property {Desk} desk
 * @property {ApiKey} apiKey
 * @property {string | undefined} ip
 * @property {string | undefined} key - Its idempotency key.
 * @property {string | undefined} token - The customer's token.
 * @property {string} text - The body as it came.
 * @property {Record<string, any>} json - The body.
 * @property {Record<string, string>} params
 * @property {() => URLSearchParams} query
 */

/** @typedef {{ status: number, body: object, replayed?: boolean, headers?: Record<string, string> }} Answered */

/**
 * @typedef {object} Route
 * @property {'get' | 'post'} method
 * @property {string} path - Parameters as `{name}`.
 * @property {string} id
 * @property {'secret' | 'publishable' | 'open'} access - `publishable`: with either kind of key.
 * @property {string} summary
 * @property {string} [description]
 * @property {string} [body] - The schema of the body.
 * @property {string} [answer] - The schema of the answer.
 * @property {number} [status] - Its status (default 200).
 * @property {boolean} [idempotent] - Whether it takes an `Idempotency-Key`.
 * @property {boolean} [customer] - Whether a page sends the customer's token.
 * @property {Record<string, string>} [params]
 * @property {Record<string, { description: string, schema: object }>} [query]
 * @property {number[]} [refusals] - Statuses beside those that every route has.
 * @property {(asked: Asked) => Promise<Answered>} handle
 */

/** @param {object} body @param {number} [status] @returns {Answered} */
const ok = (body, status = 200) => ({ status, body });

/** @param {Asked} asked */
const contextOf = ({ desk, key }) => JSON.stringify({ now: desk.now(), ...(key !== undefined && { key }) });

/** The longest offer without a code: `offer:` and an id. */
const LONGEST = 200;

/** Refuses offers that no row can have; every other code the core refuses. @param {Record<string, any>} json */
function checkCodes({ code, codes }) {
  const refuse = (/** @type {string} */ path) => new Refusal(422, 'invalid_value', `An offer has ${LONGEST} signs at most, and no control characters.`, { path });
  const bad = (/** @type {unknown} */ text) => typeof text === 'string' && text.startsWith('offer:') && (text.length > LONGEST || /\p{Cc}/u.test(text));
  if (bad(code)) throw refuse('code');
  const place = Array.isArray(codes) ? codes.findIndex((one) => bad(one?.code)) : -1;
  if (place >= 0) throw refuse(`codes[${place}].code`);
}

/** An operation on one code, from the body to the answer. @param {'reserve' | 'redeem' | 'release'} what @returns {(asked: Asked) => Promise<Answered>} */
const onCode = (what) => (asked) => {
  const { desk, apiKey, ip, text } = asked;
  checkCodes(asked.json);
  const operation = desk.core.operation(what, contextOf(asked), text);
  const { holder = {} } = JSON.parse(operation).action;
  return guarded(desk, { apiKey, ip, buyer: holder.customer ?? holder.email ?? holder.checkout }, async () => {
    const { answer, replayed } = await operated(desk, operation);
    const refused = refusalTold(answer);
    /** @type {Tried<Answered>} */
    const tried = refused ? { refused, guess: answer.refusal === 'not_found' } : { value: { ...ok(codeAnswer(answer)), replayed } };
    return tried;
  });
};

/** @param {Asked} asked @returns {Promise<Answered>} */
async function decide({ desk, json }) {
  return ok(desk.core.decide(JSON.stringify({ ...json, now: desk.now() })));
}

/**
 * Whose a page's idempotency key is, and what is asked under it: a fresh token for the same customer and order is the same request.
 * @param {Desk} desk @param {string} opened @param {string} text
 */
function ofPage(desk, opened, text) {
  if (!opened) return { text };
  const { customer, order = null } = JSON.parse(opened);
  const [who] = /** @type {{ customers: string[] }} */ (desk.core.person(JSON.stringify({ customer }))).customers;
  return { who, text: `${JSON.stringify(order)}\n${text}` };
}

/** @param {Asked} asked @returns {Promise<Answered>} */
async function claim(asked) {
  const { desk, apiKey, token, text, json, key } = asked;
  let opened = '';
  if (apiKey.kind === 'publishable') {
    opened = token ? desk.core.openToken(desk.now(), token) : '';
    if (!opened) throw new Refusal(403, 'customer_unknown', 'A page claims with the customer\'s token, in the header Zugabe-Customer: its server gets one from /v1/tokens.');
  }
  const body = JSON.stringify({ ...json, ...(typeof json.request === 'object' && { request: { ...json.request, now: desk.now() } }) });
  const { claim: wanted } = desk.core.claim(JSON.stringify({ now: desk.now() }), body, opened);
  return once(desk, { route: 'claim', key, ...ofPage(desk, opened, text) }, async () => {
    if (!wanted) throw new Refusal(409, 'not_offered', 'This option is not offered for this request.');
    const row = await codeFor(desk, wanted);
    // Told again of what it knows, it writes nothing.
    if (wanted.referrer) await recommend(desk, { type: 'share', code: row.code, referrer: wanted.referrer });
    return ok(desk.core.claimed(desk.now(), row));
  });
}

/** @param {Asked} asked @returns {Promise<Answered>} */
async function lookUp({ desk, apiKey, ip, text, json }) {
  checkCodes(json);
  const code = desk.core.lookedUp(text);
  return guarded(desk, { apiKey, ip }, async () => {
    const [row] = await desk.store.read('code', { where: { tenant: desk.tenant, code }, limit: 1 });
    // Asked for in every case, so that a code that is not ours costs as much as one that is.
    verify(desk.keys, code);
    const offer = desk.core.lookUp(desk.now(), text, row);
    /** @type {Tried<Answered>} */
    const tried = offer ? { value: ok(offer) } : { refused: unknownCode(), guess: !row };
    return tried;
  });
}

/** @param {Asked} asked @returns {Promise<Answered>} */
async function token(asked) {
  return ok(asked.desk.core.token(contextOf({ ...asked, key: undefined }), asked.text), 201);
}

/**
 * An order that nobody here has heard of and whose codes are not said: what became of it would be lost.
 * @param {Asked} asked
 */
async function sayCodes({ desk, json }) {
  if (json.event === 'paid' || json.codes !== undefined) return;
  const known = await desk.store.read('redemption', { where: { tenant: desk.tenant, order_id: json.order }, columns: ['code'], limit: 1 });
  if (known.length) return;
  const { referral } = await recommend(desk, desk.core.referrals(JSON.stringify({ order: json.order })));
  if (!referral) throw new Refusal(422, 'missing_field', 'This order is not known yet: say its codes, an empty list where it has none.', { path: 'codes' });
}

/** @param {Asked} asked @returns {Promise<Answered>} */
async function orderEvent(asked) {
  const { desk, text, json, key } = asked;
  const context = contextOf({ ...asked, key: undefined });
  checkCodes(json);
  // Read once for what is wrong with it, before anything is kept under its key.
  checkEvent(desk, desk.core.order(context, text, []).recommendation);
  await sayCodes(asked);
  return once(desk, { route: 'order', key, text }, async () => ok(await ordered(desk, json.order, (taken) => desk.core.order(context, text, taken))));
}

/** A hold, and what it says of a recommendation. @param {Asked} asked @returns {Promise<Answered>} */
async function reserve(asked) {
  const answered = await onCode('reserve')(asked);
  const { desk, text, json } = asked;
  if (!json.buyer?.customer && !json.buyer?.email) return answered;
  const { referral } = await recommend(desk, desk.core.came(text));
  if (referral?.discount !== 'refused') return answered;
  await operated(desk, desk.core.operation('release', contextOf({ ...asked, key: undefined }), JSON.stringify({ code: json.code, buyer: json.buyer })));
  throw new Refusal(422, 'own_code', 'Whoever recommends cannot be the friend: nothing is held.');
}

/** @param {Asked} asked @returns {Promise<Answered>} */
async function referrals({ desk, text, json }) {
  checkCodes(json);
  return ok(await recommend(desk, desk.core.referrals(text)));
}

/** @param {Asked} asked */
async function rewards({ desk, text }) {
  return ok({ rewards: await rewardsTold(desk, desk.core.person(text)) });
}

/** @param {Asked} asked @returns {Promise<Answered>} */
async function queue({ desk }) {
  return ok(await recommend(desk, { type: 'queue' }));
}

/** Somebody's word on a flagged recommendation. @param {'approve' | 'void'} type @returns {(asked: Asked) => Promise<Answered>} */
const reviewed = (type) => async ({ desk, params }) => {
  if (params.id.includes('\0')) throw new Refusal(422, 'invalid_value', 'No text holds the character U+0000.', { path: 'id' });
  const answer = await recommend(desk, { type, referral: params.id });
  if (answer.outcome === 'not_found') throw new Refusal(404, 'unknown', 'There is no such recommendation.');
  if (answer.outcome === 'illegal') throw new Refusal(409, 'conflict', 'This recommendation does not wait for anybody\'s word.');
  return ok(answer);
};

/** @param {Asked} asked @returns {Promise<Answered>} */
async function exportPerson({ desk, text }) {
  const person = desk.core.person(text);
  const tables = booksFound(person, await desk.store.execute(booksFind(person)));
  return ok({ names: [...(person.customers ?? []), ...(person.emails ?? [])], tables });
}

/** @param {Asked} asked @returns {Promise<Answered>} */
async function erasePerson({ desk, text }) {
  return ok({ rows: await erased(desk, desk.core.person(text)) });
}

/** @type {Route[]} */
export const ROUTES = [
  {
    method: 'post',
    path: '/v1/decide',
    id: 'decide',
    access: 'publishable',
    summary: 'What do we give, and why?',
    description: 'The decision of a page, made by the server. What a page says of a customer is a hint; it is checked when something of value is claimed.',
    body: 'Request',
    answer: 'Decision',
    handle: decide,
  },
  {
    method: 'post',
    path: '/v1/claims',
    id: 'claim',
    access: 'publishable',
    summary: 'Take what was offered: a code is made for it.',
    description: 'Decided anew. The same customer gets the same code for the same option (a discount: for the same order). With a publishable key the customer\'s token says who she is.',
    body: 'ClaimAsk',
    answer: 'ClaimAnswer',
    idempotent: true,
    customer: true,
    refusals: [409],
    handle: claim,
  },
  {
    method: 'post',
    path: '/v1/codes/look-up',
    id: 'lookUp',
    access: 'publishable',
    summary: 'What does a friend get with this code?',
    description: 'One answer for every code that is of no use to a friend: unknown, expired, used up, revoked, somebody\'s own.',
    body: 'LookUpAsk',
    answer: 'FriendOffer',
    refusals: [404],
    handle: lookUp,
  },
  {
    method: 'post',
    path: '/v1/tokens',
    id: 'token',
    access: 'secret',
    summary: 'A token with which a customer\'s page may claim.',
    body: 'TokenAsk',
    answer: 'TokenAnswer',
    status: 201,
    handle: token,
  },
  {
    method: 'post',
    path: '/v1/reserve',
    id: 'reserve',
    access: 'secret',
    summary: 'Hold a use of a code during a checkout.',
    body: 'ReserveAsk',
    answer: 'CodeAnswer',
    idempotent: true,
    refusals: [404, 409],
    handle: reserve,
  },
  {
    method: 'post',
    path: '/v1/redeem',
    id: 'redeem',
    access: 'secret',
    summary: 'An order takes a use of a code.',
    description: 'Once for each code and order, however often it is asked for. Acknowledged when it is on disk.',
    body: 'RedeemAsk',
    answer: 'CodeAnswer',
    idempotent: true,
    refusals: [404, 409],
    handle: onCode('redeem'),
  },
  {
    method: 'post',
    path: '/v1/release',
    id: 'release',
    access: 'secret',
    summary: 'End a hold.',
    body: 'ReleaseAsk',
    answer: 'CodeAnswer',
    idempotent: true,
    refusals: [404, 409],
    handle: onCode('release'),
  },
  {
    method: 'post',
    path: '/v1/orders/events',
    id: 'orderEvent',
    access: 'secret',
    summary: 'An order was paid, cancelled or refunded on the platform.',
    description: 'In any order and any number of times: the books end the same. One that comes before its order was paid names the order\'s codes. The platform has redeemed its codes itself; what is recorded here mirrors it.',
    body: 'OrderAsk',
    answer: 'OrderAnswer',
    idempotent: true,
    refusals: [409],
    handle: orderEvent,
  },
  {
    method: 'post',
    path: '/v1/referrals/search',
    id: 'referrals',
    access: 'secret',
    summary: 'How far have recommendations come?',
    description: 'Those of a customer (as the one who recommends or as the friend), of an order, of a code, or one by its id.',
    body: 'ReferralAsk',
    answer: 'ReferralAnswer',
    handle: referrals,
  },
  {
    method: 'post',
    path: '/v1/rewards/search',
    id: 'rewards',
    access: 'secret',
    summary: 'Which rewards has a customer, and with which code?',
    description: 'What her account page shows, or her next mail: a webhook names her by a keyed hash, here the shop asks by its own id.',
    body: 'PersonAsk',
    answer: 'RewardsAnswer',
    handle: rewards,
  },
  {
    method: 'get',
    path: '/v1/referrals/queue',
    id: 'queue',
    access: 'secret',
    summary: 'Which recommendations wait for somebody to look at them?',
    answer: 'ReferralAnswer',
    handle: queue,
  },
  {
    method: 'post',
    path: '/v1/referrals/{id}/approve',
    id: 'approve',
    access: 'secret',
    summary: 'Pass a flagged recommendation. Its reward comes when its order is certain.',
    params: { id: 'Its id.' },
    answer: 'ReferralAnswer',
    refusals: [404, 409],
    handle: reviewed('approve'),
  },
  {
    method: 'post',
    path: '/v1/referrals/{id}/void',
    id: 'void',
    access: 'secret',
    summary: 'Reject a flagged recommendation, for good.',
    params: { id: 'Its id.' },
    answer: 'ReferralAnswer',
    refusals: [404, 409],
    handle: reviewed('void'),
  },
  {
    method: 'post',
    path: '/v1/customers/export',
    id: 'exportCustomer',
    access: 'secret',
    summary: 'All that is known of a customer (GDPR article 15).',
    body: 'PersonAsk',
    answer: 'ExportAnswer',
    handle: exportPerson,
  },
  {
    method: 'post',
    path: '/v1/customers/erase',
    id: 'eraseCustomer',
    access: 'secret',
    summary: 'Forget a customer (GDPR article 17).',
    description: 'Every hash of hers is replaced by a name that means nobody. Totals stay. A second call finds nothing to do.',
    body: 'PersonAsk',
    answer: 'ErasedAnswer',
    refusals: [409],
    handle: erasePerson,
  },
  {
    method: 'get',
    path: '/health',
    id: 'health',
    access: 'open',
    summary: 'Does the process answer?',
    answer: 'HealthAnswer',
    handle: async () => ok({ ok: true }),
  },
  {
    method: 'get',
    path: '/ready',
    id: 'ready',
    access: 'open',
    summary: 'Can it work: are the books there?',
    answer: 'HealthAnswer',
    refusals: [503],
    handle: async ({ desk }) => {
      const { ok: good } = await desk.store.health();
      return good ? ok({ ok: true }) : { status: 503, body: { ok: false }, headers: { 'retry-after': '1' } };
    },
  },
];
