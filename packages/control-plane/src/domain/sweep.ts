import { fullRef, parseRefKey } from '@ondemandenv/contracts-base';
import type { Hint } from '../ports/index.js';
import type { Context, Platform } from './context.js';
import { withClosedPullRequest } from './pull-requests.js';
import { refId } from './record-writes.js';
import type { EnverRecord } from './records.js';
import { enqueueEnvers } from './wake.js';

const DUE_BATCH = 100;

/** Enqueues the envers whose time has come. */
export async function tick(platform: Platform): Promise<void> {
  const { records, clock } = platform.ports;
  const now = clock.now();
  await enqueueEnvers(platform, await records.due(now, DUE_BATCH), `due ${Math.floor(now / 1_000)}`);
}

/**
 * Repairs what lost hints left undone: it compares every ref with the platform's cursor (one listing per repo),
 * and has every enver and the newest contracts looked at again.
 */
export async function sweep(context: Context): Promise<void> {
  const { ports } = context;
  const cause = `sweep ${ports.clock.now()}`;
  await ports.queue.send({ kind: 'sync' }, cause);
  const envers: EnverRecord[] = [];
  for await (const record of ports.records.all('enver')) envers.push(record);
  for (const repo of context.contracts.repos) {
    const own = envers.filter((enver) => enver.repo === repo);
    await sweepRepo(context, repo, own, cause);
    for (const { branch } of await withClosedPullRequest(context, repo, own)) {
      const ref = fullRef({ kind: 'branch', ref: branch });
      await ports.queue.send({ kind: 'ref', repo, ref }, cause);
    }
  }
  await enqueueEnvers(
    context,
    envers.map(({ id }) => id),
    cause,
  );
  await sweepReports(context, envers, cause);
}

/** Every ref that has clones, and every one whose clones are gone and whose people were not told so. */
async function sweepReports(
  { ports }: Context,
  envers: readonly EnverRecord[],
  cause: string,
): Promise<void> {
  const refs = new Set(envers.flatMap((enver) => (enver.clone ? [refId(enver)] : [])));
  for await (const { id } of ports.records.all('report')) refs.add(id);
  const hints = [...refs].map((id): Hint => ({ work: { kind: 'report', ...parseRefKey(id) }, cause }));
  if (hints.length > 0) await ports.queue.sendMany(hints);
}

async function sweepRepo(
  { ports }: Context,
  repo: string,
  envers: readonly EnverRecord[],
  cause: string,
): Promise<void> {
  const heads = new Map((await ports.source.refs(repo)).map(({ revision, sha }) => [fullRef(revision), sha]));
  const unread = new Set(heads.keys());
  for await (const { repo: owner, ref, cursor, waitsForSlot } of ports.records.all('ref')) {
    if (owner !== repo) continue;
    if (heads.get(ref) !== cursor || waitsForSlot) unread.add(ref);
    else unread.delete(ref);
  }
  // Whoever the index did not show when its ref was read has an older source.
  for (const { revision, source, deleting, phase } of envers) {
    const ref = fullRef(revision);
    const head = heads.get(ref);
    if (head !== undefined && head !== source?.sha && deleting === undefined && phase !== 'retired')
      unread.add(ref);
  }
  for (const ref of unread) await ports.queue.send({ kind: 'ref', repo, ref }, cause);
}
