import { setTimeout as pause } from 'node:timers/promises';
import {
  CloudFormationClient,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import { DescribeEventBusCommand, EventBridgeClient } from '@aws-sdk/client-eventbridge';
import {
  GetOpenIDConnectProviderCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  IAMClient,
} from '@aws-sdk/client-iam';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ClientSettings, Emulator, REGION } from './emulator.js';
import {
  allow,
  assume,
  makePolicy,
  makeRole,
  root,
  type Statement,
  trustAccount,
  trustService,
} from './identities.js';

const A = '111111111111';
const denied = { name: expect.stringMatching(/AccessDenied/) };
type Resources = Record<string, { Type: string; Properties: object }>;

let emulator: Emulator;
beforeAll(async () => {
  emulator = await Emulator.start();
});
afterAll(() => emulator?.stop());

class Stack {
  private readonly client: CloudFormationClient;
  readonly name: string;
  constructor(settings: ClientSettings, name: string) {
    this.client = new CloudFormationClient(settings);
    this.name = name;
  }
  create(resources: Resources, RoleARN?: string): Promise<string> {
    return this.send(new CreateStackCommand({ ...this.input(resources), ...(RoleARN && { RoleARN }) }));
  }
  update(resources: Resources): Promise<string> {
    return this.send(new UpdateStackCommand(this.input(resources)));
  }
  async remove(): Promise<void> {
    await this.client.send(new DeleteStackCommand({ StackName: this.name }));
    while ((await this.status()) !== undefined) await pause(20);
  }
  /** Why resources failed. */
  async failures(): Promise<string> {
    const found = await this.root().send(new DescribeStackEventsCommand({ StackName: this.name }));
    return (found.StackEvents ?? []).map((event) => event.ResourceStatusReason ?? '').join('\n');
  }
  private input(resources: Resources) {
    const TemplateBody = JSON.stringify({ Resources: resources });
    return { StackName: this.name, TemplateBody, Capabilities: ['CAPABILITY_NAMED_IAM' as const] };
  }
  private async send(command: CreateStackCommand | UpdateStackCommand): Promise<string> {
    await (command instanceof CreateStackCommand ? this.client.send(command) : this.client.send(command));
    for (;;) {
      const status = await this.status();
      if (status !== undefined && !status.endsWith('_IN_PROGRESS')) return status;
      await pause(20);
    }
  }
  private async status(): Promise<string | undefined> {
    const found = await this.root()
      .send(new DescribeStacksCommand({ StackName: this.name }))
      .catch(() => undefined);
    return found?.Stacks?.[0]?.StackStatus;
  }
  private root(): CloudFormationClient {
    return new CloudFormationClient(emulator.clientFor(A));
  }
}

let count = 0;
async function who(...may: Statement[]): Promise<ClientSettings> {
  const role = await makeRole(emulator, A, { name: `caller-${++count}`, trust: trustAccount(A), may });
  return emulator.clientWith(await assume(emulator, role, root(A)));
}
function execRole(name: string, ...may: Statement[]): Promise<string> {
  return makeRole(emulator, A, { name, trust: trustService('cloudformation'), may });
}
const parameter = (Name: string, Value = 'v') => ({
  Type: 'AWS::SSM::Parameter',
  Properties: { Name, Type: 'String', Value },
});
const parameters = (path: string) => `arn:aws:ssm:${REGION}:${A}:parameter${path}`;

describe('types of resources', () => {
  it('include what an account trusts, and whom a bus', async () => {
    const iam = new IAMClient(emulator.clientFor(A));
    const bus = new EventBridgeClient(emulator.clientFor(A));
    await makeRole(emulator, A, { name: 'receiver', trust: trustService('lambda') });
    const provider = (...ClientIdList: string[]) => ({
      Type: 'AWS::IAM::OIDCProvider',
      Properties: { Url: 'https://issuer.example', ClientIdList },
    });
    const policy = { Version: '2012-10-17', Statement: [allow('s3:*')] };
    const stack = new Stack(emulator.clientFor(A), 'types');
    const status = await stack.create({
      Provider: provider('a'),
      Senders: {
        Type: 'AWS::Events::EventBusPolicy',
        Properties: { StatementId: 'senders', Action: 'events:PutEvents', Principal: '222222222222' },
      },
      Policy: {
        Type: 'AWS::IAM::RolePolicy',
        Properties: { RoleName: 'receiver', PolicyName: 'put', PolicyDocument: policy },
      },
    });
    expect(status).toBe('CREATE_COMPLETE');
    const policyOfBus = async () => (await bus.send(new DescribeEventBusCommand({}))).Policy ?? '';
    expect(await policyOfBus()).toContain('222222222222');
    await iam.send(new GetRolePolicyCommand({ RoleName: 'receiver', PolicyName: 'put' }));

    expect(await stack.update({ Provider: provider('a', 'b') })).toBe('UPDATE_COMPLETE');
    const OpenIDConnectProviderArn = `arn:aws:iam::${A}:oidc-provider/issuer.example`;
    const get = () => iam.send(new GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn }));
    expect((await get()).ClientIDList).toEqual(['a', 'b']);
    expect(await policyOfBus()).not.toContain('222222222222');
    await expect(
      iam.send(new GetRolePolicyCommand({ RoleName: 'receiver', PolicyName: 'put' })),
    ).rejects.toMatchObject({ name: expect.stringMatching(/NoSuchEntity/) });

    await stack.remove();
    await expect(get()).rejects.toMatchObject({ name: expect.stringMatching(/NoSuchEntity/) });
    expect(
      await new Stack(emulator.clientFor(A), 'unknown')
        .create({ X: { Type: 'AWS::No::Such', Properties: {} } })
        .catch(({ message }) => message),
    ).toContain('AWS::No::Such');
  });

  it('include roles with their boundary', async () => {
    const boundary = await makePolicy(emulator, A, 'boundary', allow('*'));
    const AssumeRolePolicyDocument = { Version: '2012-10-17', Statement: [trustService('lambda')] };
    const role = (rest: object) => ({
      Role: {
        Type: 'AWS::IAM::Role',
        Properties: { RoleName: 'bounded', AssumeRolePolicyDocument, ...rest },
      },
    });
    const found = async () => {
      const { Role } = await new IAMClient(emulator.clientFor(A)).send(
        new GetRoleCommand({ RoleName: 'bounded' }),
      );
      return Role?.PermissionsBoundary?.PermissionsBoundaryArn;
    };
    const stack = new Stack(emulator.clientFor(A), 'boundary');
    await stack.create(role({ PermissionsBoundary: boundary }));
    expect(await found()).toBe(boundary);
    await stack.update(role({}));
    expect(await found()).toBeUndefined();
  });
});

describe('whoever calls', () => {
  it('changes own stacks only, and with the role that they have to pass', async () => {
    const exec = await execRole('exec', allow('ssm:*', parameters('/mine/*')));
    const other = await execRole('other-exec', allow('*'));
    const untrusting = await makeRole(emulator, A, { name: 'no-exec', trust: trustAccount(A) });
    const caller = await who(
      allow('cloudformation:CreateStack', `arn:aws:cloudformation:${REGION}:${A}:stack/mine*/*`, {
        StringEquals: { 'cloudformation:RoleArn': [exec, untrusting] },
      }),
      allow('iam:PassRole', [exec, untrusting], {
        StringEquals: { 'iam:PassedToService': 'cloudformation.amazonaws.com' },
      }),
    );
    const resources = { P: parameter('/mine/p') };
    const create = (name: string, role?: string) => new Stack(caller, name).create(resources, role);
    expect(await create('mine', exec)).toBe('CREATE_COMPLETE');
    await expect(create('theirs', exec)).rejects.toMatchObject(denied);
    await expect(create('mine2', other)).rejects.toMatchObject(denied);
    await expect(create('mine3')).rejects.toMatchObject(denied);
    await expect(create('mine4', untrusting)).rejects.toMatchObject({
      message: expect.stringContaining('assumed'),
    });
  });

  it('passes no role without the permission', async () => {
    const exec = await execRole('unpassed', allow('*'));
    const caller = await who(
      allow('cloudformation:*'),
      allow('iam:PassRole', exec, { StringEquals: { 'iam:PassedToService': 'lambda.amazonaws.com' } }),
    );
    await expect(new Stack(caller, 'unpassed').create({ P: parameter('/p') }, exec)).rejects.toMatchObject({
      ...denied,
      message: expect.stringContaining('iam:PassRole'),
    });
  });
});

describe('a stack', () => {
  const value = async (Name: string) =>
    (await new SSMClient(emulator.clientFor(A)).send(new GetParameterCommand({ Name }))).Parameter?.Value;

  it('is made, changed and removed with the permissions of its role', async () => {
    const exec = await execRole('of-stack', allow('ssm:*', parameters('/in/*')));
    const caller = await who(allow('cloudformation:*'), allow('iam:PassRole', exec));
    const outside = new Stack(caller, 'outside');
    expect(await outside.create({ P: parameter('/out/p') }, exec)).toBe('ROLLBACK_COMPLETE');
    expect(await outside.failures()).toContain('not authorized to perform: ssm:PutParameter');

    const inside = new Stack(caller, 'inside');
    expect(await inside.create({ P: parameter('/in/p') }, exec)).toBe('CREATE_COMPLETE');
    expect(await inside.update({ P: parameter('/in/p', 'new') })).toBe('UPDATE_COMPLETE');
    expect(await value('/in/p')).toBe('new');
    const moved = { P: parameter('/in/p', 'newer'), Q: parameter('/out/q') };
    expect(await inside.update(moved)).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(await value('/in/p')).toBe('new');
    await inside.remove();
    await expect(value('/in/p')).rejects.toMatchObject({ name: 'ParameterNotFound' });
  });

  it('without a role is made with the permissions of who makes it', async () => {
    const caller = await who(allow('cloudformation:*'), allow('ssm:*', parameters('/own/*')));
    expect(await new Stack(caller, 'own').create({ P: parameter('/own/p') })).toBe('CREATE_COMPLETE');
    expect(await new Stack(caller, 'foreign').create({ P: parameter('/foreign/p') })).toBe(
      'ROLLBACK_COMPLETE',
    );
  });

  it('has roles only as its own role may make them', async () => {
    const boundary = await makePolicy(emulator, A, 'cap', allow('*'));
    const exec = await execRole(
      'makes-roles',
      allow(['iam:CreateRole', 'iam:PutRolePolicy'], `arn:aws:iam::${A}:role/odmd/mine/*`, {
        StringEquals: { 'iam:PermissionsBoundary': boundary },
      }),
      allow('iam:DeleteRole'),
    );
    const caller = await who(allow('cloudformation:*'), allow('iam:PassRole', exec));
    const AssumeRolePolicyDocument = { Version: '2012-10-17', Statement: [trustService('lambda')] };
    const role = (rest: object) => ({
      Role: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument, ...rest } },
    });
    const good = { Path: '/odmd/mine/', PermissionsBoundary: boundary };
    const create = (name: string, rest: object) => new Stack(caller, name).create(role(rest), exec);
    expect(await create('good', good)).toBe('CREATE_COMPLETE');
    expect(await create('elsewhere', { ...good, Path: '/' })).toBe('ROLLBACK_COMPLETE');
    expect(await create('unbounded', { Path: '/odmd/mine/' })).toBe('ROLLBACK_COMPLETE');
  });
});
