/** What does a theme developer upload? `dist/drop-in`: one folder with everything, to be put on the shop's server as it is. */
import { copyFileSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { integrityOf } from './integrity.mjs';
import { root } from './shell.mjs';

const OUT = join(root, 'dist/drop-in');

const README = (/** @type {string} */ entry) => `Zugabe, to be uploaded as it is. Put this folder on your shop's own server, say at /zugabe/, and your policy.json beside it.

On the thank-you page, three lines (order-total is in cents, your template fills the values):

<script type="module" src="/zugabe/zugabe.js"></script>
<zugabe-thanks policy="/zugabe/policy.json" order-id="1001" order-total="4890" currency="EUR" order-number="1" code="">Thank you for your order.</zugabe-thanks>

On the page that greets a friend: <zugabe-friend policy="/zugabe/policy.json">Welcome.</zugabe-friend>

Only zugabe.js is loaded at once. The wasm and what draws follow when an element is on the page; plain JavaScript in its place only
where WebAssembly cannot be had. Content-Security-Policy: script-src 'self' 'wasm-unsafe-eval'; without the latter it loads 14 KB more.
With a hash: <script type="module" src="/zugabe/zugabe.js" integrity="${entry}"></script>
The hashes of all files are in integrity.json, in the form of an import map's "integrity".
`;

/** The wasm goes along as a file. @type {import('rolldown').Plugin} */
const wasmBeside = {
  name: 'wasm-beside',
  transform(code, id) {
    if (!id.endsWith('js/loader.js')) return undefined;
    const name = 'dist/page/zugabe_page_bg.wasm';
    const reference = this.emitFile({ type: 'asset', name: 'zugabe_page.wasm', source: readFileSync(join(root, name)) });
    const changed = code.replace(`new URL('../${name}', import.meta.url)`, `new URL(import.meta.ROLLUP_FILE_URL_${reference})`);
    if (changed === code) throw new Error('js/loader.js names the wasm in another way now: scripts/dropin.mjs no longer fits.');
    return changed;
  },
};

export async function buildDropIn() {
  const { build } = await import('rolldown');
  rmSync(OUT, { recursive: true, force: true });
  await build({
    input: { zugabe: join(root, 'js/element/index.js'), 'zugabe-consent': join(root, 'js/consent.js') },
    // Shared parts stay in the entry: a part of their own would be one more way to the server before anything begins.
    preserveEntrySignatures: 'allow-extension',
    plugins: [wasmBeside],
    transform: { target: 'es2022' },
    output: {
      dir: OUT,
      format: 'esm',
      minify: true,
      entryFileNames: '[name].js',
      // One flat folder: a Shopify theme's assets know no other.
      chunkFileNames: 'zugabe-[name]-[hash].js',
      assetFileNames: '[name]-[hash][extname]',
    },
  });
  copyFileSync(join(root, 'node_modules/uqr/LICENSE'), join(OUT, 'LICENSE-uqr'));
  for (const name of ['LICENSE-MIT', 'LICENSE-APACHE']) copyFileSync(join(root, name), join(OUT, name));
  const files = readdirSync(OUT).filter((name) => /\.(js|wasm)$/.test(name));
  const hashes = Object.fromEntries(files.map((name) => [`./${name}`, integrityOf(join(OUT, name))]));
  writeFileSync(join(OUT, 'integrity.json'), `${JSON.stringify({ integrity: hashes }, null, 1)}\n`);
  writeFileSync(join(OUT, 'README.txt'), README(hashes['./zugabe.js']));
}
