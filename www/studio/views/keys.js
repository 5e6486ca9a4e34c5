/** Under which keys? Those made in this page, to be saved, or the merchant's own from a file. */
import { announce, download, fill, h, newId } from '../dom.js';
import { refusal } from '../link.js';
import { errorNote } from './parts.js';

/** @import { App } from '../types.js' */

/**
 * @param {App} app
 * @param {{ made?: string, own?: string, onChange?: () => void }} [say] what a view says of keys that were made here, and of those from a file
 */
export function keysCard(app, { made, own, onChange } = {}) {
  const outcome = h('div', { role: 'status' });
  const note = h('p', {});
  const describe = () => {
    note.textContent = app.keyState.made
      ? (made ?? 'A new key set was made in this page, from your browser’s own randomness. Keep the file: whoever has it can make and check your codes, and without it nobody can, not even you.')
      : (own ?? 'Your own key set is in use. Codes made with it fit those you made before.');
  };
  describe();

  const id = newId('keys-file');
  const load = h('input', {
    type: 'file',
    accept: '.json',
    class: 'visually-hidden',
    id,
    on: {
      change: async () => {
        const file = load.files?.[0];
        if (!file) return;
        fill(outcome, h('p', { class: 'soft' }, 'Trying these keys, and reading the orders again under them …'));
        try {
          await app.useKeys(await file.text());
          describe();
          fill(outcome, h('p', {}, 'The key set is in use.'));
          onChange?.();
        } catch (error) {
          fill(outcome, errorNote(refusal(error), 'This key set was not taken'));
        }
        load.value = '';
      },
    },
  });
  const save = () => {
    download('zugabe-keys.json', app.keys, 'application/json');
    app.keyState.saved = true;
    announce('Keys saved.');
  };

  return h(
    'div',
    { class: 'card' },
    h('h2', {}, 'The keys'),
    note,
    h('div', { class: 'row' }, h('button', { type: 'button', class: 'button', on: { click: save } }, 'Save the keys'), load, h('label', { for: id, class: 'button quiet' }, 'Use my own keys')),
    outcome,
  );
}
