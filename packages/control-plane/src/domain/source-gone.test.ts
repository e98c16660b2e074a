import { describe, expect, it } from 'vitest';
import { cloned, ids, latte, manager, shop, web } from '../testing/clones.js';
import { coffeeContracts } from '../testing/coffee-contracts.js';
import { main, World } from '../testing/world.js';

const mainWeb = 'web/b..main';

/** The branch of the shop goes at the moment at which this enver gets its roles: the last thing before its dispatch. */
function goesBeforeDispatch(world: World, enver: string, revision = main): void {
  const { stacks, source } = world.ports;
  const ensure = stacks.ensure.bind(stacks);
  stacks.ensure = async (entry) => {
    if (entry.id === enver) {
      source.deleteRef(shop, revision);
      stacks.ensure = ensure;
    }
    return ensure(entry);
  };
}

describe('a branch that goes before a job of its is dispatched', () => {
  it('leaves a static enver as it is deployed, without its source', async () => {
    const world = await World.deployed();
    goesBeforeDispatch(world, mainWeb);
    await world.push(shop, { 'web/a': '2' });
    expect(await world.record(mainWeb)).toMatchObject({
      phase: 'deployed',
      pending: [],
      conditions: [{ type: 'SourceMissing', message: expect.stringContaining('keeps running') }],
    });
    expect((await world.record(mainWeb)).run).toBeUndefined();
    const files = { 'manager/a': '1', 'processor/a': '1', 'web/a': '3' };
    await world.push(shop, files, 'the branch is back');
    expect((await world.record(mainWeb)).phase).toBe('running');
    expect((await world.record(mainWeb)).conditions).toBeUndefined();
  });

  it('leaves one that was never deployed idle', async () => {
    const world = await World.deployed({ webOnDev: true });
    const dev = { kind: 'branch', ref: 'dev' } as const;
    goesBeforeDispatch(world, 'web/b..dev', dev);
    await world.push(shop, { 'web/a': '2' }, 'work', dev);
    expect(await world.record('web/b..dev')).toMatchObject({
      phase: 'idle',
      reason: `the branch dev of ${shop} does not exist yet`,
    });
  });

  it('takes its clones along', async () => {
    const world = await World.deployed();
    goesBeforeDispatch(world, web, latte);
    await world.push(shop, { 'web/a': '2' }, 'odmd: create web@main', latte);
    expect((await world.record(web)).deleting).toBe('its branch is gone');
    await world.tornDown(web);
    expect(await ids(world)).not.toContain(web);
  });

  it('holds up nobody behind it', async () => {
    const world = await World.deployed();
    const { source } = world.ports;
    const dispatch = source.dispatch.bind(source);
    source.dispatch = async (run) => {
      if (run.enverId === 'foundation/b..main') source.deleteRef('coffee/foundation', main);
      await dispatch(run);
    };
    await world.push('coffee/foundation', { 'index.js': '2' });
    expect((await world.record('foundation/b..main')).conditions).toMatchObject([{ type: 'SourceMissing' }]);
    await world.push(shop, { 'manager/a': '2', 'web/a': '2' });
    await world.succeed('manager/b..main', { api: 'm2' });
    expect((await world.record(mainWeb)).phase).toBe('running');
  });

  it('is found out when a process died between the record and the dispatch, too', async () => {
    const world = await cloned('odmd: create manager@main');
    const { source } = world.ports;
    source.runs.clear();
    source.deleteRef(shop, latte);
    await world.tell({ kind: 'enver', id: manager });
    expect((await world.record(manager)).deleting).toBe('its branch is gone');
  });
});

describe('a dispatch that the host refuses although the branch is there', () => {
  it('is tried again', async () => {
    const world = await World.deployed();
    const { source } = world.ports;
    const dispatch = source.dispatch.bind(source);
    source.dispatch = async (run) => dispatch({ ...run, revision: { kind: 'branch', ref: 'disabled' } });
    await expect(world.push(shop, { 'web/a': '2' })).rejects.toMatchObject({ code: 'ODMD434' });
    expect((await world.record(mainWeb)).phase).toBe('running');
    source.dispatch = dispatch;
    await world.plane.handle({ kind: 'enver', id: mainWeb });
    expect(await source.findRun(shop, (await world.record(mainWeb)).run?.dispatchId ?? '')).toBeDefined();
  });
});

describe('a branch that is back', () => {
  it('holds up those behind it until somebody knows what they have to follow', async () => {
    const world = await World.deployed();
    world.ports.source.deleteRef(shop, main);
    const ref = { kind: 'ref', repo: shop, ref: 'refs/heads/main' } as const;
    await world.tell(ref);
    // The menu changes, and nobody can follow.
    await world.push('coffee/foundation', { 'index.js': '2' });
    await world.succeed('foundation/b..main', { menu: 'latte', motto: 'hello' });
    expect((await world.record('manager/b..main')).pending).toEqual([]);
    world.ports.source.push(shop, main, {
      message: 'back',
      files: { 'manager/a': '1', 'processor/a': '1', 'web/a': '2' },
    });
    await world.plane.handle(ref);
    expect(await world.record('manager/b..main')).toMatchObject({ untraced: true });
    await world.plane.handle({ kind: 'enver', id: mainWeb });
    expect((await world.record(mainWeb)).reason).toContain('behind manager/b..main');
    await world.rest();
    expect((await world.record('manager/b..main')).untraced).toBeUndefined();
  });
});

describe('a push while the contracts do not have the enver', () => {
  it('is followed when they have it again before its job has ended', async () => {
    const world = await World.deployed();
    await world.push(shop, { 'web/a': '2' });
    await world.publish(coffeeContracts({ withoutWeb: true }));
    const sha = await world.push(shop, { 'web/a': '3' });
    await world.publish(coffeeContracts());
    await world.succeed(mainWeb);
    expect((await world.record(mainWeb)).run?.vector.source.sha).toBe(sha);
  });
});
