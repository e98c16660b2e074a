import { setTimeout as pause } from 'node:timers/promises';
import {
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
} from '@aws-sdk/client-cloudformation';
import type { EnverEntry } from '@ondemandenv/contracts-base';
import { roleOf } from '../attempts.js';
import type { JobIdentity } from '../job-identity.js';

/** What CloudFormation made of a template. */
export interface MadeStack {
  readonly status: string;
  /** What it says of resources that could not be made. */
  readonly reasons: readonly string[];
}

/** Makes a stack of an enver as its job does: by its exec role. */
export async function makeStack(
  { build }: JobIdentity,
  own: EnverEntry,
  StackName: string,
  Resources: object,
): Promise<MadeStack> {
  const { cloudFormation } = build;
  await cloudFormation.send(
    new CreateStackCommand({
      StackName,
      TemplateBody: JSON.stringify({ Resources }),
      RoleARN: roleOf(own, 'exec'),
      Capabilities: ['CAPABILITY_NAMED_IAM'],
    }),
  );
  const status = (await settled(build, StackName)) ?? 'gone';
  const { StackEvents = [] } = await cloudFormation.send(new DescribeStackEventsCommand({ StackName }));
  const failed = StackEvents.filter(({ ResourceStatus }) => ResourceStatus?.endsWith('_FAILED'));
  return { status, reasons: failed.map(({ ResourceStatusReason = '' }) => ResourceStatusReason) };
}

/** Removes a stack as the job of its enver does. */
export async function removeStack({ build }: JobIdentity, StackName: string): Promise<void> {
  await build.cloudFormation.send(new DeleteStackCommand({ StackName }));
  const status = await settled(build, StackName);
  if (status !== undefined && status !== 'DELETE_COMPLETE') throw new Error(`${StackName}: ${status}`);
}

/** @returns how it ended; `undefined` when there is no such stack any more */
async function settled(
  { cloudFormation }: JobIdentity['build'],
  StackName: string,
): Promise<string | undefined> {
  for (;;) {
    const found = await cloudFormation
      .send(new DescribeStacksCommand({ StackName }))
      .catch((error: Error) => {
        if (error.message.includes('does not exist')) return undefined;
        throw error;
      });
    const status = found?.Stacks?.[0]?.StackStatus;
    if (!status?.endsWith('_IN_PROGRESS')) return status;
    await pause(20);
  }
}
