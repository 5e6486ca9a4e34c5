/** How far is it? Progress while the worker reads, with a way out. */
import { h } from '../dom.js';
import { count, size } from '../format.js';

/** @import { App } from '../types.js' */

/**
 * @param {App} app
 * @param {'read' | 'sample'} op
 */
export function readingView(app, op) {
  const title = op === 'sample' ? 'Making the sample shop' : 'Reading your orders';
  const bar = h('progress', { max: 1, 'aria-label': title });
  const line = h('p', { class: 'figures' }, op === 'sample' ? 'Two years of a tea shop, generated. No real person is in it.' : 'Opening the file.');
  const step = h('p', { class: 'small soft' }, ' ');
  const cancel = h('button', { type: 'button', class: 'button', on: { click: () => app.cancel() } }, 'Cancel');
  const element = h('section', { class: 'reading' }, h('h1', {}, title), bar, line, step, op === 'read' && cancel);

  return {
    element,
    /** @param {any} state */
    update(state) {
      if (state.phase === 'read') {
        bar.value = state.total > 0 ? state.bytes / state.total : 0;
        line.textContent = `${count(state.lines)} lines, ${count(state.orders)} orders`;
        const speed = state.ms > 200 ? `, ${(state.bytes / 1e3 / state.ms).toFixed(0)} MB/s` : '';
        step.textContent = `${state.file}: ${size(state.bytes)} of ${size(state.total)}${speed}`;
      } else if (state.phase === 'combine') {
        bar.value = 1;
        cancel.disabled = true;
        step.textContent = 'Putting each customer’s orders together.';
      } else if (state.phase === 'score') {
        step.textContent = 'Finding out who your best customers are.';
      }
    },
  };
}
