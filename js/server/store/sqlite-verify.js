/** Do the books agree with their entries? Reads the SQLite file in a thread of its own, all of it as it was at one moment. */
import { parentPort, workerData } from 'node:worker_threads';
import { audited } from './audit.js';
import { openToRead } from './sqlite-file.js';

const database = openToRead(workerData.path);
database.exec('BEGIN');
const result = await audited(function* (_, sql) {
  yield* database.prepare(sql).iterate();
});
database.close();
parentPort?.postMessage(result);
