/** The friend's page needs nothing but the element: the code comes with the address. */
import { locale } from './page.js';

document.querySelector('zugabe-friend')?.setAttribute('locale', locale);
await import('../../js/element/index.js');
