/** Is every requirement answered for? `docs/requirements.md` has a row for each, and every test it names exists. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from '../../scripts/shell.mjs';

const page = readFileSync(join(root, 'docs/requirements.md'), 'utf8');

/** Rows as id, what is asked, and what shows it. */
const rows = [...page.matchAll(/^\| ([RL]\d{2,3}) \| (.*?) \| (.*) \|$/gm)].map(([, id, asked, shown]) => ({ id, asked, shown }));

/** @param {string} letter @param {number} count @param {number} digits */
const ids = (letter, count, digits) => Array.from({ length: count }, (_, index) => letter + String(index + 1).padStart(digits, '0'));

/** @type {Map<string, string>} */
const files = new Map();

/** @param {string} file */
function source(file) {
  if (!files.has(file)) files.set(file, existsSync(join(root, file)) ? readFileSync(join(root, file), 'utf8') : '');
  return /** @type {string} */ (files.get(file));
}

/**
 * Whether a file has a test of this name. In Rust it has to be marked as one; what a property test says is marked by its macro.
 * @param {string} file
 * @param {string} name
 */
function exists(file, name) {
  const text = source(file);
  if (file.endsWith('.rs')) {
    const marked = new RegExp(`#\\[test\\]\\n(?:\\s*(?:#\\[.*\\]|//.*)\\n)*\\s*fn ${name}\\(`);
    return marked.test(text);
  }
  return [`test('${name}'`, `test("${name}"`, `test(\`${name}\``].some((begin) => text.includes(begin));
}

test('every requirement and every rule of law has one row', () => {
  assert.deepEqual(rows.map(({ id }) => id), [...ids('R', 115, 2), ...ids('L', 23, 2)]);
});

test('every row says in a few words what is asked, and names a test or says why not', () => {
  for (const { id, asked, shown } of rows) {
    assert.ok(asked.trim().length >= 10, `${id}: what is asked?`);
    const named = /`[^`]+::[^`]+`/.test(shown);
    const honest = /^\*(later|background)\*: .{10,}/.test(shown) || /\*(later|in part)\*: .{10,}/.test(shown);
    assert.ok(named || honest, `${id} names no test and does not say *later* or *background* with a reason: ${shown}`);
  }
});

test('every test that is named exists', () => {
  const missing = rows.flatMap(({ id, shown }) =>
    [...shown.matchAll(/`([^`]+?)::([^`]+)`/g)].filter(([, file, name]) => !exists(file, name)).map(([, file, name]) => `${id}: ${file} has no test "${name}"`),
  );
  assert.deepEqual(missing, []);
});
