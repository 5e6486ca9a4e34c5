/**
 * What does the page add to the element? The customer's choice, where the shop runs the WP Consent API. Nothing is stored:
 * without a choice the thanks is the same, just less personal.
 */
const { wp_has_consent: hasConsent } = /** @type {any} */ (globalThis);

function tell() {
  const profiling = typeof hasConsent === 'function' && hasConsent('preferences') === true;
  for (const element of document.querySelectorAll('zugabe-thanks')) {
    /** @type {any} */ (element).request = { consent: { profiling } };
  }
}

tell();
document.addEventListener('wp_listen_for_consent_change', tell);
import('./zugabe/zugabe.js').catch((error) => console.warn(`zugabe-thanks: ${error.message}`));
