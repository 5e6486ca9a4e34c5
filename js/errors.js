/** What went wrong? One error for every failure: a stable code, a message to act on, and the path to what is wrong. */
export class ZugabeError extends Error {
  /**
   * @param {string} code - Stable; from the closed list of the core, or `wasm_blocked`, `wasm_unavailable`, `internal`.
   * @param {string} message - What is wrong and what to do about it.
   * @param {string} [path] - JSON path, line or attribute; empty when the input as a whole is meant.
   * @param {ErrorOptions} [options]
   */
  constructor(code, message, path = '', options) {
    super(message, options);
    this.name = 'ZugabeError';
    this.code = code;
    this.path = path;
  }

  /** The same three fields everywhere: on stderr, between threads, in events. */
  toJSON() {
    return { code: this.code, message: this.message, path: this.path };
  }

  /**
   * Whatever was thrown, as one of us. What the core throws has the fields already; anything else is our own fault.
   * @param {unknown} thrown
   * @returns {ZugabeError}
   */
  static from(thrown) {
    if (thrown instanceof ZugabeError) return thrown;
    const { code, message, path } = /** @type {{ code?: unknown, message?: unknown, path?: unknown }} */ (thrown ?? {});
    const known = typeof code === 'string' && typeof path === 'string';
    return new ZugabeError(known ? code : 'internal', String(message ?? thrown), known ? path : '', { cause: thrown });
  }
}
