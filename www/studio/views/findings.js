/** Where does what is to be said about the programme stand? Beside the field it is about, or as near to it as can be. */
import { fill, h } from '../dom.js';
import { plural } from '../format.js';
import { refusal } from '../link.js';

/** @import { App, Lint, LintFinding } from '../types.js' */

/** @type {Record<string, string>} */
export const SEVERITIES = { error: 'Must change', warning: 'Worth a look', info: 'Good to know' };

/**
 * What is to be said about the programme; one that is refused whole is a finding too.
 * @param {App} app
 * @returns {Promise<Lint>}
 */
export async function lint(app) {
  try {
    return measured(await app.ask('checkProgram', { text: app.program }), app);
  } catch (error) {
    return { findings: [{ severity: 'error', ...refusal(error) }], refused: true };
  }
}

/**
 * What the orders have told is no longer assumed: the lint looks at the programme alone.
 * @param {Lint} found
 * @param {App} app
 * @returns {Lint}
 */
function measured(found, { summary }) {
  if (summary?.marginBp === undefined || !found.assumed || !('marginBp' in found.assumed)) return found;
  return {
    ...found,
    findings: found.findings.filter((one) => one.code !== 'assumption' || one.path !== 'marginBp'),
    assumed: { ...found.assumed, marginBp: summary.marginBp },
    measured: ['marginBp'],
  };
}

/**
 * The nearest place around a path that has room for findings.
 * @param {Map<string, unknown>} places
 * @param {string} path
 */
export function nearest(places, path) {
  let at = path;
  while (at !== '' && !places.has(at)) {
    const outer = at.replace(/(\.[^.[]*|\[[^\]]*\])$/, '');
    at = outer === at ? '' : outer;
  }
  return at;
}

/**
 * Puts every finding beside its field.
 * @param {Map<string, HTMLElement>} slots
 * @param {Map<string, HTMLElement>} controls
 * @param {LintFinding[]} findings
 * @param {(finding: LintFinding) => void} onShow shows where a finding stands in the text
 */
export function placeFindings(slots, controls, findings, onShow) {
  /** @type {Map<HTMLElement, LintFinding[]>} */
  const bySlot = new Map([...slots.values()].map((element) => [element, []]));
  for (const finding of findings) {
    const element = slots.get(nearest(slots, finding.path));
    if (element) bySlot.get(element)?.push(finding);
  }
  for (const [element, own] of bySlot) {
    const drawn = JSON.stringify(own);
    // What stands there already is left alone, so that nothing is read out twice.
    if (element.dataset.drawn === drawn) continue;
    element.dataset.drawn = drawn;
    fill(element, own.map((one) => line(one, element.dataset.slot !== one.path ? onShow : undefined)));
  }
  for (const [path, control] of controls) {
    const wrong = bySlot.get(/** @type {HTMLElement} */ (slots.get(path)))?.some((one) => one.severity === 'error');
    if (wrong) control.setAttribute('aria-invalid', 'true');
    else control.removeAttribute('aria-invalid');
  }
}

/**
 * @param {LintFinding} one
 * @param {((finding: LintFinding) => void) | undefined} onShow
 */
function line(one, onShow) {
  return h(
    'li',
    { class: `finding ${one.severity}` },
    one.code !== 'assumption' && h('strong', {}, SEVERITIES[one.severity] ?? one.severity),
    h('span', {}, one.message, ' ', one.remedy ?? ''),
    h(
      'span',
      { class: 'small soft mono' },
      [one.code, one.path].filter(Boolean).join(' · '),
      onShow && one.path && [' ', h('button', { type: 'button', class: 'link', on: { click: () => onShow(one) } }, 'Show in the text')],
    ),
  );
}

/**
 * All of it in one sentence.
 * @param {LintFinding[]} findings
 * @param {number} assumed how many values are assumed
 */
export function verdict(findings, assumed) {
  const count = (/** @type {string} */ severity) => findings.filter((one) => one.severity === severity).length;
  const [errors, warnings] = [count('error'), count('warning')];
  if (errors > 0) return `${plural(errors, 'thing')} must change before this programme can be used. What you typed is kept.`;
  const silent = assumed > 0 ? ` ${plural(assumed, 'value')} ${assumed === 1 ? 'is' : 'are'} assumed.` : '';
  if (warnings > 0) return `The programme works. ${plural(warnings, 'thing')} ${warnings === 1 ? 'is' : 'are'} worth a look.${silent}`;
  return `The programme is sound.${silent}`;
}
