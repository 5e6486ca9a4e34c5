/** Is what a page fetches what was built? `node scripts/integrity.mjs FOLDER NAME` writes the hashes of an artefact beside it. */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * A hash as `integrity` takes it.
 * @param {string} file
 */
export const integrityOf = (file) => `sha384-${createHash('sha384').update(readFileSync(file)).digest('base64')}`;

if (process.argv[1] === import.meta.filename) {
  const [folder, name] = process.argv.slice(2);
  const hashes = { wasm: integrityOf(join(folder, `${name}_bg.wasm`)), glue: integrityOf(join(folder, `${name}.js`)) };
  const lines = Object.entries(hashes);
  writeFileSync(join(folder, 'integrity.js'), lines.map(([part, hash]) => `export const ${part} = '${hash}';\n`).join(''));
  writeFileSync(join(folder, 'integrity.d.ts'), lines.map(([part]) => `export const ${part}: string;\n`).join(''));
}
