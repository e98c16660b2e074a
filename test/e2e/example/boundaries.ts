import { CreateStackCommand } from '@aws-sdk/client-cloudformation';
import {
  CreateUserCommand,
  DeleteRolePolicyCommand,
  IAMClient,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { UpdateFunctionCodeCommand } from '@aws-sdk/client-lambda';
import { ListQueuesCommand } from '@aws-sdk/client-sqs';
import { DescribeParametersCommand } from '@aws-sdk/client-ssm';
import { CENTRAL, functionName } from '@ondemandenv/central-stacks';
import type { EnverEntry } from '@ondemandenv/contracts-base';
import { allow, document } from '../../emulator/identities.js';
import { type Attempt, become, roleOf, TEMPLATE } from '../attempts.js';
import type { Clients } from '../clients.js';
import type { Landscape } from '../landscape.js';
import { administrators, ofPlatform, permissions } from '../never-allowed.js';

const EVERYTHING = 'everything';

/** Does something while a role of an account has a policy that lets it do everything, as its administrator gave it. */
export async function withEverything<T>(
  land: Landscape,
  account: string,
  RoleName: string,
  act: () => Promise<T>,
): Promise<T> {
  const iam = new IAMClient(land.as(account));
  const policy = { RoleName, PolicyName: EVERYTHING };
  await iam.send(new PutRolePolicyCommand({ ...policy, PolicyDocument: document(allow('*')) }));
  try {
    return await act();
  } finally {
    await iam.send(new DeleteRolePolicyCommand(policy));
  }
}

/** What a boundary leaves to a role that is let do everything: what it was not given otherwise. */
export function leftByBoundary({ sqs, ssm }: Clients): Attempt[] {
  return [
    ['list queues', () => sqs.send(new ListQueuesCommand({}))],
    ['describe parameters', () => ssm.send(new DescribeParametersCommand({}))],
  ];
}

/** What it takes from such a role. */
export function takenByBoundary(land: Landscape, who: Clients, own: EnverEntry): Attempt[] {
  const { cloudFormation, iam, lambda } = who;
  const stack = { TemplateBody: TEMPLATE };
  const FunctionName = `arn:aws:lambda:${land.central.region}:${land.central.account}:function:${functionName('api')}`;
  return [
    ...administrators(land, own)
      // One of the account's people is no business of the platform: such a role says itself whom it trusts.
      .filter((role) => !role.endsWith(':role/administrator') && !role.endsWith(CENTRAL.provisionerRole))
      .map((role) => become(who, role)),
    ...permissions(who, own),
    ['make a user', () => iam.send(new CreateUserCommand({ UserName: 'somebody' }))],
    ...['odmd-account', 'odmd-enver-mine', 'CDKToolkit'].map(
      (StackName): Attempt => [
        `make the stack ${StackName}`,
        () => cloudFormation.send(new CreateStackCommand({ ...stack, StackName })),
      ],
    ),
    ...ofPlatform(land, who).filter(([what]) => !what.startsWith('send an alarm')),
    [
      'change the code of the platform',
      () => lambda.send(new UpdateFunctionCodeCommand({ FunctionName, ZipFile: new Uint8Array([0]) })),
    ],
  ];
}

/** What an application may never do, though its own policy lets it do everything: become its enver's jobs, or more. */
export function takenFromApplications(land: Landscape, who: Clients, own: EnverEntry): Attempt[] {
  return [
    ...takenByBoundary(land, who, own),
    become(who, roleOf(own, 'build')),
    become(who, roleOf(own, 'exec')),
    become(who, roleOf(own, 'central', land.central.account)),
    [
      'make the stack anything',
      () =>
        who.cloudFormation.send(new CreateStackCommand({ StackName: 'anything', TemplateBody: TEMPLATE })),
    ],
  ];
}
