import {
  cloneRevisionPath,
  enverId,
  productPath,
  type RevisionRef,
  repositoryName,
  repositoryPrefix,
  stackName,
  stackSuffix,
} from '../naming/index.js';
import type { EnverEntry, Manifest } from './schema.js';

/** What to copy: these builds' envers at `base`, for another ref. */
export interface CloneRequest {
  readonly builds: readonly string[];
  readonly base: RevisionRef;
  readonly revision: RevisionRef;
}

/**
 * The entries of a clone set, derived from the entries of its base envers: the same dependencies outside the set,
 * wired to each other inside it, own names; in the order of their ids. A build of the request that has no enver at
 * `base` yields nothing. Whether the bases may be cloned at all is for the caller to ask.
 */
export function clone(manifest: Manifest, request: CloneRequest): EnverEntry[] {
  const path = cloneRevisionPath(request.base, request.revision);
  const bases = Object.values(manifest.envers)
    .filter(
      ({ build, revision }) =>
        request.builds.includes(build) &&
        revision.kind === request.base.kind &&
        revision.ref === request.base.ref,
    )
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  const ownId = new Map(bases.map((base) => [base.id, enverId(base.build, path)]));
  const movePath = (from: string, product: string) => {
    const target = ownId.get(from);
    return target === undefined ? product : productPath(target, product.slice(productPath(from, '').length));
  };
  return bases.map((base) => {
    const id = enverId(base.build, path);
    return {
      ...base,
      id,
      cloneOf: base.id,
      revision: { kind: request.revision.kind, ref: request.revision.ref },
      clones: 'off',
      ephemeral: true,
      stacks: base.stacks.map((name) => stackName(id, stackSuffix(base.id, name))),
      images: base.images.map((image) => ({
        ...image,
        repository: repositoryName(id, image.repository.slice(repositoryPrefix(base.id).length)),
      })),
      products: base.products.map((product) => ({ ...product, path: productPath(id, product.name) })),
      consumes: base.consumes.map((use) => ({
        ...use,
        from: ownId.get(use.from) ?? use.from,
        path: movePath(use.from, use.path),
      })),
    };
  });
}
