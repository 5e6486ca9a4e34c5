// What does each way across the boundary weigh and take? Builds every variant, checks that all decide alike, and
// prints the table of docs/benchmarks.md. `node run.mjs`, or `node run.mjs WORD` for the variants named with it;
// or, with everything it needs, `npm run bench boundary` at the root.

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { brotliCompressSync, constants } from 'node:zlib';
import { minifySync } from 'vite';

const HERE = import.meta.dirname;
const WASM_OPT = fileURLToPath(new URL('bin/wasm-opt', import.meta.resolve('binaryen')));
// Where the project's own build keeps everything, and git looks away.
const TARGET = join(HERE, '../../target/boundary');
const ROUNDS = 5;
const WORD = process.argv[2] ?? '';

/** How policy, request and decision cross, and how the types are written. */
const VARIANTS = {
  'floor: an allocator, one empty function': '',
  'serde-wasm-bindgen throughout': 'serde/serde/serde',
  'serde-wasm-bindgen throughout, lean types': 'serde/serde/serde/lean',
  'request by getters, the rest serde-wasm-bindgen': 'serde/getters/serde',
  'request by getters, the rest lean': 'serde/getters/serde/lean',
  'getters in, serde-wasm-bindgen out': 'getters/getters/serde',
  'keyed getters in, serde-wasm-bindgen out': 'getters/getters/serde/keyed',
  'getters in, setters out': 'getters/getters/setters',
  'keyed getters in, setters out': 'getters/getters/setters/keyed',
  'JSON text throughout': 'text/text/text',
  'JSON text throughout, lean types': 'text/text/text/lean',
};

/** Paths of this machine do not belong into an artefact: they differ from machine to machine, in bytes too. */
const REMAP = [
  [join(homedir(), '.cargo'), '/cargo'],
  [join(homedir(), '.rustup'), '/rustup'],
  [HERE, '/boundary'],
].map(([from, to]) => `--remap-path-prefix=${from}=${to}`);

const STDS = {
  plain: { cargo: [], flags: REMAP, env: {} },
  small: {
    cargo: ['-Zbuild-std=std,panic_abort', '-Zbuild-std-features=optimize_for_size'],
    flags: [...REMAP, '-Zunstable-options', '-Cpanic=immediate-abort'],
    env: { RUSTC_BOOTSTRAP: '1' },
  },
};

// What rustc's default for wasm32-unknown-unknown emits, named so that wasm-opt never has to guess.
const WASM_FEATURES = [
  'bulk-memory', 'bulk-memory-opt', 'call-indirect-overlong', 'multivalue', 'mutable-globals',
  'nontrapping-float-to-int', 'reference-types', 'sign-ext',
].map((feature) => `--enable-${feature}`);

const run = (command, args, env = {}) =>
  execFileSync(command, args, {
    cwd: HERE,
    env: { ...process.env, ...env },
    encoding: 'utf8',
    maxBuffer: 1 << 26,
    stdio: ['ignore', 'pipe', 'inherit'],
  });

const brotli = (bytes) =>
  brotliCompressSync(bytes, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
  }).length;

/** Builds one variant and returns its folder. */
function build(legs, std) {
  const { cargo, flags, env } = STDS[std];
  const [policy, request, decision, ...more] = legs.split('/');
  const features = legs ? [`policy-${policy}`, `request-${request}`, `decision-${decision}`, ...more].join() : '';
  const target = join(TARGET, std);
  run(
    'cargo',
    ['build', '--quiet', '--locked', '--package', 'boundary', '--target', 'wasm32-unknown-unknown', '--profile', 'wasm-page',
      '--features', features, '--target-dir', target, ...cargo],
    { ...env, CARGO_ENCODED_RUSTFLAGS: flags.join('\x1f') },
  );
  const out = join(TARGET, 'out', `${std}-${legs.replaceAll('/', '-') || 'floor'}`);
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  run(join(TARGET, 'release/glue'), [
    join(target, 'wasm32-unknown-unknown/wasm-page/boundary.wasm'), out, 'boundary',
  ]);
  const wasm = join(out, 'boundary_bg.wasm');
  run(process.execPath, [
    WASM_OPT, wasm, '-o', wasm, '-Oz', '--converge', ...WASM_FEATURES,
  ]);
  const glue = join(out, 'boundary.js');
  writeFileSync(glue, minifySync(glue, readFileSync(glue, 'utf8'), { module: true }).code);
  return out;
}

if (!existsSync(join(run('rustc', ['--print', 'sysroot']).trim(), 'lib/rustlib/src/rust/library/std/Cargo.toml'))) {
  process.stderr.write('rust-src is missing (rustup component add rust-src): only plain std is measured\n');
  delete STDS.small;
}
run('cargo', ['build', '--quiet', '--locked', '--release', '--package', 'glue', '--target-dir', TARGET]);
const rows = [];
const chosen = Object.entries(VARIANTS).filter(([name]) => name.includes(WORD));
for (const [name, legs] of chosen) {
  for (const std of Object.keys(STDS)) {
    process.stderr.write(`building ${name}, ${std} std\n`);
    const out = build(legs, std);
    const wasm = readFileSync(join(out, 'boundary_bg.wasm'));
    rows.push({
      name, legs, std, out, raw: wasm.length, wasm: brotli(wasm), glue: brotli(readFileSync(join(out, 'boundary.js'))),
      times: [],
    });
  }
}

// Rounds in turn, each in a fresh process: a busy moment of the machine then hits all variants alike.
let expected;
for (let round = 0; round < ROUNDS; round++) {
  process.stderr.write(`measuring, round ${round + 1} of ${ROUNDS}\n`);
  for (const row of rows.filter((r) => r.legs)) {
    const { answers, accepts, ...times } = JSON.parse(
      run(process.execPath, ['measure.mjs', join(row.out, 'boundary.js'), row.legs]),
    );
    expected ??= answers;
    if (!isDeepStrictEqual(answers, expected)) throw new Error(`${row.name} (${row.std}) decides otherwise`);
    row.times.push(times);
    row.accepts = accepts;
  }
}

const best = (row, field) => (row.times.length ? Math.min(...row.times.map((t) => t[field])).toFixed(0) : '');
const bytes = (n) => n.toLocaleString('en-GB');
console.log(
  '| across the boundary | std | wasm, bytes | wasm, brotli | glue, brotli | both, brotli ' +
    '| decide, 40 options, µs | decide, 6 options, µs | constructor, 40 options, µs |',
);
console.log('|---|---|--:|--:|--:|--:|--:|--:|--:|');
for (const row of rows) {
  console.log(
    `| ${row.name} | ${row.std} | ${bytes(row.raw)} | ${bytes(row.wasm)} | ${bytes(row.glue)} | ${bytes(row.wasm + row.glue)} ` +
      `| ${best(row, 'decide')} | ${best(row, 'decideSmall')} | ${best(row, 'open')} |`,
  );
}
for (const row of rows.filter((r) => r.accepts?.length && r.std === 'plain')) {
  console.log(`accepts what it should refuse: ${row.name}: ${row.accepts.join(', ')}`);
}
for (const [name] of STDS.small ? chosen : []) {
  const [plain, small] = ['plain', 'small'].map((std) => rows.find((r) => r.name === name && r.std === std).wasm);
  console.log(`small std saves ${(100 * (1 - small / plain)).toFixed(1)} % of the wasm: ${name}`);
}
const main = expected[0];
console.log(
  `policy ${bytes(JSON.stringify((await import('./documents.mjs')).policy({ options: 40, cells: 20 })).length)} bytes of text, ` +
    `decision ${bytes(JSON.stringify(main).length)} bytes with ${main.rejected.length} rejections`,
);
