/** What do the shop's pages share? The language, and links that keep it. */

export const query = new URLSearchParams(location.search);

/** What the pages are written in. */
export const locale = query.get('locale') === 'en' ? 'en' : 'de';

document.documentElement.lang = locale;

/**
 * An address of this page with other customer or language.
 * @param {Record<string, string>} changes
 */
export function address(changes) {
  return `?${new URLSearchParams({ ...Object.fromEntries(query), ...changes })}${location.hash}`;
}

for (const link of /** @type {NodeListOf<HTMLAnchorElement>} */ (document.querySelectorAll('a[data-locale]'))) {
  link.href = address({ locale: link.dataset.locale ?? 'de' });
  if (link.dataset.locale === locale) link.setAttribute('aria-current', 'true');
}
for (const link of /** @type {NodeListOf<HTMLAnchorElement>} */ (document.querySelectorAll('nav a'))) {
  link.search = locale === 'en' ? '?locale=en' : '';
}
