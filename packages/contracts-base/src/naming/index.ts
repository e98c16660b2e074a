export * from './names.js';
export * from './patterns.js';
export * from './platform.js';
export * from './refs.js';
export * from './repos.js';
