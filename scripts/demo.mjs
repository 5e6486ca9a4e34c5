/** What do the demo pages show? A generated tea shop's orders, scored, and the policy published from a starter program. */
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { unlessDone } from './build.mjs';
import { root, run, step } from './shell.mjs';

const SEED = '1';

/**
 * Makes the sample, its model and the demo shop's policy; the folder `.zugabe/sample` holds them.
 * @param {string} tool the native tool's program
 */
export async function makeDemo(tool) {
  const folder = join(root, '.zugabe/sample');
  await unlessDone('sample', ['src', 'crates/cli', 'Cargo.lock', 'scripts/demo.mjs', 'dist/page/.stamp'], ['.zugabe/sample/policy.json', 'dist/www/shop/policy.json'], () =>
    step('The sample shop (generated, seed 1)', async (detail) => {
      mkdirSync(folder, { recursive: true });
      const at = (/** @type {string} */ name) => join(folder, name);
      const write = (/** @type {string} */ name, /** @type {string} */ text) => {
        writeFileSync(at(`${name}.part`), text);
        renameSync(at(`${name}.part`), at(name));
      };
      write('orders.ndjson', await run(tool, ['sample', '--seed', SEED], { detail }));
      await run(tool, ['score', at('orders.ndjson'), '--model-out', at('model.json'), '--out', at('customers.csv')], { detail });
      write('program.json', await run(tool, ['init'], { detail }));
      await run(tool, ['publish', '--program', at('program.json'), '--model', at('model.json'), '--out', at('policy.json')], { detail });
    }),
  );
}
