export { LmdbKeyValue } from './lmdb-key-value.js';
