/** What does a theme page need beside the elements? The policy, from the shop's metafield, and when the order came in. */
import '../../../js/element/index.js';

const { textContent } = document.querySelector('[data-zugabe-policy]') ?? {};
const policy = textContent ? JSON.parse(textContent) : null;
if (policy) {
  for (const element of /** @type {NodeListOf<any>} */ (document.querySelectorAll('zugabe-thanks, zugabe-friend'))) {
    const at = element.getAttribute('data-at');
    // Shopify writes +0100, the core reads +01:00.
    if (at) element.request = { moment: { at: at.replace(/([+-]\d\d)(\d\d)$/, '$1:$2') } };
    element.policy = policy;
  }
}
