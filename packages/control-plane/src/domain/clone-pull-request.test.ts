import { describe, expect, it } from 'vitest';
import { cloned, latte, shop, web } from '../testing/clones.js';
import { World } from '../testing/world.js';

describe('a clone until its pull request is closed', () => {
  async function made(message: string): Promise<World> {
    const world = await cloned(message);
    await world.succeed(web);
    return world;
  }

  async function pulls(
    world: World,
    ...found: { branch: string; closedAt?: number; fork?: true }[]
  ): Promise<void> {
    world.ports.source.pulls.set(
      shop,
      found.map((pull, index) => ({ number: index + 1, ...pull })),
    );
    await world.tell({ kind: 'ref', repo: shop, ref: 'refs/heads/feature/latte' });
  }

  it('goes with it, and not before', async () => {
    const world = await made('odmd: create web@main until=pr');
    const closedAt = world.clock.now() + 1;
    await pulls(world, { branch: latte.ref });
    await pulls(world, { branch: latte.ref }, { branch: latte.ref, closedAt });
    expect((await world.record(web)).deleting).toBeUndefined();
    await pulls(world, { branch: latte.ref, closedAt });
    expect((await world.record(web)).deleting).toBe('pull request #1 is closed');
  });

  it('is not touched by one that was closed before it was made, or of another branch', async () => {
    const world = await made('odmd: create web@main until=pr');
    const before = world.clock.now() - 1;
    await pulls(world, { branch: latte.ref, closedAt: before }, { branch: 'other', closedAt: before + 2 });
    expect((await world.record(web)).deleting).toBeUndefined();
  });

  it('is not touched by a fork’s of a branch with the same name', async () => {
    const world = await made('odmd: create web@main until=pr');
    await pulls(world, { branch: latte.ref, closedAt: world.clock.now(), fork: true });
    expect((await world.record(web)).deleting).toBeUndefined();
  });

  it('stays when nobody said so', async () => {
    const world = await made('odmd: create web@main');
    await pulls(world, { branch: latte.ref, closedAt: world.clock.now() });
    expect((await world.record(web)).deleting).toBeUndefined();
  });

  it('goes although nobody told that it was closed: the sweep finds out', async () => {
    const world = await made('odmd: create web@main until=pr');
    world.ports.source.pulls.set(shop, [{ number: 7, branch: latte.ref, closedAt: world.clock.now() }]);
    await world.plane.sweep();
    await world.rest();
    expect((await world.record(web)).deleting).toBe('pull request #7 is closed');
  });

  it('is what a contract’s pattern makes', async () => {
    const world = await World.deployed({ autoClones: ['feature/*'] });
    await world.push(shop, {}, 'work', latte);
    expect((await world.record(web)).clone?.until).toBe('pr');
  });
});
