/** What do the elements share? What the theme wrote stays on screen until there is something to show, and comes back when it fails. */
import { ZugabeError } from '../errors.js';
import { STYLES, adopt } from './styles.js';

/** @typedef {'waiting' | 'shown' | 'silent' | 'failed'} State */

/**
 * Where a view draws. The status is a live region that is there from the start, so that later texts are announced.
 * @typedef {{ root: ShadowRoot, fallback: HTMLElement, status: HTMLElement, internals: ElementInternals }} Surface
 */

/** On a server there is no such thing; the classes can be imported all the same. */
const Base = /** @type {typeof HTMLElement} */ (globalThis.HTMLElement ?? class {});

/** Two elements with the same trouble complain once. @type {Set<string>} */
const notes = new Set();

/** The life of an element: inputs change, one update follows, and a failure leaves the page as the theme made it. */
export class ZugabeElement extends Base {
  /** Properties that may have been set before the element was defined. @type {readonly string[]} */
  static inputs = [];

  /** @type {Surface} */ #surface;
  /** @type {State} */ #state = 'waiting';
  #due = true;
  #queued = false;
  #turn = 0;

  constructor() {
    super();
    const internals = this.attachInternals();
    // A server may have drawn it already; then its drawing is taken over.
    const root = internals.shadowRoot ?? this.attachShadow({ mode: 'open' });
    let fallback = /** @type {HTMLElement | null} */ (root.querySelector('[part=fallback]'));
    let status = /** @type {HTMLElement | null} */ (root.querySelector('[role=status]'));
    if (!fallback || !status) {
      fallback = document.createElement('div');
      status = document.createElement('p');
      fallback.setAttribute('part', 'fallback');
      fallback.append(document.createElement('slot'));
      status.setAttribute('role', 'status');
      root.append(fallback, status);
    }
    adopt(root, STYLES);
    this.#surface = { root, fallback, status, internals };
  }

  /** Where the element stands; also `:state(shown)` and so on in CSS. */
  get state() {
    return this.#state;
  }

  connectedCallback() {
    const own = /** @type {Record<string, unknown>} */ (/** @type {unknown} */ (this));
    for (const name of /** @type {typeof ZugabeElement} */ (this.constructor).inputs) {
      if (!Object.hasOwn(own, name)) continue;
      const value = own[name];
      delete own[name];
      own[name] = value;
    }
    this.#queue();
  }

  /** @param {string} _name @param {string | null} before @param {string | null} after */
  attributeChangedCallback(_name, before, after) {
    if (before !== after) this.invalidate();
  }

  /** What a server left for the browser to go on with. @returns {any} */
  get carried() {
    const left = this.#surface.root.querySelector('script[type="application/json"]');
    return left ? JSON.parse(left.textContent ?? '') : undefined;
  }

  /** Something the view depends on has changed. */
  invalidate() {
    this.#due = true;
    this.#queue();
  }

  /** However many inputs change in one go, one update follows; a mere move in the document is none. */
  #queue() {
    if (this.#queued || !this.#due || !this.isConnected) return;
    this.#queued = true;
    queueMicrotask(() => {
      this.#queued = false;
      if (this.isConnected) void this.#run();
    });
  }

  async #run() {
    this.#due = false;
    const turn = ++this.#turn;
    try {
      const draw = await this.prepare();
      if (turn === this.#turn) this.settle(draw?.(this.#surface) ?? 'waiting');
    } catch (thrown) {
      if (turn === this.#turn) this.fail(thrown);
    }
  }

  /**
   * Gets what is needed and returns what draws it, or nothing while inputs are missing. Each element has its own.
   * @returns {Promise<((surface: Surface) => State) | undefined>}
   */
  async prepare() {
    return undefined;
  }

  /** @param {State} state */
  settle(state) {
    const { fallback, internals } = this.#surface;
    this.#state = state;
    fallback.hidden = state === 'shown';
    // Defaults only: a role or label that the page's author wrote goes before them.
    internals.role = state === 'shown' ? 'region' : null;
    if (state !== 'shown') internals.ariaLabel = null;
    try {
      internals.states?.clear();
      internals.states?.add(state);
    } catch {
      // Early versions of custom states want another spelling. Nothing depends on them here.
    }
  }

  /** @param {unknown} thrown */
  fail(thrown) {
    const error = ZugabeError.from(thrown);
    this.#surface.root.querySelector('[part~=card]')?.remove();
    this.settle('failed');
    const note = `${this.localName}: ${error.message} (${error.code}${error.path && `, ${error.path}`})`;
    if (!notes.has(note)) console.warn(note);
    notes.add(note);
    this.emit('zugabe-failed', error.toJSON());
  }

  /**
   * @param {string} name
   * @param {object} detail
   */
  emit(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { bubbles: true, composed: true, detail }));
  }
}
