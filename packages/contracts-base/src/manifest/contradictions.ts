import {
  enverId,
  PRODUCT_SEGMENT,
  producerOf,
  productPath,
  productPrefix,
  revisionPath,
} from '../naming/index.js';
import type { EnverEntry, Manifest } from './schema.js';

/** Where a manifest says two things of one name. Every entry has to be a static enver's, filed under its id. */
export function manifestContradictions(manifest: Manifest): string[] {
  return Object.entries(manifest.envers).flatMap(([key, entry]) => [
    ...(key === entry.id ? [] : [`the entry ${entry.id} is filed under ${key}`]),
    ...(entry.cloneOf === undefined ? [] : [`${entry.id} is a clone, which contracts do not declare`]),
    ...entryContradictions(entry),
  ]);
}

/**
 * Where an entry's names are not those that are derived from its build and revision. Roles and permissions are made
 * from them: an entry must not claim those of another enver.
 */
export function entryContradictions(entry: EnverEntry): string[] {
  const { id, build, cloneOf } = entry;
  const own = revisionPath(entry.revision);
  const fits = cloneOf === undefined ? id === enverId(build, own) : id === `${cloneOf}-_${own}`;
  return [
    ...(fits && id.startsWith(`${build}/`) ? [] : [`${id} is not the id of an enver of ${build} at ${own}`]),
    ...entry.products
      .filter(({ name }) => !name.split('/').every((part) => PRODUCT_SEGMENT.test(part)))
      .map(({ name }) => `${JSON.stringify(name)} is no name of a product`),
    ...entry.products
      .filter(({ name, path }) => path !== productPath(id, name))
      .map(({ name, path }) => `${path} is not the path of the product ${name} of ${id}`),
    ...entry.consumes
      .filter(({ from, path }) => producerOf(path) !== from || !path.startsWith(productPrefix(from)))
      .map(({ from, path }) => `${path}, which ${id} consumes, is not a product of ${from}`),
  ];
}
