import { Reaction } from '@ondemandenv/contracts-base';
import { describe, expect, it } from 'vitest';
import { World } from '../testing/world.js';

const foundation = 'foundation/b..main';
const manager = 'manager/b..main';
const processor = 'processor/b..main';
const web = 'web/b..main';
const path = '/odmd-share/foundation/b..main/menu';
const boss = { account: 'workspace1', role: 'Boss' };
const intern = { account: 'workspace1', role: 'Intern' };

async function changedMenu(reaction: Reaction): Promise<World> {
  const world = await World.deployed({ managerOn: reaction });
  await world.push('coffee/foundation', { 'index.js': '2' });
  await world.succeed(foundation, { menu: 'latte', motto: 'hello' });
  return world;
}

async function requested(world: World): Promise<string> {
  return (await world.record(manager)).approvals?.[path]?.version ?? '';
}

describe('a product that needs an approval', () => {
  it('is asked for, and deployed when it is granted', async () => {
    const world = await changedMenu(Reaction.approve(boss));
    expect(world.dispatched).toEqual([foundation, processor]);
    expect(await world.phases()).toMatchObject({
      [manager]: expect.stringMatching(
        /^deployed: .*to be approved: foundation\/b\.\.main\/menu 2#\w+ by workspace1\/Boss$/,
      ),
    });
    await world.plane.decide({
      enver: manager,
      path,
      version: await requested(world),
      granted: true,
      by: boss,
    });
    await world.rest();
    expect(world.dispatched).toEqual([foundation, processor, manager]);
    expect((await world.record(manager)).run?.vector.inputs[path]).toMatch(/^2#/);
  });

  it('blocks who is behind it for that change, until it is decided', async () => {
    const world = await changedMenu(Reaction.approve(boss));
    await world.succeed(processor, { api: 'p2' });
    expect(world.dispatched).not.toContain(web);
    expect((await world.record(web)).phase).toBe('blocked');
    await world.plane.decide({
      enver: manager,
      path,
      version: await requested(world),
      granted: false,
      by: boss,
    });
    await world.rest();
    expect(world.dispatched).toEqual([foundation, processor, web]);
  });

  it('keeps its former version when its consumer is deployed for another reason', async () => {
    const world = await changedMenu(Reaction.approve(boss));
    await world.push('coffee/shop', { 'manager/a': '2' });
    expect((await world.record(manager)).run?.vector.inputs[path]).toMatch(/^1#/);
  });

  it('is asked for anew when a newer version comes, and the old request is void', async () => {
    const world = await changedMenu(Reaction.approve(boss));
    const old = await requested(world);
    await world.push('coffee/foundation', { 'index.js': '3' });
    await world.succeed(foundation, { menu: 'mocha', motto: 'hello' });
    expect(await requested(world)).toMatch(/^3#/);
    await expect(
      world.plane.decide({ enver: manager, path, version: old, granted: true, by: boss }),
    ).rejects.toMatchObject({ code: 'ODMD407' });
  });

  it('is not granted by somebody else, which is noted', async () => {
    const world = await changedMenu(Reaction.approve(boss));
    const decision = { enver: manager, path, version: await requested(world), granted: true, by: intern };
    await expect(world.plane.decide(decision)).rejects.toMatchObject({ code: 'ODMD408' });
    await world.rest();
    expect(world.dispatched).toEqual([foundation, processor]);
    expect((await world.record(manager)).history.at(-1)?.text).toContain('workspace1/Intern may not decide');
  });

  it('is granted once', async () => {
    const world = await changedMenu(Reaction.approve(boss));
    const decision = { enver: manager, path, version: await requested(world), granted: true, by: boss };
    await world.plane.decide(decision);
    await expect(world.plane.decide(decision)).rejects.toMatchObject({ code: 'ODMD407' });
  });
});

describe('a product whose change raises an alarm', () => {
  it('does so once, and redeploys nobody', async () => {
    const world = await changedMenu(Reaction.alarm());
    await world.plane.sweep();
    await world.rest();
    expect(world.dispatched).toEqual([foundation, processor]);
    expect(world.ports.notifier.alarms).toEqual([
      { enver: manager, message: expect.stringContaining('foundation/b..main/menu changed from 1#') },
    ]);
  });
});
