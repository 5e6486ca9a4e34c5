/** The backend's parts: where the books lie. */

export { createMemoryStore, createPostgresStore, createSqliteStore } from './store/index.js';
