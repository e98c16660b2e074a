import type { ConsumptionEntry, EnverEntry, Manifest, ProductEntry } from '../manifest/index.js';
import type { EnverId, ProductPath } from '../naming/index.js';
import { type Plan, planChange } from '../plan/index.js';
import { type Breaking, breakingChanges } from './breaking.js';
import type { FieldChange } from './changed-fields.js';
import { type Compared, compare } from './compare.js';
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
