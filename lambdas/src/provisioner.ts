import type { ProvisionAnswer, ProvisionRequest } from '@ondemandenv/control-plane/aws';
import { readEnvironment } from './environment.js';
import { about, handlerOf, log } from './log.js';
import { createProvisioner } from './provision.js';

/*
 * Lifecycle: asked by the reconciler before a job of an enver, and when one goes; it never waits.
 * Idempotency key: the name of the stack and the digest of its template.
 * Failure modes: what CloudFormation says is answered; anything else fails the hint, which is tried again.
 * Gotchas: the only function that may act in other accounts, by one role in each.
 */

const environment = readEnvironment(process.env);
const central = {
  account: environment.ODMD_CENTRAL_ACCOUNT,
  region: environment.ODMD_CENTRAL_REGION,
};
const provision = createProvisioner(central, environment.ODMD_ACCOUNTS);

export const handler = handlerOf(
  (request: ProvisionRequest): Promise<ProvisionAnswer> =>
    about({ enver: request.entry.id, origin: request.origin }, async () => {
      const answer = await provision(request);
      log('INFO', request.task, { answer });
      return answer;
    }),
);
