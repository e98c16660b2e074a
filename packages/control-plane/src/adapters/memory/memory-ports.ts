import type { EnverEntry } from '@ondemandenv/contracts-base';
import type { Answer, Clock, Notifier, Ports, StackProvisioner } from '../../ports/index.js';
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

/** Keeps answers for whoever asks. */
export class MemoryNotifier implements Notifier {
  readonly alarms: { enver: string; message: string }[] = [];
  readonly answers: (Answer & { repo: string; ref: string; sha: string })[] = [];

  async answer(to: { repo: string; ref: string; sha: string }, answer: Answer): Promise<void> {
    this.answers.push({ ...to, ...answer });
  }

  async alarm(alarm: { enver: string; message: string }): Promise<void> {
    this.alarms.push(alarm);
  }
}

/** Provisions at once, and knows what it provisioned. */
export class MemoryProvisioner implements StackProvisioner {
  readonly provisioned = new Set<string>();

  async ensure(entry: EnverEntry): Promise<'ready'> {
    this.provisioned.add(entry.id);
    return 'ready';
  }

  async remove({ id }: EnverEntry): Promise<'gone'> {
    this.provisioned.delete(id);
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
