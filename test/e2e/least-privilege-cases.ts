import { expect, it } from 'vitest';
import { ASKED_OF_ROOT } from './accounts.js';
import type { Landscape } from './landscape.js';
import { statementsOf, statementsUsed } from './statements.js';

/** What this org does not need, or the emulator does not ask for; each has to have a reason. */
export const NOT_SEEN = {
  'api FindManifests': 'as for the intake',
  'exec KeepOwnPolicies': 'no app of this org makes managed policies',
  'exec ReadOwnAssets': 'the emulator reads the code of a function as itself',
  'intake FindManifests': 'a manifest that is not there looks like a forbidden one without it, on AWS',
  'build LogInToRegistry': 'no job builds an image here',
  'odmd-provisioner KeepRepositories': 'the emulator makes and removes repositories as itself',
  'reconciler FindManifests': 'as for the intake',
  'schedule FindManifests': 'as for the intake',
};

/** What was needed so far of all that anybody may. They come after everything else. */
export function leastPrivilegeCases(living: () => Landscape): void {
  it('has no permission that nothing needed', async () => {
    const land = living();
    const used = await statementsUsed(land);
    const unused = (await statementsOf(land)).filter((statement) => !used.has(statement));
    expect(unused).toEqual(Object.keys(NOT_SEEN).sort());
  });

  it('has asked no root user for anything but to make an administrator of each account', () => {
    const land = living();
    const roots = Object.values(land.accounts).map((id) => `arn:aws:iam::${id}:root`);
    expect(land.askedOfRoot()).toEqual(Object.fromEntries(roots.map((root) => [root, ASKED_OF_ROOT])));
  });
}
