export * from './names.js';
export * from './refs.js';
