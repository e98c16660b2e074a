import {
  enverId,
  IMAGE_NAME,
  PRODUCT_SEGMENT,
  producerOf,
  productPath,
  productPrefix,
  repositoryPrefix,
  revisionPath,
  stackSuffix,
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
    ...entry.consumes
      .filter(({ onChange, approvers }) => (onChange === 'approve') !== (approvers !== undefined))
      .map((use) => `the consumption ${use.id} of ${id} has approvers, or needs them`),
    ...entry.stacks
      .filter((name) => stackSuffix(id, name) === undefined)
      .map((name) => `${name} is no stack name of ${id}`),
    ...entry.images
      .filter(({ repository }) => !isRepositoryOf(id, repository))
      .map(({ repository }) => `${repository} is no repository of ${id}`),
    ...(cloneOf !== undefined && !entry.ephemeral ? [`${id} is a clone, and not ephemeral`] : []),
    ...repeated(id, entry),
    ...kindProblems(entry),
  ];
}

function isRepositoryOf(id: string, repository: string): boolean {
  const prefix = repositoryPrefix(id);
  return repository.startsWith(prefix) && IMAGE_NAME.test(repository.slice(prefix.length));
}

function repeated(id: string, { stacks, images, products, consumes }: EnverEntry): string[] {
  const lists = {
    stack: stacks,
    repository: images.map(({ repository }) => repository),
    product: products.map(({ name }) => name),
    consumption: consumes.map((use) => use.id),
  };
  return Object.entries(lists)
    .filter(([, names]) => new Set(names).size < names.length)
    .map(([what]) => `${id} has a ${what} twice`);
}

/** What only envers of one kind have. */
function kindProblems({ id, kind, stacks, images, package: npm }: EnverEntry): string[] {
  const misplaced = [
    kind !== 'cdk' && stacks.length > 0 && 'stacks',
    kind !== 'containerImage' && images.length > 0 && 'images',
    (kind === 'npmPackage') !== (npm !== undefined) && 'a package, or lacks one',
  ];
  return misplaced.filter((what) => what !== false).map((what) => `${id} is of kind ${kind} and has ${what}`);
}
