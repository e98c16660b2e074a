import type { LambdaFunctionURLEventWithIAMAuthorizer } from 'aws-lambda';
import { expect, it } from 'vitest';
import { callerOf, runsPlatform } from './api-caller.js';

const ACCOUNTS = { central: '111111111111', workspace1: '222222222222' };

function caller(userArn: string | undefined) {
  const requestContext = userArn === undefined ? {} : { authorizer: { iam: { userArn } } };
  return callerOf({ requestContext } as LambdaFunctionURLEventWithIAMAuthorizer, ACCOUNTS);
}

it.each([
  [
    'arn:aws:sts::222222222222:assumed-role/Release/alice@coffee.example',
    { account: 'workspace1', role: 'Release', text: 'workspace1/Release (session alice@coffee.example)' },
  ],
  ['arn:aws:iam::111111111111:user/people/Release', { account: 'central', text: 'central, user Release' }],
  ['arn:aws:iam::111111111111:root', { account: 'central', text: 'central, root' }],
  [
    'arn:aws:sts::222222222222:federated-user/Release',
    { account: 'workspace1', text: 'workspace1, federated-user Release' },
  ],
])('knows %s', (arn, who) => expect(caller(arn)).toEqual(who));

it.each([
  undefined,
  '',
  'arn:aws:sts::333333333333:assumed-role/Release/alice',
  'Release',
  'arn:aws:iam::222222222222',
])('does not know %s', (arn) =>
  expect(() => caller(arn)).toThrow(expect.objectContaining({ code: 'ODMD864' })),
);

it.each([
  [{ account: 'central', role: 'Any' }, true],
  [{ account: 'workspace1', role: 'Architect' }, true],
  [{ account: 'workspace1', role: 'Release' }, false],
  [{ account: 'central' }, false],
])('of %j says that it runs the platform: %s', (who, expected) => {
  const approvers = [{ account: 'workspace1', role: 'Architect' }];
  expect(runsPlatform({ ...who, text: '' }, ACCOUNTS, '111111111111', approvers)).toBe(expected);
});
