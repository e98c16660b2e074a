import { canonicalJson, type EnverEntry, inputVersion, type RevisionRef } from '@ondemandenv/contracts-base';
import {
  type ControlPlane,
  createControlPlane,
  type EnverRecord,
  type RecordWrite,
} from '@ondemandenv/control-plane';
import type { memoryPorts } from '@ondemandenv/control-plane/memory';

/** Something that must hold does not. */
export class Broken extends Error {}

export const main: RevisionRef = { kind: 'branch', ref: 'main' };
export const installation = {
  build: 'contracts',
  repo: { owner: 'o', name: 'contracts' },
  revision: main,
  account: { name: 'w', id: '111111111111' },
  region: 'us-west-1',
};

/** What must hold at every moment, and what must hold when everything has come to rest. */
export class Invariants {
  constructor(
    private readonly outside: ReturnType<typeof memoryPorts>,
    private readonly maxClones: () => number,
    /** `path version#hash` of a product → the dispatch whose job wrote it. */
    private readonly publishedBy: ReadonlyMap<string, string>,
  ) {}

  async checkAlways(): Promise<void> {
    const clones = new Map<string, number>();
    for await (const record of this.outside.records.all('enver')) {
      const base = record.clone?.base;
      if (base !== undefined) clones.set(base, (clones.get(base) ?? 0) + 1);
    }
    for (const [base, count] of clones) {
      if (count > this.maxClones()) throw new Broken(`${base} has ${count} clones`);
      const counter = await this.outside.records.get('clones', base);
      if (counter?.count !== count)
        throw new Broken(`${base} has ${count} clones, counted as ${counter?.count}`);
    }
  }

  /** When a deployment is recorded, nothing upstream may be pending or running for a change that it carries. */
  async checkGate(writes: readonly RecordWrite[]): Promise<void> {
    if (await this.isDoomed(writes)) return;
    for (const write of writes) {
      const record = 'put' in write && write.put.kind === 'enver' ? write.put : undefined;
      if (record?.run?.purpose !== 'deploy') continue;
      const before = await this.record(record.id);
      if (before?.run || before?.version !== write.expect) continue;
      await this.checkInputs(record.id, record.run.vector.inputs);
      const roots = new Set(record.run.roots);
      for (const id of await this.upstreamOf(record.id)) {
        const upstream = await this.record(id);
        const open = [...(upstream?.run?.roots ?? []), ...(upstream?.pending.map(({ root }) => root) ?? [])];
        const shared = open.some((root) => roots.has(root));
        // The contracts may have changed while this was being checked: then the write will not hold.
        if (upstream?.phase !== 'blocked' && shared && !(await this.isDoomed(writes)))
          throw new Broken(
            `${record.id} runs for ${[...roots]} while its upstream ${id} is not done with it`,
          );
      }
    }
  }

  /** Nobody may deploy with what a job has published that has not ended: it may not be all. */
  private async checkInputs(enver: string, inputs: Readonly<Record<string, string>>): Promise<void> {
    for (const [path, version] of Object.entries(inputs)) {
      const dispatchId = this.publishedBy.get(`${path} ${version}`);
      const [, , build, revision] = path.split('/');
      const producer = await this.record(`${build}/${revision}`);
      if (dispatchId !== undefined && producer?.run?.dispatchId === dispatchId)
        throw new Broken(`${enver} deploys with ${path} ${version}, which a running job has published`);
    }
  }

  /** Whether a condition of these writes does not hold, so that none of them will. */
  private async isDoomed(writes: readonly RecordWrite[]): Promise<boolean> {
    for (const write of writes) {
      const key = 'put' in write ? write.put : 'remove' in write ? write.remove : write.check;
      if (((await this.outside.records.get(key.kind, key.id))?.version ?? 0) !== write.expect) return true;
    }
    return false;
  }

  private async upstreamOf(enver: string): Promise<Set<string>> {
    const seen = new Set<string>();
    const todo = await this.producersOf(enver);
    for (let id = todo.pop(); id !== undefined; id = todo.pop()) {
      if (seen.has(id)) continue;
      seen.add(id);
      todo.push(...(await this.producersOf(id)));
    }
    return seen;
  }

  /** Who an enver depends on by the contracts in force. */
  private async producersOf(enver: string): Promise<string[]> {
    const entry = await this.plainPlane().entry(enver);
    return entry?.consumes.map(({ from }) => from) ?? [];
  }

  async checkAtRest(): Promise<void> {
    const plane = this.plainPlane();
    const live = new Set<string>();
    for await (const record of this.outside.records.all('enver')) {
      live.add(record.id);
      if (record.run) throw new Broken(`${record.id} still runs`);
      if (record.deleting !== undefined) {
        // Whoever fails to deploy without its products still uses them.
        if (await this.hasStuckUser(record)) continue;
        throw new Broken(`${record.id} is still being deleted: ${record.reason}`);
      }
      const entry = await plane.entry(record.id);
      if (!entry) {
        if (record.phase !== 'retired')
          throw new Broken(`${record.id} is not in the contracts, and ${record.phase}`);
        continue;
      }
      await this.checkEnver(record, entry);
    }
    for (const path of [
      ...(await this.outside.config.list('/odmd-share/')),
      ...(await this.outside.config.list('/odmd-state/')),
    ]) {
      const [, , build, revision] = path.split('/');
      if (!live.has(`${build}/${revision}`)) throw new Broken(`${path} is left behind`);
    }
  }

  private async checkEnver(record: EnverRecord, entry: EnverEntry): Promise<void> {
    const head = await this.outside.source.head(record.repo, record.revision);
    if (head === undefined) {
      if (record.clone) throw new Broken(`${record.id} has no branch and is still there`);
      return;
    }
    const newest = await this.outside.config.getMany(entry.consumes.map(({ path }) => path));
    const missing = entry.consumes.some(({ path }) => !newest.has(path));
    if (missing) {
      if (record.phase !== 'waiting') throw new Broken(`${record.id} lacks an input and is ${record.phase}`);
      return;
    }
    const inputs = Object.fromEntries(
      [...newest.values()].map((s) => [s.path, inputVersion(s.version, s.value)]),
    );
    const tree = await this.outside.source.tree(record.repo, head, [entry.workDir]);
    const wanted = canonicalJson([tree, inputs]);
    const has = (vector: { source: { tree: string }; inputs: object } | undefined) =>
      vector !== undefined && canonicalJson([vector.source.tree, vector.inputs]) === wanted;
    if (has(record.deployed?.vector)) return;
    if (record.failed && has(record.failed.vector)) return;
    if (record.phase === 'blocked' && (await this.hasUpstream(record.id, (one) => one.failed !== undefined)))
      return;
    // Who lacks an input holds those who wait for it with the same change.
    const lacking = (one: EnverRecord) => one.reason.startsWith('needs ');
    if (record.phase === 'waiting' && (await this.hasUpstream(record.id, lacking))) return;
    throw new Broken(`${record.id} is ${record.phase} (${record.reason}) and not what it should be`);
  }

  private async hasStuckUser(record: EnverRecord): Promise<boolean> {
    const users = await Promise.all(record.waitsFor.map((id) => this.record(id)));
    return users.some((user) => user?.failed || user?.phase === 'blocked' || user?.phase === 'waiting');
  }

  private async hasUpstream(enver: string, accept: (record: EnverRecord) => boolean): Promise<boolean> {
    for (const id of await this.upstreamOf(enver)) {
      const record = await this.record(id);
      if (record && accept(record)) return true;
    }
    return false;
  }

  private async record(id: string): Promise<EnverRecord | undefined> {
    return this.outside.records.get('enver', id);
  }

  private plainPlane(): ControlPlane {
    return createControlPlane(this.outside, installation);
  }
}
