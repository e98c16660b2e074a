import { parseFullRef, type RevisionRef, refKey } from '@ondemandenv/contracts-base';
import type { Answer } from '../ports/index.js';
import { requestDelete } from './clones.js';
import { planCommands } from './commands/plan.js';
import type { Context } from './context.js';
import { ensureInstalled } from './install.js';
import type { RefRecord } from './records.js';
import { forgetSources, refreshSources } from './sources.js';
import { enqueueWritten, recordsOf } from './wake.js';

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
  const head = await ports.source.head(repo, revision);
  const record = await ports.records.get('ref', id);
  if (head === undefined) return refGone(context, id, record);
  await refreshSources(context, await ports.records.find('source', id), head);
  if (record?.cursor !== head) await carryOutCommands(context, { repo, ref, revision, head }, record);
  const envers = await ports.records.find('source', id);
  await refreshSources(context, envers, head);
  await enqueueWritten(context, await recordsOf(context, envers), 'source');
}

async function carryOutCommands(
  context: Context,
  at: { repo: string; ref: string; revision: RevisionRef; head: string },
  record: RefRecord | undefined,
): Promise<void> {
  const { ports } = context;
  const { repo, ref, revision, head } = at;
  const id = refKey(repo, ref);
  const messages = await unreadMessages(context, repo, revision, head, record?.cursor);
  const envers = await recordsOf(context, await ports.records.find('source', id));
  const declined = record?.declined ?? [];
  const plan = await planCommands(context, { repo, revision, head, declined, envers, messages });
  const to = { repo, ref, sha: head };
  for (const answer of plan.refusals) await ports.notifier.answer(to, answer);
  const version = (record?.version ?? 0) + 1;
  const cursor: RefRecord = {
    kind: 'ref',
    id,
    version,
    repo,
    ref,
    cursor: head,
    ...(plan.declined.length > 0 && { declined: plan.declined }),
  };
  await ports.records.transact([{ put: cursor, expect: version - 1 }, ...plan.writes]);
  if (plan.events.length > 0) await ports.events.publish(plan.events);
  for (const answer of plan.answers) await ports.notifier.answer(to, answer);
  const owned = envers.length > 0 || plan.hasEffect;
  if (!owned && plan.refusals.length === 0) await ports.notifier.answer(to, unknownRef(revision));
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
  const envers = await ports.records.find('source', id);
  await forgetSources(context, envers);
  for (const enver of await recordsOf(context, envers))
    if (enver.clone) await requestDelete(context, enver.id, `its ${enver.revision.kind} is gone`);
  if (record) await ports.records.transact([{ remove: record, expect: record.version }]);
  await enqueueWritten(context, await recordsOf(context, envers), 'source gone');
}

function unknownRef(revision: RevisionRef): Answer {
  return {
    level: 'info',
    message: `no enver of the contracts is built from the ${revision.kind} ${revision.ref}: nothing to deploy (a commit line \`odmd: create@<branch>\` makes a clone for it)`,
  };
}
