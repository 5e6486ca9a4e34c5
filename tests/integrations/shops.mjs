/**
 * Stand-ins for three shop systems: small servers that keep what they are given and enforce the limits the platforms document. They are
 * no Shopify, no Shopware and no WooCommerce; what they refuse is what those say they refuse.
 */
import { createServer } from 'node:http';
import { randomUUID } from 'node:crypto';

/** @typedef {{ status: number, body?: any, headers?: Record<string, string> }} Answer */

/**
 * A server on loopback. `crash(n)` cuts the connection of the n-th request from now: before it is carried out, or after it and before the
 * answer is out.
 * @param {(request: { method: string, path: string, query: URLSearchParams, headers: import('node:http').IncomingHttpHeaders, body: any }) => Answer | Promise<Answer>} handle
 */
async function listen(handle) {
  /** @type {{ at: number, when: 'before' | 'after' } | undefined} */
  let planned;
  /** @type {string[]} */
  const log = [];
  const server = createServer(async (incoming, outgoing) => {
    const chunks = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString();
    const url = new URL(incoming.url ?? '/', 'http://localhost');
    const cut = planned && --planned.at === 0 ? planned.when : undefined;
    if (cut) planned = undefined;
    if (cut === 'before') return incoming.socket.destroy();
    const { status, body, headers = {} } = await handle({
      method: incoming.method ?? 'GET', path: url.pathname, query: url.searchParams, headers: incoming.headers, body: text ? JSON.parse(text) : undefined,
    });
    log.push(`${incoming.method} ${url.pathname} ${status}`);
    if (cut === 'after') return incoming.socket.destroy();
    outgoing.writeHead(status, { 'content-type': 'application/json', ...headers });
    outgoing.end(body === undefined ? '' : JSON.stringify(body));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  return {
    url: `http://127.0.0.1:${port}`,
    log,
    /** @param {number} at @param {'before' | 'after'} when */
    crash(at, when) {
      planned = { at, when };
    },
    close: () => new Promise((resolve) => server.close(() => resolve(undefined))),
  };
}

/**
 * Shopify's Admin API, as far as a push goes: 250 codes and 25 metafields in a call, points that come back with time, a code once in the
 * shop whatever its case, codes that are added after the answer.
 * @param {{ token?: string, points?: number, rate?: number, customers?: string[], asked?: (document: string, variables: any) => void }} [options]
 */
export async function shopify({ token = 'shpat_stand-in', points = 2000, rate = 100, customers = [], asked } = {}) {
  /** @type {Map<string, string>} code in upper case → discount */
  const codes = new Map();
  /** @type {Map<string, any>} */
  const discounts = new Map();
  /** @type {Map<string, any>} */
  const bulks = new Map();
  /** @type {Map<string, string>} */
  const metafields = new Map();
  /** @type {Map<string, Set<string>>} */
  const tags = new Map();
  /** @type {Set<string>} */
  const definitions = new Set();
  let available = points;
  let throttled = 0;
  let number = 0;

  /** @param {string} code @param {string} discount */
  const take = (code, discount) => !codes.has(code.toUpperCase()) && !!codes.set(code.toUpperCase(), discount);
  const error = (/** @type {string} */ code, /** @type {string} */ message) => [{ code, field: null, message }];

  const carryOut = (/** @type {any} */ bulk) => {
    bulk.nodes ??= bulk.wanted.map((/** @type {{ code: string }} */ { code }) =>
      take(code, bulk.discountId)
        ? { code, discountRedeemCode: { id: `gid://shopify/DiscountRedeemCode/${++number}` }, errors: [] }
        : { code, discountRedeemCode: null, errors: [{ code: 'TAKEN', message: 'Code must be unique. Please try a different code.' }] },
    );
  };

  /** @type {Record<string, (variables: any) => any>} */
  const fields = {
    codeDiscountNodeByCode: ({ code }) => node(code),
    discountCodeBasicCreate: ({ basicCodeDiscount }) => create(basicCodeDiscount),
    discountCodeFreeShippingCreate: ({ freeShippingCodeDiscount }) => create(freeShippingCodeDiscount),
    discountRedeemCodeBulkAdd({ discountId, codes: wanted }) {
      if (!discounts.has(discountId)) return { bulkCreation: null, userErrors: error('INVALID', 'Discount does not exist.') };
      if (wanted.length > 250) return { bulkCreation: null, userErrors: error('EXCEEDED_MAX', 'At most 250 codes.') };
      // What was begun before goes on, whether somebody asks about it or not.
      for (const bulk of bulks.values()) carryOut(bulk);
      const id = `gid://shopify/DiscountRedeemCodeBulkCreation/${++number}`;
      bulks.set(id, { polls: 0, discountId, wanted });
      return { bulkCreation: { id, done: false }, userErrors: [] };
    },
    discountRedeemCodeBulkCreation({ id }) {
      const bulk = bulks.get(id);
      if (!bulk) return null;
      // Done at the second question: the codes are there from then on.
      if (++bulk.polls < 2) return { id, done: false, codes: { nodes: [] } };
      carryOut(bulk);
      return { id, done: true, codes: { nodes: bulk.nodes } };
    },
    metafieldDefinitionCreate({ definition: { ownerType, namespace, key } }) {
      const name = `${ownerType}/${namespace}.${key}`;
      if (definitions.has(name)) return { createdDefinition: null, userErrors: error('TAKEN', 'Key is in use.') };
      definitions.add(name);
      return { createdDefinition: { id: name }, userErrors: [] };
    },
    metafieldsSet({ metafields: wanted }) {
      if (wanted.length > 25) return { metafields: null, userErrors: error('LESS_THAN_OR_EQUAL_TO', 'At most 25 metafields.') };
      const unknown = wanted.flatMap((/** @type {any} */ { ownerId }, /** @type {number} */ elementIndex) =>
        known(ownerId) ? [] : [{ code: 'INVALID', elementIndex, field: ['metafields', `${elementIndex}`, 'ownerId'], message: 'Owner does not exist.' }],
      );
      if (unknown.length) return { metafields: [], userErrors: unknown };
      for (const { ownerId, namespace, key, value } of wanted) metafields.set(`${ownerId}/${namespace}.${key}`, value);
      return { metafields: [], userErrors: [] };
    },
    tagsRemove({ id, old }) {
      for (const tag of old) tags.get(id)?.delete(tag);
      return { userErrors: [] };
    },
    tagsAdd({ id, new: added }) {
      if (!known(id)) return { userErrors: error('INVALID', 'Owner does not exist.') };
      tags.set(id, new Set([...(tags.get(id) ?? []), ...added]));
      return { userErrors: [] };
    },
    shop: () => ({ id: 'gid://shopify/Shop/1' }),
  };
  const known = (/** @type {string} */ id) => id === 'gid://shopify/Shop/1' || customers.some((customer) => id === `gid://shopify/Customer/${customer}`);
  const node = (/** @type {string} */ code) => {
    const id = codes.get(code.toUpperCase());
    return id ? { id, codeDiscount: { title: discounts.get(id)?.title } } : null;
  };
  const create = (/** @type {any} */ discount) => {
    for (const name of ['code', 'title', 'startsAt', 'context']) {
      if (discount[name] === undefined) return { codeDiscountNode: null, userErrors: error('BLANK', `${name} can't be blank`) };
    }
    const id = `gid://shopify/DiscountCodeNode/${++number}`;
    if (!take(discount.code, id)) return { codeDiscountNode: null, userErrors: error('TAKEN', 'Code must be unique.') };
    discounts.set(id, discount);
    return { codeDiscountNode: { id }, userErrors: [] };
  };

  const server = await listen(({ path, headers, body }) => {
    if (!/^\/admin\/api\/2026-(10|07)\/graphql\.json$/.test(path)) return { status: 404, body: {} };
    if (headers['x-shopify-access-token'] !== token) return { status: 401, body: { errors: '[API] Invalid API key or access token' } };
    const { query, variables } = body;
    asked?.(query, variables);
    const cost = query.startsWith('mutation') ? 10 : 2;
    const status = () => ({ requestedQueryCost: cost, throttleStatus: { maximumAvailable: points, currentlyAvailable: available, restoreRate: rate } });
    if (available < cost) {
      throttled += 1;
      const answer = { errors: [{ message: 'Throttled', extensions: { code: 'THROTTLED' } }], extensions: { cost: status() } };
      // Time passes by being waited for: whoever comes again without waiting finds as little.
      return { status: 200, body: answer };
    }
    available -= cost;
    const data = Object.fromEntries(
      [...query.matchAll(/^ {2}(?:(\w+): )?(\w+)(?:\((\w+): \$(\w+)\))?/gm)]
        .filter(([, , name]) => fields[name])
        .map(([, alias, name, argument, variable]) => [alias ?? name, fields[name](alias ? { [argument]: variables[variable] } : variables)]),
    );
    return { status: 200, body: { data, extensions: { cost: status() } } };
  });
  return {
    ...server, codes, discounts, metafields, tags, definitions,
    throttled: () => throttled,
    /** Time goes by. @param {number} seconds */
    refill: (seconds) => void (available = Math.min(points, available + seconds * rate)),
  };
}

/**
 * Shopware's Admin API: tokens that end, the sync endpoint that writes all or nothing, a code once among all promotions.
 * @param {{ customers?: string[], channels?: string[], slow?: number, asked?: (path: string, body: any) => void }} [options]
 */
export async function shopware({ customers = [], channels = ['0123456789abcdef0123456789abcdef'], slow = 0, asked } = {}) {
  /** @type {Map<string, Map<string, any>>} */
  const tables = new Map();
  const table = (/** @type {string} */ name) => {
    if (!tables.has(name)) tables.set(name, new Map());
    return /** @type {Map<string, any>} */ (tables.get(name));
  };
  for (const id of customers) table('customer').set(id, { id, customFields: { other: 'stays' } });
  /** @type {Set<string>} */
  const tokens = new Set();
  /** @type {Record<string, any>} */
  const settings = {};
  let refused = 0;

  const server = await listen(({ path, headers, body }) => {
    if (path === '/api/oauth/token') {
      if (body.client_id !== 'SWIAKEY' || body.client_secret !== 'stand-in') return { status: 401, body: { errors: [] } };
      const token = randomUUID();
      tokens.add(token);
      return { status: 200, body: { token_type: 'Bearer', expires_in: 600, access_token: token } };
    }
    if (!tokens.has((headers.authorization ?? '').replace('Bearer ', ''))) return { status: 401, body: { errors: [{ detail: 'Access token could not be verified' }] } };
    if (refused < slow) {
      refused += 1;
      return { status: 429, headers: { 'retry-after': '2' }, body: { errors: [{ code: 'FRAMEWORK__RATE_LIMIT_EXCEEDED' }] } };
    }
    asked?.(path, body);
    if (path === '/api/search/sales-channel') return { status: 200, body: { data: channels.map((id) => ({ id })) } };
    if (path === '/api/search-ids/customer') return { status: 200, body: { data: body.ids.filter((/** @type {string} */ id) => table('customer').has(id)) } };
    if (path === '/api/search/promotion-individual-code') {
      const wanted = body.filter[0].value.toUpperCase().split('|');
      return { status: 200, body: { data: [...table('promotion_individual_code').values()].filter(({ code }) => wanted.includes(code.toUpperCase())) } };
    }
    if (path === '/api/_action/system-config') {
      Object.assign(settings, body);
      return { status: 204 };
    }
    if (path === '/api/_action/sync') return sync(body);
    return { status: 404, body: { errors: [{ detail: 'No route' }] } };
  });

  /** @param {any[]} operations @returns {Answer} */
  function sync(operations) {
    /** @type {(() => void)[]} */
    const writes = [];
    for (const { entity, action, payload } of operations) {
      for (const row of payload) {
        if (action === 'delete') continue;
        if (!/^[0-9a-f]{32}$/.test(row.id ?? '')) return { status: 400, body: { errors: [{ detail: 'Value is not a valid UUID' }] } };
        if (entity === 'promotion_individual_code') {
          const other = [...table(entity).values()].find(({ id, code }) => id !== row.id && code.toUpperCase() === row.code.toUpperCase());
          if (other) return { status: 500, body: { errors: [{ detail: "Integrity constraint violation: 1062 Duplicate entry for key 'uniq.promotion_individual_code.code'" }] } };
          if (!table('promotion').has(row.promotionId)) return { status: 500, body: { errors: [{ detail: 'Cannot add or update a child row' }] } };
        }
        if (entity === 'customer' && !table('customer').has(row.id)) return { status: 400, body: { errors: [{ detail: 'This value should not be blank.', source: { pointer: '/0/email' } }] } };
        writes.push(() => {
          const before = table(entity).get(row.id) ?? {};
          const merged = { ...before, ...row, ...(row.customFields && { customFields: { ...before.customFields, ...row.customFields } }) };
          // Children come by their own ids: one without would be another one every time.
          for (const [name, value] of Object.entries(row)) {
            if (['discounts', 'salesChannels', 'cartRules', 'tags'].includes(name)) {
              const kept = new Map((before[name] ?? []).map((/** @type {any} */ child) => [child.id, child]));
              for (const child of /** @type {any[]} */ (value)) kept.set(child.id ?? randomUUID(), child);
              merged[name] = [...kept.values()];
            }
          }
          table(entity).set(row.id, merged);
        });
      }
      if (entity === 'customer_tag' && action === 'delete') {
        writes.push(() => {
          for (const { customerId, tagId } of payload) {
            const customer = table('customer').get(customerId);
            if (customer?.tags) customer.tags = customer.tags.filter((/** @type {any} */ { id }) => id !== tagId);
          }
        });
      }
    }
    for (const write of writes) write();
    return { status: 200, body: { extensions: [], data: {}, notFound: {}, deleted: {} } };
  }
  return { ...server, table, settings, expire: () => tokens.clear() };
}

/**
 * WooCommerce's REST API: a hundred objects in a batch, a code once, and an error beside each object that is refused.
 * @param {{ customers?: number[], asked?: (path: string, body: any) => void }} [options]
 */
export async function woocommerce({ customers = [], asked } = {}) {
  /** @type {any[]} */
  const coupons = [];
  /** @type {Map<number, any[]>} */
  const people = new Map(customers.map((id) => [id, []]));
  const same = (/** @type {string} */ code) => coupons.find((coupon) => coupon.code === code.toLowerCase());
  const expected = `Basic ${Buffer.from('ck_stand:cs_in').toString('base64')}`;
  const server = await listen(({ path, query, headers, body }) => {
    if (headers.authorization !== expected) return { status: 401, body: { code: 'woocommerce_rest_cannot_view', message: 'Sorry, you cannot list resources.' } };
    asked?.(path, body);
    if (path === '/wp-json/wc/v3/coupons') return { status: 200, body: coupons.filter(({ code }) => code === (query.get('code') ?? '').toLowerCase()) };
    const objects = body?.create ?? body?.update ?? [];
    if (objects.length > 100) return { status: 413, body: { code: 'woocommerce_rest_request_entity_too_large', message: 'Unable to accept more than 100 items for this request.' } };
    if (path === '/wp-json/wc/v3/coupons/batch') {
      const create = objects.map((/** @type {any} */ coupon) => {
        if (same(coupon.code)) return { id: 0, error: { code: 'woocommerce_rest_coupon_code_already_exists', message: 'The coupon code already exists', data: { status: 400 } } };
        const kept = { id: coupons.length + 1, ...coupon, code: coupon.code.toLowerCase() };
        coupons.push(kept);
        return kept;
      });
      return { status: 200, body: { create } };
    }
    if (path === '/wp-json/wc/v3/customers/batch') {
      const update = objects.map((/** @type {any} */ { id, meta_data }) => {
        if (!people.has(id)) return { id, error: { code: 'woocommerce_rest_invalid_id', message: 'Invalid resource ID.', data: { status: 400 } } };
        people.set(id, meta_data);
        return { id, meta_data };
      });
      return { status: 200, body: { update } };
    }
    return { status: 404, body: { code: 'rest_no_route', message: 'No route was found.' } };
  });
  return { ...server, coupons, people };
}
