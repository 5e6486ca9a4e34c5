/** Whoever copies an example from the README gets what it says. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';

const root = fileURLToPath(new URL('../../', import.meta.url));
const readme = readFileSync(`${root}README.md`, 'utf8');

/** The fenced examples of a language. @param {string} language */
const examples = (language) =>
  [...readme.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map(([, text]) => text);

test('the JavaScript of the README prints what its comments say', () => {
  const all = examples('js');
  assert.ok(all.length > 0, 'the README has no JavaScript example');
  const folder = `${root}.zugabe/readme`;
  mkdirSync(folder, { recursive: true });
  try {
    for (const [index, example] of all.entries()) {
      const said = [...example.matchAll(/console\.log\(.*\); \/\/ (.*)$/gm)].map(([, comment]) => comment);
      assert.ok(said.length > 0, 'the example says nothing that could be compared');
      const file = `${folder}/example-${index}.mjs`;
      writeFileSync(file, example);
      const printed = execFileSync(process.execPath, [file], { encoding: 'utf8', cwd: root });
      assert.deepEqual(printed.trim().replaceAll('\u00a0', ' ').split('\n'), said);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('the program of the README is one, and nothing is wrong with it', async () => {
  const { checkProgram } = await import('../../js/node.js');
  const [program] = examples('json');
  const { findings } = checkProgram(program);
  assert.deepEqual(findings.filter(({ severity }) => severity === 'error'), []);
});

test('the theme snippet of the README names only attributes that the element knows', () => {
  const [snippet] = examples('html');
  const known = readFileSync(`${root}js/element/thanks.js`, 'utf8');
  const used = [...snippet.split('<zugabe-thanks')[1].matchAll(/([a-z-]+)="/g)].map(([, name]) => name);
  assert.ok(used.length > 5);
  for (const name of used) assert.match(known, new RegExp(`@attr \\{\\w+\\} ${name} `), name);
});

test('every file that the README points to is there', () => {
  const paths = [...readme.matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map(([, path]) => path);
  assert.ok(paths.length > 3);
  for (const path of paths) assert.doesNotThrow(() => readFileSync(`${root}${path}`), path);
});
