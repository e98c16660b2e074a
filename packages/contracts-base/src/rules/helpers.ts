import type { Contracts } from '../constructs/contracts.js';
import type { Enver } from '../constructs/enver.js';

export function allEnvers(contracts: Contracts): readonly Enver[] {
  return contracts.declared.envers;
}

/** The groups of two and more items whose keys are equal. */
export function duplicates<T>(items: readonly T[], key: (item: T) => string): T[][] {
  if (items.length < 2) return [];
  const keys = items.map(key);
  // Nearly always.
  if (new Set(keys).size === keys.length) return [];
  const groups = new Map<string, T[]>();
  for (const [at, item] of items.entries()) {
    const its = keys[at] ?? '';
    const group = groups.get(its);
    if (group) group.push(item);
    else groups.set(its, [item]);
  }
  return [...groups.values()].filter((group) => group.length > 1);
}

/** `a, b, c`, or a hint that there are none. */
export function listed(names: Iterable<string>): string {
  return [...names].sort().join(', ') || '(none declared)';
}

/** What git calls a path: no `.` or `..`, no empty parts, no `:` in front (a pathspec's magic), no control characters. */
export function isPlainPath(path: string): boolean {
  const parts = path.split('/');
  return !/^:|\\|\p{Control}/u.test(path) && !parts.some((part) => part === '' || /^\.\.?$/.test(part));
}
