/**
 * How fast are scores, beside lifetimes, pymc-marketing, polars, DuckDB and pandas, in one run? Each peer gets a virtual
 * environment of its own under .zugabe. Flags of `node benches/score/run.mjs`: --no-pymc (it is slow: it compiles),
 * --orders N (default 10,000,000; 0 leaves them out), --customers N (default 1,000,000; the largest table), --repeat N
 * (default 3), --only WORD (fit, clv or orders), --limit N (seconds that one run may take, default 600).
 *
 * Every run is told on standard error as soon as it is over, every row on standard output as soon as its rivals are done. A
 * rival that fails or takes too long gets a row that says so, and the others go on; where it is Zugabe, the bench fails in the end.
 *
 * The peers' fits and CLV are the call alone, without starting and reading; ours are the call alone, too, and beside it the
 * whole process from start to written result; in wasm the call with the bytes of the file. For orders everybody's time is the whole way from the file. The
 * runs of a row's rivals take turns, so that other work on the machine meets all of them; processor time is that of all threads.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const here = fileURLToPath(new URL('.', import.meta.url));
const work = join(root, '.zugabe/bench-score');
const flag = (/** @type {string} */ name, /** @type {number} */ otherwise) => {
  const at = process.argv.indexOf(name);
  return at < 0 ? otherwise : Number(process.argv[at + 1]);
};
const only = process.argv.includes('--only') ? process.argv[process.argv.indexOf('--only') + 1] : undefined;
const wanted = (/** @type {string} */ part) => only === undefined || only === part;
const repeat = flag('--repeat', 3);
const orders = flag('--orders', 10_000_000);
const customers = flag('--customers', 1_000_000);
const limit = flag('--limit', 600);

const packages = {
  lifetimes: ['lifetimes==0.11.3', 'numpy==1.23.5', 'pandas==1.5.3', 'scipy==1.10.1', 'autograd==1.9.1'],
  pymc: ['pymc-marketing==0.19.2'],
  polars: ['polars'],
  duckdb: ['duckdb', 'numpy'],
  pandas: ['pandas', 'pyarrow'],
};

/** @typedef {{ seconds: number, cpu: number, peakMiB: number }} Taken */
/** @typedef {{ who: string, run: () => import('node:child_process').SpawnSyncReturns<string>, peer?: boolean }} Rival */

/** The interpreter of a peer's own environment. @param {keyof typeof packages} peer */
function python(peer) {
  const folder = join(work, peer);
  const interpreter = join(folder, 'bin/python');
  if (!existsSync(join(folder, 'ready'))) {
    execFileSync('python3', ['-m', 'venv', folder], { stdio: 'inherit' });
    execFileSync(interpreter, ['-m', 'pip', 'install', '--quiet', ...packages[peer]], { stdio: 'inherit' });
    writeFileSync(join(folder, 'ready'), '');
  }
  return interpreter;
}

/** Runs one measurement, which may take no longer than the limit. @param {string} command @param {string[]} args */
const spawn = (command, args) => spawnSync(command, args, { encoding: 'utf8', timeout: limit * 1000, maxBuffer: 1 << 26 });

/** A whole process. @param {string} command @param {string[]} args */
function ofProcess(command, args) {
  const script = `import json,resource,subprocess,sys,time
s=time.perf_counter(); r=subprocess.run(sys.argv[1:],stdout=subprocess.DEVNULL,stderr=subprocess.DEVNULL); t=time.perf_counter()-s
u=resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps({"seconds":t,"cpu":u.ru_utime+u.ru_stime,"peakMiB":round(u.ru_maxrss/1024)})) if r.returncode==0 else sys.exit(1)`;
  return () => spawn('python3', ['-c', script, command, ...args]);
}

/** @param {keyof typeof packages} peer @param {string} task @param {string} file */
const ofPeer = (peer, task, file) => () => spawn(python(peer), [join(here, 'peers.py'), task, file]);

/** In wasm, the call alone. @param {string} task @param {string} file */
const inWasm = (task, file) => () => spawn(process.execPath, [fileURLToPath(import.meta.url), '--wasm', task, file]);

/** @param {Taken[]} taken @param {keyof Taken} field */
const middle = (taken, field) => taken.map((one) => one[field]).sort((a, b) => a - b)[Math.floor(taken.length / 2)] ?? NaN;

/** One run of a rival, or why there is none. @param {Rival} rival @returns {Taken | string} */
function once(rival) {
  try {
    const { status, stdout, stderr, error } = rival.run();
    if (error) return 'code' in error && error.code === 'ETIMEDOUT' ? `no result within ${limit} s` : `no result: ${error.message}`;
    if (status !== 0) return `no result: ${stderr.trim().split('\n').at(-1) || 'failed'}`;
    return JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
  } catch (error) {
    return `no result: ${error instanceof Error ? error.message.split('\n')[0] : error}`;
  }
}

/** Lets the rivals take turns and shows the medians. @param {string} what @param {Rival[]} rivals */
function compare(what, rivals) {
  /** @type {Map<Rival, Taken[]>} */
  const results = new Map(rivals.map((rival) => [rival, []]));
  /** @type {Map<Rival, string>} */
  const without = new Map();
  for (let turn = 0; turn < repeat; turn += 1) {
    for (const [rival, taken] of results) {
      // Whoever failed once is not waited for again.
      if (without.has(rival)) continue;
      const result = once(rival);
      if (typeof result === 'string') without.set(rival, result);
      else taken.push(result);
      const told = typeof result === 'string' ? result : `${result.seconds.toFixed(3)} s, processor ${result.cpu.toFixed(3)} s, ${result.peakMiB} MiB`;
      console.error(`${what}, ${rival.who}, run ${turn + 1} of ${repeat}: ${told}`);
    }
  }
  const peers = rivals.filter((rival) => rival.peer && !without.has(rival));
  const best = (/** @type {keyof Taken} */ field) => Math.min(...peers.map((peer) => middle(results.get(peer) ?? [], field)));
  for (const [rival, taken] of results) {
    const reason = without.get(rival);
    if (reason !== undefined) {
      console.log(`| ${what} | ${rival.who} | ${reason.replaceAll('|', '/')} | | | | |`);
      if (!rival.peer) process.exitCode = 1;
      continue;
    }
    const [seconds, cpu, peak] = [middle(taken, 'seconds'), middle(taken, 'cpu'), middle(taken, 'peakMiB')];
    const compared = !rival.peer && peers.length > 0;
    const times = compared ? `${(best('seconds') / seconds).toFixed(1)} x, ${(best('cpu') / cpu).toFixed(1)} x` : '';
    const memory = compared ? `1 / ${(best('peakMiB') / peak).toFixed(1)}` : '';
    console.log(`| ${what} | ${rival.who} | ${seconds.toFixed(3)} | ${cpu.toFixed(3)} | ${peak} | ${times} | ${memory} |`);
  }
}

if (process.argv[2] === '--wasm') {
  const glue = await import(pathToFileURL(join(root, 'dist/full/zugabe_full.js')).href);
  glue.initSync({ module: readFileSync(join(root, 'dist/full/zugabe_full_bg.wasm')) });
  const [task, file] = process.argv.slice(3);
  const bytes = readFileSync(file);
  const [start, before] = [performance.now(), process.cpuUsage()];
  if (task === 'fit') {
    glue.fit(bytes, 'bgnbd', 0);
  } else if (task === 'clv') {
    glue.predict(bytes, 'bgnbd', readFileSync(join(work, 'params.json'), 'utf8'), JSON.stringify({ horizon: 52.14, discount: 0.01, discountPeriod: 4.345 }));
  } else {
    const shop = new glue.Shop(JSON.stringify({ now: '2026-11-23T10:00:00Z', currency: 'EUR' }));
    shop.openFile('orders.csv', '');
    for (let at = 0; at < bytes.length; at += 1 << 20) shop.push(bytes.subarray(at, at + (1 << 20)));
    shop.closeFile();
    shop.finish();
    shop.score(JSON.stringify({ withoutValue: true }));
  }
  const { user, system } = process.cpuUsage(before);
  const peakMiB = Math.round(process.resourceUsage().maxRSS / 1024);
  console.log(JSON.stringify({ seconds: (performance.now() - start) / 1000, cpu: (user + system) / 1e6, peakMiB }));
} else {
  mkdirSync(work, { recursive: true });
  execFileSync('cargo', ['build', '--release', '--quiet', '-p', 'zugabe-cli', '--no-default-features'], { cwd: root, stdio: 'inherit' });
  execFileSync('cargo', ['build', '--release', '--quiet', '-p', 'zugabe', '--example', 'bench_score'], { cwd: root, stdio: 'inherit' });
  const target = process.env.CARGO_TARGET_DIR ?? join(root, 'target');
  const tool = join(target, 'release/zugabe');
  const call = join(target, 'release/examples/bench_score');
  const alone = (/** @type {string[]} */ ...args) => () => spawn(call, args);
  const wasm = existsSync(join(root, 'dist/full'));
  const file = (/** @type {string} */ name, /** @type {string[]} */ args) => {
    const path = join(work, name);
    if (!existsSync(path)) {
      // Half a file of a run that was broken off is none.
      execFileSync(python('lifetimes'), [join(here, 'make.py'), ...args, `${path}.part`], { stdio: 'inherit' });
      renameSync(`${path}.part`, path);
    }
    return path;
  };
  const load = () => loadavg().map((one) => one.toFixed(1)).join(' ');
  console.log(`${cpus().length} cores, ${cpus()[0]?.model}; load at the start ${load()}; medians of ${repeat} runs`);
  console.log('| what | who | seconds | processor seconds | peak MiB | times the fastest peer: clock, processor | memory |');
  console.log('|---|---|--:|--:|--:|--:|--:|');
  const pymc = !process.argv.includes('--no-pymc');
  const largest = file(`customers-${customers}.csv`, ['customers', String(customers)]);
  for (const count of wanted('fit') ? [...new Set([2_357, 23_570, customers].filter((count) => count <= customers))] : []) {
    const table = file(`customers-${count}.csv`, ['customers', String(count)]);
    compare(`BG/NBD fit, ${count.toLocaleString('en')}`, [
      { who: 'lifetimes', peer: true, run: ofPeer('lifetimes', 'lifetimes-fit', table) },
      ...(pymc ? [{ who: 'pymc-marketing, MAP', peer: true, run: ofPeer('pymc', 'pymc-fit', table) }] : []),
      { who: 'Zugabe, the call alone', run: alone('fit', table, String(cpus().length)) },
      { who: 'Zugabe, the call alone, one thread', run: alone('fit', table, '1') },
      { who: 'Zugabe, whole process', run: ofProcess(tool, ['fit', table, '--out', join(work, 'fit.json')]) },
      ...(wasm ? [{ who: 'Zugabe, wasm', run: inWasm('fit', table) }] : []),
    ]);
  }
  if (wanted('clv')) {
    execFileSync(tool, ['fit', largest, '--out', join(work, 'fit.json')]);
    execFileSync(tool, ['fit', largest, '--model', 'gammagamma', '--out', join(work, 'spend.json')]);
    const params = (/** @type {string} */ name) => JSON.parse(readFileSync(join(work, name), 'utf8')).params;
    writeFileSync(join(work, 'params.json'), JSON.stringify({ ...params('fit.json'), ...params('spend.json') }));
    const predict = ['predict', largest, '--params', join(work, 'params.json'), '--horizon', '52.14', '--discount', '0.01', '--discount-period', '4.345'];
    compare(`CLV of 12 months, ${customers.toLocaleString('en')}`, [
      { who: 'lifetimes', peer: true, run: ofPeer('lifetimes', 'lifetimes-clv', largest) },
      { who: 'Zugabe, the call alone', run: alone('clv', largest, String(cpus().length), join(work, 'params.json')) },
      { who: 'Zugabe, the call alone, one thread', run: alone('clv', largest, '1', join(work, 'params.json')) },
      { who: 'Zugabe, whole process', run: ofProcess(tool, [...predict, '--out', join(work, 'clv.csv')]) },
      ...(wasm ? [{ who: 'Zugabe, wasm', run: inWasm('clv', largest) }] : []),
    ]);
  }
  for (const count of wanted('orders') && orders > 0 ? [...new Set([Math.min(orders, 1_000_000), orders])] : []) {
    const log = file(`orders-${count}.csv`, ['orders', String(Math.ceil(count / 10)), String(count)]);
    const score = ['score', log, '--currency', 'EUR'];
    compare(`${count.toLocaleString('en')} orders to tiers`, [
      { who: 'polars', peer: true, run: ofPeer('polars', 'polars-orders', log) },
      { who: 'DuckDB', peer: true, run: ofPeer('duckdb', 'duckdb-orders', log) },
      { who: 'pandas', peer: true, run: ofPeer('pandas', 'pandas-orders', log) },
      { who: 'Zugabe', run: ofProcess(tool, [...score, '--without-value']) },
      { who: 'Zugabe, one thread', run: ofProcess(tool, [...score, '--without-value', '--threads', '1']) },
      { who: 'Zugabe, with lifetime value', run: ofProcess(tool, score) },
      // A wasm module has 4 GiB at most, and the importer for pages keeps every order.
      ...(wasm && count <= 1_000_000 ? [{ who: 'Zugabe, wasm', run: inWasm('orders', log) }] : []),
    ]);
  }
  console.log(`load at the end ${load()}`);
}
