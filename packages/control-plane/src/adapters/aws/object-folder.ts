import { DeleteObjectsCommand, ListObjectVersionsCommand, type S3Client } from '@aws-sdk/client-s3';
import { OdmdError } from '@ondemandenv/contracts-base';
import { patient } from './throttling.js';

/** As many as one request lists and deletes. */
const PAGE = 1_000;
/** So many go in one call, which has to end within the time of a function. */
const MAX_PAGES = 20;

/**
 * Deletes what is below a prefix of a bucket, with all its versions. Nothing to delete, or no such bucket, costs one
 * request.
 *
 * @returns `working`: there may be more, call again
 * @throws OdmdError ODMD424 an object cannot be deleted
 */
export async function emptyFolder(s3: S3Client, bucket: string, prefix: string): Promise<'done' | 'working'> {
  for (let page = 0; page < MAX_PAGES; page++)
    if ((await emptyPage(s3, bucket, prefix)) === 'done') return 'done';
  return 'working';
}

async function emptyPage(s3: S3Client, Bucket: string, Prefix: string): Promise<'done' | 'working'> {
  const list = new ListObjectVersionsCommand({ Bucket, Prefix, MaxKeys: PAGE });
  const found = await patient(() => s3.send(list)).catch((error: unknown) => {
    if (error instanceof Error && error.name === 'NoSuchBucket') return undefined;
    throw error;
  });
  const { Versions = [], DeleteMarkers = [] } = found ?? {};
  const Objects = [...Versions, ...DeleteMarkers].flatMap(({ Key, VersionId }) =>
    Key === undefined ? [] : [{ Key, ...(VersionId !== undefined && { VersionId }) }],
  );
  if (Objects.length === 0) return 'done';
  const remove = new DeleteObjectsCommand({ Bucket, Delete: { Objects, Quiet: true } });
  const { Errors = [] } = await patient(() => s3.send(remove));
  const [first] = Errors;
  if (!first) return 'working';
  throw new OdmdError(
    'ODMD424',
    `${Errors.length} objects cannot be deleted: ${first.Code} ${first.Message}`,
    {
      where: `s3://${Bucket}/${first.Key}`,
      fix: 'it is tried again by itself; if it stays so, deploy the stack `odmd-account` of the account again',
    },
  );
}
