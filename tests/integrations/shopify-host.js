/**
 * A stand-in for the host of Shopify's UI extensions: the components our extension uses, drawn plainly. It knows no others, so that
 * one that Shopify has but this page has not shows at once.
 */
const STYLES = `:host { display: block } * { font: inherit; margin: 0 } h2 { font-size: 1.15em; font-weight: 600; margin-block-end: .6em }
section { border: 1px solid #d9d9d9; border-radius: 8px; padding: 1.1em } .stack { display: grid; gap: var(--gap, .3em) }
button, a { display: inline-block; padding: .5em 1em; border: 1px solid #1773b0; border-radius: 6px; background: #fff; color: #1773b0; text-decoration: none }
.subdued { color: #666; font-size: .9em } .strong { font-weight: 700; letter-spacing: .06em; font-size: 1.15em }`;

const GAPS = { large: '1.2em', base: '.8em' };

/** @type {Record<string, (own: any) => [string, Record<string, string>?]>} */
const COMPONENTS = {
  's-stack': (own) => ['<div class="stack"><slot></slot></div>', { '--gap': GAPS[own.gap] ?? '.3em' }],
  's-section': () => ['<section><h2></h2><slot></slot></section>'],
  's-paragraph': () => ['<p><slot></slot></p>'],
  's-text': (own) => [`<span class="${own.color ?? ''} ${own.type ?? ''}"><slot></slot></span>`],
  's-button': (own) => [own.href ? '<a><slot></slot></a>' : '<button><slot></slot></button>'],
  's-clipboard-item': () => [''],
  's-details': () => ['<details><summary><slot name="summary"></slot></summary><slot></slot></details>'],
  's-summary': () => ['<style>:host { display: inline }</style><slot></slot>'],
};

/** What a component takes; anything else is no property of Shopify's. */
const FIELDS = {
  's-stack': ['gap'], 's-section': ['heading'], 's-paragraph': [], 's-text': ['color', 'type'],
  's-button': ['variant', 'href', 'command', 'commandFor'], 's-clipboard-item': ['id', 'text'], 's-details': [], 's-summary': [],
};

globalThis.copied = [];
globalThis.unknown = [];
const create = document.createElement.bind(document);
document.createElement = (/** @type {string} */ name) => {
  if (name.startsWith('s-') && !COMPONENTS[name]) globalThis.unknown.push(name);
  return create(name);
};

for (const [name, draw] of Object.entries(COMPONENTS)) {
  customElements.define(name, class extends HTMLElement {
    connectedCallback() {
      if (this.shadowRoot) return;
      const own = /** @type {any} */ (this);
      for (const field of Object.keys(this)) if (!FIELDS[name].includes(field)) globalThis.unknown.push(`${name}.${field}`);
      const root = this.attachShadow({ mode: 'open' });
      const [html, style = {}] = draw(own);
      root.innerHTML = `<style>${STYLES}</style>${html}`;
      for (const [key, value] of Object.entries(style)) this.style.setProperty(key, value);
      if (own.heading) root.querySelector('h2').textContent = own.heading;
      if (own.href) root.querySelector('a').href = own.href;
      if (name === 's-summary') this.slot = 'summary';
      root.querySelector('button')?.addEventListener('click', () => {
        if (own.command === '--copy') globalThis.copied.push(document.getElementById(own.commandFor).text);
      });
    }
  });
}
