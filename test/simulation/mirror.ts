import type { AnyRecord, EnverRecord, RecordKey, RecordStore, RecordWrite } from '@ondemandenv/control-plane';

/** What the record store holds right now, to be read in between without letting anybody else run. */
export class Mirror {
  private readonly records = new Map<string, AnyRecord>();
  private readonly failures = new Set<string>();
  private readonly asked = new Set<string>();

  get<R extends AnyRecord>(kind: R['kind'], id: string): R | undefined {
    return this.records.get(`${kind} ${id}`) as R | undefined;
  }

  enver(id: string): EnverRecord | undefined {
    return this.get<EnverRecord>('enver', id);
  }

  get envers(): EnverRecord[] {
    return [...this.records.values()].filter((record) => record.kind === 'enver');
  }

  /** Whether a condition of these writes does not hold, so that none of them will. */
  isDoomed(writes: readonly RecordWrite[]): boolean {
    return writes.some((write) => {
      const { kind, id } = keyOf(write);
      return (this.records.get(`${kind} ${id}`)?.version ?? 0) !== write.expect;
    });
  }

  /** Whether a deployment of this enver for this change ever failed: it may be tried again at any moment. */
  hasFailed(id: string, root: string): boolean {
    return this.failures.has(`${id} ${root}`);
  }

  /** Those who work now begin at the same time. */
  beginTurn(): void {
    this.asked.clear();
  }

  /** Whether an approval was asked for by somebody who works at the same time: nobody can have waited for it. */
  isJustAsked(id: string, path: string): boolean {
    return this.asked.has(`${id} ${path}`);
  }

  apply(writes: readonly RecordWrite[]): void {
    for (const write of writes) {
      if ('put' in write) this.put(write.put);
      else if ('remove' in write) this.records.delete(`${write.remove.kind} ${write.remove.id}`);
    }
  }

  private put(record: AnyRecord): void {
    if (record.kind === 'enver') this.noteEnver(record);
    this.records.set(`${record.kind} ${record.id}`, record);
  }

  private noteEnver(record: EnverRecord): void {
    for (const root of record.failed?.roots ?? []) this.failures.add(`${record.id} ${root}`);
    const before = this.enver(record.id)?.approvals;
    for (const [path, { version, state }] of Object.entries(record.approvals ?? {}))
      if (state === 'requested' && before?.[path]?.version !== version)
        this.asked.add(`${record.id} ${path}`);
  }
}

/** The store, with all that it holds mirrored. */
export function mirrored(records: RecordStore, mirror: Mirror): RecordStore {
  return {
    lagMs: records.lagMs,
    get: (kind, id) => records.get(kind, id),
    getMany: (kind, ids) => records.getMany(kind, ids),
    find: (index, key) => records.find(index, key),
    due: (now, limit) => records.due(now, limit),
    all: (kind) => records.all(kind),
    transact: (writes) => {
      const doomed = mirror.isDoomed(writes);
      // Adapters in memory write before they give anybody else a turn.
      const written = records.transact(writes);
      if (!doomed) mirror.apply(writes);
      return written;
    },
  };
}

function keyOf(write: RecordWrite): RecordKey {
  return 'put' in write ? write.put : 'remove' in write ? write.remove : write.check;
}
