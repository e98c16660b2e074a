import {
  canonicalJson,
  fullRef,
  OdmdError,
  parseFullRef,
  type RevisionRef,
  refKey,
} from '@ondemandenv/contracts-base';
import type { Answer } from '../ports/index.js';
import { requestDelete } from './clones.js';
import { planCommands, type RefMessages } from './commands/plan.js';
import type { Context } from './context.js';
import { ensureInstalled } from './install.js';
import { withClosedPullRequest } from './pull-requests.js';
import type { RefRecord } from './records.js';
import { forgetSources, refreshSources } from './sources.js';
import { enqueueEnvers, enqueueWritten, recordsOf, retryOnConflict } from './wake.js';

/**
 * Brings a ref up to date: carries out the commands of commits that were not read yet, moves the cursor in the same
 * transaction, and wakes the envers whose source this ref is. A ref that is gone takes its clones with it.
 */
export async function handleRef(context: Context, repo: string, ref: string): Promise<void> {
  const { ports } = context;
  const revision = parseFullRef(ref);
  if (!revision) return;
  await ensureInstalled(context);
  const id = refKey(repo, ref);
  const head = await headOf(context, repo, revision);
  if (head === NOWHERE) return;
  const record = await ports.records.get('ref', id);
  if (head === undefined) return refGone(context, id, record);
  if (record?.cursor !== head) await wakeUnmerged(context, repo, revision, head);
  await refreshSources(context, await enversOf(context, id, record), head);
  if (record?.cursor !== head || record.waitsForSlot)
    await carryOutCommands(context, { repo, ref, revision, head }, record);
  const envers = await enversOf(context, id, await ports.records.get('ref', id));
  await refreshSources(context, envers, head);
  const sourced = await recordsOf(context, envers);
  for (const { id: clone, number } of await withClosedPullRequest(context, repo, sourced))
    await requestDelete(context, clone, `pull request #${number} is closed`);
  // Every hint is passed on, also when nothing was written: what was may have been by one that was cut off.
  await enqueueWritten(context, sourced, `source ${ports.clock.now()}`);
}

const NOWHERE = Symbol('a repository of no interest');

/** A hint may be older than the contracts, and name a repository as it was called before: whatever is refused there. */
async function headOf(
  { ports, contracts }: Context,
  repo: string,
  revision: RevisionRef,
): Promise<string | undefined | typeof NOWHERE> {
  try {
    return await ports.source.head(repo, revision);
  } catch (error) {
    if (error instanceof OdmdError && !contracts.repos.has(repo)) return NOWHERE;
    throw error;
  }
}

/**
 * Carries out one `odmd:` line as if the newest commit of a ref had it in its message.
 *
 * @returns what became of it
 * @throws OdmdError ODMD413 there is no such branch or tag
 */
export async function giveCommand(
  context: Context,
  { repo, ref, line, by }: { repo: string; ref: string; line: string; by: string | undefined },
): Promise<Answer[]> {
  const { ports } = context;
  await handleRef(context, repo, ref);
  const revision = parseFullRef(ref);
  const head = revision && (await ports.source.head(repo, revision));
  if (!revision || head === undefined)
    throw new OdmdError('ODMD413', `${repo} has no ${ref}`, { fix: 'push the branch or tag first' });
  const answers = await retryOnConflict(async () => {
    const said: Answer[] = [];
    const record = await ports.records.get('ref', refKey(repo, ref));
    const from = by === undefined ? 'the command' : `the command of ${by}`;
    const messages = [{ sha: head, message: line, from }];
    await carryOut(context, { repo, ref, revision, head }, record, messages, async (answer) => {
      said.push(answer);
    });
    return said;
  });
  const id = refKey(repo, ref);
  const envers = await enversOf(context, id, await ports.records.get('ref', id));
  await refreshSources(context, envers, head);
  await enqueueWritten(context, await recordsOf(context, envers), 'command');
  return answers;
}

interface RefAt {
  readonly repo: string;
  readonly ref: string;
  readonly revision: RevisionRef;
  readonly head: string;
}

async function carryOutCommands(context: Context, at: RefAt, record: RefRecord | undefined): Promise<void> {
  const { repo, revision, head } = at;
  const messages = await unreadMessages(context, repo, revision, head, record?.cursor);
  const to = { repo, ref: at.ref, sha: head };
  await carryOut(context, at, record, messages, (answer) => context.ports.notifier.answer(to, answer));
}

/** Plans and writes; the cursor moves with it. Refusals are told before that, so that none is lost. */
async function carryOut(
  context: Context,
  { repo, ref, revision, head }: RefAt,
  record: RefRecord | undefined,
  messages: RefMessages['messages'],
  tell: (answer: Answer) => Promise<void>,
): Promise<void> {
  const { ports } = context;
  const id = refKey(repo, ref);
  const envers = await recordsOf(context, await enversOf(context, id, record));
  const { declined = [], waitsForSlot = [] } = record ?? {};
  const plan = await planCommands(context, {
    repo,
    revision,
    head,
    declined,
    waitsForSlot,
    envers,
    messages,
  });
  for (const answer of plan.refusals) await tell(answer);
  const version = (record?.version ?? 0) + 1;
  const cursor: RefRecord = {
    kind: 'ref',
    id,
    version,
    repo,
    ref,
    cursor: head,
    ...(plan.clones.length > 0 && { clones: plan.clones.map((clone) => clone.id).sort() }),
    ...(plan.declined.length > 0 && { declined: plan.declined }),
    ...(plan.waitsForSlot.length > 0 && { waitsForSlot: plan.waitsForSlot }),
  };
  const same = canonicalJson({ ...cursor, version: version - 1 }) === canonicalJson(record ?? null);
  if (!same || plan.hasEffect) {
    await ports.records.transact([{ put: cursor, expect: version - 1 }, ...plan.writes]);
    if (plan.events.length > 0) await ports.events.publish(plan.events);
  }
  for (const answer of plan.answers) await tell(answer);
  const owned = envers.length > 0 || plan.hasEffect || plan.waitsForSlot.length > 0;
  if (!same && !owned && plan.refusals.length === 0) await tell(unknownRef(revision));
}

/** Messages with commands that may not have been carried out yet, oldest first. */
async function unreadMessages(
  { ports }: Context,
  repo: string,
  revision: RevisionRef,
  head: string,
  cursor: string | undefined,
): Promise<{ sha: string; message: string }[]> {
  if (revision.kind === 'branch') return ports.source.commitsSince(repo, head, cursor);
  const message = await ports.source.tagMessage(repo, revision.ref);
  return message === undefined ? [] : [{ sha: head, message }];
}

async function refGone(context: Context, id: string, record: RefRecord | undefined): Promise<void> {
  const { ports } = context;
  const envers = await enversOf(context, id, record);
  await forgetSources(context, envers);
  for (const enver of await recordsOf(context, envers))
    if (enver.clone) await requestDelete(context, enver.id, `its ${enver.revision.kind} is gone`);
  if (record) await ports.records.transact([{ remove: record, expect: record.version }]);
  await enqueueWritten(context, await recordsOf(context, envers), 'source gone');
}

/** What was pushed to a branch may be the workflow that others wait for: on the default branch it has to be, whoever needs it. */
async function wakeUnmerged(
  context: Context,
  repo: string,
  revision: RevisionRef,
  head: string,
): Promise<void> {
  if (revision.kind !== 'branch') return;
  const waiting = await context.ports.records.find('workflow', repo);
  await enqueueEnvers(context, waiting, `workflow ${fullRef(revision)} ${head}`);
}

/** The envers whose source a ref is: those of the index, which may lag, and the clones that were made on it. */
export async function enversOf(
  { ports }: Context,
  id: string,
  record: RefRecord | undefined,
): Promise<readonly string[]> {
  return [...new Set([...(await ports.records.find('source', id)), ...(record?.clones ?? [])])];
}

function unknownRef(revision: RevisionRef): Answer {
  return {
    level: 'info',
    passing: true,
    message: `no enver of the contracts is built from the ${revision.kind} ${revision.ref}: nothing to deploy (a commit line \`odmd: create@<branch>\` makes a clone for it)`,
  };
}
