import { type AccountRole, fullRef, producerOf, productPrefix } from '@ondemandenv/contracts-base';
import { roleName } from '../domain/approvals.js';
import type { ControlPlane } from '../domain/control-plane.js';
import type { EnverRecord } from '../domain/records.js';
import type { Clock, ConfigStore, RecordStore } from '../ports/index.js';
import type { EnverStatus, PlatformStatus } from './status-types.js';

/** What saying how everything is needs. */
export interface StatusSources {
  readonly clock: Clock;
  readonly controlPlane: Pick<ControlPlane, 'entry' | 'envers' | 'manifest'>;
  readonly config: Pick<ConfigStore, 'list' | 'getMany'>;
  readonly records: Pick<RecordStore, 'get'>;
  /** Who may approve privileged changes of the contracts. */
  readonly contractApprovers?: readonly AccountRole[] | undefined;
}

/** An enver as a list shows it, which costs no call of its own unless somebody has to decide about it. */
export type ListedEnver = Omit<EnverStatus, 'products' | 'history' | 'services'>;
export type DetailedEnver = ListedEnver & Required<Pick<EnverStatus, 'products' | 'history'>>;

/** How everything is. @param queued whether work waits that no record shows yet */
export async function platformStatus(
  sources: StatusSources,
  queued: boolean,
): Promise<PlatformStatus & { readonly envers: readonly ListedEnver[] }> {
  const [manifest, applied, records] = await Promise.all([
    sources.controlPlane.manifest(),
    sources.records.get('applied', 'applied'),
    sources.controlPlane.envers(),
  ]);
  const envers = await Promise.all(records.map((record) => listedEnver(sources, record)));
  return {
    org: manifest?.org ?? null,
    contracts: applied ? { sha: applied.sha, serial: applied.serial, digest: applied.digest } : null,
    busy: queued || envers.some(({ busy }) => busy),
    envers: envers.sort((a, b) => (a.id < b.id ? -1 : 1)),
  };
}

/** One enver with all that is known of it. */
export async function detailedEnver(sources: StatusSources, record: EnverRecord): Promise<DetailedEnver> {
  const [listed, published] = await Promise.all([listedEnver(sources, record), products(sources, record.id)]);
  const { deployed, history } = record;
  return {
    ...listed,
    ...(listed.deployed && deployed && { deployed: { ...listed.deployed, inputs: deployed.vector.inputs } }),
    products: published,
    history,
  };
}

async function listedEnver(sources: StatusSources, record: EnverRecord): Promise<ListedEnver> {
  const { id, phase, reason, repo, revision, clone, waitsFor, deployed } = record;
  return {
    id,
    phase,
    reason,
    busy: isMoving(record, sources.clock.now()),
    repo,
    ref: fullRef(revision),
    ...(clone && { cloneOf: clone.base }),
    conditions: record.conditions ?? [],
    approvals: await approvals(sources, record),
    waitsFor,
    ...(deployed && { deployed: { at: deployed.at, sha: deployed.vector.source.sha } }),
  };
}

/** Whether it goes on without a person: it is under way, due, held up by a rollout, or waits for the platform itself. */
function isMoving(record: EnverRecord, now: number): boolean {
  const { run, deleting, nextAt, gate, phase, waitsFor, conditions = [] } = record;
  if (run || deleting !== undefined || (nextAt !== undefined && nextAt <= now)) return true;
  if (phase !== 'waiting') return false;
  return gate !== undefined || (nextAt !== undefined && waitsFor.length === 0 && conditions.length === 0);
}

async function approvals(
  { controlPlane, contractApprovers }: StatusSources,
  record: EnverRecord,
): Promise<EnverStatus['approvals']> {
  if (!record.approvals) return [];
  const entry = await controlPlane.entry(record.id);
  return Object.entries(record.approvals).map(([path, approval]) => {
    const own = producerOf(path) === record.id;
    const approvers = own ? contractApprovers : entry?.consumes.find((use) => use.path === path)?.approvers;
    return { ...approval, path, approvers: (approvers ?? []).map(roleName) };
  });
}

async function products(
  { config }: StatusSources,
  enver: string,
): Promise<NonNullable<EnverStatus['products']>> {
  const prefix = productPrefix(enver);
  const newest = await config.getMany(await config.list(prefix));
  return [...newest.values()].map(({ path, version }) => ({ name: path.slice(prefix.length), version }));
}
