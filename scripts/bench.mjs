/** How fast is it? `npm run bench [NAME ...]` runs every benches/NAME/run.mjs, or those named. */
import './node-version.mjs';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { listFiles } from './files.mjs';
import { Stop, main, root } from './shell.mjs';
import { ensurePackages, ensureRust } from './tools.mjs';

await main(async () => {
  const wanted = process.argv.slice(2);
  const all = listFiles(join(root, 'benches'), '/run.mjs').map((path) => path.slice(0, -'/run.mjs'.length));
  const names = wanted.length ? wanted : all;
  const unknown = names.filter((name) => !all.includes(name));
  if (unknown.length) throw new Stop(`There is no benchmark "${unknown[0]}"; there are: ${all.join(', ')}.`);
  if (names.length === 0) throw new Stop('There is no benchmark yet: put one at benches/NAME/run.mjs.');
  await ensureRust();
  await ensurePackages();
  for (const name of names) {
    console.log(`\n== ${name}`);
    const { status } = spawnSync(process.execPath, [join('benches', name, 'run.mjs')], { cwd: root, stdio: 'inherit' });
    if (status !== 0) throw new Stop(`The benchmark "${name}" failed.`);
  }
});
