import type { Contracts } from '../constructs/contracts.js';
import type { Enver } from '../constructs/enver.js';

export function allEnvers(contracts: Contracts): Enver[] {
  return contracts.builds.flatMap((build) => build.envers);
}

/** The groups of two and more items whose keys are equal. */
export function duplicates<T>(items: readonly T[], key: (item: T) => string): T[][] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group) group.push(item);
    else groups.set(key(item), [item]);
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
