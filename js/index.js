/** What does a page import? The engine for decisions, and the one error it throws. The elements are in `zugabe/element`. */
export { createEngine } from './create.js';
export { Engine } from './engine.js';
export { ZugabeError } from './errors.js';
export { setWasmUrl } from './loader.js';
