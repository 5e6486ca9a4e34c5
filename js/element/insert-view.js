/** How does the insert stand on paper? A6 portrait, measured in millimetres of the sheet, so that a preview is the print made smaller. */
import { ZugabeError } from '../errors.js';
import { adopt } from './styles.js';
import { address, h, place, sprig } from './view.js';

/** @import { Insert } from '../types.js' */
/** @import { State, Surface } from './base.js' */
/** @import { ZugabeInsert } from './insert.js' */

/** `--mm` is one millimetre of the sheet; 9 pt are 3.175 of them. Paper stays paper in a dark scheme. */
const STYLES = `
:host { inline-size: 100%; max-inline-size: 105mm; color-scheme: only light; }
* { box-sizing: border-box; margin: 0; }
.card { container-type: inline-size; }
.sheet {
  --mm: calc(100cqi / 105); --brand: var(--_brand, var(--zugabe-brand, #9a4326));
  inline-size: 100%; block-size: calc(148 * var(--mm)); overflow: hidden; display: flex; flex-direction: column;
  background: #fff; color: #221a14; print-color-adjust: exact; -webkit-print-color-adjust: exact;
  font: calc(3.7 * var(--mm))/1.42 'Iowan Old Style', 'Palatino Linotype', Palatino, 'Book Antiqua', Georgia, 'Liberation Serif', serif;
}
.brand { background: var(--brand); color: var(--_on-brand, #fff); padding: calc(6.5 * var(--mm)) calc(9 * var(--mm)) calc(5.5 * var(--mm)); text-align: center; }
.name { font-size: calc(6.2 * var(--mm)); line-height: 1.15; letter-spacing: 0.01em; }
.tagline { font-size: calc(3.3 * var(--mm)); margin-block-start: calc(0.8 * var(--mm)); }
.words { flex: 1; min-block-size: 0; display: flex; flex-direction: column; justify-content: center; justify-content: safe center; gap: calc(2.6 * var(--mm)); padding: calc(4 * var(--mm)) calc(10 * var(--mm)); text-align: center; }
h2 { font-size: calc(8 * var(--mm)); line-height: 1.12; font-weight: 400; text-wrap: balance; hyphens: auto; overflow-wrap: break-word; }
p { text-wrap: pretty; overflow-wrap: break-word; hyphens: auto; }
.gift { font-style: italic; }
.sprig { flex: none; inline-size: calc(11 * var(--mm)); block-size: calc(11 * var(--mm)); margin: 0 auto; color: var(--_mark, var(--brand)); fill: none; stroke: currentColor; stroke-width: 1; stroke-linecap: round; stroke-linejoin: round; }
.claim { display: grid; grid-template-columns: auto 1fr; gap: calc(3.5 * var(--mm)); align-items: center; margin: 0 calc(8 * var(--mm)); padding-block: calc(4 * var(--mm)); border-block-start: calc(0.25 * var(--mm)) solid #cfc3b4; }
.claim.no-qr { grid-template-columns: 1fr; text-align: center; }
.qr { margin-inline-start: calc(-2.5 * var(--mm)); inline-size: calc(30 * var(--mm)); aspect-ratio: 1; background: #fff; }
.qr svg { display: block; inline-size: 100%; block-size: 100%; }
.redeem { display: grid; gap: calc(1.1 * var(--mm)); min-inline-size: 0; }
.code { font: 700 calc(5.7 * var(--mm))/1.25 ui-monospace, 'SF Mono', 'Cascadia Mono', Menlo, 'DejaVu Sans Mono', Consolas, monospace; font-feature-settings: 'zero'; white-space: nowrap; user-select: all; letter-spacing: 0.01em; }
.link { font-size: calc(3.2 * var(--mm)); line-height: 1.3; overflow-wrap: anywhere; hyphens: none; }
.small { font-size: calc(3.2 * var(--mm)); line-height: 1.34; }
.foot { margin: 0 calc(8 * var(--mm)); padding-block: calc(2.6 * var(--mm)) calc(5.5 * var(--mm)); border-block-start: calc(0.25 * var(--mm)) solid #cfc3b4; display: grid; gap: calc(1.2 * var(--mm)); }
.snug .sprig { display: none; }
.tight h2 { font-size: calc(6.2 * var(--mm)); }
.tight .words { font-size: calc(3.3 * var(--mm)); line-height: 1.32; gap: calc(1.6 * var(--mm)); padding-block: calc(2.5 * var(--mm)); }
.tight .brand { padding-block: calc(4.5 * var(--mm)) calc(4 * var(--mm)); }
@media screen { .sheet { box-shadow: 0 0 0 1px #e8dac5, 0 10px 30px -12px rgb(60 40 20 / 0.28); } }
@media print { :host { inline-size: 105mm; max-inline-size: none; } .sheet { --mm: 1mm; } }
`;

/** Every insert is a page of its own, whatever else is printed. Pages belong to the document, so the rule stands there. */
const PAGE = `@page zugabe-insert { size: 105mm 148mm; margin: 0; } @media print { zugabe-insert { page: zugabe-insert; break-after: page; break-inside: avoid; } }`;

/** What a QR code is drawn with. Anything else in the file is left out. */
const DRAWN = new Set(['svg', 'g', 'path', 'rect']);
const DRAWN_WITH = new Set(['viewBox', 'd', 'fill', 'x', 'y', 'width', 'height', 'transform', 'shape-rendering']);

const TAG = /<(\/?)([a-z][\w:-]*)((?:\s+[\w:-]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*(\/?)>/gi;
const FIELD = /([\w:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;

/** @type {CSSStyleSheet | undefined} */
let page;

/**
 * @param {ZugabeInsert} element
 * @param {Surface} surface
 * @param {Insert} insert
 * @returns {State}
 */
export function drawInsert(element, surface, insert) {
  const { brand, shownCode = insert.code, shortLink = insert.link } = insert;
  adopt(surface.root, STYLES);
  adoptPage(element.ownerDocument);
  const qr = insert.qrSvg && h('div', { part: 'qr', class: 'qr' }, drawing(insert.qrSvg));
  const sheet = h(
    'div',
    { class: 'sheet' },
    h(
      'div',
      { part: 'brand', class: 'brand' },
      h('p', { class: 'name' }, brand.name),
      brand.tagline && h('p', { class: 'tagline' }, brand.tagline),
    ),
    h(
      'div',
      { class: 'words' },
      sprig(),
      h('h2', { part: 'headline' }, insert.headline),
      h('p', { part: 'body' }, insert.body),
      // A gift's name that the text already says is not said twice.
      insert.gift && !insert.body.toLowerCase().includes(insert.gift.toLowerCase()) && h('p', { part: 'gift', class: 'gift' }, insert.gift),
    ),
    (qr || shownCode) &&
      h(
        'div',
        { class: qr ? 'claim' : 'claim no-qr' },
        qr,
        h(
          'div',
          { class: 'redeem' },
          insert.codeText && h('p', { class: 'small' }, insert.codeText),
          shownCode && h('p', { part: 'code', class: 'code', translate: 'no' }, shownCode),
          shortLink && h('p', { class: 'link', translate: 'no' }, ...address(shortLink)),
        ),
      ),
    (insert.conditions || insert.contact || insert.why) &&
      h(
        'div',
        { class: 'foot small' },
        insert.conditions && h('p', { part: 'conditions' }, insert.conditions),
        insert.why && h('p', {}, insert.why),
        insert.contact && h('p', {}, insert.contact),
      ),
  );
  if (brand.color && /^#[0-9a-f]{6}$/i.test(brand.color)) {
    sheet.style.setProperty('--_brand', brand.color);
    sheet.style.setProperty('--_on-brand', readableOn(brand.color));
  }
  place(surface, h('div', { part: 'card', class: 'card', lang: insert.locale }, sheet));
  new ResizeObserver(() => fit(sheet)).observe(sheet);
  surface.internals.ariaLabel = insert.headline;
  queueMicrotask(() => element.emit('zugabe-shown', { insert }));
  return 'shown';
}

/**
 * A long text does without the ornament, a longer one is set smaller, though never below 9 pt. Measured whenever the sheet gets a
 * size, since it may be drawn before it is seen.
 * @param {HTMLElement} sheet
 */
function fit(sheet) {
  const words = sheet.querySelector('.words');
  sheet.classList.remove('snug', 'tight');
  for (const step of ['snug', 'tight']) {
    if (words && words.scrollHeight > words.clientHeight + 1) sheet.classList.add(step);
  }
}

/** @param {Document} document */
function adoptPage(document) {
  if (!page) {
    page = new CSSStyleSheet();
    page.replaceSync(PAGE);
  }
  if (!document.adoptedStyleSheets.includes(page)) document.adoptedStyleSheets.push(page);
}

/**
 * The drawing as nodes, built shape by shape, so that nothing else comes along. Read here and not by the browser's parser: where a
 * page enforces Trusted Types, that one takes no text.
 * @param {string} svg
 */
function drawing(svg) {
  /** @type {(SVGElement | undefined)[]} */
  const open = [];
  /** @type {SVGElement | undefined} */
  let root;
  for (const [, close, name, fields, empty] of svg.matchAll(TAG)) {
    if (close) {
      open.pop();
      continue;
    }
    // A shape inside of something unknown is left out with it.
    const parent = open.at(-1);
    const wanted = DRAWN.has(name) && (open.length === 0 ? name === 'svg' && !root : parent);
    const shape = wanted ? document.createElementNS('http://www.w3.org/2000/svg', name) : undefined;
    for (const [, key, double, single] of shape ? fields.matchAll(FIELD) : []) {
      if (DRAWN_WITH.has(key)) shape?.setAttribute(key, double ?? single);
    }
    if (shape) parent?.append(shape);
    root ??= shape;
    if (!empty) open.push(shape);
  }
  if (!root) throw new ZugabeError('invalid_value', 'This QR code is not an SVG drawing.', 'qrSvg');
  root.setAttribute('aria-hidden', 'true');
  return root;
}

/**
 * Black or white, whichever reads better on a colour (relative luminance as in WCAG).
 * @param {string} color - `#rrggbb`.
 */
function readableOn(color) {
  const [red, green, blue] = [1, 3, 5]
    .map((at) => Number.parseInt(color.slice(at, at + 2), 16) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179 ? '#000' : '#fff';
}
