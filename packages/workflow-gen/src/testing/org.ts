import type { EnverEntry, Manifest } from '@ondemandenv/contracts-base';
import { enverEntry } from '@ondemandenv/contracts-base/testing';

/** An enver of the branch main, as plain as can be. */
export function enver(changes: Partial<EnverEntry> = {}): EnverEntry {
  return enverEntry({
    build: 'orders',
    kind: 'cdk',
    repo: { owner: 'tea', name: 'house' },
    account: { name: 'work', id: '222222222222' },
    region: 'eu-north-1',
    ...changes,
  });
}

/** A manifest of these envers, of an org whose platform runs in eu-west-1. */
export function manifest(...envers: readonly EnverEntry[]): Manifest {
  return {
    schemaVersion: 1,
    org: 'tea-house',
    regions: ['eu-west-1', 'eu-north-1'],
    accounts: { central: { id: '111111111111', central: true }, work: { id: '222222222222' } },
    repos: { house: { owner: 'tea', name: 'house' } },
    envers: Object.fromEntries(envers.map((entry) => [entry.id, entry])),
  };
}
