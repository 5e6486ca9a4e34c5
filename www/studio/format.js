/** How does a number read? Money, counts, shares, dates and sizes as text. */

const LOCALE = 'en-GB';
const whole = new Intl.NumberFormat(LOCALE, { maximumFractionDigits: 0 });
const day = new Intl.DateTimeFormat(LOCALE, { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });
/** @type {Map<string, Intl.NumberFormat>} */
const moneyFormats = new Map();

/** @param {number} value */
export const count = (value) => whole.format(value);

/**
 * "1 customer", "5,942 customers".
 * @param {number} value
 * @param {string} one
 * @param {string} [many]
 */
export const plural = (value, one, many = `${one}s`) => `${count(value)} ${value === 1 ? one : many}`;

/**
 * How many minor units make one unit: 100 for EUR, 1 for JPY, 1000 for KWD.
 * @param {string} currency
 */
export function minorUnits(currency) {
  return 10 ** digits(currency);
}

/** @param {string} currency */
function digits(currency) {
  try {
    return new Intl.NumberFormat(LOCALE, { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
  } catch {
    return 2;
  }
}

/**
 * Money as text.
 * @param {number} minor integer minor units
 * @param {string} currency ISO 4217 code
 * @param {{ round?: boolean }} [options] `round` leaves the fraction out, for large totals
 */
export function money(minor, currency, { round = false } = {}) {
  const key = `${currency}${round}`;
  let format = moneyFormats.get(key);
  if (!format) {
    try {
      format = new Intl.NumberFormat(LOCALE, { style: 'currency', currency, ...(round && { maximumFractionDigits: 0 }) });
    } catch {
      format = new Intl.NumberFormat(LOCALE, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
    }
    moneyFormats.set(key, format);
  }
  return format.format(minor / minorUnits(currency));
}

/**
 * A share in basis points as a percentage; one decimal below ten per cent.
 * @param {number} bp
 */
export function percent(bp) {
  const digitsShown = bp > 0 && bp < 1000 ? 1 : 0;
  return `${(bp / 100).toFixed(digitsShown)}%`;
}

/**
 * A day as text, from a date or an instant. The day is the one written in the text, whatever the zone of this machine.
 * @param {string | undefined} text
 */
export function date(text) {
  if (!text) return '';
  const at = new Date(`${text.slice(0, 10)}T00:00:00Z`);
  return Number.isNaN(at.getTime()) ? text : day.format(at);
}

/** @param {number} days */
export function ago(days) {
  if (days <= 0) return 'today';
  if (days === 1) return 'yesterday';
  if (days < 60) return `${days} days ago`;
  if (days < 730) return `${Math.round(days / 30.4)} months ago`;
  return `${Math.round(days / 365.25)} years ago`;
}

/** @param {number} bytes */
export function size(bytes) {
  if (bytes < 1000) return plural(bytes, 'byte');
  if (bytes < 1e6) return `${(bytes / 1e3).toFixed(0)} KB`;
  return `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`;
}

/**
 * `brew-guide` as "Brew guide".
 * @param {string} id
 */
export function spoken(id) {
  const text = id.replaceAll(/[-_.]+/g, ' ').trim();
  return text.charAt(0).toUpperCase() + text.slice(1);
}
