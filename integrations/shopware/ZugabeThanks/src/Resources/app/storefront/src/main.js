/**
 * What does the storefront add to the element? Policy, consent, and the element itself, which loads on the finish page only.
 *
 * This file is valid as it stands: the shop's own build may compile it, and without one it is shipped unchanged.
 */
(({ PluginBaseClass, PluginManager }) => {
  /** Shopware's name for "the cookie preferences were saved". */
  const PREFERENCES = 'CookieConfiguration_Update';

  class ZugabeThanksPlugin extends PluginBaseClass {
    static options = { policy: '', element: '', consent: 'zugabe-personal' };

    init() {
      const { policy, element, consent } = this.options;
      try {
        this.el.policy = JSON.parse(policy);
      } catch (error) {
        console.warn(`zugabe-thanks: the policy in the plugin's settings is not JSON: ${error.message}`);
        return;
      }
      this.allow(document.cookie.split('; ').some((entry) => entry.startsWith(`${consent}=`)));
      this.saved = ({ detail }) => {
        if (consent in detail) this.allow(detail[consent]);
      };
      document.$emitter?.subscribe(PREFERENCES, this.saved);
      import(/* webpackIgnore: true */ element).catch((error) => console.warn(`zugabe-thanks: ${error.message}`));
    }

    /** @param {boolean} allowed */
    allow(allowed) {
      this.el.request = { consent: { profiling: Boolean(allowed) } };
    }
  }

  PluginManager.register('ZugabeThanks', ZugabeThanksPlugin, '[data-zugabe-thanks]');
})(window);
