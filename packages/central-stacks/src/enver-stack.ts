import {
  appRolePath,
  type EnverEntry,
  enverTag,
  type Neighbours,
  platformStackName,
  roleArn,
  roleNames,
  stackName,
} from '@ondemandenv/contracts-base';
import { Repository, TagMutability, TagStatus } from 'aws-cdk-lib/aws-ecr';
import {
  AccountPrincipal,
  CompositePrincipal,
  type IManagedPolicy,
  type IPrincipal,
  ManagedPolicy,
  PolicyStatement,
  Role,
  ServicePrincipal,
  WebIdentityPrincipal,
} from 'aws-cdk-lib/aws-iam';
import { Duration, RemovalPolicy, Tags } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { PlatformStack } from './platform-stack.js';
import { ENVER_TAG } from './policy/artifacts.js';
import {
  buildStatements,
  deployJob,
  GITHUB_ISSUER,
  type JobSource,
  jobConditions,
  type RepoIdentity,
} from './policy/build-role.js';
import { arnsOf, type CentralPlace, type EnverArns } from './policy/enver.js';
import { execStatements } from './policy/exec-role.js';
import { inlinePolicy, type Statement } from './policy/statement.js';
import { explainWildcards } from './policy/wildcards.js';

export interface EnverStackProps extends Partial<Neighbours> {
  readonly entry: EnverEntry;
  readonly central: CentralPlace;
  readonly repo: RepoIdentity;
  /** Ids of the org's accounts (12 digits) by the names that the contracts give them. */
  readonly accountIds: Readonly<Record<string, string>>;
  /**
   * The one job that may have the build role.
   * @default the enver's own: its workflow on its ref
   */
  readonly job?: JobSource;
}

/** A session lasts as long as a job may, within what IAM allows: one hour to twelve. */
function sessionOf({ timeoutMinutes }: EnverEntry): Duration {
  return Duration.minutes(Math.min(Math.max(Math.ceil(timeoutMinutes), 60), 12 * 60));
}

/** Images that no tag names any more are kept so long. */
const UNTAGGED_DAYS = 14;

/** What an enver needs in its own account before its first job: roles, and repositories for its images. */
export class EnverStack extends PlatformStack {
  private readonly entry: EnverEntry;
  private readonly arns: EnverArns;
  private readonly boundary: IManagedPolicy;

  constructor(scope: Construct, id: string, props: EnverStackProps) {
    const { entry, central, repo, job = deployJob(entry), accountIds, pulledBy = [], artifacts } = props;
    super(scope, id, {
      stackName: platformStackName(entry.id),
      account: entry.account.id,
      region: entry.region,
      description: `ONDEMANDENV: what ${entry.id} needs before it can be deployed`,
    });
    Tags.of(this).add(ENVER_TAG, enverTag(entry.id));
    this.entry = entry;
    this.arns = arnsOf(entry, central);
    this.boundary = ManagedPolicy.fromManagedPolicyArn(this, 'Boundary', this.arns.boundary);
    const provider = `arn:aws:iam::${entry.account.id}:oidc-provider/${GITHUB_ISSUER}`;
    const jobs = new WebIdentityPrincipal(provider, jobConditions(entry, repo, job));
    this.role('build', `The jobs of ${entry.id}`, jobs, buildStatements(entry, this.arns, artifacts));
    if (entry.stacks.length > 0) {
      const cloudFormation = new ServicePrincipal('cloudformation.amazonaws.com');
      const description = `What CloudFormation may do for ${entry.id}`;
      this.role('exec', description, cloudFormation, execStatements(entry, this.arns));
    }
    if (entry.runtimeGrants.length > 0) this.runtimeRole(accountIds);
    for (const { repository } of entry.images) this.repository(repository, pulledBy);
  }

  /** For the applications that the contract names; it goes on to central, where the values are. */
  private runtimeRole(accountIds: EnverStackProps['accountIds']): void {
    const { id, runtimeGrants } = this.entry;
    const byAccount = new Map<string, string[]>();
    for (const { account, role } of runtimeGrants) {
      const accountId = accountIds[account] ?? account;
      const name = role.replaceAll('{enver}', stackName(id));
      // Its own stacks make roles below a path, where nobody else can make one.
      const paths = accountId === this.entry.account.id ? ['/', appRolePath(id)] : ['/'];
      const arns = paths.map((path) => roleArn(accountId, path, name));
      byAccount.set(accountId, [...(byAccount.get(accountId) ?? []), ...arns]);
    }
    const applications = [...byAccount].map(([accountId, arns]) =>
      // A trust that names a role which does not exist yet is refused: the account is named, and then the role.
      new AccountPrincipal(accountId).withConditions({ ArnEquals: { 'aws:PrincipalArn': arns } }),
    );
    const description = `Applications that read the products of ${id} while they run`;
    this.role('runtime', description, new CompositePrincipal(...applications), [
      { sid: 'GoToCentral', actions: ['sts:AssumeRole'], resources: [this.arns.centralRuntimeRole] },
    ]);
  }

  private role(
    kind: 'build' | 'exec' | 'runtime',
    description: string,
    assumedBy: IPrincipal,
    statements: readonly Statement[],
  ): void {
    const names = roleNames(this.entry.id);
    const policy = inlinePolicy(statements, `${kind} role of ${this.entry.id}`);
    const role = new Role(this, `${kind[0]?.toUpperCase()}${kind.slice(1)}Role`, {
      roleName: names[kind],
      path: names.path,
      description,
      assumedBy,
      permissionsBoundary: this.boundary,
      ...(kind === 'build' && { maxSessionDuration: sessionOf(this.entry) }),
      ...(!policy.isEmpty && { inlinePolicies: { [kind]: policy } }),
    });
    explainWildcards(role, statements);
  }

  private repository(name: string, pulledBy: readonly string[]): void {
    const { ephemeral } = this.entry;
    const repository = new Repository(this, `Repository-${name.replaceAll('/', '-')}`, {
      repositoryName: name,
      imageScanOnPush: true,
      // The tag is the commit: what was pushed for it never changes.
      imageTagMutability: TagMutability.IMMUTABLE,
      lifecycleRules: [{ tagStatus: TagStatus.UNTAGGED, maxImageAge: Duration.days(UNTAGGED_DAYS) }],
      removalPolicy: ephemeral ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN,
      emptyOnDelete: ephemeral,
    });
    for (const account of pulledBy) repository.grantPull(new AccountPrincipal(account));
    // A function that is made of an image is given it by Lambda itself.
    if (pulledBy.length > 0)
      repository.addToResourcePolicy(
        new PolicyStatement({
          principals: [new ServicePrincipal('lambda.amazonaws.com')],
          actions: ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
          conditions: {
            StringLike: { 'aws:SourceArn': pulledBy.map((id) => `arn:aws:lambda:*:${id}:function:*`) },
          },
        }),
      );
  }
}
