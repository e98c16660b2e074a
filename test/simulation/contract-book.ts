import {
  clone,
  components,
  diffManifests,
  type EnverEntry,
  type Manifest,
} from '@ondemandenv/contracts-base';
import type { AppliedRecord, EnverRecord } from '@ondemandenv/control-plane';
import type { Mirror } from './mirror.js';

type Contracted = Pick<EnverRecord, 'id' | 'revision' | 'clone'>;

/** The contracts that were published, and what those in force say: worked out apart from the platform. */
export class ContractBook {
  private readonly published = new Map<string, Manifest>();
  private readonly known = new Map<string, EnverEntry | undefined>();

  constructor(private readonly mirror: Mirror) {}

  publish(sha: string, manifest: Manifest): void {
    this.published.set(sha, manifest);
  }

  get appliedSha(): string | undefined {
    return this.mirror.get<AppliedRecord>('applied', 'applied')?.sha;
  }

  get manifest(): Manifest | undefined {
    return this.published.get(this.appliedSha ?? '');
  }

  /** Whether any published contracts ever had this static enver. */
  everHad(id: string): boolean {
    return [...this.published.values()].some(({ envers }) => Object.hasOwn(envers, id));
  }

  everEphemeral(id: string): boolean {
    return [...this.published.values()].some(({ envers }) => envers[id]?.ephemeral);
  }

  /** Whether these published contracts change what only some may change. */
  isPrivileged(sha: string): boolean {
    const [before, after] = [this.manifest, this.published.get(sha)];
    return before !== undefined && after !== undefined && diffManifests(before, after).privileged.length > 0;
  }

  entry(enver: Contracted): EnverEntry | undefined {
    const { manifest } = this;
    if (!manifest) return undefined;
    if (!enver.clone) return manifest.envers[enver.id];
    const { base: baseId, builds } = enver.clone;
    const key = `${this.appliedSha} ${enver.id} ${builds.join()}`;
    if (!this.known.has(key)) {
      const base = manifest.envers[baseId];
      const set =
        base && base.clones !== 'off'
          ? clone(manifest, { builds, base: base.revision, revision: enver.revision })
          : [];
      for (const entry of set) this.known.set(`${this.appliedSha} ${entry.id} ${builds.join()}`, entry);
      if (!this.known.has(key)) this.known.set(key, undefined);
    }
    return this.known.get(key);
  }

  /** Everybody upstream over `deploy` edges, outside the enver's own cycle. */
  upstream(enver: EnverRecord): string[] {
    return this.componentsOf(enver)
      .filter((component) => !component.includes(enver.id))
      .flat();
  }

  isOnCycle(enver: EnverRecord): boolean {
    return this.componentsOf(enver).some((component) => component.length > 1 && component.includes(enver.id));
  }

  private componentsOf(enver: EnverRecord): string[][] {
    const graph = new Map<string, string[]>();
    const todo = [enver.id];
    for (let id = todo.pop(); id !== undefined; id = todo.pop()) {
      if (graph.has(id)) continue;
      const record = id === enver.id ? enver : this.mirror.enver(id);
      const entry = record ? this.entry(record) : this.manifest?.envers[id];
      const uses = (entry?.consumes ?? []).filter(({ onChange }) => onChange === 'deploy');
      graph.set(
        id,
        uses.map(({ from }) => from),
      );
      todo.push(...uses.map(({ from }) => from));
    }
    return components(graph);
  }
}
