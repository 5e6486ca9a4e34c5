/** What does a price cost? A cart of 200 lines with 10 promotions (goal: 50 µs native), natively and in the full artefact. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const glueAt = new URL('../../dist/full/zugabe_full.js', import.meta.url);

console.log('native, processor time per price, median of 7 x 5,000');
const native = execFileSync('cargo', ['run', '--release', '--quiet', '--example', 'bench_price'], {
  cwd: root,
  encoding: 'utf8',
  stdio: ['ignore', 'pipe', 'inherit'],
});
for (const line of native.trim().split('\n')) {
  const { name, microseconds, fastest } = JSON.parse(line);
  say(name, microseconds, `(fastest round ${fastest})`);
}

if (existsSync(glueAt)) {
  console.log('\nthe full artefact in Node, text in and text out');
  const glue = await import(glueAt.href);
  glue.initSync({ module: readFileSync(new URL('zugabe_full_bg.wasm', glueAt)) });
  for (const [name, lines, promotions] of /** @type {[string, number, number][]} */ ([
    ['200 lines, 10 promotions', 200, 10],
    ['3 lines, 2 promotions', 3, 2],
  ])) {
    const request = cart(lines, promotions);
    say(name, median(() => glue.price(request)));
  }
} else {
  console.log('\nThe full artefact is not built: npm run build');
}

/** @param {string} name @param {number} microseconds @param {string} [more] */
function say(name, microseconds, more = '') {
  console.log(`${name.padEnd(32)} ${microseconds.toFixed(1).padStart(8)} µs ${more}`);
}

/** Processor time per call, median of 7 x 1,000. @param {() => void} work */
function median(work) {
  const rounds = Array.from({ length: 7 }, () => {
    const start = process.cpuUsage();
    for (let i = 0; i < 1000; i += 1) work();
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1000;
  });
  return rounds.sort((a, b) => a - b)[3];
}

/** The cart of `examples/bench_price.rs`. @param {number} lines @param {number} promotions */
function cart(lines, promotions) {
  const all = (/** @type {number} */ count, /** @type {(n: number) => object} */ one) => Array.from({ length: count }, (_, n) => one(n));
  return JSON.stringify({
    v: 1,
    now: '2026-11-23T10:00:00Z',
    currency: 'EUR',
    lines: all(lines, (n) => ({
      id: `line-${n}`,
      unit: 199 + ((n * 37) % 4000),
      quantity: 1 + (n % 4),
      taxRateBp: 1900,
      tags: [['tea', 'ware', 'book'][n % 3]],
    })),
    promotions: all(promotions, (n) => [
      { id: `p${n}`, effect: { type: 'percent', bp: 300 + n * 10 } },
      { id: `p${n}`, currency: 'EUR', effect: { type: 'fixed', amount: 500 + n } },
      { id: `p${n}`, effect: { type: 'percent', bp: 500 }, conditions: { tags: ['tea', 'book'] } },
    ][n % 3]),
  });
}
