import { type EnverEntry, matchesPattern, revisionPath } from '@ondemandenv/contracts-base';
import type { Located, RefMessages } from './plan.js';

/**
 * The commands that a branch gives by its name: a clone of every enver of its repository whose contract says that
 * branches like it get one, unless there is one or somebody deleted it there.
 */
export function autoCommands(ref: RefMessages, own: readonly EnverEntry[]): Located[] {
  if (ref.revision.kind !== 'branch') return [];
  const taken = new Set([...ref.envers.map(({ build }) => build), ...ref.declined]);
  return own.flatMap((entry) => {
    const patterns = entry.clones === 'off' ? [] : entry.clones.auto;
    const pattern = taken.has(entry.build)
      ? undefined
      : patterns.find((one) => matchesPattern(one, ref.revision.ref));
    if (pattern === undefined) return [];
    const where = `the contract, for branches like ${pattern}`;
    const base = revisionPath(entry.revision);
    const command = { verb: 'create', build: entry.build, base, until: 'pr' } as const;
    return [{ command, sha: ref.head, where, fromContract: true }];
  });
}
