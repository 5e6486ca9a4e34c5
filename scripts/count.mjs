/** How many tests ran? Read from the closing lines of the runners. */

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */

/**
 * @param {string} output what cargo test printed
 * @returns {Counts}
 */
export function countCargo(output) {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const [, passed, failed, ignored] of output.matchAll(/^test result: .*? (\d+) passed; (\d+) failed; (\d+) ignored/gm)) {
    counts.passed += Number(passed);
    counts.failed += Number(failed);
    counts.skipped += Number(ignored);
  }
  return counts;
}

/**
 * @param {string} output what node --test printed, with the reporter "spec"
 * @returns {Counts}
 */
export function countNode(output) {
  const number = (/** @type {string} */ name) => Number(new RegExp(`^\\S+ ${name} (\\d+)$`, 'm').exec(output)?.[1] ?? 0);
  return { passed: number('pass'), failed: number('fail') + number('cancelled'), skipped: number('skipped') + number('todo') };
}
