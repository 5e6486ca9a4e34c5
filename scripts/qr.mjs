/** How does the page draw a QR code? `uqr`, a kept library, as one small module, so that plain pages need no bundler for it. */
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './shell.mjs';

/** Writes dist/qr/qr.js, and its makers' licence beside it. */
export async function buildQr() {
  const { build } = await import('esbuild');
  mkdirSync(join(root, 'dist/qr'), { recursive: true });
  await build({
    stdin: { contents: "export { encode } from 'uqr';", resolveDir: root },
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2020',
    banner: { js: '/*! uqr, MIT License: see LICENSE */' },
    outfile: join(root, 'dist/qr/qr.js'),
  });
  copyFileSync(join(root, 'node_modules/uqr/LICENSE'), join(root, 'dist/qr/LICENSE'));
  writeFileSync(join(root, 'dist/qr/qr.d.ts'), 'export function encode(text: string, options?: { ecc?: "L" | "M" | "Q" | "H"; border?: number }): { size: number; data: boolean[][] };\n');
}
