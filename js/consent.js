/** What did she agree to? Carries the answer of the shop's own consent banner to the elements. Stores nothing and asks nobody. */

/** @import { Consent } from './types.js' */

/** Tells every element on the page, and forgets what was remembered when storage is no longer allowed. @param {Consent} consent */
export function setConsent(consent) {
  document.dispatchEvent(new CustomEvent('zugabe-consent', { detail: consent }));
  if (!consent.storage) void import('./element/memory.js').then(({ forget }) => forget());
}

/**
 * Shopify's Customer Privacy API. Preferences allow storage, marketing allows profiling and ads.
 * @param {(consent: Consent) => void} [tell]
 * @returns {() => void} stops listening
 */
export function fromShopify(tell = setConsent) {
  const shopify = /** @type {any} */ (globalThis).Shopify;
  const read = () => {
    const privacy = shopify?.customerPrivacy;
    if (!privacy) return;
    const marketing = privacy.marketingAllowed() === true;
    tell({ storage: privacy.preferencesProcessingAllowed() === true, profiling: marketing, ads: marketing });
  };
  document.addEventListener('visitorConsentCollected', read);
  if (shopify?.customerPrivacy) read();
  else shopify?.loadFeatures?.([{ name: 'consent-tracking-api', version: '0.1' }], (/** @type {unknown} */ error) => error || read());
  return () => document.removeEventListener('visitorConsentCollected', read);
}

/**
 * Shopware's cookie preferences: entries that the plug-in registers, by the names of their cookies. Shopware keeps the answer in its own
 * cookies, which are necessary for that and are only read here.
 * @param {{ storage?: string, profiling?: string, ads?: string }} [cookies] - Which cookie stands for what.
 * @param {(consent: Consent) => void} [tell]
 * @returns {() => void} stops listening
 */
export function fromShopware(cookies = { storage: 'zugabe-storage', profiling: 'zugabe-profiling' }, tell = setConsent) {
  const kept = new Set(document.cookie.split('; ').map((cookie) => cookie.split('=')[0]));
  const names = /** @type {[keyof Consent, string][]} */ (Object.entries(cookies));
  /** @type {Consent} */
  const consent = Object.fromEntries(names.map(([purpose, cookie]) => [purpose, kept.has(cookie)]));
  const update = (/** @type {{ detail?: Record<string, boolean> }} */ { detail = {} }) => {
    for (const [purpose, cookie] of names) if (cookie in detail) consent[purpose] = detail[cookie] === true;
    tell({ ...consent });
  };
  const emitter = /** @type {any} */ (document).$emitter;
  emitter?.subscribe('CookieConfiguration_Update.zugabe', update);
  tell({ ...consent });
  return () => emitter?.unsubscribe('CookieConfiguration_Update.zugabe');
}
