import type { Contracts } from '../constructs/contracts.js';
import type { Enver } from '../constructs/enver.js';

export function allEnvers(contracts: Contracts): Enver[] {
  return contracts.builds.flatMap((build) => build.envers);
}

/** The groups of two and more items whose keys are equal. */
export function duplicates<T>(items: readonly T[], key: (item: T) => string): T[][] {
  if (items.length < 2) return [];
  const firsts = new Map<string, T>();
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const its = key(item);
    const first = firsts.get(its);
    if (first === undefined) firsts.set(its, item);
    else groups.set(its, [...(groups.get(its) ?? [first]), item]);
  }
  return [...groups.values()];
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
