export { enverEntry } from './enver-entry.js';
