import { producerOf } from '@ondemandenv/contracts-base';
import { detailedEnver, type EnverRecord, platformStatus } from '@ondemandenv/control-plane';
import type { EnverStatus, PlatformStatus } from '../api-types.js';
import type { PlatformParts } from './platform-parts.js';

/** Every product of every enver lies under this prefix. */
const ALL_PRODUCTS = '/odmd-share/';

/** The state of everything, for people and their tools. */
export async function localStatus(parts: PlatformParts): Promise<PlatformStatus> {
  const [status, records, repos] = await Promise.all([
    platformStatus(parts, false),
    parts.controlPlane.envers(),
    parts.repos(),
  ]);
  const working = records.some(({ phase }) => phase === 'running' || phase === 'deleting');
  return {
    ...status,
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
  const services = parts.services.list(record.id).map(({ enver: _, port: __, ...service }) => service);
  return { ...(await detailedEnver(parts, record)), services };
}
