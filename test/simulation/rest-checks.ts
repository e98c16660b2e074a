import {
  type ConsumptionEntry,
  canonicalJson,
  type EnverEntry,
  type InputVector,
  inputVersion,
  producerOf,
} from '@ondemandenv/contracts-base';
import type { EnverRecord } from '@ondemandenv/control-plane';
import { Broken } from './broken.js';
import { isHeldUp } from './held-up.js';
import { PLACEHOLDER } from './org-contracts.js';
import { CONTRACTS } from './places.js';
import { checkReports } from './report-checks.js';
import type { Stage } from './stage.js';

/** What the platform says of an enver that cannot be deployed. */
const NOT_READY = /^(its roles|it has) /;

/** What must hold when everything has come to rest: what people asked for has come about, as far as it could. */
export class RestChecks {
  constructor(private readonly stage: Stage) {}

  async check(): Promise<void> {
    for (const record of this.stage.mirror.envers) await this.checkRecord(record);
    this.checkWishes();
    await this.checkRemains();
    await checkReports(this.stage);
  }

  private async checkRecord(record: EnverRecord): Promise<void> {
    const { id } = record;
    if (record.run) throw new Broken(`${id} still runs`);
    if (record.deleting !== undefined) {
      // Whoever fails to deploy without its products still uses them.
      if (this.hasStuckUser(record) || this.hasNoRoles(record)) return;
      throw new Broken(`${id} is still being deleted: ${record.reason}`);
    }
    const entry = this.stage.contracts.entry(record);
    if (!entry) {
      if (record.phase === 'retired' || id === CONTRACTS) return;
      throw new Broken(`${id} is not in the contracts, and ${record.phase}`);
    }
    this.checkPullRequest(record);
    if (this.stage.ledger.wishOf(record.repo, record.revision, record.build) === 'delete' && record.clone)
      throw new Broken(`${id} is there, and somebody deleted it`);
    await this.checkDeployed(record, entry);
  }

  /** Nobody ever does what its teardown needs. */
  private hasNoRoles({ id, deleting }: EnverRecord): boolean {
    return deleting !== undefined && this.stage.notReady.has(id);
  }

  /** A clone that was made until its pull request is closed goes then. */
  private checkPullRequest({ id, repo, revision, clone }: EnverRecord): void {
    if (clone?.until !== 'pr') return;
    const pulls = this.stage.outside.source.pulls.get(repo) ?? [];
    const own = pulls.filter(
      ({ branch, closedAt = Infinity }) => branch === revision.ref && closedAt > clone.createdAt,
    );
    if (own.length > 0 && own.every(({ closedAt }) => closedAt !== undefined))
      throw new Broken(`${id} is there, and its pull request is closed`);
  }

  private async checkDeployed(record: EnverRecord, entry: EnverEntry): Promise<void> {
    const { id } = record;
    const deployed = this.stage.ledger.deployed.get(id);
    if (record.deployed && record.deployed.dispatchId !== deployed?.dispatchId && id !== CONTRACTS)
      throw new Broken(
        `${id} counts as deployed by ${record.deployed.dispatchId}, not ${deployed?.dispatchId}`,
      );
    const head = await this.stage.outside.source.head(record.repo, record.revision);
    if (head === undefined) {
      if (record.clone) throw new Broken(`${id} has no ${record.revision.kind} and is still there`);
      return;
    }
    const isBuilt = record.revision.kind === 'tag' && deployed !== undefined;
    if (isBuilt) return;
    const newest = await this.newestOf(entry);
    const tree = await this.stage.outside.source.tree(record.repo, head, [
      entry.workDir,
      ...entry.extraPaths,
    ]);
    const missing = entry.consumes.filter(({ path }) => !newest.has(path));
    if (missing.length > 0) return this.checkMissing(record, missing);
    if (this.stage.notReady.has(id) && record.phase === 'waiting' && NOT_READY.test(record.reason)) return;
    const late = entry.consumes.filter((use) => !this.isFollowed(record, use, newest));
    const dropped = Object.keys(deployed?.values ?? {}).filter((path) => !newest.has(path));
    const isSame = deployed?.tree === tree && late.length === 0 && dropped.length === 0;
    if (isSame && (record.phase === 'deployed' || this.hasOldVersions(record, entry, newest))) return;
    // Somebody asked for it again as it is, and that failed.
    const failedAgain = record.phase === 'failed' && record.failed?.vector.source.tree === tree;
    if (isSame && !failedAgain)
      throw new Broken(`${id} is what it should be, and ${record.phase}: ${record.reason}`);
    if (this.isExcused(record, entry, tree, newest)) return;
    const what = [
      ...(deployed ? [] : ['was never deployed']),
      ...(deployed && deployed.tree !== tree ? ['lacks the newest source'] : []),
      ...late.map(({ path }) => `has ${deployed?.values[path]} of ${path}, not ${newest.get(path)?.value}`),
      ...dropped.map((path) => `still has ${path}`),
    ];
    throw new Broken(`${id} is ${record.phase} (${record.reason}), and ${what.join(', ')}`);
  }

  /** The newest value of everything it consumes, or its placeholder. */
  private async newestOf(entry: EnverEntry): Promise<Map<string, { value: string; version: string }>> {
    const stored = await this.stage.outside.config.getMany(entry.consumes.map(({ path }) => path));
    return new Map(
      entry.consumes.flatMap(({ path, placeholder }) => {
        const found = stored.get(path);
        if (found) return [[path, { value: found.value, version: inputVersion(found.version, found.value) }]];
        if (placeholder === undefined) return [];
        const value = canonicalJson(PLACEHOLDER);
        return [[path, { value, version: inputVersion('placeholder', value) }]];
      }),
    );
  }

  /** Whether an input is the newest one that its reaction lets through, and its team knows of any newer one. */
  private isFollowed(
    record: EnverRecord,
    { path, onChange }: ConsumptionEntry,
    newest: ReadonlyMap<string, { value: string; version: string }>,
  ): boolean {
    const [has, wanted] = [this.stage.ledger.deployed.get(record.id)?.values[path], newest.get(path)];
    if (has === undefined || wanted === undefined) return false;
    if (has === wanted.value || onChange === 'ignore') return true;
    if (onChange === 'alarm')
      return this.stage.outside.notifier.alarms.some(
        ({ enver, message }) => enver === record.id && message.includes(`to ${wanted.version}`),
      );
    const approval = record.approvals?.[path];
    return onChange === 'approve' && approval?.version === wanted.version && approval.state !== 'granted';
  }

  /** A value that changed and changed back is another version of the same. */
  private hasOldVersions(
    { deployed }: EnverRecord,
    { consumes }: EnverEntry,
    newest: ReadonlyMap<string, { version: string }>,
  ): boolean {
    return consumes.some(({ path }) => deployed?.vector.inputs[path] !== newest.get(path)?.version);
  }

  private checkMissing(record: EnverRecord, missing: readonly ConsumptionEntry[]): void {
    // What lost an input that it was deployed with keeps running.
    const isSaid = missing.every(({ path }) => record.reason.includes(path.replace('/odmd-share/', '')));
    if (record.phase === 'waiting' && record.reason.startsWith('needs ') && isSaid) return;
    const what = missing.map(({ path }) => path).join(', ');
    throw new Broken(`${record.id} lacks ${what} and is ${record.phase}: ${record.reason}`);
  }

  private isExcused(
    record: EnverRecord,
    entry: EnverEntry,
    tree: string,
    newest: ReadonlyMap<string, { version: string }>,
  ): boolean {
    const failedWith = (vector: InputVector) =>
      vector.source.tree === tree &&
      entry.consumes.every(
        ({ path, onChange }) => onChange !== 'deploy' || vector.inputs[path] === newest.get(path)?.version,
      );
    if (record.phase === 'failed' && record.failed && failedWith(record.failed.vector)) return true;
    if (record.conditions?.some(({ type }) => type === 'CycleDoesNotSettle'))
      return record.phase === 'blocked' && this.stage.contracts.isOnCycle(record);
    return isHeldUp(this.stage, record);
  }

  /** Somebody uses its products and cannot be deployed without them. */
  private hasStuckUser({ id: of, waitsFor }: EnverRecord, seen: ReadonlySet<string> = new Set()): boolean {
    return waitsFor.some((id) => {
      const user = this.stage.mirror.enver(id);
      if (!user || seen.has(id) || !user.consumes.some((path) => producerOf(path) === of)) return false;
      const stays = user.conditions?.some(({ type }) => type === 'SourceMissing' || type === 'BuiltOnce');
      if (stays || ['failed', 'waiting', 'blocked', 'retired'].includes(user.phase)) return true;
      if (this.hasNoRoles(user)) return true;
      return user.phase === 'deleting' && this.hasStuckUser(user, new Set([...seen, id]));
    });
  }

  /** A clone that was asked for is there, or whoever asked was told why not. */
  private checkWishes(): void {
    const { ledger, mirror, outside, contracts } = this.stage;
    // Without contracts the platform does not know the repositories.
    if (!contracts.manifest) return;
    for (const { ref, build } of ledger.wanted) {
      const has = mirror.envers.some(
        (record) => `${record.repo} ${refOf(record)}` === ref && record.build === build,
      );
      const told = outside.notifier.answers.some(
        ({ repo, ref: name, level }) => level === 'error' && `${repo} ${name}` === ref,
      );
      if (!has && !told) throw new Broken(`there is no clone of ${build} on ${ref}, and nobody was told why`);
    }
  }

  /** What is gone has left nothing. */
  private async checkRemains(): Promise<void> {
    const { outside, mirror, ledger } = this.stage;
    const paths = [
      ...(await outside.config.list('/odmd-share/')),
      ...(await outside.config.list('/odmd-state/')),
    ];
    for (const path of paths) {
      const [, , build, revision] = path.split('/');
      if (!mirror.enver(`${build}/${revision}`)) throw new Broken(`${path} is left behind`);
    }
    for (const id of [...outside.stacks.provisioned, ...ledger.made])
      if (!mirror.enver(id)) throw new Broken(`what was made for ${id} is left behind`);
  }
}

function refOf({ revision }: EnverRecord): string {
  return `${revision.kind === 'branch' ? 'refs/heads' : 'refs/tags'}/${revision.ref}`;
}
