/**
 * Do the books stand where others fell, on every store? `case` numbers are those of our list of cases seen elsewhere, `attack`
 * numbers those of the list of attacks; cases 27 to 31 are about prices and not about books. What can be asked at once is asked at once.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { booksOrderEvent } from '../../js/node.js';
import { Desk, onEveryStore, parallel, said, tally } from './stores.mjs';

const who = (/** @type {string} */ customer) => ({ customer });
const guest = (/** @type {string} */ email) => ({ email });

onEveryStore('The books', (open) => {
  const desk = async () => Desk.on(await open());
  /**
   * @param {string} sentence
   * @param {(desk: Desk) => Promise<void>} work
   */
  const holds = (sentence, work) =>
    test(sentence, async () => {
      const books = await desk();
      await work(books);
      await books.verified();
    });

  holds('case 1: a voucher for one use is redeemed once by two orders at the same time', async (books) => {
    await books.issue('A', { uses: 1 });
    const words = await parallel(2, (n) => books.redeem('A', `${n}`));
    assert.deepEqual(tally(words), { done: 1, limit_reached: 1 });
    assert.deepEqual(await books.uses('A'), [0, 0, 1, 0]);
  });

  holds('case 3: five attempts at three uses at the same time give three, and the reason is the limit', async (books) => {
    await books.issue('A', { uses: 3 });
    const words = await parallel(5, (n) => books.redeem('A', `${n}`, who(`c${n}`)));
    assert.deepEqual(tally(words), { done: 3, limit_reached: 2 });
  });

  holds("case 4: a refused claim is told to the caller and the customer's counter is kept", async (books) => {
    await books.issue('A', { uses: 5, perCustomer: 1, scope: 'code' });
    const words = await parallel(4, (n) => books.redeem('A', `${n}`, who('anna')));
    assert.deepEqual(tally(words), { done: 1, customer_limit: 3 });
    assert.equal(await books.used('c:anna'), 1);
    assert.deepEqual(await books.uses('A'), [4, 0, 1, 0], 'the refused ones left nothing behind');
  });

  holds('case 5: what is reserved cannot be reserved again', async (books) => {
    await books.issue('A', { uses: 1 });
    const words = await parallel(6, (n) => books.reserve(`k${n}`, 'A', 900, who(`c${n}`)));
    assert.deepEqual(tally(words), { done: 1, limit_reached: 5 });
    const winner = words.indexOf('done');
    assert.equal(await books.redeem('A', '1', who(`c${winner}`)), 'done');
    assert.equal(await books.reserve('later', 'A', 900, who('berta')), 'limit_reached');
    assert.deepEqual(await books.uses('A'), [0, 0, 1, 0]);
  });

  holds('case 6: two times 60 at the same time do not come out of a budget of 100', async (books) => {
    await books.issue('A', { uses: 1, budget: 'b' });
    await books.issue('B', { uses: 1, budget: 'b' });
    const words = await Promise.all(['A', 'B'].map((code) => books.redeem(code, '1', {}, { amount: 6000 })));
    assert.deepEqual(tally(words), { done: 1, budget_exhausted: 1 });
    assert.deepEqual(await books.money(), [4000, 0, 6000]);
    const loser = words[0] === 'done' ? 'B' : 'A';
    assert.deepEqual(await books.uses(loser), [1, 0, 0, 0], 'the use was given back with the budget');
  });

  holds('case 7: the same checkout that claims twice at the same time is served once, and the second is no error', async (books) => {
    await books.issue('A', { uses: 1 });
    const words = await parallel(8, () => books.redeem('A', 'checkout-1'));
    assert.deepEqual(tally(words), { done: 1, already_done: 7 });
    assert.deepEqual(await books.uses('A'), [0, 0, 1, 0]);
  });

  holds("case 8: an order that is committed again after the bank's second step has one redemption", async (books) => {
    await books.issue('A', { uses: 9, perCustomer: 1, scope: 'code' });
    assert.equal(await books.redeem('A', '1', who('anna')), 'done');
    assert.equal(await books.redeem('A', '1', who('anna')), 'already_done');
    assert.equal(await books.used('c:anna'), 1);
  });

  holds('case 9: an aborted checkout gives its use and its money back, once, however often it is said', async (books) => {
    await books.issue('A', { uses: 1, perCustomer: 1, scope: 'code', budget: 'b' });
    await books.ask({ type: 'reserve', code: 'A', ttl: 900, amount: 500, holder: who('anna') }, 'k');
    assert.deepEqual([await books.uses('A'), await books.money()], [[0, 1, 0, 0], [9500, 500, 0]]);
    const words = await parallel(4, () => books.said({ type: 'release', code: 'A', holder: who('anna') }));
    assert.deepEqual(tally(words), { done: 1, nothing_to_do: 3 });
    assert.deepEqual([await books.uses('A'), await books.money()], [[1, 0, 0, 0], [10_000, 0, 0]]);
    assert.equal(await books.used('c:anna'), 0);
  });

  holds('case 10: a failed card does not lock the customer out, and the hold ends by itself, once', async (books) => {
    await books.issue('A', { uses: 1 });
    assert.equal(await books.reserve('k1', 'A', 900, { customer: 'anna', checkout: 'x1' }), 'done');
    books.now += 60;
    assert.equal(await books.reserve('k2', 'A', 900, { customer: 'anna', checkout: 'x2' }), 'renewed');
    assert.equal(await books.reserve('k3', 'A', 900, who('berta')), 'limit_reached');
    books.now += 900;
    const words = await parallel(4, (n) => books.reserve(`l${n}`, 'A', 900, who(`c${n}`)));
    assert.deepEqual(tally(words), { done: 1, limit_reached: 3 });
    assert.deepEqual(await books.uses('A'), [0, 1, 0, 0]);
    assert.equal((await books.entries('expire')).length, 1);
  });

  holds("case 11: an order's own hold does not block its payment", async (books) => {
    await books.issue('A', { uses: 1 });
    await books.reserve('k1', 'A', 900, { checkout: 'x1' });
    assert.equal(await books.redeem('A', '1001', { customer: 'anna', checkout: 'x1' }), 'done');
    assert.deepEqual(await books.uses('A'), [0, 0, 1, 0]);
  });

  holds('case 12: a hold of no time does not switch off the limit', async (books) => {
    await books.issue('A', { uses: 9, perCustomer: 1, scope: 'code' });
    assert.equal(await books.reserve('k1', 'A', 0, guest('h1')), 'done');
    assert.equal(await books.redeem('A', '1', guest('h1')), 'done');
    assert.equal(await books.redeem('A', '2', guest('h1')), 'customer_limit');
  });

  holds('case 13: of two unpaid orders that are paid at the same time one uses the code', async (books) => {
    await books.issue('A', { uses: 9, perCustomer: 1, scope: 'code' });
    assert.equal(await books.reserve('k1', 'A', 900, { customer: 'anna', checkout: 'x1' }), 'done');
    assert.equal(await books.reserve('k2', 'A', 900, { customer: 'anna', checkout: 'x2' }), 'renewed');
    const words = await parallel(2, (n) => books.redeem('A', `${n}`, { customer: 'anna', checkout: `x${n + 1}` }));
    assert.deepEqual(tally(words), { done: 1, customer_limit: 1 });
  });

  holds('case 14: a code of a batch is redeemed once like any other, by eight orders each at the same time', async (books) => {
    const codes = Array.from({ length: 20 }, (_, n) => `BATCH${n}`);
    await Promise.all(codes.map((code) => books.issue(code, { uses: 1 })));
    const words = await parallel(160, (n) => books.redeem(codes[n % 20], `${n}`));
    assert.deepEqual(tally(words), { done: 20, limit_reached: 140 });
  });

  holds('case 15: the same purchase delivered many times at once grants one reward and tells it once', async (books) => {
    const reward = { type: 'reward', reward: 'r1/referrer', referral: 'r1', order: '1', customer: 'anna', amount: 500, budget: 'b' };
    const words = await parallel(6, () => books.said(reward));
    assert.deepEqual(tally(words), { done: 1, already_done: 5 });
    assert.deepEqual(await books.money(), [9500, 0, 500]);
    assert.equal((await books.store.read('outbox', { where: { topic: 'reward_due' } })).length, 1);
  });

  holds('case 16: an automatic offer has its limit too', async (books) => {
    await books.issue('offer:spring', { perCustomer: 1, scope: 'code' });
    const words = await parallel(3, (n) => books.redeem('offer:spring', `${n}`, who('anna')));
    assert.deepEqual(tally(words), { done: 1, customer_limit: 2 });
  });

  holds('case 17: a code that took nothing off is not used', async (books) => {
    await books.issue('A', { uses: 1 });
    assert.equal(await books.redeem('A', '1', {}, { amount: 0 }), 'nothing_to_do');
    assert.deepEqual(await books.uses('A'), [1, 0, 0, 0]);
    assert.equal((await books.entries('redeem')).length, 0);
  });

  holds('case 18: a cancelled order gives its use back unless it is to stay consumed', async (books) => {
    await books.issue('A', { uses: 2, perCustomer: 2, scope: 'code', budget: 'b' });
    for (const order of ['1', '2']) await books.redeem('A', order, who('anna'), { amount: 700 });
    assert.equal(await books.cancel('A', '1'), 'done');
    assert.deepEqual([await books.uses('A'), await books.money()], [[1, 0, 1, 0], [9300, 0, 700]]);
    assert.equal(await books.used('c:anna'), 1);
    assert.equal(await books.said({ type: 'cancel', code: 'A', order: '2', keep: true }), 'done');
    assert.deepEqual([await books.uses('A'), await books.money()], [[1, 0, 0, 1], [10_000, 0, 0]]);
    assert.equal(await books.used('c:anna'), 1, 'consumed is consumed');
  });

  holds('case 19: a cancellation releases the redemption of its own order alone', async (books) => {
    await books.issue('A', { uses: 2 });
    await Promise.all([books.redeem('A', '1', who('anna')), books.redeem('A', '2', who('berta'))]);
    await parallel(3, () => books.cancel('A', '1'));
    assert.deepEqual(await books.uses('A'), [1, 0, 1, 0]);
    const rows = await books.store.read('redemption', { columns: ['order_id', 'state'] });
    assert.deepEqual(rows, [{ order_id: '1', state: 'released' }, { order_id: '2', state: 'redeemed' }]);
  });

  holds('case 20: a new address does not make a new customer, nor a new account a new address', async (books) => {
    await books.issue('A', { perCustomer: 1, scope: 'code' });
    assert.equal(await books.redeem('A', '1', { customer: 'anna', email: 'h1' }), 'done');
    assert.equal(await books.redeem('A', '2', { customer: 'anna', email: 'h2' }), 'customer_limit');
    assert.equal(await books.redeem('A', '3', { customer: 'anna2', email: 'h1' }), 'customer_limit');
    assert.equal(await books.redeem('A', '4', { customer: 'berta', email: 'h3' }), 'done');
  });

  holds("case 21: a guest's limit holds by address, and who is nobody cannot use a limited code", async (books) => {
    await books.issue('A', { perCustomer: 1, scope: 'code' });
    const words = await parallel(3, (n) => books.redeem('A', `${n}`, guest('h1')));
    assert.deepEqual(tally(words), { done: 1, customer_limit: 2 });
    assert.equal(await books.redeem('A', '9'), 'customer_required');
  });

  holds('case 22: the last of ten codes is accepted at a total of ten, and the eleventh is not', async (books) => {
    await books.ask({ type: 'campaign', campaign: 'ten', uses: 10 });
    for (let n = 0; n < 11; n++) await books.ask({ type: 'issue', code: `T${n}`, campaign: 'ten', uses: 1 });
    const words = await parallel(11, (n) => books.redeem(`T${n}`, `${n}`));
    assert.deepEqual(tally(words), { done: 10, campaign_limit: 1 });
    const [winner, loser] = [words.indexOf('done'), words.indexOf('campaign_limit')];
    await books.cancel(`T${winner}`, `${winner}`);
    assert.equal(await books.redeem(`T${loser}`, `${loser}`), 'done', 'a use of the campaign came back');
  });

  holds('case 23: an automatic offer and a code on one order are both in the books', async (books) => {
    await books.issue('offer:spring');
    await books.issue('A', { uses: 1 });
    assert.deepEqual(await Promise.all([books.redeem('offer:spring', '1'), books.redeem('A', '1')]), ['done', 'done']);
    assert.equal((await books.store.read('entry', { where: { order_id: '1' } })).length, 2);
  });

  holds('case 24: what a limit per customer counts is said', async (books) => {
    for (const code of ['A', 'B']) await books.issue(code, { uses: 1, perCustomer: 1, scope: 'code' });
    for (const code of ['C', 'D']) await books.issue(code, { uses: 1, perCustomer: 1, scope: 'campaign' });
    assert.deepEqual(await Promise.all(['A', 'B'].map((code) => books.redeem(code, code, who('anna')))), ['done', 'done']);
    const words = await Promise.all(['C', 'D'].map((code) => books.redeem(code, code, who('anna'))));
    assert.deepEqual(tally(words), { done: 1, customer_limit: 1 });
    await assert.rejects(books.issue('E', { perCustomer: 1 }), { code: 'missing_field', path: 'action.scope' });
  });

  holds('case 25: a limit per customer says nothing about the campaign', async (books) => {
    await books.issue('A', { perCustomer: 1, scope: 'code' });
    assert.deepEqual(tally(await parallel(5, (n) => books.redeem('A', `${n}`, guest(`h${n}`)))), { done: 5 });
  });

  holds('case 26: the order that holds the last use stays entitled to it', async (books) => {
    await books.issue('A', { uses: 1, perCustomer: 1, scope: 'code' });
    await books.redeem('A', '1', who('anna'));
    assert.deepEqual(tally(await parallel(3, () => books.redeem('A', '1', who('anna')))), { already_done: 3 });
    assert.deepEqual(await books.uses('A'), [0, 0, 1, 0]);
  });

  holds('case 60: nobody can use the own recommendation, whichever way it comes in', async (books) => {
    await books.issue('R', { referrer: 'anna', referrerEmail: 'h1' });
    assert.equal(await books.redeem('R', '1', who('anna')), 'own_code');
    assert.equal(await books.redeem('R', '2', guest('h1')), 'own_code');
    assert.equal(await books.reserve('k1', 'R', 900, who('anna')), 'own_code');
    assert.equal(await books.reserve('k2', 'R', 900, { checkout: 'x1' }), 'done');
    assert.equal(await books.redeem('R', '3', { customer: 'anna', checkout: 'x1' }), 'own_code');
    assert.equal(await books.redeem('R', '4', who('berta')), 'done');
  });

  holds('case 65: a reward is taken back by its order alone, once, and nothing is deleted', async (books) => {
    for (const [reward, customer] of [['r1/referrer', 'anna'], ['r1/friend', 'berta']]) {
      await books.ask({ type: 'reward', reward, referral: 'r1', order: '1', customer, amount: 500, budget: 'b' });
    }
    const words = await parallel(4, () => books.said({ type: 'claw_back', order: '1', reason: 'refunded' }));
    assert.equal(tally(words).done >= 1, true);
    assert.deepEqual(await books.money(), [10_000, 0, 0]);
    assert.deepEqual([(await books.entries('reward')).length, (await books.entries('claw_back')).length], [2, 2]);
  });

  holds('case 66: an entry says who brought whom, with which order and code', async (books) => {
    await books.issue('R', { referrer: 'anna' });
    await books.redeem('R', '1', { customer: 'berta', email: 'h2' });
    const [entry] = await books.entries('redeem');
    assert.deepEqual([entry.referrer, entry.customer, entry.email, entry.order_id, entry.code], ['c:anna', 'c:berta', 'e:h2', '1', 'R']);
  });

  holds('attack 1: the loser is refused before payment and never undoes the winner', async (books) => {
    await books.issue('A', { uses: 1 });
    assert.equal(await books.reserve('k1', 'A', 900, who('anna')), 'done');
    assert.equal(await books.reserve('k2', 'A', 900, who('berta')), 'limit_reached');
    const [paid] = await Promise.all([
      books.redeem('A', '1', who('anna')),
      books.said({ type: 'release', code: 'A', holder: who('berta') }),
      books.cancel('A', '2'),
    ]);
    assert.equal(paid, 'done');
    assert.deepEqual(await books.uses('A'), [0, 0, 1, 0]);
  });

  holds('attack 3: after a failed payment the same customer uses the own hold at once', async (books) => {
    await books.issue('A', { uses: 1 });
    await books.reserve('k1', 'A', 900, { email: 'h1', checkout: 'x1' });
    assert.equal(await books.reserve('k2', 'A', 900, { email: 'h1', checkout: 'x2' }), 'renewed');
    assert.equal(await books.redeem('A', '1', { email: 'h1', checkout: 'x2' }), 'done');
  });

  holds('attack 4: a guest with the same address is refused the second time at any hold time', async (books) => {
    for (const ttl of [0, 900]) {
      await books.issue(`A${ttl}`, { perCustomer: 1, scope: 'code' });
      await books.reserve(`k${ttl}`, `A${ttl}`, ttl, guest('h1'));
      assert.equal(await books.redeem(`A${ttl}`, '1', guest('h1')), 'done');
      assert.equal(await books.redeem(`A${ttl}`, '2', guest('h1')), 'customer_limit');
    }
  });

  holds('attack 5: limit and customer limit both hold under parallel payments', async (books) => {
    await books.issue('A', { uses: 10, perCustomer: 2, scope: 'code' });
    const words = await parallel(120, (n) => books.redeem('A', `${n}`, who(`c${n % 4}`)));
    assert.deepEqual(tally(words), { done: 8, customer_limit: 112 });
    for (let n = 0; n < 4; n++) assert.equal(await books.used(`c:c${n}`), 2);
  });

  holds('attacks 6, 7 and 9: one voucher in thirty sessions is one order, and a limit of three is three', async (books) => {
    await books.issue('A', { uses: 1 });
    await books.issue('B', { uses: 3 });
    assert.deepEqual(tally(await parallel(30, (n) => books.redeem('A', `${n}`))), { done: 1, limit_reached: 29 });
    assert.deepEqual(tally(await parallel(30, (n) => books.redeem('B', `${n}`))), { done: 3, limit_reached: 27 });
  });

  holds('attack 8: 64 claims at the same time of a total of one give one row', async (books) => {
    await books.ask({ type: 'campaign', campaign: 'one', codes: 1 });
    const words = await parallel(64, (n) => books.said({ type: 'issue', code: `CODE${n}`, campaign: 'one', uses: 1, claim: `one/c${n}` }));
    assert.deepEqual(tally(words), { done: 1, codes_limit: 63 });
    assert.equal((await books.store.read('code')).length, 1);
    assert.equal((await books.store.read('claim')).length, 1, 'the refused claims can be made again when there are codes');
  });

  holds('attack 10: what is not committed leaves no discount and no counter', async (books) => {
    await books.issue('A', { uses: 1, perCustomer: 1, scope: 'code', budget: 'b' });
    assert.equal(await books.redeem('A', '1', who('anna'), { amount: 20_000 }), 'budget_exhausted', 'the last of five statements');
    assert.deepEqual([await books.uses('A'), await books.money()], [[1, 0, 0, 0], [10_000, 0, 0]]);
    assert.equal(await books.used('c:anna') ?? 0, 0);
    assert.deepEqual(await books.store.read('redemption'), []);
  });

  holds('attack 11: a double click is one order and both are told the same', async (books) => {
    await books.issue('A', { uses: 9 });
    const click = books.operation({ type: 'redeem', code: 'A', order: '1', holder: {} }, 'click');
    const ran = await parallel(6, () => books.store.run(click));
    assert.equal(ran.filter(({ replayed }) => !replayed).length, 1);
    for (const { answer } of ran) assert.deepEqual(answer, ran[0].answer);
    assert.deepEqual(await books.uses('A'), [8, 0, 1, 0]);
  });

  holds('attack 13: a stranger learns the same of unknown, expired, used and foreign codes', async (books) => {
    await books.issue('EXPIRED', { uses: 1, expiresAt: '2020-01-01T00:00:00Z' });
    await books.issue('EARLY', { uses: 1, startsAt: '2099-01-01T00:00:00Z' });
    await books.issue('USED', { uses: 1 });
    await books.redeem('USED', '0');
    await books.issue('FOREIGN', { uses: 1, owner: 'berta' });
    await books.issue('VOID', { uses: 1 });
    await books.ask({ type: 'void', code: 'VOID' });
    const codes = ['UNKNOWN', 'EXPIRED', 'EARLY', 'USED', 'FOREIGN', 'VOID'];
    const answers = await Promise.all(codes.map((code) => books.ask({ type: 'redeem', code, order: '1', holder: who('anna') })));
    assert.deepEqual(answers.map(said), ['not_found', 'expired', 'not_started', 'limit_reached', 'not_yours', 'revoked']);
    for (const { told, status } of answers) assert.deepEqual([told, status], ['unknown', 404]);
  });

  holds('attack 14: the referrer comes from the code, and no operation can name another', async (books) => {
    await books.issue('R', { referrer: 'anna' });
    await assert.rejects(books.redeem('R', '1', {}, { referrer: 'mallory' }), { code: 'unknown_field' });
    await books.redeem('R', '1', who('berta'));
    assert.equal((await books.entries('redeem'))[0].referrer, 'c:anna');
  });

  holds("attack 17: somebody else's code is as unknown as none", async (books) => {
    await books.issue('A', { uses: 1, owner: 'berta' });
    for (const holder of [who('anna'), guest('h1'), {}]) {
      const foreign = await books.ask({ type: 'redeem', code: 'A', order: '1', holder });
      const unknown = await books.ask({ type: 'redeem', code: 'B', order: '1', holder });
      assert.deepEqual([foreign.told, foreign.status], [unknown.told, unknown.status]);
    }
    assert.equal(await books.redeem('A', '1', who('berta')), 'done');
  });

  holds('attack 18: the same key with another amount is 422 and nothing is written', async (books) => {
    await books.issue('A', { uses: 9, budget: 'b' });
    const redeem = (/** @type {number} */ amount) => ({ type: 'redeem', code: 'A', order: '1', holder: {}, amount });
    const answers = await Promise.all([500, 600, 700].map((amount) => books.ask(redeem(amount), 'k')));
    assert.deepEqual(tally(answers.map((answer) => answer.status)), { 200: 1, 422: 2 });
    const [first] = answers.flatMap((answer, place) => (answer.status === 200 ? [place] : []));
    assert.deepEqual(await books.money(), [10_000 - [500, 600, 700][first], 0, [500, 600, 700][first]]);
    assert.equal(await books.said({ type: 'cancel', code: 'A', order: '1' }, 'k'), 'done', 'a key is scoped by its operation');
  });

  holds('attack 18: a refusal is replayed as it was, and a guess is not kept', async (books) => {
    await books.issue('A', { uses: 1 });
    await books.redeem('A', '0');
    const redeem = (/** @type {string} */ code) => ({ type: 'redeem', code, order: '1', holder: {} });
    assert.deepEqual(tally(await parallel(4, () => books.said(redeem('A'), 'k'))), { limit_reached: 4 });
    await books.cancel('A', '0');
    const again = await books.store.run(books.operation(redeem('A'), 'k'));
    assert.deepEqual([again.replayed, said(again.answer)], [true, 'limit_reached']);
    assert.equal(await books.said(redeem('GUESS'), 'k2'), 'not_found');
    assert.deepEqual(await books.store.read('idempotency', { where: { key: 'k2' } }), []);
  });

  holds('attack 19: cancelled at the same time by four is released once, and a paid reward is clawed back by an entry', async (books) => {
    await books.issue('A', { uses: 1 });
    await books.redeem('A', '1', who('anna'));
    await books.ask({ type: 'reward', reward: 'r', referral: 'r', order: '1', customer: 'berta' });
    assert.deepEqual(tally(await parallel(4, () => books.cancel('A', '1'))), { done: 1, already_done: 3 });
    assert.equal((await books.entries('cancel')).length, 1);
    assert.deepEqual(await books.uses('A'), [1, 0, 0, 0]);
    await books.ask({ type: 'claw_back', order: '1', reason: 'cancelled' });
    assert.deepEqual([(await books.entries('reward')).length, (await books.entries('claw_back')).length], [1, 1]);
    assert.equal((await books.store.read('reward'))[0].state, 'taken_back');
  });

  holds("the platform's events may come in any order, any number of times and at the same time", async (books) => {
    const orders = [
      ['paid', 'cancelled', 'refunded'],
      ['cancelled', 'refunded', 'paid'],
      ['refunded', 'paid', 'cancelled'],
    ];
    for (const [place, kinds] of orders.entries()) {
      const code = `A${place}`;
      await books.issue(code, { uses: 1, budget: 'b' });
      const event = (/** @type {string} */ kind) => ({
        ...{ v: 1, tenant: 't', now: '2026-11-23T10:00:00Z', event: kind, order: `${place}`, holder: who('anna') },
        ...{ codes: [{ code, amount: 500 }], total: 9000, refunded: kind === 'refunded' ? 9000 : 0 },
      });
      const deliver = async (/** @type {string} */ kind) => {
        for (const operation of booksOrderEvent(event(kind))) await books.store.run(operation);
      };
      await Promise.all(kinds.map(deliver));
      for (const kind of kinds) await deliver(kind);
      assert.deepEqual([await books.uses(code), await books.money()], [[1, 0, 0, 0], [10_000, 0, 0]], kinds.join());
    }
  });

  holds('in mirror mode the platform is right and the difference shows', async (books) => {
    await books.issue('A', { uses: 1, perCustomer: 1, scope: 'code', budget: 'b' });
    const words = await parallel(3, (n) => books.redeem('A', `${n}`, who('anna'), { amount: 4000, mirror: true }));
    assert.deepEqual(tally(words), { done: 3 });
    assert.deepEqual([await books.uses('A'), await books.money()], [[-2, 0, 3, 0], [-2000, 0, 12_000]]);
  });

  holds('serials are handed out once and never beyond the batch', async (books) => {
    const answers = await parallel(5, () => books.ask({ type: 'lease', batch: 'c12/0/7', count: 3, size: 10 }));
    assert.deepEqual(answers.map(({ start }) => start ?? 'none').sort(), [0, 3, 6, 'none', 'none']);
  });
});
