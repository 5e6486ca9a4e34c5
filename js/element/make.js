/** With what are views drawn? The page's document; on a server, something that writes text. */

/** @typedef {Pick<Document, 'createElement' | 'createElementNS' | 'createTextNode'>} Maker */

/** @type {{ document: Maker }} */
export const make = { document: globalThis.document };
