import {
  CONTRACTS_LIB_LATEST,
  type Contracts,
  canonicalJson,
  deployedStatePath,
  dispatchStatePath,
  fullRef,
  manifestDigest,
  productPath,
  type RevisionRef,
  writeManifest,
} from '@ondemandenv/contracts-base';
import { ManualClock, memoryPorts } from '../adapters/memory/index.js';
import type { ControlPlane, Installation } from '../domain/control-plane.js';
import { createControlPlane } from '../domain/create-control-plane.js';
import type { EnverRecord } from '../domain/records.js';
import type { Work } from '../ports/index.js';
import { type CoffeeOptions, coffeeContracts } from './coffee-contracts.js';

export const main: RevisionRef = { kind: 'branch', ref: 'main' };

/** A platform on memory ports, with a caller who plays git, CI and time. */
export class World {
  readonly clock = new ManualClock(1_000_000);
  readonly ports = memoryPorts(this.clock);
  readonly plane: ControlPlane;
  /** Enver ids in the order of their dispatches. */
  readonly dispatched: string[] = [];
  private seen = 0;
  private cause = 0;
  private serial = 0;

  constructor(installation: Partial<Installation> = {}) {
    this.plane = createControlPlane(this.ports, {
      build: 'contracts',
      repo: { owner: 'coffee', name: 'contracts' },
      revision: main,
      account: { name: 'workspace0', id: '222222222222' },
      region: 'us-west-1',
      ...installation,
    });
  }

  /** Commits, tells the platform, and lets it work until it rests. */
  async push(
    repo: string,
    files: Record<string, string>,
    message = 'work',
    revision = main,
  ): Promise<string> {
    const sha = this.ports.source.push(repo, revision, { message, files });
    await this.tell({ kind: 'ref', repo, ref: fullRef(revision) });
    return sha;
  }

  /** Sends a hint and works until the platform rests. */
  async tell(work: Work): Promise<void> {
    await this.ports.queue.send(work, `test ${++this.cause}`);
    await this.rest();
  }

  /** Handles hints until there are none. */
  async rest(): Promise<void> {
    for (let steps = 0; ; steps++) {
      const deliveries = await this.ports.queue.receive(1);
      if (deliveries.length === 0) break;
      if (steps > 2_000) throw new Error('the platform does not come to rest');
      for (const delivery of deliveries) {
        await this.plane.handle(delivery.work);
        await this.ports.queue.done(delivery);
      }
    }
    for (const event of this.ports.events.since(this.seen)) {
      this.seen = event.seq;
      if (event.type === 'EnverDispatched') this.dispatched.push(event.detail.enver);
    }
  }

  /** Lets time go by, and the platform notice it. */
  async wait(ms: number): Promise<void> {
    this.clock.advance(ms);
    await this.plane.tick();
    await this.rest();
  }

  /** Plays the live run of an enver to a good end: publishes these products (raw strings) and ends. */
  async succeed(enver: string, products: Record<string, unknown> = {}): Promise<void> {
    const { config, events, source } = this.ports;
    const dispatch = (await config.getMany([dispatchStatePath(enver)])).get(dispatchStatePath(enver));
    if (!dispatch) throw new Error(`${enver} was never dispatched`);
    const { id, vector } = JSON.parse(dispatch.value);
    for (const [name, value] of Object.entries(products))
      await config.put(productPath(enver, name), canonicalJson(value));
    await config.put(deployedStatePath(enver), canonicalJson({ dispatchId: id, vector }));
    const paths = Object.keys(products).map((name) => productPath(enver, name));
    await events.publish([{ type: 'ProductsPublished', detail: { enver, paths } }]);
    await this.plane.productsPublished(paths, `test ${++this.cause}`);
    await this.rest();
    source.end(id, { conclusion: 'success', reason: '' });
    await this.tell({ kind: 'enver', id: enver });
  }

  /** Ends the live run of an enver badly. */
  async fail(enver: string, conclusion: 'failure' | 'lost' | 'superseded' = 'failure'): Promise<void> {
    const run = (await this.record(enver)).run;
    if (!run) throw new Error(`${enver} does not run`);
    this.ports.source.end(run.dispatchId, { conclusion, reason: `${conclusion} on purpose` });
    await this.tell({ kind: 'enver', id: enver });
  }

  /** Ends the teardown run of a clone. */
  async tornDown(enver: string): Promise<void> {
    const run = (await this.record(enver)).run;
    if (run?.purpose !== 'destroy') throw new Error(`${enver} is not being torn down`);
    this.ports.source.end(run.dispatchId, { conclusion: 'success', reason: '' });
    await this.tell({ kind: 'enver', id: enver });
  }

  /** Pushes contracts and plays their job. */
  async publish(contracts: Contracts): Promise<string> {
    const result = contracts.synth();
    if (!result.ok) throw new Error(JSON.stringify(result.errors));
    const sha = await this.push('coffee/contracts', { 'contracts.ts': `${++this.serial}` });
    await this.ports.manifests.put(sha, writeManifest(result.manifest));
    const digest = manifestDigest(result.manifest);
    await this.succeed('contracts/b..main', {
      [CONTRACTS_LIB_LATEST]: { sha, digest, version: '1.0.0', serial: this.serial },
    });
    return sha;
  }

  async record(enver: string): Promise<EnverRecord> {
    const record = await this.ports.records.get('enver', enver);
    if (!record) throw new Error(`there is no record of ${enver}`);
    return record;
  }

  /** `enver` → `phase: reason`, for reading in assertions. */
  async phases(): Promise<Record<string, string>> {
    const envers = await this.plane.envers();
    return Object.fromEntries(envers.map(({ id, phase, reason }) => [id, `${phase}: ${reason}`]));
  }

  /** Contracts published and everything deployed once. */
  static async deployed(
    options: CoffeeOptions = {},
    installation: Partial<Installation> = {},
  ): Promise<World> {
    const world = new World(installation);
    await world.publish(coffeeContracts(options));
    await world.push('coffee/foundation', { 'index.js': '1' });
    await world.succeed('foundation/b..main', { menu: 'espresso', motto: 'hello' });
    await world.push('coffee/shop', { 'manager/a': '1', 'processor/a': '1', 'web/a': '1' });
    await world.succeed('manager/b..main', { api: 'http://manager' });
    await world.succeed('processor/b..main', { api: 'http://processor' });
    await world.succeed('web/b..main');
    world.dispatched.length = 0;
    return world;
  }
}
