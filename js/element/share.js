/** How does a shopper pass a link on? By her own programs: the device's share sheet, WhatsApp, mail, the link, a QR code. The shop writes to nobody. */
import { announce, button, copy, h, icon } from './view.js';

/** @import { Labels, Offer } from '../types.js' */
/** @import { Surface } from './base.js' */

/** @typedef {'sheet' | 'whatsapp' | 'mail' | 'link'} Way */

/**
 * @typedef {object} Sharing
 * @property {Surface} surface
 * @property {Labels} labels
 * @property {Offer} offer
 * @property {string} link
 * @property {HTMLElement | undefined} shown - Where the link stands.
 * @property {(way: Way) => void} shared
 * @property {() => void} revealed - The QR code is on screen.
 */

/**
 * The one button: the share sheet where the device has one, else the link is copied.
 * @param {Sharing} sharing
 */
export function shareButton(sharing) {
  const { labels, link, shared } = sharing;
  const data = { url: link, ...(labels.share_text && { text: labels.share_text }) };
  if (!labels.share_with || !canShare(data)) return copyLink(sharing, 'button');
  return button(labels.share_with, 'share', () =>
    navigator.share(data).then(
      () => shared('sheet'),
      () => {}, // She closed the sheet, which is an answer, too.
    ),
  );
}

/**
 * The other ways, each a plain link or button. What a label is missing for is not there.
 * @param {Sharing} sharing
 * @param {HTMLElement | string | undefined} first - What stands before them.
 * @returns {HTMLElement | undefined}
 */
export function otherWays(sharing, first) {
  const { labels, link, shared } = sharing;
  const message = [labels.share_text, link].filter(Boolean).join(' ');
  const subject = labels.share_subject ?? '';
  const sheet = labels.share_with && canShare({ url: link });
  const ways = [
    first,
    labels.whatsapp && away('whatsapp', labels.whatsapp, `https://wa.me/?text=${encodeURIComponent(message)}`, () => shared('whatsapp')),
    labels.mail && away('mail', labels.mail, `mailto:?subject=${encodeURIComponent(subject)}&body=${encodeURIComponent(message)}`, () => shared('mail')),
    sheet && copyLink(sharing, 'way'),
    labels.qr && qrButton(sharing),
  ].filter((way) => typeof way === 'object');
  if (ways.length === 0) return undefined;
  return h('ul', { part: 'ways', class: 'ways' }, ...ways.map((way) => h('li', {}, way)));
}

/** @param {ShareData} data */
function canShare(data) {
  return typeof navigator !== 'undefined' && typeof navigator.share === 'function' && (navigator.canShare?.(data) ?? true);
}

/**
 * @param {'whatsapp' | 'mail'} drawing
 * @param {string} label
 * @param {string} href
 * @param {() => void} opened
 */
function away(drawing, label, href, opened) {
  const elsewhere = href.startsWith('https:') ? { target: '_blank', rel: 'noopener noreferrer' } : {};
  return h('a', { part: 'way', href, click: opened, ...elsewhere }, icon(drawing), label);
}

/**
 * A way that is taken on this page.
 * @param {string} label
 * @param {Parameters<typeof icon>[0]} drawing
 * @param {(pressed: HTMLButtonElement) => void} press
 * @param {Record<string, string>} [more]
 */
export function way(label, drawing, press, more = {}) {
  const element = h('button', { type: 'button', part: 'way', ...more }, icon(drawing), label);
  element.addEventListener('click', () => press(element));
  return element;
}

/**
 * @param {Sharing} sharing
 * @param {'button' | 'way'} look
 */
function copyLink({ surface, labels, link, shown, shared }, look) {
  /** @param {HTMLButtonElement} pressed */
  const press = async (pressed) => {
    if (await copy(link, shown ?? pressed, pressed, labels.link_copied, surface.status)) shared('link');
  };
  return look === 'button' ? button(labels.share, 'link', press) : way(labels.share, 'link', press);
}

/** The QR code of the link, drawn when asked for; the program that draws it is loaded only then. @param {Sharing} sharing */
function qrButton({ surface, labels, link, revealed }) {
  /** @type {HTMLElement | undefined} */
  let drawn;
  /** @param {HTMLButtonElement} pressed */
  const press = async (pressed) => {
    if (drawn) {
      drawn.hidden = !drawn.hidden;
    } else {
      const drawing = await import('./qr.js').catch(() => undefined);
      // The network is gone; the link itself is on screen.
      if (!drawing) return;
      const { qr } = drawing;
      drawn = h('div', { part: 'qr', class: 'qr', role: 'img', 'aria-label': `${labels.qr}: ${link}` }, qr(link));
      pressed.closest('ul')?.after(drawn);
    }
    pressed.setAttribute('aria-expanded', String(!drawn.hidden));
    if (drawn.hidden) return;
    announce(surface.status, `${labels.qr}: ${link}`);
    revealed();
  };
  return way(labels.qr, 'qr', press, { 'aria-expanded': 'false' });
}
