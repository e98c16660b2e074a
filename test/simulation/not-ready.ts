import type { EnverEntry } from '@ondemandenv/contracts-base';
import type { SourceHost, StackProvisioner } from '@ondemandenv/control-plane';
import { CONTRACTS } from './places.js';
import type { Stage } from './stage.js';

type Kind = 'working' | 'failed' | 'WaitingForWorkflow' | 'TagWithoutWorkflow';

const KINDS: readonly Kind[] = ['working', 'failed', 'WaitingForWorkflow', 'TagWithoutWorkflow'];
/** Longer than a gate stays closed, and until somebody does what nobody does. */
const MINUTES = [5, 30, 100, Number.POSITIVE_INFINITY];

/** Envers that cannot be deployed for now: their roles are not made, or a person has to merge their workflow. */
export class NotReady {
  private readonly held = new Map<string, { kind: Kind; until: number }>();

  constructor(private readonly stage: Stage) {}

  /** Whether it is held up at this moment. */
  has(id: string): boolean {
    return (this.held.get(id)?.until ?? 0) > this.stage.clock.now();
  }

  /** From now on only those are held up for whom nobody ever does what they need. */
  calm(): void {
    for (const [id, { until }] of this.held) if (Number.isFinite(until)) this.held.delete(id);
  }

  stacks(inner: StackProvisioner): StackProvisioner {
    return {
      ensure: async (entry, purpose) => {
        const kind = this.kindOf(entry);
        if (kind === 'working') return 'working';
        return kind === 'failed' ? { failed: 'there are too many roles' } : inner.ensure(entry, purpose);
      },
      remove: (entry) => inner.remove(entry),
    };
  }

  async prepare(inner: SourceHost, entry: EnverEntry): ReturnType<SourceHost['prepare']> {
    const condition = this.held.get(entry.id)?.kind;
    const hosts = condition === 'WaitingForWorkflow' || condition === 'TagWithoutWorkflow';
    if (hosts && this.has(entry.id)) return { state: 'waiting', condition, message: `it has ${condition}` };
    return inner.prepare(entry);
  }

  private kindOf({ id }: EnverEntry): Kind | undefined {
    const { stage } = this;
    if (id !== CONTRACTS && !this.has(id) && stage.strikes('not ready')) {
      const kind = stage.random.pick(KINDS) ?? 'working';
      const minutes = stage.random.pick(MINUTES) ?? 5;
      this.held.set(id, { kind, until: stage.clock.now() + minutes * 60_000 });
      stage.say(`  (${id} is not ready for ${minutes} minutes: ${kind})`);
    }
    return this.has(id) ? this.held.get(id)?.kind : undefined;
  }
}
