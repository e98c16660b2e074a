import { artifactBucket, assetPrefix, productPath } from '../naming/index.js';
import type { EnverEntry, Manifest } from './schema.js';

/** What the roles of an enver depend on beside its own entry: those that it consumes from, and those that consume from it. */
export interface Neighbours {
  /** Other accounts (12 digits, sorted) that pull its images. */
  readonly pulledBy: readonly string[];
  /** ARNs of the objects, with a wildcard at the end, that are behind the artifacts that it consumes. */
  readonly artifacts: readonly string[];
}

/** The neighbours that the contracts give an enver, or a clone, which has those of its base. */
export function neighboursOf(manifest: Pick<Manifest, 'envers'>, entry: EnverEntry): Neighbours {
  return { pulledBy: pullersOf(manifest, entry), artifacts: artifactsOf(manifest, entry) };
}

function pullersOf({ envers }: Pick<Manifest, 'envers'>, entry: EnverEntry): string[] {
  if (entry.images.length === 0) return [];
  const producer = entry.cloneOf ?? entry.id;
  const accounts = Object.values(envers)
    .filter(({ consumes }) => consumes.some(({ from }) => from === producer))
    .map(({ account }) => account.id);
  return [...new Set(accounts)].filter((id) => id !== entry.account.id).sort();
}

function artifactsOf({ envers }: Pick<Manifest, 'envers'>, { consumes }: EnverEntry): string[] {
  const arns = consumes.flatMap(({ kind, from, path }) => {
    if (kind !== 'artifact') return [];
    // A clone is where its base is, and the contracts know the base alone.
    const producer = envers[from] ?? Object.values(envers).find(({ id }) => from.startsWith(`${id}-_`));
    if (!producer) return [];
    const bucket = artifactBucket(producer.account.id, producer.region);
    const name = path.slice(productPath(from, '').length);
    return [`arn:aws:s3:::${bucket}/${assetPrefix(from)}products/${name}/*`];
  });
  return [...new Set(arns)].sort();
}
