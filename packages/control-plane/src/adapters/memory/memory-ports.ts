import { type EnverEntry, fullRef, type RevisionRef, refKey } from '@ondemandenv/contracts-base';
import type {
  Answer,
  Clock,
  Notifier,
  Ports,
  RefReport,
  RunRequest,
  StackProvisioner,
} from '../../ports/index.js';
import { keyValuePorts } from '../key-value/index.js';
import type { KeyValue } from '../key-value/key-value.js';
import { MemoryKeyValue } from './memory-key-value.js';
import { MemorySourceHost } from './memory-source-host.js';

/** A clock that stands still until it is moved. */
export class ManualClock implements Clock {
  constructor(private time = 0) {}

  now(): number {
    return this.time;
  }

  advance(ms: number): void {
    this.time += ms;
  }
}

/** Keeps what was said for whoever asks. */
export class MemoryNotifier implements Notifier {
  readonly alarms: { enver: string; message: string }[] = [];
  readonly answers: (Answer & { repo: string; ref: string; sha: string })[] = [];

  /** The newest report by `owner/name full-ref`. */
  readonly reports = new Map<string, RefReport>();

  async answer(to: { repo: string; ref: string; sha: string }, answer: Answer): Promise<void> {
    this.answers.push({ ...to, ...answer });
  }

  async alarm(alarm: { enver: string; message: string }): Promise<void> {
    this.alarms.push(alarm);
  }

  async report(to: { repo: string; revision: RevisionRef }, report: RefReport): Promise<void> {
    this.reports.set(refKey(to.repo, fullRef(to.revision)), report);
  }
}

/** Provisions at once, and knows what it provisioned. */
export class MemoryProvisioner implements StackProvisioner {
  readonly provisioned = new Set<string>();
  /** For which jobs of an enver its roles are. */
  readonly letIn = new Map<string, RunRequest['purpose']>();

  async ensure(entry: EnverEntry, purpose: RunRequest['purpose'] = 'deploy'): Promise<'ready'> {
    this.provisioned.add(entry.id);
    this.letIn.set(entry.id, purpose);
    return 'ready';
  }

  async remove({ id }: EnverEntry): Promise<'gone'> {
    this.provisioned.delete(id);
    this.letIn.delete(id);
    return 'gone';
  }
}

/** Every port in memory. */
export function memoryPorts(clock: Clock = new ManualClock(), kv: KeyValue = new MemoryKeyValue()) {
  return {
    ...keyValuePorts(kv, clock),
    clock,
    notifier: new MemoryNotifier(),
    source: new MemorySourceHost(),
    stacks: new MemoryProvisioner(),
  } satisfies Ports;
}
