import { describe, expect, it } from 'vitest';
import { cloned, deployClones, ids, latte, manager, processor, shop, web } from '../testing/clones.js';
import { World } from '../testing/world.js';

/** Takes away all that the platform remembers; values, manifests, roles and repositories are still there. */
async function loseRecords({ ports: { records } }: World): Promise<void> {
  for (const kind of ['enver', 'ref', 'applied', 'clones', 'report'] as const)
    for await (const record of records.all(kind))
      await records.transact([{ remove: record, expect: record.version }]);
}

const BASES = ['contracts/b..main', 'foundation/b..main', 'manager/b..main', 'processor/b..main'];

describe('a platform that has lost its records', () => {
  it('deploys every enver again, in order, by jobs of its own', async () => {
    const world = await World.deployed();
    const before = await ids(world);
    await loseRecords(world);
    expect(await ids(world)).toEqual([]);
    await world.wait(60_000);
    await world.plane.sweep();
    await world.rest();
    // What ran before the loss under the same names has ended; these jobs have not.
    expect(world.dispatched).toEqual(['contracts/b..main', 'foundation/b..main']);
    for (const [enver, products] of [
      ['contracts/b..main', {}],
      ['foundation/b..main', { menu: 'espresso', motto: 'hello' }],
      ['manager/b..main', { api: 'http://manager' }],
      ['processor/b..main', { api: 'http://processor' }],
    ] as const) {
      expect((await world.record(enver)).phase, enver).toBe('running');
      await world.succeed(enver, products);
    }
    expect(world.dispatched.toSorted()).toEqual([...BASES, 'web/b..main']);
    await world.succeed('web/b..main');
    expect(await ids(world)).toEqual(before);
  });

  it('makes the clones again whose lines are on their branches, and those go by a line', async () => {
    const world = await cloned();
    await deployClones(world);
    await world.push(shop, { 'web/a': '2' }, 'a newer commit', latte);
    await world.succeed(web);
    await loseRecords(world);
    await world.wait(60_000);
    // The first finds the contracts, the second what is in their repositories.
    for (const _ of [1, 2]) {
      await world.plane.sweep();
      await world.rest();
    }
    expect(await ids(world)).toEqual(expect.arrayContaining([manager, processor, web]));
    world.dispatched.length = 0;
    await world.push(shop, {}, 'odmd: delete', latte);
    // None of them was deployed again yet: what they made before is torn down all the same.
    for (const enver of [web, manager, processor]) await world.tornDown(enver);
    expect(world.dispatched).toEqual([web, manager, processor]);
    expect((await ids(world)).filter((id) => id.includes('-_'))).toEqual([]);
    expect((await world.ports.config.list('/odmd-state/')).filter((path) => path.includes('-_'))).toEqual([]);
  });
});

it('runs a job of its own for a clone that is made again of the same commit', async () => {
  const world = await cloned('odmd: create manager@main');
  await world.succeed(manager, { api: 'x' });
  const ref = 'refs/heads/feature/latte';
  await world.plane.command(shop, ref, 'odmd: delete');
  await world.rest();
  await world.tornDown(manager);
  await world.wait(60_000);
  for (const again of [1, 2]) {
    await world.plane.command(shop, ref, 'odmd: create manager@main');
    await world.rest();
    expect((await world.record(manager)).phase, `${again}`).toBe('running');
    await world.succeed(manager, { api: 'x' });
    await world.plane.command(shop, ref, 'odmd: delete');
    await world.rest();
    await world.tornDown(manager);
    await world.wait(60_000);
  }
});
