/**
 * How fast are scores, beside lifetimes, pymc-marketing, polars and DuckDB, in one run? Each peer gets a virtual
 * environment of its own. Flags: --pymc (slow: compiles), --orders N (default 10,000,000; 0 leaves them out), --repeat N.
 *
 * The peers' times are those of the call alone, without starting and reading; ours are whole processes, from start to written
 * result, and in wasm the call with the bytes of the file. For orders everybody's time is the whole way from the file.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const here = fileURLToPath(new URL('.', import.meta.url));
const work = join(root, 'target/bench-score');
const flag = (/** @type {string} */ name, /** @type {number} */ otherwise) => {
  const at = process.argv.indexOf(name);
  return at < 0 ? otherwise : Number(process.argv[at + 1]);
};
const repeat = flag('--repeat', 3);
const orders = flag('--orders', 10_000_000);

const packages = {
  lifetimes: ['lifetimes==0.11.3', 'numpy==1.23.5', 'pandas==1.5.3', 'scipy==1.10.1', 'autograd==1.9.1'],
  pymc: ['pymc-marketing==0.19.2'],
  polars: ['polars'],
  duckdb: ['duckdb', 'numpy'],
};

/** The interpreter of a peer's own environment. @param {keyof typeof packages} peer */
function python(peer) {
  const folder = join(work, peer);
  const interpreter = join(folder, 'bin/python');
  if (!existsSync(join(folder, 'ready'))) {
    execFileSync('python3', ['-m', 'venv', folder], { stdio: 'inherit' });
    execFileSync(interpreter, ['-m', 'pip', 'install', '--quiet', ...packages[peer]], { stdio: 'inherit' });
    execFileSync('touch', [join(folder, 'ready')]);
  }
  return interpreter;
}

/** Seconds and peak memory of a process, the median of some runs. @param {string} command @param {string[]} args */
function processTime(command, args) {
  const script = `import json,resource,subprocess,sys,time
s=time.perf_counter(); r=subprocess.run(sys.argv[1:],stdout=subprocess.DEVNULL); t=time.perf_counter()-s
print(json.dumps({"seconds":t,"peakMiB":round(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss/1024)})) if r.returncode==0 else sys.exit(1)`;
  return median(() => spawnSync('python3', ['-c', script, command, ...args], { encoding: 'utf8' }));
}

/** @param {() => import('node:child_process').SpawnSyncReturns<string>} run */
function median(run) {
  const results = Array.from({ length: repeat }, () => {
    const { status, stdout, stderr } = run();
    if (status !== 0) throw new Error(stderr || 'failed');
    return JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
  });
  return results.sort((a, b) => a.seconds - b.seconds)[Math.floor(results.length / 2)];
}

/** @param {keyof typeof packages} peer @param {string} task @param {string} file */
const peerTime = (peer, task, file) =>
  median(() => spawnSync(python(peer), [join(here, 'peers.py'), task, file], { encoding: 'utf8' }));

/** In wasm, the call alone. @param {string} task @param {string} file */
const wasmTime = (task, file) => median(() => spawnSync(process.execPath, [fileURLToPath(import.meta.url), '--wasm', task, file], { encoding: 'utf8' }));

/** @param {string} what @param {string} who @param {{ seconds: number, peakMiB: number }} result @param {number} [beside] */
function show(what, who, { seconds, peakMiB }, beside) {
  const ratio = beside === undefined ? '' : `${(beside / seconds).toFixed(1)} x`;
  console.log(`| ${what} | ${who} | ${seconds.toFixed(3)} | ${peakMiB} | ${ratio} |`);
}

if (process.argv[2] === '--wasm') {
  const glue = await import(pathToFileURL(join(root, 'dist/full/zugabe_full.js')).href);
  glue.initSync({ module: readFileSync(join(root, 'dist/full/zugabe_full_bg.wasm')) });
  const [task, file] = process.argv.slice(3);
  const bytes = readFileSync(file);
  const start = performance.now();
  if (task === 'fit') glue.fit(bytes, 'bgnbd', 0);
  else glue.predict(bytes, 'bgnbd', readFileSync(join(work, 'params.json'), 'utf8'), JSON.stringify({ horizon: 52.14, discount: 0.01, discountPeriod: 4.345 }));
  console.log(JSON.stringify({ seconds: (performance.now() - start) / 1000, peakMiB: Math.round(process.resourceUsage().maxRSS / 1024) }));
} else {
  mkdirSync(work, { recursive: true });
  execFileSync('cargo', ['build', '--release', '--quiet', '-p', 'zugabe-cli'], { cwd: root, stdio: 'inherit' });
  const tool = join(root, 'target/release/zugabe');
  const file = (/** @type {string} */ name, /** @type {string[]} */ args) => {
    const path = join(work, name);
    if (!existsSync(path)) execFileSync(python('lifetimes'), [join(here, 'make.py'), ...args, path], { stdio: 'inherit' });
    return path;
  };
  console.log('| what | who | seconds | peak MiB | times faster than the peer |\n|---|---|--:|--:|--:|');
  for (const count of [2_357, 23_570, 1_000_000]) {
    const table = file(`customers-${count}.csv`, ['customers', String(count)]);
    const what = `BG/NBD fit, ${count.toLocaleString('en')}`;
    const peer = peerTime('lifetimes', 'lifetimes-fit', table);
    show(what, 'lifetimes', peer);
    if (process.argv.includes('--pymc')) show(what, 'pymc-marketing MAP', peerTime('pymc', 'pymc-fit', table));
    show(what, 'Zugabe, whole process', processTime(tool, ['fit', table, '--out', join(work, 'fit.json')]), peer.seconds);
    if (existsSync(join(root, 'dist/full'))) show(what, 'Zugabe, wasm', wasmTime('fit', table), peer.seconds);
  }
  const table = join(work, 'customers-1000000.csv');
  processTime(tool, ['fit', table, '--model', 'gammagamma', '--out', join(work, 'spend.json')]);
  const params = { ...JSON.parse(readFileSync(join(work, 'fit.json'), 'utf8')).params, ...JSON.parse(readFileSync(join(work, 'spend.json'), 'utf8')).params };
  const { writeFileSync } = await import('node:fs');
  writeFileSync(join(work, 'params.json'), JSON.stringify(params));
  const what = 'CLV of 12 months, 1,000,000';
  const peer = peerTime('lifetimes', 'lifetimes-clv', table);
  show(what, 'lifetimes', peer);
  const predict = ['predict', table, '--params', join(work, 'params.json'), '--horizon', '52.14', '--discount', '0.01', '--discount-period', '4.345'];
  show(what, 'Zugabe, whole process', processTime(tool, [...predict, '--out', join(work, 'clv.csv')]), peer.seconds);
  if (existsSync(join(root, 'dist/full'))) show(what, 'Zugabe, wasm', wasmTime('predict', table), peer.seconds);
  if (orders > 0) {
    const log = file(`orders-${orders}.csv`, ['orders', String(Math.max(1, orders / 10)), String(orders)]);
    const what = `${orders.toLocaleString('en')} orders to tiers`;
    const fastest = [['polars', 'polars-orders'], ['duckdb', 'duckdb-orders']].map(([peer, task]) => {
      const result = peerTime(/** @type {keyof typeof packages} */ (peer), task, log);
      show(what, peer, result);
      return result.seconds;
    });
    show(what, 'Zugabe, whole process', processTime(tool, ['score', log, '--currency', 'EUR']), Math.min(...fastest));
  }
}
