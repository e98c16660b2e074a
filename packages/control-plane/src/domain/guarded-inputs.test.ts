import { Reaction } from '@ondemandenv/contracts-base';
import { describe, expect, it } from 'vitest';
import { coffeeContracts } from '../testing/coffee-contracts.js';
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

describe('a request that nobody answers', () => {
  const WEEK = 7 * 24 * 3_600_000;

  it('expires, and then holds up nobody', async () => {
    const world = await changedMenu(Reaction.approve(boss));
    await world.succeed(processor, { api: 'p2' });
    const version = await requested(world);
    expect((await world.record(web)).phase).toBe('blocked');
    await world.wait(WEEK);
    expect((await world.record(manager)).approvals?.[path]?.state).toBe('expired');
    expect(world.dispatched).toEqual([foundation, processor, web]);
    const decision = { enver: manager, path, version, granted: true, by: boss };
    await expect(world.plane.decide(decision)).rejects.toMatchObject({ code: 'ODMD407' });
  });

  it('is made again by somebody who asks for a deployment', async () => {
    const world = await changedMenu(Reaction.approve(boss));
    await world.wait(WEEK);
    await world.plane.deploy(manager, 'by hand');
    await world.rest();
    expect((await world.record(manager)).approvals?.[path]?.state).toBe('requested');
    expect((await world.record(manager)).run?.vector.inputs[path]).toMatch(/^1#/);
  });

  it('is void when the contract asks for no approval any more', async () => {
    const world = await changedMenu(Reaction.approve(boss));
    await world.publish(coffeeContracts({ managerOn: Reaction.ignore() }));
    expect((await world.record(manager)).approvals).toBeUndefined();
  });
});

describe('privileged changes of the contracts', () => {
  const lib = 'contracts/b..main';
  const latest = '/odmd-share/contracts/b..main/contractsLibLatest';
  const movedManager = coffeeContracts({ managerOn: Reaction.approve(intern) });

  async function published(): Promise<{ world: World; sha: string }> {
    const world = await World.deployed({ managerOn: Reaction.approve(boss) }, { contractApprovers: [boss] });
    return { world, sha: await world.publish(movedManager) };
  }

  it('are applied when one of those whom the installation names has granted them', async () => {
    const { world, sha } = await published();
    const answer = world.ports.notifier.answers.at(-1)?.message;
    expect(answer).toContain('ODMD412');
    expect(answer).toContain('workspace1/Boss');
    expect((await world.ports.records.get('applied', 'applied'))?.sha).not.toBe(sha);
    const decision = { enver: lib, path: latest, version: sha, granted: true };
    await expect(world.plane.decide({ ...decision, by: intern })).rejects.toMatchObject({ code: 'ODMD408' });
    await world.plane.decide({ ...decision, by: boss });
    await world.rest();
    expect((await world.ports.records.get('applied', 'applied'))?.sha).toBe(sha);
    expect((await world.record(lib)).reason).not.toContain('not applied');
  });

  it('are not applied when they are refused, and newer contracts are judged anew', async () => {
    const { world, sha } = await published();
    await world.plane.decide({ enver: lib, path: latest, version: sha, granted: false, by: boss });
    await world.rest();
    expect((await world.record(lib)).reason).toContain('(refused)');
    const harmless = await world.publish(
      coffeeContracts({ managerOn: Reaction.approve(boss), webReadsMenu: true }),
    );
    expect((await world.ports.records.get('applied', 'applied'))?.sha).toBe(harmless);
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
