/** A process with a store of its own, for tests of several processes and of sudden ends. It is told what to do, and tells what came of it. */
import { createPostgresStore, createSqliteStore } from '../../js/server/store/index.js';

/** @import { Store } from '../../js/server/store/index.js' */

/** @type {Store} */
let store;

const tell = (/** @type {object} */ message) => process.send?.(message);

const asked = {
  /** @param {{ kind: 'sqlite' | 'postgres', options: any }} message */
  async open({ kind, options }) {
    store = await (kind === 'sqlite' ? createSqliteStore(options) : createPostgresStore(options));
    return true;
  },
  /** All at once. @param {{ operations: object[] }} message */
  run({ operations }) {
    return Promise.all(
      operations.map((operation) =>
        store.run(operation).then(
          ({ answer }) => answer.outcome ?? answer.refusal,
          ({ code, message }) => `${code}: ${message}`,
        ),
      ),
    );
  },
  /**
   * Redeems until the end of the process, and names each order once it is acknowledged.
   * @param {{ lanes: number, prefix: string, codes: string[], now: string, amount: number }} message
   */
  async load({ lanes, prefix, codes, now, amount }) {
    const lane = async (/** @type {number} */ number) => {
      for (let turn = 0; ; turn++) {
        const order = `${prefix}-${number}-${turn}`;
        const code = codes[(number + turn) % codes.length];
        const action = { type: 'redeem', code, order, holder: { customer: `c${turn % 7}` }, amount };
        const { answer } = await store.run({ v: 1, tenant: 't', key: order, now, action });
        if (answer.outcome === 'done') tell({ done: order, code });
      }
    };
    await Promise.all(Array.from({ length: lanes }, (_, number) => lane(number)));
  },
  verify: () => store.verify(),
  async close() {
    await store.close();
    setImmediate(() => process.disconnect());
    return true;
  },
};

process.on('message', async (/** @type {any} */ message) => {
  try {
    tell({ id: message.id, value: await asked[/** @type {keyof typeof asked} */ (message.what)](message) });
  } catch (error) {
    const { code, message: said } = /** @type {any} */ (error);
    tell({ id: message.id, error: { code, message: said } });
  }
});
