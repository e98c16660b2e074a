import { CloudFormationClient, CreateStackCommand, DeleteStackCommand } from '@aws-sdk/client-cloudformation';
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { GetParametersCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import {
  artifactBucket,
  assetPrefix,
  deployedStatePath,
  type EnverEntry,
  EVENT_BUS,
  entryObject,
  eventSource,
  manifestBucket,
  roleArn,
  roleNames,
} from '@ondemandenv/contracts-base';
import { type Credentials, REGION } from '../emulator/emulator.js';
import { ACCOUNTS } from './accounts.js';
import type { Landscape } from './landscape.js';

/** Something that somebody tries, in words. */
export type Attempt = readonly [what: string, act: () => Promise<unknown>];

const TEMPLATE = JSON.stringify({ Resources: { Queue: { Type: 'AWS::SQS::Queue' } } });

/** What an enver's job may try on an enver: on its own all of it is allowed, on another's none. */
export function attemptsOn(
  land: Landscape,
  { build, central }: { build: Credentials; central: Credentials },
  own: EnverEntry,
  target: EnverEntry,
): Attempt[] {
  const ssm = new SSMClient(land.aws.clientWith(central));
  const s3 = new S3Client({ ...land.aws.clientWith(central), forcePathStyle: true });
  const artifacts = new S3Client({ ...land.aws.clientWith(build), forcePathStyle: true });
  const sts = new STSClient(land.aws.clientWith(build));
  const names = roleNames(target.id);
  const consumed = new Set(own.consumes.map(({ path }) => path));
  const isOwn = own.id === target.id;
  const products = target.products.filter(({ path }) => isOwn || !consumed.has(path));
  const Bucket = artifactBucket(own.account.id, REGION);
  return [
    ...products.map(
      ({ path }): Attempt => [`read ${path}`, () => ssm.send(new GetParametersCommand({ Names: [path] }))],
    ),
    ...[...target.products.map(({ path }) => path), deployedStatePath(target.id)].map(
      (Name): Attempt => [
        `write ${Name}`,
        () => ssm.send(new PutParameterCommand({ Name, Value: '"x"', Type: 'String', Overwrite: true })),
      ],
    ),
    [`speak as ${target.id}`, () => speak(land, central, target)],
    [
      `read the entry of ${target.id}`,
      () =>
        s3.send(
          new GetObjectCommand({
            Bucket: manifestBucket(ACCOUNTS.central, REGION),
            Key: entryObject(target.id),
          }),
        ),
    ],
    [
      `upload for ${target.id}`,
      () => artifacts.send(new PutObjectCommand({ Bucket, Key: `${assetPrefix(target.id)}x`, Body: 'x' })),
    ],
    [
      `go to central as ${target.id}`,
      () =>
        sts.send(
          new AssumeRoleCommand({
            RoleArn: roleArn(ACCOUNTS.central, names.path, names.central),
            RoleSessionName: 'x',
          }),
        ),
    ],
  ];
}

/** What no job may ever do, whichever enver's it is. */
export function neverAllowed(
  land: Landscape,
  { build, central }: { build: Credentials; central: Credentials },
  own: EnverEntry,
  others: readonly EnverEntry[],
): Attempt[] {
  const account = own.account.id;
  const cloudFormation = new CloudFormationClient(land.aws.clientWith(build));
  const sts = new STSClient(land.aws.clientWith(build));
  const become = (RoleArn: string): Attempt => [
    `become ${RoleArn}`,
    () => sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'x' })),
  ];
  const create = (StackName: string, RoleARN?: string): Attempt => [
    `make the stack ${StackName}${RoleARN === undefined ? '' : ` by ${RoleARN}`}`,
    () =>
      cloudFormation.send(
        new CreateStackCommand({ StackName, TemplateBody: TEMPLATE, ...(RoleARN && { RoleARN }) }),
      ),
  ];
  const execRoles = others
    .filter(({ stacks }) => stacks.length > 0)
    .map(({ id }) => roleArn(account, roleNames(id).path, roleNames(id).exec));
  const [stack = 'mine'] = own.stacks;
  const secret = { SecretId: 'odmd-github-app' };
  const queue = `${land.aws.url}/${ACCOUNTS.central}/odmd-work.fifo`;
  return [
    become(`arn:aws:iam::${account}:role/cdk-hnb659fds-deploy-role-${account}-${REGION}`),
    become(`arn:aws:iam::${account}:role/odmd-provisioner`),
    become(`arn:aws:iam::${ACCOUNTS.central}:role/odmd-provisioner-function`),
    ...execRoles.map((role) => create(stack, role)),
    create(stack),
    create('somebody-elses'),
    create('odmd-account'),
    ...others.flatMap(({ stacks }) => stacks.map((name) => create(name))),
    [
      'delete the stack of the account',
      () => cloudFormation.send(new DeleteStackCommand({ StackName: 'odmd-account' })),
    ],
    ...[build, central].flatMap((credentials): Attempt[] => [
      [
        'read the secret of the App',
        () =>
          new SecretsManagerClient(land.aws.clientWith(credentials)).send(new GetSecretValueCommand(secret)),
      ],
      [
        'read the records',
        () =>
          new DynamoDBClient(land.aws.clientWith(credentials)).send(
            new ScanCommand({ TableName: 'odmd-records' }),
          ),
      ],
      [
        'put work on the queue',
        () =>
          new SQSClient(land.aws.clientWith(credentials)).send(
            new SendMessageCommand({ QueueUrl: queue, MessageBody: '{}', MessageGroupId: 'x' }),
          ),
      ],
    ]),
    ['speak as the platform', () => speakAs(land, central, 'odmd')],
  ];
}

function speak(land: Landscape, as: Credentials, { id }: EnverEntry): Promise<unknown> {
  return speakAs(land, as, eventSource(id));
}

async function speakAs(land: Landscape, as: Credentials, Source: string): Promise<unknown> {
  const EventBusName = `arn:aws:events:${REGION}:${ACCOUNTS.central}:event-bus/${EVENT_BUS}`;
  const Entries = [{ Source, DetailType: 'EnverDeployed', Detail: '{}', EventBusName }];
  return new EventBridgeClient(land.aws.clientWith(as)).send(new PutEventsCommand({ Entries }));
}

/** The attempts that were not refused. */
export async function notRefused(attempts: readonly Attempt[]): Promise<string[]> {
  const tried = await Promise.all(
    attempts.map(async ([what, act]) => {
      const refused = await act().then(
        () => false,
        (error: Error) => /AccessDenied|not authorized|Forbidden/i.test(`${error.name} ${error.message}`),
      );
      return refused ? [] : [what];
    }),
  );
  return tried.flat();
}
