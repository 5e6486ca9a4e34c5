/**
 * How does the studio become one file? Script, worker, engine, styles and fonts go into `studio.html`, which opens from
 * a folder by double click. Its policy names the very script and the very style by their hashes and forbids the rest.
 */
import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { inlineBytes } from './inline-bytes.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '../..');

/**
 * Builds the file.
 * @param {string} [out] where it goes
 * @returns {Promise<{ out: string, bytes: number }>}
 */
export async function buildSingle(out = join(root, 'dist/www/studio.html')) {
  const { script, style } = await bundle();
  const html = assemble(await readFile(join(here, 'index.html'), 'utf8'), escapeScript(script), style);
  await mkdir(dirname(out), { recursive: true });
  await writeFile(`${out}.part`, html);
  await rename(`${out}.part`, out);
  return { out, bytes: (await stat(out)).size };
}

/** One script and one style sheet, with everything they refer to inside them. */
async function bundle() {
  const built = await build({
    configFile: false,
    root: here,
    base: './',
    publicDir: false,
    logLevel: 'warn',
    plugins: [inlineBytes(), withoutAsking()],
    // A page from a folder has no origin that a module worker could be fetched for; a classic one needs none.
    worker: { format: 'iife', plugins: () => [inlineBytes()] },
    build: {
      write: false,
      target: 'es2022',
      assetsInlineLimit: Number.MAX_SAFE_INTEGER,
      cssCodeSplit: false,
      modulePreload: false,
      chunkSizeWarningLimit: Number.MAX_SAFE_INTEGER,
      rolldownOptions: { input: join(here, 'index.html'), output: { codeSplitting: false } },
    },
  });
  const outputs = /** @type {import('vite').Rolldown.RolldownOutput[]} */ ([built].flat()).flatMap(({ output }) => output);
  const scripts = outputs.filter((one) => one.type === 'chunk' && one.code.trim() !== '');
  const styles = outputs.filter((one) => one.fileName.endsWith('.css'));
  const others = outputs.filter((one) => one.type === 'asset' && !/\.(css|html)$/.test(one.fileName));
  if (scripts.length !== 1 || styles.length !== 1 || others.length > 0) {
    throw new Error(`The studio did not fit into one script and one style sheet: ${outputs.map((one) => one.fileName).join(', ')}`);
  }
  const [script] = scripts;
  const [style] = styles;
  return {
    script: script.type === 'chunk' ? script.code : '',
    style: style.type === 'asset' ? String(style.source) : '',
  };
}

/**
 * The studio hands the elements ready decisions, so their own way to one (policy and page engine, fetched) stays out.
 * @returns {import('vite').Plugin}
 */
function withoutAsking() {
  let seen = false;
  return {
    name: 'zugabe-without-asking',
    load(id) {
      if (!id.replaceAll('\\', '/').endsWith('/js/element/ask.js')) return null;
      seen = true;
      return "const no = () => { throw new Error('the studio decides itself'); }; export { no as decide, no as friend };";
    },
    buildEnd() {
      if (!seen) throw new Error('js/element/ask.js was not found: is the way to a decision kept elsewhere now?');
    },
  };
}

/**
 * Puts script and style into the page and their hashes into its policy.
 * @param {string} page
 * @param {string} script
 * @param {string} style
 */
function assemble(page, script, style) {
  const policy = [
    "default-src 'none'",
    `script-src ${hashOf(script)} 'wasm-unsafe-eval'`,
    `style-src ${hashOf(style)}`,
    'img-src data: blob:',
    'font-src data:',
    'worker-src blob:',
    "connect-src 'none'",
    "form-action 'none'",
    "base-uri 'none'",
  ].join('; ');
  // Functions, because a text that replaces would have its dollar signs read as patterns.
  return [
    [/content="default-src[^"]*"/, `content="${policy}"`],
    [/<link rel="stylesheet"[^>]*>/, `<style>${style}</style>`],
    [/<meta name="zugabe-shop"[^>]*>/, ''],
    [/<script type="module"[^>]*><\/script>/, `<script type="module">${script}</script>`],
  ].reduce((text, [pattern, put]) => {
    if (!(pattern instanceof RegExp) || !pattern.test(text)) throw new Error(`index.html has no ${pattern}`);
    return text.replace(pattern, () => String(put));
  }, page);
}

/** @param {string} text */
const hashOf = (text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** A script element ends at the first end tag in it, wherever that stands. @param {string} script */
const escapeScript = (script) => script.replaceAll(/<\/(script)/gi, '<\\/$1').replaceAll('<!--', '<\\!--');

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const { out, bytes } = await buildSingle(process.argv[2] && resolve(process.argv[2]));
  console.log(`${out}: ${(bytes / 1e6).toFixed(2)} MB`);
}
