import {
  CONTRACTS_LIB_LATEST,
  type ContractsLibLatest,
  contractsLibLatestSchema,
  diffManifests,
  type EnverEntry,
  type Manifest,
  manifestDigest,
  OdmdError,
  productPath,
  readManifest,
} from '@ondemandenv/contracts-base';
import { isGranted, requestApproval, roleName } from './approvals.js';
import type { Context } from './context.js';
import { noted, repoName, save, update, without } from './record-writes.js';
import type { AppliedRecord, EnverRecord, RootId } from './records.js';
import { storedJson } from './stored-json.js';
import { enqueueWritten, retryOnConflict } from './wake.js';

/** Which contracts somebody wants applied whatever their history, and who. */
export interface Forced {
  /** Of the commit that they were published from. */
  readonly sha: string;
  /** For people: who asked for it. */
  readonly by: string;
}

/** What the contractsLib's own enver has published last, whatever it is; nothing before its first deployment. */
export async function announcedContracts({ ports, contracts }: Context): Promise<unknown> {
  const path = productPath(contracts.contractsLibId, CONTRACTS_LIB_LATEST);
  const stored = (await ports.config.getMany([path])).get(path);
  return stored && storedJson(stored.value);
}

/**
 * Moves the pointer of the applied contracts to those that were announced, unless they must not be obeyed.
 *
 * @throws OdmdError why they must not
 */
export async function applyContracts(context: Context, announced: unknown, forced?: Forced): Promise<void> {
  const latest = contractsLibLatestSchema.safeParse(announced);
  if (!latest.success)
    throw new OdmdError('ODMD409', `what was published as ${CONTRACTS_LIB_LATEST} is not of its type`, {
      fix: 'publish the contractsLib with `odmd-enver publish`',
      cause: latest.error,
    });
  const { sha } = latest.data;
  if (forced && forced.sha !== sha)
    throw new OdmdError('ODMD414', `${forced.sha} is not the commit of the newest published contracts`, {
      fix: `only those can be applied, which are of ${sha}; publish others with the contractsLib's own job`,
    });
  const applied = await context.ports.records.get('applied', 'applied');
  if (applied?.sha !== sha) await apply(context, latest.data, applied, forced);
}

/** Somebody who may has the newest contracts applied although they do not follow those in force. @throws OdmdError */
export async function forceContracts(context: Context, forced: Forced): Promise<void> {
  const { ports } = context;
  const announced = await announcedContracts(context);
  await retryOnConflict(() => applyContracts(context, announced, forced));
  await ports.queue.send({ kind: 'sync' }, `forced ${forced.sha} ${ports.clock.now()}`);
}

/** @throws OdmdError when these contracts must not be obeyed; nothing is changed then. */
async function apply(
  context: Context,
  latest: ContractsLibLatest,
  applied: AppliedRecord | undefined,
  forced: Forced | undefined,
): Promise<void> {
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
  if (applied && !forced) await checkDescends(context, latest, applied);
  await checkTags(context, manifest);
  await checkPrivileged(context, latest, manifest);
  const record: AppliedRecord = {
    kind: 'applied',
    id: 'applied',
    version: (applied?.version ?? 0) + 1,
    sha: latest.sha,
    digest: latest.digest,
    serial: latest.serial,
    ...(forced && { forcedBy: forced.by }),
  };
  const own = await ports.records.get('enver', context.contracts.contractsLibId);
  const told = own && (forced ? withForced(own, forced, applied, ports.clock.now()) : own);
  const changed = told && (forced || told.refused) ? without(told, 'refused') : undefined;
  await ports.records.transact([
    { put: record, expect: applied?.version ?? 0 },
    ...(changed ? [update(changed)] : []),
  ]);
  if (changed) await enqueueWritten(context, [{ ...changed, version: changed.version + 1 }], 'applied');
  await ports.events.publish([
    { type: 'ContractsPublished', detail: { sha: latest.sha, digest: latest.digest, serial: latest.serial } },
  ]);
}

function withForced(
  own: EnverRecord,
  { sha, by }: Forced,
  applied: AppliedRecord | undefined,
  now: number,
): EnverRecord {
  const what = `${by} had the contracts of ${sha} applied over those of ${applied?.sha ?? 'nobody'}, whatever their history`;
  return { ...own, history: noted(own, what, now) };
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
    {
      fix: 'push contracts whose history contains the applied commit: merge it, do not rewrite the branch; or have somebody who runs the platform force it (`odmd sync --force <commit>`)',
    },
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
