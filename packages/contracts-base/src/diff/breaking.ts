import type { EnverEntry, Manifest, ProductEntry } from '../manifest/index.js';
import { producerOf } from '../naming/index.js';
import { consumersOf } from '../plan/manifest-index.js';
import type { Compared, EnverPair } from './compare.js';
import { type Misfit, typeMisfit } from './type-misfit.js';

/** A change after which somebody's assumption no longer holds. */
export interface Breaking {
  readonly kind:
    | 'product-removed'
    | 'product-kind'
    | 'product-widened'
    | 'product-narrowed'
    | 'enver-retired'
    | 'enver-moved'
    | 'enver-kind'
    | 'repo-changed'
    | 'tag-changed'
    | 'home-moved';
  /** A product's name (`foundation/b..main/menu`), an enver's id, a build's id, a setting (`regions`). */
  readonly where: string;
  readonly message: string;
  /** Ids of the envers that it hits, in order. */
  readonly victims: readonly string[];
  /** It may be harmless: the types could not be compared. */
  readonly undecided?: true;
}

/**
 * The breaking changes, by kind and place.
 *
 * **Types.** A product's type is a promise to two sides, and a change of it is judged for both:
 * - *Readers* were written for the old type. They are safe when every value of the new type is one of the old
 *   (`product-widened` otherwise): a new member of an enumeration, a property that may now be missing, a bound that
 *   was lifted can each hit code that rules them out. Readers leave alone what they do not know, so that objects
 *   may get further properties.
 * - *The stored value* was published under the old type and stays in the config store until the producer publishes
 *   again; before that, whoever is deployed reads it and checks it against the new type. It is safe when every
 *   value of the old type is one of the new (`product-narrowed` otherwise): a new required property, a shorter
 *   enumeration, a tighter bound. So does a producer break that still publishes by the old type.
 *
 * Both together leave little: words, orders, and optional properties of objects. That is meant: consumers are in
 * other repositories and deploy at other times. The way to change a type is a new product beside the old one.
 * A type that nobody consumes before and after may change freely. What cannot be decided counts as breaking, and
 * says so.
 *
 * **Removals** hit whoever consumed the product before and still exists, also when the same change takes its
 * consumption away: its code has to follow. A renamed product is one removed and one added.
 */
export function breakingChanges(compared: Compared): Breaking[] {
  const found = [
    ...compared.retired.flatMap((entry) => retired(compared, entry)),
    ...compared.pairs.flatMap((pair) => [
      ...pair.products.removed.flatMap((product) => removed(compared, product)),
      ...pair.products.changed.flatMap((change) => retyped(compared, change.before, change.after)),
      ...moved(compared, pair),
      ...tagChanged(pair),
    ]),
    ...reposChanged(compared),
    ...homeMoved(compared),
  ];
  return found.sort((a, b) => order(a.kind, b.kind) || order(a.where, b.where));
}

function retired({ before, after }: Compared, entry: EnverEntry): Breaking[] {
  const paths = entry.products.map(({ path }) => path);
  const victims = survivors(
    after,
    paths.flatMap((path) => readersOf(before, path)),
  );
  if (victims.length === 0) return [];
  return [
    { kind: 'enver-retired', where: entry.id, message: 'it is retired while others consume it', victims },
  ];
}

function removed({ before, after }: Compared, { path }: ProductEntry): Breaking[] {
  const victims = survivors(after, readersOf(before, path));
  if (victims.length === 0) return [];
  return [{ kind: 'product-removed', where: nameOf(path), message: 'it is removed while consumed', victims }];
}

function retyped({ before, after }: Compared, old: ProductEntry, now: ProductEntry): Breaking[] {
  const still = new Set(readersOf(after, now.path));
  const victims = readersOf(before, old.path).filter((id) => still.has(id));
  const where = nameOf(now.path);
  if (victims.length === 0) return [];
  if (old.kind !== now.kind)
    return [
      { kind: 'product-kind', where, message: `it was a ${old.kind} and becomes a ${now.kind}`, victims },
    ];
  const found: Breaking[] = [];
  const wider = typeMisfit(now.schema, old.schema, true);
  if (wider) {
    const message = `readers may meet what they do not expect: ${reason('the new value', wider)}`;
    found.push({ kind: 'product-widened', where, message, victims, ...undecided(wider) });
  }
  const narrower = typeMisfit(old.schema, now.schema);
  if (narrower) {
    const message = `a value published before may be refused: ${reason('the old value', narrower)}`;
    found.push({ kind: 'product-narrowed', where, message, victims, ...undecided(narrower) });
  }
  return found;
}

function reason(what: string, { at, why, undecided }: Misfit): string {
  const place = at === '' ? what : at;
  return undecided
    ? `it cannot be decided whether every value fits (at ${place}: ${why})`
    : `${place}: ${why}`;
}

function undecided(misfit: Misfit): { undecided?: true } {
  return misfit.undecided ? { undecided: true } : {};
}

function moved(compared: Compared, { before, after }: EnverPair): Breaking[] {
  const paths = after.products.map(({ path }) => path);
  const readers = paths.flatMap((path) => readersOf(compared.before, path));
  const victims = survivors(compared.after, [after.id, ...readers]);
  const found: Breaking[] = [];
  if (before.account.id !== after.account.id || before.region !== after.region) {
    const message = `it moves from ${place(before)} to ${place(after)}: what was deployed there stays behind, and the values of its products change`;
    found.push({ kind: 'enver-moved', where: after.id, message, victims });
  }
  if (before.kind !== after.kind) {
    const message = `it was of kind ${before.kind} and becomes ${after.kind}: what was deployed the old way stays behind`;
    found.push({ kind: 'enver-kind', where: after.id, message, victims: [after.id] });
  }
  return found;
}

function place({ account, region }: EnverEntry): string {
  return `${account.name} (${account.id}) ${region}`;
}

function tagChanged({ after, consumptions }: EnverPair): Breaking[] {
  const { added, changed, removed } = consumptions;
  const inputs = [
    ...added,
    ...removed,
    ...changed.filter(({ fields }) => fields.some(({ field }) => field === 'path')),
  ];
  if (after.revision.kind !== 'tag' || inputs.length === 0) return [];
  const message = 'the inputs of a tag change, which is built once: make a new tag';
  return [{ kind: 'tag-changed', where: after.id, message, victims: [after.id] }];
}

function reposChanged({ pairs }: Compared): Breaking[] {
  const byBuild = new Map<string, EnverPair[]>();
  for (const pair of pairs) {
    const [old, now] = [pair.before.repo, pair.after.repo];
    if (old.owner === now.owner && old.name === now.name) continue;
    byBuild.set(pair.after.build, [...(byBuild.get(pair.after.build) ?? []), pair]);
  }
  return [...byBuild].map(([build, moved]) => {
    const [{ before, after } = { before: undefined, after: undefined }] = moved;
    const message = `its repository changes from ${repo(before)} to ${repo(after)}: the old one can deploy no more`;
    return {
      kind: 'repo-changed',
      where: build,
      message,
      victims: moved.map((pair) => pair.after.id).sort(),
    };
  });
}

function homeMoved({ before, after }: Compared): Breaking[] {
  const [[old], [now]] = [before.regions ?? [], after.regions ?? []];
  // Contracts that list no regions leave the choice to whoever installs the platform.
  if (old === undefined || now === undefined || old === now) return [];
  const message = `the home of the platform moves from ${old} to ${now}: it has to be installed there, and every product published again`;
  return [{ kind: 'home-moved', where: 'regions', message, victims: Object.keys(after.envers).sort() }];
}

function repo(entry: EnverEntry | undefined): string {
  return entry ? `${entry.repo.owner}/${entry.repo.name}` : '';
}

/** Ids of the envers that consume a product. */
function readersOf(manifest: Manifest, path: string): string[] {
  return consumersOf(manifest, producerOf(path))
    .filter(({ consumes }) => consumes.some((use) => use.path === path))
    .map(({ id }) => id);
}

function survivors(after: Manifest, ids: readonly string[]): string[] {
  return [...new Set(ids)].filter((id) => Object.hasOwn(after.envers, id)).sort();
}

/** `/odmd-share/foundation/b..main/menu` → `foundation/b..main/menu`. */
export function nameOf(path: string): string {
  return path.replace(/^\/odmd-share\//, '');
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
