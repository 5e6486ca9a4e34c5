/**
 * How do the integrations become something a shop can install? `node scripts/pack.mjs` writes zip files to
 * dist/integrations; `--backend https://…` names the shop operator's own server for the Shopware app.
 */
import './node-version.mjs';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { listFiles } from './files.mjs';
import { Stop, main, root } from './shell.mjs';

/** Files of an archive by their path in it. @typedef {Record<string, Uint8Array>} Files */

/** A fixed time stamp: the same sources make the same bytes. */
const EPOCH = new Date('2026-01-01T00:00:00Z');
const version = () => JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version;

/** Files of the folder to upload that say something to whoever uploads it, and nothing to a plugin. */
const TALK = ['README.txt', 'hints.html', 'integrity.json', 'LICENSE-MIT', 'LICENSE-APACHE'];

/**
 * The elements as one folder that any server can hand out: `zugabe.js`, what it loads later, and the wasm.
 * @returns {Files}
 */
export function elementFiles() {
  const from = join(root, 'dist/drop-in');
  if (!existsSync(join(from, 'zugabe.js'))) throw new Stop('dist/drop-in is missing: run "npm run build" first.');
  const names = listFiles(from).filter((name) => !TALK.includes(name));
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(from, name))]));
}

/**
 * @param {string} folder below integrations/
 * @param {string} inside where it goes in the archive
 * @returns {Files}
 */
function folder(folder, inside) {
  const from = join(root, 'integrations', folder);
  return Object.fromEntries(listFiles(from).map((name) => [`${inside}/${name}`, readFileSync(join(from, name))]));
}

/**
 * @param {string} inside
 * @param {Files} files
 * @returns {Files}
 */
const below = (inside, files) => Object.fromEntries(Object.entries(files).map(([name, bytes]) => [`${inside}/${name}`, bytes]));

/** @returns {Files} */
const licences = () => Object.fromEntries(['LICENSE-MIT', 'LICENSE-APACHE'].map((name) => [name, readFileSync(join(root, name))]));

/** Shopware takes a storefront script from dist/ as it is, so that a shop needs no build of its own. */
const BUILT = 'Resources/app/storefront/dist/storefront/js/zugabe-thanks/zugabe-thanks.js';
const SOURCE = 'Resources/app/storefront/src/main.js';

/**
 * The composer plugin for self-hosted shops.
 * @param {Files} element
 * @returns {Files}
 */
export function shopwarePlugin(element) {
  const files = folder('shopware/ZugabeThanks', 'ZugabeThanks');
  return {
    ...files,
    [`ZugabeThanks/src/${BUILT}`]: files[`ZugabeThanks/src/${SOURCE}`],
    ...below('ZugabeThanks/src/Resources/public/zugabe', element),
    ...below('ZugabeThanks', licences()),
  };
}

/**
 * The app for cloud shops: the same pages, without PHP; the backend does what the subscriber does.
 * @param {Files} element
 * @param {string} backend
 * @returns {Files}
 */
export function shopwareApp(element, backend) {
  if (!/^https:\/\/[^/\s]+(\/[^\s]*[^/\s])?$/.test(backend)) {
    throw new Stop(`"${backend}" is no address for a backend: it begins with https:// and does not end in a slash.`);
  }
  const resources = Object.entries(folder('shopware/ZugabeThanks/src/Resources', 'ZugabeThanks/Resources'));
  const config = 'ZugabeThanks/Resources/config/config.xml';
  // Services are PHP, which an app has none of.
  const pages = Object.fromEntries(resources.filter(([name]) => !name.includes('/config/') || name === config));
  const manifest = readFileSync(join(root, 'integrations/shopware/app/manifest.xml'), 'utf8').replaceAll('@BACKEND@', backend);
  return {
    ...pages,
    'ZugabeThanks/manifest.xml': Buffer.from(manifest),
    [`ZugabeThanks/${BUILT}`]: pages[`ZugabeThanks/${SOURCE}`],
    ...below('ZugabeThanks/Resources/public/zugabe', element),
    ...below('ZugabeThanks', licences()),
  };
}

/**
 * The plugin for WooCommerce.
 * @param {Files} element
 * @returns {Files}
 */
export function woocommercePlugin(element) {
  return {
    ...folder('woocommerce/zugabe-thanks', 'zugabe-thanks'),
    ...below('zugabe-thanks/assets/zugabe', element),
    ...below('zugabe-thanks', licences()),
  };
}

/** @param {Files} files */
export const zip = (files) => zipSync(files, { level: 9, mtime: EPOCH });

/** @param {string[]} args */
function pack(args) {
  const at = args.indexOf('--backend');
  const backend = at < 0 ? undefined : args[at + 1];
  const element = elementFiles();
  /** @type {Record<string, Files>} */
  const archives = {
    [`zugabe-shopware-${version()}.zip`]: shopwarePlugin(element),
    [`zugabe-woocommerce-${version()}.zip`]: woocommercePlugin(element),
  };
  if (backend !== undefined) archives[`zugabe-shopware-app-${version()}.zip`] = shopwareApp(element, backend);
  const out = join(root, 'dist/integrations');
  mkdirSync(out, { recursive: true });
  for (const [name, files] of Object.entries(archives)) {
    const bytes = zip(files);
    writeFileSync(join(out, name), bytes);
    console.log(`dist/integrations/${name}: ${Object.keys(files).length} files, ${bytes.length} bytes`);
  }
  if (backend === undefined) console.log('For the Shopware app (cloud shops), name your server: --backend https://…');
}

if (process.argv[1] === import.meta.filename) await main(async () => pack(process.argv.slice(2)));
