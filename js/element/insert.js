/** `<zugabe-insert>`: the slip of paper in the parcel, A6 portrait, as it will be printed. */
import { ZugabeElement } from './base.js';
import { part } from './part.js';

/** @import { Insert } from '../types.js' */

/**
 * @summary A parcel insert: true to size in print, to scale on a screen.
 * @tagname zugabe-insert
 * @slot - Shown while there is no insert.
 * @fires zugabe-shown - The insert is on screen; `detail.insert`.
 * @fires zugabe-failed - It cannot be shown; `detail.code`, `detail.message`, `detail.path`.
 * @csspart card - The sheet.
 * @csspart brand - The shop's name and line.
 * @csspart headline - The greeting.
 * @csspart body - The text.
 * @csspart gift - The gift's name.
 * @csspart code - The code.
 * @csspart qr - The QR code.
 * @csspart conditions - The conditions.
 * @csspart fallback - What stands there without an insert.
 * @cssproperty --zugabe-brand - The shop's colour, where the insert names none.
 */
export class ZugabeInsert extends ZugabeElement {
  /** @override */
  static inputs = ['insert'];

  /** @type {Insert | undefined} */ #insert;

  /** What the core made for one parcel. @returns {Insert | undefined} */
  get insert() {
    return this.#insert;
  }

  set insert(insert) {
    this.#insert = insert ?? undefined;
    this.invalidate();
  }

  /** @override */
  async prepare() {
    const insert = this.#insert;
    if (!insert) return undefined;
    const { drawInsert } = await part(() => import('./insert-view.js'));
    /** @param {import('./base.js').Surface} surface */
    return (surface) => drawInsert(this, surface, insert);
  }
}
