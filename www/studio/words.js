/** How do the engine's closed lists read to a merchant? One plain sentence for every value. */
import { spoken } from './format.js';

/** @type {Record<string, { name: string, note: string }>} Tiers, best first. */
export const TIERS = {
  top_vip: { name: 'Top VIP', note: 'Bought lately, often and well: the few who carry the shop.' },
  vip: { name: 'VIP', note: 'Loyal, with one thing still to grow.' },
  premium: { name: 'Premium', note: 'On a good way: worth a small attention.' },
  none: { name: 'Everyone else', note: 'New, occasional or quiet. A plain thank-you is never wrong.' },
};

/** @type {Record<string, { name: string, note: string }>} Stages along the way of a customer. */
export const STAGES = {
  interested: { name: 'Interested', note: 'looked, has not bought' },
  lead: { name: 'Lead', note: 'known, nothing bought and kept yet' },
  follower: { name: 'Follower', note: 'reads along' },
  first_buyer: { name: 'First buyer', note: 'one purchase so far' },
  relationship: { name: 'Regular', note: 'came back' },
  vip: { name: 'VIP', note: 'among the best' },
  dormant: { name: 'Dormant', note: 'silent for long' },
};

/** @type {[string, string][]} Moments, in the order a merchant meets them; the last four never promote anything. */
export const MOMENTS = [
  ['order_completed', 'Order completed'],
  ['parcel_packed', 'Parcel packed'],
  ['shipped', 'Parcel shipped'],
  ['delivered', 'Delivered'],
  ['visit_ended', 'Visit ended'],
  ['content_consumed', 'Guide read'],
  ['course_step_due', 'Course step due'],
  ['anniversary', 'Anniversary'],
  ['feedback_received', 'Feedback received'],
  ['newsletter_confirmed', 'Newsletter confirmed'],
  ['cart_viewed', 'Cart viewed'],
  ['refund', 'Refund'],
  ['delay', 'Delay'],
  ['payment_failed', 'Payment failed'],
];

/** @type {Record<string, string>} Kinds of options. */
const KINDS = {
  thanks: 'plain thanks',
  sample: 'sample',
  haptic_gift: 'gift to hold',
  zugabe: 'gift with a purchase',
  ebook: 'e-book',
  checklist: 'checklist',
  guide: 'guide',
  course: 'course',
  insight: 'insight',
  story: 'story',
  info: 'information',
  service: 'service',
  service_contact: 'personal call-back',
  event: 'event',
  ceo_line: 'line to the owner',
  accessory: 'accessory',
  partner: 'partner offer',
  freemium: 'free version',
  trial: 'trial',
  discount: 'voucher',
  referral: 'recommendation',
  exchange: 'gift for newsletter consent',
  invitation: 'invitation',
  feedback: 'question for feedback',
  brand: 'brand message',
};

/** @param {string} kind */
export const kindName = (kind) => KINDS[kind] ?? spoken(kind);

/** @param {string} tier */
export const tierName = (tier) => TIERS[tier]?.name ?? spoken(tier);

/** @param {string} stage */
export const stageName = (stage) => STAGES[stage]?.name ?? spoken(stage);

/** @type {Record<string, { name: string, note: string }>} How far a recommendation has come, in the order it comes there. */
export const RECOMMENDATION_STATES = {
  claimed: { name: 'Not paid yet', note: 'a friend ordered, and has not paid' },
  pending: { name: 'Pending', note: 'paid, and may still be returned' },
  flagged: { name: 'To look at', note: 'something looks odd: your word is needed' },
  qualified: { name: 'Kept', note: 'certain; the reward waits, or there is none' },
  rewarded: { name: 'Owed', note: 'certain, and the reward is granted' },
  rejected: { name: 'Refused', note: 'nothing is owed' },
  reversed: { name: 'Taken back', note: 'was granted, then the order went back' },
};

/** @param {string} state */
export const recommendationState = (state) => RECOMMENDATION_STATES[state]?.name ?? spoken(state);

/** @type {Record<string, string>} What speaks against a recommendation. */
const SIGNALS = {
  same_customer: 'it is the same customer',
  same_email: 'it is the same e-mail address',
  loop: 'the recommendation leads back to its beginning',
  same_mailbox: 'both addresses end in the same mailbox',
  same_payment: 'both paid by the same means',
  same_phone: 'both have the same telephone number',
  same_address: 'both live at the same address',
  same_device: 'both used the same device',
  same_network: 'both came from the same network',
  cycling: 'another friend of this customer has the same data',
  seen_before: 'the friend was seen with somebody else’s code',
  velocity: 'many friends came within a short time',
  throwaway: 'the friend’s address is one that is thrown away',
  unknown_history: 'nobody knows whether the friend is new',
};

/** @param {string} signal */
export const signalWords = (signal) => SIGNALS[signal] ?? spoken(signal).toLowerCase();

/** @type {Record<string, string>} On what orders and books do not agree. */
const DIFFERENCES = {
  nobodys_code: 'The code is ours, and nobody known has it: the order it came with has no customer, or is not in these files.',
  never_issued: 'A code for a reward was redeemed that was never given out.',
  used_twice: 'A code for a reward was redeemed more than once.',
  used_by_other: 'A code for a reward was redeemed by somebody else.',
  used_late: 'A code for a reward was redeemed after its last day.',
  used_after_taken_back: 'A code was redeemed after its reward had been taken back.',
  order_missing: 'The books know this order, and it is not in these files.',
  total_changed: 'The order comes to something else than when it was read first.',
  refund_shrank: 'Less is paid back than when it was read last.',
  cancel_withdrawn: 'The order was cancelled, and is not any more.',
};

/** @param {string} kind */
export const differenceSentence = (kind) => DIFFERENCES[kind] ?? `${spoken(kind)}.`;

const moments = new Map(MOMENTS);

/** @param {string} moment */
export const momentName = (moment) => moments.get(moment) ?? spoken(moment);

/** @type {Record<string, string>} The fields a decision may read, as a person would say them. */
const FIELDS = {
  'moment.type': 'the moment',
  'moment.at': 'when it happened',
  now: 'today’s date',
  locale: 'the language',
  'subject.id': 'who it is',
  'subject.identity': 'how we know them',
  'consent.objected': 'whether they objected',
  'consent.profiling': 'consent to a profile',
  'consent.email': 'consent to e-mail',
  'consent.ads': 'consent to ads',
  'consent.phone': 'consent to calls',
  'consent.storage': 'consent to storage',
  'facts.stage': 'the stage',
  'facts.tier': 'the tier',
  'facts.orderNumber': 'which order this is',
  'facts.days': 'days as a customer',
  'facts.openProblem': 'an open complaint',
  'facts.code': 'the code',
  'facts.codes': 'the codes of this order',
  'order.id': 'the order',
  'order.currency': 'the currency',
  'order.subtotal': 'the order’s total',
  'order.parcel': 'whether a parcel goes out',
  'order.tags': 'what was bought',
  'order.source': 'where it was bought',
  'order.country': 'the country',
  'state.attempts': 'earlier tries',
  'state.lastOption': 'what came last time',
  'state.sent': 'what was shown lately',
  'state.stock': 'the stock',
};

/** @param {string} field */
export function fieldName(field) {
  if (FIELDS[field]) return FIELDS[field];
  const parent = field.replace(/[.[][^.[]*$/, '');
  return FIELDS[parent] ?? field;
}

/** @type {Record<string, (provided: string, required: string) => string>} Why an option was not taken. */
const REJECTIONS = {
  objected: () => 'This person objected to advertising. That ends it, everywhere and at once.',
  law_forbids: (_, required) => `The law does not allow it here${required ? ` (it would need ${required})` : ''}.`,
  consent_missing: (provided, required) => `It needs consent${tail(required, provided)}.`,
  cap_reached: (provided, required) => `Enough was said for now${tail(required, provided)}.`,
  attempts_exhausted: (provided, required) => `It was offered often enough without an answer${tail(required, provided)}.`,
  repeat: () => 'It was the last thing this person saw; a second time in a row would bore.',
  no_moment: (provided, required) => `This is not its moment${tail(required, provided)}.`,
  moment_expired: () => 'The moment has passed.',
  stage_too_low: (provided, required) => `It is kept for a later stage${tail(required, provided)}.`,
  tier_too_low: (provided, required) => `It is kept for better customers${tail(required, provided)}.`,
  dwell_time: (provided, required) => `Too early: the stage has only just been reached${tail(required, provided)}.`,
  inactive: () => 'It is switched off.',
  open_problem: () => 'A complaint is open. First help, then thank, and never advertise in between.',
  no_parcel: () => 'It travels in a parcel, and at this moment none is being packed.',
  out_of_stock: (provided, required) => `Nothing is known to be in stock${tail(required, provided)}.`,
  out_of_capacity: () => 'There is no capacity left for it.',
  out_of_season: () => 'It is out of season.',
  product_not_tagged: (provided, required) => `Nothing in this order calls for it${tail(required, provided)}.`,
  product_excluded: (provided) => `Something in this order rules it out${provided ? ` (${provided})` : ''}.`,
  country_excluded: (provided, required) => `It is not offered in this country${tail(required, provided)}.`,
  minimum_order: (provided, required) => `The order is too small${tail(required, provided)}.`,
  currency_mismatch: (provided, required) => `Another currency${tail(required, provided)}.`,
  channel_unavailable: (provided, required) => `It cannot be shown at this place${tail(required, provided)}.`,
  basis_not_allowed: (provided, required) => `It would read more about this person than is allowed${tail(required, provided)}.`,
  holdout: () => 'This person is in the group that gets none of it, so that its effect can be measured.',
  no_code: () => 'It needs a code, and none is there.',
  not_offered: (provided, required) => (required ? `It is for another case${tail(required, provided)}.` : 'Not offered to this group.'),
  unknown_basis: () => 'It is unclear what allows it, and unclear means no.',
  unprofitable: (provided, required) => `It costs more than you allow${required ? `: it takes an order of ${required}${provided ? `, this one is ${provided}` : ''}` : ''}.`,
  margin_unknown: () => 'The margin is unknown, so nobody can say whether it pays.',
  budget_exhausted: () => 'Its budget is used up.',
  cac_ceiling: () => 'It would cost more than a new customer may cost.',
  dominated: () => 'Another option does the same for less.',
};

/**
 * @param {string} required
 * @param {string} provided
 */
function tail(required, provided) {
  if (required && provided) return `: it takes ${required}, here it is ${provided}`;
  if (required) return `: it takes ${required}`;
  return provided ? `: here it is ${provided}` : '';
}

/**
 * A value of a rejection, as a person would say it.
 * @param {unknown} value
 * @param {string} field
 * @param {(minor: number) => string} asMoney
 * @returns {string}
 */
function valueWords(value, field, asMoney) {
  if (value === undefined || value === null || value === '') return '';
  if (Array.isArray(value)) return value.map((one) => valueWords(one, field, asMoney)).join(' or ');
  if (field === 'facts.openProblem') return value ? 'an open complaint' : 'none';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if ((field === 'order.subtotal' || field === 'allowance') && typeof value === 'number') return asMoney(value);
  if (typeof value === 'number') return String(value);
  if (typeof value === 'object') {
    return Object.entries(value)
      .map(([name, inner]) => `${spoken(name).toLowerCase()} ${valueWords(inner, field, asMoney)}`)
      .join(', ');
  }
  const text = String(value);
  if (field === 'channel') return `the ${text}`;
  if (field === 'moment.type') return `“${momentName(text)}”`;
  if (field === 'facts.stage') return `“${stageName(text)}”`;
  if (field === 'facts.tier') return text === 'none' ? 'no tier' : `“${tierName(text)}”`;
  return text.replaceAll('_', ' ');
}

/**
 * Why an option was not taken, in one sentence.
 * @param {{ option: string, code: string, field: string, provided?: unknown, required?: unknown }} rejected
 * @param {(minor: number) => string} asMoney
 */
export function rejectionSentence(rejected, asMoney) {
  const say = REJECTIONS[rejected.code];
  const provided = valueWords(rejected.provided, rejected.field, asMoney);
  const required = valueWords(rejected.required, rejected.field, asMoney);
  return say ? say(provided, required) : `${spoken(rejected.code)}${tail(required, provided)}.`;
}
