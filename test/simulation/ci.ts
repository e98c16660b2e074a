import {
  CONTRACTS_LIB_LATEST,
  canonicalJson,
  type DispatchState,
  deployedStatePath,
  dispatchStatePath,
  inputVersion,
  parseInputVersion,
  productPath,
  sha256,
} from '@ondemandenv/contracts-base';
import { PLACEHOLDER, PRODUCT } from './org-contracts.js';
import type { EnverShape } from './org-shape.js';
import { CONTRACTS } from './places.js';
import type { PlatformProcess } from './platform-process.js';
import type { Stage } from './stage.js';

interface Job {
  step: number;
  /** Product path → value that it was told to deploy with. */
  values: Record<string, string>;
}

type Conclusion = 'success' | 'failure' | 'superseded' | 'lost';

/** Where jobs run: each in several steps, obeying its dispatch state as `odmd-enver` does. */
export class Ci {
  private readonly jobs = new Map<string, Job>();

  constructor(
    private readonly stage: Stage,
    private readonly platform: PlatformProcess,
    /** How an enver, or the one that a clone copies, makes its product. */
    private readonly shapeOf: (enver: string) => EnverShape | undefined,
  ) {}

  /** Ids of jobs that can still do something. */
  get live(): string[] {
    const { outside, ledger } = this.stage;
    return [...outside.source.runs].flatMap(([id, { status }]) =>
      status.state === 'ended' || ledger.silent.has(id) ? [] : [id],
    );
  }

  /** One job does its next step. */
  async work(): Promise<void> {
    const { stage } = this;
    const id = stage.random.pick(this.live);
    const run = id === undefined ? undefined : stage.outside.source.runs.get(id);
    if (id === undefined || !run) return;
    const { enverId: enver, purpose } = run.request;
    const job = this.jobs.get(id) ?? { step: 0, values: {} };
    this.jobs.set(id, job);
    if (stage.strikes('silent job')) {
      stage.ledger.silent.add(id);
      return stage.say(`job of ${enver} falls silent`);
    }
    if (stage.strikes('lost job')) return this.end(id, enver, 'lost');
    if (purpose === 'destroy') return this.destroy(id, enver);
    const dispatch = await this.dispatchOf(enver);
    if (dispatch?.id !== id) return this.end(id, enver, 'superseded');
    job.step += 1;
    if (job.step === 1) return this.begin(id, enver, job, dispatch);
    if (stage.strikes('failed job')) return this.end(id, enver, 'failure');
    if (job.step === 2) return this.publish(enver, job, dispatch);
    await this.finish(id, enver, job, dispatch);
  }

  private async begin(id: string, enver: string, job: Job, dispatch: DispatchState): Promise<void> {
    const values = await this.resolve(dispatch);
    if (!values) return this.end(id, enver, 'superseded');
    job.values = values;
    this.stage.ledger.made.add(enver);
    this.stage.say(`job of ${enver} begins`);
  }

  /** The values of exactly the versions of the dispatch; `undefined` when the store does not have one any more. */
  private async resolve({ vector }: DispatchState): Promise<Record<string, string> | undefined> {
    const values: Record<string, string> = {};
    for (const [path, text] of Object.entries(vector.inputs)) {
      const { version, hash } = parseInputVersion(text);
      const value =
        version === 'placeholder'
          ? canonicalJson(PLACEHOLDER)
          : (await this.stage.outside.config.getVersion(path, version))?.value;
      if (value === undefined || !sha256(value).startsWith(hash)) return undefined;
      values[path] = value;
    }
    return values;
  }

  private async publish(enver: string, job: Job, dispatch: DispatchState): Promise<void> {
    const { stage } = this;
    const path = productPath(enver, enver === CONTRACTS ? CONTRACTS_LIB_LATEST : PRODUCT);
    const value = await this.product(enver, job, dispatch);
    const { changed, version } = await stage.outside.config.put(path, value);
    stage.say(`job of ${enver} publishes${changed ? ` version ${version}` : ' nothing new'}`);
    if (!changed) return;
    stage.ledger.publishedBy.set(`${path} ${inputVersion(version, value)}`, dispatch.id);
    const cause = stage.cause('event');
    await stage.hint(`publishing ${path}`, () =>
      this.platform.attempt(`event of ${path}`, (plane) => plane.productsPublished([path], cause)),
    );
  }

  /** One of a few values, so that many changes change nothing. */
  private async product(enver: string, { values }: Job, { id, vector }: DispatchState): Promise<string> {
    const { sha, tree } = vector.source;
    if (enver === CONTRACTS) return (await this.stage.outside.manifests.get(`latest ${sha}`)) ?? 'null';
    const from = { source: tree, inputs: [tree, values], constant: 0, run: id };
    const seen = from[this.shapeOf(enver)?.value ?? 'constant'];
    return canonicalJson(sha256(canonicalJson(seen)).slice(0, 1));
  }

  private async finish(id: string, enver: string, { values }: Job, dispatch: DispatchState): Promise<void> {
    const { ledger, outside } = this.stage;
    const state = canonicalJson({ dispatchId: id, vector: dispatch.vector });
    await outside.config.put(deployedStatePath(enver), state);
    ledger.deployed.set(enver, { dispatchId: id, values, ...dispatch.vector.source });
    await this.end(id, enver, 'success');
  }

  private async destroy(id: string, enver: string): Promise<void> {
    const { stage } = this;
    if (stage.strikes('failed job')) return this.end(id, enver, 'failure');
    stage.ledger.made.delete(enver);
    stage.ledger.deployed.delete(enver);
    return this.end(id, enver, 'success');
  }

  private async end(id: string, enver: string, conclusion: Conclusion): Promise<void> {
    this.stage.outside.source.end(id, { conclusion, reason: conclusion });
    this.stage.say(`job of ${enver} ends: ${conclusion}`);
    await this.platform.tell({ kind: 'enver', id: enver }, `the end of a job of ${enver}`);
  }

  private async dispatchOf(enver: string): Promise<DispatchState | undefined> {
    const path = dispatchStatePath(enver);
    const stored = (await this.stage.outside.config.getMany([path])).get(path);
    return stored && (JSON.parse(stored.value) as DispatchState);
  }
}
