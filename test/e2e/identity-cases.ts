import { productPath, roleArn, roleNames } from '@ondemandenv/contracts-base';
import { expect, it } from 'vitest';
import { allow, assume } from '../emulator/identities.js';
import { readProduct, runtimeOf, startApplication } from './application.js';
import { notRefused } from './attempts.js';
import { Clients } from './clients.js';
import { attemptsOn } from './forbidden.js';
import { jobIdentity } from './job-identity.js';
import type { Landscape } from './landscape.js';
import { neverAllowed } from './never-allowed.js';
import { newRole } from './people.js';

/** What whoever has the roles of an enver may do, and may not. They find the small org deployed. */
export function identityCases(living: () => Landscape): void {
  it('lets the application that a contract names read what is its enver’s, and nothing else', async () => {
    const land = living();
    const application = await startApplication(land);
    const runtime = await runtimeOf(land, 'orders/b..main', application);
    const read = (path: string) => readProduct(land, runtime, path);
    const queue = productPath('foundation/b..main', 'queue');
    expect(await read(queue)).toBe((await land.value(queue))?.value);
    const url = productPath('orders/b..main', 'url');
    expect(await read(url)).toBe((await land.value(url))?.value);
    const orders = await land.entry('orders/b..main');
    const billing = await land.entry('billing/b..main');
    const { path, build, central, runtime: inCentral } = roleNames(orders.id);
    const other = await newRole(land, 'workspace1', 'another-application', allow('sts:AssumeRole'));
    const clients = new Clients(land.aws.clientWith(runtime));
    const identity = { build: clients, central: clients };
    const attempts = () =>
      notRefused([
        ...attemptsOn(land, identity, orders, billing),
        ...neverAllowed(land, identity, orders, [billing]),
        ...attemptsOn(land, identity, orders, orders).filter(
          ([what]) => !what.startsWith('read /odmd-share/'),
        ),
        ['be another application', () => runtimeOf(land, orders.id, other)],
        ...[
          roleArn(orders.account.id, path, build),
          roleArn(land.central.account, path, central),
          roleArn(land.central.account, path, inCentral),
        ].map((role) => [`go straight to ${role}`, () => assume(land.aws, role, application)] as const),
      ]);
    expect(await land.trying(attempts)).toEqual([]);
  });

  it('lets the job of an enver do what is its own, and nothing of what is another’s', async () => {
    const land = living();
    const entries = Object.values(land.manifest.envers);
    for (const own of entries) {
      const identity = await land.trying(() => jobIdentity(land, own));
      const others = entries.filter(({ id }) => id !== own.id);
      const allowed = attemptsOn(land, identity, own, own);
      expect(await land.trying(() => notRefused(allowed)), own.id).toEqual(allowed.map(([what]) => what));
      const refused = [
        ...others.flatMap((other) => attemptsOn(land, identity, own, other)),
        ...neverAllowed(land, identity, own, others),
      ];
      expect(await land.trying(() => notRefused(refused)), own.id).toEqual([]);
    }
  });
}
