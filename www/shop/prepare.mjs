/** What does the demo shop need beside its pages? Its policy, published from `program.json`, and some of its generated customers. */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Shop, mint, newKeys, publish } from '../../js/node.js';

/** The address that stands in `program.json` for wherever the shop will be. */
const PLACEHOLDER = 'https://teehaus.example/';

/**
 * Writes `policy.json` and `customers.json`. Keys are new every time and forgotten: the demo's codes are worth nothing.
 * @param {{ folder: string, address: string, now?: string, seed?: number }} options - `folder` holds the built pages, `address` is
 *   where they will be served, with a slash at its end.
 */
export function prepareShop({ folder, address, now = new Date().toISOString(), seed = 1 }) {
  const program = readFileSync(new URL('program.json', import.meta.url), 'utf8').replaceAll(PLACEHOLDER, address);
  const shop = new Shop({ now, currency: 'EUR', timeZone: 'Europe/Berlin' });
  try {
    shop.loadSample(seed, now.slice(0, 10));
    shop.score();
    write(folder, 'policy.json', publish(program, shop.model(), { now }));
    write(folder, 'customers.json', customersOf(shop));
  } finally {
    shop.free();
  }
}

/** A guest, a first buyer, a regular and a very good customer, as they are in the generated orders. @param {InstanceType<typeof Shop>} shop */
function customersOf(shop) {
  const codes = mint(newKeys(), { batch: 1, start: 1, count: 4 });
  /** @param {object} query */
  const first = (query) => shop.customers({ ...query, offset: 0, limit: 1 }).rows[0];
  const known = [
    { row: undefined, de: 'Ein Gast', en: 'A guest' },
    { row: first({ stage: 'first_buyer', sort: 'recent' }), de: 'Eine erste Bestellung', en: 'A first order' },
    { row: first({ tier: 'premium', stage: 'relationship', sort: 'recent' }), de: 'Eine Stammkundin', en: 'A regular' },
    { row: first({ tier: 'top_vip', sort: 'orders' }), de: 'Eine sehr gute Kundin', en: 'A very good customer' },
  ];
  return known.map(({ row, de, en }, index) => ({
    label: { de, en },
    query: {
      order: String(1001 + index),
      code: codes[index].code,
      nth: String(row?.orders ?? 1),
      ...(row && { customer: row.id, tier: row.tier, stage: row.stage, days: String(row.ageDays) }),
    },
  }));
}

/** @param {string} folder @param {string} name @param {unknown} content */
function write(folder, name, content) {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, name);
  writeFileSync(`${file}.part`, JSON.stringify(content));
  renameSync(`${file}.part`, file);
}
