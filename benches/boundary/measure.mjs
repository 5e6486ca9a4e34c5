// How long does one built module take? `measure.mjs MODULE.js LEGS` prints one line of JSON, from a process of its own.

import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { broken, others, policy, request } from './documents.mjs';

const [file, legs] = process.argv.slice(2);
const [policyLeg, requestLeg, decisionLeg] = legs.split('/');
const { Engine, initSync } = await import(pathToFileURL(file).href);
initSync({ module: readFileSync(file.replace(/\.js$/, '_bg.wasm')) });

/** The cost of making and reading text on the JavaScript side belongs to the boundary. @param {unknown} value */
const cross = (leg, value) => (leg === 'text' ? JSON.stringify(value) : value);
const open = (document) => new Engine(cross(policyLeg, document));
const decide = (engine, value) => {
  const decision = engine.decide(cross(requestLeg, value));
  return decisionLeg === 'text' ? JSON.parse(decision) : decision;
};

/** The median of one call in microseconds, after warm-up. */
function median(calls, warm, call) {
  for (let n = 0; n < warm; n++) call();
  const times = [];
  for (let n = 0; n < calls; n++) {
    const from = process.hrtime.bigint();
    call();
    times.push(Number(process.hrtime.bigint() - from) / 1000);
  }
  return times.sort((a, b) => a - b)[calls >> 1];
}

const big = policy({ options: 40, cells: 20 });
const small = policy({ options: 6, cells: 4 });
const engine = open(big);
const engineSmall = open(small);
/** Which broken requests are taken. A trap is no refusal: the module would be unusable afterwards. */
const accepts = Object.keys(broken).filter((name) => {
  try {
    decide(engine, broken[name]);
    return true;
  } catch (error) {
    if (!(error instanceof Error) || error instanceof WebAssembly.RuntimeError) throw error;
    return false;
  }
});
console.log(
  JSON.stringify({
    accepts,
    answers: [request, ...others].flatMap((value) => [decide(engine, value), decide(engineSmall, value)]),
    decide: median(4000, 4000, () => decide(engine, request)),
    decideSmall: median(4000, 2000, () => decide(engineSmall, request)),
    open: median(400, 200, () => open(big).free()),
  }),
);
