/** Can a WooCommerce shop install this, and what does its thank-you page do then? */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { unzipSync } from 'fflate';
import { listFiles } from '../../scripts/files.mjs';
import { elementFiles, woocommercePlugin, zip } from '../../scripts/pack.mjs';
import { launch, serve } from '../browser/helpers.mjs';
import { decisions, execute, missing, root, scratch, write } from './helpers.mjs';

const FOLDER = 'integrations/woocommerce';
const noPhp = missing('php', 'on Debian, apt-get install php-cli phpunit php-sqlite3 php-xml.');
const noPhpunit = noPhp || missing('phpunit', 'on Debian, apt-get install phpunit php-sqlite3.');

test('every PHP file of the WooCommerce plugin is valid', { skip: noPhp }, () => {
  const files = listFiles(join(root, FOLDER), '.php').map((name) => `${FOLDER}/${name}`);
  assert.ok(files.length > 8);
  for (const file of files) {
    const { status, output } = execute('php', ['-l', file]);
    assert.equal(status, 0, output);
  }
});

test('the PHP tests of the WooCommerce plugin hold', { skip: noPhpunit }, () => {
  const { status, output } = execute('phpunit', ['--do-not-cache-result', '--test-suffix', 'Test.php', `${FOLDER}/tests`]);
  assert.equal(status, 0, output);
  assert.match(output, /OK \((\d\d+) tests/, output);
});

test('the thank-you page decides with the packed files, its policy from the shop, and asks the consent plugin', async (context) => {
  const [{ policy, request }] = decisions().filter(({ name }) => name === 'a guest, five');
  const files = unzipSync(zip(woocommercePlugin(elementFiles())));
  assert.ok(files['zugabe-thanks/zugabe-thanks.php'] && !Object.keys(files).some((name) => name.includes('tests')));
  const folder = scratch(context);
  write(folder, { ...files, 'policy.json': JSON.stringify(policy) });
  for (const consent of ['', 'globalThis.wp_has_consent = (kind) => kind === "preferences";']) {
    write(folder, {
      [consent ? 'yes.html' : 'no.html']: `<!doctype html><html lang="de"><meta charset="utf-8"><title>Danke</title><script>${consent}</script>
<zugabe-thanks class="zugabe-thanks" order-id="2026-5" order-total="4890" currency="EUR" country="DE" order-number="1" sent="0" code="03VC1S2Q4HX0"
  policy="/policy.json" now="${request.now}"><p>Danke.</p></zugabe-thanks>
<script type="module" src="/zugabe-thanks/assets/thanks.js"></script></html>`,
    });
  }
  const { url, close } = await serve(folder, { csp: 'none' });
  const browser = await launch();
  context.after(async () => {
    await browser.close();
    await close();
  });
  const tab = await browser.newPage();
  for (const [name, allowed] of /** @type {[string, boolean][]} */ ([['no', false], ['yes', true]])) {
    await tab.goto(`${url}/${name}.html`);
    await tab.waitForFunction(() => document.querySelector('zugabe-thanks')?.['state'] === 'shown');
    const { decision, profiling, stored } = await tab.evaluate(() => {
      const element = /** @type {any} */ (document.querySelector('zugabe-thanks'));
      return { decision: element.decision, profiling: element.request.consent.profiling, stored: [document.cookie, localStorage.length] };
    });
    assert.deepEqual([decision.main.option, decision.beside.code, profiling], ['brew-guide', '03VC1S2Q4HX0', allowed]);
    assert.deepEqual(stored, ['', 0]);
  }
});
