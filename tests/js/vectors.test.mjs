/** All artefacts in Node give every vector's expected bytes. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import canonicalize from 'canonicalize';
import { answersOf, filesOf } from '../vectors/answer.mjs';

const at = (/** @type {string} */ path) => new URL(`../../${path}`, import.meta.url);

/**
 * An artefact in an instance of its own. The plain one answers what the page artefact does, and has nothing to start.
 * @param {'page' | 'plain' | 'full'} artefact
 */
async function start(artefact) {
  if (artefact === 'plain') return import(at('dist/plain/zugabe_plain.js').href);
  const glue = await import(at(`dist/${artefact}/zugabe_${artefact}.js`).href);
  glue.initSync({ module: readFileSync(at(`dist/${artefact}/zugabe_${artefact}_bg.wasm`)) });
  return glue;
}

/** @type {['page' | 'plain' | 'full', string][]} */
const runs = [
  ['full', 'import'],
  ['full', 'score'],
  ['full', 'lifetime'],
  ['full', 'decide'],
  ['full', 'codes'],
  ['full', 'tokens'],
  ['full', 'price'],
  ['full', 'books'],
  ['full', 'referral'],
  ['page', 'decide'],
  ['page', 'codes'],
  ['plain', 'decide'],
  ['plain', 'codes'],
];

for (const [artefact, name] of runs) {
  test(`the ${artefact} artefact in Node gives the bytes of ${name}.json`, async (context) => {
    const vectors = JSON.parse(readFileSync(at(`tests/vectors/${name}.json`), 'utf8'));
    const files = Object.fromEntries(filesOf(vectors).map((file) => [file, readFileSync(at(`tests/vectors/${file}`))]));
    const answers = answersOf(artefact === 'plain' ? 'page' : artefact, name, vectors, await start(artefact), canonicalize, files);
    assert.ok(answers.length > 0, 'no case was run');
    for (const { name: title, expected, got } of answers) await context.test(title, () => assert.equal(got, expected));
  });
}
