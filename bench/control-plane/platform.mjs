import {
  CONTRACTS_LIB_LATEST,
  canonicalJson,
  deployedStatePath,
  manifestDigest,
  productPath,
  writeManifest,
} from '@ondemandenv/contracts-base';
import { createControlPlane } from '@ondemandenv/control-plane';
import { ManualClock, memoryPorts } from '@ondemandenv/control-plane/memory';

const CONTRACTS = 'contracts/b..main';
const main = { kind: 'branch', ref: 'main' };
const CLOCK = 'clock';
/** What changes something, or makes somebody else work. */
const WRITES = new Set([
  'config.put',
  'config.deleteMany',
  'events.publish',
  'manifests.publishEntry',
  'manifests.put',
  'notifier.answer',
  'notifier.alarm',
  'notifier.report',
  'queue.send',
  'queue.sendMany',
  'records.transact',
  'source.dispatch',
]);

/** A queue that costs the same however long it is: what is measured is the domain. */
class Fifo {
  #work = [];
  #next = 0;

  async send(work) {
    this.#work.push(work);
  }

  async sendMany(hints) {
    for (const { work } of hints) await this.send(work);
  }

  async receive() {
    const work = this.#work[this.#next];
    if (work) return [{ work, receipt: String(this.#next++), attempt: 1 }];
    [this.#work, this.#next] = [[], 0];
    return [];
  }

  async done() {}
}

/** A platform in memory that counts the calls of its ports. */
export class Platform {
  clock = new ManualClock(1_000_000);
  ports = { ...memoryPorts(this.clock), queue: new Fifo() };
  /** `port.method` → calls. */
  calls = new Map();
  #causes = 0;

  constructor() {
    const counted = Object.entries(this.ports).map(([name, port]) => [
      name,
      name === CLOCK ? port : this.#counting(name, port),
    ]);
    this.plane = createControlPlane(Object.fromEntries(counted), {
      build: 'contracts',
      repo: { owner: 'bench', name: 'contracts' },
      revision: main,
      account: { name: 'workspace', id: '222222222222' },
      region: 'us-west-1',
    });
  }

  #counting(name, port) {
    return new Proxy(port, {
      get: (target, method) => {
        const value = Reflect.get(target, method);
        if (typeof value !== 'function') return value;
        return (...args) => {
          const key = `${name}.${method}`;
          this.calls.set(key, (this.calls.get(key) ?? 0) + 1);
          return value.apply(target, args);
        };
      },
    });
  }

  /** The calls that an action makes: all of them, those that write, and how many of each kind. */
  async count(action) {
    this.calls.clear();
    await action();
    const kinds = [...this.calls].sort(([, a], [, b]) => b - a);
    const sum = (some) => some.reduce((total, [, count]) => total + count, 0);
    return { all: sum(kinds), writes: sum(kinds.filter(([kind]) => WRITES.has(kind))), kinds };
  }

  async publish(manifest) {
    const { source, manifests } = this.ports;
    const sha = source.push('bench/contracts', main, { message: 'contracts', files: { f: '1' } });
    await manifests.put(sha, writeManifest(manifest));
    await this.hint({ kind: 'ref', repo: 'bench/contracts', ref: 'refs/heads/main' });
    const latest = { sha, digest: manifestDigest(manifest), version: '1.0.0', serial: 1 };
    await this.end(CONTRACTS, { [CONTRACTS_LIB_LATEST]: latest });
  }

  async push(repo, files) {
    this.ports.source.push(repo, main, { message: 'work', files });
    await this.hint({ kind: 'ref', repo, ref: 'refs/heads/main' });
  }

  /** The live job of an enver publishes, and ends. */
  async end(enver, products) {
    await this.job(enver, products);
    await this.hint({ kind: 'enver', id: enver });
  }

  /** The same, and the platform has yet to be told that it ended. */
  async job(enver, products) {
    const { config, records, source } = this.ports;
    const { dispatchId, vector } = (await records.get('enver', enver)).run;
    for (const [name, value] of Object.entries(products))
      await config.put(productPath(enver, name), canonicalJson(value));
    await config.put(deployedStatePath(enver), canonicalJson({ dispatchId, vector }));
    source.end(dispatchId, { conclusion: 'success', reason: '' });
  }

  /** Every job that runs ends, with a product of this value, until none does. @returns dispatches by enver */
  async endAll(value) {
    const before = this.ports.source.runs.size;
    for (let live = this.#live(); live.length > 0; live = this.#live())
      for (const enver of live) await this.end(enver, { out: `${enver} ${value}` });
    const dispatched = [...this.ports.source.runs.values()]
      .slice(before)
      .map(({ request }) => request.enverId);
    return dispatched.reduce((counts, enver) => counts.set(enver, (counts.get(enver) ?? 0) + 1), new Map());
  }

  #live() {
    const runs = [...this.ports.source.runs.values()];
    return runs.filter(({ status }) => status.state !== 'ended').map(({ request }) => request.enverId);
  }

  /** Tells the platform where to look, and lets it work until it rests. */
  async hint(work) {
    await this.ports.queue.send(work, `bench ${++this.#causes}`);
    await this.rest();
  }

  async rest() {
    const { queue } = this.ports;
    for (let [delivery] = await queue.receive(1); delivery; [delivery] = await queue.receive(1)) {
      await this.plane.handle(delivery.work);
      await queue.done(delivery);
    }
  }
}
