/** What do the studio's tests share? A server of their own, the studio opened with a shop in it, and what it says it sent. */
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execFileSync } from 'node:child_process';
import { root } from '../../scripts/shell.mjs';
import { prepareShop } from '../../www/shop/prepare.mjs';
import { launch, serve } from './helpers.mjs';

/** @typedef {import('playwright-core').Page} Page */
/** @typedef {import('playwright-core').BrowserContextOptions & { address?: string }} Options */

/** Studio and demo shop on a server of their own, with a browser to look at them. */
export async function studioSite() {
  const folder = mkdtempSync(join(tmpdir(), 'zugabe-studio-'));
  // A copy, because the demo shop's policy names its address and other tests have a server of their own.
  const www = join(folder, 'www');
  cpSync(join(root, 'dist/www'), www, { recursive: true });
  const site = await serve(www);
  prepareShop({ folder: join(www, 'shop'), address: `${site.url}/shop/` });
  const browser = await launch();

  /**
   * Opens the studio in a context of its own and notes what goes wrong and what it asks for.
   * @param {Options} [options]
   */
  async function open({ address = `${site.url}/studio/`, ...options } = {}) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, reducedMotion: 'reduce', timezoneId: 'Europe/Berlin', permissions: [], ...options });
    const page = await context.newPage();
    page.setDefaultTimeout(20_000);
    /** @type {string[]} */
    const errors = [];
    /** @type {string[]} */
    const requests = [];
    page.on('pageerror', (error) => errors.push(error.message));
    page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
    page.on('request', (request) => requests.push(request.url()));
    await page.goto(address);
    return { page, errors, requests, close: () => context.close() };
  }

  /** Opens the studio with the sample shop. @param {Options} [options] */
  async function openSample(options) {
    const studio = await open(options);
    await studio.page.getByRole('button', { name: 'Take the sample shop' }).click();
    await studio.page.locator('.tier-row').first().waitFor();
    return studio;
  }

  return {
    folder,
    www,
    site,
    browser,
    open,
    openSample,
    close: async () => {
      await browser.close();
      await site.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/**
 * Reads files as if they had been dropped.
 * @param {Page} page
 * @param {{ name: string, text: string }[]} files
 */
export async function drop(page, files) {
  const data = await page.evaluateHandle((files) => {
    const transfer = new DataTransfer();
    for (const { name, text } of files) transfer.items.add(new File([text], name));
    return transfer;
  }, files);
  await page.locator('main').dispatchEvent('drop', { dataTransfer: data });
}

/** What the studio says it sent. @param {Page} page */
export const sent = (page) => page.locator('#sent-label').textContent();

/** Goes to a tab. @param {Page} page @param {string} name */
export const tab = (page, name) => page.getByRole('navigation', { name: 'Studio' }).getByRole('button', { name, exact: true }).click();

/**
 * The two Online Retail years, unpacked into a folder; nothing where they are absent.
 * @param {string} folder
 * @returns {string[] | undefined}
 */
export function onlineRetail(folder) {
  const data = join(process.env.ZUGABE_SHARED ?? join(root, '../shared'), 'data');
  const years = ['online_retail_ii_2009_2010.csv', 'online_retail_2010_2011.csv'];
  if (!years.every((name) => existsSync(join(data, `${name}.zst`)))) return undefined;
  return years.map((name) => {
    const file = join(folder, name);
    if (!existsSync(file)) execFileSync('zstd', ['-dqf', join(data, `${name}.zst`), '-o', file]);
    return file;
  });
}

/**
 * Opens files and answers the question for the currency.
 * @param {Page} page
 * @param {string[]} files
 */
export async function readFiles(page, files) {
  await page.locator('input[type=file]').setInputFiles(files);
  const question = page.getByRole('button', { name: 'Read it with this currency' });
  await question.or(page.locator('.tier-row').first()).first().waitFor({ timeout: 180_000 });
  if (await question.isVisible()) await question.click();
  await page.locator('.tier-row').first().waitFor({ timeout: 180_000 });
}

/**
 * Watches the page's own thread: how long did its longest task keep it from its turn? Counted in time on a core, so that a busy
 * machine does not tell of the machine.
 * @param {Page} page
 * @returns {Promise<() => Promise<number>>} ends the watch and gives milliseconds
 */
export async function watchTasks(page) {
  const session = await page.context().newCDPSession(page);
  /** @type {any[]} */
  const events = [];
  session.on('Tracing.dataCollected', ({ value }) => events.push(...value));
  await session.send('Tracing.start', { traceConfig: { includedCategories: ['toplevel', 'disabled-by-default-devtools.timeline', '__metadata'] }, transferMode: 'ReportEvents' });
  return async () => {
    const complete = new Promise((resolve) => session.once('Tracing.tracingComplete', resolve));
    await session.send('Tracing.end');
    await complete;
    await session.detach();
    const thread = (/** @type {any} */ event) => `${event.pid}.${event.tid}`;
    const own = new Set(events.filter((event) => event.name === 'thread_name' && event.args.name === 'CrRendererMain').map(thread));
    const tasks = events.filter((event) => event.ph === 'X' && event.name.endsWith('RunTask') && own.has(thread(event)) && event.tdur !== undefined);
    if (tasks.length === 0) throw new Error('no task of the page was seen');
    return Math.max(...tasks.map((event) => event.tdur)) / 1000;
  };
}
