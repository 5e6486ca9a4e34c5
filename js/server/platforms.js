/** What do the shop platforms' own webhooks come to here? `createWebhooks` of `zugabe/webhooks` verifies and reads them; this acts on them. */
import { createHash } from 'node:crypto';
import { erased } from './erase.js';
import { failureOf } from './log.js';
import { ordered } from './order.js';

/** @import { Desk } from './backend.js' */

/**
 * @typedef {object} Receiving - What `createWebhooks` wants to be told beside its secrets.
 * @property {string} tenant - Whose books.
 * @property {import('../types.js').Json} keys - What e-mail addresses are hashed with, as everywhere here.
 * @property {(webhook: any) => Promise<void>} onOrder
 * @property {(webhook: any) => Promise<void>} onPrivacy
 * @property {(error: unknown) => void} onError
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
    onPrivacy: async ({ platform, shop, content }) => {
      const people = content.type === 'redact' ? content.people : [];
      for (const { customer, email } of people) {
        const known = customer ? desk.core.person(JSON.stringify({ customer })) : { v: 1, tenant: desk.tenant };
        await erased(desk, { ...known, emails: email ? [email] : [] });
      }
      if (content.type === 'data_request') await requested(desk, platform, shop, content);
      else if (content.type !== 'redact') desk.log.warn({ topic: content.type }, 'A platform passes on a request about data: its owner answers it, with /v1/customers/erase.');
    },
    onError: (error) => desk.log.error({ route: '/platforms', failure: failureOf(error) }, 'A webhook of a platform could not be taken in; it comes again.'),
  };
}

/**
 * Whose data is wanted goes to whoever answers for the shop, by the ids that the platform gave: nobody else knows them.
 * @param {Desk} desk
 * @param {string} platform
 * @param {string} shop
 * @param {{ person?: { customer?: string, orders?: string[] }, request?: string }} content
 */
async function requested(desk, platform, shop, { person: { customer, orders = [] } = {}, request }) {
  if (!desk.outbox.tells('data_request')) {
    desk.log.error({ topic: 'data_request' }, 'A platform says that somebody wants her data, and no webhook takes data_request: look into the platform, answer with /v1/customers/export within 30 days.');
    return;
  }
  const asked = { platform, shop, ...(request !== undefined && { request }), ...(customer !== undefined && { customer }), orders };
  await desk.outbox.tell('data_request', createHash('sha256').update(JSON.stringify(asked)).digest('hex').slice(0, 32), asked);
}
