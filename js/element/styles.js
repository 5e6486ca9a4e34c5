/** How do styles come in? As sheets that a content security policy lets through, one for all elements of a kind. */

/** The live region takes no room, and none on paper: there it would be an empty page behind the last. */
export const STYLES = `:host{display:block}:host([hidden]),[hidden]{display:none!important}
[role=status]{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
@media print{[role=status]{display:none}}`;

/** @type {Map<string, CSSStyleSheet>} */
const sheets = new Map();

/**
 * Adds styles that a content security policy lets through; a style element only where there is nothing better.
 * @param {ShadowRoot} root
 * @param {string} css
 */
export function adopt(root, css) {
  if (!root.adoptedStyleSheets) {
    root.append(Object.assign(document.createElement('style'), { textContent: css }));
    return;
  }
  const sheet = sheets.get(css) ?? new CSSStyleSheet();
  if (!sheets.has(css)) sheet.replaceSync(css);
  sheets.set(css, sheet);
  if (!root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets.push(sheet);
}
