import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { listFiles } from './scripts/files.mjs';
import { inlineBytes } from './www/studio/inline-bytes.mjs';

const www = fileURLToPath(new URL('./www', import.meta.url));

/** The pages. Relative addresses throughout, so that they work from any folder of any server. */
export default defineConfig({
  root: www,
  base: './',
  publicDir: false,
  build: {
    outDir: '../dist/www',
    emptyOutDir: true,
    target: 'es2022',
    // Both pages have a content security policy: no inline script, nothing from a data address.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 4096,
    rolldownOptions: { input: listFiles(www, '.html').map((path) => join(www, path)) },
  },
  plugins: [inlineBytes()],
  worker: { format: 'es', plugins: () => [inlineBytes()] },
});
