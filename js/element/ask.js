/** What does the theme tell about customer and order? Attributes become a request; the core answers it. */
import { ZugabeError } from '../errors.js';

/** @import { Decision, FriendOffer, Request } from '../types.js' */
/** @import { Engine } from '../engine.js' */
/** @import { ZugabeThanks } from './thanks.js' */
/** @import { ZugabeFriend } from './friend.js' */

/**
 * @param {ZugabeThanks} element
 * @param {Engine} engine
 * @returns {Promise<Decision>}
 */
export async function decide(element, engine) {
  const request = requestOf(element);
  // What may be kept on the device is not even loaded before she allowed it.
  if (!element.consent.storage) return engine.decide(request);
  const { decideFromMemory } = await import('./memory.js');
  return decideFromMemory(request, (whole) => engine.decide(whole), element);
}

/**
 * A function that answers for any code, at once: for every key that is typed.
 * @param {ZugabeFriend} element
 * @param {Engine} engine
 * @returns {(code: string) => FriendOffer}
 */
export function friend(element, engine) {
  return (code) => engine.friend({ v: 1, now: nowOf(element), locale: localeOf(element), code });
}

/** The one place where the clock is read. @param {ZugabeThanks | ZugabeFriend} element */
function nowOf(element) {
  return element.now ?? new Date().toISOString();
}

/** @param {ZugabeThanks | ZugabeFriend} element */
function localeOf(element) {
  const own = element.getAttribute('locale') || element.closest('[lang]')?.getAttribute('lang');
  return own || document.documentElement.lang || 'en';
}

/**
 * @param {ZugabeThanks} element
 * @returns {Request}
 */
function requestOf(element) {
  const now = nowOf(element);
  const customer = text(element, 'customer');
  const order = text(element, 'order-id');
  /** @type {Request} */
  const fromAttributes = {
    v: 1,
    now,
    locale: localeOf(element),
    moment: { type: text(element, 'moment') ?? 'order_completed', at: now },
    subject: {
      id: customer ?? order ?? 'anonymous',
      identity: /** @type {Request['subject']['identity']} */ (
        text(element, 'identity') ?? (customer ? 'login' : order ? 'order' : 'anonymous')
      ),
      ...present({ name: text(element, 'customer-name') }),
    },
    consent: present({ objected: flag(element, 'objected'), ...element.consent }),
    facts: present({
      stage: text(element, 'stage'),
      tier: text(element, 'tier'),
      orderNumber: whole(element, 'order-number'),
      days: whole(element, 'days'),
      openProblem: flag(element, 'open-problem'),
      code: text(element, 'code'),
      codes: codesOf(text(element, 'codes')),
    }),
    state: present({ sent: counter(whole(element, 'sent')) }),
  };
  const total = whole(element, 'order-total');
  const currency = text(element, 'currency');
  if (total !== undefined) {
    if (!order) throw missing('order-id');
    if (!currency) throw missing('currency');
    fromAttributes.order = {
      id: order,
      currency,
      subtotal: total,
      parcel: !element.hasAttribute('digital'),
      ...present({ tags: text(element, 'tags')?.split(/\s*,\s*/), country: text(element, 'country') }),
    };
  }
  return merge(fromAttributes, element.request ?? {});
}

/**
 * What the host gives as a property goes before the attributes, field by field.
 * @param {Request} request
 * @param {Partial<Request>} given
 */
function merge(request, given) {
  /** @type {Record<string, any>} */
  const merged = { ...request };
  for (const [name, value] of Object.entries(given)) {
    merged[name] = value && typeof value === 'object' ? { ...merged[name], ...value } : value;
  }
  return /** @type {Request} */ (merged);
}

/**
 * `next-time=03VC1S2Q4HX0, birthday=…`: which option has which code.
 * @param {string | undefined} written
 */
function codesOf(written) {
  const pairs = written?.split(/[\s,]+/).filter((pair) => pair && !pair.endsWith('='));
  if (pairs?.some((pair) => pair.indexOf('=') < 1)) throw new ZugabeError('invalid_value', `codes="${written}" names no option: write option=CODE.`, 'codes');
  return pairs && Object.fromEntries(pairs.map((pair) => pair.split('=', 2)));
}

/** @param {number | undefined} page */
function counter(page) {
  return page === undefined ? undefined : { page };
}

/** @param {string} name */
function missing(name) {
  return new ZugabeError('missing_field', `order-total is there, ${name} is not: an order needs both.`, name);
}

/**
 * Templates often leave an attribute empty: that means absent.
 * @param {HTMLElement} element
 * @param {string} name
 */
function text(element, name) {
  return element.getAttribute(name)?.trim() || undefined;
}

/**
 * @param {HTMLElement} element
 * @param {string} name
 */
function whole(element, name) {
  const written = text(element, name);
  if (written === undefined) return undefined;
  if (/^\d{1,15}$/.test(written)) return Number(written);
  throw new ZugabeError(
    'invalid_value',
    `${name}="${written}" is not a whole number. Amounts are written in minor units: 4890 for 48.90.`,
    name,
  );
}

/**
 * `objected` and `objected="true"` mean yes, `objected="false"` means no: templates write both.
 * @param {HTMLElement} element
 * @param {string} name
 */
function flag(element, name) {
  return element.hasAttribute(name) ? element.getAttribute(name) !== 'false' : undefined;
}

/**
 * Absent fields are left out, never null or undefined.
 * @template {object} T
 * @param {T} fields
 * @returns {T}
 */
function present(fields) {
  return /** @type {T} */ (Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)));
}
