import { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { AssumeRoleCommand } from '@aws-sdk/client-sts';
import { type EnverEntry, EVENT_BUS, manifestBucket, roleArn, roleNames } from '@ondemandenv/contracts-base';
import type { Clients } from './clients.js';
import type { Landscape } from './landscape.js';

/** Something that somebody tries, in words. */
export type Attempt = readonly [what: string, act: () => Promise<unknown>];

/** What came of them: `allowed`, `refused`, or an error that is neither. */
type Outcome = readonly [what: string, outcome: string];

/** By a policy; anything else that goes wrong is no refusal. */
export const BY_POLICY = /AccessDenied|not authorized|Forbidden/i;

/** The emulator is one process: more of them would only wait. */
const AT_ONCE = 12;

/** Makes attempts, some at a time. */
export async function outcomes(attempts: readonly Attempt[], refusal = BY_POLICY): Promise<Outcome[]> {
  const found: Outcome[] = [];
  let next = 0;
  const some = async () => {
    for (let at = next++; at < attempts.length; at = next++) {
      const [what, act] = attempts[at] as Attempt;
      found[at] = await act().then(
        () => [what, 'allowed'],
        (error: Error) => {
          const text = `${error.name}: ${error.message}`;
          return [what, refusal.test(text) ? 'refused' : text];
        },
      );
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, some));
  return found;
}

/** The attempts that were not refused. */
export async function notRefused(attempts: readonly Attempt[]): Promise<string[]> {
  const made = await outcomes(attempts);
  return made.filter(([, outcome]) => outcome !== 'refused').map(([what]) => what);
}

/** What a stack is tried with. */
export const TEMPLATE = JSON.stringify({ Resources: { Queue: { Type: 'AWS::SQS::Queue' } } });

type RoleKind = 'build' | 'exec' | 'runtime' | 'central';

/** ARN of a role of an enver. @param account where it is @default that of the enver */
export function roleOf({ id, account }: EnverEntry, kind: RoleKind, at = account.id): string {
  const names = roleNames(id);
  return roleArn(at, names.path, names[kind]);
}

export function become({ sts }: Clients, RoleArn: string): Attempt {
  return [`become ${RoleArn}`, () => sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'x' }))];
}

export async function speakAs(land: Landscape, { events }: Clients, Source: string): Promise<unknown> {
  const { account, region } = land.central;
  const EventBusName = `arn:aws:events:${region}:${account}:event-bus/${EVENT_BUS}`;
  const Entries = [{ Source, DetailType: 'EnverDeployed', Detail: '{}', EventBusName }];
  return events.send(new PutEventsCommand({ Entries }));
}

export function manifests({ central }: Landscape): string {
  return manifestBucket(central.account, central.region);
}
