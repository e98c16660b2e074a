import {
  canonicalJson,
  clone,
  type EnverEntry,
  fullRef,
  type Manifest,
  type RevisionRef,
  refKey,
  revisionPath,
} from '@ondemandenv/contracts-base';
import { inSet } from '../clones.js';
import type { Context } from '../context.js';
import { newRecord } from '../record-writes.js';
import type { CloneCounterRecord, CloneOrigin, EnverRecord, RootId } from '../records.js';
import type { CommandPlan } from './command-plan.js';
import { type Command, durationMs } from './parse.js';
import type { Located, RefMessages } from './plan.js';

export interface CreateRequest extends Located {
  readonly command: Extract<Command, { verb: 'create' }>;
  readonly ref: RefMessages;
  /** The entries to copy, all at one revision of one repo. */
  readonly bases: readonly EnverEntry[];
}

interface Member {
  readonly base: EnverEntry;
  readonly entry: EnverEntry;
  readonly counter: CloneCounterRecord;
}

/** Plans a clone set, whole or not at all. Clones of one ref and base are always wired to each other. */
export async function planCreate(context: Context, request: CreateRequest, plan: CommandPlan): Promise<void> {
  const { applied } = context.contracts;
  if (!applied) return;
  const { manifest } = applied;
  const problems = plan.refusals.length;
  const members: Member[] = [];
  for (const base of request.bases) {
    const member = await planMember(context, manifest, request, base, plan);
    if (member) members.push(member);
  }
  if (plan.refusals.length > problems || members.length === 0) return;
  addMembers(context, request, members, plan);
}

async function planMember(
  { ports }: Context,
  manifest: Manifest,
  { ref, bases, where, fromContract, command }: CreateRequest,
  base: EnverEntry,
  plan: CommandPlan,
): Promise<Member | undefined> {
  const deny = (code: string, message: string, fix: string) => {
    plan.refuse(code, where, message, fix);
    return undefined;
  };
  if (base.clones === 'off')
    return deny(
      'ODMD305',
      `${base.id} is never cloned`,
      'it is a singleton, or its contract says `clones: off`',
    );
  const builds = bases.map(({ build }) => build);
  const set = clone(manifest, { builds, base: base.revision, revision: ref.revision });
  const entry = set.find(({ cloneOf }) => cloneOf === base.id);
  if (!entry) return undefined;
  const existing = await ports.records.get('enver', entry.id);
  if (existing?.deleting !== undefined)
    return deny('ODMD306', `${entry.id} is still being deleted`, 'ask again in a new commit when it is gone');
  if (existing && existing.revision.ref !== ref.revision.ref)
    return deny(
      'ODMD307',
      `${entry.id} belongs to ${existing.revision.ref}`,
      'rename one of the two branches',
    );
  if (existing) {
    keepExisting(plan, plan.clones.find(({ id }) => id === entry.id) ?? existing, lifetime(command, base));
    return undefined;
  }
  const other = plan.clones.find((enver) => enver.build === base.build);
  if (other)
    return deny(
      'ODMD308',
      `${other.id} is the enver of ${base.build} on this ref`,
      'delete it first, or use another branch',
    );
  const mutable = entry.consumes.find((use) => manifest.envers[use.from]?.revision.kind === 'branch');
  if (ref.revision.kind === 'tag' && mutable)
    return deny(
      'ODMD309',
      `a clone for a tag is immutable, and ${base.id} uses ${mutable.path} of a branch`,
      'make the clone for a branch, or copy an enver that uses tags only',
    );
  const counter = plan.counter((await ports.records.get('clones', base.id)) ?? noClones(base.id));
  if (counter.count >= base.clones.max && fromContract) return plan.waitForSlot(base);
  if (counter.count >= base.clones.max)
    return deny(
      'ODMD310',
      `${base.id} has ${counter.count} clones, and ${base.clones.max} is the limit`,
      'delete one that is not needed (`odmd: delete` on its branch)',
    );
  return { base, entry, counter };
}

function addMembers(
  context: Context,
  { ref, sha, command, bases, where }: CreateRequest,
  members: readonly Member[],
  plan: CommandPlan,
): void {
  const [first] = bases;
  if (!first) return;
  const set = setName(ref.repo, ref.revision, first.revision);
  const present = plan.clones.filter((enver) => enver.clone?.set === set && enver.deleting === undefined);
  const builds = [
    ...new Set([...present.map(({ build }) => build), ...members.map(({ entry }) => entry.build)]),
  ].sort();
  const now = context.ports.clock.now();
  const contracts = context.contracts.applied?.record.sha ?? '';
  const root: RootId = `push ${ref.repo}@${ref.head}`;
  for (const enver of present) plan.put(inSet(context, enver, builds, root));
  for (const { base, entry, counter } of members) {
    const origin: CloneOrigin = {
      base: base.id,
      set,
      builds,
      createdAt: now,
      ...lifetime(command, base),
    };
    const reason = `a clone of ${base.id}, asked for in ${where}`;
    const wired = context.contracts.entry({ id: entry.id, revision: ref.revision, clone: origin }) ?? entry;
    plan.put(newRecord(wired, { incarnation: sha, contracts, reason, now, clone: origin }));
    plan.count(counter);
    plan.events.push({
      type: 'CloneCreated',
      detail: { enver: entry.id, base: base.id, ref: ref.revision.ref },
    });
  }
}

/** A clone that is there stays as it is, for as long as whoever asked for it last says. */
function keepExisting(plan: CommandPlan, enver: EnverRecord, wanted: Lifetime): void {
  if (!enver.clone) return;
  const { expiresAfterMs: _, until: __, ...origin } = enver.clone;
  const clone = { ...origin, ...wanted };
  const same = canonicalJson(clone) === canonicalJson(enver.clone);
  plan.say(`${enver.id} exists already${same ? '' : '; how long it stays is what was asked for now'}`);
  if (!same) plan.put({ ...enver, clone });
}

type Lifetime = Pick<CloneOrigin, 'expiresAfterMs' | 'until'>;

/** What the command says, else what the contract of the base does. */
function lifetime(command: CreateRequest['command'], base: EnverEntry): Lifetime {
  const declared = base.clones === 'off' ? undefined : base.clones.expires;
  const expiresAfterMs =
    command.expiresAfterMs ?? (declared === undefined ? undefined : durationMs(declared));
  return {
    ...(expiresAfterMs !== undefined && { expiresAfterMs }),
    ...(command.until && { until: command.until }),
  };
}

function setName(repo: string, revision: RevisionRef, base: RevisionRef): string {
  return `${refKey(repo, fullRef(revision))} ${revisionPath(base)}`;
}

function noClones(base: string): CloneCounterRecord {
  return { kind: 'clones', id: base, version: 0, count: 0 };
}
