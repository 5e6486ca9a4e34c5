/**
 * How fast are codes, beside the usual packages? Native and wasm, mint and verify, speed and peak memory, in one run.
 * Every generator makes unique codes: those that do not promise it keep a set, as their users must. One process each.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const root = fileURLToPath(new URL('../../', import.meta.url));
const glueAt = new URL('../../dist/full/zugabe_full.js', import.meta.url);
const COUNT = 1_000_000;

/** @type {Record<string, () => Promise<(count: number) => number>>} each gives how many codes it made */
const peers = {
  async 'voucher-code-generator'() {
    const { generate } = createRequire(import.meta.url)('voucher-code-generator');
    return (count) => generate({ length: 12, count, charset: '0123456789ABCDEFGHJKMNPQRSTVWXYZ' }).length;
  },
  async 'coupon-code + Set'() {
    const coupon = createRequire(import.meta.url)('coupon-code');
    return (count) => unique(count, () => coupon.generate());
  },
  async 'nanoid + Set'() {
    const { customAlphabet } = await import('nanoid');
    const make = customAlphabet('0123456789ABCDEFGHJKMNPQRSTVWXYZ', 12);
    return (count) => unique(count, make);
  },
  async hashids() {
    const { default: Hashids } = await import('hashids');
    const ids = new Hashids('salt', 12, '0123456789ABCDEFGHJKMNPQRSTVWXYZ');
    return (count) => {
      let made = 0;
      for (let serial = 0; serial < count; serial += 1) made += ids.encode(serial).length > 0 ? 1 : 0;
      return made;
    };
  },
  async 'zugabe wasm, mint C12'() {
    const { glue, keys } = await core();
    return (count) => {
      let made = 0;
      // In portions, as a shell that streams to a file does: memory does not grow with the number.
      for (let start = 0; made < count; ) {
        const codes = JSON.parse(glue.mint(keys, JSON.stringify({ batch: 1, start, count: Math.min(10_000, count - made) })));
        made += codes.length;
        start = codes.at(-1).serial + 1;
      }
      return made;
    };
  },
  async 'zugabe wasm, verify C12'() {
    const { glue, keys } = await core();
    const codes = JSON.parse(glue.mint(keys, JSON.stringify({ batch: 2, start: 0, count: 10_000 })));
    const verifier = new glue.Codes(keys);
    return (count) => {
      let good = 0;
      for (let i = 0; i < count; i += 1) good += verifier.verify(codes[i % codes.length].shownCode).includes('"ok"') ? 1 : 0;
      return good;
    };
  },
};

/** @param {number} count @param {() => string} make */
function unique(count, make) {
  const seen = new Set();
  while (seen.size < count) seen.add(make());
  return seen.size;
}

async function core() {
  const glue = await import(glueAt.href);
  glue.initSync({ module: readFileSync(new URL('zugabe_full_bg.wasm', glueAt)) });
  return { glue, keys: glue.newKeys() };
}

/** One measurement in a process of its own. @param {string} name */
async function measure(name) {
  const work = await peers[name]();
  work(1000);
  const before = process.memoryUsage().rss;
  const cpu = process.cpuUsage();
  const made = work(COUNT);
  const { user, system } = process.cpuUsage(cpu);
  const peak = process.resourceUsage().maxRSS * 1024;
  const perSecond = Math.round(made / ((user + system) / 1e6));
  console.log(JSON.stringify({ name, perSecond, extraMiB: Math.round(Math.max(0, peak - before) / 2 ** 20) }));
}

if (process.argv[2] === '--one') {
  await measure(process.argv[3]);
} else {
  if (!existsSync(`${here}node_modules`)) execFileSync('npm', ['install', '--no-audit', '--no-fund', '--silent'], { cwd: here, stdio: 'inherit' });
  console.log(`${COUNT.toLocaleString('en')} unique codes each, per second of processor time, and how far memory rose`);
  for (const name of Object.keys(peers)) {
    if (name.startsWith('zugabe wasm') && !existsSync(glueAt)) {
      console.log(`${name}: not built, run npm run build`);
      continue;
    }
    const { stdout, stderr, status } = spawnSync(process.execPath, [fileURLToPath(import.meta.url), '--one', name], { encoding: 'utf8' });
    if (status !== 0) {
      console.log(`${name}: failed\n${stderr}`);
      process.exitCode = 1;
      continue;
    }
    const { perSecond, extraMiB } = JSON.parse(stdout);
    console.log(`${name.padEnd(28)} ${perSecond.toLocaleString('en').padStart(12)} /s ${String(extraMiB).padStart(6)} MiB`);
  }
  console.log('\nnative');
  const native = execFileSync('cargo', ['run', '--release', '--quiet', '--example', 'bench_codes'], { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  for (const line of native.trim().split('\n')) {
    const { name, value } = JSON.parse(line);
    console.log(`${name.padEnd(60)} ${value.toLocaleString('en').padStart(12)}`);
  }
}
