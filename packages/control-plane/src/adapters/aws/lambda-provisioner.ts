import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { type EnverEntry, OdmdError } from '@ondemandenv/contracts-base';
import { z } from 'zod';
import type { RunRequest } from '../../ports/source-host.js';
import type { StackProvisioner } from '../../ports/stack-provisioner.js';
import { patient } from './throttling.js';

/** What an enver's stacks are made of beside its contract entry. */
export interface ProvisionFacts {
  /** The numbers that GitHub gave the repository and its owner. */
  readonly repo: { readonly id: number; readonly ownerId: number };
  /** Which of its jobs are let in: those of one ref (its full name) and one workflow file (its path). */
  readonly job: { readonly ref: string; readonly workflow: string };
  /** Other accounts (12 digits) that pull its images. */
  readonly pulledBy: readonly string[];
  /** ARNs of the objects, with a wildcard at the end, behind the artifacts that it consumes. */
  readonly artifacts: readonly string[];
}

/** What the provisioner's function is asked. */
export interface ProvisionRequest extends ProvisionFacts {
  readonly task: 'ensure' | 'remove';
  readonly entry: EnverEntry;
  /** What made the platform ask, for whoever reads logs. */
  readonly origin?: string | undefined;
}

const answerSchema = z.union([z.enum(['ready', 'working', 'gone']), z.strictObject({ failed: z.string() })]);

/** What the provisioner's function answers. */
export type ProvisionAnswer = z.infer<typeof answerSchema>;

/** Stacks go by their names. Whoever could say what they were made of may be gone before them: the repository. */
const NO_FACTS: ProvisionFacts = {
  repo: { id: 0, ownerId: 0 },
  job: { ref: '', workflow: '' },
  pulledBy: [],
  artifacts: [],
};

/** A `StackProvisioner` that asks the one function which may act in other accounts. */
export class LambdaProvisioner implements StackProvisioner {
  /** @param origin what makes the platform ask at this moment */
  constructor(
    private readonly lambda: LambdaClient,
    private readonly functionName: string,
    private readonly factsOf: (entry: EnverEntry, purpose: RunRequest['purpose']) => Promise<ProvisionFacts>,
    private readonly origin: () => string | undefined = () => undefined,
  ) {}

  async ensure(
    entry: EnverEntry,
    purpose: RunRequest['purpose'] = 'deploy',
  ): Promise<'ready' | 'working' | { readonly failed: string }> {
    const answer = await this.ask({ task: 'ensure', entry, ...(await this.factsOf(entry, purpose)) });
    return answer === 'gone' ? 'working' : answer;
  }

  async remove(entry: EnverEntry): Promise<'gone' | 'working'> {
    return (await this.ask({ task: 'remove', entry, ...NO_FACTS })) === 'gone' ? 'gone' : 'working';
  }

  private async ask(request: ProvisionRequest): Promise<ProvisionAnswer> {
    const Payload = JSON.stringify({ ...request, origin: this.origin() } satisfies ProvisionRequest);
    const command = new InvokeCommand({ FunctionName: this.functionName, Payload });
    const { FunctionError, Payload: said } = await patient(() => this.lambda.send(command));
    const text = said?.transformToString() ?? 'null';
    const answer = answerSchema.safeParse(JSON.parse(text));
    if (FunctionError === undefined && answer.success) return answer.data;
    throw new OdmdError('ODMD422', `the provisioner failed: ${text.slice(0, 500)}`, {
      where: request.entry.id,
      fix: 'it is tried again by itself; its log says more',
    });
  }
}
