import { fullRef, producerOf, productPrefix } from '@ondemandenv/contracts-base';
import type { EnverRecord } from '@ondemandenv/control-plane';
import type { EnverStatus, PlatformStatus } from '../api-types.js';
import type { PlatformParts } from './platform-parts.js';

/** Every product of every enver lies under this prefix. */
const ALL_PRODUCTS = '/odmd-share/';

/** The state of everything, for people and their tools. */
export async function platformStatus(parts: PlatformParts): Promise<PlatformStatus> {
  const [manifest, applied, records, repos] = await Promise.all([
    parts.controlPlane.manifest(),
    parts.records.get('applied', 'applied'),
    parts.controlPlane.envers(),
    parts.repos(),
  ]);
  const working = records.some(({ phase }) => phase === 'running' || phase === 'deleting');
  return {
    org: manifest?.org ?? null,
    contracts: applied ? { sha: applied.sha, serial: applied.serial, digest: applied.digest } : null,
    busy: working || parts.backlog.size() > 0 || parts.jobs.active() > 0,
    repos,
    envers: await Promise.all(records.map((record) => enverStatus(parts, record))),
    leftovers: await leftovers(parts, records),
  };
}

/** What should have gone with its enver. */
async function leftovers({ config }: PlatformParts, records: readonly EnverRecord[]): Promise<string[]> {
  const known = new Set(records.map(({ id }) => id));
  return (await config.list(ALL_PRODUCTS)).filter((path) => !known.has(producerOf(path)));
}

async function enverStatus(parts: PlatformParts, record: EnverRecord): Promise<EnverStatus> {
  const { id, phase, reason, repo, revision, clone, waitsFor, deployed, history } = record;
  const services = parts.services.list(id).map(({ enver: _, port: __, ...service }) => service);
  return {
    id,
    phase,
    reason,
    repo,
    ref: fullRef(revision),
    ...(clone && { cloneOf: clone.base }),
    conditions: record.conditions ?? [],
    approvals: await approvals(parts, record),
    waitsFor,
    ...(deployed && {
      deployed: { at: deployed.at, sha: deployed.vector.source.sha, inputs: deployed.vector.inputs },
    }),
    products: await products(parts, id),
    services,
    history,
  };
}

async function approvals(parts: PlatformParts, record: EnverRecord): Promise<EnverStatus['approvals']> {
  if (!record.approvals) return [];
  const entry = await parts.controlPlane.entry(record.id);
  return Object.entries(record.approvals).map(([path, approval]) => {
    const approvers = entry?.consumes.find((use) => use.path === path)?.approvers ?? [];
    return { ...approval, path, approvers: approvers.map(({ account, role }) => `${account}/${role}`) };
  });
}

async function products({ config }: PlatformParts, enver: string): Promise<EnverStatus['products']> {
  const prefix = productPrefix(enver);
  const newest = await config.getMany(await config.list(prefix));
  return [...newest.values()].map(({ path, version }) => ({ name: path.slice(prefix.length), version }));
}
