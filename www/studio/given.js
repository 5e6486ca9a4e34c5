/** Whose codes were given out? A list of them as the studio saves it (CSV), or as `zugabe mint --for` writes it (JSON, one a line). */

/** @typedef {{ code: string, order?: string, customer?: string }} GivenCode */

/**
 * The codes of a list that customers pass on; vouchers beside them are left out.
 * @param {string} text
 * @param {string[]} options ids of the programme's options whose codes are passed on
 * @returns {GivenCode[] | undefined} nothing when the text is no such list
 */
export function givenCodes(text, options) {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/).filter((line) => line.trim() !== '');
  if (lines[0]?.trimStart().startsWith('{')) return minted(lines);
  const [head, ...rows] = lines.map(cellsOf);
  const [code, order, customer, option] = ['code', 'order', 'customer', 'option'].map((name) => head?.indexOf(name) ?? -1);
  if (code < 0 || (order < 0 && customer < 0)) return undefined;
  return rows.filter((row) => option < 0 || options.includes(row[option])).map((row) => given(row[code], row[order], row[customer]));
}

/** @param {string[]} lines */
function minted(lines) {
  try {
    return lines.map((line) => JSON.parse(line)).map(({ code, order, customer }) => given(String(code), order, customer));
  } catch {
    return undefined;
  }
}

/**
 * @param {string} code
 * @param {string | undefined} order
 * @param {string | undefined} customer
 */
const given = (code, order, customer) => ({ code, ...(order && { order }), ...(customer && { customer }) });

/** The cells of a line of the studio's own CSV: no cell of it holds a line break. @param {string} line */
function cellsOf(line) {
  const cells = line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g);
  // What a spreadsheet would take for a formula was written with a quote before it.
  return Array.from(cells, ([, quoted, plain]) => (quoted?.replaceAll('""', '"') ?? plain).replace(/^'(?=[=+\-@\t\r])/, ''));
}
