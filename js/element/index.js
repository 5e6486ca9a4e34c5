/** Defines the elements. Only this much is loaded with the page; views, core and policy follow when an element needs them. */
import { ZugabeFriend } from './friend.js';
import { ZugabeInsert } from './insert.js';
import { ZugabeThanks } from './thanks.js';

export { ZugabeFriend, ZugabeInsert, ZugabeThanks };

for (const [name, element] of Object.entries({
  'zugabe-thanks': ZugabeThanks,
  'zugabe-friend': ZugabeFriend,
  'zugabe-insert': ZugabeInsert,
})) {
  // A theme and a plug-in may both load this file: the first one defines.
  if (globalThis.customElements && !customElements.get(name)) customElements.define(name, element);
}
