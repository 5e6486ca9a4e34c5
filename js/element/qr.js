/** What does a camera read? The link as a drawing. Loaded when a shopper asks for it. */
import { encode } from '../../dist/qr/qr.js';

const SVG = 'http://www.w3.org/2000/svg';

/**
 * A QR code with the quiet zone that cameras need, in the text's colour.
 * @param {string} text
 */
export function qr(text) {
  const { data, size } = encode(text, { ecc: 'M', border: 4 });
  const svg = document.createElementNS(SVG, 'svg');
  const path = document.createElementNS(SVG, 'path');
  svg.setAttribute('viewBox', `0 0 ${size} ${size}`);
  svg.setAttribute('aria-hidden', 'true');
  svg.setAttribute('shape-rendering', 'crispEdges');
  const dark = data.flatMap((row, y) => row.map((on, x) => (on ? `M${x} ${y}h1v1h-1z` : '')));
  path.setAttribute('d', dark.join(''));
  svg.append(path);
  return svg;
}
