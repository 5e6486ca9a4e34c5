/**
 * How does the Shopify app become what Shopify takes? Schemas are extracted, the extension and the theme block are bundled. Used by
 * the tests, and by whoever deploys: `node scripts/shopify.mjs` puts everything where the Shopify CLI looks for it.
 */
import './node-version.mjs';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { Stop, main, root, run, step } from './shell.mjs';
import { explain } from './tools.mjs';

export const APP = join(root, 'integrations/shopify');
export const VERSIONS = /** @type {const} */ (['2026-10', '2026-07']);
const STORE = join(root, '.zugabe/shopify');

/** Shopify's own schemas travel in the data of this package. Its program is never installed and never run. */
const SCHEMAS = {
  name: '@shopify/dev-mcp@1.16.0',
  integrity: 'sha512-tqgRnK7sQhjew+htxtleTH23nXB5fZcsrhWgEkomsorGXvLOB2mh2upwZm8uzuTDNTZnqtLMe64yIwh6s2awtw==',
};

/** Introspection forgets which inputs take exactly one field; the Function's types need to know. */
const ONE_OF = ['CartOperation', 'Condition', 'DeliveryOperation'].concat(
  ['Order', 'Product', 'Delivery'].flatMap((kind) => [`${kind}DiscountCandidateTarget`, `${kind}DiscountCandidateValue`]),
);

/** The packages of integrations/shopify, when they are not there. */
export async function ensureShopifyPackages() {
  const { devDependencies } = JSON.parse(readFileSync(join(APP, 'package.json'), 'utf8'));
  if (Object.keys(devDependencies).every((name) => existsSync(join(APP, 'node_modules', name)))) return;
  await step('Installing what checks the integrations (95 MB)', async (detail) => {
    try {
      // Vite has set NODE_ENV to production by now, and npm would then leave out what only checks.
      await run('npm', ['ci', '--include=dev', '--ignore-scripts', '--legacy-peer-deps', '--no-audit', '--no-fund'], { cwd: APP, detail });
    } catch (error) {
      explain(error, 'The packages that check the integrations');
    }
  });
}

/**
 * One of Shopify's schemas as GraphQL's own object.
 * @param {'admin' | 'functions_discount'} name
 * @param {string} version
 * @returns {Promise<any>}
 */
export async function schema(name, version) {
  await ensureShopifyPackages();
  const { buildClientSchema } = graphql();
  const { data, ...rest } = JSON.parse(gunzipSync(readFileSync(await schemaFile(name, version))).toString());
  return buildClientSchema(data ?? rest);
}

/** The graphql package of the app, one copy for everybody. @returns {any} */
export const graphql = () => createRequire(join(APP, 'package.json'))('graphql');

/**
 * @param {string} name
 * @param {string} version
 */
async function schemaFile(name, version) {
  const inside = `package/dist/data/${name}_${version}.json.gz`;
  const file = join(STORE, inside);
  if (existsSync(file)) return file;
  await step("Loading Shopify's schemas (14 MB)", async (detail) => {
    mkdirSync(STORE, { recursive: true });
    try {
      const [{ filename }] = JSON.parse(await run('npm', ['pack', '--json', SCHEMAS.name, '--pack-destination', STORE], { detail }));
      const archive = join(STORE, filename);
      const hash = createHash('sha512').update(readFileSync(archive)).digest('base64');
      if (`sha512-${hash}` !== SCHEMAS.integrity) throw new Stop(`${SCHEMAS.name} is not the file it was: its hash is sha512-${hash}.`);
      const wanted = VERSIONS.flatMap((version) => ['admin', 'functions_discount'].map((name) => `package/dist/data/${name}_${version}.json.gz`));
      await run('tar', ['-xzf', archive, '-C', STORE, ...wanted]);
      rmSync(archive);
    } catch (error) {
      explain(error, "Shopify's schemas");
    }
  });
  return file;
}

/**
 * The schema of the discount Function, as its types are made from.
 * @param {string} [version]
 * @returns {Promise<string>}
 */
export async function functionSchema(version = VERSIONS[0]) {
  const shopify = await schema('functions_discount', version);
  let text = graphql().printSchema(shopify);
  for (const name of ONE_OF) {
    const marked = text.replace(new RegExp(`^input ${name} \\{`, 'm'), `input ${name} @oneOf {`);
    if (marked === text) throw new Stop(`Shopify's schema ${version} has no input ${name}: the list in scripts/shopify.mjs is out of date.`);
    text = marked;
  }
  return /^directive @oneOf/m.test(text) ? text : `${text}\n\ndirective @oneOf on INPUT_OBJECT\n`;
}

/**
 * One target of the UI extension, core inside, as Shopify runs it: one module, nothing to load.
 * @param {string} entry file below integrations/shopify/extensions/zugabe-thanks
 * @returns {Promise<string>}
 */
export async function bundleExtension(entry) {
  const { build } = await import('vite');
  const built = await build({
    configFile: false,
    logLevel: 'error',
    root,
    publicDir: false,
    plugins: [
      {
        name: 'core-that-decides-alone',
        transform: async (code, id) => (id.endsWith('/dist/plain/zugabe_plain.js') ? { code: await withoutUnasked(code), map: null } : undefined),
      },
    ],
    build: {
      write: false,
      target: 'es2020',
      minify: true,
      modulePreload: false,
      rolldownOptions: {
        input: join(APP, 'extensions/zugabe-thanks', entry),
        preserveEntrySignatures: 'strict',
        output: { codeSplitting: false },
      },
    },
  });
  const [{ output }] = /** @type {import('vite').Rolldown.RolldownOutput[]} */ ([built].flat());
  if (output.length !== 1 || output[0].type !== 'chunk') throw new Stop(`${entry} did not become one file.`);
  return output[0].code;
}

/** What the core answers on other pages, and never in the extension. */
const UNASKED = ['engine_friend', 'parseCode', 'version'];

/**
 * The core as plain JavaScript without what nobody asks here: 2.7 kB of the 64. Every function of it lives inside one closure that hands
 * out an object; what is taken out of that object is unused then, and a minifier drops it with all that only it has called.
 * @param {string} code
 */
function withoutUnasked(code) {
  // The two entries have the same core, and tests bundle them again and again.
  const done = cut.get(code) ?? shorter(code);
  cut.set(code, done);
  return done;
}

/** @type {Map<string, Promise<string>>} */
const cut = new Map();

/** @param {string} code */
async function shorter(code) {
  let left = code;
  for (const name of UNASKED) {
    const begin = left.indexOf(`${name}:function(`);
    const end = closing(left, left.indexOf('{', begin)) + 1;
    const read = new RegExp(`([,=; ])(\\w+)=\\w+\\.${name}\\b`);
    if (begin < 0 || !read.test(left)) throw new Stop(`The core as plain JavaScript no longer offers ${name} in this way: scripts/shopify.mjs is out of date.`);
    left = (left.slice(0, begin) + left.slice(left[end] === ',' ? end + 1 : end)).replace(read, '$1$2=0');
  }
  const { minify } = await import('terser');
  const { transform } = await import('esbuild');
  // As in scripts/plain.mjs.
  const small = await minify(left, { module: true, ecma: 2020, compress: { inline: 0, reduce_funcs: false } });
  return (await transform(small.code ?? '', { minify: true, format: 'esm', target: 'es2020', charset: 'utf8' })).code;
}

/**
 * Where the brace closes that opens at `open`. The core's functions hold no text in which another could stand.
 * @param {string} code
 * @param {number} open
 */
function closing(code, open) {
  let depth = 0;
  for (let at = open; at < code.length; at += 1) {
    if (code[at] === '{') depth += 1;
    else if (code[at] === '}' && --depth === 0) return at;
  }
  throw new Stop('The core as plain JavaScript ends in the middle of a function.');
}

/**
 * The theme extension's scripts. Shopify takes no wasm among them, so the core comes as plain JavaScript, when an element needs it.
 * @returns {Promise<Record<string, string>>}
 */
export async function themeAssets() {
  const { build } = await import('vite');
  const plain = join(APP, 'theme/loader.js');
  const built = await build({
    configFile: false,
    logLevel: 'error',
    root,
    base: './',
    publicDir: false,
    plugins: [
      {
        name: 'core-as-plain-javascript',
        enforce: 'pre',
        resolveId: (source, importer) => (source === './loader.js' && importer?.startsWith(join(root, 'js')) ? plain : undefined),
      },
    ],
    build: {
      write: false,
      target: 'es2022',
      minify: true,
      modulePreload: false,
      rolldownOptions: {
        input: join(APP, 'theme/theme.js'),
        preserveEntrySignatures: false,
        // Shopify serves every asset under its own version, so the names need no hash.
        output: { entryFileNames: 'zugabe.js', chunkFileNames: 'zugabe-[name].js' },
      },
    },
  });
  const [{ output }] = /** @type {import('vite').Rolldown.RolldownOutput[]} */ ([built].flat());
  const files = Object.fromEntries(output.map((part) => [part.fileName, part.type === 'chunk' ? part.code : String(part.source)]));
  const other = Object.keys(files).filter((name) => !name.endsWith('.js'));
  if (other.length > 0) throw new Stop(`Shopify takes only scripts here, and ${other.join(', ')} would be among the assets.`);
  return files;
}

await (process.argv[1] === import.meta.filename &&
  main(async () => {
    const discount = join(APP, 'extensions/zugabe-discount/schema.graphql');
    writeFileSync(discount, await functionSchema());
    const assets = join(APP, 'extensions/zugabe-theme/assets');
    for (const [name, bytes] of Object.entries(await themeAssets())) writeFileSync(join(assets, name), bytes);
    console.log('The Function has its schema and the theme block its assets: go on with "shopify app deploy" in integrations/shopify.');
  }));
