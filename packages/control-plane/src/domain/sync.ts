import {
  CONTRACTS_LIB_LATEST,
  type ContractsLibLatest,
  contractsLibLatestSchema,
  type EnverEntry,
  entryDigest,
  formatError,
  fullRef,
  type Manifest,
  manifestDigest,
  OdmdError,
  productPath,
  readManifest,
} from '@ondemandenv/contracts-base';
import { withRoots } from './causes.js';
import type { Context } from './context.js';
import { entryIn } from './contracts-in-force.js';
import { inPhase, newRecord, refId, repoName, save, update } from './record-writes.js';
import type { AppliedRecord, EnverRecord, RootId } from './records.js';
import { dependenciesFirst, enqueueWritten } from './wake.js';

/**
 * Brings the platform in line with the newest published contracts: checks them, moves the pointer of the applied
 * contracts, then makes, changes or retires records. Each record keeps the digest of the entry it last acted on,
 * so a sync that was killed half-way is finished by the next one, and an unchanged enver costs no write.
 */
export async function sync(context: Context): Promise<void> {
  const { ports } = context;
  const latest = await published(context);
  if (!latest) return;
  const applied = await ports.records.get('applied', 'applied');
  if (applied?.sha !== latest.sha) {
    try {
      await apply(context, latest, applied);
    } catch (error) {
      if (!(error instanceof OdmdError)) throw error;
      await refuse(context, latest, error);
    }
  }
  await alignRecords(await context.context());
}

async function published({ ports, contracts }: Context): Promise<ContractsLibLatest | undefined> {
  const path = productPath(contracts.contractsLibId, CONTRACTS_LIB_LATEST);
  const stored = (await ports.config.getMany([path])).get(path);
  return stored && contractsLibLatestSchema.parse(JSON.parse(stored.value));
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
  const record: AppliedRecord = {
    kind: 'applied',
    id: 'applied',
    version: (applied?.version ?? 0) + 1,
    sha: latest.sha,
    digest: latest.digest,
    serial: latest.serial,
  };
  await ports.records.transact([{ put: record, expect: applied?.version ?? 0 }]);
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

async function refuse(
  { ports, installation, contracts }: Context,
  latest: ContractsLibLatest,
  error: OdmdError,
) {
  const to = { repo: repoName(installation), ref: fullRef(installation.revision), sha: latest.sha };
  const message = `the contracts of ${latest.sha} are not applied\n${formatError(error)}`;
  const record = await ports.records.get('enver', contracts.contractsLibId);
  if (!record || record.reason === message) return;
  await ports.notifier.answer(to, { level: 'error', message });
  await save(ports.records, record, inPhase(record, record.phase, message, ports.clock.now()));
}

/** Makes every record follow the applied contracts: marks first, hints after, so that rollouts keep their order. */
async function alignRecords(context: Context): Promise<void> {
  const { ports, contracts } = context;
  const { applied } = contracts;
  if (!applied) return;
  const root: RootId = `contracts@${applied.record.sha}`;
  const missing = new Map(Object.entries(applied.manifest.envers));
  const stale: string[] = [];
  for await (const record of ports.records.all('enver')) {
    missing.delete(record.id);
    if (isStale(record, entryIn(applied.manifest, record))) stale.push(record.id);
  }
  const changed: EnverRecord[] = [];
  for (const id of await dependenciesFirst(context, stale)) {
    const record = await ports.records.get('enver', id);
    const entry = record && entryIn(applied.manifest, record);
    if (!record || !isStale(record, entry)) continue;
    changed.push(entry ? await mark(context, record, entry, root) : record);
  }
  for (const entry of missing.values()) changed.push(await create(context, entry, applied.record.sha));
  await enqueueWritten(context, changed, root);
  // Whoever is new or reads other folders now has to learn its source.
  for (const [id, record] of new Map(changed.map((record) => [refId(record), record]))) {
    const [repo = '', ref = ''] = id.split(' ');
    await ports.queue.send({ kind: 'ref', repo, ref }, `${root} ${record.id}@${record.version}`);
  }
}

function isStale(record: EnverRecord, entry: EnverEntry | undefined): boolean {
  if (!entry) return record.phase !== 'retired' && record.deleting === undefined;
  return record.phase === 'retired' || record.entryDigest !== entryDigest(entry);
}

async function create({ ports }: Context, entry: EnverEntry, sha: string): Promise<EnverRecord> {
  const origin = { incarnation: `contracts@${sha}`, contracts: sha, reason: `new in contracts@${sha}` };
  const record = newRecord(entry, { ...origin, now: ports.clock.now() });
  await ports.records.transact([update(record)]);
  return { ...record, version: 1 };
}

/** The record as the new entry has it; its next reconcile finds out whether that asks for a deployment. */
async function mark(
  context: Context,
  record: EnverRecord,
  entry: EnverEntry,
  root: RootId,
): Promise<EnverRecord> {
  const now = context.ports.clock.now();
  const causes = [{ root, reason: `its contract changed in ${root}`, at: now }];
  const followed: EnverRecord = {
    ...context.contracts.follow(record, entry),
    pending: withRoots(record.pending, causes),
    nextAt: now,
  };
  const again = record.phase === 'retired';
  const next = again ? inPhase(followed, 'idle', 'in the contracts again', now) : followed;
  return save(context.ports.records, record, next);
}
