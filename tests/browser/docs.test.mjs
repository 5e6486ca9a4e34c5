/** The docs page in Chromium: what a theme developer reads there is true, what she changes there happens, and four looks look different. */
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { AxeBuilder } from '@axe-core/playwright';
import { root } from '../../scripts/shell.mjs';
import { launch, serveSite } from './helpers.mjs';

/** Pictures of the page land here when asked for, to be looked at. */
const PICTURES = process.env.ZUGABE_PICTURES;
const MANIFEST = JSON.parse(readFileSync(join(root, 'dist/custom-elements.json'), 'utf8'));
/** @type {Map<string, any>} */
const ELEMENTS = new Map(MANIFEST.modules.flatMap(({ declarations }) => declarations).filter(({ tagName }) => tagName).map((/** @type {any} */ one) => [one.tagName, one]));

/** @type {{ url: string, close: () => Promise<void> }} */
let site;
/** @type {import('playwright-core').Browser} */
let browser;

before(async () => {
  site = await serveSite();
  browser = await launch();
  if (PICTURES) mkdirSync(PICTURES, { recursive: true });
});

after(async () => {
  await browser?.close();
  await site?.close();
});

/** @param {import('playwright-core').BrowserContextOptions} [options] */
async function open(options = {}) {
  const context = await browser.newContext({ permissions: ['clipboard-read', 'clipboard-write'], reducedMotion: 'reduce', viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const said = /** @type {string[]} */ ([]);
  page.on('pageerror', (error) => said.push(error.message));
  page.on('console', (message) => void said.push(`${message.type()} ${message.text()}`));
  await page.goto(`${site.url}/docs/`);
  await page.waitForFunction(() => {
    const all = Array.from(document.querySelectorAll('zugabe-thanks, zugabe-friend'), (element) => /** @type {any} */ (element).state);
    return all.length >= 7 && all.every((state) => state === 'shown');
  });
  return { page, said, close: () => context.close() };
}

test('every example and every look is on screen, and the console has nothing to say', async () => {
  const { page, said, close } = await open();
  assert.equal(await page.locator('.example').count(), 3);
  assert.deepEqual(said, []);
  if (PICTURES) await page.screenshot({ path: join(PICTURES, 'docs.png'), fullPage: true });
  await close();
});

test('what is changed in an example happens beside it, and what happens is told below', async () => {
  const { page, close } = await open();
  const [regular, , friend] = await page.locator('.example').all();
  const field = regular.getByRole('textbox', { name: 'HTML' });
  await field.fill((await field.inputValue()).replace('locale="en"', 'locale="de"').replace('customer-name="Anna"', 'customer-name="Berta"'));
  await regular.locator('zugabe-thanks [lang=de]').getByText(/Berta/).first().waitFor();
  await regular.locator('zugabe-thanks').getByRole('button', { name: 'Nein danke' }).first().click();
  await regular.getByText('zugabe-declined').waitFor();
  await field.fill((await field.inputValue()).replace(/order-total="\d+"/, 'order-total="48,90"'));
  await regular.getByText('zugabe-failed').waitFor();
  assert.match(await regular.locator('output').innerText(), /order-total/, 'a wrong value is named');
  const code = friend.getByRole('textbox', { name: 'HTML' });
  await code.fill((await code.inputValue()).replace('03VC1S2Q4HX0', '03VC1S2Q4HX1'));
  await friend.locator('zugabe-friend [part~=message]').getByText(/One character/).waitFor();
  await close();
});

test('a script that is typed into an example does not run', async () => {
  const { page, close } = await open();
  const field = page.locator('.example').first().getByRole('textbox', { name: 'HTML' });
  await field.fill('<zugabe-thanks onclick="window.hacked=1" decision><img src=x onerror="window.hacked=1"><script>window.hacked=1</script></zugabe-thanks>');
  await page.locator('.example').first().locator('zugabe-thanks').click();
  assert.equal(await page.evaluate(() => 'hacked' in window), false);
  assert.equal(await page.locator('.example').first().locator('zugabe-thanks').getAttribute('onclick'), null);
  await close();
});

test('the four looks differ in colour, shape or type, say by which rules, and the rules can be copied', async () => {
  const { page, close } = await open();
  const looks = await page.locator('.looks zugabe-thanks').evaluateAll((all) =>
    all.map((element) => {
      const part = (/** @type {string} */ name) => getComputedStyle(/** @type {Element} */ (element.shadowRoot?.querySelector(name)));
      return JSON.stringify([part('.sheet').backgroundColor, part('.sheet').borderRadius, part('h2').fontFamily, part('.button').borderColor]);
    }),
  );
  assert.equal(looks.length, 4);
  assert.equal(new Set(looks).size, 4, looks.join('\n'));
  const rules = page.locator('.looks figcaption details');
  assert.equal(await rules.count(), 3, 'the look of the house needs none');
  const first = rules.first();
  await first.locator('summary').click();
  await first.getByRole('button', { name: 'Copy' }).click();
  await first.getByRole('button', { name: 'Copied' }).waitFor();
  assert.match(await page.evaluate(() => navigator.clipboard.readText()), /^\.gazette \{[^]*--zugabe-paper: #fff;[^]*\.gazette::part\(button\)/);
  if (PICTURES) for (const [index, look] of (await page.locator('.looks figure').all()).entries()) await look.screenshot({ path: join(PICTURES, `look-${index + 1}.png`) });
  await close();
});

test('the reference names everything the elements say of themselves, and every attribute they watch is documented', async () => {
  const { page, close } = await open();
  for (const [tag, { attributes = [], events = [], cssParts = [], cssProperties = [], slots = [] }] of ELEMENTS) {
    for (const [what, entries] of Object.entries({ Attributes: attributes, Events: events, Parts: cssParts, 'Custom properties': cssProperties, Slots: slots })) {
      if (entries.length === 0) continue;
      const shown = await page.getByRole('region', { name: `${tag}: ${what}`, exact: true }).locator('tbody th').allInnerTexts();
      assert.deepEqual(shown, entries.map((/** @type {any} */ { name }) => name || 'default'));
      assert.ok(entries.every((/** @type {any} */ { description }) => description?.length > 4), `${tag}: ${what} lacks words`);
    }
    const watched = await page.evaluate((tag) => /** @type {any} */ (customElements.get(tag)).observedAttributes ?? [], tag);
    const known = attributes.map((/** @type {any} */ { name }) => name);
    assert.deepEqual(watched.filter((/** @type {string} */ name) => !known.includes(name)), [], `${tag} watches what nobody documents`);
  }
  await close();
});

test('the lines to copy use only elements, attributes, events and modules that exist', async () => {
  const { page, close } = await open();
  const lines = await page.locator('pre code').allInnerTexts();
  assert.ok(lines.length >= 8);
  let seen = 0;
  for (const [, tag, fields] of lines.join('\n').matchAll(/<(zugabe-[a-z]+)((?:[^>"]|"[^"]*")*)>/g)) {
    const known = ELEMENTS.get(tag)?.attributes.map((/** @type {any} */ { name }) => name);
    assert.ok(known, `<${tag}> is no element`);
    for (const [, name] of fields.replaceAll(/"[^"]*"/g, '""').matchAll(/([a-z][a-z-]*)=/g)) {
      assert.ok(known.includes(name), `<${tag} ${name}> is no attribute`);
      seen += 1;
    }
  }
  assert.ok(seen > 20, `${seen} attributes were seen`);
  const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  for (const [, name] of lines.join('\n').matchAll(/from 'zugabe\/([a-z]+)'/g)) assert.ok(exports[`./${name}`], `zugabe/${name} is no module`);
  const hints = readFileSync(join(root, 'dist/drop-in/hints.html'), 'utf8').trim();
  assert.ok(lines.includes(hints), 'the hints are those of the folder beside');
  for (const link of await page.locator('nav a').all()) assert.equal(await page.locator((await link.getAttribute('href')) ?? '').count(), 1);
  await close();
});

test('the page is readable by everybody: axe has nothing to say, in the light and in the dark, and nothing is wider than a telephone', async () => {
  for (const options of /** @type {import('playwright-core').BrowserContextOptions[]} */ ([{ colorScheme: 'light' }, { colorScheme: 'dark' }, { viewport: { width: 320, height: 700 } }])) {
    const { page, close } = await open(options);
    if (PICTURES) await page.screenshot({ path: join(PICTURES, `docs-${options.colorScheme ?? '320'}.png`), fullPage: true });
    assert.ok((await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)) <= 0, 'it scrolls sideways');
    const { violations } = options.colorScheme ? await new AxeBuilder({ page }).analyze() : { violations: [] };
    assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`).join(' | ')}`), []);
    await close();
  }
});
