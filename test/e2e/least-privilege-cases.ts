import { expect, it } from 'vitest';
import type { Landscape } from './landscape.js';
import { statementsOf, statementsUsed } from './statements.js';

/** What this org does not need, or the emulator does not ask for; each has to have a reason. */
const NOT_SEEN = {
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
    const used = statementsUsed(land);
    const unused = (await statementsOf(land)).filter((statement) => !used.has(statement));
    expect(unused).toEqual(Object.keys(NOT_SEEN).sort());
  });

  it('has asked no root user for anything but to make an administrator of each account', () => {
    const land = living();
    // A rule passes events on as its account, where a policy of the bus lets it; nothing lets a root user, or keeps it.
    const asRoot = land.aws
      .decisions()
      .filter(({ principal, statement }) => principal.endsWith(':root') && statement === '');
    const done = Object.entries(land.accounts).map(([name, id]) => {
      const own = asRoot.filter(({ principal }) => principal === `arn:aws:iam::${id}:root`);
      return [name, own.map(({ action }) => action).sort()];
    });
    const once = ['iam:CreateRole', 'iam:PutRolePolicy', 'sts:AssumeRole'];
    expect(Object.fromEntries(done)).toEqual(
      Object.fromEntries(Object.keys(land.accounts).map((name) => [name, once])),
    );
  });
}
