/** What do the shop platforms' own webhooks come to here? `createWebhooks` of `zugabe/webhooks` verifies and reads them; this acts on them. */
import { erased } from './erase.js';
import { ordered } from './order.js';

/** @import { Desk } from './backend.js' */

/**
 * @typedef {object} Receiving - What `createWebhooks` wants to be told beside its secrets.
 * @property {string} tenant - Whose books.
 * @property {import('../types.js').Json} keys - What e-mail addresses are hashed with, as everywhere here.
 * @property {(webhook: any) => Promise<void>} onOrder
 * @property {(webhook: any) => Promise<void>} onPrivacy
 */

/**
 * @param {Desk} desk
 * @returns {Receiving}
 */
export function receiving(desk) {
  return {
    tenant: desk.tenant,
    keys: desk.keys,
    onOrder: async ({ content }) => {
      // A refund that comes apart from its order is followed by the order as it stands then.
      const { books } = content;
      if (!books) return;
      await ordered(desk, books.order, (taken) => {
        const named = books.codes ?? [];
        // An event that names none of ours, or other people's alone, means those of its order.
        const codes = [...named, ...taken.filter((code) => !named.some((/** @type {{ code: string }} */ one) => one.code === code)).map((code) => ({ code }))];
        return desk.core.platformOrder(JSON.stringify({ now: desk.now() }), JSON.stringify({ ...books, codes }));
      });
    },
    onPrivacy: async ({ content }) => {
      const people = content.type === 'redact' ? content.people : [];
      for (const { customer, email } of people) {
        const known = customer ? desk.core.person(JSON.stringify({ customer })) : { v: 1, tenant: desk.tenant };
        await erased(desk, { ...known, emails: email ? [email] : [] });
      }
      if (content.type !== 'redact') desk.log.warn({ topic: content.type }, 'A platform passes on a request about data: its owner answers it, with /v1/customers/export.');
    },
  };
}
