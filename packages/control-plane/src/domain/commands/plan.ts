import {
  type EnverEntry,
  fullRef,
  type RevisionRef,
  refKey,
  revisionPath,
} from '@ondemandenv/contracts-base';
import { short } from '../causes.js';
import { asDeleting, inSet } from '../clones.js';
import type { Context } from '../context.js';
import { repoName } from '../record-writes.js';
import type { EnverRecord } from '../records.js';
import { autoCommands } from './auto.js';
import { CommandPlan } from './command-plan.js';
import { planCreate } from './create.js';
import { type Command, isMerge, parseCommands } from './parse.js';

export interface RefMessages {
  readonly repo: string;
  readonly revision: RevisionRef;
  /** The envers whose source this ref is. */
  readonly envers: readonly EnverRecord[];
  /** The newest commit. */
  readonly head: string;
  /** Builds whose clone somebody deleted here. */
  readonly declined: readonly string[];
  /** Envers of which a clone is made here as soon as there is a place. */
  readonly waitsForSlot: readonly string[];
  /** Commit messages not read before, oldest first. */
  readonly messages: readonly {
    readonly sha: string;
    readonly message: string;
    /** Where it stands, if not in the commit. */
    readonly from?: string;
  }[];
}

/** A command and the place where it was found. */
export interface Located {
  readonly command: Command;
  readonly sha: string;
  /** `commit 1a2b3c4, line 3`. */
  readonly where: string;
  /** Nobody wrote it: the contract gives it for the branch's name. */
  readonly fromContract?: true;
}

/** Reads the commands of a ref's new messages; of several for one build the last wins. */
export async function planCommands(context: Context, ref: RefMessages): Promise<CommandPlan> {
  const plan = new CommandPlan(ref.envers, ref);
  const written = locate(ref, plan);
  const statics = ref.envers.filter((enver) => !enver.clone);
  if (statics.length > 0) {
    if (written.length === 0) return plan;
    const owners = statics.map((enver) => enver.id).join(', ');
    const message = `the commands on ${fullRef(ref.revision)} are not carried out: it is the ref of ${owners} itself; clones are made from commits on other branches or tags`;
    plan.refusals.push({ level: 'info', message });
    return plan;
  }
  const entries = Object.values(context.contracts.manifest?.envers ?? {});
  const own = entries.filter((entry) => repoName(entry) === ref.repo);
  const targets = [];
  for (const found of [...autoCommands(ref, own), ...written])
    targets.push({ found, ...(await targetOf(context, found, own, ref, plan)) });
  for (const { found, builds } of targets)
    if (written.includes(found)) plan.decide(found.command.verb, builds);
  const last = new Map(targets.flatMap((target) => target.builds.map((build) => [build, target])));
  for (const target of targets) {
    const builds = target.builds.filter((build) => last.get(build) === target);
    if (builds.length === 0) continue;
    if (target.found.command.verb === 'delete') planDelete(context, ref, builds, plan);
    else {
      const bases = target.bases.filter((base) => builds.includes(base.build));
      await planCreate(context, { ...target.found, command: target.found.command, ref, bases }, plan);
    }
  }
  return plan;
}

function locate(ref: RefMessages, plan: CommandPlan): Located[] {
  return ref.messages.flatMap(({ sha, message, from }) => {
    const lines = parseCommands(message);
    if (lines.length > 0 && isMerge(message)) {
      plan.say(`commit ${short(sha)} merges another branch: the commands that it repeats were that branch's`);
      return [];
    }
    return lines.flatMap(({ line, text, result }) => {
      const where = from ?? `commit ${short(sha)}, line ${line}`;
      if ('command' in result) return [{ command: result.command, sha, where }];
      const { column, message: what, fix } = result.problem;
      plan.refuse('ODMD301', `${where}, column ${column}`, `${what} in \`${text.slice(0, 200)}\``, fix);
      return [];
    });
  });
}

/** The builds that a command is for and, for `create`, the entries to copy. */
async function targetOf(
  context: Context,
  { command, where }: Located,
  own: readonly EnverEntry[],
  ref: RefMessages,
  plan: CommandPlan,
): Promise<{ builds: string[]; bases: EnverEntry[] }> {
  const none = { builds: [], bases: [] };
  const known = [...new Set(own.map((entry) => entry.build))].sort();
  if (command.build !== undefined && !known.includes(command.build)) {
    const fix =
      known.length > 0 ? `its builds are ${known.join(', ')}` : 'no build of the contracts is made from it';
    plan.refuse('ODMD302', where, `${JSON.stringify(command.build)} is not a build of ${ref.repo}`, fix);
    return none;
  }
  const candidates = own.filter((entry) => command.build === undefined || entry.build === command.build);
  if (command.verb === 'delete')
    return { builds: command.build === undefined ? known : [command.build], bases: [] };
  const bases = await basesOf(context, candidates, ref.repo, command.base);
  if (bases.length > 0) return { builds: bases.map((base) => base.build), bases };
  const refs = [...new Set(candidates.map((entry) => entry.revision.ref))].sort().join(', ') || 'none';
  const what = `no enver of ${command.build ?? ref.repo} is built from ${JSON.stringify(command.base)}`;
  plan.refuse('ODMD304', where, what, `branches and tags that can be copied: ${refs}`);
  return none;
}

/** Envers that track the written ref (a branch before a tag); for a clone's ref, the envers it copies. */
async function basesOf(
  { ports }: Context,
  candidates: readonly EnverEntry[],
  repo: string,
  written: string,
): Promise<EnverEntry[]> {
  for (const kind of ['branch', 'tag'] as const) {
    const tracking = candidates.filter(
      ({ revision }) =>
        revision.kind === kind && (revision.ref === written || revisionPath(revision) === written),
    );
    if (tracking.length > 0) return tracking;
    const onRef = await ports.records.find('source', refKey(repo, fullRef({ kind, ref: written })));
    const clones = await Promise.all(onRef.map((id) => ports.records.get('enver', id)));
    const origins = new Set(clones.map((record) => record?.clone?.base));
    const copied = candidates.filter((entry) => origins.has(entry.id));
    if (copied.length > 0) return copied;
  }
  return [];
}

function planDelete(context: Context, ref: RefMessages, builds: readonly string[], plan: CommandPlan): void {
  const going = plan.clones.filter((enver) => builds.includes(enver.build));
  if (going.length === 0) {
    const what = `${fullRef(ref.revision)} has no clone of ${builds.join(', ')}`;
    plan.refuse('ODMD303', 'odmd: delete', `nothing to delete: ${what}`, 'nothing has to be done');
    return;
  }
  const now = context.ports.clock.now();
  for (const enver of going)
    if (enver.deleting === undefined) plan.put(asDeleting(enver, '`odmd: delete`', now));
  for (const enver of plan.clones) {
    if (!enver.clone || enver.deleting !== undefined) continue;
    const rest = enver.clone.builds.filter((build) => !builds.includes(build));
    if (rest.length < enver.clone.builds.length)
      plan.put(inSet(context, enver, rest, `push ${ref.repo}@${ref.head}`));
  }
}
