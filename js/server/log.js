/** What is written down of a request? Its route, its outcome, how long it took: never a person, an address, a code or a body. */

/**
 * @typedef {object} Log
 * @property {(fields: object, message: string) => void} info
 * @property {(fields: object, message: string) => void} warn
 * @property {(fields: object, message: string) => void} error
 */

/** The only fields that leave: what is not here is not written, whoever hands it over. */
const FIELDS = ['request', 'route', 'method', 'status', 'ms', 'key', 'code', 'told', 'replayed', 'topic', 'attempts', 'rows', 'port', 'store', 'pid', 'signal', 'failure'];

/** @param {Record<string, unknown>} fields */
const allowed = (fields) => Object.fromEntries(FIELDS.filter((name) => fields[name] !== undefined).map((name) => [name, fields[name]]));

/**
 * A log that lets nothing else through.
 * @param {Log | undefined} log
 * @returns {Log}
 */
export function careful(log) {
  const to = (/** @type {'info' | 'warn' | 'error'} */ level) => (/** @type {object} */ fields, /** @type {string} */ message) =>
    log?.[level](allowed(/** @type {Record<string, unknown>} */ (fields)), message);
  return { info: to('info'), warn: to('warn'), error: to('error') };
}

/**
 * What may be written of an error: its kind and where it was thrown. Its message may quote what somebody sent.
 * @param {unknown} thrown
 */
export function failureOf(thrown) {
  const error = thrown instanceof Error ? thrown : new Error('unknown');
  const { code } = /** @type {{ code?: unknown }} */ (error);
  const places = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return { name: error.name, ...(typeof code === 'string' && { code }), at: places.slice(0, 6).map((line) => line.trim().replace(/\(?(file:\/\/)?\/.*\/(?=[^/]+:\d+:\d+\)?$)/, '(')) };
}
