/** What does every browser test need? A Chromium that stays at home, and a server with a shop's headers. */
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { createHandler, listen } from '../../scripts/serve.mjs';
import { root } from '../../scripts/shell.mjs';
import { findChromium } from '../../scripts/tools.mjs';

/**
 * Starts the machine's Chromium with a fresh profile that asks nobody anything.
 * @param {import('playwright-core').LaunchOptions} [options]
 */
export function launch(options = {}) {
  const executablePath = findChromium();
  if (!executablePath) throw new Error('Chromium was not found: install it, or set CHROME_PATH to its program.');
  return chromium.launch({
    executablePath,
    headless: true,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
    ],
    ...options,
  });
}

/**
 * Serves a folder on a free port of this machine.
 * @param {string} folder
 * @param {{ csp?: 'shop' | 'none' | 'auto', orders?: Map<string, string> }} [options] csp: which pages get a shop's policy:
 *   all, none, or those below /shop/ (auto); `?csp=nowasm` on such a page forbids WebAssembly
 * @returns {Promise<{ url: string, close: () => Promise<void> }>} `url` without a slash at its end
 */
export async function serve(folder, { csp = 'auto', orders } = {}) {
  if (!existsSync(folder)) throw new Error(`${folder} does not exist: run npm run build first.`);
  const strict = csp === 'auto' ? undefined : () => csp === 'shop';
  const { port, close } = await listen(createHandler({ folder, orders, strict }));
  return { url: `http://localhost:${port}`, close };
}

/**
 * Serves studio and shop as `npm start` does, with the demo shop's policy made for the address they get. The pages are a
 * copy, so that tests do not disturb each other.
 * @param {{ orders?: Map<string, string>, now?: string }} [options] orders: exports the studio may open; now: when the policy is published
 * @returns {Promise<{ url: string, close: () => Promise<void> }>}
 */
export async function serveSite({ orders, now } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'zugabe-site-'));
  cpSync(join(root, 'dist/www'), folder, { recursive: true });
  const { url, close } = await serve(folder, { orders });
  const { prepareShop } = await import('../../www/shop/prepare.mjs');
  prepareShop({ folder: join(folder, 'shop'), address: `${url}/shop/`, ...(now && { now }) });
  return {
    url,
    close: async () => {
      await close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
