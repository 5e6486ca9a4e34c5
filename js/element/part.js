/** How do the parts come that are loaded when an element needs them? In the folder to upload with the hash they must have; whole, or named as missing. */
import { ZugabeError } from '../errors.js';

/** In a bundler nobody knows what becomes of the parts. scripts/dropin.mjs does, and puts address and hash here. */
const built = { name: '', hash: '' };

/**
 * @template T
 * @param {() => Promise<T>} load
 * @returns {Promise<T>}
 */
export async function part(load) {
  if (built.name) {
    // What comes by this link must have the hash, and the import takes what came.
    const link = Object.assign(document.createElement('link'), { rel: 'modulepreload', href: new URL(built.name, import.meta.url).href, integrity: built.hash });
    document.head.append(link);
    built.name = '';
  }
  try {
    return await load();
  } catch (cause) {
    throw new ZugabeError('io', `A part of it could not be loaded, or is not the file that was built: upload the folder whole. ${/** @type {Error} */ (cause).message}`, '', { cause });
  }
}
