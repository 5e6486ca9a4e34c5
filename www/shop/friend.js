/** The friend's page needs nothing but the element: the code comes with the address, and goes on with it to where the demo is played. */
import { locale } from './page.js';

document.querySelector('zugabe-friend')?.setAttribute('locale', locale);
for (const link of /** @type {NodeListOf<HTMLAnchorElement>} */ (document.querySelectorAll('a[data-order]'))) {
  link.href = `./story.html${locale === 'en' ? '?locale=en' : ''}${location.hash}`;
}
await import('../../js/element/index.js');
