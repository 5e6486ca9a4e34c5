/** How do wasm bytes get into a script? As base64 text, because a page that may not connect cannot fetch them. */
import { readFile } from 'node:fs/promises';

const QUERY = '?base64';

/**
 * A Vite plugin: `import text from './x.wasm?base64'`.
 * @returns {import('vite').Plugin}
 */
export function inlineBytes() {
  return {
    name: 'zugabe-inline-bytes',
    enforce: 'pre',
    async load(id) {
      if (!id.endsWith(QUERY)) return null;
      const file = id.slice(0, -QUERY.length);
      this.addWatchFile(file);
      return { code: `export default ${JSON.stringify(await readFile(file, 'base64'))};`, moduleType: 'js' };
    },
  };
}
