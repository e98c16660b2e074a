import { equalJson } from '../equal-json.js';
import type { EnverEntry } from '../manifest/index.js';
import type { Plan, PlannedChange } from '../plan/index.js';
import { nameOf } from './breaking.js';
import type { Compared, EnverPair } from './compare.js';

/** Something that a reader of the impact should know. */
export interface Note {
  /** An enver's id. */
  readonly where: string;
  readonly message: string;
}

/**
 * The envers that the platform deploys because the contracts changed, with the reasons. It compares what an enver
 * was deployed with to what it would be deployed with now: the set of its inputs, and the content of its source.
 */
export function contractRoots({ added, pairs }: Compared): NonNullable<PlannedChange['roots']> {
  return [
    ...added.map((entry) => ({ id: entry.id, because: 'new in the contracts', fresh: [...paths(entry)] })),
    ...pairs.flatMap((pair) => {
      const old = paths(pair.before);
      const fresh = [...paths(pair.after)].filter((path) => !old.has(path));
      return reasons(pair).map((because) => ({ id: pair.after.id, because, fresh }));
    }),
  ];
}

function reasons({ before, after }: EnverPair): string[] {
  const [old, now] = [paths(before), paths(after)];
  const found = [
    ...[...now].filter((path) => !old.has(path)).map((path) => `now consumes ${nameOf(path)}`),
    ...[...old].filter((path) => !now.has(path)).map((path) => `no longer consumes ${nameOf(path)}`),
  ];
  // A tag stays at the commit of its first deployment.
  if (after.revision.kind === 'branch' && !equalJson(sourceOf(before), sourceOf(after)))
    found.push('its source is read from elsewhere');
  // What it deployed where it was before stays there.
  if (before.account.id !== after.account.id || before.region !== after.region)
    found.push(`moved from ${before.account.name}/${before.region} to ${after.account.name}/${after.region}`);
  return found;
}

function paths({ consumes }: EnverEntry): Set<string> {
  return new Set(consumes.map(({ path }) => path));
}

function sourceOf({ repo, workDir, extraPaths }: EnverEntry): object {
  return { repo, workDir, extraPaths };
}

/** Fields that no deployment takes up: the platform obeys them at once, or they are for people only. */
const AT_ONCE = /^(owner$|clones$|clones\.)/;

/** What a change does later, or only perhaps. */
export function effectNotes(compared: Compared, impact: Plan): Note[] {
  const planned = new Set([...impact.phases, ...impact.held].flat().map(({ id }) => id));
  const found = [
    ...compared.retired.map(({ id }) => ({
      where: id,
      message: 'it is retired: what it deployed stays until that is confirmed, its clones are deleted',
    })),
    ...compared.pairs.flatMap((pair) => [
      ...(planned.has(pair.after.id) ? [] : later(pair)),
      ...(planned.has(pair.after.id) ? [] : perhaps(pair)),
    ]),
    ...waiting(compared, planned),
  ];
  return found.sort((a, b) => order(a.where, b.where) || order(a.message, b.message));
}

function later({ after, fields, products }: EnverPair): Note[] {
  const names = fields.map(({ field }) => field).filter((field) => !AT_ONCE.test(field));
  const notes = names.length === 0 ? [] : [`its next deployment takes up ${names.join(', ')}`];
  if (products.added.length > 0)
    notes.push(`its next deployment publishes ${products.added.map(({ path }) => nameOf(path)).join(', ')}`);
  return notes.map((message) => ({ where: after.id, message }));
}

function perhaps({ after, consumptions }: EnverPair): Note[] {
  return consumptions.changed.flatMap((change) => {
    const names = change.fields.map(({ field }) => field.split('.')[0]);
    const product = nameOf(change.after.path);
    const notes: string[] = [];
    if (names.includes('placeholder')) notes.push(`it is deployed if ${product} has no value yet`);
    if (names.includes('onChange') && change.after.onChange === 'deploy')
      notes.push(`it is deployed if it has not taken over the newest ${product}`);
    return notes.map((message) => ({ where: after.id, message }));
  });
}

/** Envers that will be deployed, but not before another one that nothing deploys now. */
function waiting({ before, after, added, pairs }: Compared, planned: ReadonlySet<string>): Note[] {
  const fresh = [
    ...added.map((entry) => ({ entry, uses: entry.consumes })),
    ...pairs.map((pair) => ({ entry: pair.after, uses: pair.consumptions.added })),
  ];
  return fresh.flatMap(({ entry, uses }) =>
    uses
      .filter(({ from, path, placeholder }) => {
        const old = Object.hasOwn(before.envers, from) ? before.envers[from] : undefined;
        const known = old === undefined || old.products.some((product) => product.path === path);
        return placeholder === undefined && !known && !planned.has(from) && Object.hasOwn(after.envers, from);
      })
      .map(({ from, path }) => ({
        where: entry.id,
        message: `it waits for ${nameOf(path)}, which the next deployment of ${from} publishes`,
      })),
  );
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
