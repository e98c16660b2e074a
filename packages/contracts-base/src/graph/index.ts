export { components, cycles, type DependencyGraph, reachable } from './graph.js';
