/** Under which key are e-mail addresses hashed? The key set's own, so that the next visit and the tool call the same customer by the same name. */

/**
 * HKDF-SHA256 of the lowest slot's secret with the info `order/email`: what `KeySet::email_key` is in the core.
 * @param {string} keysText a key set that the engine has taken
 * @returns {Promise<string | undefined>} 64 hexadecimal digits; nothing where the browser has no such functions, as on a
 *   page that came over plain http from another machine
 */
export async function hashKeyOf(keysText) {
  // Typed as always there, absent outside of a secure context.
  const subtle = /** @type {SubtleCrypto | undefined} */ (crypto.subtle);
  if (!subtle) return undefined;
  /** @type {{ slots: { kid: number, secret: string }[] }} */
  const { slots } = JSON.parse(keysText);
  const { secret } = slots.reduce((lowest, slot) => (slot.kid < lowest.kid ? slot : lowest));
  const master = await subtle.importKey('raw', bytesOf(secret), 'HKDF', false, ['deriveBits']);
  const params = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info: new TextEncoder().encode('order/email') };
  return hexOf(new Uint8Array(await subtle.deriveBits(params, master, 256)));
}

/** A secret as a key file has it: 64 hexadecimal digits or 43 of base64url. @param {string} secret */
function bytesOf(secret) {
  const hex = /^[0-9a-f]{64}$/i.test(secret) && secret.match(/../g);
  if (hex) return Uint8Array.from(hex, (digits) => Number.parseInt(digits, 16));
  return Uint8Array.from(atob(secret.replaceAll('-', '+').replaceAll('_', '/')), (one) => one.charCodeAt(0));
}

/** @param {Uint8Array} bytes */
export const hexOf = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
