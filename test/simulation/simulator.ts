import {
  CONTRACTS_LIB_LATEST,
  canonicalJson,
  type DispatchState,
  deployedStatePath,
  dispatchStatePath,
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
  keyValuePorts,
  type Ports,
  type RecordWrite,
  type Work,
} from '@ondemandenv/control-plane';
import { ManualClock, MemoryKeyValue, memoryPorts } from '@ondemandenv/control-plane/memory';
import { Broken, Invariants, installation, main } from './invariants.js';
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

const branches: readonly RevisionRef[] = ['x', 'feature/y'].map((ref) => ({ kind: 'branch', ref }));

/** One org, one platform, one seed: users, CI jobs, time and faults in an order that the seed alone decides. */
export class Simulation {
  readonly trace: string[] = [];
  readonly counts: Record<string, number> = {};
  private readonly random: Random;
  private readonly clock = new ManualClock(1_000_000);
  private readonly kv = new MemoryKeyValue();
  private readonly outside = memoryPorts(this.clock, this.kv);
  private readonly invariants: Invariants;
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
    this.invariants = new Invariants(this.outside, () => this.shape.maxClones, this.publishedBy);
    this.ports = this.faultyPorts();
    this.plane = this.start();
  }

  /** Lets `steps` things happen in a random order, then lets everything come to rest without faults. */
  async run(steps: number): Promise<void> {
    try {
      await this.userPublishes();
      for (let step = 0; step < steps; step++) {
        await this.oneStep();
        await this.invariants.checkAlways();
      }
      this.faults = noFaults;
      await this.comeToRest();
      await this.invariants.checkAtRest();
    } catch (error) {
      if (error instanceof Broken) error.message += `\n${this.trace.slice(-60).join('\n')}`;
      throw error;
    }
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
    return createControlPlane(this.ports, installation);
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
    if (name === 'transact') await this.invariants.checkGate(args[0] as readonly RecordWrite[]);
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
        if (steps > 5_000) throw new Broken('the platform does not come to rest');
        while (await this.platformWorks());
        const live = [...this.outside.source.runs.values()].some(({ status }) => status.state !== 'ended');
        if (!live && this.queue.size() === 0) break;
        await this.jobWorks();
        await this.invariants.checkAlways();
      }
    }
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
