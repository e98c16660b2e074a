import { describe, expect, it } from 'vitest';
import { cloned, deployClones, ids, latte, manager, processor, shop, web } from '../testing/clones.js';
import { World } from '../testing/world.js';

describe('odmd: delete', () => {
  it('removes consumers before producers, and everything of them', async () => {
    const world = await cloned();
    await deployClones(world);
    await world.push(shop, {}, 'done\n\nodmd: delete', latte);
    expect(world.dispatched.slice(3)).toEqual([web]);
    await world.tornDown(web);
    expect(world.dispatched.slice(3)).toEqual([web, manager, processor]);
    await world.tornDown(manager);
    await world.tornDown(processor);
    expect((await ids(world)).filter((id) => id.includes('-_'))).toEqual([]);
    expect((await world.ports.config.list('/odmd-share/')).filter((path) => path.includes('-_'))).toEqual([]);
    expect((await world.ports.config.list('/odmd-state/')).filter((path) => path.includes('-_'))).toEqual([]);
    expect([...world.ports.stacks.provisioned].filter((id) => id.includes('-_'))).toEqual([]);
    expect((await world.ports.records.get('clones', 'web/b..main'))?.count).toBe(0);
  });

  it('in the same push as the create leaves nothing', async () => {
    const world = await World.deployed();
    world.ports.source.push(shop, latte, { message: 'odmd: create@main' });
    await world.push(shop, {}, 'odmd: delete', latte);
    expect((await ids(world)).filter((id) => id.includes('-_'))).toEqual([]);
  });

  it('of one build rewires those that stay, and waits until they no longer use it', async () => {
    const world = await cloned();
    await deployClones(world);
    await world.push(shop, {}, 'odmd: delete manager', latte);
    expect(world.dispatched.slice(3)).toEqual([web]);
    await world.succeed(web);
    expect(world.dispatched.slice(3)).toEqual([web, manager]);
    await world.tornDown(manager);
    expect(await ids(world)).not.toContain(manager);
  });

  it('of one build waits for a job that goes on with its products', async () => {
    const world = await cloned();
    await world.succeed(manager, { api: 'm-latte' });
    await world.succeed(processor, { api: 'p-latte' });
    await world.push(shop, {}, 'odmd: delete manager', latte);
    expect((await world.record(manager)).reason).toBe(`after ${web}, which still uses its products`);
    await world.succeed(web);
    expect((await world.record(manager)).run).toBeUndefined();
    await world.succeed(web);
    await world.tornDown(manager);
    expect(await ids(world)).not.toContain(manager);
  });

  it('of one build does not wait for a job that has failed with its products', async () => {
    const world = await cloned();
    await world.succeed(manager, { api: 'm-latte' });
    await world.succeed(processor, { api: 'p-latte' });
    await world.push(shop, {}, 'odmd: delete manager', latte);
    await world.fail(web);
    await world.wait(60_000);
    await world.tornDown(manager);
    expect(await ids(world)).not.toContain(manager);
  });

  it('retries a teardown that failed, and keeps the record with the reason until then', async () => {
    const world = await cloned('odmd: create manager@main');
    await world.succeed(manager, { api: 'x' });
    await world.push(shop, {}, 'odmd: delete', latte);
    await world.fail(manager);
    expect((await world.record(manager)).reason).toContain('teardown failed');
    world.clock.advance(61_000);
    await world.plane.tick();
    await world.rest();
    await world.tornDown(manager);
    expect(await ids(world)).not.toContain(manager);
  });

  it('and a new create later make a new clone', async () => {
    const world = await cloned('odmd: create manager@main');
    await world.succeed(manager, { api: 'x' });
    await world.push(shop, {}, 'odmd: delete', latte);
    await world.tornDown(manager);
    world.dispatched.length = 0;
    await world.push(shop, {}, 'odmd: create manager@main', latte);
    expect(world.dispatched).toEqual([manager]);
  });
});
