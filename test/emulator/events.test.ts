import { CloudFormationClient, CreateStackCommand } from '@aws-sdk/client-cloudformation';
import {
  CreateEventBusCommand,
  EventBridgeClient,
  PutEventsCommand,
  PutPermissionCommand,
  PutRuleCommand,
  PutTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import { DeleteParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Emulator, REGION } from './emulator.js';
import { allow, makeRole, trustService } from './identities.js';
import { ListeningQueue } from './listening-queue.js';

const CENTRAL = '111111111111';
const FRIEND = '222222222222';
const STRANGER = '333333333333';
const bus = `arn:aws:events:${REGION}:${CENTRAL}:event-bus/odmd`;

let emulator: Emulator;
let queue: ListeningQueue;
beforeAll(async () => {
  emulator = await Emulator.start();
  const central = new EventBridgeClient(emulator.clientFor(CENTRAL));
  await central.send(new CreateEventBusCommand({ Name: 'odmd' }));
  const who = { Action: 'events:PutEvents', Principal: FRIEND, StatementId: 'friend' };
  await central.send(new PutPermissionCommand({ EventBusName: 'odmd', ...who }));
  queue = await ListeningQueue.of(emulator.clientFor(CENTRAL), 'events');
  for (const EventBusName of ['odmd', 'default']) await rule(CENTRAL, EventBusName, queue.arn);
});
afterAll(() => emulator?.stop());

/** Sends whatever arrives at a bus on to a target. */
async function rule(account: string, EventBusName: string, Arn: string, role?: string): Promise<void> {
  const client = new EventBridgeClient(emulator.clientFor(account));
  const EventPattern = JSON.stringify({ account: [{ 'anything-but': 'x' }] });
  await client.send(new PutRuleCommand({ Name: 'all', EventBusName, EventPattern }));
  await client.send(
    new PutTargetsCommand({
      Rule: 'all',
      EventBusName,
      Targets: [{ Id: 't', Arn, ...(role && { RoleArn: role }) }],
    }),
  );
}

/** The next event that the rules in central have sent on. */
async function heard(): Promise<unknown> {
  return JSON.parse(await queue.next());
}

async function send(account: string, DetailType: string, EventBusName = bus) {
  const client = new EventBridgeClient(emulator.clientFor(account));
  const entry = { EventBusName, Source: 'test', DetailType, Detail: '{}' };
  return client.send(new PutEventsCommand({ Entries: [entry] }));
}

describe('a bus of another account', () => {
  it('takes events of whom its policy lets in, and of nobody else', async () => {
    expect(await send(STRANGER, 'no')).toMatchObject({
      FailedEntryCount: 1,
      Entries: [{ ErrorCode: 'AccessDeniedException' }],
    });
    expect(await send(FRIEND, 'nowhere', `${bus}x`)).toMatchObject({
      Entries: [{ ErrorCode: 'ResourceNotFoundException' }],
    });
    expect(await send(FRIEND, 'yes')).toMatchObject({ FailedEntryCount: 0 });
    expect(await heard()).toMatchObject({ 'detail-type': 'yes' });
  });

  it('takes them from rules too', async () => {
    for (const account of [STRANGER, FRIEND]) {
      const may = [allow('events:PutEvents', bus)];
      const role = await makeRole(emulator, account, { name: 'to-bus', trust: trustService('events'), may });
      await rule(account, 'default', bus, role);
      await send(account, `by a rule of ${account}`, 'default');
    }
    expect(await heard()).toMatchObject({ 'detail-type': `by a rule of ${FRIEND}`, account: FRIEND });
  });
});

describe('the default bus', () => {
  it('is told what changes in Parameter Store, and nothing of what was refused', async () => {
    const ssm = new SSMClient(emulator.clientFor(CENTRAL));
    const put = (Overwrite: boolean) =>
      ssm.send(new PutParameterCommand({ Name: '/p', Value: 'v', Type: 'String', Overwrite }));
    await put(false);
    await expect(put(false)).rejects.toMatchObject({ name: 'ParameterAlreadyExists' });
    await put(true);
    await ssm.send(new DeleteParameterCommand({ Name: '/p' }));
    for (const operation of ['Create', 'Update', 'Delete'])
      expect(await heard()).toMatchObject({
        source: 'aws.ssm',
        'detail-type': 'Parameter Store Change',
        detail: { operation, name: '/p', type: 'String' },
      });
  });

  it('is told how a stack goes', async () => {
    const stacks = new CloudFormationClient(emulator.clientFor(CENTRAL));
    const Resources = { Q: { Type: 'AWS::SQS::Queue', Properties: {} } };
    await stacks.send(
      new CreateStackCommand({ StackName: 's', TemplateBody: JSON.stringify({ Resources }) }),
    );
    for (const status of ['CREATE_IN_PROGRESS', 'CREATE_COMPLETE'])
      expect(await heard()).toMatchObject({
        source: 'aws.cloudformation',
        'detail-type': 'CloudFormation Stack Status Change',
        detail: { 'stack-id': expect.stringContaining(':stack/s/'), 'status-details': { status } },
      });
  });
});
