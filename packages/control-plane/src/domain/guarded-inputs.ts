import {
  type AccountRole,
  type ConsumptionEntry,
  type EnverEntry,
  OdmdError,
} from '@ondemandenv/contracts-base';
import { productName, withRoots } from './causes.js';
import type { Context, Platform } from './context.js';
import { noted, save } from './record-writes.js';
import type { Approval, EnverRecord, RootId } from './records.js';
import { enqueueWritten, retryOnConflict, wakeWaiters } from './wake.js';

type Inputs = Readonly<Record<string, string>>;

/**
 * The inputs that an enver may be deployed with: of a product that needs approval the version it was deployed with,
 * until exactly the newest one is granted. A first deployment takes what there is.
 */
export function allowedInputs(
  record: EnverRecord,
  entry: EnverEntry,
  newest: Inputs,
): Record<string, string> {
  const allowed = { ...newest };
  for (const { path, deployed } of changedInputs(record, entry, newest, 'approve'))
    if (!isDecided(record.approvals?.[path], newest[path], 'granted')) allowed[path] = deployed;
  return allowed;
}

/**
 * Asks for the approvals that are due and raises the alarms that are: each once per version.
 *
 * @param rootsOf the changes that the newest value of a product comes from
 */
export async function announceInputs(
  context: Context,
  record: EnverRecord,
  entry: EnverEntry,
  newest: Inputs,
  rootsOf: (path: string) => Promise<readonly RootId[]>,
): Promise<EnverRecord> {
  let next = record;
  for (const { path, version } of changedInputs(record, entry, newest, 'approve'))
    next = await requestApproval(context, next, path, version, await rootsOf(path));
  for (const { path, version, deployed } of changedInputs(record, entry, newest, 'alarm')) {
    if (record.alarmed?.[path] === version) continue;
    const message = `${productName(path)} changed from ${deployed} to ${version}; ${record.id} still uses the former`;
    await context.ports.notifier.alarm({ enver: record.id, message });
    const history = noted(next, `alarm: ${message}`, context.ports.clock.now());
    next = { ...next, alarmed: { ...next.alarmed, [path]: version }, history };
  }
  return save(context.ports.records, record, next);
}

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
    const use = record && context.contracts.entry(record)?.consumes.find((one) => one.path === path);
    const approval = record?.approvals?.[path];
    if (!record || !use || approval?.version !== version || approval.state !== 'requested')
      throw new OdmdError(
        'ODMD407',
        `${enver} does not wait for an approval of ${productName(path)} ${version}`,
        {
          fix: 'look at `odmd status` again: a newer version voids the request for an older one',
        },
      );
    const now = ports.clock.now();
    const what = `${productName(path)} ${version}`;
    if (!(use.approvers ?? []).some((one) => roleName(one) === roleName(by))) {
      const history = noted(record, `${roleName(by)} may not decide about ${what}`, now);
      await save(ports.records, record, { ...record, history });
      throw new OdmdError('ODMD408', `${roleName(by)} may not decide about ${what} of ${enver}`, {
        fix: `ask one of ${(use.approvers ?? []).map(roleName).join(', ')}`,
      });
    }
    const word = decision.granted ? 'granted' : 'refused';
    const decided: Approval = { ...approval, state: word, by: roleName(by), at: now };
    const causes = approval.roots.map((root) => ({ root, reason: `${what} was granted`, at: now }));
    const saved = await save(ports.records, record, {
      ...record,
      approvals: { ...record.approvals, [path]: decided },
      pending: decision.granted ? withRoots(record.pending, causes) : record.pending,
      history: noted(record, `${roleName(by)} ${word} ${what}`, now),
      nextAt: now,
    });
    await enqueueWritten(context, [saved], word);
    await wakeWaiters(context, saved, word);
  });
}

interface ChangedInput {
  readonly path: string;
  readonly version: string;
  readonly deployed: string;
}

/** Inputs with this reaction whose newest version is not the deployed one. */
function changedInputs(
  record: EnverRecord,
  entry: EnverEntry,
  newest: Inputs,
  reaction: ConsumptionEntry['onChange'],
): ChangedInput[] {
  return entry.consumes.flatMap(({ path, onChange }) => {
    const version = newest[path];
    const deployed = record.deployed?.vector.inputs[path];
    const changed =
      onChange === reaction && version !== undefined && deployed !== undefined && version !== deployed;
    return changed ? [{ path, version, deployed }] : [];
  });
}

function isDecided(
  approval: Approval | undefined,
  version: string | undefined,
  state: Approval['state'],
): boolean {
  return approval?.version === version && approval?.state === state;
}

function roleName({ account, role }: AccountRole): string {
  return `${account}/${role}`;
}
