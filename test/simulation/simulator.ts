import {
  CONTRACTS_LIB_LATEST,
  canonicalJson,
  type DispatchState,
  deployedStatePath,
  dispatchStatePath,
  type EnverEntry,
  fullRef,
  inputVersion,
  manifestDigest,
  productPath,
  type RevisionRef,
  sha256,
  writeManifest,
} from '@ondemandenv/contracts-base';
import {
  ConflictError,
  type ControlPlane,
  createControlPlane,
  type Delivery,
  type EnverRecord,
  keyValuePorts,
  type Ports,
  type RecordWrite,
  type Work,
} from '@ondemandenv/control-plane';
import { ManualClock, MemoryKeyValue, memoryPorts } from '@ondemandenv/control-plane/memory';
import { changedShape, contractsOf, type OrgShape, randomShape } from './org.js';
import { Random } from './random.js';

/** The process died: whatever it was doing is not done. */
class Crash extends Error {}

export interface Faults {
  /** Chance that the process dies before or after a port call. */
  readonly crash: number;
  /** Chance that a hint from outside is lost. */
  readonly lostHint: number;
  /** Chance that a hint from outside comes twice. */
  readonly doubleHint: number;
  /** Chance that a conditional write fails for no reason. */
  readonly conflict: number;
  /** Chance that a job fails, whatever it runs. */
  readonly failedJob: number;
}

export const noFaults: Faults = { crash: 0, lostHint: 0, doubleHint: 0, conflict: 0, failedJob: 0 };

const main: RevisionRef = { kind: 'branch', ref: 'main' };
const branches: readonly RevisionRef[] = ['x', 'feature/y'].map((ref) => ({ kind: 'branch', ref }));

/** One org, one platform, one seed: users, CI jobs, time and faults in an order that the seed alone decides. */
export class Simulation {
  readonly trace: string[] = [];
  readonly counts: Record<string, number> = {};
  private readonly random: Random;
  private readonly clock = new ManualClock(1_000_000);
  private readonly kv = new MemoryKeyValue();
  private readonly outside = memoryPorts(this.clock, this.kv);
  private ports: Ports;
  private plane: ControlPlane;
  private queue = keyValuePorts(this.kv, this.clock).queue;
  private faults: Faults;
  private shape: OrgShape;
  private serial = 0;
  private content = 0;
  private causes = 0;
  private readonly jobs = new Map<string, number>();
  /** Path and version of a product → the dispatch whose job wrote it. */
  private readonly publishedBy = new Map<string, string>();

  constructor(seed: number, faults: Faults) {
    this.random = new Random(seed);
    this.faults = faults;
    this.shape = randomShape(this.random);
    this.ports = this.faultyPorts();
    this.plane = this.start();
  }

  /** Lets `steps` things happen in a random order, then lets everything come to rest without faults. */
  async run(steps: number): Promise<void> {
    await this.userPublishes();
    for (let step = 0; step < steps; step++) {
      await this.oneStep();
      await this.checkAlways();
    }
    this.faults = noFaults;
    await this.comeToRest();
    await this.checkAtRest();
  }

  private async oneStep(): Promise<void> {
    const dice = this.random.next();
    if (dice < 0.45) {
      await this.platformWorks();
      return;
    }
    if (dice < 0.75) return this.jobWorks();
    if (dice < 0.8) return this.timePasses();
    if (dice < 0.93) return this.userPushes();
    if (dice < 0.97) return this.userClones();
    if (dice < 0.985) return this.userDeletesBranch();
    this.shape = changedShape(this.shape, this.random);
    return this.userPublishes();
  }

  // --- the platform, which may die at any port call -------------------------------------------------------------

  private async platformWorks(): Promise<boolean> {
    let deliveries: Delivery[] = [];
    await this.guarded('receive', async () => {
      deliveries = await this.queue.receive(3);
    });
    // Handlers of different groups run at the same time.
    await Promise.all(
      deliveries.map((delivery) =>
        this.guarded(`handle ${describeWork(delivery.work)}`, async () => {
          try {
            await this.plane.handle(delivery.work);
            await this.queue.done(delivery);
          } catch (error) {
            if (!(error instanceof ConflictError)) throw error;
            await this.queue.retry(delivery, 0);
          }
        }),
      ),
    );
    return deliveries.length > 0;
  }

  private async guarded(what: string, action: () => Promise<void>): Promise<void> {
    try {
      await action();
      this.trace.push(what);
    } catch (error) {
      // A sweep or tick that lost a race is not repeated: the next one is as good.
      if (error instanceof ConflictError) return;
      if (!(error instanceof Crash)) throw error;
      this.trace.push(`${what} — crash`);
      this.plane = this.start();
    }
  }

  /** A new process: what was in flight is delivered again. */
  private start(): ControlPlane {
    this.queue = keyValuePorts(this.kv, this.clock).queue;
    this.ports = this.faultyPorts();
    return createControlPlane(this.ports, {
      build: 'contracts',
      repo: { owner: 'o', name: 'contracts' },
      revision: main,
      account: { name: 'w', id: '111111111111' },
      region: 'us-west-1',
    });
  }

  private faultyPorts(): Ports {
    const life = { over: false };
    const wrap = <T extends object>(target: T): T =>
      new Proxy(target, {
        get: (object, name) => {
          const value = Reflect.get(object, name);
          if (typeof value !== 'function') return value;
          return (...args: unknown[]) => {
            const result = () => Reflect.apply(value, object, args);
            // Iterators and the clock are read without faults.
            if (name === 'all' || name === 'now') return result();
            return this.faulty(life, String(name), args, result);
          };
        },
      });
    const { clock, config, events, manifests, notifier, records, source, stacks } = this.outside;
    const wrapped = {
      config: wrap(config),
      events: wrap(events),
      manifests: wrap(manifests),
      records: wrap(records),
    };
    const others = {
      notifier: wrap(notifier),
      source: wrap(source),
      stacks: wrap(stacks),
      queue: wrap(this.queue),
    };
    return { clock, ...wrapped, ...others };
  }

  private async faulty(
    life: { over: boolean },
    name: string,
    args: readonly unknown[],
    call: () => unknown,
  ): Promise<unknown> {
    // Lets other handlers of the same process run in between, in an order the seed decides.
    for (let turns = this.random.below(3); turns > 0; turns--) await Promise.resolve();
    if (life.over) throw new Crash();
    if (this.random.chance(this.faults.crash)) {
      life.over = true;
      this.count('crash');
      if (this.random.chance(0.5)) await call();
      throw new Crash();
    }
    if (name === 'transact') await this.checkGate(args[0] as readonly RecordWrite[]);
    if (name === 'transact' && this.random.chance(this.faults.conflict)) {
      this.count('conflict');
      throw new ConflictError('somebody else was faster');
    }
    return call();
  }

  private async timePasses(): Promise<void> {
    this.clock.advance(1_000 * (1 + this.random.below(120)));
    const sweep = this.random.chance(0.3);
    await this.guarded(sweep ? 'sweep' : 'tick', () => (sweep ? this.plane.sweep() : this.plane.tick()));
  }

  // --- CI: each job takes several steps, and obeys its dispatch state ---------------------------------------------

  private async jobWorks(): Promise<void> {
    const live = [...this.outside.source.runs].filter(([, { status }]) => status.state !== 'ended');
    const next = this.random.pick(live);
    if (!next) return;
    const [id, { request }] = next;
    const step = this.jobs.get(id) ?? 0;
    this.jobs.set(id, step + 1);
    if (request.purpose === 'destroy') return this.endJob(id, request.enverId, 'success');
    const dispatch = await this.dispatchOf(request.enverId);
    if (dispatch?.id !== id) return this.endJob(id, request.enverId, 'superseded');
    if (step === 0) {
      this.trace.push(`job of ${request.enverId} begins`);
      return;
    }
    if (step === 1) {
      if (this.random.chance(this.faults.failedJob)) return this.endJob(id, request.enverId, 'failure');
      return this.publishProduct(request.enverId, dispatch);
    }
    if (this.random.chance(this.faults.failedJob / 2)) return this.endJob(id, request.enverId, 'failure');
    const state = canonicalJson({ dispatchId: id, vector: dispatch.vector });
    await this.outside.config.put(deployedStatePath(request.enverId), state);
    await this.endJob(id, request.enverId, 'success');
  }

  /** A value that changes with about half of the things it depends on. */
  private async publishProduct(enver: string, dispatch: DispatchState): Promise<void> {
    const path = productPath(enver, enver === 'contracts/b..main' ? CONTRACTS_LIB_LATEST : 'out');
    const value =
      enver === 'contracts/b..main'
        ? JSON.parse((await this.outside.manifests.get(`latest ${dispatch.vector.source.sha}`)) ?? 'null')
        : sha256(canonicalJson([dispatch.vector.source.tree, dispatch.vector.inputs])).slice(0, 1);
    const { changed, version } = await this.outside.config.put(path, canonicalJson(value));
    this.trace.push(`job publishes ${path}${changed ? '' : ' (unchanged)'}`);
    if (changed) this.publishedBy.set(inputKey(path, version, canonicalJson(value)), dispatch.id);
    if (changed) await this.hint(() => this.plane.productsPublished([path], `event ${++this.causes}`));
  }

  private async endJob(
    id: string,
    enver: string,
    conclusion: 'success' | 'failure' | 'superseded',
  ): Promise<void> {
    this.outside.source.end(id, { conclusion, reason: conclusion });
    this.trace.push(`job of ${enver} ends: ${conclusion}`);
    await this.hint(() => this.queue.send({ kind: 'enver', id: enver }, `run ${++this.causes}`));
  }

  private async dispatchOf(enver: string): Promise<DispatchState | undefined> {
    const path = dispatchStatePath(enver);
    const stored = (await this.outside.config.getMany([path])).get(path);
    return stored && (JSON.parse(stored.value) as DispatchState);
  }

  // --- people ----------------------------------------------------------------------------------------------------

  private async hint(send: () => Promise<void>): Promise<void> {
    if (this.random.chance(this.faults.lostHint)) {
      this.count('lost hint');
      return;
    }
    const times = this.random.chance(this.faults.doubleHint) ? 2 : 1;
    if (times === 2) this.count('double hint');
    for (let n = 0; n < times; n++) await this.guarded('hint', send);
  }

  private async push(repo: string, revision: RevisionRef, message: string, files = {}): Promise<string> {
    const sha = this.outside.source.push(repo, revision, { message, files });
    this.trace.push(`push ${repo} ${revision.ref}: ${message} ${Object.keys(files).join(' ')}`);
    const ref = fullRef(revision);
    await this.hint(() => this.queue.send({ kind: 'ref', repo, ref }, `push ${++this.causes}`));
    return sha;
  }

  private async userPushes(): Promise<void> {
    const builds = this.shape.builds.filter(() => this.random.chance(0.4));
    const repo = builds[0]?.repo;
    if (repo === undefined) return;
    const files = Object.fromEntries(
      builds.filter((build) => build.repo === repo).map(({ id }) => [`${id}/f`, String(++this.content)]),
    );
    const revision = this.random.chance(0.7) ? main : (this.random.pick(branches) ?? main);
    await this.push(`o/${repo}`, revision, 'work', files);
  }

  private async userClones(): Promise<void> {
    const build = this.random.pick(this.shape.builds);
    const revision = this.random.pick(branches);
    if (!build || !revision) return;
    const what = this.random.chance(0.5) ? 'create@main' : `create ${build.id}@main`;
    await this.push(`o/${build.repo}`, revision, `odmd: ${this.random.chance(0.4) ? 'delete' : what}`);
  }

  private async userDeletesBranch(): Promise<void> {
    const repo = this.random.pick(this.shape.builds)?.repo;
    const revision = this.random.pick(branches);
    if (repo === undefined || !revision) return;
    this.outside.source.deleteRef(`o/${repo}`, revision);
    this.trace.push(`delete branch o/${repo} ${revision.ref}`);
    const work: Work = { kind: 'ref', repo: `o/${repo}`, ref: fullRef(revision) };
    await this.hint(() => this.queue.send(work, `delete ${++this.causes}`));
  }

  private async userPublishes(): Promise<void> {
    const result = contractsOf(this.shape).synth();
    if (!result.ok) throw new Error(JSON.stringify(result.errors));
    this.serial += 1;
    const sha = this.outside.source.push('o/contracts', main, {
      message: 'contracts',
      files: { f: `${this.serial}` },
    });
    const latest = { sha, digest: manifestDigest(result.manifest), version: '1', serial: this.serial };
    await this.outside.manifests.put(sha, writeManifest(result.manifest));
    await this.outside.manifests.put(`latest ${sha}`, JSON.stringify(latest));
    this.trace.push('contracts change');
    const work: Work = { kind: 'ref', repo: 'o/contracts', ref: 'refs/heads/main' };
    await this.hint(() => this.queue.send(work, `contracts ${++this.causes}`));
  }

  // --- what must hold --------------------------------------------------------------------------------------------

  private async comeToRest(): Promise<void> {
    this.trace.push('--- no more faults');
    for (let round = 0; round < 12; round++) {
      this.clock.advance(6 * 60_000);
      await this.guarded('tick', () => this.plane.tick());
      await this.guarded('sweep', () => this.plane.sweep());
      for (let steps = 0; ; steps++) {
        if (steps > 5_000) throw this.broken('the platform does not come to rest');
        while (await this.platformWorks());
        const live = [...this.outside.source.runs.values()].some(({ status }) => status.state !== 'ended');
        if (!live && this.queue.size() === 0) break;
        await this.jobWorks();
        await this.checkAlways();
      }
    }
  }

  private async checkAlways(): Promise<void> {
    const clones = new Map<string, number>();
    for await (const record of this.outside.records.all('enver')) {
      const base = record.clone?.base;
      if (base !== undefined) clones.set(base, (clones.get(base) ?? 0) + 1);
    }
    for (const [base, count] of clones) {
      if (count > this.shape.maxClones) throw this.broken(`${base} has ${count} clones`);
      const counter = await this.outside.records.get('clones', base);
      if (counter?.count !== count)
        throw this.broken(`${base} has ${count} clones, counted as ${counter?.count}`);
    }
  }

  /** When a deployment is recorded, nothing upstream may be pending or running for a change that it carries. */
  private async checkGate(writes: readonly RecordWrite[]): Promise<void> {
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
          throw this.broken(
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
        throw this.broken(`${enver} deploys with ${path} ${version}, which a running job has published`);
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

  private async checkAtRest(): Promise<void> {
    const plane = this.plainPlane();
    const live = new Set<string>();
    for await (const record of this.outside.records.all('enver')) {
      live.add(record.id);
      if (record.run) throw this.broken(`${record.id} still runs`);
      if (record.deleting !== undefined) {
        // Whoever fails to deploy without its products still uses them.
        if (await this.hasStuckUser(record)) continue;
        throw this.broken(`${record.id} is still being deleted: ${record.reason}`);
      }
      const entry = await plane.entry(record.id);
      if (!entry) {
        if (record.phase !== 'retired')
          throw this.broken(`${record.id} is not in the contracts, and ${record.phase}`);
        continue;
      }
      await this.checkEnver(record, entry);
    }
    for (const path of [
      ...(await this.outside.config.list('/odmd-share/')),
      ...(await this.outside.config.list('/odmd-state/')),
    ]) {
      const [, , build, revision] = path.split('/');
      if (!live.has(`${build}/${revision}`)) throw this.broken(`${path} is left behind`);
    }
  }

  private async checkEnver(record: EnverRecord, entry: EnverEntry): Promise<void> {
    const head = await this.outside.source.head(record.repo, record.revision);
    if (head === undefined) {
      if (record.clone) throw this.broken(`${record.id} has no branch and is still there`);
      return;
    }
    const newest = await this.outside.config.getMany(entry.consumes.map(({ path }) => path));
    const missing = entry.consumes.some(({ path }) => !newest.has(path));
    if (missing) {
      if (record.phase !== 'waiting') throw this.broken(`${record.id} lacks an input and is ${record.phase}`);
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
    throw this.broken(`${record.id} is ${record.phase} (${record.reason}) and not what it should be`);
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
    return createControlPlane(this.outside, {
      build: 'contracts',
      repo: { owner: 'o', name: 'contracts' },
      revision: main,
      account: { name: 'w', id: '111111111111' },
      region: 'us-west-1',
    });
  }

  private broken(what: string): Error {
    return new Error(`${what}\n${this.trace.slice(-60).join('\n')}`);
  }

  private count(fault: string): void {
    this.counts[fault] = (this.counts[fault] ?? 0) + 1;
  }
}

function inputKey(path: string, version: number, value: string): string {
  return `${path} ${inputVersion(version, value)}`;
}

function describeWork(work: Work): string {
  return work.kind === 'enver' ? work.id : work.kind === 'ref' ? `${work.repo} ${work.ref}` : 'sync';
}
