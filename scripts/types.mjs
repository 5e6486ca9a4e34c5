/** What do the documents look like in TypeScript? Generated from the Rust types, and from the JSDoc of `js`. */
import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { listFiles } from './files.mjs';
import { root, run } from './shell.mjs';

/**
 * Writes dist/types.d.ts from the JSON Schemas that the native tool prints, and the schemas themselves for the server's document.
 * @param {string} tool the native tool's program
 */
export async function documentTypes(tool) {
  const { compile } = await import('json-schema-to-typescript');
  const names = (await run(tool, ['schema'])).trim().split(/\s+/);
  const title = (/** @type {string} */ name) => name.replace(/(^|-)(.)/g, (_, _dash, letter) => letter.toUpperCase());
  const documents = await Promise.all(
    names.map(async (name) => ({ name, schema: JSON.parse(await run(tool, ['schema', name])) })),
  );
  mkdirSync(join(root, 'dist/server'), { recursive: true });
  writeFileSync(join(root, 'dist/server/schemas.json'), JSON.stringify(Object.fromEntries(documents.map(({ name, schema }) => [name, schema]))));
  // One compilation over all documents: a type that several of them use is written once.
  /** @type {Record<string, object>} */
  const definitions = {};
  /** @type {Record<string, object>} */
  const properties = {};
  for (const { name, schema } of documents) {
    const { $defs = {}, $schema: _, ...rest } = schema;
    Object.assign(definitions, $defs);
    definitions[title(name)] ??= { ...rest, title: title(name) };
    properties[name] = { $ref: `#/$defs/${title(name)}` };
  }
  const types = await compile(forTypes({ $defs: definitions, type: 'object', properties, additionalProperties: false }), 'Documents', {
    additionalProperties: false,
    bannerComment: '/** Every document of Zugabe, from the Rust types. Generated: `zugabe schema NAME` is the source. */',
    enableConstEnums: false,
    style: { printWidth: 120, singleQuote: true },
  });
  mkdirSync(join(root, 'dist'), { recursive: true });
  writeFileSync(join(root, 'dist/types.d.ts'), types);
}

/**
 * The schema as TypeScript should see it. Absent fields are omitted, never null, so "or null" goes. A reference with a
 * description beside it would become a type of its own, so it moves one level down.
 * @param {any} schema
 * @returns {any}
 */
function forTypes(schema) {
  if (Array.isArray(schema)) return schema.filter((one) => one?.type !== 'null' && one !== 'null').map(forTypes);
  if (typeof schema !== 'object' || schema === null) return schema;
  const { $ref, ...rest } = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, forTypes(value)]));
  if ($ref === undefined) return rest;
  return Object.keys(rest).length ? { ...rest, allOf: [{ $ref }] } : { $ref };
}

/**
 * Runs the TypeScript compiler.
 * @param {string[]} args
 */
export const tsc = (args) => run(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '--pretty', 'false', ...args]);

/** Writes types/*.d.ts, what TypeScript users of the package see, from the JSDoc in js. */
export async function packageTypes() {
  const out = join(root, 'types');
  rmSync(out, { recursive: true, force: true });
  await tsc(['--project', 'tsconfig.types.json']);
  for (const file of listFiles(join(root, 'js'), '.d.ts')) copyFileSync(join(root, 'js', file), join(out, file));
}
