import { CreateStackCommand, DeleteStackCommand, UpdateStackCommand } from '@aws-sdk/client-cloudformation';
import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { DeleteRuleCommand } from '@aws-sdk/client-eventbridge';
import {
  AttachRolePolicyCommand,
  CreatePolicyVersionCommand,
  CreateRoleCommand,
  DeleteRolePermissionsBoundaryCommand,
} from '@aws-sdk/client-iam';
import { InvokeCommand } from '@aws-sdk/client-lambda';
import { DeleteBucketPolicyCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { PublishCommand } from '@aws-sdk/client-sns';
import { ReceiveMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import {
  DeleteParametersCommand,
  GetParameterHistoryCommand,
  GetParametersByPathCommand,
  PutParameterCommand,
} from '@aws-sdk/client-ssm';
import { CENTRAL, FUNCTIONS, functionName } from '@ondemandenv/central-stacks';
import {
  APP_BOUNDARY,
  appRolePath,
  artifactBucket,
  BOUNDARY,
  dispatchStatePath,
  type EnverEntry,
  entryObject,
  PROVISIONED_BY,
  productPrefix,
  roleNames,
} from '@ondemandenv/contracts-base';
import { allow, document, trustAccount } from '../emulator/identities.js';
import { type Attempt, become, manifests, speakAs, TEMPLATE } from './attempts.js';
import type { Clients } from './clients.js';
import type { JobIdentity } from './job-identity.js';
import type { Landscape } from './landscape.js';

/** What no job may ever do, whichever enver's it is. */
export function neverAllowed(
  land: Landscape,
  { build, central }: JobIdentity,
  own: EnverEntry,
  others: readonly EnverEntry[],
): Attempt[] {
  const manifest = { Bucket: manifests(land), Key: 'manifests/x.json', Body: '{}' };
  return [
    ...[build, central].flatMap((who) => [
      ...administrators(land, own).map((role) => become(who, role)),
      ...ofPlatform(land, who),
      ...permissions(who, own),
    ]),
    ...stacks(build, own, others),
    ...[own, ...others].flatMap((target) => byOtherWays(land, central, target)),
    ['speak as the platform', () => speakAs(land, central, 'odmd')],
    ['speak as a service of AWS', () => speakAs(land, central, 'aws.ssm')],
    ...(own.kind === 'contractsLib'
      ? []
      : [['publish a manifest', () => central.s3.send(new PutObjectCommand(manifest))] as const]),
    [
      'change who may use the bucket of assets',
      () =>
        build.s3.send(new DeleteBucketPolicyCommand({ Bucket: artifactBucket(own.account.id, own.region) })),
    ],
    [
      'silence the events of stacks',
      () => build.events.send(new DeleteRuleCommand({ Name: 'odmd-stack-events' })),
    ],
  ];
}

/** Roles that may do everything in an account, or what the platform does there. */
export function administrators(land: Landscape, { account, region }: EnverEntry): string[] {
  const places = [
    { id: account.id, region },
    { id: land.central.account, region: land.central.region },
  ];
  const kinds = ['deploy', 'cfn-exec', 'file-publishing', 'image-publishing', 'lookup'];
  return [
    ...places.flatMap(({ id, region: at }) => [
      ...kinds.map((kind) => `arn:aws:iam::${id}:role/cdk-hnb659fds-${kind}-role-${id}-${at}`),
      `arn:aws:iam::${id}:role/${PROVISIONED_BY}`,
      `arn:aws:iam::${id}:role/administrator`,
    ]),
    `arn:aws:iam::${land.central.account}:role/${CENTRAL.provisionerRole}`,
  ];
}

/** What the platform remembers, is told and keeps secret. */
export function ofPlatform(land: Landscape, who: Clients): Attempt[] {
  const { account, region } = land.central;
  const { dynamo, lambda, secrets, sns, sqs } = who.in(region);
  const arn = (service: string, name: string) => `arn:aws:${service}:${region}:${account}:${name}`;
  const QueueUrl = `${land.aws.url}/${account}/${CENTRAL.queue}`;
  const work = { QueueUrl, MessageBody: '{}', MessageGroupId: 'x' };
  const secret = { SecretId: arn('secretsmanager', `secret:${CENTRAL.appSecret}`) };
  return [
    ['read the secret of the App', () => secrets.send(new GetSecretValueCommand(secret))],
    [
      'read the records',
      () => dynamo.send(new ScanCommand({ TableName: arn('dynamodb', `table/${CENTRAL.table}`) })),
    ],
    ['put work on the queue', () => sqs.send(new SendMessageCommand(work))],
    ['take work from the queue', () => sqs.send(new ReceiveMessageCommand({ QueueUrl }))],
    [
      'send an alarm',
      () => sns.send(new PublishCommand({ TopicArn: arn('sns', CENTRAL.alarms), Message: 'x' })),
    ],
    ...FUNCTIONS.map((name): Attempt => {
      const FunctionName = arn('lambda', `function:${functionName(name)}`);
      return [`call the function ${name}`, () => lambda.send(new InvokeCommand({ FunctionName }))];
    }),
  ];
}

/** Ways to more permissions. */
export function permissions({ iam }: Clients, own: EnverEntry): Attempt[] {
  const { account } = own;
  const trust = document(trustAccount(account.id));
  const policy = (name: string) => `arn:aws:iam::${account.id}:policy/${name}`;
  const RoleName = roleNames(own.id).build;
  const role = { RoleName: 'odmd-try', AssumeRolePolicyDocument: trust };
  return [
    [
      'make a role without the boundary',
      () => iam.send(new CreateRoleCommand({ ...role, Path: appRolePath(own.id) })),
    ],
    [
      'make a role outside of its path',
      () => iam.send(new CreateRoleCommand({ ...role, PermissionsBoundary: policy(APP_BOUNDARY) })),
    ],
    [
      'give itself everything',
      () =>
        iam.send(
          new AttachRolePolicyCommand({ RoleName, PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' }),
        ),
    ],
    ['leave its boundary', () => iam.send(new DeleteRolePermissionsBoundaryCommand({ RoleName }))],
    ...[BOUNDARY, APP_BOUNDARY].map((name): Attempt => {
      const PolicyDocument = document(allow('*'));
      const version = { PolicyArn: policy(name), PolicyDocument, SetAsDefault: true };
      return [`change the policy ${name}`, () => iam.send(new CreatePolicyVersionCommand(version))];
    }),
  ];
}

/** Stacks that are nobody's or the platform's, and its own in another way than by its exec role. */
function stacks(build: Clients, own: EnverEntry, others: readonly EnverEntry[]): Attempt[] {
  const TemplateBody = TEMPLATE;
  const create = (StackName: string, { cloudFormation } = build): Attempt => [
    `make the stack ${StackName} in ${cloudFormation === build.cloudFormation ? own.region : 'another region'}`,
    () => cloudFormation.send(new CreateStackCommand({ StackName, TemplateBody })),
  ];
  const elsewhere = others.map(({ region }) => region).filter((region) => region !== own.region);
  return [
    ...[...own.stacks, 'somebody-elses'].map((name) => create(name)),
    ...elsewhere.slice(0, 1).flatMap((region) => own.stacks.map((name) => create(name, build.in(region)))),
    ...['odmd-account', 'odmd-region', 'CDKToolkit'].flatMap((StackName): Attempt[] => [
      [
        `delete the stack ${StackName}`,
        () => build.cloudFormation.send(new DeleteStackCommand({ StackName })),
      ],
      [
        `change the stack ${StackName}`,
        () => build.cloudFormation.send(new UpdateStackCommand({ StackName, TemplateBody })),
      ],
    ]),
  ];
}

/** Values and entries by other ways than those that are given, also where they are its own. */
function byOtherWays(land: Landscape, { ssm, s3 }: Clients, { id, products }: EnverEntry): Attempt[] {
  const dispatch = { Name: dispatchStatePath(id), Value: '{}', Type: 'String', Overwrite: true } as const;
  const entry = { Bucket: manifests(land), Key: entryObject(id), Body: '{}' };
  return [
    ...products.flatMap(({ path }): Attempt[] => [
      [`read the history of ${path}`, () => ssm.send(new GetParameterHistoryCommand({ Name: path }))],
      [`remove ${path}`, () => ssm.send(new DeleteParametersCommand({ Names: [path] }))],
    ]),
    [
      `list the products of ${id}`,
      () => ssm.send(new GetParametersByPathCommand({ Path: productPrefix(id).slice(0, -1) })),
    ],
    [`dispatch ${id}`, () => ssm.send(new PutParameterCommand(dispatch))],
    [`write the entry of ${id}`, () => s3.send(new PutObjectCommand(entry))],
  ];
}
