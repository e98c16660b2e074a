import {
  type AccountRole,
  CONTRACTS_LIB_LATEST,
  type EnverEntry,
  OdmdError,
  producerOf,
  productPath,
} from '@ondemandenv/contracts-base';
import { productName, withRoots } from './causes.js';
import type { Context, Platform } from './context.js';
import { noted, save, without } from './record-writes.js';
import type { Approval, EnverRecord, RootId } from './records.js';
import { enqueueWritten, retryOnConflict, wakeWaiters } from './wake.js';

/** How long a request for an approval stands; then nobody is held up by it any more. */
const REQUEST_MS = 7 * 24 * 3_600_000;

/** The record with a request for exactly this version; one for another version is void. */
export async function requestApproval(
  { ports }: Context,
  record: EnverRecord,
  path: string,
  version: string,
  roots: readonly RootId[],
): Promise<EnverRecord> {
  const now = ports.clock.now();
  const known = record.approvals?.[path];
  if (known?.version === version) return record;
  const approval: Approval = { version, state: 'requested', roots, at: now };
  await ports.events.publish([
    { type: 'ApprovalRequested', detail: { enver: record.id, path, version, roots: [...roots] } },
  ]);
  return {
    ...record,
    approvals: { ...record.approvals, [path]: approval },
    history: noted(record, `${productName(path)} ${version} needs an approval`, now),
  };
}

/** Products whose newest version waits for somebody's decision: `menu 4#… by workspace1/Manager`. */
export function awaitedApprovals(record: EnverRecord, entry: EnverEntry): string[] {
  return entry.consumes.flatMap(({ path, approvers }) => {
    const approval = record.approvals?.[path];
    if (approval?.state !== 'requested') return [];
    return [`${productName(path)} ${approval.version} by ${(approvers ?? []).map(roleName).join(' or ')}`];
  });
}

export interface Decision {
  readonly enver: string;
  readonly path: string;
  /** The version that the person looked at. */
  readonly version: string;
  readonly granted: boolean;
  readonly by: AccountRole;
}

/**
 * Grants or refuses what an enver waits for.
 *
 * @throws OdmdError ODMD407 nothing of this version waits for a decision · ODMD408 not one of the approvers (which is
 *   noted)
 */
export async function decide(platform: Platform, decision: Decision): Promise<void> {
  const { ports } = platform;
  const { enver, path, version, by } = decision;
  await retryOnConflict(async () => {
    const record = await ports.records.get('enver', enver);
    const context = await platform.context();
    const approval = record?.approvals?.[path];
    if (!record || approval?.version !== version || approval.state !== 'requested')
      throw new OdmdError(
        'ODMD407',
        `${enver} does not wait for an approval of ${productName(path)} ${version}`,
        {
          fix: 'look at `odmd status` again: a newer version voids the request for an older one, and `odmd deploy` renews one that expired',
        },
      );
    const now = ports.clock.now();
    const what = `${productName(path)} ${version}`;
    const approvers = approversOf(context, record, path).map(roleName);
    if (!approvers.includes(roleName(by))) {
      const history = noted(record, `${roleName(by)} may not decide about ${what}`, now);
      await save(ports.records, record, { ...record, history });
      throw new OdmdError('ODMD408', `${roleName(by)} may not decide about ${what} of ${enver}`, {
        fix: `ask one of ${approvers.join(', ')}`,
      });
    }
    const word = decision.granted ? 'granted' : 'refused';
    // Granted contracts are applied by the sync: their own enver need not be deployed again.
    const granted = decision.granted && producerOf(path) !== record.id;
    const decided: Approval = { ...approval, state: word, by: roleName(by), at: now };
    const causes = approval.roots.map((root) => ({ root, reason: `${what} was granted`, at: now }));
    const saved = await save(ports.records, record, {
      ...record,
      approvals: { ...record.approvals, [path]: decided },
      pending: granted ? withRoots(record.pending, causes) : record.pending,
      history: noted(record, `${roleName(by)} ${word} ${what}`, now),
      nextAt: now,
    });
    await enqueueWritten(context, [saved], word);
    if (producerOf(path) === record.id) await ports.queue.send({ kind: 'sync' }, `${word} ${version}`);
    await wakeWaiters(context, saved, word);
  });
}

/** Whether exactly this version was granted. */
export function isGranted(approval: Approval | undefined, version: string): boolean {
  return approval?.version === version && approval.state === 'granted';
}

/**
 * The record with those requests and decisions that still matter: about inputs that wait (`waiting`, by path) or about
 * its own products; a request that nobody answered in time has expired.
 */
export function currentRequests(record: EnverRecord, waiting: ReadonlySet<string>, now: number): EnverRecord {
  let { history } = record;
  const kept: Record<string, Approval> = {};
  for (const [path, approval] of Object.entries(record.approvals ?? {})) {
    if (!waiting.has(path) && producerOf(path) !== record.id) continue;
    const old = approval.state === 'requested' && now - approval.at >= REQUEST_MS;
    kept[path] = old ? { ...approval, state: 'expired' } : approval;
    const text = `nobody decided about ${productName(path)} ${approval.version} in time`;
    if (old) history = noted({ ...record, history }, text, now);
  }
  const before = Object.values(record.approvals ?? {});
  if (Object.values(kept).every((one) => before.includes(one)) && Object.keys(kept).length === before.length)
    return record;
  const bare = { ...without(record, 'approvals'), history };
  return Object.keys(kept).length > 0 ? { ...bare, approvals: kept } : bare;
}

/** When the next request of an enver expires. */
export function nextExpiry(record: EnverRecord): number | undefined {
  const open = Object.values(record.approvals ?? {}).filter(({ state }) => state === 'requested');
  return open.length === 0 ? undefined : Math.min(...open.map(({ at }) => at + REQUEST_MS));
}

/** The record without requests that expired: they are made again. */
export function withoutExpired(record: EnverRecord): EnverRecord {
  const { approvals = {}, ...rest } = record;
  const kept = Object.entries(approvals).filter(([, { state }]) => state !== 'expired');
  return kept.length > 0 ? { ...rest, approvals: Object.fromEntries(kept) } : rest;
}

/** Who may decide about a product: its consumer's approvers; about new contracts, those of the installation. */
function approversOf(
  { contracts, installation }: Context,
  record: EnverRecord,
  path: string,
): readonly AccountRole[] {
  if (path === productPath(contracts.contractsLibId, CONTRACTS_LIB_LATEST) && producerOf(path) === record.id)
    return installation.contractApprovers ?? [];
  return contracts.entry(record)?.consumes.find((use) => use.path === path)?.approvers ?? [];
}

export function roleName({ account, role }: AccountRole): string {
  return `${account}/${role}`;
}
