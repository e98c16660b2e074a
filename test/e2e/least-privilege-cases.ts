import { expect, it } from 'vitest';
import { ASKED_OF_ROOT } from './accounts.js';
import type { Landscape } from './landscape.js';
import { statementsOf, statementsUsed } from './statements.js';

const LOGGING = ['api', 'ingress', 'intake', 'odmd-provisioner-function', 'reconciler', 'schedule'].map(
  (name) => `${name} (no id) logs:CreateLogStream logs:PutLogEvents`,
);

/** What this org does not need, or the emulator does not ask for; each has to have a reason. */
export const NOT_SEEN: Readonly<Record<string, string>> = {
  ...Object.fromEntries(LOGGING.map((statement) => [statement, 'the emulator writes logs as itself'])),
  'api FindManifests': 'as for the intake',
  'build LogInToRegistry': 'no job builds an image here',
  'build PushOwnImages': 'as before; what is allowed by it, and to whom it is not, tests try',
  'exec KeepOwnPolicies': 'no app of this org makes managed policies',
  'exec ReadOwnAssets': 'the emulator reads the code of a function as itself',
  'intake FindManifests': 'a manifest that is not there looks like a forbidden one without it, on AWS',
  'odmd-provisioner KeepRepositories': 'the emulator makes and removes repositories as itself',
  'odmd-region-StackEventsEventsRole (no id) events:PutEvents':
    'the emulator asks the policy of the bus that takes an event, and not the role of the rule that sends it',
  'reconciler FindManifests': 'as for the intake',
  'schedule FindManifests': 'as for the intake',
};

/** What is needed when two things happen in an order that nobody decides. */
export const NOT_ALWAYS_SEEN: Readonly<Record<string, string>> = {
  'intake ReadManifests': 'for an event that comes after the end of its job; an event fails without it',
  'reconciler (no id) sqs:ReceiveMessage sqs:ChangeMessageVisibility sqs:GetQueueUrl sqs:DeleteMessage sqs:GetQueueAttributes':
    'for work that is tried again later; the emulator takes what is in the queue as itself',
};

/** What was needed so far of all that anybody may. They come after everything else. */
export function leastPrivilegeCases(living: () => Landscape): void {
  it('has no permission that nothing needed', async () => {
    const land = living();
    const used = await statementsUsed(land);
    const unused = (await statementsOf(land)).filter((statement) => !used.has(statement));
    expect(unused.filter((statement) => !(statement in NOT_ALWAYS_SEEN))).toEqual(
      Object.keys(NOT_SEEN).sort(),
    );
  });

  it('has asked no root user for anything but to make an administrator of each account', () => {
    const land = living();
    const roots = Object.values(land.accounts).map((id) => `arn:aws:iam::${id}:root`);
    expect(land.askedOfRoot()).toEqual(Object.fromEntries(roots.map((root) => [root, ASKED_OF_ROOT])));
  });
}
