/** What can be asked, for machines? OpenAPI 3.1, made of the routes and of the schemas that come from the Rust types. */
import { readFileSync } from 'node:fs';
import { REWARDS } from './rewards.js';
import { ROUTES } from './routes.js';

/** @import { Route } from './routes.js' */

/** @typedef {Record<string, any>} Json */

const STATUS = {
  400: 'This is no JSON, or JSON of another shape.',
  401: 'No key, or one that is not known here.',
  403: 'This key may not ask that, or not from this page.',
  404: 'Unknown: the one answer to every code that is of no use.',
  409: 'This contradicts the books, or the same request is being answered.',
  413: 'The request is too large.',
  415: 'The request is not sent as JSON.',
  422: 'A field is wrong: `path` says which one. Or the Idempotency-Key was used for another request.',
  429: 'More than may be asked: wait as long as Retry-After says.',
  500: 'Our own fault.',
  503: 'The books cannot be reached: ask again with the same Idempotency-Key.',
};

/** The schemas of all documents, as the build wrote them, and of what is answered from the books as they are. @returns {Record<string, Json>} */
export const readSchemas = () => ({ ...JSON.parse(readFileSync(new URL('../../dist/server/schemas.json', import.meta.url), 'utf8')), rewards: REWARDS });

/** References between documents become references between components. @param {any} schema @returns {any} */
function inComponents(schema) {
  if (Array.isArray(schema)) return schema.map(inComponents);
  if (typeof schema !== 'object' || schema === null) return schema;
  return Object.fromEntries(
    Object.entries(schema).map(([name, value]) => [name, name === '$ref' && typeof value === 'string' ? value.replace('#/$defs/', '#/components/schemas/') : inComponents(value)]),
  );
}

/**
 * Those schemas that the routes need, under the names of their types.
 * @param {Record<string, Json>} documents
 * @param {string[]} wanted
 */
function components(documents, wanted) {
  /** @type {Record<string, Json>} */
  const all = {};
  for (const { title, $defs = {}, $schema: _, ...schema } of Object.values(documents)) {
    Object.assign(all, $defs);
    all[title] = { ...schema };
  }
  /** @type {Record<string, Json>} */
  const schemas = {};
  const take = (/** @type {string} */ name) => {
    if (schemas[name]) return;
    if (!all[name]) throw new Error(`There is no schema ${name}: run npm run build.`);
    schemas[name] = inComponents(all[name]);
    for (const [, other] of JSON.stringify(schemas[name]).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) take(other);
  };
  wanted.forEach(take);
  // The clock is the server's: who asks need not say what time it is, and is not believed.
  if (schemas.Request) {
    schemas.Request.required = schemas.Request.required.filter((/** @type {string} */ name) => name !== 'now');
    schemas.Request.properties.now.description = 'Not needed and not read: the server takes its own clock.';
  }
  return schemas;
}

const ref = (/** @type {string} */ name) => ({ $ref: `#/components/schemas/${name}` });
const json = (/** @type {string} */ name) => ({ 'application/json': { schema: ref(name) } });

/** @param {Route} route @returns {Json} */
function operation({ id, access, summary, description, body, answer, status = 200, idempotent, customer, params = {}, query = {}, refusals = [] }) {
  const usual = access === 'open' ? [500] : [401, 403, 422, 429, 500, 503];
  const withBody = body ? [400, 413, 415, 422] : [];
  const statuses = [...new Set([...usual, ...withBody, ...refusals])].sort();
  const parameters = [
    ...Object.entries(params).map(([name, text]) => ({ name, in: 'path', required: true, description: text, schema: { type: 'string', minLength: 1, maxLength: 200 } })),
    ...Object.entries(query).map(([name, { description: text, schema }]) => ({ name, in: 'query', required: false, description: text, schema })),
    ...(idempotent ? [{ $ref: '#/components/parameters/IdempotencyKey' }] : []),
    ...(customer ? [{ $ref: '#/components/parameters/Customer' }] : []),
  ];
  return {
    operationId: id,
    summary,
    ...(description && { description }),
    security: access === 'open' ? [] : access === 'secret' ? [{ secretKey: [] }] : [{ publishableKey: [] }, { secretKey: [] }],
    ...(parameters.length && { parameters }),
    ...(body && { requestBody: { required: true, content: json(body) } }),
    responses: {
      [status]: { description: 'Done.', ...(answer && { content: json(answer) }), ...(idempotent && { headers: { 'Idempotent-Replayed': { description: '`true` for the answer of an earlier request with this key.', schema: { type: 'string' } } } }) },
      ...Object.fromEntries(
        statuses.map((code) => [
          code,
          {
            description: STATUS[/** @type {keyof typeof STATUS} */ (code)],
            content: json(id === 'ready' && code === 503 ? 'HealthAnswer' : 'Refused'),
            ...([429, 503].includes(code) && { headers: { 'Retry-After': { description: 'Seconds.', schema: { type: 'integer' } } } }),
          },
        ]),
      ),
    },
  };
}

/**
 * The document.
 * @param {{ version: string, url?: string, schemas?: Record<string, Json> }} options
 * @returns {Json}
 */
export function openApi({ version, url, schemas = readSchemas() }) {
  const wanted = ROUTES.flatMap(({ body, answer }) => [body, answer]).filter((name) => name !== undefined);
  /** @type {Record<string, Json>} */
  const paths = {};
  for (const route of ROUTES) (paths[route.path] ??= {})[route.method] = operation(route);
  return {
    openapi: '3.1.0',
    info: {
      title: 'Zugabe',
      version,
      summary: 'Thanks customers, hands out codes, keeps the books on recommendations.',
      description:
        'Money is integer minor units, an instant RFC 3339 with offset, an id a string. What a buyer is called is turned into a keyed hash on arrival. Every failure is `{ "error": { "code", "message", "path" } }`.',
      license: { name: 'MIT OR Apache-2.0', identifier: 'MIT OR Apache-2.0' },
    },
    ...(url && { servers: [{ url }] }),
    paths,
    components: {
      securitySchemes: {
        secretKey: { type: 'http', scheme: 'bearer', description: 'A secret key, `zsk_…`: for servers, never in a page.' },
        publishableKey: { type: 'http', scheme: 'bearer', description: 'A publishable key, `zpk_…`: for the pages it names, to decide, claim and look up.' },
      },
      parameters: {
        IdempotencyKey: {
          name: 'Idempotency-Key',
          in: 'header',
          required: false,
          description: 'The same request under the same key is answered once. Needed to reserve.',
          schema: { type: 'string', minLength: 1, maxLength: 255, pattern: '^[!-~]+$' },
        },
        Customer: { name: 'Zugabe-Customer', in: 'header', required: false, description: 'The customer\'s token. Needed with a publishable key.', schema: { type: 'string', maxLength: 8192, pattern: '^[!-~]*$' } },
      },
      schemas: {
        ...components(schemas, wanted),
        Refused: {
          type: 'object',
          description: 'Why nothing was done.',
          additionalProperties: false,
          required: ['error'],
          properties: {
            error: {
              type: 'object',
              additionalProperties: false,
              required: ['code', 'message', 'path'],
              properties: {
                code: { type: 'string', description: 'Stable, from a closed list.', pattern: '^[a-z_]+$' },
                message: { type: 'string', description: 'What is wrong and what to do about it.' },
                path: { type: 'string', description: 'Where, as a JSON path; empty when all of it is meant.' },
              },
            },
          },
        },
      },
    },
  };
}
