/** What if the disk is full or fails? Injected below SQLite, in a process of its own: refused, and never half-written. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createSqliteStore } from '../../js/server/store/index.js';
import { startProcess } from './processes.mjs';
import { Desk, folder, tally } from './stores.mjs';

const compiler = () => {
  try {
    execFileSync('cc', ['--version'], { stdio: 'ignore' });
    return process.platform === 'linux' ? false : 'this is not Linux';
  } catch {
    return 'there is no C compiler (Debian: gcc)';
  }
};

describe('A disk that fails', { skip: compiler() }, () => {
  /** @type {(() => unknown)[]} */
  const endings = [];
  after(() => endings.reverse().forEach((end) => end()));
  const at = folder(endings);
  const [library, fault] = [join(at, 'faults.so'), join(at, 'fault')];
  const now = '2026-11-23T10:00:00Z';
  before(() => {
    execFileSync('cc', ['-shared', '-fPIC', '-O1', '-o', library, fileURLToPath(new URL('./faults.c', import.meta.url)), '-ldl']);
  });

  const cases = [
    ['fsync', 'cannot be forced to write', /failed \(SQLITE_IOERR/],
    ['full', 'is full', /is full/],
    ['torn', 'is full in the middle of a write', /is full/],
  ];
  for (const [kind, words, sentence] of /** @type {[string, string, RegExp][]} */ (cases)) {
    test(`a disk that ${words}: everything asked meanwhile is refused with a sentence, and is as if it had not been asked`, async () => {
      const options = { path: join(at, `${kind}-books.sqlite`) };
      const child = startProcess({ env: { LD_PRELOAD: library, ZUGABE_FAULT: fault } });
      endings.push(() => child.kill());
      await child.ask('open', { kind: 'sqlite', options });
      const run = (/** @type {object[]} */ ...operations) => child.ask('run', { operations });
      const redeem = (/** @type {string} */ order) => ({
        ...{ v: 1, tenant: 't', key: order, now },
        action: { type: 'redeem', code: 'A', order, holder: { customer: 'anna' }, amount: 5 },
      });
      const setup = [
        { type: 'campaign', campaign: 'c' },
        { type: 'budget', budget: 'b', granted: 10_000 },
        { type: 'issue', code: 'A', campaign: 'c', budget: 'b' },
      ].map((action) => ({ v: 1, tenant: 't', now, action }));
      assert.deepEqual(await run(...setup), ['done', 'done', 'done']);
      const first = Array.from({ length: 30 }, (_, n) => redeem(`first-${n}`));
      assert.deepEqual(tally(await run(...first)), { done: 30 });

      writeFileSync(fault, kind);
      const asked = Array.from({ length: 100 }, (_, n) => redeem(`meanwhile-${n}`));
      const refused = await run(...asked);
      for (const word of refused) assert.match(word, sentence);
      // Another time, with the books in the state the first failure left them in.
      for (const word of await run(...asked)) assert.match(word, /^unavailable: /);
      rmSync(fault);

      assert.equal((await child.ask('verify')).ok, true);
      // The same requests with the same keys, now that there is room: none had left anything behind.
      assert.deepEqual(tally(await run(...asked)), { done: 100 });
      assert.deepEqual(tally(await run(redeem('last'))), { done: 1 });

      // The disk fails again, and the power with it.
      writeFileSync(fault, kind);
      const lost = Array.from({ length: 50 }, (_, n) => redeem(`lost-${n}`));
      for (const word of await run(...lost)) assert.match(word, /^unavailable: /);
      await child.kill();
      rmSync(fault);
      const store = await createSqliteStore(options);
      endings.push(() => store.close());
      const books = new Desk(store);
      await books.verified();
      const orders = await store.read('redemption', { limit: 10_000 });
      const acknowledged = orders.filter(({ order_id }) => !String(order_id).startsWith('lost'));
      assert.equal(acknowledged.length, 131);
      assert.deepEqual(await books.money(), [10_000 - 5 * orders.length, 0, 5 * orders.length], 'each of the others is there as a whole, or not at all');
      assert.deepEqual(tally(await Promise.all(lost.map((one) => books.said(one.action, one.key)))), { done: 50 });
      assert.equal((await store.read('redemption', { limit: 10_000 })).length, 181);
      await books.verified();
    });
  }
});
