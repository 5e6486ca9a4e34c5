/** May Shopify run the discount Function? Its own tests, the schema on both sides, size, imports, and instructions where wasmtime is. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { APP, VERSIONS, functionSchema, graphql, schema } from '../../scripts/shopify.mjs';
import { listFiles } from '../../scripts/files.mjs';
import { execute, read, root } from './helpers.mjs';

const FOLDER = join(APP, 'extensions/zugabe-discount');
const QUERY = 'integrations/shopify/extensions/zugabe-discount/src/cart_lines_discounts_generate_run.graphql';
const EXPORT = 'cart_lines_discounts_generate_run';
const TARGET = join(root, 'target/function');
const MODULE = join(TARGET, 'wasm32-unknown-unknown/release/zugabe-discount.wasm');
/** Shopify takes no larger one; ours has to fit before its build makes it smaller still. */
const SIZE = 256_000;
const INSTRUCTIONS = 11_000_000;

const env = { ...process.env, CARGO_TARGET_DIR: TARGET };
/** @param {string[]} args */
const cargo = (args) => execute('cargo', args, { cwd: FOLDER, env, timeout: 1_500_000 });

before(async () => writeFileSync(join(FOLDER, 'schema.graphql'), await functionSchema()), { timeout: 600_000 });

test("the Function's own tests hold, the core's price vectors among them", { timeout: 1_600_000 }, (context) => {
  const { status, output } = cargo(['test']);
  assert.equal(status, 0, output);
  const [, passed] = /test result: ok\. (\d+) passed/.exec(output) ?? [];
  assert.ok(Number(passed) >= 11, output);
  context.diagnostic(`${passed} tests in Rust`);
});

test('the module fits, and wants nothing of the world but its input', { timeout: 1_600_000 }, (context) => {
  const { status, output } = cargo(['build', '--release', '--target', 'wasm32-unknown-unknown']);
  assert.equal(status, 0, output);
  const bytes = readFileSync(MODULE);
  context.diagnostic(`${bytes.length} bytes of ${SIZE}, before wasm-opt`);
  assert.ok(bytes.length <= SIZE, `${bytes.length} bytes`);
  const module = new WebAssembly.Module(bytes);
  assert.deepEqual([...new Set(WebAssembly.Module.imports(module).map(({ module }) => module))], ['shopify_function_v2']);
  assert.ok(WebAssembly.Module.exports(module).some(({ name }) => name === EXPORT));
  const toml = read('integrations/shopify/extensions/zugabe-discount/shopify.extension.toml');
  assert.ok(toml.includes(`export = "${EXPORT}"`) && toml.includes('target = "cart.lines.discounts.generate.run"'));
});

const friend = { v: 1, message: { de: 'Für Freunde' }, promotions: [{ promotion: { id: 'friend', currency: 'EUR', effect: { type: 'fixed', amount: 500 }, conditions: { minSubtotal: 2000, firstOrderOnly: true } } }] };
const tier = { v: 1, promotions: [{ tiers: ['vip'], promotion: { id: 'vip', effect: { type: 'percent', bp: 1000 }, conditions: { withoutTags: ['book'] } } }] };

/**
 * @param {object} terms
 * @param {number} lines
 * @param {string[]} classes
 */
const input = (terms, lines, classes = ['ORDER']) => ({
  triggeringDiscountCode: null,
  discount: { discountClasses: classes, metafield: { jsonValue: terms } },
  localization: { language: { isoCode: 'DE' } },
  cart: {
    cost: { subtotalAmount: { currencyCode: 'EUR' } },
    buyerIdentity: { customer: { numberOfOrders: 0, tier: { value: 'vip' }, code: null } },
    lines: Array.from({ length: lines }, (_, index) => ({
      id: `gid://shopify/CartLine/${index}`,
      quantity: 1 + (index % 3),
      cost: { amountPerQuantity: { amount: `${20 + (index % 7)}.${10 + (index % 80)}` } },
      merchandise: { __typename: 'ProductVariant', product: { hasTags: [{ hasTag: index % 5 === 0, tag: 'book' }] } },
    })),
  },
});
const CASES = [input(friend, 1), input(friend, 200), input(tier, 200), input(tier, 100, ['PRODUCT']), input({ v: 2 }, 1)];

for (const version of VERSIONS) {
  test(`query and input fit Shopify's schema ${version}`, { timeout: 600_000 }, async () => {
    const { parse, validate, execute: answer } = graphql();
    const shopify = await schema('functions_discount', version);
    const document = parse(read(QUERY));
    assert.deepEqual(validate(shopify, document), []);
    assert.notDeepEqual(validate(shopify, parse(read(QUERY).replace('quantity', 'quantityOrdered'))), []);
    // Whoever asks the query of our input must get our input: then it has every field, and of the right type.
    for (const given of CASES) {
      const { data, errors } = answer({
        schema: shopify, document, rootValue: given, variableValues: { tags: ['book'] },
        fieldResolver: (/** @type {any} */ source, /** @type {any} */ _args, /** @type {any} */ _context, /** @type {any} */ info) => source[info.path.key],
      });
      assert.equal(errors, undefined);
      assert.deepEqual(JSON.parse(JSON.stringify(data)), given);
    }
  });

  test(`the documents of the app fit Shopify's schema ${version}`, { timeout: 600_000 }, async () => {
    const { parse, validate, coerceInputValue } = graphql();
    const shopify = await schema('admin', version);
    const folder = join(APP, 'graphql');
    const names = listFiles(folder, '.graphql');
    assert.ok(names.length >= 5);
    for (const name of names) assert.deepEqual(validate(shopify, parse(readFileSync(join(folder, name), 'utf8'))), [], name);
    /** @param {any} value @param {string} type */
    const fits = (value, type) => {
      /** @type {string[]} */
      const wrong = [];
      coerceInputValue(value, shopify.getType(type), (/** @type {any} */ path, /** @type {any} */ _value, /** @type {Error} */ error) => wrong.push(`${path.join('.')}: ${error.message}`));
      return wrong;
    };
    const json = (/** @type {string} */ name) => JSON.parse(readFileSync(join(folder, name), 'utf8'));
    assert.deepEqual(fits(json('friend-discount.json').discount, 'DiscountCodeAppInput'), []);
    assert.deepEqual(fits(json('tier-discount.json').discount, 'DiscountAutomaticAppInput'), []);
    for (const definition of json('facts.json')) assert.deepEqual(fits(definition, 'MetafieldDefinitionInput'), [], definition.key);
    assert.notDeepEqual(fits({ title: 'x', percent: 1 }, 'DiscountCodeAppInput'), []);
    for (const name of ['friend-discount.json', 'tier-discount.json']) {
      for (const { value } of json(name).discount.metafields) assert.ok(JSON.parse(value));
    }
  });
}

const python = process.env.ZUGABE_PYTHON ?? 'python3';
const noWasmtime = spawnSync(python, ['-c', 'import wasmtime, msgpack'], { stdio: 'ignore' }).status === 0 ? false : `${python} has no wasmtime and msgpack: pip install wasmtime msgpack, and name that Python in ZUGABE_PYTHON.`;

test('in a checkout it answers what the schema takes, within the instructions it may use', { skip: noWasmtime, timeout: 1_600_000 }, async (context) => {
  const metadata = JSON.parse(spawnSync('cargo', ['metadata', '--format-version', '1'], { cwd: FOLDER, encoding: 'utf8', maxBuffer: 1 << 28 }).stdout);
  const { manifest_path: manifest } = metadata.packages.find((/** @type {any} */ { name }) => name === 'shopify_function_provider');
  const target = join(root, 'target/provider');
  const built = execute('cargo', ['build', '--release', '--lib', '--target', 'wasm32-unknown-unknown', '--manifest-path', manifest], { env: { ...process.env, CARGO_TARGET_DIR: target }, timeout: 900_000 });
  assert.equal(built.status, 0, built.output);
  const provider = join(target, 'wasm32-unknown-unknown/release/shopify_function_provider.wasm');
  const { stdout, stderr } = spawnSync(python, ['tests/integrations/function-host.py', MODULE, provider, EXPORT], { cwd: root, input: JSON.stringify(CASES), encoding: 'utf8', maxBuffer: 1 << 26 });
  assert.ok(stdout, stderr);
  const answers = JSON.parse(stdout);
  const { coerceInputValue } = graphql();
  const shopify = await schema('functions_discount', VERSIONS[0]);
  for (const { output } of answers) coerceInputValue(output, shopify.getType('CartLinesDiscountsGenerateRunResult'));
  const [one, friends, tiers, products, broken] = answers;
  assert.equal(one.output.operations[0].orderDiscountsAdd.candidates[0].value.fixedAmount.amount, '5.00');
  assert.equal(tiers.output.operations[0].orderDiscountsAdd.candidates[0].targets[0].orderSubtotal.excludedCartLineIds.length, 40);
  assert.equal(products.output.operations[0].productDiscountsAdd.candidates.length, 80);
  assert.deepEqual(broken.output, { operations: [] });
  assert.match(broken.log, /unsupported_version/);
  for (const { instructions, outputBytes } of answers) assert.ok(instructions < INSTRUCTIONS && outputBytes < 20_000, `${instructions} instructions, ${outputBytes} bytes`);
  context.diagnostic(`instructions, at most: ${one.instructions} for 1 line, ${friends.instructions} for 200, ${tiers.instructions} for 200 with tags; the limit is ${INSTRUCTIONS}`);
});
