/** The closing line of `npm test` counts what the runners said. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { countCargo, countNode } from '../../scripts/count.mjs';

test('the tests of all crates are added up, failures too', () => {
  const output = `running 2 tests
test result: ok. 2 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s
test result: FAILED. 5 passed; 3 failed; 0 ignored; 0 measured; 0 filtered out; finished in 1.20s`;
  assert.deepEqual(countCargo(output), { passed: 7, failed: 3, skipped: 1 });
  assert.deepEqual(countCargo('error: could not compile'), { passed: 0, failed: 0, skipped: 0 });
});

test("what Node's own runner prints is understood", () => {
  const folder = mkdtempSync(join(tmpdir(), 'zugabe-count-'));
  const file = join(folder, 'one.test.mjs');
  writeFileSync(file, `import { test } from 'node:test'; test('a', () => {}); test('b', () => { throw 1; }); test('c', { skip: true }, () => {});`);
  // A runner within a runner reports to it unless it is told that it is alone.
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const { stdout } = spawnSync(process.execPath, ['--test', '--test-reporter=spec', file], { encoding: 'utf8', env: { ...env, FORCE_COLOR: '0' } });
  rmSync(folder, { recursive: true });
  assert.deepEqual(countNode(stdout), { passed: 1, failed: 1, skipped: 1 });
});
