import { describe, expect, it } from 'vitest';
import { coffeeContracts } from '../testing/coffee-contracts.js';
import { World } from '../testing/world.js';

const foundation = 'foundation/b..main';
const manager = 'manager/b..main';
const processor = 'processor/b..main';
const web = 'web/b..main';

describe('a first deployment', () => {
  it('goes in the order of dependencies, whoever was pushed first', async () => {
    const world = new World();
    await world.publish(coffeeContracts());
    world.dispatched.length = 0;
    await world.push('coffee/shop', { 'manager/a': '1', 'processor/a': '1', 'web/a': '1' });
    expect(world.dispatched).toEqual([]);
    expect(await world.phases()).toMatchObject({
      [manager]: 'waiting: needs foundation/b..main/menu',
      [web]: 'waiting: needs manager/b..main/api, processor/b..main/api',
    });
    await world.push('coffee/foundation', { 'index.js': '1' });
    await world.succeed(foundation, { menu: 'espresso', motto: 'hello' });
    await world.succeed(manager, { api: 'm' });
    expect(world.dispatched).toEqual([foundation, manager, processor]);
    await world.succeed(processor, { api: 'p' });
    expect(world.dispatched).toEqual([foundation, manager, processor, web]);
    await world.succeed(web);
    expect((await world.record(web)).phase).toBe('deployed');
  });
});

describe('a product of a run that goes on', () => {
  it('is not consumed yet, whatever change the consumer is pending for', async () => {
    const world = new World();
    await world.publish(coffeeContracts());
    await world.push('coffee/shop', { 'manager/a': '1', 'processor/a': '1', 'web/a': '1' });
    await world.push('coffee/foundation', { 'index.js': '1' });
    world.dispatched.length = 0;
    await world.ports.config.put('/odmd-share/foundation/b..main/menu', '"half"');
    await world.plane.productsPublished(['/odmd-share/foundation/b..main/menu'], 'half a publication');
    await world.rest();
    expect(world.dispatched).toEqual([]);
    await world.succeed(foundation, { menu: 'whole', motto: 'hello' });
    expect(world.dispatched).toEqual([manager, processor]);
  });
});

describe('a changed product', () => {
  it('redeploys those it reaches, in phases, and the tip of the diamond once', async () => {
    const world = await World.deployed();
    await world.push('coffee/foundation', { 'index.js': '2' });
    await world.succeed(foundation, { menu: 'latte', motto: 'hello' });
    expect(world.dispatched).toEqual([foundation, manager, processor]);
    await world.succeed(manager, { api: 'm2' });
    expect(world.dispatched).toEqual([foundation, manager, processor]);
    expect((await world.record(web)).reason).toContain('behind');
    await world.succeed(processor, { api: 'p2' });
    expect(world.dispatched).toEqual([foundation, manager, processor, web]);
    await world.succeed(web);
    expect((await world.record(web)).deployed?.vector.inputs).toMatchObject({
      '/odmd-share/manager/b..main/api': expect.stringMatching(/^2#/),
      '/odmd-share/processor/b..main/api': expect.stringMatching(/^2#/),
      '/odmd-share/foundation/b..main/motto': expect.stringMatching(/^1#/),
    });
  });

  it('that is unchanged redeploys nobody', async () => {
    const world = await World.deployed();
    await world.push('coffee/foundation', { 'index.js': '2' });
    await world.succeed(foundation, { menu: 'espresso', motto: 'hello' });
    expect(world.dispatched).toEqual([foundation]);
    expect((await world.record(manager)).phase).toBe('deployed');
  });

  it('that is consumed with the reaction ignore redeploys nobody', async () => {
    const world = await World.deployed();
    await world.push('coffee/foundation', { 'index.js': '2' });
    await world.succeed(foundation, { menu: 'espresso', motto: 'bye' });
    expect(world.dispatched).toEqual([foundation]);
  });
});

describe('a push', () => {
  it('redeploys only the builds whose folder it touches', async () => {
    const world = await World.deployed();
    await world.push('coffee/shop', { 'manager/a': '2' });
    expect(world.dispatched).toEqual([manager]);
    await world.succeed(manager, { api: 'http://manager' });
    expect(world.dispatched).toEqual([manager]);
    expect((await world.record(web)).phase).toBe('deployed');
  });

  it('of several builds is one change: the dependent waits for its upstream', async () => {
    const world = await World.deployed();
    await world.push('coffee/shop', { 'manager/a': '2', 'web/a': '2' });
    expect(world.dispatched).toEqual([manager]);
    await world.succeed(manager, { api: 'http://manager' });
    expect(world.dispatched).toEqual([manager, web]);
  });

  it('during a run is another change: it is deployed after the run, and nobody waits for it', async () => {
    const world = await World.deployed();
    await world.push('coffee/foundation', { 'index.js': '2' });
    await world.push('coffee/foundation', { 'index.js': '3' });
    expect(world.dispatched).toEqual([foundation]);
    await world.succeed(foundation, { menu: 'latte', motto: 'hello' });
    expect(world.dispatched.slice(1).sort()).toEqual([foundation, manager, processor]);
    await world.succeed(foundation, { menu: 'mocha', motto: 'hello' });
    expect(world.dispatched).toHaveLength(4);
    await world.succeed(manager, { api: 'm2' });
    expect(world.dispatched.slice(4)).toEqual([manager]);
  });
});

describe('a failure', () => {
  async function failing(): Promise<World> {
    const world = await World.deployed();
    await world.push('coffee/shop', { 'manager/a': 'bug', 'web/a': '2' });
    await world.fail(manager);
    return world;
  }

  it('stops what is behind it, with the reason', async () => {
    const world = await failing();
    expect(world.dispatched).toEqual([manager]);
    expect(await world.phases()).toMatchObject({
      [manager]: 'failed: failure on purpose',
      [web]: 'blocked: manager/b..main failed',
    });
  });

  it('is not repeated without a new cause, and is healed by the next push', async () => {
    const world = await failing();
    await world.plane.sweep();
    await world.rest();
    expect(world.dispatched).toEqual([manager]);
    await world.push('coffee/shop', { 'manager/a': 'fixed' });
    await world.succeed(manager, { api: 'http://manager' });
    await world.succeed(web);
    expect(world.dispatched).toEqual([manager, manager, web]);
    expect((await world.record(web)).phase).toBe('deployed');
  });

  it('blocks only for its own change: a newer push of the blocked enver goes ahead', async () => {
    const world = await failing();
    await world.push('coffee/shop', { 'web/a': '3' });
    expect(world.dispatched).toEqual([manager, web]);
  });

  it('is over when the change is taken back', async () => {
    const world = await failing();
    await world.push('coffee/shop', { 'manager/a': '1', 'web/a': '1' });
    expect(world.dispatched).toEqual([manager]);
    expect(await world.phases()).toMatchObject({
      [manager]: expect.stringMatching(/^deployed: at/),
      [web]: expect.stringMatching(/^deployed: at/),
    });
  });

  it('is ignored by somebody who asks for a deployment', async () => {
    const world = await failing();
    await world.plane.deploy(web, 'a person');
    await world.rest();
    expect(world.dispatched).toEqual([manager, web]);
  });

  it('of the runner is tried once more', async () => {
    const world = await World.deployed();
    await world.push('coffee/foundation', { 'index.js': '2' });
    await world.fail(foundation, 'lost');
    expect(world.dispatched).toEqual([foundation, foundation]);
    await world.fail(foundation, 'lost');
    expect(world.dispatched).toEqual([foundation, foundation]);
    expect((await world.record(foundation)).phase).toBe('failed');
  });
});

describe('an event about a path that no enver has', () => {
  it('changes nothing', async () => {
    const world = await World.deployed();
    const before = await world.plane.envers();
    await world.plane.productsPublished(['/odmd-share/nobody/b..main/x', 'nonsense', ''], 'event');
    await world.plane.enverSpoke('nobody/b..main', 'event');
    await world.plane.stackChanged('odmd-enver-nobody--main', 'event');
    await world.rest();
    expect(await world.plane.envers()).toEqual(before);
  });
});

describe('lost hints', () => {
  it('are healed by the sweep', async () => {
    const world = await World.deployed();
    world.ports.source.push(
      'coffee/foundation',
      { kind: 'branch', ref: 'main' },
      { message: 'quiet', files: { 'index.js': '2' } },
    );
    await world.rest();
    expect(world.dispatched).toEqual([]);
    await world.plane.sweep();
    await world.rest();
    expect(world.dispatched).toEqual([foundation]);
  });
});

describe('a deployment that somebody asked for', () => {
  it('and that fails stays failed, although nothing had changed', async () => {
    const world = await World.deployed();
    await world.plane.deploy(web, 'a person');
    await world.rest();
    await world.fail(web);
    await world.plane.sweep();
    await world.rest();
    expect((await world.record(web)).phase).toBe('failed');
    await world.plane.deploy(web, 'a person again');
    await world.rest();
    await world.succeed(web);
    expect((await world.record(web)).phase).toBe('deployed');
  });

  it('is asked for still when its runner is lost', async () => {
    const world = await World.deployed();
    await world.plane.deploy(web, 'a person');
    await world.rest();
    await world.fail(web, 'lost');
    expect(world.dispatched).toEqual([web, web]);
  });
});

describe('what a failed run has published', () => {
  it('is consumed by nobody behind it before it is healed', async () => {
    const world = await World.deployed();
    await world.push('coffee/foundation', { 'index.js': '2' });
    await world.ports.config.put('/odmd-share/foundation/b..main/menu', '"half"');
    await world.plane.productsPublished(['/odmd-share/foundation/b..main/menu'], 'half a publication');
    await world.rest();
    await world.fail(foundation);
    expect(world.dispatched).toEqual([foundation]);
    expect((await world.record(manager)).phase).toBe('blocked');
    await world.push('coffee/foundation', { 'index.js': '3' });
    await world.succeed(foundation, { menu: 'whole', motto: 'hello' });
    expect(world.dispatched).toEqual([foundation, foundation, manager, processor]);
  });
});
