/** What can be asked, for people? The OpenAPI document as one page without a script. */

/** @typedef {Record<string, any>} Json */

export const STYLE = `
:root { color-scheme: light dark; --ink: #1d2a24; --paper: #faf7f0; --line: #d9d2c0; --leaf: #2f5542; --soft: #5b665f; }
@media (prefers-color-scheme: dark) { :root { --ink: #ece7da; --paper: #171c19; --line: #39423c; --leaf: #9fcab2; --soft: #a8b3ab; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 2rem 1.25rem 4rem; max-width: 60rem; background: var(--paper); color: var(--ink); font: 16px/1.55 system-ui, sans-serif; }
h1 { font-size: 2rem; margin: 0 0 .25rem; } h2 { margin: 3rem 0 .5rem; font-size: 1.35rem; } h3 { margin: 0; font-size: 1.05rem; }
p { margin: .4rem 0; } a { color: var(--leaf); } code, pre { font: .875em/1.5 ui-monospace, monospace; }
article { border-top: 1px solid var(--line); padding: 1.1rem 0; }
.method { display: inline-block; min-width: 3.2rem; font-weight: 700; color: var(--leaf); text-transform: uppercase; }
.key { color: var(--soft); font-size: .875rem; }
table { border-collapse: collapse; width: 100%; margin: .6rem 0; font-size: .9rem; }
th, td { text-align: left; vertical-align: top; padding: .3rem .75rem .3rem 0; border-bottom: 1px solid var(--line); }
summary { cursor: pointer; color: var(--leaf); } nav ul { columns: 2; padding-left: 1.1rem; } td p { margin: 0; }
@media (max-width: 40rem) { nav ul { columns: 1; } }
`;

const escaped = (/** @type {unknown} */ text) => String(text).replace(/[&<>"]/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[sign] ?? sign);
const prose = (/** @type {unknown} */ text) => escaped(text ?? '').replace(/`([^`]+)`/g, '<code>$1</code>');
const nameOf = (/** @type {string} */ ref) => ref.replace('#/components/schemas/', '');
const link = (/** @type {string} */ ref) => `<a href="#${escaped(nameOf(ref))}">${escaped(nameOf(ref))}</a>`;

/** @param {any} schema @returns {string} */
function kindOf(schema) {
  if (schema === true || !schema) return 'anything';
  if (schema.$ref) return link(schema.$ref);
  if (schema.const !== undefined) return `<code>${escaped(JSON.stringify(schema.const))}</code>`;
  if (schema.enum) return schema.enum.map((/** @type {unknown} */ value) => `<code>${escaped(JSON.stringify(value))}</code>`).join(' ');
  const several = schema.anyOf ?? schema.oneOf ?? schema.allOf;
  if (several) return several.filter((/** @type {any} */ one) => one.type !== 'null').map(kindOf).join(' or ');
  if (schema.type === 'array') return `list of ${kindOf(schema.items)}`;
  if (typeof schema.additionalProperties === 'object') return `object of ${kindOf(schema.additionalProperties)}`;
  return escaped([schema.type ?? 'anything'].flat().filter((type) => type !== 'null').join(' or ') + (schema.format ? ` (${schema.format})` : ''));
}

/** @param {any} schema */
function fields(schema) {
  const rows = Object.entries(schema.properties ?? {}).map(
    ([name, field]) =>
      `<tr><th scope="row"><code>${escaped(name)}</code>${schema.required?.includes(name) ? '' : ' <span class="key">optional</span>'}</th><td>${kindOf(field)}</td><td>${prose(field.description)}</td></tr>`,
  );
  return rows.length ? `<table><tbody>${rows.join('')}</tbody></table>` : `<p>${kindOf(schema)}</p>`;
}

/** @param {string} path @param {string} method @param {Json} operation */
function operationOf(path, method, { operationId, summary, description, security, requestBody, responses }) {
  const keys = security.map((/** @type {Json} */ one) => (one.secretKey ? 'secret key' : 'publishable key'));
  const body = requestBody?.content['application/json'].schema.$ref;
  const answers = Object.entries(responses).map(([status, response]) => {
    const schema = response.content?.['application/json']?.schema.$ref;
    return `<tr><th scope="row">${status}</th><td>${schema ? link(schema) : ''}</td><td>${prose(response.description)}</td></tr>`;
  });
  return `<article id="${escaped(operationId)}"><h3><span class="method">${escaped(method)}</span> <code>${escaped(path)}</code></h3>
<p>${prose(summary)} <span class="key">${keys.length ? escaped(keys.join(' or ')) : 'no key'}</span></p>${description ? `<p>${prose(description)}</p>` : ''}
${body ? `<p>Body: ${link(body)}</p>` : ''}<details><summary>Answers</summary><table><tbody>${answers.join('')}</tbody></table></details></article>`;
}

/** @param {Json} document */
export function pageOf({ info, paths, components }) {
  const all = Object.entries(paths).flatMap(([path, methods]) => Object.entries(methods).map(([method, operation]) => ({ path, method, operation })));
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${escaped(info.title)}: what can be asked</title><link rel="stylesheet" href="docs/style.css"></head>
<body><header><h1>${escaped(info.title)} ${escaped(info.version)}</h1><p>${prose(info.summary)} For machines: <a href="openapi.json">openapi.json</a>.</p><p>${prose(info.description)}</p></header>
<nav aria-label="Routes"><ul>${all.map(({ path, operation }) => `<li><a href="#${escaped(operation.operationId)}"><code>${escaped(path)}</code></a></li>`).join('')}</ul></nav>
<main><h2>Routes</h2>${all.map(({ path, method, operation }) => operationOf(path, method, operation)).join('\n')}
<h2>Documents</h2>${Object.entries(components.schemas).map(([name, schema]) => `<article id="${escaped(name)}"><h3>${escaped(name)}</h3><p>${prose(schema.description)}</p>${fields(schema)}</article>`).join('\n')}</main></body></html>
`;
}
