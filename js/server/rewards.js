/** Which rewards are a customer's, and which code stands for which? */

/** @import { Row, Store } from './store/index.js' */

const MOST = 10_000;
/** What never ends ends then: `docs/books.md`. */
const NEVER = Number.MAX_SAFE_INTEGER;

/**
 * Rewards with the row of their code, where they have one: a discount has, a minute after it is due; a credit or a gift never has.
 * @param {{ store: Store, tenant: string }} books
 * @param {string[]} names - Under which somebody stands in the books.
 * @returns {Promise<{ row: Row, code: Row | undefined }[]>}
 */
async function rewardsOf({ store, tenant }, names) {
  const among = async (/** @type {string} */ table, /** @type {string} */ column, /** @type {string[]} */ cells) =>
    cells.length ? store.read(table, { where: { tenant, [column]: { in: cells } }, limit: MOST }) : [];
  const rows = await among('reward', 'customer', names);
  const claims = await among('claim', 'claim', rows.map(({ reward }) => String(reward)));
  const codes = await among('code', 'code', claims.map(({ code }) => String(code)));
  const codeOf = new Map(claims.map(({ claim, code }) => [claim, codes.find((one) => one.code === code)]));
  return rows.map((row) => ({ row, code: codeOf.get(row.reward) }));
}

/**
 * What a shop is told of somebody's rewards.
 * @param {{ store: Store, tenant: string, clock: () => number }} books
 * @param {{ customers?: string[], emails?: string[] }} person - A `BooksPerson`.
 */
export async function rewardsTold(books, { customers = [], emails = [] }) {
  const found = await rewardsOf(books, [...customers.map((name) => `c:${name}`), ...emails.map((name) => `e:${name}`)]);
  const seconds = Math.floor(books.clock() / 1000);
  return found.map(({ row, code }) => {
    const granted = row.state === 'granted';
    const usable = !code || (Number(code.available) > 0 && !code.revoked && Number(code.expires_at) >= seconds);
    return {
      reward: row.reward,
      referral: row.referral,
      order: row.order_id,
      amount: row.amount,
      grantedAt: instant(row.created_at),
      open: granted && usable,
      takenBack: !granted,
      ...(code && { code: code.code, used: Number(code.redeemed) > 0, ...(code.expires_at !== NEVER && { expiresAt: instant(code.expires_at) }) }),
    };
  });
}

/** @param {string | number} seconds */
const instant = (seconds) => new Date(Number(seconds) * 1000).toISOString().replace('.000Z', 'Z');

/**
 * What joins a code that was issued with what it was issued for: its campaign, whose it is and, of a reward, the ids that `reward_due` names.
 * @param {{ store: Store, tenant: string }} books
 * @param {string} code
 */
export async function issuedFor(books, code) {
  const [row] = await books.store.read('code', { where: { tenant: books.tenant, code }, limit: 1 });
  if (!row) return {};
  const who = row.owner || row.referrer;
  const about = { option: row.campaign, ...(who && { who }) };
  if (!row.owner) return about;
  const reward = (await rewardsOf(books, [String(row.owner)])).find((one) => one.code?.code === code)?.row;
  return reward ? { ...about, reward: reward.reward, referral: reward.referral, order: reward.order_id } : about;
}

const text = (/** @type {string} */ description) => ({ type: 'string', description });

/** What `rewardsTold` answers with, for the document of all routes. */
export const REWARDS = {
  title: 'RewardsAnswer',
  description: 'The rewards of a customer.',
  type: 'object',
  additionalProperties: false,
  required: ['rewards'],
  properties: {
    rewards: {
      type: 'array',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['reward', 'referral', 'order', 'amount', 'grantedAt', 'open', 'takenBack'],
        properties: {
          reward: text('Its id, as `reward_due` and `code_issued` name it.'),
          referral: text('The recommendation it is for.'),
          order: text('The friend\'s order.'),
          amount: { type: 'integer', minimum: 0, description: 'In minor units.' },
          grantedAt: text('Since when it is due.'),
          open: { type: 'boolean', description: 'Whether it still stands and its code, where it has one, can still be used. Whether a credit or a gift was handed out, the shop knows.' },
          takenBack: { type: 'boolean', description: 'Whether it was taken back.' },
          code: text('Of a discount: its code. Made within a minute after the reward is due.'),
          used: { type: 'boolean', description: 'Whether that was used.' },
          expiresAt: text('Until when that can be used.'),
        },
      },
    },
  },
};
