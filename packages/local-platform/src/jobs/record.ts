import { join } from 'node:path';
import { sha256 } from '@ondemandenv/contracts-base';
import type { KeyValue, RunRequest, RunStatus } from '@ondemandenv/control-plane';

/** How a job ended. */
export type JobEnd = Omit<Extract<RunStatus, { state: 'ended' }>, 'state'>;

/** All that is remembered of a job. */
export type JobRecord = {
  readonly request: RunRequest;
  /** Order of the requests. */
  readonly seq: number;
} & RunStatus;

const PREFIX = 'local/jobs/';
const LAST_SEQ = 'local/job-seq';

/** The jobs in the store, by dispatch id. */
export class JobTable {
  constructor(private readonly store: KeyValue) {}

  get(dispatchId: string): JobRecord | undefined {
    return this.store.get<JobRecord>(PREFIX + dispatchId);
  }

  /** Every job, oldest request first. */
  all(): JobRecord[] {
    const pairs = this.store.range<JobRecord>(PREFIX);
    return pairs.map(({ value }) => value).sort((a, b) => a.seq - b.seq);
  }

  /** Adds a queued job; `false` when its dispatch id is known. */
  add(request: RunRequest): boolean {
    return this.store.transaction(() => {
      if (this.get(request.dispatchId)) return false;
      const seq = (this.store.get<number>(LAST_SEQ) ?? 0) + 1;
      this.store.set(LAST_SEQ, seq);
      this.put(request, seq, { state: 'queued' });
      return true;
    });
  }

  /** Changes the state of a job; `false` when it was removed, and stays so. */
  update(dispatchId: string, status: RunStatus): boolean {
    return this.store.transaction(() => {
      const job = this.get(dispatchId);
      if (job) this.put(job.request, job.seq, status);
      return job !== undefined;
    });
  }

  remove(dispatchIds: readonly string[]): void {
    this.store.transaction(() => {
      for (const id of dispatchIds) this.store.delete(PREFIX + id);
    });
  }

  private put(request: RunRequest, seq: number, status: RunStatus): void {
    this.store.set(PREFIX + request.dispatchId, { request, seq, ...status } satisfies JobRecord);
  }
}

/** Where a job works (gone when it has ended) and where its output goes. */
export function jobPaths(home: string, dispatchId: string): { folder: string; log: string } {
  const hash = sha256(dispatchId).slice(0, 16);
  return { folder: join(home, 'jobs', hash), log: join(home, 'logs', `${hash}.log`) };
}
