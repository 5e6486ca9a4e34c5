/** `<zugabe-thanks>`: the thank-you after an order. What the theme writes inside is shown until then, and instead if nothing comes. */
import { ZugabeElement } from './base.js';
import { engineOf } from './engines.js';
import { part } from './part.js';

/** @import { Consent, Decision, Offer, Policy, Request } from '../types.js' */

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
 * @attr {string} code - The code that was minted for this customer to pass on.
 * @attr {string} codes - Codes of other options, such as a voucher: `next-time=03VC1S2Q4HX0`, several separated by commas.
 * @attr {string} moment - Why we may speak now; `order_completed` when absent.
 * @attr {string} customer - The customer's id in the shop.
 * @attr {string} customer-name - The name to greet with. No rule reads it.
 * @attr {number} sent - How many promotions the customer saw on pages in the last seven days. When it is absent, gifts and thanks are shown but no discount, unless she allowed the page to remember (`consent`).
 * @attr {string} consent - What she agreed to, separated by spaces: `storage`, `profiling`, `ads`. With `storage` the browser remembers how often something was offered.
 * @attr {string} identity - How we know who it is; `login` with a customer, `order` with an order, else `anonymous`.
 * @attr {boolean} objected - The customer objected to advertising.
 * @attr {boolean} open-problem - Something is wrong with an order.
 * @attr {string} now - The instant to decide for; the clock when absent.
 * @attr {string} wasm - Another address of the wasm file.
 * @fires zugabe-shown - A decision is on screen; `detail.decision`.
 * @fires zugabe-revealed - She opened something: `detail.what` is `qr` or `why`; `detail.option`.
 * @fires zugabe-copied - A code was copied; `detail.option`, `detail.text`.
 * @fires zugabe-shared - She passed the link on, or opened a program to do so; `detail.option`, `detail.url`, `detail.by`: `sheet`, `whatsapp`, `mail` or `link`.
 * @fires zugabe-claimed - She takes it; `detail.option`, `detail.kind`, `detail.url` when it leads somewhere.
 * @fires zugabe-declined - The customer does not want it; `detail.option`.
 * @fires zugabe-failed - The fallback stays; `detail.code`, `detail.message`, `detail.path`.
 * @slot mark - In place of the sprig at the top: a logo or drawing.
 * @slot before - Above the card.
 * @slot after - Inside the card, at its end.
 * @csspart card - The whole.
 * @csspart main - The offer.
 * @csspart beside - What stands beside it.
 * @csspart greeting - The line above the headline.
 * @csspart headline - An offer's headline.
 * @csspart body - An offer's text.
 * @csspart conditions - Its conditions: expiry, minimum, exclusions.
 * @csspart notice - What the law wants said about its price.
 * @csspart code - The ticket with code and link.
 * @csspart link - The link.
 * @csspart actions - The buttons, which stay alike: taking and declining are equally easy.
 * @csspart button - One of them.
 * @csspart ways - The other ways to pass the link on.
 * @csspart way - One of them.
 * @csspart qr - The QR code.
 * @csspart why - Why she sees this.
 * @csspart contact - How the shop is reached.
 * @csspart fallback - What the theme wrote.
 * @cssproperty --zugabe-paper - Background.
 * @cssproperty --zugabe-ink - Text.
 * @cssproperty --zugabe-muted - Lesser text.
 * @cssproperty --zugabe-accent - Marks and borders of buttons.
 * @cssproperty --zugabe-tint - Second background.
 * @cssproperty --zugabe-line - Hairlines.
 * @cssproperty --zugabe-radius - Radius of the card's corners.
 * @cssproperty --zugabe-font - Typeface; the page's own when absent.
 * @cssproperty --zugabe-heading-font - Typeface of headlines.
 * @cssproperty --zugabe-code-font - Typeface of codes; choose one that tells 0 from O.
 * @cssstate waiting - Nothing has been decided yet.
 * @cssstate shown - The card is on screen.
 * @cssstate silent - Nothing may be said: the theme's words stay.
 * @cssstate failed - It went wrong: the theme's words stay.
 */
export class ZugabeThanks extends ZugabeElement {
  /** @override */
  static inputs = ['decision', 'request', 'policy', 'now', 'consent', 'claim'];
  static observedAttributes = [
    ...['policy', 'wasm', 'now', 'locale', 'moment', 'customer', 'customer-name', 'identity', 'objected', 'sent', 'consent'],
    ...['order-id', 'order-total', 'currency', 'country', 'tags', 'digital'],
    ...['stage', 'tier', 'order-number', 'days', 'code', 'codes', 'open-problem'],
  ];

  /** @type {Decision | undefined} */ #given;
  /** @type {Decision | undefined} */ #shown;
  /** @type {Partial<Request> | undefined} */ #request;
  /** @type {Policy | string | URL | undefined} */ #policy;
  /** @type {string | undefined} */ #now;
  /** @type {Consent | undefined} */ #consent;
  /** @type {((offer: Offer) => unknown) | undefined} */ #claim;
  /** @param {Event} event */
  #agree = (event) => {
    this.consent = /** @type {CustomEvent<Consent>} */ (event).detail;
  };

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

  /** What she agreed to; `zugabe/consent` sets it from the shop's own consent banner. @returns {Consent} */
  get consent() {
    const words = this.getAttribute('consent')?.split(/\s+/).filter(Boolean) ?? [];
    return this.#consent ?? Object.fromEntries(words.map((word) => [word, true]));
  }

  set consent(consent) {
    this.#consent = consent ?? undefined;
    if (!this.#given) this.invalidate();
  }

  /**
   * Called when she takes a gift that has neither link nor code; `false` or a rejected promise means that it did not work. Without it
   * she is not asked.
   * @returns {((offer: Offer) => unknown) | undefined}
   */
  get claim() {
    return this.#claim;
  }

  set claim(claim) {
    this.#claim = claim ?? undefined;
    this.invalidate();
  }

  /** @override */
  connectedCallback() {
    super.connectedCallback();
    this.ownerDocument.addEventListener('zugabe-consent', this.#agree);
  }

  disconnectedCallback() {
    this.ownerDocument.removeEventListener('zugabe-consent', this.#agree);
  }

  /** @override */
  async prepare() {
    this.#given ??= this.carried;
    if (!this.#given && !this.policy) return undefined;
    // All side by side; what fails first is reported.
    const view = part(() => import('./thanks-view.js'));
    const deciding = this.#given ?? Promise.all([part(() => import('./ask.js')), engineOf(this)]).then(([{ decide }, engine]) => decide(this, engine));
    const [decision, { drawThanks }] = await Promise.all([deciding, view]);
    /** @param {import('./base.js').Surface} surface */
    return (surface) => {
      this.#shown = decision;
      return drawThanks(this, surface, decision);
    };
  }
}
