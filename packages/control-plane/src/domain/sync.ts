import {
  CONTRACTS_LIB_LATEST,
  type ContractsLibLatest,
  contractsLibLatestSchema,
  diffManifests,
  type EnverEntry,
  entryDigest,
  formatError,
  fullRef,
  type Manifest,
  manifestDigest,
  OdmdError,
  parseRefKey,
  productPath,
  readManifest,
} from '@ondemandenv/contracts-base';
import { z } from 'zod';
import { isGranted, requestApproval, roleName } from './approvals.js';
import { short, withRoots } from './causes.js';
import type { Context } from './context.js';
import { entryIn } from './contracts-in-force.js';
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
import type { AppliedRecord, EnverRecord, RootId } from './records.js';
import { dependenciesFirst, enqueueWritten, saveAll } from './wake.js';

/**
 * Brings the platform in line with the newest published contracts: checks them, moves the pointer of the applied
 * contracts, then makes, changes or retires records. Each record keeps the digest of the entry it last acted on,
 * so a sync that was killed half-way is finished by the next one, and an unchanged enver costs no write.
 */
export async function sync(context: Context): Promise<void> {
  const { ports } = context;
  const path = productPath(context.contracts.contractsLibId, CONTRACTS_LIB_LATEST);
  const stored = (await ports.config.getMany([path])).get(path);
  if (!stored) return;
  try {
    await applyLatest(context, JSON.parse(stored.value));
  } catch (error) {
    if (!(error instanceof OdmdError)) throw error;
    await refuse(context, stored.value, error);
  }
  await alignRecords(await context.context());
}

async function applyLatest(context: Context, announced: unknown): Promise<void> {
  const latest = contractsLibLatestSchema.safeParse(announced);
  if (!latest.success)
    throw new OdmdError('ODMD409', `what was published as ${CONTRACTS_LIB_LATEST} is not of its type`, {
      fix: 'publish the contractsLib with `odmd-enver publish`',
      cause: latest.error,
    });
  const applied = await context.ports.records.get('applied', 'applied');
  if (applied?.sha === latest.data.sha) return;
  await apply(context, latest.data, applied);
}

/** @throws OdmdError when these contracts must not be obeyed; nothing is changed then. */
async function apply(context: Context, latest: ContractsLibLatest, applied: AppliedRecord | undefined) {
  const { ports } = context;
  const bytes = await ports.manifests.get(latest.sha);
  if (bytes === undefined)
    throw new OdmdError('ODMD402', `no manifest was uploaded for ${latest.sha}`, {
      fix: 'run its job again',
    });
  const manifest = readManifest(bytes, `manifest of ${latest.sha}`);
  if (manifestDigest(manifest) !== latest.digest)
    throw new OdmdError('ODMD403', 'the manifest is not the one that was announced: its digest differs', {
      fix: 'publish the contractsLib again',
    });
  checkOwnEnver(context, manifest);
  if (applied) await checkDescends(context, latest, applied);
  await checkTags(context, manifest);
  await checkPrivileged(context, latest, manifest);
  const record: AppliedRecord = {
    kind: 'applied',
    id: 'applied',
    version: (applied?.version ?? 0) + 1,
    sha: latest.sha,
    digest: latest.digest,
    serial: latest.serial,
  };
  const own = await ports.records.get('enver', context.contracts.contractsLibId);
  await ports.records.transact([
    { put: record, expect: applied?.version ?? 0 },
    ...(own?.refused ? [update(without(own, 'refused'))] : []),
  ]);
  if (own?.refused) await enqueueWritten(context, [{ ...own, version: own.version + 1 }], 'applied');
  await ports.events.publish([
    { type: 'ContractsPublished', detail: { sha: latest.sha, digest: latest.digest, serial: latest.serial } },
  ]);
}

function checkOwnEnver({ contracts, installation }: Context, manifest: Manifest): void {
  const own = manifest.envers[contracts.contractsLibId];
  if (own?.kind === 'contractsLib' && repoName(own) === repoName(installation)) return;
  const found = Object.values(manifest.envers).find((entry) => entry.kind === 'contractsLib');
  throw new OdmdError(
    'ODMD404',
    `the platform was installed for the contractsLib ${contracts.contractsLibId} of ${repoName(installation)}; these contracts declare ${found ? `${found.id} of ${repoName(found)}` : 'none'}`,
    { fix: 'declare the ContractsLibEnver under that build, repository and branch' },
  );
}

async function checkDescends(
  { ports, installation }: Context,
  latest: ContractsLibLatest,
  applied: AppliedRecord,
): Promise<void> {
  const descends = await ports.source.isAncestor(repoName(installation), applied.sha, latest.sha);
  if (descends && latest.serial > applied.serial) return;
  throw new OdmdError(
    'ODMD405',
    `${latest.sha} (serial ${latest.serial}) does not follow the applied contracts ${applied.sha} (serial ${applied.serial})`,
    { fix: 'push contracts whose history contains the applied commit: merge it, do not rewrite the branch' },
  );
}

/** What was built from a tag was built once, from the inputs that its contract named then. */
async function checkTags({ ports, contracts }: Context, manifest: Manifest): Promise<void> {
  const before = contracts.manifest?.envers ?? {};
  const inputs = (entry: EnverEntry) => entry.consumes.map(({ path }) => path).sort();
  const changed: string[] = [];
  for (const entry of Object.values(manifest.envers)) {
    const old = before[entry.id];
    if (entry.revision.kind !== 'tag' || !old || inputs(old).join() === inputs(entry).join()) continue;
    if ((await ports.records.get('enver', entry.id))?.deployed) changed.push(entry.id);
  }
  if (changed.length === 0) return;
  throw new OdmdError(
    'ODMD411',
    `these envers were built from a tag, and consume other products now: ${changed.join(', ')}`,
    {
      fix: 'give them back what they consumed, and declare an enver of a new tag for the change',
    },
  );
}

/** Privileged changes are applied when one of those whom the installation names has granted exactly this commit. */
async function checkPrivileged(
  context: Context,
  latest: ContractsLibLatest,
  manifest: Manifest,
): Promise<void> {
  const { ports, contracts, installation } = context;
  if (!contracts.manifest || !installation.contractApprovers) return;
  const { privileged } = diffManifests(contracts.manifest, manifest);
  if (privileged.length === 0) return;
  const path = productPath(contracts.contractsLibId, CONTRACTS_LIB_LATEST);
  const own = await ports.records.get('enver', contracts.contractsLibId);
  if (!own || isGranted(own.approvals?.[path], latest.sha)) return;
  const roots: RootId[] = [`contracts@${latest.sha}`];
  const asked = await requestApproval(context, own, path, latest.sha, roots);
  await save(ports.records, own, asked);
  const list = privileged.map(({ where, message }) => `\n  ${where}: ${message}`).join('');
  const state = asked.approvals?.[path]?.state ?? 'requested';
  throw new OdmdError('ODMD412', `privileged changes need an approval (${state}):${list}`, {
    fix: `have it granted by ${installation.contractApprovers.map(roleName).join(' or ')}, or take the changes back`,
  });
}

/** Says once, where the contracts were pushed, why they are not applied; and keeps it for whoever asks later. */
async function refuse(context: Context, announced: string, error: OdmdError): Promise<void> {
  const { ports, installation, contracts } = context;
  const record = await ports.records.get('enver', contracts.contractsLibId);
  const message = formatError(error);
  const sha = z.object({ sha: z.string() }).safeParse(JSON.parse(announced)).data?.sha ?? 'unknown';
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
  for await (const record of ports.records.all('enver')) {
    missing.delete(record.id);
    const entry = entryIn(applied.manifest, record);
    if (isStale(record, entry)) stale.push(record.id);
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
  await announceLeaving(context, applied.record.sha, leaving);
  // Whoever is new or reads other folders now has to learn its source.
  for (const [id, record] of new Map(changed.map((record) => [refId(record), record])))
    await ports.queue.send({ kind: 'ref', ...parseRefKey(id) }, `${root} ${record.id}@${record.version}`);
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
    consumes: consumedPaths(entry, record.deployed),
    untraced: true,
    pending: withRoots(withRoots(record.pending, failed), causes),
    nextAt: now,
  };
  return record.run ? next : inPhase(next, 'waiting', causes[0]?.reason ?? root, now);
}
