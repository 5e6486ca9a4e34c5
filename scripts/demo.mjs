/** What is there to look at? A generated tea shop: its orders as a file for the studio, its policy and some customers for the shop page. */
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ARTEFACTS, unlessDone } from './build.mjs';
import { root, run, step } from './shell.mjs';

/** Where the sample lies, to be dropped into the studio like any export. */
export const SAMPLE = '.zugabe/sample/orders.ndjson';

/**
 * Two years of a generated tea shop's orders, as the native tool makes them.
 * @param {() => Promise<string>} tool gives the native tool's program; asked only when there is something to do
 */
export async function makeSample(tool) {
  await unlessDone('sample', ['src', 'crates/cli', 'Cargo.lock', 'scripts/demo.mjs'], [SAMPLE], async () => {
    const program = await tool();
    await step('The sample (a generated tea shop, seed 1)', async (detail) => {
      const file = join(root, SAMPLE);
      mkdirSync(join(file, '..'), { recursive: true });
      writeFileSync(`${file}.part`, await run(program, ['sample', '--seed', '1'], { detail }));
      renameSync(`${file}.part`, file);
    });
  });
}

/**
 * The demo shop's policy and customers, beside its built pages. They name the address they are served at, and the day.
 * @param {string} address of the shop's pages, with a slash at its end
 */
export async function makeShop(address) {
  const day = new Date().toISOString().slice(0, 10);
  const results = ['dist/www/shop/policy.json', 'dist/www/shop/customers.json'];
  await unlessDone('shop', [...ARTEFACTS, 'www/shop', 'js', '.zugabe/stamps/www'], results, () =>
    step("The demo shop's policy", async () => {
      const { prepareShop } = await import('../www/shop/prepare.mjs');
      prepareShop({ folder: join(root, 'dist/www/shop'), address });
    }),
    `${address} ${day}`,
  );
}
