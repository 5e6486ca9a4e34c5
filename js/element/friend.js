/** `<zugabe-friend>`: what a friend sees who follows a link or QR, or types a code. Typing errors are caught here, without asking anybody. */
import { ZugabeElement } from './base.js';

/** @import { Policy } from '../types.js' */

/**
 * @summary The landing page of a recommended friend.
 * @tagname zugabe-friend
 * @slot - Shown until the core is there, and instead if it never comes.
 * @attr {string} policy - Address of the published policy.
 * @attr {string} code - The code; otherwise it is read from the address (`#CODE`, `#code=CODE` or `?code=CODE`).
 * @attr {string} locale - Language of the texts; otherwise that of the nearest `lang`.
 * @attr {string} shop-url - Where the shop is, when that is not the policy's address.
 * @attr {string} now - The instant to answer for; the clock when absent.
 * @attr {string} wasm - Another address of the wasm file.
 * @fires zugabe-shown - An answer is on screen; `detail.offer`.
 * @fires zugabe-copied - The code was copied; `detail.text`.
 * @fires zugabe-failed - The fallback stays; `detail.code`, `detail.message`, `detail.path`.
 * @csspart card @csspart headline @csspart body @csspart code @csspart field @csspart message @csspart conditions @csspart actions
 * @csspart button @csspart fallback
 * @cssproperty --zugabe-paper @cssproperty --zugabe-ink @cssproperty --zugabe-accent - As in `<zugabe-thanks>`, and so the others.
 */
export class ZugabeFriend extends ZugabeElement {
  /** @override */
  static inputs = ['code', 'policy', 'now'];
  static observedAttributes = ['policy', 'code', 'locale', 'shop-url', 'now', 'wasm'];

  /** @type {string | undefined} */ #code;
  /** @type {Policy | string | URL | undefined} */ #policy;
  /** @type {string | undefined} */ #now;
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
    const view = import('./friend-view.js');
    const ask = await import('./ask.js').then(({ friend }) => friend(this));
    const { drawFriend } = await view;
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
