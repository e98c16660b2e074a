/**
 * What the stacks of a `CdkEnver` may be made of unless it says otherwise, as prefixes of IAM actions. Roles and
 * policies may always be made, under the enver's own path and boundary only.
 */
export const DEFAULT_EXEC_SERVICES: readonly string[] = [
  'apigateway',
  'cloudwatch',
  'dynamodb',
  'events',
  'kms',
  'lambda',
  'logs',
  's3',
  'scheduler',
  'secretsmanager',
  'sns',
  'sqs',
  'ssm',
  'states',
];

/** One more thing that an enver's deployment may, or must not, do. */
export interface IamStatementProps {
  /** @default 'Allow' */
  readonly effect?: 'Allow' | 'Deny';
  /** IAM actions, e.g. `route53:ChangeResourceRecordSets`. */
  readonly actions: readonly string[];
  /**
   * ARNs. `{enver}` in one stands for the default stack name of the enver, and of each of its clones: a resource
   * of its own is named by it, so that no clone touches the resources of its base.
   *
   * @example ['arn:aws:s3:::{enver}-assets/*']
   */
  readonly resources: readonly string[];
  /**
   * As in an IAM policy.
   * @default none
   */
  readonly conditions?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
  /**
   * The resources are not the enver's own, and clones use them too.
   * @default false
   */
  readonly shared?: boolean;
}

/** What CloudFormation may do for an enver: the permissions of its exec role. */
export interface ExecProps {
  /**
   * Services by their prefix in IAM actions.
   * @default DEFAULT_EXEC_SERVICES for a `CdkEnver`, none for others
   * @example [...DEFAULT_EXEC_SERVICES, 'rds']
   */
  readonly services?: readonly string[];
  /** @default none */
  readonly statements?: readonly IamStatementProps[];
}
