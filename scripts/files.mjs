/** Which files are there, and did any of them change? */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './shell.mjs';

/**
 * Files below a folder whose name ends in `ending`, sorted, relative to the folder.
 * @param {string} folder
 * @param {string} [ending]
 * @returns {string[]}
 */
export function listFiles(folder, ending = '') {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith(ending) && statSync(join(folder, path)).isFile())
    .map((path) => path.replaceAll('\\', '/'))
    .sort();
}

/**
 * A hash over the names and contents of files and folders, relative to the root. What does not exist counts as empty.
 * @param {string[]} inputs
 */
export function stampOf(inputs) {
  const hash = createHash('sha256');
  for (const input of inputs) {
    const path = join(root, input);
    const files = existsSync(path) && statSync(path).isDirectory() ? listFiles(path).map((name) => join(path, name)) : [path];
    for (const file of files) {
      const bytes = existsSync(file) ? readFileSync(file) : Buffer.alloc(0);
      hash.update(`${file.length}:${file}:${bytes.length}:`).update(bytes);
    }
  }
  return hash.digest('hex');
}
