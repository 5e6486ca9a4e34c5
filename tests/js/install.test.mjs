/** Does a fresh clone begin by itself? Commands install the packages, so nothing they load before that may need one. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { test } from 'node:test';
import { root } from '../../scripts/shell.mjs';

/**
 * Every file that is loaded with this one, and the packages that they name.
 * @param {string} file
 * @param {Map<string, string[]>} [seen]
 * @returns {Map<string, string[]>}
 */
function loadedWith(file, seen = new Map()) {
  if (seen.has(file)) return seen;
  // Only statements at the start of a line are loaded at once; `import(…)` waits until it is called.
  const names = [...readFileSync(file, 'utf8').matchAll(/^(?:import|export)\b(?:[^'";(]*\bfrom)?\s*['"]([^'"]+)['"]/gm)].map(([, name]) => name);
  seen.set(file, names.filter((name) => !name.startsWith('.') && !name.startsWith('node:')));
  for (const name of names) if (name.startsWith('.')) loadedWith(resolve(dirname(file), name), seen);
  return seen;
}

const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const commands = [...new Set(Object.values(scripts).map((command) => /** @type {string} */ (command).match(/scripts\/\w+\.mjs/)?.[0] ?? ''))];

for (const command of commands) {
  test(`${command} loads before it has installed anything`, () => {
    const loaded = loadedWith(join(root, command));
    assert.ok(loaded.size > 1, 'no further file was found: this test went blind');
    assert.deepEqual([...loaded].filter(([, packages]) => packages.length > 0), []);
  });
}

test('a package that is loaded at once is seen', () => {
  assert.deepEqual(loadedWith(join(root, 'vite.config.mjs')).get(join(root, 'vite.config.mjs')), ['vite']);
});
