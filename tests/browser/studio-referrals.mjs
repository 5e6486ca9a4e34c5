/** Which orders do the tests of "Who brought whom" read? Friends who came with a code: kept, pending, cancelled, paid back, odd. */
import { hkdfSync } from 'node:crypto';
import { importOrders, newKeys, settle, Shop } from '../../js/node.js';

export const ZONE = 'Europe/Berlin';

/** The programme: whoever recommends gets a voucher, so that there are codes to import. */
export const PROGRAM = JSON.stringify(
  {
    zugabe: 1,
    shop: { name: 'Teehaus', currency: 'EUR', timeZone: ZONE, locales: ['de', 'en'] },
    referral: { friend: { amount: 500, minimumOrder: 4000 }, terms: { reward: { kind: 'discount', amount: 500, minimumOrder: 2000 }, returnDays: 30 } },
  },
  null,
  2,
);

/**
 * One line of an export.
 * @typedef {object} Line
 * @property {string} id
 * @property {string} at
 * @property {string} customer its number; empty, known by address alone
 * @property {string} email
 * @property {string} [code]
 * @property {string} [paid]
 * @property {string} [cancelled]
 * @property {string} [refunded]
 */

/** @param {Line[]} lines */
export function csvOf(lines) {
  const head = 'Order ID,Created at,Customer ID,Email,Total,Currency,Discount Code,Paid at,Cancelled at,Refunded amount';
  return `${[head, ...lines.map(({ id, at, customer, email, code = '', paid = `${at} 10:05`, cancelled = '', refunded = '' }) => [id, `${at} 10:00`, customer, email, '60.00', 'EUR', code, paid, cancelled, refunded].join(','))].join('\n')}\n`;
}

/** @type {Line[]} Those who got a code with their order; Berta has no number. */
const FIRST = [
  { id: 'A1', at: '2026-03-01', customer: 'anna', email: 'anna@example.com' },
  { id: 'A2', at: '2026-03-02', customer: '', email: 'berta@example.com' },
  { id: 'A3', at: '2026-03-03', customer: 'carl', email: 'carl@example.com' },
  { id: 'A4', at: '2026-03-04', customer: 'dora', email: 'do.ra+shop@gmail.com' },
];

/** The present of the first export, and of the second one. */
export const [FIRST_NOW, SECOND_NOW] = ['2026-06-15T12:00:00.000Z', '2026-07-20T12:00:00.000Z'];

/** A shop whose customers recommend: keys, the codes that went out, and two exports. */
export function recommendedShop() {
  const keys = newKeys();
  const shop = readShop(csvOf(FIRST), keys, '2026-03-10T12:00:00.000Z');
  const codes = shop.codesCsv({ programText: PROGRAM, keysText: keys, now: '2026-03-10T12:00:00.000Z', batch: 1 });
  const [head, ...rows] = codes.trimEnd().split('\n').map((line) => line.split(','));
  const column = (/** @type {string} */ name) => head.indexOf(name);
  const codeOf = new Map(rows.filter((row) => row[column('option')] === 'recommend').map((row) => [row[column('order')], row[column('shown_code')]]));
  /** @type {Line[]} */
  const first = [
    ...FIRST,
    { id: 'KEPT', at: '2026-04-20', customer: 'emil', email: 'emil@example.com', code: codeOf.get('A1') },
    { id: 'GONE', at: '2026-04-25', customer: 'finn', email: 'finn@example.com', code: codeOf.get('A3'), cancelled: '2026-04-26 09:00' },
    { id: 'BACK', at: '2026-04-28', customer: 'gerd', email: 'gerd@example.com', code: codeOf.get('A1'), refunded: '60.00' },
    { id: 'SELF', at: '2026-05-01', customer: 'carl', email: 'carl@example.com', code: codeOf.get('A3') },
    { id: 'ODD', at: '2026-05-02', customer: 'hilde', email: 'dora@googlemail.com', code: codeOf.get('A4') },
    { id: 'SOON', at: '2026-06-05', customer: 'ida', email: 'ida@example.com', code: codeOf.get('A2') },
  ];
  return { keys, codes, codeOf, first };
}

/** How the tool reads with these keys: addresses hashed under a key of their own. @param {string} keys @param {string} now */
function reading(keys, now) {
  const secret = Buffer.from(JSON.parse(keys).slots[0].secret, 'base64url');
  return { timeZone: ZONE, now, hashKey: Buffer.from(hkdfSync('sha256', secret, '', 'order/email', 32)).toString('hex') };
}

/**
 * What the package itself says of the same orders.
 * @param {string} csv
 * @param {string} keys
 * @param {string} now
 * @param {object} [more]
 */
export const settled = (csv, keys, now, more = {}) => settle(importOrders('orders.csv', new TextEncoder().encode(csv), reading(keys, now)).orders, { programText: PROGRAM, keysText: keys, now, ...more });

/** @param {string} csv @param {string} keys @param {string} now */
function readShop(csv, keys, now) {
  const shop = new Shop(reading(keys, now));
  shop.openFile('orders.csv');
  shop.push(new TextEncoder().encode(csv));
  shop.closeFile();
  shop.finish();
  shop.score();
  return shop;
}
