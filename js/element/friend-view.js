/** What does a friend see? The code, what it gives, and at once where it was mistyped. All words come from the core. */
import { adopt } from './styles.js';
import { LOOK, announce, button, copy, h, icon, place, plain, safe } from './view.js';

/** @import { FriendOffer } from '../types.js' */
/** @import { State, Surface } from './base.js' */
/** @import { ZugabeFriend } from './friend.js' */

const STYLES = `${LOOK}
label { font-size: 0.875rem; color: var(--_muted); }
.ticket { padding-block: 0.75rem 0.875rem; }
input {
  inline-size: 100%; min-inline-size: 0; text-align: center; text-transform: uppercase; border: 0; background: transparent; color: inherit;
  border-block-end: 2px dashed var(--_muted); padding: 0.25rem 0; border-radius: 0;
}
input:focus-visible { outline-offset: 5px; }
input[aria-invalid=true] { border-block-end: 3px solid var(--_accent); }
.message { display: flex; gap: 0.5rem; align-items: baseline; font-weight: 600; }
.message::before { content: '!'; flex: none; inline-size: 1.375rem; text-align: center; line-height: 1.375rem; border-radius: 50%; background: var(--_accent); color: var(--_paper); }
`;

/**
 * @param {ZugabeFriend} element
 * @param {Surface} surface
 * @param {(code: string) => FriendOffer} ask
 * @returns {State}
 */
export function drawFriend(element, surface, ask) {
  adopt(surface.root, STYLES);
  const first = ask(element.code);
  const { labels } = first;
  const headline = h('h2', { part: 'headline' });
  const body = h('p', { part: 'body', class: 'body' });
  const message = h('p', { part: 'message', class: 'message', id: 'message' });
  const conditions = h('p', { part: 'conditions', class: 'small' });
  const field = h('input', {
    part: 'field', class: 'code', id: 'code', type: 'text', inputmode: 'text', autocomplete: 'off', autocapitalize: 'characters',
    spellcheck: 'false', maxlength: '64', enterkeyhint: 'done', translate: 'no', 'aria-describedby': 'message',
  });
  const copyButton = button(labels.copy, 'copy', async (pressed) => {
    if (await copy(field.value, field, pressed, labels.copied, surface.status)) {
      element.emit('zugabe-copied', { option: 'friend', text: field.value });
    }
  });
  const shop = safe(element.getAttribute('shop-url') ?? first.url);
  const apply = applyControl(element, surface, labels, () => field.value);
  const actions = h(
    'div',
    { part: 'actions', class: 'actions' },
    apply,
    copyButton,
    shop && h('a', { part: 'button', class: 'button', href: shop }, labels.shop, icon('open')),
  );

  /**
   * Somebody who has not come to the end of the code yet is not corrected.
   * @param {FriendOffer} offer
   * @param {boolean} finished
   */
  const show = (offer, finished) => {
    const ok = offer.verdict === 'ok';
    const patient = offer.verdict === 'length' && !finished;
    const wrong = !ok && !patient && field.value.trim() !== '';
    headline.textContent = plain(offer.headline);
    body.textContent = ok ? plain(offer.body) : '';
    body.hidden = !ok;
    message.textContent = wrong ? plain(offer.body) : '';
    message.hidden = !wrong;
    conditions.textContent = plain(offer.conditions ?? '');
    conditions.hidden = !ok || !offer.conditions;
    copyButton.hidden = !ok || offer.expired;
    if (apply) {
      apply.hidden = copyButton.hidden;
      if (apply instanceof HTMLAnchorElement) apply.href = applyUrl(element, offer.code ?? '');
    }
    copyButton.replaceChildren(icon('copy'), labels.copy);
    if (wrong) field.setAttribute('aria-invalid', 'true');
    else field.removeAttribute('aria-invalid');
    if (ok && finished && offer.shownCode) field.value = offer.shownCode;
  };

  /** @param {boolean} finished */
  const read = (finished) => {
    const offer = ask(field.value);
    const before = message.textContent;
    show(offer, finished);
    if (message.textContent !== before && message.textContent) announce(surface.status, message.textContent);
    else if (offer.verdict === 'ok') announce(surface.status, offer.body);
  };
  field.value = first.shownCode ?? element.code;
  field.addEventListener('input', () => read(false));
  field.addEventListener('change', () => read(true));
  show(first, true);
  const sheet = h(
    'div',
    { class: 'sheet' },
    h(
      'div',
      { class: 'offer' },
      h('div', { class: 'words' }, headline, body, conditions),
      h(
        'div',
        { class: 'deed' },
        h('div', { part: 'code', class: 'ticket' }, h('label', { for: 'code' }, labels.code_input), field),
        message,
        actions,
      ),
    ),
  );
  place(surface, h('div', { part: 'card', class: 'card', lang: first.locale }, sheet));
  surface.internals.ariaLabel = first.headline;
  queueMicrotask(() => element.emit('zugabe-shown', { offer: first }));
  return 'shown';
}

/**
 * Puts the code into the cart: a link where an address does it, a button where the page has said how.
 * @param {ZugabeFriend} element
 * @param {Surface} surface
 * @param {Record<string, string>} labels
 * @param {() => string} read
 */
function applyControl(element, surface, labels, read) {
  const code = () => read().replace(/[^0-9a-z]/gi, '').toUpperCase();
  const claimed = () => element.emit('zugabe-claimed', { option: 'friend', code: code() });
  if (!labels.apply) return undefined;
  if (!element.apply) {
    return element.hasAttribute('apply-url') && safe(applyUrl(element, '')) ? h('a', { part: 'button', class: 'button', click: claimed }, labels.apply, icon('open')) : undefined;
  }
  return button(labels.apply, undefined, async (pressed) => {
    pressed.setAttribute('aria-disabled', 'true');
    const done = await Promise.resolve()
      .then(() => element.apply?.(code()))
      .catch(() => false);
    pressed.removeAttribute('aria-disabled');
    const answer = done === false ? labels.again : labels.applied;
    if (!answer) return;
    pressed.replaceChildren(...(done === false ? [] : [icon('done')]), plain(answer));
    announce(surface.status, answer);
    if (done !== false) claimed();
  });
}

/** @param {ZugabeFriend} element @param {string} code */
const applyUrl = (element, code) => (element.getAttribute('apply-url') ?? '').replaceAll('{code}', encodeURIComponent(code));
