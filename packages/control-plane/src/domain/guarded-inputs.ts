import type { ConsumptionEntry, EnverEntry } from '@ondemandenv/contracts-base';
import { currentRequests, isGranted, requestApproval } from './approvals.js';
import { productName } from './causes.js';
import type { Context } from './context.js';
import { noted, save } from './record-writes.js';
import type { EnverRecord, RootId } from './records.js';
import { wakeWaiters } from './wake.js';

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
  for (const { path, version, deployed } of changedInputs(record, entry, newest, 'approve'))
    if (!isGranted(record.approvals?.[path], version)) allowed[path] = deployed;
  return allowed;
}

/**
 * Asks for the approvals that are due and raises the alarms that are, each once per version; drops requests that
 * are answered, void or too old.
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
  const { ports } = context;
  const now = ports.clock.now();
  const guarded = changedInputs(record, entry, newest, 'approve');
  let next = currentRequests(record, new Set(guarded.map(({ path }) => path)), now);
  const dropped = next !== record;
  for (const { path, version } of guarded)
    next = await requestApproval(context, next, path, version, await rootsOf(path));
  for (const { path, version, deployed } of changedInputs(record, entry, newest, 'alarm')) {
    if (record.alarmed?.[path] === version) continue;
    const message = `${productName(path)} changed from ${deployed} to ${version}; ${record.id} still uses the former`;
    await ports.notifier.alarm({ enver: record.id, message });
    const history = noted(next, `alarm: ${message}`, now);
    next = { ...next, alarmed: { ...next.alarmed, [path]: version }, history };
  }
  const saved = await save(ports.records, record, next);
  if (dropped) await wakeWaiters(context, saved, 'requests dropped');
  return saved;
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
