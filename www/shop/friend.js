/** The friend's page needs nothing but the element: the code comes with the address. Where a shop has a cart, the demo has its story. */
import { locale } from './page.js';

const element = document.querySelector('zugabe-friend');
element?.setAttribute('locale', locale);
element?.setAttribute('apply-url', `./story.html${locale === 'en' ? '?locale=en' : ''}#{code}`);
await import('../../js/element/index.js');
