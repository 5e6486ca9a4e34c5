/** How do the scripts run other programs and say what they do? Plain lines, and one sentence when something fails. */
import { spawn } from 'node:child_process';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root folder. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** A failure that is fully explained by its message: what went wrong and what to do. Shown without a stack. */
export class Stop extends Error {}

/** A program that ran and said no. `output` is what it printed. */
export class Failed extends Error {
  /**
   * @param {string} command
   * @param {string} output
   */
  constructor(command, output) {
    super(`${command} failed.`);
    this.output = output;
  }
}

const terminal = Boolean(process.stdout.isTTY);
/** Between two signs of life: often where a line can be rewritten, seldom where lines pile up. */
const PULSE = terminal ? 200 : 15_000;

/**
 * Does one thing, says so, and says how long it took.
 * @template T
 * @param {string} title
 * @param {(detail: (text: string) => void) => Promise<T> | T} work told to call `detail` with what happens right now
 * @returns {Promise<T>}
 */
export async function step(title, work) {
  const begun = performance.now();
  let detail = '';
  const pulse = setInterval(() => {
    const line = `  ${title}: ${seconds(begun)}${detail && `, ${detail}`}`;
    if (terminal) process.stdout.write(`\r\x1b[K${line.slice(0, (process.stdout.columns || 80) - 1)}`);
    else console.log(line);
  }, PULSE);
  const end = () => {
    clearInterval(pulse);
    if (terminal) process.stdout.write('\r\x1b[K');
  };
  try {
    const value = await work((text) => (detail = text.trim()));
    end();
    console.log(`${title}: ${seconds(begun)}`);
    return value;
  } catch (error) {
    end();
    console.log(`${title}: failed after ${seconds(begun)}`);
    throw error;
  }
}

/** @param {number} begun */
const seconds = (begun) => `${((performance.now() - begun) / 1000).toFixed(1)} s`;

/**
 * Runs a program and returns what it printed.
 * @param {string} command
 * @param {string[]} args
 * @param {{ env?: Record<string, string>, cwd?: string, detail?: (line: string) => void, input?: string }} [options]
 * @returns {Promise<string>} standard output
 * @throws {Failed} when it exits with anything but 0
 */
export function run(command, args, { env, cwd = root, detail, input } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
      shell: process.platform === 'win32' && command === 'npm',
    });
    let stdout = '';
    let all = '';
    /** @param {string} text */
    const take = (text) => {
      all += text;
      const line = text.trimEnd().split('\n').at(-1);
      if (line) detail?.(line);
    };
    child.stdout?.setEncoding('utf8').on('data', (text) => {
      stdout += text;
      take(text);
    });
    child.stderr?.setEncoding('utf8').on('data', take);
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(stdout);
      else reject(new Failed(`${command} ${args.join(' ')}`, all));
    });
    if (input !== undefined) child.stdin?.end(input);
  });
}

/**
 * Runs a script's main function: a `Stop` becomes its sentence, anything else keeps its stack.
 * @param {() => Promise<void>} work
 */
export async function main(work) {
  try {
    await work();
  } catch (error) {
    console.error(tell(error));
    process.exit(1);
  }
}

/**
 * What a person needs to read about a failure.
 * @param {unknown} error
 */
export function tell(error) {
  if (error instanceof Stop) return `\n${error.message}`;
  if (error instanceof Failed) return `${lastLines(error.output, 60)}\n\n${error.message}`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/**
 * @param {string} text
 * @param {number} count
 */
const lastLines = (text, count) => text.trimEnd().split('\n').slice(-count).join('\n');
