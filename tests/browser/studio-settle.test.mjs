/** Who brought whom, in the studio: the same as the package says, continued from run to run, and nothing owed twice. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { AxeBuilder } from '@axe-core/playwright';
import { hashPerson } from '../../js/node.js';
import { drop, sent, studioSite, tab } from './studio-open.mjs';
import { csvOf, FIRST_NOW, PROGRAM, recommendedShop, SECOND_NOW, settled } from './studio-referrals.mjs';

/** @typedef {import('playwright-core').Page} Page */
/** @typedef {import('./studio-referrals.mjs').Line} Line */

/** @type {Awaited<ReturnType<typeof studioSite>>} */
let studio;
/** @type {ReturnType<typeof recommendedShop>} */
let shop;

before(async () => {
  studio = await studioSite();
  shop = recommendedShop();
});

after(() => studio?.close());

/** A file to be chosen. @param {string} name @param {string} text */
const file = (name, text) => ({ name, mimeType: 'text/plain', buffer: Buffer.from(text) });

/**
 * Opens an export in the studio at an instant, with the programme and, in the view, the keys.
 * @param {Line[]} lines
 * @param {string} now
 * @param {Parameters<typeof studio.open>[0]} [options]
 */
async function openOrders(lines, now, options) {
  const opened = await studio.open(options);
  const { page } = opened;
  await page.clock.setFixedTime(now);
  await readOrders(page, lines);
  await tab(page, 'Programme');
  await page.getByText('The whole programme as text').click();
  await page.getByLabel('The programme as JSON').fill(PROGRAM);
  await page.locator('.program[data-busy="false"]').waitFor();
  await tab(page, 'Who brought whom');
  await page.getByLabel('Use my own keys').setInputFiles(file('keys.json', shop.keys));
  await page.getByText('The key set is in use.').waitFor();
  return opened;
}

/** @param {Page} page @param {Line[]} lines */
async function readOrders(page, lines) {
  await drop(page, [{ name: 'orders.csv', text: csvOf(lines) }]);
  await page.locator('.tier-row').first().waitFor();
}

/** Asks, and waits for the answer. @param {Page} page */
async function run(page) {
  await page.getByRole('button', { name: 'See who brought whom' }).click();
  await page.locator('.settled[aria-busy="false"]').waitFor();
}

/** Every recommendation on screen, cell by cell. @param {Page} page */
async function shown(page) {
  await page.locator('.each-table').waitFor();
  return page.locator('.each-table tbody tr').evaluateAll((rows) =>
    rows.map((row) => {
      const cells = [...row.children].map((cell) => [...(cell.firstElementChild?.matches('div') ? cell.firstElementChild : cell).children].map((part) => part.textContent ?? ''));
      return { id: row.getAttribute('data-referral'), state: row.getAttribute('data-state'), who: cells[0][0], order: cells[1][0], when: cells[3], reward: cells[4], why: cells[5][0] };
    }),
  );
}

/** The same of what the package says. @param {any} answer */
const said = (answer) =>
  answer.settled.referrals.map((/** @type {any} */ one) => ({ id: one.id, state: one.state, who: one.referrer.replace(/^c:/, ''), order: one.order ?? 'none paid', why: one.why }));

/** @param {Awaited<ReturnType<typeof shown>>} rows */
const compared = (rows) => rows.map(({ id, state, who, order, why }) => ({ id, state, who, order, why }));

/** Saves a file and gives what is in it. @param {Page} page @param {string | RegExp} button */
async function save(page, button) {
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: button }).click()]);
  return { name: download.suggestedFilename(), text: readFileSync(await download.path(), 'utf8') };
}

/** @param {Page} page @param {string} state */
const total = async (page, state) => Number(await page.locator(`.state-total[data-state="${state}"] .state-count`).textContent());

/** The second export: what was pending is certain by now, and somebody else has used Anna's voucher. @param {string} voucher @returns {Line[]} */
const later = (voucher) => [...shop.first, { id: 'TAKEN', at: '2026-07-01', customer: 'zoe', email: 'zoe@example.com', code: voucher }];

test('states and reasons are those that the package gives for the same orders, one by one', async () => {
  const { page, errors, requests, close } = await openOrders(shop.first, FIRST_NOW);
  const before = requests.length;
  await run(page);
  const expected = settled(csvOf(shop.first), shop.keys, FIRST_NOW);
  const rows = await shown(page);
  assert.deepEqual(compared(rows), said(expected));
  const byOrder = new Map(rows.map((row) => [row.order, row]));
  assert.deepEqual(
    [...byOrder].map(([order, { state }]) => [order, state]),
    [['KEPT', 'rewarded'], ['GONE', 'rejected'], ['BACK', 'rejected'], ['SELF', 'rejected'], ['ODD', 'flagged'], ['SOON', 'pending']],
  );
  // Berta has no number: the name the keys give her, as everywhere else.
  assert.equal(byOrder.get('SOON')?.who, `e_${hashPerson(shop.keys, { email: 'berta@example.com' }).email.slice(0, 32)}`);
  assert.deepEqual(byOrder.get('SOON')?.when, ['ordered 5 Jun 2026', 'certain from 5 Jul 2026']);
  assert.match(byOrder.get('KEPT')?.reward.join(' ') ?? '', new RegExp(`^€5\\.00 off ${expected.settled.rewards[0].shownCode}$`));
  assert.match((await page.locator('#totals-title').textContent()) ?? '', /^1 reward is newly owed, €5\.00 in all\.$/);
  for (const state of ['pending', 'qualified', 'rewarded', 'rejected', 'flagged']) assert.equal(await total(page, state), expected.settled.totals.states[state] ?? 0, state);
  await page.getByText('They do: every code that was redeemed was given out').waitFor();
  await page.getByLabel('State').selectOption('rejected');
  await page.getByText('3 shown').waitFor();
  assert.deepEqual(compared(await shown(page)), said(expected).filter((/** @type {any} */ one) => one.state === 'rejected'));
  assert.equal(await sent(page), '0 bytes sent');
  assert.deepEqual(requests.slice(before).filter((url) => !url.startsWith('blob:')), []);
  assert.deepEqual(errors, []);
  await close();
});

test('the next export goes on with the books: what was owed is not owed again, and a difference has its name', async () => {
  const one = await openOrders(shop.first, FIRST_NOW);
  await run(one.page);
  const rewards = await save(one.page, 'Save 1 reward (CSV)');
  const books = await save(one.page, 'Save the books');
  const first = settled(csvOf(shop.first), shop.keys, FIRST_NOW);
  assert.equal(rewards.name, 'zugabe-rewards.csv');
  const [reward] = first.settled.rewards;
  assert.deepEqual(rewards.text.trimEnd().split('\n'), [
    'reward,referral,order,side,who,kind,cost,code,expires_at',
    [reward.reward, reward.referral, 'KEPT', 'referrer', 'c:anna', 'discount', 500, reward.shownCode, reward.expiresAt].join(','),
  ]);
  assert.equal(books.text, first.booksText);

  // The same visit: the next export is read, and the saved books are there.
  const second = later(reward.shownCode);
  const expected = settled(csvOf(second), shop.keys, SECOND_NOW, { booksText: first.booksText });
  await one.page.clock.setFixedTime(SECOND_NOW);
  await readOrders(one.page, second);
  await tab(one.page, 'Who brought whom');
  await one.page.getByText('The books you saved', { exact: true }).waitFor();
  await run(one.page);
  assert.deepEqual(compared(await shown(one.page)), said(expected));
  await one.close();

  // Another day: the file is given.
  const { page, errors, close } = await openOrders(second, SECOND_NOW);
  await page.getByLabel('Open the books').setInputFiles(file(books.name, books.text));
  await page.getByText('zugabe-books.json').waitFor();
  await run(page);
  const rows = await shown(page);
  assert.deepEqual(compared(rows), said(expected));
  const [kept] = rows.filter((row) => row.order === 'KEPT');
  assert.deepEqual(kept.reward, ['€5.00', 'in an earlier run']);
  assert.match((await page.locator('#totals-title').textContent()) ?? '', /^1 reward is newly owed/);
  assert.equal(await total(page, 'rewarded'), 2);
  const again = (await save(page, 'Save 1 reward (CSV)')).text.trimEnd().split('\n');
  assert.deepEqual(again.slice(1).map((line) => line.split(',')[2]), ['SOON']);
  assert.deepEqual(expected.settled.differences.map((/** @type {any} */ one) => one.kind), ['used_by_other']);
  assert.deepEqual(await page.locator('.differences li').evaluateAll((all) => all.map((one) => one.getAttribute('data-kind'))), ['used_by_other']);
  assert.match((await page.locator('.differences').textContent()) ?? '', /redeemed by somebody else\..*order TAKEN/);

  // A third run with these books owes nothing; books that were changed by hand are not taken.
  const last = await save(page, 'Save the books');
  await page.getByLabel('Open the books').setInputFiles(file(last.name, last.text));
  await run(page);
  await page.getByText('Nothing new is owed.').waitFor();
  assert.equal(await page.getByRole('button', { name: /\(CSV\)/ }).count(), 0);
  const forged = last.text.replace(/"granted":\d+/, '"granted":77');
  await page.getByLabel('Open the books').setInputFiles(file('forged.json', forged === last.text ? last.text.replace('"v":1', '"v":2') : forged));
  await run(page);
  await page.getByRole('alert').getByText('These books were not taken').waitFor();
  assert.deepEqual(errors, []);
  await close();
});

test('whoever saves rewards and not the books is warned, and owes nothing twice in the same visit', async () => {
  const { page, close } = await openOrders(shop.first, FIRST_NOW);
  await run(page);
  await save(page, 'Save 1 reward (CSV)');
  await page.getByText('Save the books, too').waitFor();
  /** @type {string[]} */
  const asked = [];
  page.on('dialog', (dialog) => {
    asked.push(dialog.type());
    void dialog.dismiss();
  });
  await page.close({ runBeforeUnload: true });
  for (let tries = 0; tries < 50 && asked.length === 0; tries += 1) await page.waitForTimeout(100);
  assert.deepEqual(asked, ['beforeunload']);
  await readOrders(page, shop.first);
  await tab(page, 'Who brought whom');
  await page.getByText('The books of the last run, which you have not saved').waitFor();
  await run(page);
  await page.getByText('Nothing new is owed.').waitFor();
  await save(page, 'Save the books');
  await page.close({ runBeforeUnload: true });
  for (let tries = 0; tries < 50 && !page.isClosed(); tries += 1) await new Promise((done) => setTimeout(done, 100));
  assert.ok(page.isClosed());
  assert.deepEqual(asked, ['beforeunload']);
  await close();
});

test('a flagged one waits for a word, and both words are taken', async () => {
  const { page, close } = await openOrders(shop.first, FIRST_NOW);
  await run(page);
  const odd = page.locator('.each-table tr', { hasText: 'ODD' });
  assert.match((await odd.textContent()) ?? '', /both addresses end in the same mailbox/);
  const id = (await odd.getAttribute('data-referral')) ?? '';
  await odd.getByRole('button', { name: 'Approve' }).click();
  await page.locator(`[data-referral="${id}"][data-state="rewarded"]`).waitFor();
  assert.deepEqual(compared(await shown(page)), said(settled(csvOf(shop.first), shop.keys, FIRST_NOW, { approve: [id] })));
  assert.match((await page.locator('#totals-title').textContent()) ?? '', /^2 rewards are newly owed, €10\.00/);
  await close();
  const other = await openOrders(shop.first, FIRST_NOW);
  await run(other.page);
  await other.page.getByRole('button', { name: 'Turn down: order ODD' }).click();
  await other.page.locator(`[data-referral="${id}"][data-state="rejected"]`).waitFor();
  assert.deepEqual(compared(await shown(other.page)), said(settled(csvOf(shop.first), shop.keys, FIRST_NOW, { void: [id] })));
  await other.close();
});

test('the list of codes says whose a code is when an earlier order was cancelled, and the platform gets its file', async () => {
  // Without its first order every code would belong to the next one.
  const lines = shop.first.map((line) => (line.id === 'A1' ? { ...line, cancelled: '2026-06-14 09:00' } : line));
  const { page, close } = await openOrders(lines, FIRST_NOW);
  const list = page.getByLabel('Open the list of codes');
  await list.setInputFiles(file('poem.csv', 'roses,violets\nred,blue\n'));
  await page.getByRole('alert').getByText('This file was not taken').waitFor();
  await list.setInputFiles(file('zugabe-codes.csv', shop.codes));
  await page.getByText('zugabe-codes.csv, 4 codes').waitFor();
  await page.getByLabel('Shop system').selectOption('woocommerce');
  await run(page);
  const codes = [...shop.codeOf].map(([order, code]) => ({ order, code }));
  const expected = settled(csvOf(lines), shop.keys, FIRST_NOW, { codes, platform: 'woocommerce' });
  const rows = await shown(page);
  assert.deepEqual(compared(rows), said(expected));
  assert.equal(rows.find((row) => row.order === 'KEPT')?.who, 'anna');
  const saved = await save(page, 'Codes for import: those who recommend');
  assert.equal(saved.name, 'zugabe-referral-referrer.woocommerce.csv');
  assert.equal(saved.text, expected.settled.files[0].codes);
  // The list as the tool writes it says the same.
  await list.setInputFiles(file('codes.jsonl', codes.map((one) => JSON.stringify({ ...one, batch: 2, serial: 1 })).join('\n')));
  await page.getByText('codes.jsonl, 4 codes').waitFor();
  await run(page);
  assert.deepEqual(compared(await shown(page)), said(expected));
  await close();
});

test('where there is nothing to tell it says why, and what to do', async () => {
  const { page, close } = await studio.openSample();
  await tab(page, 'Who brought whom');
  await run(page);
  await page.getByRole('heading', { name: 'No code of yours is in these orders' }).waitFor();
  await page.getByRole('button', { name: 'codes for your orders' }).click();
  await page.getByRole('heading', { level: 1, name: 'Codes' }).waitFor();
  await tab(page, 'Programme');
  await page.getByText('The whole programme as text').click();
  await page.getByLabel('The programme as JSON').fill(PROGRAM.replace('"referral": {', '"referral": { "enabled": false,'));
  await page.locator('.program[data-busy="false"]').waitFor();
  await tab(page, 'Who brought whom');
  await run(page);
  await page.getByRole('heading', { name: 'Your programme asks nobody to recommend' }).waitFor();
  await page.getByRole('button', { name: 'Change the programme' }).click();
  await page.getByLabel('The programme as JSON').waitFor({ state: 'attached' });
  await close();
});

test('many recommendations come in pages of fifty', async () => {
  const friends = Array.from({ length: 60 }, (_, index) => ({ id: `F${index}`, at: `2026-0${4 + (index % 2)}-${String(1 + (index % 28)).padStart(2, '0')}`, customer: `f${index}`, email: `f${index}@example.com`, code: shop.codeOf.get('A1') }));
  const { page, close } = await openOrders([...shop.first.slice(0, 4), ...friends], FIRST_NOW);
  await run(page);
  await page.getByText('1 to 50 of 60').waitFor();
  assert.equal(await page.locator('.each-table tbody tr').count(), 50);
  await page.getByRole('button', { name: 'On', exact: true }).click();
  await page.getByText('51 to 60 of 60').waitFor();
  const expected = said(settled(csvOf([...shop.first.slice(0, 4), ...friends]), shop.keys, FIRST_NOW));
  assert.deepEqual(compared(await shown(page)), expected.slice(50));
  await close();
});

test('the single file does it from a folder', async () => {
  const { page, errors, close } = await openOrders(shop.first, FIRST_NOW, { address: pathToFileURL(join(studio.www, 'studio.html')).href });
  await run(page);
  assert.deepEqual(compared(await shown(page)), said(settled(csvOf(shop.first), shop.keys, FIRST_NOW)));
  assert.equal(await sent(page), '0 bytes sent');
  assert.deepEqual(errors, []);
  await close();
});

for (const [width, scheme] of /** @type {const} */ ([[1280, 'light'], [1280, 'dark'], [360, 'light'], [360, 'dark']])) {
  test(`the view is accessible and fits at ${width} pixels, ${scheme}`, async () => {
    const { page, close } = await openOrders(shop.first, FIRST_NOW, { viewport: { width, height: 800 }, colorScheme: scheme });
    const check = async (/** @type {string} */ what) => {
      const { violations } = await new AxeBuilder({ page }).analyze();
      assert.deepEqual(violations.map((one) => `${what}: ${one.id} at ${one.nodes.map((node) => node.target.join(' ')).join(', ')}`), []);
      assert.ok((await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)) <= 0, `${what} scrolls sideways`);
    };
    await check('before');
    await run(page);
    await shown(page);
    await check('result');
    const voucher = settled(csvOf(shop.first), shop.keys, FIRST_NOW).settled.rewards[0].shownCode;
    await save(page, 'Save the books');
    await page.clock.setFixedTime(SECOND_NOW);
    // What was granted goes back: its code is to be switched off.
    await readOrders(page, later(voucher).map((line) => (line.id === 'KEPT' ? { ...line, refunded: '60.00' } : line)));
    await tab(page, 'Who brought whom');
    await page.getByLabel('Shop system').selectOption('shopware');
    await page.getByLabel('Id of the promotion').fill('0123456789abcdef0123456789abcdef');
    await run(page);
    await shown(page);
    await page.getByText('Taken back: switch this code off in your shop').waitFor();
    await page.locator('.differences li').first().waitFor();
    await check('second run');
    await close();
  });
}
