import { setTimeout as delay } from 'node:timers/promises';
import { formatError } from '@ondemandenv/contracts-base';
import type { GuardedProcess } from '../guard/index.js';
import { describeExit, type Launcher, launch, STOP_GRACE_MS } from './service-process.js';
import type { ServiceRecord } from './service-records.js';

export type ServiceState = 'running' | 'restarting' | 'failed';

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 30_000;
/** A process that lived this long was well: its end is a first failure again. */
const STEADY_MS = 60_000;
/** From so many failures in a row on the service counts as failed; it is still tried again. */
const FAILED_AFTER = 5;

/** One release of a service as a process that is kept up until it is stopped. */
export class Service {
  private process: GuardedProcess | undefined;
  private failures = 0;
  private reason = '';
  private supervision: Promise<void> = Promise.resolve();
  private readonly stopping = new AbortController();

  constructor(
    private readonly launcher: Launcher,
    readonly record: ServiceRecord,
  ) {}

  get pid(): number | undefined {
    return this.process?.pid;
  }

  get state(): ServiceState {
    if (this.process) return 'running';
    return this.failures >= FAILED_AFTER ? 'failed' : 'restarting';
  }

  /** Why it is not running, for a person; empty when it is. */
  get problem(): string {
    return this.process ? '' : this.reason;
  }

  /** Starts it and resolves when it is ready. @throws OdmdError ODMD642, ODMD643; then nothing runs */
  async start(): Promise<void> {
    await this.try();
    this.supervision = this.supervise();
  }

  /** Brings it up, now or as soon as it can be; resolves after the first try. */
  async resume(): Promise<void> {
    await this.try().catch((error) => {
      // What ran before and does not come back is no passing trouble.
      this.failures = FAILED_AFTER;
      this.reason = formatError(error);
    });
    this.supervision = this.supervise();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.process?.stop(STOP_GRACE_MS);
    await this.supervision;
  }

  private async try(): Promise<void> {
    const process = await launch(this.launcher, this.record, this.stopping.signal);
    // Stopped in the moment in which it became ready.
    if (this.stopping.signal.aborted) await process.stop(STOP_GRACE_MS);
    else this.process = process;
  }

  private async supervise(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      if (this.process) await this.untilExit(this.process);
      if (signal.aborted) return;
      await delay(pause(this.failures), undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      await this.try().catch((error) => this.failed(formatError(error)));
    }
  }

  private async untilExit(process: GuardedProcess): Promise<void> {
    const began = Date.now();
    const exit = await process.exit;
    this.process = undefined;
    if (Date.now() - began > STEADY_MS) this.failures = 0;
    this.failed(`it ended by itself (${describeExit(exit)})`);
  }

  private failed(reason: string): void {
    this.failures += 1;
    this.reason = reason;
  }
}

function pause(failures: number): number {
  return Math.min(FIRST_PAUSE_MS * 2 ** Math.max(0, failures - 1), LONGEST_PAUSE_MS);
}
