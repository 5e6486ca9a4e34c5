/** `<zugabe-thanks>`: the thank-you after an order. What the theme writes inside is shown until then, and instead if nothing comes. */
import { ZugabeElement } from './base.js';

/** @import { Decision, Policy, Request } from '../types.js' */

/**
 * @summary The thank-you after an order, with at most one offer and one thing beside it.
 * @tagname zugabe-thanks
 * @slot - Plain thanks without any offer: stays until there is a decision, when nothing may be said, and when the core cannot run.
 * @attr {string} policy - Address of the published policy.
 * @attr {string} locale - Language of the texts; otherwise that of the nearest `lang`.
 * @attr {string} order-id - The order's id.
 * @attr {number} order-total - What the order's goods cost, in minor units (4890 is 48.90).
 * @attr {string} currency - ISO 4217 code of the order.
 * @attr {string} country - Where the order goes, two letters.
 * @attr {string} tags - Tags of the products in the order, separated by commas.
 * @attr {boolean} digital - The order has no parcel.
 * @attr {number} order-number - 1 for the customer's first order, 2 for the second.
 * @attr {string} tier - From the scoring: `top_vip`, `vip`, `premium`, `none`.
 * @attr {string} stage - From the scoring: `first_buyer`, `relationship` and so on.
 * @attr {number} days - Days since the first order.
 * @attr {string} code - The code that was minted for this customer.
 * @attr {string} moment - Why we may speak now; `order_completed` when absent.
 * @attr {string} customer - The customer's id in the shop.
 * @attr {string} customer-name - The name to greet with. No rule reads it.
 * @attr {number} sent - How many promotions the customer saw on pages in the last seven days; when absent, none is shown.
 * @attr {string} identity - How we know who it is; `login` with a customer, `order` with an order, else `anonymous`.
 * @attr {boolean} objected - The customer objected to advertising.
 * @attr {boolean} open-problem - Something is wrong with an order.
 * @attr {string} now - The instant to decide for; the clock when absent.
 * @attr {string} wasm - Another address of the wasm file.
 * @fires zugabe-shown - A decision is on screen; `detail.decision`.
 * @fires zugabe-copied - A code was copied; `detail.option`, `detail.text`.
 * @fires zugabe-shared - A link was passed on; `detail.option`, `detail.url`.
 * @fires zugabe-declined - The customer does not want it; `detail.option`.
 * @fires zugabe-failed - The fallback stays; `detail.code`, `detail.message`, `detail.path`.
 * @csspart card - The whole. @csspart main @csspart beside - The offers. @csspart greeting @csspart headline @csspart body @csspart code @csspart link
 * @csspart conditions @csspart actions @csspart button @csspart why - Their pieces. @csspart fallback - What the theme wrote.
 * @cssproperty --zugabe-paper - Background. @cssproperty --zugabe-ink - Text. @cssproperty --zugabe-muted - Lesser text.
 * @cssproperty --zugabe-accent - Marks and borders of buttons. @cssproperty --zugabe-tint - Second background. @cssproperty --zugabe-line - Hairlines.
 * @cssproperty --zugabe-radius @cssproperty --zugabe-font @cssproperty --zugabe-heading-font @cssproperty --zugabe-code-font
 */
export class ZugabeThanks extends ZugabeElement {
  /** @override */
  static inputs = ['decision', 'request', 'policy', 'now'];
  static observedAttributes = [
    ...['policy', 'wasm', 'now', 'locale', 'moment', 'customer', 'customer-name', 'identity', 'objected', 'sent'],
    ...['order-id', 'order-total', 'currency', 'country', 'tags', 'digital'],
    ...['stage', 'tier', 'order-number', 'days', 'code', 'open-problem'],
  ];

  /** @type {Decision | undefined} */ #given;
  /** @type {Decision | undefined} */ #shown;
  /** @type {Partial<Request> | undefined} */ #request;
  /** @type {Policy | string | URL | undefined} */ #policy;
  /** @type {string | undefined} */ #now;

  /** The decision on screen. Set one to show it without any core. @returns {Decision | undefined} */
  get decision() {
    return this.#given ?? this.#shown;
  }

  set decision(decision) {
    this.#given = decision ?? undefined;
    this.invalidate();
  }

  /** The request, whole or in part: what is given here goes before the attributes. @returns {Partial<Request> | undefined} */
  get request() {
    return this.#request;
  }

  set request(request) {
    this.#request = request ?? undefined;
    this.invalidate();
  }

  /** The policy, or where it is. @returns {Policy | string | URL | undefined} */
  get policy() {
    return this.#policy ?? this.getAttribute('policy') ?? undefined;
  }

  set policy(policy) {
    this.#policy = policy ?? undefined;
    this.invalidate();
  }

  /** The instant to decide for, RFC 3339; the clock when absent. @returns {string | undefined} */
  get now() {
    return this.#now ?? this.getAttribute('now') ?? undefined;
  }

  set now(now) {
    this.#now = now ?? undefined;
    this.invalidate();
  }

  /** @override */
  async prepare() {
    if (!this.#given && !this.policy) return undefined;
    const view = import('./thanks-view.js');
    const decision = this.#given ?? (await (await import('./ask.js')).decide(this));
    const { drawThanks } = await view;
    /** @param {import('./base.js').Surface} surface */
    return (surface) => {
      this.#shown = decision;
      return drawThanks(this, surface, decision);
    };
  }
}
