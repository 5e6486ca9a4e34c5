// Which documents cross? The request of the documents page, and a policy of its shape grown to a real shop's size.

const KINDS = ['guide', 'sample', 'story', 'discount', 'referral', 'service', 'thanks', 'ebook', 'event', 'invitation'];
const STAGES = ['interested', 'lead', 'follower', 'first_buyer', 'relationship', 'vip', 'dormant'];
const TIERS = ['none', 'premium', 'vip', 'top_vip'];
const COUNTRIES = ['DE', 'AT', 'CH', 'FR', 'NL', 'BE', 'LU', 'IT'];
const TAGS = ['tea', 'green', 'black', 'herbal', 'ware', 'gift'];

/** @param {number} n */
const id = (n) => `${KINDS[n % KINDS.length]}-${String(n + 1).padStart(2, '0')}`;

/** Every rule in turn, two or three for each option. @param {number} n */
function rules(n) {
  const all = [
    { rule: 'stage', min: STAGES[3 + (n % 3)] },
    { rule: 'tier', min: TIERS[n % 4] },
    { rule: 'minimum', amount: 2000 + 250 * n },
    { rule: 'countries', any: COUNTRIES.slice(n % 4, (n % 4) + 4) },
    { rule: 'tags', any: [TAGS[n % 6], TAGS[(n + 1) % 6]] },
    { rule: 'stock' },
    { rule: 'parcel' },
    { rule: 'no_problem' },
    { rule: 'cap', counter: n % 2 ? 'page' : 'page.week', limit: 1 + (n % 4) },
  ];
  return Array.from({ length: 2 + (n % 2) }, (_, k) => all[(n * 2 + k * 4) % all.length]);
}

/** @param {number} n */
function option(n) {
  const kind = KINDS[n % KINDS.length];
  return {
    id: id(n),
    kind,
    purpose: n % 5 === 4 ? 'acquire' : 'retain',
    channels: n % 3 ? ['page'] : ['page', 'parcel', 'email'],
    moments: n % 4 === 3 ? ['delivered', 'anniversary'] : ['order_completed', 'delivered'],
    rules: rules(n),
    terms: {
      condition: kind === 'discount' ? 'minimum' : kind === 'referral' ? 'code' : 'none',
      days: 30 + n,
      expiresAt: '2026-12-23T22:59:59Z',
      ...(kind === 'discount' ? { minimum: 4000, customerValue: 500 } : {}),
    },
    ...(n % 2 ? {} : { url: `https://shop.example/thanks/${id(n)}` }),
  };
}

/** @param {number} n @param {string} locale */
function text(n, locale) {
  const de = locale === 'de';
  return {
    headline: de ? `Eine kleine Zugabe für Sie, Nr. ${n + 1}` : `A little extra for you, no. ${n + 1}`,
    body: de
      ? 'Danke für Ihren Einkauf. Wir haben etwas ausgesucht, das zu Ihrem Tee passt: schön, dass Sie da sind.'
      : 'Thank you for your order. We have picked something that goes with your tea: good to have you here.',
    ...(n % 3 ? {} : { conditions: de ? 'Gültig ab 40,00 € bis zum 23.12.2026.' : 'Valid from €40.00 until 23 Dec 2026.' }),
    why: de ? 'Sie sehen das, weil Sie gerade bestellt haben.' : 'You see this because you have just ordered.',
  };
}

/** @param {string} locale */
function texts(locale, options) {
  const labels = { why: 'Why do I see this?', decline: 'No, thank you', copy: 'Copy', copied: 'Copied', share: 'Share' };
  return { labels, options: Object.fromEntries(Array.from({ length: options }, (_, n) => [id(n), text(n, locale)])) };
}

/** A policy of the documented shape. @param {{options: number, cells: number}} size */
export function policy({ options, cells }) {
  return {
    v: 1,
    hash: 'sha256-9f2c7d1e4b8a6053c1f7e29ad0b3648572cf1e90ab34d6e87f105c2b9d84e6a3',
    audience: 'page',
    shop: { name: 'Teehaus am Markt', currency: 'EUR' },
    publishedAt: '2026-11-20T08:00:00Z',
    expiresAt: '2027-02-20T08:00:00Z',
    options: Array.from({ length: options }, (_, n) => option(n)),
    cells: Array.from({ length: cells }, (_, n) => ({
      id: `k${n + 1}`,
      stage: [STAGES[n % STAGES.length]],
      tier: n < STAGES.length ? ['vip', 'top_vip'] : [TIERS[n % 2]],
      ranked: Array.from({ length: 8 }, (_, k) => [id((n * 3 + k * 5) % options), k ? 400 : 7200]),
    })),
    holdout: { bp: 0 },
    texts: { de: texts('de', options), en: texts('en', options) },
  };
}

/** The request of the documents page. */
export const request = {
  v: 1,
  now: '2026-11-23T10:05:00+01:00',
  locale: 'de',
  moment: { type: 'order_completed', at: '2026-11-23T10:04:10+01:00' },
  subject: { id: 'c_4711', identity: 'login' },
  consent: { objected: false, profiling: false, email: 'confirmed', ads: false, phone: false, storage: false },
  facts: { stage: 'relationship', tier: 'vip', orderNumber: 7, days: 412, openProblem: false, code: '03VC1S2Q4HX0' },
  order: { id: '1001', currency: 'EUR', subtotal: 4890, parcel: true, tags: ['tea'], source: 'shop', country: 'DE' },
  state: { attempts: 0, lastOption: 'guide-01', sent: { page: 1 }, stock: { 'sample-02': 120 } },
};

/** Others that every boundary must answer alike: a guest, an objection, no order. */
export const others = [
  {
    v: 1,
    now: request.now,
    locale: 'en',
    moment: request.moment,
    subject: { id: 'g_1', identity: 'anonymous' },
    facts: { orderNumber: 1 },
    order: { ...request.order, id: '820982911946154508', tags: [], subtotal: 9007199254740991, country: 'FR' },
  },
  { ...request, consent: { ...request.consent, objected: true } },
  { ...request, moment: { ...request.moment, type: 'anniversary' }, order: undefined, state: undefined, locale: 'en' },
];

/** Requests that a boundary must refuse. */
export const broken = {
  'a version that is no number': { ...request, v: 'one' },
  'a stage that is not on the list': { ...request, facts: { ...request.facts, stage: 'regular' } },
  'an amount that is not whole': { ...request, order: { ...request.order, subtotal: 48.9 } },
  'an amount above 2^53 - 1': { ...request, order: { ...request.order, subtotal: 2 ** 53 } },
  'no subject': { ...request, subject: undefined },
  'an optional field of another type': { ...request, facts: { ...request.facts, orderNumber: '7' } },
  'a flag that is a text': { ...request, consent: { ...request.consent, objected: 'true' } },
  'no object': 'text',
};
