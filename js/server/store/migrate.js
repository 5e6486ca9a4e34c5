/** Which statements make the tables, and were they run? Each set once, however many processes start together. */
import { createHash } from 'node:crypto';
import { ZugabeError } from '../../errors.js';
import { booksTables } from '../../node.js';

/** The only table that is not of the books: which sets of statements were run here. */
export const LIST = 'CREATE TABLE IF NOT EXISTS "zugabe_migration" ("name" TEXT NOT NULL PRIMARY KEY, "version" BIGINT NOT NULL, "at" BIGINT NOT NULL)';

/**
 * The set of this release. Every statement of it leaves alone what is there.
 * @returns {{ name: string, version: number, ddl: string[] }}
 */
export function migration() {
  const { v, ddl } = booksTables();
  const hash = createHash('sha256').update(ddl.join(';\n')).digest('hex').slice(0, 16);
  return { name: `books-${v}-${hash}`, version: v, ddl };
}

/**
 * Books that a newer release has rebuilt are left alone.
 * @param {unknown} found - The highest version that was run here.
 * @param {number} ours
 */
export function refuseNewer(found, ours) {
  if (Number(found ?? 0) > ours) {
    throw new ZugabeError('unsupported_version', `These books have tables of version ${found}, this release knows version ${ours}: run the newer release.`);
  }
}
