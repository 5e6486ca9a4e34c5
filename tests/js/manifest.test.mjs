/** custom-elements.json: valid by its schema, and true to the elements. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Ajv } from 'ajv';
import { ZugabeFriend, ZugabeInsert, ZugabeThanks } from '../../js/element/index.js';

const read = (/** @type {string} */ path) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const manifest = JSON.parse(read('dist/custom-elements.json'));
/** @type {any[]} */
const elements = manifest.modules.flatMap((/** @type {any} */ { declarations }) => declarations).filter((/** @type {any} */ { tagName }) => tagName);
const classes = { 'zugabe-thanks': ZugabeThanks, 'zugabe-friend': ZugabeFriend, 'zugabe-insert': ZugabeInsert };

test('the manifest is valid by the schema of its kind', () => {
  const validate = new Ajv({ strict: false }).compile(JSON.parse(read('node_modules/custom-elements-manifest/schema.json')));
  assert.ok(validate(manifest), JSON.stringify(validate.errors));
});

test('every observed attribute is described, and nothing else', () => {
  assert.deepEqual(elements.map(({ tagName }) => tagName).sort(), Object.keys(classes).sort());
  for (const { tagName, attributes = [] } of elements) {
    const observed = /** @type {any} */ (classes)[tagName].observedAttributes ?? [];
    assert.deepEqual(attributes.map((/** @type {any} */ { name }) => name).sort(), [...observed].sort(), tagName);
  }
});

test('every part and every event in the views is described, and the other way round', () => {
  const views = { 'zugabe-thanks': ['thanks-view', 'share', 'view', 'base'], 'zugabe-friend': ['friend-view', 'view', 'base'], 'zugabe-insert': ['insert-view', 'base'] };
  for (const { tagName, cssParts, events } of elements) {
    const source = /** @type {any} */ (views)[tagName].map((/** @type {string} */ name) => read(`js/element/${name}.js`)).join('\n');
    const drawn = new Set([...source.matchAll(/part: '([\w -]+)'|setAttribute\('part', '(\w+)'\)/g)].map(([, one, other]) => one ?? other));
    if (tagName === 'zugabe-thanks') for (const place of ['main', 'beside']) drawn.add(place);
    assert.deepEqual(cssParts.map((/** @type {any} */ { name }) => name).sort(), [...drawn].sort(), tagName);
    const told = new Set([...source.matchAll(/emit\('([\w-]+)'/g)].map(([, name]) => name));
    assert.deepEqual(events.map((/** @type {any} */ { name }) => name).sort(), [...told].sort(), tagName);
  }
});

test('everything is described in words', () => {
  for (const element of elements) {
    for (const group of ['attributes', 'members', 'events', 'slots', 'cssParts', 'cssProperties', 'cssStates']) {
      for (const { name, description } of element[group] ?? []) assert.ok(description?.length > 4, `${element.tagName} ${group} ${name}`);
    }
  }
});
