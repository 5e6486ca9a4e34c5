/** Where in the programme's text does a value stand, and how is it changed? Whoever wrote the text keeps the layout. */
import { findNodeAtLocation, parseTree, printParseErrorCode, stripComments } from 'jsonc-parser';

/** @typedef {(string | number)[]} Path */

/**
 * @param {string} text
 * @returns {any} the document, or nothing while it is not JSON
 */
export function parse(text) {
  try {
    const value = JSON.parse(text.includes('//') ? stripComments(text, ' ') : text);
    return value && typeof value === 'object' && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** A programme may have comments behind `//`, as `zugabe init` writes them, and nothing else that JSON has not. */
const COMMENTED = { disallowComments: false, allowTrailingComma: false };

/**
 * Where a text stops being JSON, for a person: line, column and what is wrong. Nothing where it is JSON.
 * @param {string} text
 * @returns {{ offset: number, length: number, line: number, column: number, what: string } | undefined}
 */
export function firstMistake(text) {
  if (parse(text)) return undefined;
  /** @type {import('jsonc-parser').ParseError[]} */
  const errors = [];
  parseTree(text, errors, COMMENTED);
  const { offset, length, error } = errors[0] ?? { offset: 0, length: 0, error: 0 };
  const before = text.slice(0, offset).split('\n');
  const what = errors[0] ? spoken(printParseErrorCode(error)) : 'a block in braces is missing';
  return { offset, length, line: before.length, column: (before.at(-1)?.length ?? 0) + 1, what };
}

/** `CommaExpected` as "comma expected". @param {string} code */
const spoken = (code) => code.replaceAll(/(?!^)([A-Z])/g, ' $1').toLowerCase();

/**
 * `options[0].text.de.title` as its parts.
 * @param {string} path
 * @returns {Path}
 */
export function partsOf(path) {
  return [...path.matchAll(/[^.[\]]+/g)].map(([part]) => (/^\d+$/.test(part) ? Number(part) : part));
}

/**
 * The value at a path.
 * @param {any} program
 * @param {string} path
 */
export function valueAt(program, path) {
  return partsOf(path).reduce((value, part) => value?.[part], program);
}

/**
 * Where the value at a path stands, or the nearest one around it.
 * @param {string} text
 * @param {string} path
 * @returns {{ offset: number, length: number }}
 */
export function placeOf(text, path) {
  const tree = parseTree(text);
  if (!tree) return { offset: 0, length: 0 };
  const parts = partsOf(path);
  for (let count = parts.length; count > 0; count -= 1) {
    const node = findNodeAtLocation(tree, parts.slice(0, count));
    if (node) return { offset: (node.parent?.type === 'property' ? node.parent : node).offset, length: (node.parent?.type === 'property' ? node.parent : node).length };
  }
  return { offset: 0, length: 0 };
}

/** Blocks that may go once nothing is in them. */
const LOOSE = /^(allowance|economics|holdout|referral|referral\.friend|options\[\d+\]\.(effect|promotion|text)|options\[\d+\]\.text\.\w+|referral\.referrerGift)$/;

/**
 * The text with the value at a path set, or taken away where there is none.
 * @param {string} text
 * @param {string} path
 * @param {unknown} value
 * @returns {string}
 */
export function withValue(text, path, value) {
  const parts = partsOf(path);
  const whole = parse(text);
  if (!whole || JSON.stringify(valueAt(whole, path)) === JSON.stringify(value)) return text;
  if (value === undefined) {
    const outer = path.replace(/(\.[^.[]+|\[\d+\])$/, '');
    const block = outer !== path && valueAt(whole, outer);
    const last = parts.at(-1) ?? '';
    // What would be empty afterwards goes with its last value.
    if (block && !Array.isArray(block) && Object.keys(block).length === 1 && last in block && LOOSE.test(outer)) return withValue(text, outer, undefined);
  }
  return changed(text, parts, value);
}

/**
 * The text with a value at the end of a list.
 * @param {string} text
 * @param {string} path of the list
 * @param {unknown} value
 */
export function withLast(text, path, value) {
  const list = valueAt(parse(text), path);
  if (!Array.isArray(list)) return withValue(text, path, [value]);
  return changed(text, [...partsOf(path), list.length], value);
}

/**
 * @param {string} text
 * @param {Path} parts
 * @param {unknown} value
 */
function changed(text, parts, value) {
  const tree = parseTree(text);
  if (!tree) return text;
  const there = findNodeAtLocation(tree, parts);
  if (there && value !== undefined && !(value instanceof Object)) {
    return text.slice(0, there.offset) + JSON.stringify(value) + text.slice(there.offset + there.length);
  }
  // One option, or one block, is written anew; the rest of the text stays as it is.
  const block = parts[0] === 'options' ? 2 : 1;
  const node = parts.length > block && findNodeAtLocation(tree, parts.slice(0, block));
  const whole = parse(text);
  if (!whole) return text;
  set(whole, parts, value);
  if (!node) return `${print(whole, 0, true)}\n`;
  const column = node.offset - (text.lastIndexOf('\n', node.offset - 1) + 1);
  const written = print(parts.slice(0, block).reduce((inner, part) => inner[part], whole), column);
  return text.slice(0, node.offset) + written + text.slice(node.offset + node.length);
}

/**
 * @param {any} whole
 * @param {Path} parts
 * @param {unknown} value
 */
function set(whole, parts, value) {
  const last = /** @type {string | number} */ (parts.at(-1));
  let block = whole;
  for (const part of parts.slice(0, -1)) {
    if (!(block[part] instanceof Object)) block[part] = {};
    block = block[part];
  }
  if (value !== undefined) block[last] = value;
  else if (Array.isArray(block)) block.splice(Number(last), 1);
  else delete block[last];
}

/** As wide as a line of the programme may get. */
const WIDTH = 110;

/**
 * A value as a person would write it: in one line where it fits.
 * @param {any} value
 * @param {number} indent
 * @param {boolean} [broken] whether it takes several lines even where one would do
 * @returns {string}
 */
function print(value, indent, broken = false) {
  if (!(value instanceof Object)) return JSON.stringify(value);
  const list = Array.isArray(value);
  const entries = Object.entries(value).map(([key, inner]) => [list ? '' : `${JSON.stringify(key)}: `, inner]);
  if (entries.length === 0) return list ? '[]' : '{}';
  if (!broken) {
    const tight = list && !value.some((inner) => inner instanceof Object);
    const inside = entries.map(([key, inner]) => key + print(inner, -Infinity)).join(', ');
    const line = list ? (tight ? `[${inside}]` : `[ ${inside} ]`) : `{ ${inside} }`;
    if (indent + line.length <= WIDTH) return line;
  }
  const pad = ' '.repeat(indent + 2);
  const lines = entries.map(([key, inner]) => `${pad}${key}${print(inner, indent + 2)}`);
  return `${list ? '[' : '{'}\n${lines.join(',\n')}\n${' '.repeat(indent)}${list ? ']' : '}'}`;
}

/**
 * `options[0].effect.upliftBp` as a merchant would say it.
 * @param {string} path
 */
export function plainPath(path) {
  const [, last = path] = /([^.[\]]+)$/.exec(path) ?? [];
  return /** @type {Record<string, string>} */ ({
    model: 'how many come back',
    marginBp: 'what an order leaves over',
    upliftBp: 'how many come back because of it',
    redeemBp: 'how many redeem it',
    allowance: 'what a thank-you may cost',
  })[last] ?? last;
}
