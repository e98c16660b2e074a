import { equalObjects } from '../equal-json.js';
import type { ConsumptionEntry, EnverEntry, Manifest, ProductEntry } from '../manifest/index.js';
import type { EnverId, ProductPath } from '../naming/index.js';
import { type Plan, planChange } from '../plan/index.js';
import { type Breaking, breakingChanges } from './breaking.js';
import { changedFields, type FieldChange } from './changed-fields.js';
import { contractRoots, effectNotes, type Note } from './effects.js';
import { type Privileged, privilegedChanges } from './privileged.js';

/** Things of one sort that came, changed and went, each list in the order of names. */
export interface Changes<Place> {
  readonly added: readonly Place[];
  readonly changed: readonly (Place & { readonly fields: readonly FieldChange[] })[];
  readonly removed: readonly Place[];
}

export interface ProductPlace {
  readonly path: ProductPath;
}

/** The use `id` of the enver `enver`. */
export interface ConsumptionPlace {
  readonly enver: EnverId;
  readonly id: string;
  readonly path: ProductPath;
}

/** What a change of an org's contracts is, does and breaks. */
export interface ManifestDiff {
  /** What is not of one enver: `org`, `accounts.work.id`, `repos.shop.owner`. */
  readonly settings: readonly FieldChange[];
  /** Static envers; their products and consumptions are listed apart. A removed one is retired. */
  readonly envers: Changes<{ readonly id: EnverId }>;
  readonly products: Changes<ProductPlace>;
  /** The type of a consumed product changes with the product, and is not repeated here. */
  readonly consumptions: Changes<ConsumptionPlace>;
  readonly breaking: readonly Breaking[];
  /** Changes that wait for the approval of the platform's administrators. */
  readonly privileged: readonly Privileged[];
  /** The semantic version that the contracts' package should get; `none`: they say the same. */
  readonly bump: 'major' | 'minor' | 'patch' | 'none';
  /** What applying the contracts deploys, and in which order. */
  readonly impact: Plan;
  /** What a reader of the impact may expect in it, and why it is not. */
  readonly notes: readonly Note[];
}

/** What two sides of a diff have in common and apart, as the judges of it need it. */
export interface Compared {
  readonly before: Manifest;
  readonly after: Manifest;
  readonly settings: readonly FieldChange[];
  readonly added: readonly EnverEntry[];
  readonly retired: readonly EnverEntry[];
  /** Envers of both sides that differ in any way. */
  readonly pairs: readonly EnverPair[];
}

export interface EnverPair {
  readonly before: EnverEntry;
  readonly after: EnverEntry;
  /** Without products and consumptions. */
  readonly fields: readonly FieldChange[];
  readonly products: Changed<ProductEntry>;
  readonly consumptions: Changed<ConsumptionEntry>;
}

interface Changed<T> {
  readonly added: readonly T[];
  readonly changed: readonly { before: T; after: T; fields: readonly FieldChange[] }[];
  readonly removed: readonly T[];
}

/**
 * Compares two manifests. Pure; the order in which either lists things does not matter.
 *
 * `breaking` is what somebody has to act upon before or after the contracts are applied, with the envers that are
 * hit; see `breakingChanges` for how types are judged. `bump` is `major` when something breaks, `minor` when
 * something was added or the type of a product changed, else `patch`.
 *
 * `impact` is what the platform does by itself when it applies `after`: it deploys new envers, those that consume a
 * product for the first time or no longer, and those whose source is read from elsewhere. Every other change of an
 * enver takes effect with its next deployment, as the `notes` say.
 */
export function diffManifests(before: Manifest, after: Manifest): ManifestDiff {
  const compared = compare(before, after);
  const breaking = breakingChanges(compared);
  const impact = planChange(after, { roots: contractRoots(compared) });
  const diff = {
    settings: compared.settings,
    envers: enverChanges(compared),
    products: productChanges(compared),
    consumptions: consumptionChanges(compared),
  };
  return {
    ...diff,
    breaking,
    privileged: privilegedChanges(compared),
    bump: bumpOf(diff, breaking),
    impact,
    notes: effectNotes(compared, impact),
  };
}

const OWN_SECTIONS: ReadonlySet<string> = new Set(['products', 'consumes']);
const OF_THE_PRODUCT: ReadonlySet<string> = new Set(['schema', 'kind']);
const CONSUMES: ReadonlySet<string> = new Set(['consumes']);
const NONE: ReadonlySet<string> = new Set();

function compare(before: Manifest, after: Manifest): Compared {
  const ids = [...new Set([...Object.keys(before.envers), ...Object.keys(after.envers)])].sort();
  const added: EnverEntry[] = [];
  const retired: EnverEntry[] = [];
  const pairs: EnverPair[] = [];
  for (const id of ids) {
    const [old, now] = [own(before.envers, id), own(after.envers, id)];
    if (!old && now) added.push(now);
    else if (old && !now) retired.push(old);
    else if (old && now && !isEqual(old, now)) {
      const pair = comparePair(old, now);
      if (isChanged(pair)) pairs.push(pair);
    }
  }
  const settings = changedFields(before, after, new Set(['envers', 'schemaVersion']));
  return { before, after, added, retired, pairs, settings };
}

/** What most envers of a diff are: nothing of them is listed, and nothing of them is judged. */
function isEqual(a: EnverEntry, b: EnverEntry): boolean {
  return (
    equalObjects(a, b, CONSUMES) &&
    a.consumes.length === b.consumes.length &&
    a.consumes.every((use, at) => equalObjects(use, b.consumes[at] ?? {}, OF_THE_PRODUCT))
  );
}

function comparePair(before: EnverEntry, after: EnverEntry): EnverPair {
  return {
    before,
    after,
    fields: changedFields(before, after, OWN_SECTIONS),
    products: changedBy('path', before.products, after.products, NONE),
    consumptions: changedBy('id', before.consumes, after.consumes, OF_THE_PRODUCT),
  };
}

function isChanged({ fields, products, consumptions }: EnverPair): boolean {
  const parts = [products, consumptions].flatMap(({ added, changed, removed }) => [added, changed, removed]);
  return fields.length > 0 || parts.some((part) => part.length > 0);
}

function changedBy<K extends string, T extends Record<K, string>>(
  key: K,
  before: readonly T[],
  after: readonly T[],
  skip: ReadonlySet<string>,
): Changed<T> {
  const [old, now] = [
    new Map(before.map((item) => [item[key], item])),
    new Map(after.map((item) => [item[key], item])),
  ];
  const byKey = (a: T, b: T) => (a[key] < b[key] ? -1 : 1);
  return {
    added: after.filter((item) => !old.has(item[key])).sort(byKey),
    removed: before.filter((item) => !now.has(item[key])).sort(byKey),
    changed: [...after].sort(byKey).flatMap((item) => {
      const was = old.get(item[key]);
      const fields = was ? changedFields(was, item, skip) : [];
      return was && fields.length > 0 ? [{ before: was, after: item, fields }] : [];
    }),
  };
}

function own<T>(map: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(map, key) ? map[key] : undefined;
}

function enverChanges({ added, retired, pairs }: Compared): ManifestDiff['envers'] {
  return {
    added: added.map(({ id }) => ({ id })),
    changed: pairs
      .filter(({ fields }) => fields.length > 0)
      .map(({ after, fields }) => ({ id: after.id, fields })),
    removed: retired.map(({ id }) => ({ id })),
  };
}

function productChanges({ added, retired, pairs }: Compared): ManifestDiff['products'] {
  const place = ({ path }: ProductEntry) => ({ path });
  const found = {
    added: [...added, ...pairs.map(({ products }) => ({ products: products.added }))],
    removed: [...retired, ...pairs.map(({ products }) => ({ products: products.removed }))],
  };
  const all = (list: readonly { products: readonly ProductEntry[] }[]) =>
    list.flatMap(({ products }) => products.map(place)).sort((a, b) => (a.path < b.path ? -1 : 1));
  return {
    added: all(found.added),
    changed: pairs.flatMap(({ products }) =>
      products.changed.map(({ after, fields }) => ({ ...place(after), fields })),
    ),
    removed: all(found.removed),
  };
}

function consumptionChanges({ added, retired, pairs }: Compared): ManifestDiff['consumptions'] {
  const place = (enver: string, { id, path }: ConsumptionEntry) => ({ enver, id, path });
  const ofEnver = ({ id, consumes }: EnverEntry) => consumes.map((use) => place(id, use));
  const order = (a: ConsumptionPlace, b: ConsumptionPlace) =>
    a.enver === b.enver ? (a.id < b.id ? -1 : 1) : a.enver < b.enver ? -1 : 1;
  const ofPairs = (which: 'added' | 'removed') =>
    pairs.flatMap(({ after, consumptions }) => consumptions[which].map((use) => place(after.id, use)));
  return {
    added: [...added.flatMap(ofEnver), ...ofPairs('added')].sort(order),
    changed: pairs.flatMap((pair) =>
      pair.consumptions.changed.map(({ after, fields }) => ({ ...place(pair.after.id, after), fields })),
    ),
    removed: [...retired.flatMap(ofEnver), ...ofPairs('removed')].sort(order),
  };
}

function bumpOf(
  {
    settings,
    envers,
    products,
    consumptions,
  }: Pick<ManifestDiff, 'settings' | 'envers' | 'products' | 'consumptions'>,
  breaking: readonly Breaking[],
): ManifestDiff['bump'] {
  if (breaking.length > 0) return 'major';
  const parts = [envers, products, consumptions];
  const grown =
    parts.some(({ added }) => added.length > 0) ||
    settings.some(({ before }) => before === undefined) ||
    products.changed.some(({ fields }) => fields.some(({ field }) => /^(kind$|schema)/.test(field)));
  if (grown) return 'minor';
  const touched = parts.some(({ changed, removed }) => changed.length + removed.length > 0);
  return touched || settings.length > 0 ? 'patch' : 'none';
}
