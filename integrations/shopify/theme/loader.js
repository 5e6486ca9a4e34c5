/** How does the core come into a theme's page? As plain JavaScript: Shopify takes no wasm file among a theme extension's assets. */

/** @returns {Promise<import('../../../js/types.js').PageGlue>} */
export const loadPage = () => /** @type {Promise<any>} */ (import('../../../dist/plain/zugabe_plain.js'));

export function setWasmUrl() {}
