import { fullRef, platformStackName, refKey } from '@ondemandenv/contracts-base';
import type { AnyRecord } from '../domain/records.js';
import type { RecordIndex } from '../ports/record-store.js';

/** Where a record is found: the index and the key, the same for every adapter. */
export function indexEntries(record: AnyRecord): [RecordIndex, string][] {
  if (record.kind === 'ref') return (record.waitsForSlot ?? []).map((base) => ['slot', base]);
  if (record.kind !== 'enver') return [];
  return [
    ...record.consumes.map((path): [RecordIndex, string] => ['consumers', path]),
    ...record.waitsFor.map((id): [RecordIndex, string] => ['waiters', id]),
    ['source', refKey(record.repo, fullRef(record.revision))],
    ['stack', platformStackName(record.id)],
    ...(record.conditions ?? []).flatMap(({ type }): [RecordIndex, string][] =>
      type === 'WaitingForWorkflow' ? [['workflow', record.repo]] : [],
    ),
  ];
}
