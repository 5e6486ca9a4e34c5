/** What stands in for a document on a server? Just enough to write what the views draw as HTML. */

const VOID = new Set(['wbr', 'input', 'br', 'img']);

/** @param {string} text */
const escape = (text) => text.replace(/[&<>"]/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[sign] ?? '');

class Piece {
  /** @type {[string, string][]} */
  #attributes = [];
  /** @type {(Piece | string)[]} */
  #children = [];

  /** @param {string} name */
  constructor(name) {
    this.name = name;
  }

  /** @param {string} name @param {string} value */
  setAttribute(name, value) {
    this.#attributes = [...this.#attributes.filter(([known]) => known !== name), [name, value]];
  }

  /** Nobody clicks on a server; the browser adds the listeners when it takes over. */
  addEventListener() {}

  /** @param {...(Piece | string)} children */
  append(...children) {
    this.#children.push(...children);
  }

  /** @returns {string} */
  toString() {
    const attributes = this.#attributes.map(([name, value]) => ` ${name}="${escape(value)}"`).join('');
    const children = this.#children.map((child) => (typeof child === 'string' ? escape(child) : String(child))).join('');
    return VOID.has(this.name) ? `<${this.name}${attributes}>` : `<${this.name}${attributes}>${children}</${this.name}>`;
  }
}

/** A document that only makes pieces. */
export const serialDocument = /** @type {import('./make.js').Maker} */ (
  /** @type {unknown} */ ({
    createElement: (/** @type {string} */ name) => new Piece(name),
    createElementNS: (/** @type {string} */ _space, /** @type {string} */ name) => new Piece(name),
    createTextNode: (/** @type {string} */ text) => text,
  })
);

/** A text as it stands between tags or in an attribute. */
export { escape };
