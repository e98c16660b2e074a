import { equalObjects } from '../equal-json.js';
import type { ConsumptionEntry, EnverEntry, Manifest, ProductEntry } from '../manifest/index.js';
import { changedFields, type FieldChange } from './changed-fields.js';

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

const OWN_SECTIONS: ReadonlySet<string> = new Set(['products', 'consumes']);
const OF_THE_PRODUCT: ReadonlySet<string> = new Set(['schema', 'kind']);
const CONSUMES: ReadonlySet<string> = new Set(['consumes']);
const NONE: ReadonlySet<string> = new Set();

/** Everything that differs, each list in the order of names. */
export function compare(before: Manifest, after: Manifest): Compared {
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
