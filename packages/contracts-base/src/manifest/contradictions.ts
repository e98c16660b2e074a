import { equalJson } from '../equal-json.js';
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
import type { ConsumptionEntry, EnverEntry, Manifest } from './schema.js';

/**
 * Where a manifest says two things of one name, or something of what it does not have. Every entry has to be a static
 * enver's, filed under its id.
 */
export function manifestContradictions(manifest: Manifest): string[] {
  return Object.entries(manifest.envers).flatMap(([key, entry]) => [
    ...(key === entry.id ? [] : [`the entry ${entry.id} is filed under ${key}`]),
    ...(entry.cloneOf === undefined ? [] : [`${entry.id} is a clone, which contracts do not declare`]),
    ...entryContradictions(entry),
    ...placeProblems(manifest, entry),
    ...entry.consumes.flatMap((use) => {
      const problem = consumptionProblem(manifest, use);
      return problem === undefined ? [] : [`the consumption ${use.id} of ${entry.id} ${problem}`];
    }),
  ]);
}

function placeProblems({ accounts, regions }: Manifest, entry: EnverEntry): string[] {
  const { id, account, region, products } = entry;
  const wrong = [account, ...products.flatMap(({ readableFrom = [] }) => readableFrom)].filter(
    (one) => !Object.hasOwn(accounts, one.name) || accounts[one.name]?.id !== one.id,
  );
  return [
    ...wrong.map((one) => `${id} names the account ${one.name} (${one.id}), which is not declared so`),
    ...(regions?.includes(region) === false ? [`${id} is in ${region}, which is none of the regions`] : []),
  ];
}

/** What an enver consumes has to be there, and of the kind and type that it expects. */
function consumptionProblem({ envers }: Manifest, { from, path, kind, schema }: ConsumptionEntry) {
  const producer = Object.hasOwn(envers, from) ? envers[from] : undefined;
  if (!producer) return `is from ${from}, which is no enver here`;
  const product = producer.products.find((one) => one.path === path);
  if (!product) return `is of ${path}, which ${from} does not produce`;
  if (product.kind !== kind || !equalJson(product.schema, schema)) return `is not of the type of ${path}`;
  return undefined;
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
    ...entry.products
      .filter(({ kind, readableFrom }) => kind !== 'secret' && readableFrom !== undefined)
      .map(({ path }) => `${path} is no secret, and lists who may read it`),
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
