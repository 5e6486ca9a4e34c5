/** What does a decision look like? One card: the main offer, one thing beside it, and why. All words come from the decision. */
import { adopt } from './base.js';
import { LOOK, address, announce, button, copy, h, icon, place, sprig } from './view.js';

/** @import { Decision, Labels, Offer } from '../types.js' */
/** @import { State, Surface } from './base.js' */
/** @import { ZugabeThanks } from './thanks.js' */

const STYLES = `${LOOK}
.beside { background: var(--_tint); border-block-start: 1px solid var(--_line); }
.beside .ticket { background: var(--_paper); }
.sprig { inline-size: 3rem; block-size: 3rem; color: var(--_accent); stroke-width: 1; margin: -0.25rem 0 -0.25rem -0.625rem; }
.why { border-block-start: 1px solid var(--_line); padding: 0.625rem var(--_pad); }
summary { cursor: pointer; padding-block: 0.25rem; inline-size: fit-content; text-decoration: underline; text-decoration-color: var(--_line); text-underline-offset: 0.25em; }
summary:hover { color: var(--_accent); }
.why p { padding-block: 0.25rem 0.375rem; }
`;

/**
 * @param {ZugabeThanks} element
 * @param {Surface} surface
 * @param {Decision} decision
 * @returns {State}
 */
export function drawThanks(element, surface, decision) {
  const { main, beside } = decision;
  if (!main) {
    // Nothing may be said: the page's own words stay alone.
    surface.root.querySelector('[part~=card]')?.remove();
    return 'silent';
  }
  adopt(surface.root, STYLES);
  const sheet = h(
    'div',
    { class: 'sheet' },
    drawOffer(element, surface, decision.labels, main, 'main'),
    beside && drawOffer(element, surface, decision.labels, beside, 'beside'),
    drawWhy(decision),
  );
  place(surface, h('div', { part: 'card', class: 'card', lang: decision.locale }, sheet));
  surface.internals.ariaLabel = main.text.headline;
  queueMicrotask(() => element.emit('zugabe-shown', { decision }));
  return 'shown';
}

/**
 * @param {ZugabeThanks} element
 * @param {Surface} surface
 * @param {Labels} labels
 * @param {Offer} offer
 * @param {'main' | 'beside'} place
 */
function drawOffer(element, surface, labels, offer, place) {
  const { code, shownCode = code, link, url, text } = offer;
  const spelled = shownCode && h('span', { class: 'code', translate: 'no' }, shownCode);
  const shownLink = link && h('a', { part: 'link', class: 'link', href: link, translate: 'no' }, ...address(link));
  const actions = [
    url && h('a', { part: 'button', class: 'button', href: url }, labels.open ?? text.headline, icon('open')),
    spelled && copyButton(surface, labels.copy, labels.copied, spelled.textContent ?? '', spelled, () =>
      element.emit('zugabe-copied', { option: offer.option, text: spelled.textContent }),
    ),
    link && shownLink && copyButton(surface, labels.share, labels.link_copied, link, shownLink, () =>
      element.emit('zugabe-shared', { option: offer.option, url: link }),
    ),
  ].filter((action) => action instanceof HTMLElement);
  const block = h(
    'div',
    { part: place, class: `offer ${place}` },
    h(
      'div',
      { class: 'words' },
      place === 'main' && sprig(),
      place === 'main' && offer.kind !== 'thanks' && labels.greeting && h('p', { part: 'greeting', class: 'small' }, labels.greeting),
      h(place === 'main' ? 'h2' : 'h3', { part: 'headline' }, text.headline),
      h('p', { part: 'body', class: 'body' }, text.body),
      text.conditions && h('p', { part: 'conditions', class: 'small' }, text.conditions),
    ),
  );
  if (actions.length) {
    const refuse = button(labels.decline, undefined, () => {
      decline(surface, block, labels.declined ?? '');
      element.emit('zugabe-declined', { option: offer.option });
    });
    block.append(
      h(
        'div',
        { class: 'deed' },
        (spelled || shownLink) && h('div', { part: 'code', class: 'ticket' }, spelled, shownLink),
        h('div', { part: 'actions', class: 'actions' }, ...actions, refuse),
      ),
    );
  }
  return block;
}

/**
 * The answer stands where the offer was. Focus goes there only if it would be lost otherwise.
 * @param {Surface} surface
 * @param {HTMLElement} block
 * @param {string} answer
 */
function decline({ root, status }, block, answer) {
  const hadFocus = block.contains(root.activeElement);
  const said = h('p', { class: 'body said', tabindex: '-1' }, answer);
  block.replaceChildren(said);
  if (hadFocus) said.focus();
  else announce(status, answer);
}

/**
 * A button that copies one of the offer's texts; the customer passes it on herself, the shop writes to nobody.
 * @param {Surface} surface
 * @param {string} label
 * @param {string} done
 * @param {string} text
 * @param {HTMLElement} shown
 * @param {() => void} copied
 */
function copyButton({ status }, label, done, text, shown, copied) {
  return button(label, 'copy', async (pressed) => {
    if (await copy(text, shown, pressed, done, status)) copied();
  });
}

/** @param {Decision} decision */
function drawWhy({ main, beside, labels }) {
  const reasons = new Set([main?.text.why, beside?.text.why].filter((why) => typeof why === 'string'));
  return h(
    'details',
    { part: 'why', class: 'why small' },
    h('summary', {}, labels.why),
    ...Array.from(reasons, (why) => h('p', {}, why)),
  );
}
