/** Why this, and why not the others? The trace of a decision in plain sentences. */
import { fill, h } from '../dom.js';
import { count, money, percent, spoken } from '../format.js';
import { fieldName, kindName, rejectionSentence } from '../words.js';

/** @import { Decision, Numbers, Shown } from '../types.js' */

/** @type {Record<string, string>} */
const LANGUAGES = { de: 'German', en: 'English', fr: 'French', es: 'Spanish' };

/**
 * @param {HTMLElement} place
 * @param {Decision} decision
 * @param {Numbers} numbers
 * @param {string} currency
 */
export function explain(place, decision, numbers, currency) {
  const step = (/** @type {string} */ name) => decision.steps.find((one) => one.step === name);
  const locale = step('message')?.locale ?? 'en';
  const read = /** @type {string[]} */ (step('data')?.read ?? []);
  const cell = step('segment')?.cell;
  const rank = step('economics')?.rank;
  const shown = /** @type {Shown[]} */ ([decision.main, decision.beside].filter((one) => one !== undefined));
  fill(
    place,
    h('h2', { id: 'why-title' }, 'Why this'),
    shown.length === 0 ? h('p', { class: 'meaning' }, 'Nothing is said here, and that is the decision: silence is the right answer.') : told(shown, locale),
    h(
      'ol',
      { class: 'steps' },
      line('Read', read.length > 0 ? `${list(read.map(fieldName))}. Nothing else.` : 'Nothing at all.', read.join(', ')),
      line('Group', basisWords(Object.values(decision.basis ?? {})[0]), cell && `group ${cell}`),
      line('Rank', rank ? `Number ${rank} of what suits this group, by your own figures.` : 'A plain thank-you needs no ranking: it is always right.'),
      decision.bucket && decision.bucket.propensityBp < 10_000 && line('Chance', `Several things suit equally well, so they take turns: this one had a chance of ${percent(decision.bucket.propensityBp)}.`, `bucket ${decision.bucket.n}`),
      line('Cost', costWords(numbers, currency), 'only you see this'),
      numbers.reorderBp !== undefined && line('Odds', `${percent(numbers.reorderBp)} of customers order again within 90 days after an order like this one.`, 'only you see this'),
      line('Words', `${LANGUAGES[locale] ?? locale}, from your programme.`),
      decision.caps?.map((cap) => line('Limit', `${spoken(cap.counter.replace('.', ' per '))}: ${cap.used === undefined ? 'unknown, so taken as full' : `${count(cap.used)} of ${count(cap.limit)} used`}.`)),
    ),
  );
}

/**
 * What the customer is told; two options with the same reason share it.
 * @param {Shown[]} shown
 * @param {string} locale
 */
function told(shown, locale) {
  const reasons = [...new Set(shown.map((one) => one.text.why))];
  return h(
    'div',
    { class: 'told' },
    reasons.map((why) => {
      const options = shown.filter((one) => one.text.why === why);
      return h(
        'div',
        {},
        h('p', {}, options.map((one, index) => [index > 0 && ', and beside it ', h('strong', {}, spoken(one.option)), h('span', { class: 'soft' }, ` (${kindName(one.kind)})`)])),
        h('blockquote', { lang: locale }, why),
      );
    }),
  );
}

/**
 * @param {string} title
 * @param {string} sentence
 * @param {string} [note]
 */
function line(title, sentence, note) {
  return h('li', {}, h('strong', {}, title), h('span', {}, sentence), note && h('span', { class: 'small soft mono' }, note));
}

/** @param {string | undefined} basis */
function basisWords(basis) {
  if (basis === 'segment') return 'Simple facts of your own shop decide: stage, tier, which order this is. No profile was used.';
  if (basis === 'profile') return 'This person allowed a profile, so it was used.';
  return 'The same for everybody; nobody was selected.';
}

/**
 * @param {Numbers} numbers
 * @param {string} currency
 */
function costWords({ allowed, issueCost }, currency) {
  const cost = issueCost > 0 ? `It costs you ${money(issueCost, currency)}.` : 'It costs you nothing now.';
  return allowed === undefined ? cost : `${cost} For this order up to ${money(allowed, currency)} is allowed.`;
}

/**
 * @param {HTMLElement} place
 * @param {Decision} decision
 * @param {string} currency
 */
export function explainNot(place, decision, currency) {
  const asMoney = (/** @type {number} */ minor) => money(minor, currency);
  fill(
    place,
    h('h2', { id: 'why-not-title' }, 'Why not the others'),
    decision.rejected.length === 0
      ? h('p', { class: 'meaning' }, 'Nothing was turned down.')
      : h(
          'ul',
          { class: 'rejections' },
          decision.rejected.map((rejected) =>
            h(
              'li',
              {},
              h('strong', {}, spoken(rejected.option)),
              h('span', {}, rejectionSentence(rejected, asMoney)),
              h('span', { class: 'small soft mono' }, [rejected.code, rejected.field].filter(Boolean).join(' · ')),
            ),
          ),
        ),
  );
}

/**
 * What a flipped switch did: a sentence for the page, one for the parcel, or one for both.
 * @param {{ decision: Decision, parcel: Decision }} before
 * @param {{ decision: Decision, parcel: Decision }} after
 * @param {string} currency
 * @returns {string[]}
 */
export function whatChanged(before, after, currency) {
  const page = difference(before.decision, after.decision, currency);
  const parcel = difference(before.parcel, after.parcel, currency);
  if (!page && !parcel) return ['Both stay as they are.'];
  if (page === parcel) return [`Page and parcel: ${page}`];
  return [page ? `Page: ${page}` : 'The page stays as it is.', parcel ? `Parcel: ${parcel}` : 'The parcel stays as it is.'];
}

/**
 * @param {Decision} before
 * @param {Decision} after
 * @param {string} currency
 */
function difference(before, after, currency) {
  const options = (/** @type {Decision} */ decision) => [decision.main?.option, decision.beside?.option].filter((option) => option !== undefined);
  const gone = options(before).filter((option) => !options(after).includes(option));
  const come = options(after).filter((option) => !options(before).includes(option));
  if (gone.length === 0 && come.length === 0) return '';
  /** @type {Map<string, string[]>} Options by why they are gone: one reason is told once. */
  const reasons = new Map();
  for (const option of gone) {
    const rejected = after.rejected.find((line) => line.option === option);
    const why = rejected ? rejectionSentence(rejected, (minor) => money(minor, currency)) : 'Something better took its place.';
    reasons.set(why, [...(reasons.get(why) ?? []), `“${spoken(option)}”`]);
  }
  const sentences = Array.from(reasons, ([why, names]) => `${names.join(' and ')} ${names.length > 1 ? 'are' : 'is'} gone. ${why}`);
  if (come.length > 0) sentences.push(`New: ${come.map((option) => `“${spoken(option)}”`).join(' and ')}.`);
  else if (!after.main) sentences.push('Nothing is said at all.');
  return sentences.join(' ');
}

/** @param {string[]} items */
function list(items) {
  const unique = [...new Set(items)];
  const text = unique.length > 1 ? `${unique.slice(0, -1).join(', ')} and ${unique.at(-1)}` : unique[0];
  return text.charAt(0).toUpperCase() + text.slice(1);
}
