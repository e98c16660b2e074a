import {
  CONTRACTS_LIB_LATEST,
  canonicalJson,
  deployedStatePath,
  fullRef,
  type Manifest,
  manifestDigest,
  productPath,
  type RevisionRef,
  writeManifest,
} from '@ondemandenv/contracts-base';
import { createControlPlane, type EnverRecord, type Work } from '@ondemandenv/control-plane';
import { ManualClock, memoryPorts } from '@ondemandenv/control-plane/memory';

const main: RevisionRef = { kind: 'branch', ref: 'main' };
const CONTRACTS = 'contracts/b..main';

/** A platform in memory whose jobs end when the story says so. */
export class StoryWorld {
  readonly clock = new ManualClock(Date.UTC(2026, 0, 1));
  readonly ports: ReturnType<typeof memoryPorts> = memoryPorts(this.clock);
  readonly plane = createControlPlane(this.ports, {
    build: 'contracts',
    repo: { owner: 'coffee', name: 'contracts' },
    revision: main,
    account: { name: 'workspace', id: '222222222222' },
    region: 'us-west-1',
  });
  private causes = 0;
  private readonly told = new Map<string, string>();
  private answered = 0;

  async push(
    repo: string,
    message: string,
    files: Record<string, string> = {},
    revision = main,
  ): Promise<string> {
    const sha = this.ports.source.push(repo, revision, { message, files });
    await this.tell({ kind: 'ref', repo, ref: fullRef(revision) });
    return sha;
  }

  async publish(manifest: Manifest): Promise<void> {
    const sha = await this.push('coffee/contracts', 'contracts', { 'contracts.ts': '1' });
    await this.ports.manifests.put(sha, writeManifest(manifest));
    const latest = { sha, digest: manifestDigest(manifest), version: '1.0.0', serial: 1 };
    await this.succeed(CONTRACTS, { [CONTRACTS_LIB_LATEST]: latest });
  }

  /** The live job of an enver publishes these products and ends well. */
  async succeed(enver: string, products: Record<string, unknown> = {}): Promise<void> {
    const run = await this.runOf(enver);
    const { config, source } = this.ports;
    for (const [name, value] of Object.entries(products))
      await config.put(productPath(enver, name), canonicalJson(value));
    if (run.purpose === 'deploy') {
      const { dispatchId, vector } = run;
      await config.put(deployedStatePath(enver), canonicalJson({ dispatchId, vector }));
    }
    const paths = Object.keys(products).map((name) => productPath(enver, name));
    await this.plane.productsPublished(paths, `story ${++this.causes}`);
    source.end(run.dispatchId, { conclusion: 'success', reason: '' });
    await this.tell({ kind: 'enver', id: enver });
  }

  /** The live job of an enver fails. */
  async fail(enver: string, reason: string): Promise<void> {
    this.ports.source.end((await this.runOf(enver)).dispatchId, { conclusion: 'failure', reason });
    await this.tell({ kind: 'enver', id: enver });
  }

  async record(enver: string): Promise<EnverRecord | undefined> {
    return this.ports.records.get('enver', enver);
  }

  /** What the platform says now and did not say before: of its envers, and to people. */
  async *news(): AsyncIterable<string> {
    const { answers } = this.ports.notifier;
    for (const { message } of answers.slice(this.answered)) yield `answer: ${message}`;
    this.answered = answers.length;
    const envers = new Map(
      (await this.plane.envers()).map(({ id, phase, reason }) => [id, `${phase}: ${reason}`]),
    );
    for (const [id, text] of envers) if (this.told.get(id) !== text) yield `${id} ${text}`;
    for (const id of this.told.keys()) if (!envers.has(id)) yield `${id} is gone`;
    this.told.clear();
    for (const [id, text] of envers) this.told.set(id, text);
  }

  private async runOf(enver: string): Promise<NonNullable<EnverRecord['run']>> {
    const run = (await this.record(enver))?.run;
    if (!run) throw new Error(`${enver} does not run`);
    return run;
  }

  private async tell(work: Work): Promise<void> {
    const { queue } = this.ports;
    await queue.send(work, `story ${++this.causes}`);
    for (let [delivery] = await queue.receive(1); delivery; [delivery] = await queue.receive(1)) {
      await this.plane.handle(delivery.work);
      await queue.done(delivery);
    }
  }
}
