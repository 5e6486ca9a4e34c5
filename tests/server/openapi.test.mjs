/** The document of what can be asked: valid, complete, from the schemas of the Rust types, and readable by people. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Validator } from '@seriousme/openapi-schema-validator';
import { version } from '../../js/node.js';
import { openApi, readSchemas } from '../../js/server/openapi.js';
import { ROUTES } from '../../js/server/routes.js';
import { backendFor } from './support.mjs';

const document = openApi({ version: version() });

test('it is a valid OpenAPI 3.1 document', async () => {
  const validator = new Validator();
  const { valid, errors } = await validator.validate(structuredClone(document));
  assert.ok(valid, JSON.stringify(errors));
  assert.equal(validator.version, '3.1');
});

test('every route is in it, and every body and answer has the schema of its Rust type', () => {
  const schemas = readSchemas();
  const types = new Set(Object.values(schemas).map(({ title }) => title));
  for (const { path, method, body, answer } of ROUTES) {
    const operation = document.paths[path][method];
    assert.ok(operation.summary, path);
    for (const name of [body, answer]) if (name) assert.ok(types.has(name), `${name} of ${path}`);
  }
  const refs = [...JSON.stringify(document).matchAll(/"#\/components\/schemas\/([^"/]+)"/g)].map(([, name]) => name);
  assert.ok(refs.length > 40);
  for (const name of refs) assert.ok(document.components.schemas[name], `${name} is meant and not there`);
  assert.doesNotMatch(JSON.stringify(document), /#\/\$defs/);
});

test('who may ask what is said: pages decide, claim and look up', () => {
  const forPages = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.values(methods).some(({ security }) => security.some((/** @type {any} */ one) => one.publishableKey)) ? [path] : [],
  );
  assert.deepEqual(forPages, ['/v1/decide', '/v1/claims', '/v1/codes/look-up']);
});

test('no route takes the address of a stranger: an e-mail address is the buyer\'s or the customer\'s own', () => {
  /** @type {string[]} */
  const found = [];
  for (const [name, schema] of Object.entries(document.components.schemas)) {
    for (const field of Object.keys(schema.properties ?? {})) if (/mail|phone|address|recipient|friend|referrer/i.test(field)) found.push(`${name}.${field}`);
  }
  const bodies = new Set(ROUTES.map(({ body }) => body));
  const asked = found.filter((one) => bodies.has(one.split('.')[0]) || /^(Buyer|BuyerSignals|Consent)\./.test(one)).sort();
  assert.deepEqual(asked, ['Buyer.email', 'BuyerSignals.address', 'BuyerSignals.phone', 'ClaimAsk.email', 'Consent.email', 'Consent.phone', 'OrderAsk.newFriend', 'PersonAsk.email', 'ReferralAsk.email', 'TokenAsk.email']);
  assert.ok(!JSON.stringify(document.components.schemas.OrderAsk.properties.newFriend).includes('string'), 'a yes or no');
  const consent = document.components.schemas.Consent.properties;
  assert.ok(!JSON.stringify(consent.phone).includes('string'), 'a yes or no');
});

test('the server hands it out, and a page that shows it without a script', async () => {
  const shop = backendFor();
  const json = await shop.get('/openapi.json', { key: '' });
  assert.deepEqual(json.body, JSON.parse(JSON.stringify(document)));
  const page = await shop.get('/docs', { key: '' });
  assert.match(page.headers.get('content-security-policy') ?? '', /default-src 'none'/);
  assert.doesNotMatch(page.text, /<script|https?:\/\/(?!tea\.example)/);
  for (const { path, id } of ROUTES) assert.ok(page.text.includes(`<code>${path}</code>`) && page.text.includes(`id="${id}"`), path);
  assert.equal((await shop.get('/docs/style.css', { key: '' })).status, 200);
  await shop.close();
});
