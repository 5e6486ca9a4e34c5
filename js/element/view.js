/** How do the views draw? Elements from names, texts as text, one look for all, and copying that is announced. */
import { make } from './make.js';

/** The look. Every colour can be set from outside; the scheme is the page's own (`color-scheme`), not the device's. */
export const LOOK = `
:host {
  --_paper: var(--zugabe-paper, #fffbf4);
  --_tint: var(--zugabe-tint, #f7ecdc);
  --_line: var(--zugabe-line, #e8dac5);
  --_ink: var(--zugabe-ink, #2b211a);
  --_muted: var(--zugabe-muted, #665749);
  --_accent: var(--zugabe-accent, #9a4326);
  --_radius: var(--zugabe-radius, 18px);
  --_heading: var(--zugabe-heading-font, 'Iowan Old Style', 'Palatino Linotype', Palatino, 'Book Antiqua', Georgia, serif);
  --_mono: var(--zugabe-code-font, ui-monospace, 'SF Mono', 'Cascadia Mono', 'Segoe UI Mono', Menlo, 'DejaVu Sans Mono', Consolas, monospace);
}
@supports (color: light-dark(#000, #fff)) {
  :host {
    --_paper: var(--zugabe-paper, light-dark(#fffbf4, #241d18));
    --_tint: var(--zugabe-tint, light-dark(#f7ecdc, #332922));
    --_line: var(--zugabe-line, light-dark(#e8dac5, #4b3d32));
    --_ink: var(--zugabe-ink, light-dark(#2b211a, #f6ecdf));
    --_muted: var(--zugabe-muted, light-dark(#665749, #cbbcab));
    --_accent: var(--zugabe-accent, light-dark(#9a4326, #f0a882));
  }
}
* { box-sizing: border-box; margin: 0; }
.card { container: card / inline-size; color: var(--_ink); font-family: var(--zugabe-font, inherit); line-height: 1.55; }
.sheet {
  --_pad: clamp(1.125rem, 5.2cqi, 2.5rem);
  background: var(--_paper); border: 1px solid var(--_line); border-radius: var(--_radius); overflow: hidden;
}
.offer { padding: var(--_pad); display: grid; gap: 1.125rem clamp(1.5rem, 6cqi, 3.5rem); }
.words, .deed { display: grid; grid-template-columns: minmax(0, 1fr); gap: 0.75rem; align-content: center; }
.beside > :is(.words, .deed) { align-content: start; }
h2, h3 { font-family: var(--_heading); font-weight: 500; line-height: 1.16; letter-spacing: -0.008em; text-wrap: balance; overflow-wrap: anywhere; hyphens: auto; }
h2 { font-size: clamp(1.625rem, 1.1rem + 2.4cqi, 2.375rem); }
h3 { font-size: clamp(1.3125rem, 1.15rem + 0.8cqi, 1.5625rem); }
p { text-wrap: pretty; overflow-wrap: anywhere; max-inline-size: 60ch; }
:is(h2, h3, p, summary, .button) { unicode-bidi: isolate; }
.body { font-size: 1.0625rem; }
.small { font-size: 0.875rem; color: var(--_muted); line-height: 1.5; }
.ticket {
  --_notch: 9px;
  display: grid; justify-items: center; gap: 0.25rem; padding: 0.875rem; text-align: center;
  background: var(--_tint); border-radius: 10px;
  mask: radial-gradient(circle at 0 50%, #0000 var(--_notch), #000 calc(var(--_notch) + 0.5px)) 0 0 / 51% 100% no-repeat,
    radial-gradient(circle at 100% 50%, #0000 var(--_notch), #000 calc(var(--_notch) + 0.5px)) 100% 0 / 51% 100% no-repeat;
}
.code {
  font: 600 clamp(1.0625rem, 0.6rem + 3.4cqi, 1.5625rem)/1.3 var(--_mono); font-feature-settings: 'zero';
  letter-spacing: 0.05em; white-space: nowrap; user-select: all;
}
.link { font-size: 0.8125rem; line-height: 1.4; color: var(--_muted); overflow-wrap: anywhere; text-underline-offset: 0.2em; }
a.link:hover { color: var(--_accent); }
.ways { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 7.75rem), 1fr)); gap: 0.125rem 0.5rem; padding: 0; list-style: none; font-size: 0.875rem; }
.ways :is(a, button) { display: flex; align-items: center; gap: 0.625rem; inline-size: 100%; min-block-size: 2.375rem; padding: 0.25rem 0.5rem; font: inherit; line-height: 1.3; text-align: start; color: var(--_ink); background: none; border: 0; border-radius: 8px; cursor: pointer; text-decoration: none; }
.ways svg { color: var(--_accent); }
.ways :is(a, button):hover { color: var(--_accent); text-decoration: underline; text-underline-offset: 0.25em; }
.qr { justify-self: center; inline-size: min(100%, 12rem); padding: 0.75rem; background: #fff; color: #000; border-radius: 10px; }
.qr svg { display: block; inline-size: 100%; block-size: auto; fill: currentColor; stroke: none; }
.actions { display: grid; grid-auto-rows: 1fr; gap: 0.625rem; }
.button {
  display: flex; align-items: center; justify-content: center; gap: 0.5rem; min-block-size: 2.875rem; padding: 0.5rem 0.75rem;
  font-family: inherit; font-size: 0.9375rem; font-weight: 600; line-height: 1.25; text-align: center; text-decoration: none; cursor: pointer;
  color: var(--_ink); background: var(--_paper); border: 1.5px solid var(--_accent); border-radius: 999px;
}
.button:hover { background: var(--_accent); color: var(--_paper); }
:is(.button, a, button, input, summary, .said):focus-visible { outline: 3px solid var(--_accent); outline-offset: 3px; }
:is(summary, .said):focus-visible { border-radius: 4px; }
svg { inline-size: 1.125em; block-size: 1.125em; flex: none; fill: none; stroke: currentColor; stroke-width: 1.6; stroke-linecap: round; stroke-linejoin: round; }
@container card (min-width: 25rem) { .actions:has(> :nth-child(2):last-child) { grid-auto-flow: column; grid-auto-columns: 1fr; } }
@container card (min-width: 42rem) {
  .offer:has(> .deed) { grid-template-columns: 1.2fr minmax(17rem, 1fr); }
  .offer .deed .actions { grid-auto-flow: row; }
}
@media (prefers-reduced-motion: no-preference) {
  .card:not(.still) { animation: rise 0.5s cubic-bezier(0.2, 0.7, 0.2, 1) both; }
  .button { transition: background-color 0.15s, color 0.15s; }
  @keyframes rise { from { opacity: 0; transform: translateY(8px); } }
}
@media (forced-colors: active) { .ticket { mask: none; border: 1px solid; } }
`;

/** Line drawings on a grid of 24. */
const DRAWINGS = {
  copy: 'M9 9h10v11H9zM15 9V4H5v11h4',
  share: 'M12 15V3.5M8 7l4-4 4 4M6 11H4.5v9.5h15V11H18',
  done: 'M4.5 12.5l5 5L19.5 7',
  open: 'M5 12h14M13 6l6 6-6 6',
  whatsapp: 'M20 11.5a8 8 0 0 1-11.8 7L4 20l1.4-4.1A8 8 0 1 1 20 11.5M9 11.5h6M9 14h3.5',
  mail: 'M3.5 6h17v12.5h-17zM4 6.5l8 6.5 8-6.5',
  link: 'M10 14l4-4M8.5 10.5L6 13a3.5 3.5 0 0 0 5 5l2.5-2.5M15.5 13.5L18 11a3.5 3.5 0 0 0-5-5l-2.5 2.5',
  qr: 'M4 4h6v6H4zM14 4h6v6h-6zM4 14h6v6H4zM14 14h2.5v2.5H14zM20 14v2.5M17.5 20H20v-1M14 20v-.5',
  more: 'M6 9.5l6 6 6-6',
  sprig:
    'M12 22c0-7 .4-13 3.5-19M12.1 17.5c-3.5.1-6-1.6-6.9-4.9 3.6-.2 6.2 1.6 6.9 4.9M12.5 13c-2.9-.6-4.6-2.7-4.7-5.9 3.1.5 4.9 2.6 4.7 5.9M12.2 16c3.3.3 5.8-1.2 7-4.3-3.5-.6-6 .9-7 4.3M13.3 10c2.8-.1 4.7-1.7 5.3-4.5-2.9.1-4.8 1.7-5.3 4.5',
};

/**
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, string | false | undefined | ((event: Event) => void)>} fields - Attributes; functions are listeners.
 * @param {...(Node | string | false | undefined)} children - Strings stay text, whatever they hold.
 * @returns {HTMLElementTagNameMap[T]}
 */
export function h(tag, fields, ...children) {
  const element = make.document.createElement(tag);
  for (const [name, value] of Object.entries(fields)) {
    if (typeof value === 'function') element.addEventListener(name, value);
    else if (typeof value === 'string') element.setAttribute(name, value);
  }
  for (const child of children) if (child) element.append(typeof child === 'string' ? plain(child) : child);
  return element;
}

/**
 * A text without the characters that reverse what stands around them: with them an address or an amount can be made to look
 * like another one.
 * @param {string} text
 */
export const plain = (text) => text.replace(/[\u202A-\u202E\u2066-\u2069]/g, '');

/**
 * An address that may be opened from a text that somebody else wrote; nothing for one that would run a program.
 * @param {string | undefined} address
 */
export function safe(address) {
  if (!address) return undefined;
  const scheme = /^[\s\0-\x1f]*([a-z][a-z0-9+.\-\s\0-\x1f]*):/i.exec(address)?.[1].toLowerCase();
  return scheme === undefined || ['https', 'http', 'mailto', 'tel'].includes(scheme) ? address : undefined;
}

/** @param {keyof typeof DRAWINGS} name */
export function icon(name) {
  const svg = make.document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  const path = make.document.createElementNS('http://www.w3.org/2000/svg', 'path');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('aria-hidden', 'true');
  path.setAttribute('d', DRAWINGS[name]);
  svg.append(path);
  return svg;
}

/**
 * An address as people read it: without its scheme, and broken where a part begins.
 * @param {string} link
 * @returns {Node[]}
 */
export function address(link) {
  const parts = link.replace(/^https?:\/\/(www\.)?/, '').split(/(?=[/#?])/);
  return parts.flatMap((part) => [h('wbr', {}), make.document.createTextNode(plain(part))]);
}

/** A sprig at the top, so that thanks do not look like a form. */
export function sprig() {
  const drawing = icon('sprig');
  drawing.setAttribute('class', 'sprig');
  return drawing;
}

/**
 * A button whose words may change after it was used.
 * @param {string} label
 * @param {keyof typeof DRAWINGS | undefined} drawing
 * @param {(button: HTMLButtonElement) => void} press
 */
export function button(label, drawing, press) {
  const element = h('button', { type: 'button', part: 'button', class: 'button' }, drawing && icon(drawing), label);
  element.addEventListener('click', () => press(element));
  return element;
}

/**
 * Copies, says so on the button and in the live region. Where the browser forbids it, the text is selected instead.
 * @param {string} text
 * @param {HTMLElement} shown - Where the text stands.
 * @param {HTMLButtonElement} pressed
 * @param {string} done - What is announced.
 * @param {HTMLElement} status
 * @returns {Promise<boolean>}
 */
export async function copy(text, shown, pressed, done, status) {
  const copied = await navigator.clipboard?.writeText(text).then(
    () => true,
    () => false,
  );
  if (!copied && !copySelected(shown)) return false;
  pressed.replaceChildren(icon('done'), done);
  announce(status, done);
  return true;
}

/** The old way, which also works on pages without a secure context. What is selected stays so: a key press copies it. @param {HTMLElement} shown */
function copySelected(shown) {
  if (shown instanceof HTMLInputElement) shown.select();
  else getSelection()?.selectAllChildren(shown);
  return document.execCommand('copy');
}

/**
 * The same words twice in a row are said twice.
 * @param {HTMLElement} status
 * @param {string} text
 */
export function announce(status, text) {
  status.textContent = '';
  setTimeout(() => {
    status.textContent = text;
  }, 60);
}

/**
 * Puts a card in the place of the one before. What a server drew is replaced in one go and does not come in again.
 * @param {import('./base.js').Surface} surface
 * @param {HTMLElement} card
 */
export function place({ root, status }, card) {
  const carried = root.querySelectorAll('[data-carried]');
  if (carried.length) card.classList.add('still');
  for (const left of carried) left.remove();
  root.querySelector('[part~=card]')?.remove();
  status.before(card);
  status.lang = card.lang;
}
