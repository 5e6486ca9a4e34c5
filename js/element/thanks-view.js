/** What does a decision look like? One card: the main offer, one thing beside it, and why. All words come from the decision. */
import { otherWays, shareButton, way } from './share.js';
import { adopt } from './styles.js';
import { LOOK, address, announce, button, copy, h, icon, place, safe, sprig } from './view.js';

/** @import { Decision, Labels, Offer } from '../types.js' */
/** @import { State, Surface } from './base.js' */
/** @import { ZugabeThanks } from './thanks.js' */

/** Everything the card needs, for pages and for servers. */
export const THANKS_STYLES = `${LOOK}
.beside { background: var(--_tint); border-block-start: 1px solid var(--_line); }
.beside .ticket { background: var(--_paper); }
.mark, ::slotted([slot=mark]) { display: block; margin: -0.25rem 0 -0.25rem -0.625rem; }
.sprig { display: block; inline-size: 3rem; block-size: 3rem; color: var(--_accent); stroke-width: 1; }
.said { display: flex; align-items: center; gap: 0.75rem; }
.why { border-block-start: 1px solid var(--_line); padding: 0.625rem var(--_pad); }
summary { display: flex; align-items: center; gap: 0.5rem; cursor: pointer; padding-block: 0.25rem; inline-size: fit-content; list-style: none; text-decoration: underline; text-decoration-color: var(--_line); text-underline-offset: 0.25em; }
summary::-webkit-details-marker { display: none; }
summary:hover { color: var(--_accent); }
[open] > summary svg { rotate: 180deg; }
.why p { padding-block: 0.25rem 0.375rem; }
`;

/**
 * @param {ZugabeThanks} element
 * @param {Surface} surface
 * @param {Decision} decision
 * @returns {State}
 */
export function drawThanks(element, surface, decision) {
  const { main } = decision;
  if (!main) {
    // Nothing may be said: the page's own words stay alone.
    surface.root.querySelector('[part~=card]')?.remove();
    return 'silent';
  }
  adopt(surface.root, THANKS_STYLES);
  place(surface, thanksCard(element, surface, decision));
  surface.internals.ariaLabel = main.text.headline;
  queueMicrotask(() => element.emit('zugabe-shown', { decision }));
  return 'shown';
}

/**
 * The card of a decision that has something to say. Without an element and its surface it is only written, by a server.
 * @param {ZugabeThanks | undefined} element
 * @param {Surface | undefined} surface
 * @param {Decision} decision
 */
export function thanksCard(element, surface, decision) {
  const { main, beside, labels } = decision;
  const offers = [main && drawOffer(element, surface, labels, main, 'main'), beside && drawOffer(element, surface, labels, beside, 'beside')];
  const sheet = h('div', { class: 'sheet' }, ...offers, drawWhy(element, decision), h('slot', { name: 'after' }));
  // What comes with the page itself is simply there.
  return h('div', { part: 'card', class: element ? 'card' : 'card still', lang: decision.locale }, h('slot', { name: 'before' }), sheet);
}

/**
 * @param {ZugabeThanks | undefined} element
 * @param {Surface | undefined} surface
 * @param {Labels} labels
 * @param {Offer} offer
 * @param {'main' | 'beside'} place
 */
function drawOffer(element, surface, labels, offer, place) {
  const { option, kind, code, shownCode = code, text } = offer;
  const main = place === 'main';
  const link = safe(offer.link);
  const url = safe(offer.url);
  const spelled = shownCode && h('span', { class: 'code', translate: 'no' }, shownCode);
  const shownLink = link ? h('a', { part: 'link', class: 'link', href: link, translate: 'no' }, ...address(link)) : undefined;
  const sharing = link && {
    ...{ surface: /** @type {Surface} */ (surface), labels, offer, link, shown: shownLink },
    shared: (/** @type {string} */ by) => element?.emit('zugabe-shared', { option, url: link, by }),
    revealed: () => element?.emit('zugabe-revealed', { option, what: 'qr' }),
  };
  const claimed = () => element?.emit('zugabe-claimed', { option, kind, ...(url && { url }) });
  const block = h(
    'div',
    { part: place, class: `offer ${place}` },
    h(
      'div',
      { class: 'words' },
      main && h('slot', { name: 'mark', class: 'mark' }, sprig()),
      main && kind !== 'thanks' && labels.greeting && h('p', { part: 'greeting', class: 'small' }, labels.greeting),
      h(main ? 'h2' : 'h3', { part: 'headline' }, text.headline),
      h('p', { part: 'body', class: 'body' }, text.body),
      // Law asks for these without a click.
      text.conditions && h('p', { part: 'conditions', class: 'small' }, text.conditions),
      ...[text.notice ?? []].flat().map((notice) => h('p', { part: 'notice', class: 'small' }, notice)),
    ),
  );
  /** @param {string} answer @param {Element} [drawing] */
  const end = (answer, drawing) => surface && replaceOffer(surface, block, answer, drawing);
  /** @param {HTMLButtonElement} pressed */
  const copyCode = async (pressed) => {
    if (shownCode && spelled && surface && (await copy(shownCode, spelled, pressed, labels.copied, surface.status))) element?.emit('zugabe-copied', { option, text: shownCode });
  };
  const actions = [
    url && h('a', { part: 'button', class: 'button', href: url, click: claimed }, labels.open ?? text.headline, icon('open')),
    // Beside a link the code is one way among others to pass it on.
    sharing ? shareButton(sharing) : spelled && button(labels.copy, 'copy', copyCode),
    // Only where somebody hears the answer.
    !url && !spelled && element?.claim && labels.accept && button(labels.accept, undefined, (pressed) => void claim(element, offer, labels, pressed, end)),
  ].filter((action) => typeof action === 'object');
  if (actions.length === 0) return block;
  const refuse = button(labels.decline, undefined, () => {
    end(labels.declined ?? '');
    element?.emit('zugabe-declined', { option });
  });
  block.append(
    h(
      'div',
      { class: 'deed' },
      (spelled || shownLink) && h('div', { part: 'code', class: 'ticket' }, spelled, shownLink),
      h('div', { part: 'actions', class: 'actions' }, ...actions, refuse),
      sharing && otherWays(sharing, spelled && way(labels.copy, 'copy', copyCode)),
    ),
  );
  return block;
}

/**
 * The host answers whether it worked; until then the button waits, and if it did not work she may try again.
 * @param {ZugabeThanks} element
 * @param {Offer} offer
 * @param {Labels} labels
 * @param {HTMLButtonElement} pressed
 * @param {(answer: string, drawing?: Element) => void} end
 */
async function claim(element, offer, labels, pressed, end) {
  pressed.setAttribute('aria-disabled', 'true');
  try {
    if ((await element.claim?.(offer)) === false) throw new Error('refused');
    element.emit('zugabe-claimed', { option: offer.option, kind: offer.kind });
    end(labels.accepted ?? '', sprig());
  } catch {
    pressed.removeAttribute('aria-disabled');
    if (labels.again) pressed.textContent = labels.again;
  }
}

/**
 * The answer stands where the offer was. Focus goes there only if it would be lost otherwise.
 * @param {Surface} surface
 * @param {HTMLElement} block
 * @param {string} answer
 * @param {Element} [drawing]
 */
function replaceOffer({ root, status }, block, answer, drawing) {
  const hadFocus = block.contains(root.activeElement);
  const said = h('p', { class: 'body said', tabindex: '-1' }, drawing, answer);
  block.replaceChildren(said);
  if (hadFocus) said.focus();
  else announce(status, answer);
}

/** @param {ZugabeThanks | undefined} element @param {Decision} decision */
function drawWhy(element, { main, beside, labels }) {
  const reasons = new Set([main?.text.why, beside?.text.why].filter((why) => typeof why === 'string' && why));
  if (reasons.size === 0 || !labels.why) return undefined;
  return h(
    'details',
    {
      part: 'why',
      class: 'why small',
      toggle: ({ currentTarget }) => {
        if (/** @type {HTMLDetailsElement} */ (currentTarget).open) element?.emit('zugabe-revealed', { option: main?.option, what: 'why' });
      },
    },
    h('summary', {}, labels.why, icon('more')),
    ...Array.from(reasons, (why) => h('p', {}, why)),
    labels.contact && h('p', { part: 'contact' }, labels.contact),
  );
}
