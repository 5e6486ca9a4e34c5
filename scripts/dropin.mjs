/** What does a theme developer upload? `dist/drop-in`: one folder with everything, to be put on the shop's server as it is. */
import { copyFileSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { integrityOf } from './integrity.mjs';
import { root } from './shell.mjs';

const OUT = join(root, 'dist/drop-in');

/** What an element on a page needs, in one file: several would be fetched one after the other, where one imports the next. */
const CARDS = /js\/element\/(ask|friend-view|make|share|thanks-view|view)\.js$|dist\/page\/zugabe_page\.js$/;

/**
 * What the later parts have a copy of their own of. They import nothing from `zugabe.js`: a template that writes `zugabe.js?v=7` would
 * load it a second time, under its bare name.
 */
const COPIED = /\/(errors|styles)\.js$/;

/**
 * @param {{ entry: string, hints: string }} written
 */
const README = ({ entry, hints }) => `Zugabe, to be uploaded as it is. Put this folder on your shop's own server, say at /zugabe/, and your policy.json beside it.

On the thank-you page, three lines (order-total is in cents, your template fills the values):

<script type="module" src="/zugabe/zugabe.js"></script>
<zugabe-thanks policy="/zugabe/policy.json" order-id="1001" order-total="4890" currency="EUR" order-number="1" code="">Thank you for your order.</zugabe-thanks>

On the page that greets a friend: <zugabe-friend policy="/zugabe/policy.json">Welcome.</zugabe-friend>

Sooner on slow networks: these lines in the page's head, on pages with an element, let the browser fetch everything at once instead of one
after the other. They name the files of this very folder, so copy them anew when you upload another one.

${hints}

Only zugabe.js is loaded at once. The wasm and what draws follow when an element is on the page; plain JavaScript in its place only
where WebAssembly cannot be had. Content-Security-Policy: script-src 'self' 'wasm-unsafe-eval'; without the latter it loads 14 KB more.
With a hash: <script type="module" src="/zugabe/zugabe.js" integrity="${entry}"></script>
zugabe.js knows the hashes of what follows it and takes nothing else. Those of all files are in integrity.json, in the form of an import map's
"integrity".
`;

/** The wasm goes along as a file. @type {import('rolldown').Plugin} */
const wasmBeside = {
  name: 'wasm-beside',
  transform(code, id) {
    if (!id.endsWith('js/loader.js')) return undefined;
    const name = 'dist/page/zugabe_page_bg.wasm';
    const reference = this.emitFile({ type: 'asset', name: 'zugabe_page.wasm', source: readFileSync(join(root, name)) });
    return changed(code, `new URL('../${name}', import.meta.url)`, `new URL(import.meta.ROLLUP_FILE_URL_${reference})`, id);
  },
};

/** What is known only when everything is written. */
const PLACE = { name: './cards-to-be-named', hash: 'sha384-to-be-known' };

/** @type {import('rolldown').Plugin} */
const ownCopies = {
  name: 'own-copies',
  async resolveId(source, importer) {
    if (!importer || !(CARDS.test(importer) || importer.endsWith('insert-view.js')) || !COPIED.test(source)) return undefined;
    const found = await this.resolve(source, importer, { skipSelf: true });
    return found && `${found.id}?own`;
  },
  load: (id) => (id.endsWith('?own') ? readFileSync(id.slice(0, -4), 'utf8') : undefined),
  transform: (code, id) => (id.endsWith('js/element/part.js') ? changed(code, "{ name: '', hash: '' }", JSON.stringify(PLACE), id) : undefined),
};

/**
 * @param {string} code
 * @param {string} from
 * @param {string} to
 * @param {string} where
 */
function changed(code, from, to, where) {
  if (!code.includes(from)) throw new Error(`${where} has no "${from}" any more: scripts/dropin.mjs no longer fits.`);
  return code.replace(from, to);
}

export async function buildDropIn() {
  const { build } = await import('rolldown');
  rmSync(OUT, { recursive: true, force: true });
  await build({
    input: { zugabe: join(root, 'js/element/index.js'), 'zugabe-consent': join(root, 'js/consent.js') },
    // Shared parts stay in the entry: a part of their own would be one more way to the server before anything begins.
    preserveEntrySignatures: 'allow-extension',
    plugins: [wasmBeside, ownCopies],
    transform: { target: 'es2022' },
    output: {
      dir: OUT,
      format: 'esm',
      minify: true,
      entryFileNames: '[name].js',
      // One flat folder: a Shopify theme's assets know no other.
      chunkFileNames: 'zugabe-[name]-[hash].js',
      assetFileNames: '[name]-[hash][extname]',
      codeSplitting: { includeDependenciesRecursively: false, groups: [{ name: 'cards', test: (id) => CARDS.test(id) || id.endsWith('?own') }] },
    },
  });
  copyFileSync(join(root, 'node_modules/uqr/LICENSE'), join(OUT, 'LICENSE-uqr'));
  for (const name of ['LICENSE-MIT', 'LICENSE-APACHE']) copyFileSync(join(root, name), join(OUT, name));
  const hints = tellEntry();
  const files = readdirSync(OUT).filter((name) => /\.(js|wasm)$/.test(name));
  const hashes = Object.fromEntries(files.map((name) => [`./${name}`, integrityOf(join(OUT, name))]));
  writeFileSync(join(OUT, 'integrity.json'), `${JSON.stringify({ integrity: hashes }, null, 1)}\n`);
  writeFileSync(join(OUT, 'hints.html'), `${hints}\n`);
  writeFileSync(join(OUT, 'README.txt'), README({ entry: hashes['./zugabe.js'], hints }));
}

/**
 * Tells the entry name and hash of the part that follows it. Returns the lines by which a page fetches everything at once.
 * @returns {string}
 */
function tellEntry() {
  const names = readdirSync(OUT);
  const cards = names.find((name) => /^zugabe-cards-.*\.js$/.test(name));
  const wasm = names.find((name) => name.endsWith('.wasm'));
  const entry = join(OUT, 'zugabe.js');
  const code = readFileSync(entry, 'utf8');
  if (!cards || !wasm) throw new Error('The parts have other names now: scripts/dropin.mjs no longer fits.');
  for (const name of names.filter((name) => /^zugabe-.*-.*\.js$/.test(name))) {
    if (/["']\.\/zugabe\.js["']/.test(readFileSync(join(OUT, name), 'utf8'))) throw new Error(`${name} imports zugabe.js: scripts/dropin.mjs no longer copies all that it shares.`);
  }
  const hash = integrityOf(join(OUT, cards));
  writeFileSync(entry, changed(changed(code, PLACE.name, `./${cards}`, entry), PLACE.hash, hash, entry));
  return [
    `<link rel="modulepreload" href="/zugabe/${cards}" integrity="${hash}">`,
    `<link rel="preload" href="/zugabe/${wasm}" as="fetch" type="application/wasm" crossorigin>`,
    '<link rel="preload" href="/zugabe/policy.json" as="fetch" crossorigin>',
  ].join('\n');
}
