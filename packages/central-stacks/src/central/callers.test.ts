import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { expect, it } from 'vitest';
import { addressForCallers } from './callers.js';

function permissions(accounts: Readonly<Record<string, string>>, names?: readonly string[]) {
  const stack = new Stack(new App(), 'S');
  const api = new LambdaFunction(stack, 'Api', {
    runtime: Runtime.NODEJS_LATEST,
    handler: 'index.handler',
    code: Code.fromInline('//'),
  });
  addressForCallers(api, accounts, names);
  const template = Template.fromStack(stack);
  template.hasResourceProperties('AWS::Lambda::Url', { AuthType: 'AWS_IAM' });
  return Object.values(template.findResources('AWS::Lambda::Permission')).map(({ Properties }) => {
    const { FunctionName: _, ...rest } = Properties;
    return rest;
  });
}

it('lets in each account by its number, to the address and to the function behind it', () => {
  expect(permissions({ central: '111111111111', dev: '222222222222', again: '222222222222' })).toEqual(
    ['111111111111', '222222222222'].flatMap((Principal) => [
      { Principal, Action: 'lambda:InvokeFunctionUrl', FunctionUrlAuthType: 'AWS_IAM' },
      { Principal, Action: 'lambda:InvokeFunction', InvokedViaFunctionUrl: true },
    ]),
  );
});

it('lets in some accounts only, where they are named', () => {
  const accounts = Object.fromEntries(
    Array.from({ length: 31 }, (_, n) => [`a${n}`, String(100_000_000_000 + n)]),
  );
  expect(() => permissions(accounts)).toThrow(expect.objectContaining({ code: 'ODMD857' }));
  expect(permissions(accounts, ['a3'])).toHaveLength(2);
  expect(() => permissions(accounts, ['a3', 'b'])).toThrow(expect.objectContaining({ code: 'ODMD858' }));
});
