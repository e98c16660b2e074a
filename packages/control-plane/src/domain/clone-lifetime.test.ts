import { describe, expect, it } from 'vitest';
import { cloned, ids, lastAnswer, latte, manager, processor, shop, web } from '../testing/clones.js';
import { coffeeContracts } from '../testing/coffee-contracts.js';
import { main, World } from '../testing/world.js';

describe('a clone goes', () => {
  it('when its branch is gone, and a static enver does not', async () => {
    const world = await cloned('odmd: create manager@main');
    world.ports.source.deleteRef(shop, latte);
    await world.tell({ kind: 'ref', repo: shop, ref: 'refs/heads/feature/latte' });
    await world.succeed(manager, { api: 'x' });
    await world.tornDown(manager);
    expect(await ids(world)).not.toContain(manager);
    world.ports.source.deleteRef(shop, main);
    await world.tell({ kind: 'ref', repo: shop, ref: 'refs/heads/main' });
    expect(await world.record('manager/b..main')).toMatchObject({
      phase: 'deployed',
      conditions: [{ type: 'SourceMissing', message: expect.stringContaining('keeps running') }],
    });
    await world.push(shop, {}, 'main is back');
    expect((await world.record('manager/b..main')).conditions).toBeUndefined();
  });

  it('when it expires, counted from the last push', async () => {
    const world = await cloned('odmd: create manager@main expires=2h');
    await world.succeed(manager, { api: 'x' });
    world.clock.advance(3_600_000);
    await world.push(shop, { 'manager/a': 'again' }, 'more', latte);
    await world.succeed(manager, { api: 'x' });
    world.clock.advance(3_600_001);
    await world.plane.tick();
    await world.rest();
    expect((await world.record(manager)).deleting).toBeUndefined();
    world.clock.advance(3_600_000);
    await world.plane.tick();
    await world.rest();
    expect((await world.record(manager)).deleting).toBe('it expired');
  });

  it('by itself, and those that used it are wired to the base again, so that it can', async () => {
    const world = await World.deployed();
    await world.push(shop, {}, 'odmd: create manager@main expires=1h', latte);
    await world.push(shop, {}, 'odmd: create web@main', latte);
    await world.succeed(manager, { api: 'x' });
    await world.succeed(web);
    await world.wait(3_600_000);
    expect(Object.keys((await world.record(web)).run?.vector.inputs ?? {})).toContain(
      '/odmd-share/manager/b..main/api',
    );
    await world.succeed(web);
    await world.tornDown(manager);
    expect(await ids(world)).not.toContain(manager);
  });

  it('and is no longer of the set of those that never used it', async () => {
    const world = await cloned('odmd: create manager@main expires=1h');
    await world.push(shop, {}, 'odmd: create processor@main', latte);
    await world.succeed(manager, { api: 'x' });
    await world.succeed(processor, { api: 'y' });
    expect((await world.record(processor)).clone?.builds).toEqual(['manager', 'processor']);
    await world.wait(3_600_000);
    await world.tornDown(manager);
    expect((await world.record(processor)).clone?.builds).toEqual(['processor']);
  });

  it('with what its job made, although the runner was lost', async () => {
    const world = await cloned('odmd: create manager@main');
    world.ports.source.unready.set(manager, {
      state: 'waiting',
      condition: 'WaitingForWorkflow',
      message: 'so that it is not started again',
    });
    await world.fail(manager, 'lost');
    await world.push(shop, {}, 'odmd: delete', latte);
    await world.tornDown(manager);
    expect(await ids(world)).not.toContain(manager);
  });

  it('when its base leaves the contracts, while the base itself is kept as retired', async () => {
    const world = await cloned('odmd: create web@main');
    await world.succeed(web);
    await world.publish(coffeeContracts({ withoutWeb: true }));
    await world.tornDown(web);
    expect(await ids(world)).not.toContain(web);
    expect((await world.record('web/b..main')).phase).toBe('retired');
  });
});

describe('a clone that is asked for again', () => {
  it('with another lifetime stays as long as was asked for last', async () => {
    const world = await cloned('odmd: create web@main expires=2h');
    await world.push(shop, {}, 'odmd: create web@main until=pr', latte);
    expect(lastAnswer(world)).toContain('how long it stays is what was asked for now');
    expect((await world.record(web)).clone).toMatchObject({ until: 'pr' });
    expect((await world.record(web)).clone?.expiresAfterMs).toBeUndefined();
    expect(world.dispatched).toEqual([web]);
  });
});
