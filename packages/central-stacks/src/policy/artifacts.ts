import { assetPrefix } from '@ondemandenv/contracts-base';
import type { Statement } from './statement.js';

/** The tag by which the platform tells the roles of one enver from those of another; envers cannot change it. */
export const ENVER_TAG = 'odmd:enver';
const READS = ['s3:GetObject', 's3:GetObjectVersion'];
/** Where the artifacts are that envers have published. */
const published = (bucket: string): string => `${bucket}/assets/*/products/*`;
const OWN = `\${aws:PrincipalTag/${ENVER_TAG}}`;

/**
 * What the bucket of an account's artifacts refuses: an enver's roles have nothing to do with what another enver is
 * deployed from, even where its contract gives it all of S3. Applications may read, and write nothing. Artifacts that
 * were published are read by the build roles whose own policies name them.
 *
 * @param bucket ARN of the bucket
 */
export function artifactStatements(bucket: string, account: string): Statement[] {
  const roles = (...names: readonly string[]) => ({
    ArnLike: { 'aws:PrincipalArn': names.map((name) => `arn:aws:iam::${account}:role/odmd/${name}`) },
  });
  const looks = [
    's3:GetBucketLocation',
    's3:GetEncryptionConfiguration',
    's3:ListBucket',
    's3:ListBucketVersions',
  ];
  const ofEnvers = roles('*-build', '*-exec');
  const tagged = { Null: { [`aws:PrincipalTag/${ENVER_TAG}`]: 'false' } };
  const own = [bucket, `${bucket}/${assetPrefix(OWN)}*`];
  return [
    {
      sid: 'OwnAssetsOnly',
      effect: 'Deny',
      actions: ['s3:*'],
      notResources: own,
      conditions: { ...roles('*-exec'), ...tagged },
    },
    {
      sid: 'OwnAssetsOrPublished',
      effect: 'Deny',
      actions: ['s3:*'],
      notResources: [...own, published(bucket)],
      conditions: { ...roles('*-build'), ...tagged },
    },
    {
      sid: 'PublishedIsOnlyRead',
      effect: 'Deny',
      notActions: READS,
      notResources: own,
      conditions: { ...roles('*-build'), ...tagged },
    },
    {
      sid: 'OwnNamesOnly',
      effect: 'Deny',
      actions: ['s3:ListBucket', 's3:ListBucketVersions'],
      resources: [bucket],
      conditions: { ...ofEnvers, StringNotLike: { 's3:prefix': `${assetPrefix(OWN)}*` } },
    },
    {
      sid: 'NothingButLooking',
      effect: 'Deny',
      notActions: looks,
      resources: [bucket],
      conditions: roles('*'),
    },
    {
      sid: 'ApplicationsOnlyRead',
      effect: 'Deny',
      notActions: [...looks, 's3:GetObject*'],
      resources: [bucket, `${bucket}/*`],
      conditions: roles('*/app/*'),
    },
  ];
}

/**
 * Lets the jobs of other accounts read artifacts; which ones, the policies of their build roles say.
 *
 * @param bucket ARN of the bucket
 */
export function publishedStatement(bucket: string): Statement {
  return {
    sid: 'PublishedArtifacts',
    actions: READS,
    resources: [published(bucket)],
    conditions: {
      ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/odmd/*-build' },
      ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/odmd/*/app/*' },
    },
  };
}
