/** What does a merchant put into the books by hand? Budgets, and codes that were minted: the commands `budget` and `issue`. */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { ZugabeError } from '../errors.js';
import { parseCode } from '../node.js';
import { budgetOf } from './budget.js';
import { USAGE, numberOf, storeOf } from './settings.js';

/** @import { Store } from './store/index.js' */

const text = /** @type {const} */ ({ type: 'string' });
/** So many codes are put in at once: stores on disk share a commit among them. */
const TOGETHER = 64;

/**
 * @template T
 * @param {{ store?: string, tenant?: string }} values
 * @param {(books: { store: Store, run: (action: object, key?: string) => Promise<any>, tenant: string }) => Promise<T>} work
 * @returns {Promise<T>}
 */
async function inBooks({ store: named = 'sqlite:zugabe.db', tenant = 'shop' }, work) {
  if (named === 'memory') throw new ZugabeError('invalid_value', 'Books in memory end with this command.', 'store');
  const store = await storeOf(named);
  try {
    const run = async (/** @type {object} */ action, /** @type {string | undefined} */ key) => {
      const operation = { v: 1, tenant, now: new Date().toISOString(), ...(key !== undefined && { key }), action };
      return (await store.run(operation)).answer;
    };
    return await work({ store, run, tenant });
  } finally {
    await store.close();
  }
}

/** @param {{ refusal?: string }} answer @param {string} path @param {Record<string, string>} words */
function accepted({ refusal }, path, words) {
  if (refusal) throw new ZugabeError('invalid_value', words[refusal] ?? `The books refuse it: ${refusal}.`, path);
}

/** Defines a budget, adds to it, or shows it. @param {string[]} args */
export async function manageBudget(args) {
  const { values } = parseArgs({ args, options: { store: text, tenant: text, id: text, granted: text, by: text, key: text } });
  const { id, granted, by, key = randomUUID() } = values;
  if (!id || (granted !== undefined && by !== undefined)) throw new ZugabeError('missing_field', `A budget takes --id, and --granted or --by.\n\n${USAGE}`, 'id');
  const most = Number.MAX_SAFE_INTEGER;
  return inBooks(values, async ({ store, run, tenant }) => {
    if (granted !== undefined) accepted(await run({ type: 'budget', budget: id, granted: numberOf(values, 'granted', 0, [0, most]) }), 'granted', {});
    if (by !== undefined) {
      accepted(await run({ type: 'grant', budget: id, by: numberOf(values, 'by', 0, [-most, most]) }, key), 'by', {
        budget_not_found: `There is no budget "${id}": define it with --granted.`,
        budget_exhausted: 'So much is not left: what is spent or held cannot be taken away.',
      });
    }
    const row = await budgetOf(store, tenant, id);
    if (!row) throw new ZugabeError('not_found', `There is no budget "${id}": define it with --granted.`, 'id');
    if (granted !== undefined && row.granted !== Number(granted)) throw new ZugabeError('invalid_value', `There is a budget "${id}" of ${row.granted}: --by adds to it or takes from it.`, 'granted');
    console.log(JSON.stringify({ budget: id, granted: row.granted, available: row.available, reserved: row.reserved, spent: row.spent }));
  });
}

/** The codes of a file: a line each, as `zugabe mint` writes them or alone. @param {string} file */
function codesOf(file) {
  const lines = readFileSync(file, 'utf8').split('\n').map((line) => line.trim());
  return lines.flatMap((line, place) => {
    if (!line) return [];
    const refuse = () => new ZugabeError('invalid_value', `Line ${place + 1} of ${file} holds no code.`, 'codes');
    let written = line;
    try {
      if (line.startsWith('{')) written = String(JSON.parse(line).code);
    } catch {
      throw refuse();
    }
    const { code } = /** @type {{ code?: string }} */ (parseCode(written));
    if (!code) throw refuse();
    return [code];
  });
}

/** Puts minted codes and their terms into the books. Run again, it changes nothing. @param {string[]} args */
export async function issueMinted(args) {
  const options = { store: text, tenant: text, codes: text, campaign: text, uses: text, 'per-customer': text, scope: text, 'starts-at': text, 'expires-at': text, budget: text };
  const { values } = parseArgs({ args, options });
  const { codes: file, campaign, scope, budget } = values;
  if (!file || !campaign) throw new ZugabeError('missing_field', `Codes are put into the books with --codes and --campaign.\n\n${USAGE}`, file ? 'campaign' : 'codes');
  const most = Number.MAX_SAFE_INTEGER;
  const terms = {
    campaign,
    ...(values.uses !== 'unlimited' && { uses: numberOf(values, 'uses', 1, [1, most]) }),
    ...(values['per-customer'] !== undefined && { perCustomer: numberOf(values, 'per-customer', 1, [1, most]), scope: scope ?? 'code' }),
    ...(values['starts-at'] !== undefined && { startsAt: values['starts-at'] }),
    ...(values['expires-at'] !== undefined && { expiresAt: values['expires-at'] }),
    ...(budget !== undefined && { budget }),
  };
  const codes = codesOf(file);
  return inBooks(values, async ({ store, run, tenant }) => {
    if (budget !== undefined && !(await budgetOf(store, tenant, budget))) throw new ZugabeError('not_found', `There is no budget "${budget}": zugabe-server budget --id ${budget} --granted AMOUNT`, 'budget');
    accepted(await run({ type: 'campaign', campaign }), 'campaign', {});
    let issued = 0;
    for (let at = 0; at < codes.length; at += TOGETHER) {
      const answers = await Promise.all(codes.slice(at, at + TOGETHER).map((code) => run({ type: 'issue', code, ...terms })));
      for (const [place, answer] of answers.entries()) {
        accepted(answer, 'codes', { conflict: `Code ${at + place + 1} is in the books already, with other terms.` });
        if (answer.outcome === 'done') issued += 1;
      }
    }
    console.log(JSON.stringify({ campaign, issued, known: codes.length - issued }));
  });
}
