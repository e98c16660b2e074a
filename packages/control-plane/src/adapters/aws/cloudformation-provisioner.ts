import {
  type CloudFormationClient,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  type Stack,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import { type EnverEntry, OdmdError, roleArn, roleNames, sha256 } from '@ondemandenv/contracts-base';
import type { StackProvisioner } from '../../ports/stack-provisioner.js';
import { patient } from './throttling.js';

/** A stack that an enver needs, where it belongs and what it is made of. */
export interface ProvisionedStack {
  readonly stackName: string;
  /** 12 digits. */
  readonly account: string;
  readonly region: string;
  /** CloudFormation template, JSON. */
  readonly body: string;
}

export interface CloudFormationProvisionerOptions {
  /** What an enver needs, in the order of making. */
  readonly stacksOf: (entry: EnverEntry) => Promise<readonly ProvisionedStack[]>;
  /** A client that may act on the platform's stacks in an account and region. */
  readonly clientFor: (account: string, region: string) => Promise<CloudFormationClient>;
  /** Deletes a page of what the jobs of an enver have uploaded: its assets and artifacts. */
  readonly emptyAssets: (entry: EnverEntry) => Promise<Progress>;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** How long after a failed update the same is tried again. */
const UPDATE_AGAIN_MS = 10 * 60_000;

type Progress = 'done' | 'working';

/** Tells what template a stack was last made of, so that an unchanged one costs a look and nothing more. */
const DIGEST_TAG = 'odmd:template';

/**
 * A `StackProvisioner` that applies templates with CloudFormation in the enver's account and in central. It never waits:
 * every call moves each stack on by one step, and says whether it has to be called again.
 */
export class CloudFormationProvisioner implements StackProvisioner {
  constructor(private readonly options: CloudFormationProvisionerOptions) {}

  async ensure(entry: EnverEntry): Promise<'ready' | 'working' | { readonly failed: string }> {
    for (const stack of await this.options.stacksOf(entry)) {
      const progress = await this.apply(stack);
      if (progress !== 'done') return progress;
    }
    return 'ready';
  }

  async remove(entry: EnverEntry): Promise<'gone' | 'working'> {
    const { account, region, id } = entry;
    const names = roleNames(id);
    const execRole = roleArn(account.id, names.path, names.exec);
    // What the enver deployed goes by the role that deployed it, the last first; then what it was deployed with.
    for (const stackName of [...entry.stacks].reverse())
      if ((await this.delete({ stackName, account: account.id, region }, execRole)) === 'working')
        return 'working';
    if ((await this.options.emptyAssets(entry)) === 'working') return 'working';
    for (const stack of [...(await this.options.stacksOf(entry))].reverse())
      if ((await this.delete(stack)) === 'working') return 'working';
    return 'gone';
  }

  private async apply(wanted: ProvisionedStack): Promise<Progress | { readonly failed: string }> {
    const client = await this.options.clientFor(wanted.account, wanted.region);
    const found = await find(client, wanted.stackName);
    const digest = sha256(wanted.body);
    const status = found?.StackStatus ?? 'none';
    if (status.endsWith('_IN_PROGRESS')) return 'working';
    const now = this.options.now();
    const make = {
      // Later events of the stack say for which template they happened.
      ClientRequestToken: `${digest.slice(0, 32)}-${now}`,
      StackName: wanted.stackName,
      TemplateBody: wanted.body,
      Capabilities: ['CAPABILITY_NAMED_IAM' as const],
      Tags: [{ Key: DIGEST_TAG, Value: digest }],
    };
    if (!found || status === 'DELETE_COMPLETE') {
      await patient(() => client.send(new CreateStackCommand(make)));
      return 'working';
    }
    // A stack that could not be made is in the way of another try.
    if (status === 'ROLLBACK_COMPLETE' || status === 'CREATE_FAILED' || status === 'ROLLBACK_FAILED') {
      const { reason } = await lastFailure(client, wanted.stackName);
      await patient(() => client.send(new DeleteStackCommand({ StackName: wanted.stackName })));
      return { failed: reason };
    }
    if (status === 'UPDATE_ROLLBACK_COMPLETE') {
      const { reason, token, at } = await lastFailure(client, wanted.stackName);
      if (token.startsWith(digest.slice(0, 32)) && now - at < UPDATE_AGAIN_MS) return { failed: reason };
    }
    if (status === 'DELETE_FAILED' || status === 'UPDATE_ROLLBACK_FAILED')
      throw await stuck(client, wanted.stackName, status);
    const made = found.Tags?.find(({ Key }) => Key === DIGEST_TAG)?.Value;
    if (made === digest) return 'done';
    try {
      await patient(() => client.send(new UpdateStackCommand(make)));
    } catch (error) {
      if (error instanceof Error && /No updates are to be performed/.test(error.message)) return 'done';
      throw error;
    }
    return 'working';
  }

  private async delete(
    { stackName, account, region }: Omit<ProvisionedStack, 'body'>,
    RoleARN?: string,
  ): Promise<Progress> {
    const client = await this.options.clientFor(account, region);
    const status = (await find(client, stackName))?.StackStatus;
    if (status === undefined || status === 'DELETE_COMPLETE') return 'done';
    if (status === 'DELETE_FAILED') throw await stuck(client, stackName, status);
    if (!status.endsWith('_IN_PROGRESS')) {
      const command = new DeleteStackCommand({ StackName: stackName, ...(RoleARN && { RoleARN }) });
      await patient(() => client.send(command));
    }
    return 'working';
  }
}

async function find(client: CloudFormationClient, StackName: string): Promise<Stack | undefined> {
  try {
    const { Stacks } = await patient(() => client.send(new DescribeStacksCommand({ StackName })));
    return Stacks?.[0];
  } catch (error) {
    if (error instanceof Error && /does not exist/.test(error.message)) return undefined;
    throw error;
  }
}

/** Somebody has to look: with what CloudFormation said about the first resource that failed. */
async function stuck(client: CloudFormationClient, stackName: string, status: string): Promise<OdmdError> {
  const { reason } = await lastFailure(client, stackName);
  return new OdmdError('ODMD421', `the stack ${stackName} is in the state ${status}: ${reason}`, {
    where: stackName,
    fix: 'remove what keeps it from going (it is tried again by itself), or delete the stack by hand',
  });
}

/** The first failure of the newest operation on a stack; events come newest first. */
async function lastFailure(client: CloudFormationClient, StackName: string) {
  const { StackEvents = [] } = await patient(() =>
    client.send(new DescribeStackEventsCommand({ StackName })),
  );
  const token = StackEvents.find(({ ClientRequestToken }) => ClientRequestToken)?.ClientRequestToken ?? '';
  const failed = StackEvents.filter(
    ({ ResourceStatus, ClientRequestToken = '' }) =>
      ResourceStatus?.endsWith('_FAILED') && ClientRequestToken === token,
  ).at(-1);
  const reason = failed
    ? `${failed.LogicalResourceId}: ${failed.ResourceStatusReason ?? 'no reason given'}`
    : 'CloudFormation gives no reason';
  return { reason, token, at: failed?.Timestamp?.getTime() ?? 0 };
}
