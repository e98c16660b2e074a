import {
  CloudFormationClient,
  CreateStackCommand,
  DescribeStacksCommand,
} from '@aws-sdk/client-cloudformation';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type Credentials, Emulator } from './emulator.js';
import { allow, assume, makeRole, root, type Statement, trustAccount } from './identities.js';
import { callFunction } from './signed-fetch.js';

/*
 * Probes of `patches/function_url_callers.py`: the address of a function that IAM guards.
 */

const OWN = '111111111111';
const FRIEND = '222222222222';
const STRANGER = '333333333333';
const FUNCTION = `arn:aws:lambda:us-west-1:${OWN}:function:echo`;
const URL_ALONE = allow('lambda:InvokeFunctionUrl', FUNCTION);
const BOTH = allow(['lambda:InvokeFunctionUrl', 'lambda:InvokeFunction'], FUNCTION);

const permission = (Action: string, more: object) => ({
  Type: 'AWS::Lambda::Permission',
  Properties: { FunctionName: { 'Fn::GetAtt': ['Echo', 'Arn'] }, Principal: FRIEND, Action, ...more },
});
const TEMPLATE = {
  Resources: {
    Role: {
      Type: 'AWS::IAM::Role',
      Properties: {
        AssumeRolePolicyDocument: {
          Statement: [
            { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
          ],
        },
      },
    },
    Echo: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        FunctionName: 'echo',
        Runtime: 'nodejs20.x',
        Handler: 'index.handler',
        Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
        Code: {
          ZipFile: `exports.handler = async ({ requestContext }) => ({
            statusCode: 200, body: JSON.stringify(requestContext.authorizer?.iam ?? {}) });`,
        },
      },
    },
    Url: {
      Type: 'AWS::Lambda::Url',
      Properties: { AuthType: 'AWS_IAM', TargetFunctionArn: { 'Fn::GetAtt': ['Echo', 'Arn'] } },
    },
    Address: permission('lambda:InvokeFunctionUrl', { FunctionUrlAuthType: 'AWS_IAM' }),
    Behind: permission('lambda:InvokeFunction', { InvokedViaFunctionUrl: true }),
  },
  Outputs: { Url: { Value: { 'Fn::GetAtt': ['Url', 'FunctionUrl'] } } },
};

let emulator: Emulator;
let url: string;
beforeAll(async () => {
  emulator = await Emulator.start();
  const client = new CloudFormationClient(emulator.clientFor(OWN));
  const stack = { StackName: 'echo', Capabilities: ['CAPABILITY_IAM' as const] };
  await client.send(new CreateStackCommand({ ...stack, TemplateBody: JSON.stringify(TEMPLATE) }));
  const made = await vi.waitUntil(async () => {
    const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: 'echo' }));
    return Stacks?.[0]?.StackStatus === 'CREATE_COMPLETE' && Stacks[0].Outputs?.[0]?.OutputValue;
  }, 20_000);
  url = `${emulator.url}/_aws/lambda-url/${new URL(made).hostname.split('.')[0]}/`;
});
afterAll(() => emulator?.stop());

let count = 0;
async function who(account: string, ...may: Statement[]): Promise<Credentials> {
  const role = { name: `caller-${++count}`, path: '/people/', trust: trustAccount(account), may };
  return assume(emulator, await makeRole(emulator, account, role), root(account));
}

it('lets in whom both sides let in, and says who it is', async () => {
  for (const account of [OWN, FRIEND]) {
    const { status, body } = await callFunction(url, await who(account, BOTH));
    expect(status).toBe(200);
    const userArn = `arn:aws:sts::${account}:assumed-role/caller-${count}/test`;
    expect(body).toMatchObject({ accountId: account, userArn });
  }
});

it('refuses who may call the address and not the function behind it', async () => {
  for (const account of [OWN, FRIEND])
    expect(await callFunction(url, await who(account, URL_ALONE))).toMatchObject({ status: 403 });
});

it('refuses whom only one side lets in', async () => {
  expect(await callFunction(url, await who(STRANGER, BOTH))).toMatchObject({ status: 403 });
  expect(await callFunction(url, await who(FRIEND))).toMatchObject({ status: 403 });
});

it('refuses who does not prove who it is', async () => {
  const known = await who(FRIEND, BOTH);
  expect(await callFunction(url, undefined)).toMatchObject({ status: 403 });
  expect(await callFunction(url, { ...known, secretAccessKey: 'guessed' })).toMatchObject({ status: 403 });
});
