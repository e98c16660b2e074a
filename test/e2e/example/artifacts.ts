import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import type { EnverEntry } from '@ondemandenv/contracts-base';
import type { Attempt } from '../attempts.js';
import type { JobIdentity } from '../job-identity.js';
import type { Landscape } from '../landscape.js';

/** The object behind an artifact that was published. */
export interface Artifact {
  readonly producer: EnverEntry;
  /** Path of the product. */
  readonly path: string;
  readonly object: { readonly Bucket: string; readonly Key: string; readonly VersionId: string };
}

/** The artifacts that the envers of the org have published. */
export async function artifactsOf(land: Landscape): Promise<Artifact[]> {
  const products = Object.values(land.manifest.envers).flatMap((producer) =>
    producer.products.filter(({ kind }) => kind === 'artifact').map(({ path }) => ({ producer, path })),
  );
  return Promise.all(
    products.map(async ({ producer, path }) => {
      const place = String((await land.value(path))?.value);
      const [, Bucket = '', Key = '', VersionId = ''] = /^s3:\/\/([^/]+)\/(.+)@([^@]+)$/.exec(place) ?? [];
      return { producer, path, object: { Bucket, Key, VersionId } };
    }),
  );
}

/** Whether the contracts let the job of an enver read it. */
export function mayRead({ id, consumes }: EnverEntry, { producer, path }: Artifact): boolean {
  return producer.id === id || consumes.some((one) => one.path === path);
}

/** Consumers read the very version that was published; the producer has what is newest of its own. */
export function readArtifact(
  { build }: JobIdentity,
  { id }: EnverEntry,
  { producer, path, object: { VersionId, ...newest } }: Artifact,
): Attempt {
  const { s3 } = build.in(producer.region);
  const object = id === producer.id ? newest : { ...newest, VersionId };
  return [`read the file of ${path}`, () => s3.send(new GetObjectCommand(object))];
}

export function changeArtifact({ build }: JobIdentity, { producer, path, object }: Artifact): Attempt {
  const { s3 } = build.in(producer.region);
  const { Bucket, Key } = object;
  return [
    `change the file of ${path}`,
    () => s3.send(new PutObjectCommand({ Bucket, Key, Body: '{"type":"object"}' })),
  ];
}
