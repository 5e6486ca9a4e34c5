/** What does a store say when it cannot answer now? */
import { ZugabeError } from '../../errors.js';

/**
 * Nothing was acknowledged; asking again with the same key is safe, and the way to learn what happened.
 * @param {string} why - A sentence for the log: no address of a database, no value of a row.
 * @param {unknown} [cause]
 */
export const unavailable = (why, cause) => new ZugabeError('unavailable', why, '', { cause });

/** @param {unknown} error */
export const isUnavailable = (error) => error instanceof ZugabeError && error.code === 'unavailable';

/** The store was closed. */
export const closed = () => unavailable('The store is closed.');
