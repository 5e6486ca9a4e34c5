/** Where do the books lie? One small interface and three stores behind it; `docs/backend.md` says which one is for whom. */

/**
 * @typedef {string | number} Cell - No column is ever null: `docs/books.md`.
 * @typedef {Record<string, Cell>} Row
 */

/**
 * A condition on a column: equal to a cell, or to one of several; or between bounds.
 * @typedef {Cell | { in: Cell[] } | { not: Cell } | { atMost: Cell } | { atLeast: Cell }} Filter
 */

/**
 * Which rows, and in which order.
 * @typedef {object} Query
 * @property {Record<string, Filter>} [where] - By column; all of them hold.
 * @property {string[]} [columns] - Absent, all of them.
 * @property {string[]} [order] - Columns; absent, the primary key. Text is in the store's own order: good for paging, not for readers.
 * @property {boolean} [descending]
 * @property {number} [limit] - 1,000 where absent, 10,000 at most.
 * @property {Cell[]} [after] - Only rows behind the one with these cells in the columns of `order`: the next page.
 */

/**
 * What came of an operation: `answer` for the caller, `effects` as they are in the outbox.
 * @typedef {object} Ran
 * @property {BooksAnswer} answer
 * @property {{ topic: string, id: string }[]} effects
 * @property {boolean} replayed - Whether it is the answer of an earlier request with the same key.
 */

/**
 * A `BooksAnswer`: whoever asks from outside is told `told`, never `refusal`.
 * @typedef {object} BooksAnswer
 * @property {1} v
 * @property {string} operation
 * @property {'done' | 'already_done' | 'renewed' | 'nothing_to_do'} [outcome]
 * @property {string} [refusal]
 * @property {string} [told]
 * @property {number} status
 * @property {string} [code]
 * @property {string} [order]
 * @property {string} [heldUntil]
 * @property {number} [start]
 */

/**
 * A `BooksAudit`.
 * @typedef {{ v: 1, ok: boolean, entries: number, rows: number, findings: { table: string, key: string[], column: string, entries: number, row: number }[] }} BooksAudit
 */

/**
 * Rows by step. `stopped` names the step that gave no row and had to: then nothing at all has changed.
 * @typedef {{ rows: Record<string, Row[]>, stopped?: string }} Executed
 */

/**
 * Whoever cannot be reached or has no room now throws `unavailable`: nothing was acknowledged, ask again with the same key.
 * @typedef {object} Store
 * @property {'memory' | 'sqlite' | 'postgres'} kind
 * @property {(operation: object | string) => Promise<Ran>} run - One `BooksOperation`. What it changed is on disk when the promise resolves.
 * @property {(table: string, query?: Query) => Promise<Row[]>} read - Rows of a table of the books.
 * @property {(steps: object[]) => Promise<Executed>} execute - Statements of `docs/books.md` in one transaction.
 * @property {() => Promise<BooksAudit>} verify - Replays the entries and compares them with the counters.
 * @property {() => Promise<Health>} health
 * @property {(path: string) => Promise<void>} [backup] - A copy of the books while they are in use (SQLite).
 * @property {() => Promise<void>} close - Answers what was asked before, then ends.
 */

/** @typedef {{ ok: boolean, waiting: number, why?: string }} Health - `waiting`: requests that are not answered yet. */

export { createMemoryStore } from './memory.js';
export { createPostgresStore } from './postgres.js';
export { createSqliteStore } from './sqlite.js';
