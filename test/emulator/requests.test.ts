import { CreateEventBusCommand, EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import {
  AttachRolePolicyCommand,
  CreateRoleCommand,
  DeleteRolePermissionsBoundaryCommand,
  IAMClient,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutBucketPolicyCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { CreateQueueCommand, SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import {
  GetParameterCommand,
  GetParametersByPathCommand,
  GetParametersCommand,
  PutParameterCommand,
  SSMClient,
} from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ClientSettings, Emulator, REGION } from './emulator.js';
import {
  allow,
  assume,
  document,
  makePolicy,
  makeRole,
  root,
  type Statement,
  trustAccount,
  trustService,
} from './identities.js';

const A = '111111111111';
const denied = { name: expect.stringMatching(/AccessDenied/) };
const arn = (service: string, rest: string) => `arn:aws:${service}:${REGION}:${A}:${rest}`;

let emulator: Emulator;
beforeAll(async () => {
  emulator = await Emulator.start();
});
afterAll(() => emulator?.stop());

let count = 0;
/** Client settings of a new role that may do this. */
async function who(...may: Statement[]): Promise<ClientSettings> {
  const role = await makeRole(emulator, A, { name: `role-${++count}`, trust: trustAccount(A), may });
  return emulator.clientWith(await assume(emulator, role, root(A)));
}

describe('parameters', () => {
  beforeAll(async () => {
    const ssm = new SSMClient(emulator.clientFor(A));
    for (const Name of ['/mine/a', '/mine/b', '/theirs/a'])
      await ssm.send(new PutParameterCommand({ Name, Value: 'v', Type: 'String' }));
  });

  it('are authorized one by one in a batch, whatever version is named', async () => {
    const ssm = new SSMClient(await who(allow(['ssm:GetParameter*'], arn('ssm', 'parameter/mine/*'))));
    const { Parameters } = await ssm.send(new GetParametersCommand({ Names: ['/mine/a:1', '/mine/b'] }));
    expect(Parameters?.map(({ Name, Version }) => [Name, Version])).toEqual([
      ['/mine/a', 1],
      ['/mine/b', 1],
    ]);
    await ssm.send(new GetParameterCommand({ Name: '/mine/a:1' }));
    for (const Names of [['/mine/a', '/theirs/a'], ['/theirs/a:1']])
      await expect(ssm.send(new GetParametersCommand({ Names }))).rejects.toMatchObject(denied);
  });

  it('are listed by who may read the path that they are below', async () => {
    const ssm = new SSMClient(await who(allow('ssm:GetParametersByPath', arn('ssm', 'parameter/mine*'))));
    const { Parameters } = await ssm.send(new GetParametersByPathCommand({ Path: '/mine' }));
    expect(Parameters?.map(({ Name }) => Name)).toEqual(['/mine/a', '/mine/b']);
    const others = ssm.send(new GetParametersByPathCommand({ Path: '/theirs' }));
    await expect(others).rejects.toMatchObject(denied);
  });

  it('do not match a policy by their version', async () => {
    const ssm = new SSMClient(await who(allow('ssm:GetParameters', arn('ssm', 'parameter/mine/a:1'))));
    const read = ssm.send(new GetParametersCommand({ Names: ['/mine/a:1'] }));
    await expect(read).rejects.toMatchObject(denied);
  });
});

describe('messages', () => {
  it('are sent in a batch by who may send one', async () => {
    const QueueName = 'batches';
    const { QueueUrl } = await new SQSClient(emulator.clientFor(A)).send(
      new CreateQueueCommand({ QueueName }),
    );
    const Entries = ['a', 'b'].map((Id) => ({ Id, MessageBody: Id }));
    const send = (settings: ClientSettings) =>
      new SQSClient(settings).send(new SendMessageBatchCommand({ QueueUrl, Entries }));
    const sent = await send(await who(allow('sqs:SendMessage', arn('sqs', QueueName))));
    expect(sent.Successful).toHaveLength(2);
    await expect(send(await who(allow('sqs:SendMessage', arn('sqs', 'other'))))).rejects.toMatchObject(
      denied,
    );
  });
});

describe('decisions', () => {
  it('are noted with the statement that made them', async () => {
    const Name = '/noted/a';
    await new SSMClient(emulator.clientFor(A)).send(
      new PutParameterCommand({ Name, Value: 'v', Type: 'String' }),
    );
    const may = { Sid: 'ReadIt', ...allow('ssm:GetParameter', arn('ssm', 'parameter/noted/*')) };
    const ssm = new SSMClient(await who(may));
    await ssm.send(new GetParameterCommand({ Name }));
    const write = ssm.send(new PutParameterCommand({ Name, Value: 'w', Overwrite: true }));
    await expect(write).rejects.toMatchObject(denied);
    const noted = emulator.decisions().filter(({ resource }) => resource.endsWith('/noted/a'));
    expect(noted.map(({ action, decision, statement }) => [action, decision, statement])).toEqual([
      ['ssm:PutParameter', 'Allow', ''],
      ['ssm:GetParameter', 'Allow', 'ReadIt'],
      ['ssm:PutParameter', 'ImplicitDeny', ''],
    ]);
    const byRoot = noted.filter(({ principal }) => principal === `arn:aws:iam::${A}:root`);
    expect(byRoot.map(({ action }) => action)).toEqual(['ssm:PutParameter']);
  });

  it('can be waited for: whoever asked is stopped before the answer, and what was asked for is done', async () => {
    const ssm = new SSMClient(await who(allow('ssm:PutParameter', arn('ssm', 'parameter/held/*'))));
    const put = (Name: string, options: { abortSignal?: AbortSignal } = {}) =>
      ssm.send(new PutParameterCommand({ Name, Value: 'v', Type: 'String' }), options);
    const gone = new AbortController();
    const asked = put('/held/a', { abortSignal: gone.signal });
    const answered = asked.then(
      () => true,
      () => false,
    );
    await emulator.atRequest(
      { principal: `role-${count}`, action: 'ssm:PutParameter' },
      () => asked,
      () => gone.abort(),
    );
    expect(await answered).toBe(false);
    await put('/held/b');
    const root = new SSMClient(emulator.clientFor(A));
    const { Parameters } = await root.send(new GetParametersByPathCommand({ Path: '/held' }));
    expect(Parameters?.map(({ Name }) => Name)).toEqual(['/held/a', '/held/b']);
  });
});

describe('events', () => {
  beforeAll(() =>
    new EventBridgeClient(emulator.clientFor(A)).send(new CreateEventBusCommand({ Name: 'odmd' })),
  );

  it('are authorized one by one, by source, type and bus', async () => {
    const keys = { StringEquals: { 'events:source': 'own', 'events:detail-type': ['Said', 'Done'] } };
    const bus = new EventBridgeClient(
      await who(allow('events:PutEvents', arn('events', 'event-bus/odmd'), keys)),
    );
    const event = { EventBusName: 'odmd', Source: 'own', DetailType: 'Said', Detail: '{}' };
    const send = (...Entries: (typeof event)[]) => bus.send(new PutEventsCommand({ Entries }));
    expect(await send(event, { ...event, DetailType: 'Done' })).toMatchObject({ FailedEntryCount: 0 });
    const others = [{ Source: 'other' }, { DetailType: 'Other' }, { EventBusName: 'default' }];
    for (const other of others)
      await expect(send(event, { ...event, ...other })).rejects.toMatchObject(denied);
  });
});

describe('a bucket', () => {
  it('is reached over TLS, as its policy asks for', async () => {
    const s3 = new S3Client(emulator.clientFor(A));
    const only = (secure: 'true' | 'false'): string =>
      document({
        Effect: 'Deny',
        Principal: { AWS: '*' },
        Action: 's3:GetObject',
        Resource: 'arn:aws:s3:::tls/*',
        Condition: { Bool: { 'aws:SecureTransport': secure } },
      });
    await s3.send(new CreateBucketCommand({ Bucket: 'tls' }));
    await s3.send(new PutObjectCommand({ Bucket: 'tls', Key: 'x', Body: 'x' }));
    const reader = new S3Client(await who(allow('s3:GetObject', 'arn:aws:s3:::tls/*')));
    const read = () => reader.send(new GetObjectCommand({ Bucket: 'tls', Key: 'x' }));
    await s3.send(new PutBucketPolicyCommand({ Bucket: 'tls', Policy: only('false') }));
    await read();
    await s3.send(new PutBucketPolicyCommand({ Bucket: 'tls', Policy: only('true') }));
    await expect(read()).rejects.toMatchObject(denied);
  });

  it('is listed below a prefix only', async () => {
    await new S3Client(emulator.clientFor(A)).send(new CreateBucketCommand({ Bucket: 'listed' }));
    const keys = { StringLike: { 's3:prefix': 'assets/mine/*' } };
    const s3 = new S3Client(await who(allow('s3:ListBucket', 'arn:aws:s3:::listed', keys)));
    const list = (Prefix: string) => s3.send(new ListObjectsV2Command({ Bucket: 'listed', Prefix }));
    await list('assets/mine/x');
    await expect(list('assets/theirs/x')).rejects.toMatchObject(denied);
  });
});

describe('a role that is made', () => {
  const trust = document(trustService('lambda'));
  it('has the boundary and the path that its maker has to give it', async () => {
    const boundary = await makePolicy(emulator, A, 'cap', allow('*'));
    const other = await makePolicy(emulator, A, 'other-cap', allow('*'));
    const capped = { StringEquals: { 'iam:PermissionsBoundary': boundary } };
    const roles = `arn:aws:iam::${A}:role/odmd/mine/*`;
    const iam = new IAMClient(await who(allow(['iam:CreateRole', 'iam:PutRolePolicy'], roles, capped)));
    const create = (RoleName: string, rest: { Path?: string; PermissionsBoundary?: string } = {}) =>
      iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trust, ...rest }));
    const good = { Path: '/odmd/mine/', PermissionsBoundary: boundary };
    await create('made', good);
    for (const bad of [
      { Path: '/odmd/mine/' },
      { ...good, PermissionsBoundary: other },
      { ...good, Path: '/odmd/theirs/' },
    ])
      await expect(create('bad', bad)).rejects.toMatchObject(denied);

    const put = (RoleName: string) => {
      const PolicyDocument = document(allow('s3:*'));
      return iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'x', PolicyDocument }));
    };
    await put('made');
    await makeRole(emulator, A, { name: 'loose', path: '/odmd/mine/', trust: trustService('lambda') });
    await expect(put('loose')).rejects.toMatchObject(denied);
    const lift = new DeleteRolePermissionsBoundaryCommand({ RoleName: 'made' });
    await expect(iam.send(lift)).rejects.toMatchObject(denied);
  });

  it('gets only the policies that its maker may give', async () => {
    const role = await makeRole(emulator, A, { name: 'receiver', trust: trustService('lambda') });
    const right = await makePolicy(emulator, A, 'right', allow('s3:*'));
    const wrong = await makePolicy(emulator, A, 'wrong', allow('s3:*'));
    const iam = new IAMClient(
      await who(allow('iam:AttachRolePolicy', role, { ArnEquals: { 'iam:PolicyARN': right } })),
    );
    const attach = (PolicyArn: string) =>
      iam.send(new AttachRolePolicyCommand({ RoleName: 'receiver', PolicyArn }));
    await attach(right);
    await expect(attach(wrong)).rejects.toMatchObject(denied);
  });
});
