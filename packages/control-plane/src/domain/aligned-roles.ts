import type { EnverEntry } from '@ondemandenv/contracts-base';
import { withCondition, withoutConditions } from './conditions.js';
import type { Context } from './context.js';
import type { EnverRecord } from './records.js';

/** How often roles that are being made are looked at without a hint. */
const RECHECK_MS = 60_000;

/**
 * Brings the roles of an enver in line with its contract where nothing is deployed for it: what its applications may do
 * while they run is said there too. It costs nothing for an enver whose contract is the one that its roles were made by.
 *
 * @returns the record with what has become of it; when it has to be looked at again, with the time
 */
export async function alignRoles(
  { ports, contracts }: Context,
  record: EnverRecord,
  entry: EnverEntry,
): Promise<EnverRecord> {
  const rolesOf = contracts.rolesDigest(entry, record.entryDigest);
  if (record.rolesOf === rolesOf) return record;
  const roles = await ports.stacks.ensure(entry, 'deploy');
  if (roles === 'ready') return withoutConditions({ ...record, rolesOf }, 'RolesOutdated');
  const now = ports.clock.now();
  const again = { ...record, nextAt: Math.min(record.nextAt ?? Number.POSITIVE_INFINITY, now + RECHECK_MS) };
  if (roles === 'working') return again;
  const message = `its roles are not those of its contract, since they cannot be changed: ${roles.failed}`;
  return withCondition(again, 'RolesOutdated', message, now);
}
