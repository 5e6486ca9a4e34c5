/** `<zugabe-friend>`: what a friend sees who follows a link or QR, or types a code. Typing errors are caught here, without asking anybody. */
import { ZugabeElement } from './base.js';
import { engineOf } from './engines.js';
import { part } from './part.js';

/** @import { Policy } from '../types.js' */

/**
 * @summary The landing page of a recommended friend.
 * @tagname zugabe-friend
 * @slot - Shown until the core is there, and instead if it never comes.
 * @attr {string} policy - Address of the published policy.
 * @attr {string} code - The code; otherwise it is read from the address (`#CODE`, `#code=CODE` or `?code=CODE`).
 * @attr {string} locale - Language of the texts; otherwise that of the nearest `lang`.
 * @attr {string} shop-url - Where the shop is, when that is not the policy's address.
 * @attr {string} apply-url - Address that puts a code into the cart, with `{code}` in it: `/discount/{code}?redirect=/cart` on Shopify.
 * @attr {string} now - The instant to answer for; the clock when absent.
 * @attr {string} wasm - Another address of the wasm file.
 * @fires zugabe-shown - An answer is on screen; `detail.offer`.
 * @fires zugabe-claimed - She wants the code in her cart; `detail.option` is `friend`, `detail.code`.
 * @fires zugabe-copied - The code was copied; `detail.text`.
 * @fires zugabe-failed - The fallback stays; `detail.code`, `detail.message`, `detail.path`.
 * @csspart card - The whole.
 * @csspart headline - The headline.
 * @csspart body - Who gives what.
 * @csspart conditions - The conditions: expiry, minimum.
 * @csspart code - The ticket with the field.
 * @csspart field - The field for the code.
 * @csspart message - What is wrong with the code.
 * @csspart actions - The buttons.
 * @csspart button - One of them.
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
 * @cssstate waiting - Nothing is known yet.
 * @cssstate shown - The card is on screen.
 * @cssstate failed - It went wrong: the theme's words stay.
 */
export class ZugabeFriend extends ZugabeElement {
  /** @override */
  static inputs = ['code', 'policy', 'now', 'apply'];
  static observedAttributes = ['policy', 'code', 'locale', 'shop-url', 'apply-url', 'now', 'wasm'];

  /** @type {string | undefined} */ #code;
  /** @type {Policy | string | URL | undefined} */ #policy;
  /** @type {string | undefined} */ #now;
  /** @type {((code: string) => unknown) | undefined} */ #apply;
  #follow = () => this.invalidate();

  /** The code as it came, not yet read. @returns {string} */
  get code() {
    return this.#code ?? this.getAttribute('code') ?? codeInAddress();
  }

  set code(code) {
    this.#code = code ?? undefined;
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

  /** The instant to answer for, RFC 3339; the clock when absent. @returns {string | undefined} */
  get now() {
    return this.#now ?? this.getAttribute('now') ?? undefined;
  }

  set now(now) {
    this.#now = now ?? undefined;
    this.invalidate();
  }

  /**
   * Puts a code into the cart; `false` or a rejected promise means that it did not work. Without it and without `apply-url` there is
   * no button for it.
   * @returns {((code: string) => unknown) | undefined}
   */
  get apply() {
    return this.#apply;
  }

  set apply(apply) {
    this.#apply = apply ?? undefined;
    this.invalidate();
  }

  /** @override */
  connectedCallback() {
    super.connectedCallback();
    addEventListener('hashchange', this.#follow);
  }

  disconnectedCallback() {
    removeEventListener('hashchange', this.#follow);
  }

  /** @override */
  async prepare() {
    const { policy } = this;
    if (!policy) return undefined;
    const [{ drawFriend }, { friend }, engine] = await Promise.all([
      part(() => import('./friend-view.js')),
      part(() => import('./ask.js')),
      engineOf(this),
    ]);
    const ask = friend(this, engine);
    /** @param {import('./base.js').Surface} surface */
    return (surface) => drawFriend(this, surface, ask);
  }
}

/** The part after # never reaches a server, so links carry the code there; the query is for links that people build themselves. */
function codeInAddress() {
  const hash = location.hash.slice(1);
  const fields = [hash, hash && !hash.includes('=') ? `code=${hash}` : '', location.search];
  return fields.map((field) => new URLSearchParams(field).get('code')).find(Boolean) ?? '';
}
