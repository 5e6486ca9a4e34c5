/**
 * How does a person see Zugabe? `npm start` installs what is needed, builds, makes the sample and serves studio, shop and docs.
 * `npm start -- --orders FILE` opens the studio with an order export, `--port N` takes that port.
 */
import './node-version.mjs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildPages, buildParts, buildTool, buildWasm } from './build.mjs';
import { SAMPLE, makeSample, makeShop } from './demo.mjs';
import { createHandler, listen, ordersAt } from './serve.mjs';
import { Stop, main, root } from './shell.mjs';
import { ensurePackages, ensureRust } from './tools.mjs';

const PORT = 4173;

/** @returns {{ orders: string[], port: number | undefined }} */
function options() {
  try {
    const { values } = parseArgs({ options: { orders: { type: 'string', multiple: true }, port: { type: 'string' } } });
    const port = values.port === undefined ? undefined : Number(values.port);
    if (port !== undefined && !(Number.isInteger(port) && port > 0 && port < 65_536)) throw new Error('--port takes a number from 1 to 65535');
    return { orders: values.orders ?? [], port };
  } catch (error) {
    throw new Stop(`${error instanceof Error ? error.message : error}. Usage: npm start -- [--orders FILE] [--port N]`);
  }
}

await main(async () => {
  const begun = performance.now();
  const { orders: files, port: wanted } = options();
  const orders = await ordersAt(files);
  await ensureRust();
  await ensurePackages();
  await buildWasm();
  await buildParts();
  await makeSample(() => buildTool('release', { pdf: false }));
  await buildPages();

  /** @type {(request: Request) => Promise<Response>} */
  let demo = async () => new Response(null, { status: 503 });
  const handler = createHandler({ folder: join(root, 'dist/www'), orders, home: '/studio/', demo: (request) => demo(request) });
  const { port } = await listen(handler, { port: wanted ?? PORT, search: wanted === undefined });
  if (wanted === undefined && port !== PORT) console.log(`Port ${PORT} is busy, so this is ${port}.`);
  const site = `http://localhost:${port}`;
  await makeShop(`${site}/shop/`);
  const { createDemo } = await import('../www/shop/server.mjs');
  demo = createDemo({ address: `${site}/shop/` }).fetch;
  const query = new URLSearchParams([...orders.keys()].map((address) => ['orders', address])).toString();
  console.log(`Ready after ${((performance.now() - begun) / 1000).toFixed(1)} s. Stop with Ctrl+C.\n`);
  console.log(`  Studio  ${site}/studio/${query && `?${query}`}`);
  console.log(`  Shop    ${site}/shop/`);
  console.log(`  Backend ${site}/shop/story.html (who brought whom: order, pass on, put the clock forward)`);
  console.log(`  Docs    ${site}/docs/ (for theme developers)`);
  console.log(`  Sample  ${SAMPLE}, an order file to drop into the studio`);
});
