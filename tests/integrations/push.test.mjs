/** Is every code in the shop exactly once, whatever happens on the way? Against stand-ins, which keep the platforms' documented limits. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import Ajv from 'ajv';
import * as core from '../../js/node.js';
import { push, rehearse } from '../../js/push/index.js';
import { APP, VERSIONS, graphql, schema } from '../../scripts/shopify.mjs';
import { read, root, scratch } from './helpers.mjs';
import { shopify, shopware, woocommerce } from './shops.mjs';

const NOW = '2026-11-28T10:00:00Z';
const KEYS = '{"v":1,"slots":[{"kid":0,"state":"active","secret":"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"}]}';
const PROMOTION = { id: 'five', currency: 'EUR', validUntil: '2026-12-31', effect: { type: 'fixed', amount: 500 }, conditions: { minSubtotal: 4000 } };
const hex = (/** @type {number} */ n) => n.toString(16).padStart(32, '0');

/** @param {number} count */
const codes = (count) => core.mint(KEYS, { batch: 7, start: 0, count }).map(({ shownCode }) => shownCode);
/** @param {any} platform @param {string} shop @param {object} more @returns {any} */
const job = (platform, shop, more) => ({ v: 1, platform, shop, now: NOW, terms: { platform, promotion: PROMOTION, timeZone: 'Europe/Berlin' }, ...more });

const CREDENTIALS = {
  shopify: { accessToken: 'shpat_stand-in' },
  shopware: { clientId: 'SWIAKEY', clientSecret: 'stand-in' },
  woocommerce: { consumerKey: 'ck_stand', consumerSecret: 'cs_in' },
};
const SHOPS = { shopify, shopware, woocommerce };
/** The codes a stand-in has, in upper case. @type {Record<string, (shop: any) => string[]>} */
const HELD = {
  shopify: (shop) => [...shop.codes.keys()],
  shopware: (shop) => [...shop.table('promotion_individual_code').values()].map(({ code }) => code.toUpperCase()),
  woocommerce: (shop) => shop.coupons.map((/** @type {any} */ { code }) => code.toUpperCase()),
};

/** What comes to an end in a push that is cut off. */
class Cut extends Error {}

for (const platform of /** @type {const} */ (['shopify', 'shopware', 'woocommerce'])) {
  test(`${platform}: 600 codes, cut off at every request before and after it was carried out, are there once each`, async (context) => {
    const wanted = codes(600);
    // How many requests it takes when nothing happens.
    const calm = await SHOPS[platform]();
    context.after(calm.close);
    const report = await push(job(platform, calm.url, { codes: wanted }), { core, credentials: CREDENTIALS[platform], sleep: async () => {} });
    assert.deepEqual([report.codes, report.present, report.refusedCount], [600, 0, 0]);
    assert.deepEqual(HELD[platform](calm).sort(), wanted.toSorted());
    const requests = calm.log.length;
    assert.ok(requests >= 3);
    for (let at = 1; at <= requests; at++) {
      for (const when of /** @type {const} */ (['before', 'after'])) {
        const shop = await SHOPS[platform]();
        /** @type {any} */
        let progress;
        let sent = 0;
        // The process dies with the connection: what it knew is what it had kept.
        const dying = async (/** @type {any} */ url, /** @type {any} */ init) => {
          sent += 1;
          if (sent === at) shop.crash(1, when);
          try {
            return await fetch(url, init);
          } catch {
            throw new Cut();
          }
        };
        const run = (/** @type {typeof fetch} */ send) => {
          let dead = false;
          return push(job(platform, shop.url, { codes: wanted }), {
            core, credentials: CREDENTIALS[platform], progress, sleep: async () => {},
            save: (kept) => {
              if (!dead) progress = JSON.parse(JSON.stringify(kept));
            },
            fetch: /** @type {any} */ (async (/** @type {any} */ url, /** @type {any} */ init) => {
              try {
                return await send(url, init);
              } catch (error) {
                if (error instanceof Cut) dead = true;
                throw error;
              }
            }),
            onStep: () => {
              if (dead) throw new Cut();
            },
          });
        };
        await assert.rejects(run(/** @type {any} */ (dying)), Cut, `${at} ${when}`);
        const { codes: there, refusedCount } = await run(fetch);
        assert.deepEqual([there, refusedCount], [600, 0], `${at} ${when}`);
        assert.deepEqual(HELD[platform](shop).sort(), wanted.toSorted(), `${at} ${when}`);
        if (platform === 'shopify') assert.equal(shop.discounts.size, 1, 'one discount');
        if (platform === 'shopware') {
          const [promotion, ...others] = shop.table('promotion').values();
          assert.deepEqual([others.length, promotion.discounts.length, promotion.cartRules.length, promotion.salesChannels.length], [0, 1, 1, 1]);
        }
        await shop.close();
      }
    }
    context.diagnostic(`${requests} requests, cut off ${2 * requests} times`);
  });

  test(`${platform}: a push that lost its progress, or is run twice, changes nothing; codes of others are refused by their place`, async (context) => {
    const shop = await SHOPS[platform]();
    context.after(shop.close);
    const wanted = codes(120);
    const run = (/** @type {any} */ more) => push(job(platform, shop.url, { codes: wanted, ...more }), { core, credentials: CREDENTIALS[platform], sleep: async () => {} });
    await run({});
    const again = await run({});
    assert.deepEqual([again.codes, again.refusedCount], [120, 0]);
    assert.deepEqual(HELD[platform](shop).sort(), wanted.toSorted());
    // The same codes for another promotion: they are somebody else's now.
    const other = { platform, promotion: { ...PROMOTION, id: 'other' } };
    const mixed = [...core.mint(KEYS, { batch: 8, start: 0, count: 5 }).map(({ shownCode }) => shownCode), wanted[3].toLowerCase(), wanted[4]];
    const report = await push(job(platform, shop.url, { codes: mixed, terms: other }), { core, credentials: CREDENTIALS[platform], sleep: async () => {} });
    assert.deepEqual([report.codes, report.refusedCount, report.refused?.map(({ code }) => code)], [5, 2, [5, 6]]);
    assert.equal(HELD[platform](shop).length, 125);
    assert.ok(!JSON.stringify(report).includes(wanted[4]), 'a report gives no code away');
  });
}

test('shopify: an allowance that runs out is waited for, and not run into', async (context) => {
  const shop = await shopify({ points: 30, rate: 5 });
  context.after(shop.close);
  let waited = 0;
  const sleep = async (/** @type {number} */ milliseconds) => {
    waited += milliseconds;
    shop.refill(milliseconds / 1000);
  };
  const report = await push(job('shopify', shop.url, { codes: codes(1000) }), { core, credentials: CREDENTIALS.shopify, sleep });
  assert.equal(report.codes, 1000);
  assert.ok(waited > 0);
  assert.ok(shop.throttled() <= 1, `${shop.throttled()} requests were refused for want of points`);
  context.diagnostic(`${shop.log.length} requests, ${waited / 1000} s of waiting, ${shop.throttled()} refused`);
});

test('shopware: Retry-After is kept to, and a token that ends on the way is renewed', async (context) => {
  const shop = await shopware({ slow: 3 });
  context.after(shop.close);
  /** @type {number[]} */
  const waits = [];
  let sent = 0;
  const fetching = async (/** @type {any} */ url, /** @type {any} */ init) => {
    if (++sent === 7) shop.expire();
    return fetch(url, init);
  };
  const report = await push(job('shopware', shop.url, { codes: codes(1200) }), {
    core, credentials: CREDENTIALS.shopware, fetch: /** @type {any} */ (fetching), sleep: async (milliseconds) => waits.push(milliseconds),
  });
  assert.equal(report.codes, 1200);
  assert.deepEqual(waits, [2000, 2000, 2000]);
  assert.equal(shop.log.filter((line) => line.includes('/oauth/token')).length, 2);
});

test('facts and policy reach customers, and those the shop does not know are named', async (context) => {
  const people = Array.from({ length: 12 }, (_, index) => 1001 + index);
  const facts = (/** @type {(n: number) => string} */ id) => [...people, 9999].map((n) => ({ customer: id(n), tier: 'vip', stage: 'relationship', orderNumber: 3, code: '03VC-1S2Q-4HX0' }));
  const policy = '{"v":1}';
  const one = await shopify({ customers: people.map(String) });
  const two = await shopware({ customers: people.map(hex) });
  const three = await woocommerce({ customers: people });
  context.after(() => Promise.all([one, two, three].map(({ close }) => close())));
  const settings = { core, sleep: async () => {} };

  const onShopify = await push(job('shopify', one.url, { terms: undefined, facts: facts(String), tags: true, policy }), { ...settings, credentials: CREDENTIALS.shopify });
  assert.deepEqual([onShopify.customers, onShopify.refused?.[0].customer, onShopify.policy], [12, '9999', true]);
  assert.equal(one.metafields.get('gid://shopify/Customer/1012/zugabe.order_number'), '3');
  assert.equal(one.metafields.get('gid://shopify/Shop/1/zugabe.policy'), policy);
  assert.deepEqual([...(one.tags.get('gid://shopify/Customer/1001') ?? [])], ['zugabe-vip']);
  assert.equal(one.definitions.size, JSON.parse(read('integrations/shopify/graphql/facts.json')).length);

  const down = facts(String).map((fact) => ({ ...fact, tier: 'premium' }));
  await push(job('shopify', one.url, { terms: undefined, facts: down.slice(0, 1), tags: true }), { ...settings, credentials: CREDENTIALS.shopify });
  assert.deepEqual([...(one.tags.get('gid://shopify/Customer/1001') ?? [])], ['zugabe-premium'], 'the tag of another tier is taken away');

  const onShopware = await push(job('shopware', two.url, { terms: undefined, facts: facts(hex), tags: true, policy }), { ...settings, credentials: CREDENTIALS.shopware });
  assert.deepEqual([onShopware.customers, onShopware.refused?.[0].customer, onShopware.policy], [12, hex(9999), true]);
  const customer = two.table('customer').get(hex(1001));
  assert.deepEqual(customer.customFields, { other: 'stays', zugabe_tier: 'vip', zugabe_stage: 'relationship', zugabe_order_number: 3, zugabe_code: '03VC-1S2Q-4HX0' });
  assert.deepEqual(customer.tags.map((/** @type {any} */ { name }) => name), ['zugabe-vip']);
  assert.equal(two.settings['ZugabeThanks.config.policy'], policy);

  const onWoo = await push(job('woocommerce', three.url, { terms: undefined, facts: facts(String) }), { ...settings, credentials: CREDENTIALS.woocommerce });
  assert.deepEqual([onWoo.customers, onWoo.refused?.[0].customer], [12, '9999']);
  assert.deepEqual(three.people.get(1001)?.[0], { key: 'zugabe_tier', value: 'vip' });
});

test('what plugins and extensions read is what a push writes', () => {
  const written = [...JSON.stringify(rehearse(job('shopware', 'https://tea.example', { terms: undefined, facts: [{ customer: hex(1), tier: 'vip', stage: 'vip', orderNumber: 1, code: 'A', objected: true }] }), { core })).matchAll(/zugabe_\w+/g)].map(([name]) => name);
  const fields = read('integrations/shopware/ZugabeThanks/src/Lifecycle/CustomFields.php');
  for (const name of written) assert.ok(fields.includes(`'${name}'`), name);
  assert.equal(new Set(written).size, 5);
  const woo = [...JSON.stringify(rehearse(job('woocommerce', 'https://tea.example', { terms: undefined, facts: [{ customer: '1', tier: 'vip', stage: 'vip', code: 'A', objected: true }] }), { core })).matchAll(/zugabe_(\w+)/g)].map(([, name]) => name);
  const reads = read('integrations/woocommerce/zugabe-thanks/src/Facts.php');
  for (const name of woo) assert.ok(reads.includes(`'${name}'`), name);
});

const EVERYTHING = {
  codes: codes(260), tags: true, policy: '{"v":1}',
  facts: [{ customer: '7', tier: 'top_vip', stage: 'vip', orderNumber: 9, code: 'A-1', sent: 2 }],
};

for (const version of VERSIONS) {
  test(`every document that a push sends fits Shopify's schema ${version}, variables included`, { timeout: 600_000 }, async () => {
    const { parse, validate, coerceInputValue, typeFromAST } = graphql();
    const admin = await schema('admin', version);
    const percent = { ...PROMOTION, effect: { type: 'percent', bp: 1050 } };
    const free = { ...PROMOTION, effect: { type: 'free_shipping' }, conditions: { minQuantity: 2 } };
    /** @type {Map<string, any>} */
    const sent = new Map();
    /** @param {string} query @param {any} variables */
    const check = (query, variables) => {
      const document = parse(query);
      assert.deepEqual(validate(admin, document), [], query);
      for (const { variable, type } of document.definitions[0].variableDefinitions) {
        coerceInputValue(variables[variable.name.value], typeFromAST(admin, type), (/** @type {any} */ path, /** @type {any} */ _value, /** @type {Error} */ error) =>
          assert.fail(`${query.slice(0, 40)} ${path.join('.')}: ${error.message}`));
      }
      sent.set(query, variables);
    };
    for (const promotion of [PROMOTION, percent, free]) {
      const terms = { platform: 'shopify', promotion, currency: 'EUR' };
      for (const { body = '', url } of rehearse(job('shopify', 'https://tea.myshopify.com', { ...EVERYTHING, terms, apiVersion: version }), { core })) {
        assert.equal(url, `https://tea.myshopify.com/admin/api/${version}/graphql.json`);
        const { query, variables } = JSON.parse(body);
        check(query, variables);
      }
    }
    // What is only asked when codes are there already.
    const shop = await shopify({ asked: check });
    try {
      for (let run = 0; run < 2; run++) await push(job('shopify', shop.url, { codes: EVERYTHING.codes.slice(0, 60) }), { core, credentials: CREDENTIALS.shopify, sleep: async () => {} });
    } finally {
      await shop.close();
    }
    assert.ok([...sent.keys()].some((query) => query.includes('c49: codeDiscountNodeByCode')));
    assert.ok(sent.size >= 11, `${sent.size} documents`);
    assert.throws(() => check('query A { shop { names } }', {}));
  });
}

test('every body for Shopware and WooCommerce fits the types written after their documentation', async (context) => {
  const ajv = new Ajv({ allErrors: true, strictTypes: false });
  const types = JSON.parse(read('tests/integrations/bodies.json'));
  /** @type {Set<string>} */
  const seen = new Set();
  /** @param {string} system @returns {(path: string, body: any) => void} */
  const checker = (system) => (path, body) => {
    const name = `${system} ${path.replace(/^\/(api|wp-json\/wc\/v3)\//, '')}`;
    if (body === undefined) return;
    const type = types.bodies[name];
    assert.ok(type, `no type for ${name}`);
    const fits = ajv.compile({ ...type, $defs: types.$defs });
    assert.ok(fits(body), `${name}: ${JSON.stringify(fits.errors)}`);
    seen.add(name);
  };
  const two = await shopware({ customers: [hex(7)], asked: checker('shopware') });
  const three = await woocommerce({ customers: [7], asked: checker('woocommerce') });
  context.after(() => Promise.all([two.close(), three.close()]));
  const wide = { ...PROMOTION, exclusive: true, validFrom: '2026-11-01' };
  for (let run = 0; run < 2; run++) {
    const facts = [{ ...EVERYTHING.facts[0], customer: hex(7), objected: true }];
    for (const promotion of [wide, { id: 'ship', effect: { type: 'free_shipping' } }, { id: 'ten', currency: 'EUR', effect: { type: 'percent', bp: 1000 }, cap: 1000 }]) {
      await push(job('shopware', two.url, { ...EVERYTHING, facts, codes: codes(20), pattern: 'DANKE-%s%d%s%d%s', terms: { platform: 'shopware', currency: 'EUR', promotion } }), { core, credentials: CREDENTIALS.shopware, sleep: async () => {} });
    }
    const facts3 = [{ ...EVERYTHING.facts[0], objected: false }];
    const most = { ...PROMOTION, effect: { type: 'percent', bp: 1250 }, maxUnits: 3, exclusive: true, conditions: { minSubtotal: 4000, maxSubtotal: 90000 } };
    for (const promotion of [PROMOTION, most, { id: 'ship', effect: { type: 'free_shipping' } }]) {
      await push(job('woocommerce', three.url, { codes: codes(120), facts: facts3, terms: { platform: 'woocommerce', currency: 'EUR', timeZone: 'Europe/Berlin', promotion } }), { core, credentials: CREDENTIALS.woocommerce, sleep: async () => {} });
    }
  }
  assert.deepEqual([...seen].sort(), Object.keys(types.bodies).sort());
  assert.equal(three.coupons[0].date_expires_gmt, '2026-12-31T22:59:59', 'the last second of the day in Berlin');
});

test('no token is in an error, and none goes to another address', async (context) => {
  const shop = await shopify({ token: 'another' });
  context.after(shop.close);
  const refused = push(job('shopify', shop.url, { codes: codes(2) }), { core, credentials: { accessToken: 'shpat_secret' }, sleep: async () => {} });
  await assert.rejects(refused, (/** @type {any} */ error) => error.code === 'invalid_keys' && !JSON.stringify([error, error.message, String(error.cause)]).includes('shpat_secret'));
  await assert.rejects(push(job('shopify', shop.url, { codes: codes(2) }), { core, credentials: { accessToken: 'a\nb' } }), /missing, or not a line/);
  await assert.rejects(push(job('shopify', 'http://tea.example', { codes: codes(2) }), { core, credentials: CREDENTIALS.shopify }), /https/);
});

const TOOL = ['target/debug/zugabe', 'target/release/zugabe'].map((path) => join(root, path)).find(existsSync);

test('the native tool does the same: dry run, token from file and environment, resume', { skip: TOOL ? false : 'the native tool is not built' }, async (context) => {
  const folder = scratch(context);
  const shop = await shopify({ customers: ['4711'] });
  context.after(shop.close);
  const at = (/** @type {string} */ name) => join(folder, name);
  const wanted = core.mint(KEYS, { batch: 7, start: 0, count: 260 });
  writeFileSync(at('codes.ndjson'), wanted.map((line, index) => JSON.stringify(index ? line : { ...line, order: '1', customer: '4711' })).join('\n'));
  writeFileSync(at('five.json'), JSON.stringify(PROMOTION));
  writeFileSync(at('customers.csv'), 'id,name,orders,tier,stage\n4711,,3,vip,relationship\ne_0123,,1,none,first_buyer\n9999,,1,none,first_buyer\n');
  writeFileSync(at('token'), 'shpat_stand-in\n');
  const args = ['push', '--to', 'shopify', '--shop', shop.url, '--codes', at('codes.ndjson'), '--promotion', at('five.json'), '--time-zone', 'Europe/Berlin', '--facts', at('customers.csv'), '--resume', at('push.json')];
  /** @param {string[]} more @param {Record<string, string>} [env] @returns {Promise<{ status: number | null, out: string, err: string }>} */
  const tool = (more, env = {}) =>
    new Promise((resolve) => {
      const child = spawn(/** @type {string} */ (TOOL), [...args, ...more], { env: { ...process.env, ...env } });
      let [out, err] = ['', ''];
      child.stdout.on('data', (text) => (out += text));
      child.stderr.on('data', (text) => (err += text));
      child.on('close', (status) => resolve({ status, out, err }));
    });

  const dry = await tool(['--dry-run']);
  assert.equal(dry.status, 0, dry.err);
  const lines = dry.out.trim().split('\n').map((line) => JSON.parse(line));
  assert.deepEqual(lines.filter(({ call }) => call === 'discountRedeemCodeBulkAdd').map(({ items }) => items), [249, 10]);
  assert.equal(shop.log.length, 0, 'nothing was sent');

  chmodSync(at('token'), 0o644);
  const open = await tool(['--token', at('token')]);
  assert.equal(open.status, 2);
  assert.match(open.err, /chmod 600/);
  chmodSync(at('token'), 0o600);
  const wrong = await tool(['--token', 'env:ZUGABE_TEST_TOKEN'], { ZUGABE_TEST_TOKEN: 'shpat_wrong' });
  assert.equal(JSON.parse(wrong.err).error.code, 'invalid_keys');
  assert.ok(!wrong.err.includes('shpat_wrong') && shop.codes.size === 0);

  // The connection breaks on the way, once before and once after the request was carried out.
  shop.crash(3, 'after');
  const done = await tool(['--token', at('token')]);
  const report = JSON.parse(done.out);
  assert.deepEqual([report.codes, report.customers, report.guests, report.refused[0].customer], [260, 1, 1, '9999']);
  assert.equal(done.status, 2, 'somebody was refused, and that is said');
  assert.deepEqual([...shop.codes.keys()].sort(), wanted.map(({ shownCode }) => shownCode).sort());
  assert.equal(shop.metafields.get('gid://shopify/Customer/4711/zugabe.code'), wanted[0].shownCode);
  const kept = readFileSync(at('push.json'), 'utf8');
  assert.ok(!kept.includes(wanted[0].shownCode) && !kept.includes('shpat'));
  const before = shop.log.length;
  const again = await tool(['--token', at('token')]);
  assert.deepEqual([JSON.parse(again.out).codes, shop.log.length], [260, before], 'all is done: nothing is asked any more');
});
