/** Do operations share what a commit costs? Counted in the file: a commit leaves a mark in what SQLite writes ahead. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { createSqliteStore } from '../../js/server/index.js';
import { parallel } from './stores.mjs';

/** Commits since the last checkpoint: frames that say how large the file is now, of the generation that the header names. @param {string} path */
function commits(path) {
  const wal = readFileSync(`${path}-wal`);
  if (wal.length < 32) return 0;
  const [page, salt] = [wal.readUInt32BE(8), wal.readBigUInt64BE(16)];
  let count = 0;
  for (let at = 32; at + 24 <= wal.length && wal.readBigUInt64BE(at + 8) === salt; at += 24 + page) if (wal.readUInt32BE(at + 4) > 0) count += 1;
  return count;
}

const ask = (/** @type {object} */ action) => ({ v: 1, tenant: 'shop', now: '2026-11-23T10:00:00Z', action });
const issue = (/** @type {number} */ n) => ask({ type: 'issue', code: `C${n}`, campaign: 'one' });

test('64 operations that come together share a few commits, and one after the other has one each', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'zugabe-groups-'));
  const path = join(folder, 'books.sqlite');
  const store = await createSqliteStore({ path });
  t.after(async () => {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  });
  await store.run(ask({ type: 'campaign', campaign: 'one' }));
  const before = commits(path);
  const told = await parallel(64, (n) => store.run(issue(n)));
  assert.ok(told.every(({ answer }) => answer.outcome === 'done'));
  const shared = commits(path) - before;
  // They cross to the thread in portions, and even on a machine that does nothing else for it a portion is not taken apart.
  assert.ok(shared >= 1 && shared <= 12, `${shared} commits`);
  for (let n = 64; n < 69; n++) await store.run(issue(n));
  assert.equal(commits(path) - before - shared, 5, 'what was acknowledged is on the disk');
});

test('an operation that was refused for the number of those that wait can be asked later, although it was the first of its kind', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'zugabe-groups-'));
  const store = await createSqliteStore({ path: join(folder, 'books.sqlite'), maxWaiting: 1 });
  t.after(async () => {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const first = store.run(ask({ type: 'campaign', campaign: 'one' }));
  await assert.rejects(store.run(issue(1)), { code: 'unavailable' });
  await first;
  assert.equal((await store.run(issue(1))).answer.outcome, 'done');
});
