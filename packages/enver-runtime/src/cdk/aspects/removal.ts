import { CfnDeletionPolicy, CfnResource, type IAspect } from 'aws-cdk-lib';
import { mixins as ecr } from 'aws-cdk-lib/aws-ecr';
import { mixins as s3 } from 'aws-cdk-lib/aws-s3';
import type { IConstruct } from 'constructs';
import { unprotected } from './protection.js';

/** Resources of which CloudFormation keeps a snapshot unless it is told otherwise. */
const SNAPSHOT_BY_DEFAULT = new Set(['AWS::RDS::DBCluster', 'AWS::RDS::DBInstance']);

/**
 * Lets everything that an ephemeral enver made go with its stacks: nothing is retained, no snapshot is kept, nothing is
 * protected against deletion, buckets and image repositories are emptied first.
 */
export class Removal implements IAspect {
  private readonly emptied = new Set<IConstruct>();

  visit(node: IConstruct): void {
    if (!CfnResource.isCfnResource(node)) return;
    const { cfnOptions, cfnResourceType: type } = node;
    const stateful = type === 'AWS::S3::Bucket' || SNAPSHOT_BY_DEFAULT.has(type);
    if (stateful || cfnOptions.deletionPolicy !== undefined)
      cfnOptions.deletionPolicy = CfnDeletionPolicy.DELETE;
    if (stateful || cfnOptions.updateReplacePolicy !== undefined)
      cfnOptions.updateReplacePolicy = CfnDeletionPolicy.DELETE;
    for (const [path, off] of unprotected(node)) node.addPropertyOverride(path, off);
    this.empty(node);
  }

  /** Once: aspects visit what they have added. */
  private empty(node: CfnResource): void {
    if (this.emptied.has(node)) return;
    this.emptied.add(node);
    const images = new ecr.RepositoryAutoDeleteImages();
    if (images.supports(node)) images.applyTo(node);
    const objects = new s3.BucketAutoDeleteObjects();
    if (objects.supports(node) && !emptiesItself(node)) objects.applyTo(node);
  }
}

/** The app asked for it itself. */
function emptiesItself(bucket: IConstruct): boolean {
  return bucket.node.scope?.node.tryFindChild('AutoDeleteObjectsCustomResource') !== undefined;
}
