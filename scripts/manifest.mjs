/** What do the elements offer? `dist/custom-elements.json` from their JSDoc: for editors, for the docs page, and for tests. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import config from './manifest.config.mjs';
import { root, run } from './shell.mjs';

/** What only the elements among themselves use. */
const INTERNAL = new Set(['inputs', 'prepare', 'settle', 'fail', 'emit', 'invalidate', 'carried']);

export async function buildManifest() {
  await run(process.execPath, [join(root, 'node_modules/@custom-elements-manifest/analyzer/cem.js'), 'analyze', '--config', 'scripts/manifest.config.mjs']);
  const manifest = JSON.parse(readFileSync(join(root, config.outdir, 'custom-elements.json'), 'utf8'));
  for (const { declarations } of manifest.modules) for (const declaration of declarations) tidy(declaration);
  mkdirSync(join(root, 'dist'), { recursive: true });
  writeFileSync(join(root, 'dist/custom-elements.json'), `${JSON.stringify(manifest, null, 1)}\n`);
}

/** @param {any} declaration */
function tidy(declaration) {
  declaration.members &&= declaration.members.filter((/** @type {any} */ { name, privacy }) => privacy !== 'private' && !INTERNAL.has(name));
  for (const member of declaration.members ?? []) {
    if (member.return) [member.type, member.return] = [member.return.type, undefined];
    if (member.name === 'state') member.type = { text: "'waiting' | 'shown' | 'silent' | 'failed'" };
  }
  // `emit` dispatches what it is told to; the events have names of their own.
  declaration.events &&= declaration.events
    .filter((/** @type {any} */ { name }) => name.startsWith('zugabe-'))
    .map((/** @type {any} */ event) => ({ ...event, type: { text: `ZugabeEvents['${event.name}']` } }));
}
