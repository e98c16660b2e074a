import {
  type EnverEntry,
  entryDigest,
  formatError,
  fullRef,
  OdmdError,
  parseRefKey,
} from '@ondemandenv/contracts-base';
import { z } from 'zod';
import { announcedContracts, applyContracts } from './apply-contracts.js';
import { short, withRoots } from './causes.js';
import type { Context } from './context.js';
import { entryIn } from './contracts-in-force.js';
import { ensureInstalled } from './install.js';
import {
  consumedPaths,
  inPhase,
  newRecord,
  noted,
  refId,
  repoName,
  save,
  update,
  without,
} from './record-writes.js';
import type { EnverRecord, RootId } from './records.js';
import { dependenciesFirst, enqueueEnvers, enqueueWritten, saveAll } from './wake.js';

/**
 * Brings the platform in line with the newest published contracts: checks them, moves the pointer of the applied
 * contracts, then makes, changes or retires records. Each record keeps the digest of the entry it last acted on,
 * so a sync that was killed half-way is finished by the next one, and an unchanged enver costs no write.
 */
export async function sync(context: Context): Promise<void> {
  await ensureInstalled(context);
  const announced = await announcedContracts(context);
  if (announced === undefined) return;
  try {
    await applyContracts(context, announced);
  } catch (error) {
    if (!(error instanceof OdmdError)) throw error;
    await refuse(context, announced, error);
  }
  await alignRecords(await context.context());
}

/** Says once, where the contracts were pushed, why they are not applied; and keeps it for whoever asks later. */
async function refuse(context: Context, announced: unknown, error: OdmdError): Promise<void> {
  const { ports, installation, contracts } = context;
  const record = await ports.records.get('enver', contracts.contractsLibId);
  const message = formatError(error);
  const sha = z.object({ sha: z.string() }).safeParse(announced).data?.sha ?? 'unknown';
  if (!record || (record.refused?.sha === sha && record.refused.message === message)) return;
  const to = { repo: repoName(installation), ref: fullRef(installation.revision), sha };
  await ports.notifier.answer(to, {
    level: 'error',
    message: `the contracts of ${sha} are not applied\n${message}`,
  });
  const now = ports.clock.now();
  const history = noted(record, `the contracts of ${sha} are not applied: ${message}`, now);
  const saved = await save(ports.records, record, {
    ...record,
    refused: { sha, message },
    history,
    nextAt: now,
  });
  await enqueueWritten(context, [saved], 'not applied');
}

/** Makes every record follow the applied contracts: marks first, hints after, so that rollouts keep their order. */
async function alignRecords(context: Context): Promise<void> {
  const { ports, contracts } = context;
  const { applied } = contracts;
  if (!applied) return;
  const root: RootId = `contracts@${applied.record.sha}`;
  const missing = new Map(Object.entries(applied.manifest.envers));
  const stale: string[] = [];
  const leaving: EnverRecord[] = [];
  const outdated: string[] = [];
  for await (const record of ports.records.all('enver')) {
    missing.delete(record.id);
    const entry = entryIn(applied.manifest, record);
    if (isStale(record, entry)) stale.push(record.id);
    else if (
      entry &&
      record.rolesOf !== undefined &&
      record.rolesOf !== contracts.rolesDigest(entry, record.entryDigest)
    )
      outdated.push(record.id);
    if (!entry && record.phase !== 'retired' && record.deleting === undefined) leaving.push(record);
  }
  const changed = await saveAll(ports.records, await dependenciesFirst(context, stale), async (record) => {
    const entry = entryIn(applied.manifest, record);
    return entry && isStale(record, entry) ? marked(context, record, entry, root) : record;
  });
  for (const entry of missing.values()) {
    // The listing may lag behind the records.
    if (await ports.records.get('enver', entry.id)) continue;
    changed.push(await create(context, entry, applied.record.sha));
  }
  await enqueueWritten(context, [...changed, ...leaving], root);
  // Their own contracts are as before, but not those of whoever shares images or artifacts with them.
  await enqueueEnvers(context, outdated, root);
  await announceLeaving(context, applied.record.sha, leaving);
  // Whoever is new or reads other folders now has to learn its source.
  for (const [id, { id: enver, incarnation, version }] of new Map(changed.map((one) => [refId(one), one])))
    await ports.queue.send({ kind: 'ref', ...parseRefKey(id) }, `${root} ${enver}@${incarnation}/${version}`);
}

/** Tells whoever pushed the contracts what is no longer in them. */
async function announceLeaving(
  { ports, installation }: Context,
  sha: string,
  leaving: readonly EnverRecord[],
): Promise<void> {
  const to = { repo: repoName(installation), ref: fullRef(installation.revision), sha };
  for (const { id, clone } of leaving) {
    const what = clone
      ? `it is deleted, since ${clone.base} may not be copied any more`
      : 'what it deployed keeps running until somebody retires it, unless its contract called it ephemeral';
    await ports.notifier.answer(to, {
      level: 'info',
      message: `${id} is no longer in the contracts: ${what}`,
    });
  }
}

function isStale(record: EnverRecord, entry: EnverEntry | undefined): boolean {
  // Contracts that have it again take back that it was to go, unless it is being torn down right now.
  if (record.deleting !== undefined) return entry !== undefined && !record.clone && !record.run;
  return entry !== undefined && (record.phase === 'retired' || record.entryDigest !== entryDigest(entry));
}

async function create({ ports }: Context, entry: EnverEntry, sha: string): Promise<EnverRecord> {
  const origin = { incarnation: `contracts@${sha}`, contracts: sha, reason: `new in contracts@${sha}` };
  const record = newRecord(entry, { ...origin, now: ports.clock.now() });
  await ports.records.transact([update(record)]);
  return { ...record, version: 1 };
}

/** The record as the new entry has it; its next reconcile finds out whether that asks for a deployment. */
function marked(context: Context, record: EnverRecord, entry: EnverEntry, root: RootId): EnverRecord {
  const now = context.ports.clock.now();
  const causes = [
    { root, reason: `its contract changed in ${short(root.replace('contracts@', ''))}`, at: now },
  ];
  // A changed contract is a new cause for what failed under the old one.
  const failed = (record.failed?.roots ?? []).map((one) => ({ root: one, reason: 'failed before', at: now }));
  const next: EnverRecord = {
    ...without(context.contracts.follow(record, entry), 'failed', 'deleting', 'deletingSince', 'destroyed'),
    consumes: consumedPaths(entry, record),
    untraced: true,
    pending: withRoots(withRoots(record.pending, failed), causes),
    nextAt: now,
  };
  return record.run ? next : inPhase(next, 'waiting', causes[0]?.reason ?? root, now);
}
