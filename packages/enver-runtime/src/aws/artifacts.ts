import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { artifactBucket, assetPrefix, type EnverEntry, OdmdError } from '@ondemandenv/contracts-base';
import { address, type Buckets } from './buckets.js';

/** A file is in memory while it is uploaded, so that a try that failed can be repeated. */
const MAX_BYTES = 512 * 1024 * 1024;

/**
 * Keeps a file below the enver's prefix of the artifact bucket, under the hash of its content: the same file again is
 * the same version of the same object.
 *
 * @returns `s3://<bucket>/<key>@<version id>`
 */
export async function uploadArtifact(
  buckets: Buckets,
  { id, account, region }: EnverEntry,
  product: string,
  file: string,
): Promise<string> {
  const content = await readSmall(file, product);
  const hash = createHash('sha256').update(content).digest('hex');
  const name = basename(file).replace(/[^A-Za-z0-9._-]/g, '-');
  const object = {
    bucket: artifactBucket(account.id, region),
    key: `${assetPrefix(id)}products/${product}/${hash}/${name}`,
  };
  const version = await buckets.keep(object, content);
  if (version !== undefined) return `${address(object)}@${version}`;
  throw new OdmdError('ODMD556', 'the artifact bucket keeps no versions', {
    where: `s3://${object.bucket}`,
    fix: "turn versioning on: the platform's own stack of the region does",
  });
}

async function readSmall(file: string, product: string): Promise<Uint8Array> {
  const { size } = await stat(file);
  if (size <= MAX_BYTES) return readFile(file);
  throw new OdmdError('ODMD556', `the file has ${size} bytes; at most ${MAX_BYTES} are uploaded`, {
    where: `product ${product}`,
    fix: 'upload it in the deployment, and put out its place as s3://<bucket>/<key>@<version id>',
  });
}
