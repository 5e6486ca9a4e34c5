/** How does text reach the page? Only as text nodes and attributes, never as markup. */

/** @typedef {Node | string | number | false | null | undefined} Leaf */
/** @typedef {Leaf | Leaf[] | Leaf[][]} Child what an element may hold; lists are laid flat */

/**
 * Builds an element.
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag the element's name
 * @param {Record<string, any>} [props] attributes; besides: `on` (listeners by event name), `vars` (CSS custom
 *   properties) and `props` (properties set as they are). `false`, `null` and `undefined` leave an attribute out.
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === false || value === null || value === undefined) continue;
    if (name === 'on') {
      for (const [event, listener] of Object.entries(value)) element.addEventListener(event, listener);
    } else if (name === 'vars') {
      for (const [variable, text] of Object.entries(value)) element.style.setProperty(variable, String(text));
    } else if (name === 'props') {
      Object.assign(element, value);
    } else {
      element.setAttribute(name, value === true ? '' : String(value));
    }
  }
  append(element, children);
  return element;
}

/**
 * Appends children; strings and numbers become text nodes.
 * @param {Node} parent
 * @param {Child[]} children
 */
export function append(parent, children) {
  for (const child of children.flat(2)) {
    if (child === false || child === null || child === undefined) continue;
    parent.appendChild(child instanceof Node ? child : document.createTextNode(String(child)));
  }
}

/**
 * Replaces what an element holds.
 * @param {Element} parent
 * @param {...Child} children
 */
export function fill(parent, ...children) {
  parent.replaceChildren();
  append(parent, children);
}

/**
 * The element with this id, which index.html is known to hold.
 * @param {string} id
 * @returns {HTMLElement}
 */
export function byId(id) {
  const element = document.getElementById(id);
  if (!element) throw new Error(`index.html has no element #${id}`);
  return element;
}

/**
 * Says a sentence to screen readers, politely.
 * @param {string} sentence
 */
export function announce(sentence) {
  byId('live').textContent = sentence;
}

/**
 * Hands a text to the person as a file. Nothing is sent: the file is made in the page.
 * @param {string} name
 * @param {string} text
 * @param {string} type media type
 */
export function download(name, text, type) {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = h('a', { href: url, download: name, hidden: true });
  document.body.append(link);
  link.click();
  link.remove();
  // The browser needs the address until it has started the download.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

let unique = 0;

/**
 * An id for `for`, `aria-labelledby` and friends.
 * @param {string} prefix
 */
export function newId(prefix) {
  unique += 1;
  return `${prefix}-${unique}`;
}
