/** The backend: `createBackend({ program, keys, store, apiKeys })` has a Web-standard `fetch`; `listen` puts it on a port of Node's. `docs/backend.md`. */

export { ZugabeError } from '../errors.js';
export { createBackend } from './backend.js';
export { newApiKey, readApiKeys } from './keys.js';
export { listen } from './listen.js';
export { openApi } from './openapi.js';
export { newWebhookSecret } from './outbox.js';
export { verifyWebhook } from './signature.js';
export { createMemoryStore, createPostgresStore, createSqliteStore } from './store/index.js';
