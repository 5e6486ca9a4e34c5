/** The programme in the studio: a field, the lint beside it, the customer's page after it, and who gets what over a month. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { AxeBuilder } from '@axe-core/playwright';
import { Shop } from '../../js/node.js';
import { onlineRetail, readFiles, sent, studioSite, tab, watchTasks } from './studio-open.mjs';

/** @typedef {import('playwright-core').Page} Page */
/** @typedef {import('playwright-core').Locator} Locator */

/** @type {Awaited<ReturnType<typeof studioSite>>} */
let studio;

before(async () => {
  studio = await studioSite();
});

after(() => studio?.close());

/** Opens the sample shop's programme, with the preview and the month there. @param {Parameters<typeof studio.open>[0]} [options] */
async function openProgramme(options) {
  const opened = await studio.openSample(options);
  await tab(opened.page, 'Programme');
  await settled(opened.page);
  return opened;
}

/** Waits until the lint has spoken and preview and month are those of the programme as it stands. @param {Page} page */
async function settled(page) {
  await page.locator('.verdict:not(:empty)').waitFor();
  await page.locator('.program[data-busy="false"]').waitFor();
  await page.locator('.see .stage[aria-busy="false"]').waitFor({ state: 'attached' });
  await page.locator('.gets-result[aria-busy="false"] table').waitFor();
}

/** @param {Page} page */
const textOf = (page) => page.getByLabel('The programme as JSON').inputValue();

/** What stands beside the field of a path. @param {Page} page @param {string} path */
const beside = (page, path) => page.locator(`[data-path="${path}"] .finding`);

/** @param {Page} page @param {string} name */
async function pick(page, name) {
  const field = page.getByLabel('Which customer');
  await field.click();
  await page.getByRole('option', { name }).click();
  await settled(page);
}

/** Opens the card of an option. @param {Page} page @param {number} index */
async function openOption(page, index) {
  const card = page.locator(`details[data-fold="options[${index}]"]`);
  if ((await card.getAttribute('open')) === null) await card.locator('> summary').click();
  return card;
}

/** What stands in an element of ours, as somebody reads it. @param {Locator} element */
const read = (element) => element.evaluate((host) => [...(host.shadowRoot ?? host).children].map((child) => /** @type {HTMLElement} */ (child).innerText ?? '').join('\n'));

/** @param {Page} page */
const insertText = (page) => read(page.locator('.see zugabe-insert'));

test('a field that changes puts the lint beside it and another insert in the preview, and back again', async () => {
  const { page, errors, close } = await openProgramme();
  await pick(page, 'A first-time buyer');
  await page.locator('.see').getByRole('radio', { name: 'Insert' }).check();
  const before = await insertText(page);
  assert.match(before, /Darjeeling First Flush/);
  const card = await openOption(page, 3);
  const cost = card.getByLabel('What one costs you');
  await cost.fill('4,50');
  await beside(page, 'options[3].issueCost').getByText('costs more than a thank-you may').waitFor();
  assert.match(await textOf(page), /"issueCost": 450\b/);
  assert.match((await card.locator('summary').first().textContent()) ?? '', /Worth a look/);
  // The finding is told with the field to those who do not see it.
  const described = await cost.evaluate((input) => (input.getAttribute('aria-describedby') ?? '').split(' ').map((id) => document.getElementById(id)?.textContent).join(' '));
  assert.match(described, /costs more than a thank-you may/);
  await settled(page);
  assert.doesNotMatch(await insertText(page), /Darjeeling First Flush/);
  assert.notEqual((await page.locator('.see .changed').textContent()) ?? '', '');
  await cost.fill('0.45');
  await settled(page);
  assert.equal(await beside(page, 'options[3].issueCost').count(), 0);
  assert.equal(await insertText(page), before);
  assert.deepEqual(errors, []);
  await close();
});

test('what is wrong is kept as it was typed, says beside the field what belongs there, and the last good page stays', async () => {
  const { page, close } = await openProgramme();
  const card = await openOption(page, 3);
  const shown = await read(page.locator('.see zugabe-thanks'));
  assert.ok(shown.length > 40, shown);
  const cost = card.getByLabel('What one costs you');
  await cost.fill('plenty');
  await beside(page, 'options[3].issueCost').getByText('This takes a whole number, not "plenty"').waitFor();
  assert.equal(await cost.getAttribute('aria-invalid'), 'true');
  assert.match(await textOf(page), /"issueCost": "plenty"/);
  assert.match((await page.locator('.verdict').textContent()) ?? '', /1 thing must change/);
  assert.equal(await read(page.locator('.see zugabe-thanks')), shown);
  await tab(page, 'Overview');
  await tab(page, 'Programme');
  await beside(page, 'options[3].issueCost').first().waitFor();
  assert.equal(await page.getByLabel('What one costs you').nth(3).inputValue(), 'plenty');
  // A share beyond all of it, a limit below nothing: each at its own field.
  await page.getByLabel('What one costs you').nth(3).fill('0.45');
  await page.getByLabel(/At most this share/).fill('250');
  await beside(page, 'allowance.rateBp').getByText('More than the whole order').waitFor();
  await page.getByLabel(/At most this share/).fill('2');
  await page.getByLabel(/And never more than/).fill('-1');
  await beside(page, 'allowance.max').getByText('never negative').waitFor();
  await page.getByLabel(/And never more than/).fill('2');
  await page.getByText(/The programme (works|is sound)/).waitFor();
  await close();
});

test('a text that is no JSON rests the fields, says where, and loses nothing', async () => {
  const { page, close } = await openProgramme();
  const text = page.getByLabel('The programme as JSON');
  await page.getByText('The whole programme as text').click();
  const good = await textOf(page);
  const bad = good.replace('"allowance": {', '"allowance" {');
  await text.fill(bad);
  await page.getByText(/stops being JSON in line \d+, column \d+: colon expected/).waitFor();
  assert.ok(await page.getByLabel(/At most this share/).isDisabled());
  await page.getByRole('button', { name: 'Go there' }).click();
  assert.ok(await text.evaluate((/** @type {HTMLTextAreaElement} */ area) => document.activeElement === area && area.selectionStart > 0));
  await tab(page, 'Overview');
  await tab(page, 'Programme');
  assert.equal(await textOf(page), bad);
  await text.fill(good.replace('"rateBp": 200', '"rateBp": 350'));
  assert.equal(await page.getByLabel(/At most this share/).inputValue(), '3.5');
  await page.getByText(/The programme (works|is sound)/).waitFor();
  await close();
});

test('five lines are a programme, every default is marked, and what was there can be put back', async () => {
  const { page, close } = await openProgramme();
  const before = await textOf(page);
  await page.getByRole('button', { name: 'Start again from five lines' }).click();
  await settled(page);
  const five = (await textOf(page)).trim();
  assert.equal(five.split('\n').length, 5, five);
  const program = JSON.parse(five);
  assert.deepEqual(Object.keys(program), ['zugabe', 'shop', 'allowance', 'options']);
  assert.equal(program.shop.name, 'Teehaus am Markt', 'the shop keeps its name');
  await page.getByRole('heading', { name: 'How it is weighed' }).click();
  // Each field that is silent shows what holds, and says that it is assumed.
  for (const [path, value] of [['marginBp', '30'], ['referral.friend.amount', '5'], ['referral.friend.minimumOrder', '40'], ['referral.friend.days', '60'], ['holdout.bp', '0']]) {
    const field = page.locator(`[data-path="${path}"]`);
    assert.equal(await field.locator('input').first().getAttribute('placeholder'), value, path);
    assert.ok(await field.locator('.assumed').isVisible(), path);
  }
  assert.equal(await page.locator('[data-path="allowance.max"] .assumed').isVisible(), false, 'what is said is not marked');
  await page.getByLabel(/What an order leaves over/).fill('45');
  await page.locator('[data-path="marginBp"] .assumed').waitFor({ state: 'hidden' });
  await page.getByRole('button', { name: 'Put back what was there' }).click();
  assert.equal(await textOf(page), before);
  await close();
});

test('options are added and taken away, and the cursor stays where the merchant works', async () => {
  const { page, close } = await openProgramme();
  const count = await page.locator('.options > li').count();
  await page.getByLabel('What to add').selectOption('discount');
  await page.getByRole('button', { name: 'Add it' }).click();
  assert.equal(await page.locator('.options > li').count(), count + 1);
  assert.match(await page.evaluate(() => document.activeElement?.closest('.field')?.textContent ?? ''), /What it is called/);
  await page.keyboard.type('A little something');
  const added = JSON.parse(await textOf(page)).options.at(-1);
  assert.equal(added.text.de.title, 'A little something');
  assert.deepEqual(added.promotion, { amount: 500, minimumOrder: 4000 });
  const card = page.locator('.options > li').last();
  // From money to a share: the field follows, and so does the form.
  await card.getByLabel('It takes off: money or a share').selectOption('share');
  await page.locator(`[data-path="options[${count}].promotion.amount"] input`).fill('12');
  assert.deepEqual(JSON.parse(await textOf(page)).options.at(-1).promotion, { percentBp: 1200, minimumOrder: 4000 });
  await beside(page, `options[${count}].promotion.amount`).or(card.locator('.finding')).first().getByText('more than a small thank-you').waitFor();
  await card.getByRole('button', { name: 'Take it off the list' }).click();
  assert.equal(await page.locator('.options > li').count(), count);
  assert.ok(await page.evaluate(() => document.activeElement?.tagName === 'SUMMARY'), 'focus goes to the option before');
  await close();
});

/** The shop that the studio's sample is, in Node: its sums are the core's own. @param {Page} page */
async function sampleInNode(page) {
  const shop = new Shop({ now: new Date().toISOString(), timeZone: 'Europe/Berlin' });
  shop.loadSample(7, await page.evaluate(() => new Date().toISOString().slice(0, 10)));
  shop.score();
  return shop;
}

/** @param {string} text */
const numberOf = (text) => Number(text.replaceAll(/[^\d.-]/g, ''));

test('who gets what: every cell and every sum is the core’s, in the parcel, on the page, within a budget', async () => {
  const { page, requests, errors, close } = await openProgramme();
  const shop = await sampleInNode(page);
  const own = requests.length;
  const table = async (/** @type {object} */ more, /** @type {string} */ title) => {
    const plan = shop.plan({ programText: await textOf(page), now: new Date().toISOString(), ...more });
    const rows = await page.locator('.gets-table tbody tr').evaluateAll((all) => all.map((row) => ({ option: /** @type {HTMLElement} */ (row).dataset.option, cells: [...row.querySelectorAll('td')].map((cell) => cell.textContent ?? '') })));
    const given = rows.filter((row) => row.option !== '');
    assert.deepEqual(given.map((row) => row.option), plan.options.map((one) => one.option), title);
    for (const [index, one] of plan.options.entries()) {
      const [count, cost, back, from, expected, profit] = given[index].cells;
      assert.deepEqual([count, back, expected].map(numberOf), [one.customers, one.back, one.expectedMore], `${title}: ${one.option}`);
      assert.deepEqual([cost, profit].map((text) => Math.round(numberOf(text) * 100)), [one.cost, one.profit], `${title}: ${one.option}`);
      assert.equal(from, one.kind === 'referral' ? 'with the friend' : one.paysFrom === undefined ? 'never' : one.paysFrom === 0 ? 'the first' : `${one.paysFrom.toLocaleString('en-GB')} more`, `${title}: ${one.option}`);
    }
    const foot = await page.locator('.gets-table tfoot td').allTextContents();
    assert.equal(numberOf(foot[0]), plan.total, title);
    assert.equal(Math.round(numberOf(foot[1]) * 100), plan.cost, title);
    assert.equal(Math.round(numberOf(foot.at(-1) ?? '') * 100), plan.profit, title);
    // And the rows come to the sums.
    const sum = (/** @type {number} */ cell) => Math.round(rows.reduce((all, row) => all + numberOf(row.cells[cell]), 0) * 100) / 100;
    assert.deepEqual([sum(0), Math.round(sum(1) * 100), Math.round(sum(5) * 100)], [plan.total, plan.cost, plan.profit], title);
    assert.ok(((await page.locator('.gets > .meaning').textContent()) ?? '').includes(plan.words), title);
    return plan;
  };
  const parcel = await table({ audience: 'parcel' }, 'parcel');
  assert.ok(parcel.total > 20 && parcel.cost > 0, 'the month has something in it');
  await page.locator('.gets').getByRole('radio', { name: 'On the page' }).check();
  await settled(page);
  await table({ audience: 'page' }, 'page');
  await page.locator('.gets').getByRole('radio', { name: 'In the parcel' }).check();
  const half = Math.floor(parcel.cost / 2);
  await page.getByLabel(/If the month had a budget/).fill(String(half / 100));
  await settled(page);
  const within = await table({ audience: 'parcel', budget: half }, 'within half of it');
  assert.ok(within.cost <= half);
  await page.locator('.gets-more p').filter({ hasText: within.budgets[0].words }).waitFor();
  assert.equal(requests.length, own, 'nobody was asked');
  assert.equal(await sent(page), '0 bytes sent');
  assert.deepEqual(errors, []);
  shop.free();
  await close();
});

test('the month says what is assumed and what to fill in next, and leads to the field', async () => {
  const { page, close } = await openProgramme();
  const first = page.locator('.fill-in').first();
  assert.match((await first.textContent()) ?? '', /Fill in your margin \(30% is assumed\)/);
  await first.getByRole('button', { name: 'Fill it in' }).click();
  assert.ok(await page.getByLabel(/What an order leaves over/).evaluate((input) => document.activeElement === input));
  await page.keyboard.type('55');
  await settled(page);
  assert.doesNotMatch((await page.locator('.gets-more').textContent()) ?? '', /Fill in your margin/);
  // An effect that is assumed stands in its field, as it was reckoned.
  const row = page.locator('.gets-table tbody tr[data-option="first-flush"]');
  await row.locator('summary').click();
  await row.getByText(/Assumed: .*how many come back because of it/).waitFor();
  const uplift = page.locator('[data-path="options[3].effect.upliftBp"]');
  assert.ok(Number(await uplift.locator('input').getAttribute('placeholder')) > 0);
  // Who they are: a list that leads to the person.
  await row.locator('.people li').first().waitFor();
  await row.locator('.people button').first().click();
  await page.locator('.person').waitFor();
  await page.locator('.stage[aria-busy="false"]').waitFor();
  await close();
});

test('a tea shop that loves gifts and an outlet that lives on discounts thank one customer in visibly different ways', async () => {
  const { page, close } = await openProgramme();
  await pick(page, 'A first-time buyer');
  await page.getByText('How would other shops thank this customer?').click();
  const column = (/** @type {string} */ id) => page.locator(`.compared[data-program="${id}"]`);
  for (const id of ['own', 'tea-shop', 'outlet']) await column(id).locator('zugabe-insert').waitFor();
  await page.locator('.compare .stage[aria-busy="true"]').waitFor({ state: 'detached' });
  const said = async (/** @type {string} */ id) => ({
    page: await read(column(id).locator('zugabe-thanks')),
    insert: await read(column(id).locator('zugabe-insert')),
    options: (await column(id).locator('[data-options]').textContent()) ?? '',
  });
  const [tea, outlet] = [await said('tea-shop'), await said('outlet')];
  assert.match(outlet.options, /Page: (five-percent|five-euro)\. Parcel: (five-percent|five-euro)\./);
  assert.doesNotMatch(tea.options, /next-time|plain thanks/, 'gifts come first');
  assert.match(outlet.insert, /5( |\u00a0)?%|5,00/);
  assert.notEqual(tea.page, outlet.page);
  assert.notEqual(tea.insert, outlet.insert);
  for (const part of ['zugabe-thanks', 'zugabe-insert']) {
    const pictures = await Promise.all(['tea-shop', 'outlet'].map((id) => column(id).locator(part).screenshot()));
    assert.ok(!pictures[0].equals(pictures[1]), `${part} looks the same`);
  }
  // One of them becomes the merchant's own, under the merchant's name.
  await column('outlet').getByRole('button', { name: 'Begin with this one' }).click();
  await settled(page);
  const program = JSON.parse(await textOf(page));
  assert.equal(program.shop.name, 'Teehaus am Markt');
  assert.deepEqual(program.options.map((/** @type {any} */ one) => one.id), ['five-percent', 'five-euro', 'care-tips']);
  assert.equal(await page.getByLabel('What stands first').inputValue(), 'profit');
  await close();
});

test('a customer is found by name with the keyboard, and the programme is kept as a file and opened again', async () => {
  const { page, close } = await openProgramme();
  const field = page.getByLabel('Which customer');
  await field.focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await settled(page);
  const first = await field.inputValue();
  assert.notEqual(first, '');
  await field.fill(first.slice(0, 4));
  await page.locator('.found [role=option]').first().waitFor();
  await page.keyboard.press('Escape');
  assert.equal(await field.inputValue(), first);
  await page.getByText('The whole programme as text').click();
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Save the programme' }).click()]);
  const saved = readFileSync(await file.path(), 'utf8');
  assert.equal(saved, await textOf(page));
  const other = saved.replace('Teehaus am Markt', 'Teehaus am Hafen');
  await page.locator('.beginnings input[type=file]').setInputFiles({ name: 'program.json', mimeType: 'application/json', buffer: Buffer.from(other) });
  await page.getByText('Another programme stands here now').waitFor();
  assert.equal(await textOf(page), other);
  await close();
});

for (const [width, colorScheme] of /** @type {const} */ ([[1280, 'dark'], [768, 'light'], [320, 'light']])) {
  test(`the programme is accessible and fits at ${width} pixels, ${colorScheme}`, async () => {
    const { page, errors, close } = await openProgramme({ viewport: { width, height: 800 }, colorScheme });
    const check = async (/** @type {string} */ state) => {
      const { violations } = await new AxeBuilder({ page }).analyze();
      assert.deepEqual(violations.map((one) => `${state}: ${one.id} at ${one.nodes.map((node) => node.target.join(' ')).join(', ')}`), []);
      assert.ok((await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)) <= 0, `${state} scrolls sideways`);
    };
    await check('as it opens');
    for (const summary of await page.locator('.editor details > summary, .gets-table .who > summary').all()) if (await summary.isVisible()) await summary.click();
    for (const summary of await page.locator('.more > summary').all()) await summary.click();
    await page.locator('.people li').first().waitFor();
    await page.getByText('How would other shops thank this customer?').click();
    await page.locator('.compared zugabe-insert').nth(2).waitFor();
    await page.locator('.compare .stage[aria-busy="true"]').waitFor({ state: 'detached' });
    await check('with everything open');
    await page.getByLabel(/At most this share/).fill('many');
    await beside(page, 'allowance.rateBp').first().waitFor();
    await page.getByLabel('Which customer').click();
    await page.getByRole('listbox').waitFor();
    await check('with a mistake, and a list of people');
    assert.deepEqual(errors, []);
    await close();
  });
}

test('two years of real orders: the programme is planned and shown while the page keeps its turn', async (context) => {
  const files = onlineRetail(studio.folder);
  if (!files) return context.skip('skipped: shared data is absent');
  const { page, errors, close } = await studio.open({ timezoneId: 'Europe/London' });
  await readFiles(page, files);
  const longest = await watchTasks(page);
  const begun = performance.now();
  await tab(page, 'Programme');
  await page.locator('.gets-result[aria-busy="false"] table').waitFor({ timeout: 60_000 });
  const planned = performance.now() - begun;
  const changed = performance.now();
  await page.getByLabel(/And never more than/).fill('0.30');
  await page.locator('.option-state.warning').first().waitFor();
  const told = performance.now() - changed;
  await settled(page);
  const after = performance.now() - changed;
  const foot = await page.locator('.gets-table tfoot td').allTextContents();
  const pause = await longest();
  context.diagnostic(`Online Retail, both years: the month of ${foot[0]} orders after ${planned.toFixed(0)} ms; a change is told after ${told.toFixed(0)} ms, preview and month follow within ${after.toFixed(0)} ms; the page's longest task ${pause.toFixed(0)} ms on a core`);
  assert.ok(numberOf(foot[0]) > 1000, foot[0]);
  assert.ok(pause < 250, `the page stood still for ${pause} ms`);
  assert.equal(await sent(page), '0 bytes sent');
  assert.deepEqual(errors, []);
  await close();
  return undefined;
});
