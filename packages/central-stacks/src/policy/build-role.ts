import { assetPrefix, type EnverEntry, fullRef, workflowFile } from '@ondemandenv/contracts-base';
import type { EnverArns } from './enver.js';
import type { Statement } from './statement.js';
import { literal } from './text.js';

/** The issuer of the tokens of GitHub's jobs. */
export const GITHUB_ISSUER = 'token.actions.githubusercontent.com';
/** The audience of those tokens. */
export const AUDIENCE = 'sts.amazonaws.com';

/** A repository by its names and by the numbers that GitHub never gives to another. */
export interface RepoIdentity {
  readonly id: number;
  readonly ownerId: number;
}

/** Which of an enver's jobs may have its build role: those of one ref and one workflow file. */
export interface JobSource {
  /** Full git name. */
  readonly ref: string;
  /** Path of the workflow file in the repository. */
  readonly workflow: string;
}

/** The jobs that deploy an enver. */
export function deployJob({ build, kind, region, account, revision }: EnverEntry): JobSource {
  return { ref: fullRef(revision), workflow: workflowFile({ build, kind, region, account: account.name }) };
}

/**
 * The conditions under which GitHub's token is exchanged for the build role: every one of them exact. `sub` has two
 * forms: repositories made or renamed since July 2026 carry their numbers in it.
 *
 * @see https://docs.github.com/en/actions/reference/security/oidc
 */
export function jobConditions(entry: EnverEntry, repo: RepoIdentity, job: JobSource) {
  const { owner, name } = entry.repo;
  const ref = literal(job.ref, `the ref of ${entry.id}`);
  return {
    StringEquals: {
      [`${GITHUB_ISSUER}:aud`]: AUDIENCE,
      [`${GITHUB_ISSUER}:repository_id`]: String(repo.id),
      [`${GITHUB_ISSUER}:ref`]: ref,
      [`${GITHUB_ISSUER}:job_workflow_ref`]: `${owner}/${name}/${job.workflow}@${ref}`,
      [`${GITHUB_ISSUER}:sub`]: [
        `repo:${owner}/${name}:ref:${ref}`,
        `repo:${owner}@${repo.ownerId}/${name}@${repo.id}:ref:${ref}`,
      ],
    },
  };
}

/** What a job may do itself: hand its own templates and files to CloudFormation, push its own images, go to central. */
export function buildStatements(
  entry: EnverEntry,
  arns: EnverArns,
  artifacts: readonly string[] = [],
): Statement[] {
  const everyStack = 'a stack’s ARN ends in an id that CloudFormation gives it';
  const viaExecRole = { StringEquals: { 'cloudformation:RoleArn': arns.execRole } };
  return [
    {
      sid: 'ChangeOwnStacks',
      actions: ['cloudformation:CreateStack', 'cloudformation:UpdateStack', 'cloudformation:CreateChangeSet'],
      resources: arns.stacks,
      conditions: viaExecRole,
      wildcard: everyStack,
    },
    {
      sid: 'FollowOwnStacks',
      actions: [
        'cloudformation:CancelUpdateStack',
        'cloudformation:ContinueUpdateRollback',
        'cloudformation:DeleteChangeSet',
        // Without naming a role: the CDK deletes a stack that could not be made, which then goes by the role it has.
        'cloudformation:DeleteStack',
        'cloudformation:DescribeChangeSet',
        'cloudformation:DescribeEvents',
        'cloudformation:DescribeStackEvents',
        'cloudformation:DescribeStackResources',
        'cloudformation:DescribeStacks',
        'cloudformation:ExecuteChangeSet',
        'cloudformation:GetTemplate',
        'cloudformation:ListStackResources',
        'cloudformation:RollbackStack',
        // Nobody calls them: CloudFormation asks for them where the request has tags.
        'cloudformation:TagResource',
        'cloudformation:UntagResource',
      ],
      resources: arns.stacks,
      wildcard: everyStack,
    },
    {
      sid: 'PassOwnExecRole',
      actions: ['iam:PassRole'],
      resources: arns.stacks.length > 0 ? [arns.execRole] : [],
      conditions: { StringEquals: { 'iam:PassedToService': 'cloudformation.amazonaws.com' } },
    },
    {
      sid: 'UploadOwnAssets',
      actions: ['s3:GetObject', 's3:PutObject', 's3:AbortMultipartUpload'],
      resources: [arns.assets],
      wildcard: 'assets have the hash of their content in their names; the prefix is the enver’s own',
    },
    {
      sid: 'ReadConsumedArtifacts',
      actions: ['s3:GetObject', 's3:GetObjectVersion'],
      resources: artifacts,
      wildcard: 'an artifact is named by its content; the product is one that the contract consumes',
    },
    {
      sid: 'ListOwnAssets',
      actions: ['s3:ListBucket'],
      resources: [arns.bucket],
      conditions: { StringLike: { 's3:prefix': `${assetPrefix(entry.id)}*` } },
    },
    {
      sid: 'FindArtifactBucket',
      actions: ['s3:GetBucketLocation', 's3:GetEncryptionConfiguration'],
      resources: [arns.bucket],
    },
    {
      sid: 'LogInToRegistry',
      actions: ['ecr:GetAuthorizationToken'],
      resources: arns.repositories.length > 0 ? ['*'] : [],
      wildcard: 'ECR takes no resource here; what the token is good for, other permissions say',
    },
    {
      sid: 'PushOwnImages',
      actions: [
        'ecr:BatchCheckLayerAvailability',
        'ecr:BatchDeleteImage',
        'ecr:BatchGetImage',
        'ecr:CompleteLayerUpload',
        'ecr:DescribeImages',
        'ecr:GetDownloadUrlForLayer',
        'ecr:InitiateLayerUpload',
        'ecr:ListImages',
        'ecr:PutImage',
        'ecr:UploadLayerPart',
      ],
      resources: arns.repositories,
    },
    { sid: 'GoToCentral', actions: ['sts:AssumeRole'], resources: [arns.centralRole] },
  ];
}
