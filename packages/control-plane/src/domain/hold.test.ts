import { describe, expect, it } from 'vitest';
import { main, World } from '../testing/world.js';

const manager = 'manager/b..main';
const processor = 'processor/b..main';
const web = 'web/b..main';
const HOUR = 3_600_000;

describe('a gate', () => {
  /** The manager can never be dispatched, and web is behind it. */
  async function stuck(): Promise<World> {
    const world = await World.deployed();
    world.ports.source.unready.set(manager, {
      state: 'waiting',
      condition: 'WaitingForWorkflow',
      message: 'merge pull request #3 of coffee/shop first',
    });
    await world.push('coffee/shop', { 'manager/a': '2', 'web/a': '2' });
    return world;
  }

  it('stays closed while somebody upstream waits, and says for whom and why', async () => {
    const world = await stuck();
    await world.wait(HOUR - 60_000);
    expect(world.dispatched).toEqual([]);
    expect(await world.phases()).toMatchObject({
      [manager]: 'waiting: merge pull request #3 of coffee/shop first',
      [web]: `waiting: behind ${manager}`,
    });
    expect((await world.record(manager)).conditions).toEqual([
      expect.objectContaining({ type: 'WaitingForWorkflow', since: 1_000_000 }),
    ]);
  });

  it('opens with a warning when those it waits for did not move for an hour', async () => {
    const world = await stuck();
    await world.wait(HOUR);
    expect(world.dispatched).toEqual([web]);
    expect((await world.record(web)).conditions).toEqual([
      expect.objectContaining({ type: 'GateOpened', message: expect.stringContaining(manager) }),
    ]);
    expect(world.ports.notifier.alarms).toEqual([
      { enver: web, message: expect.stringContaining('did not move for 60 minutes') },
    ]);
  });

  it('does not open while a job runs upstream, which has a limit of its own', async () => {
    const world = await World.deployed({ managerMinutes: 90 });
    await world.push('coffee/shop', { 'manager/a': '2', 'web/a': '2' });
    await world.wait(HOUR + 1);
    expect(world.dispatched).toEqual([manager]);
    expect((await world.record(web)).reason).toBe(`behind ${manager}`);
  });

  it('counts anew when those it waits for change', async () => {
    const world = await stuck();
    world.ports.source.unready.set(processor, {
      state: 'waiting',
      condition: 'WaitingForWorkflow',
      message: '',
    });
    await world.push('coffee/shop', { 'processor/a': '2', 'web/a': '3' });
    await world.wait(HOUR / 2);
    world.ports.source.unready.delete(processor);
    await world.wait(60_000);
    await world.succeed(processor, { api: 'http://processor' });
    await world.wait(HOUR / 2);
    expect(world.dispatched).toEqual([processor]);
    await world.wait(HOUR / 2);
    expect(world.dispatched).toEqual([processor, web]);
  });
});

describe('an enver that waits for its workflow', () => {
  it('is dispatched once it is there, and the condition goes', async () => {
    const world = await World.deployed();
    const waiting = { state: 'waiting', condition: 'TagWithoutWorkflow', message: 'no file' } as const;
    world.ports.source.unready.set(web, waiting);
    await world.push('coffee/shop', { 'web/a': '2' });
    expect(world.dispatched).toEqual([]);
    world.ports.source.unready.clear();
    await world.wait(60_000);
    expect(world.dispatched).toEqual([web]);
    expect((await world.record(web)).conditions).toBeUndefined();
  });
});

describe('pacing', () => {
  it('spreads jobs over time: each goes at the moment that was reserved for it', async () => {
    const world = await World.deployed({}, { dispatchesPerMinute: 60 });
    const pace = await world.ports.records.get('pace', 'coffee');
    const now = world.clock.now();
    // As if others had used up what may be dispatched at once, and two more.
    const put = { kind: 'pace', id: 'coffee', version: 99, next: now + 12_000 } as const;
    await world.ports.records.transact([{ put, expect: pace?.version ?? 0 }]);
    await world.push('coffee/shop', { 'manager/a': '2', 'processor/a': '2' });
    expect(world.dispatched).toEqual([]);
    const waiting = [await world.record(manager), await world.record(processor)];
    expect(waiting.map(({ pacedUntil }) => pacedUntil).sort()).toEqual([now + 2_000, now + 3_000]);
    expect(waiting[0]?.reason).toContain('so many a minute');
    await world.plane.sweep();
    await world.rest();
    await world.wait(2_000);
    expect(world.dispatched).toHaveLength(1);
    await world.wait(1_000);
    expect([...world.dispatched].sort()).toEqual([manager, processor]);
    expect((await world.record(manager)).pacedUntil).toBeUndefined();
  });

  it('costs nothing where no limit is set', async () => {
    const world = await World.deployed();
    await world.push('coffee/shop', { 'web/a': '2' }, 'work', main);
    expect(await world.ports.records.get('pace', 'coffee')).toBeUndefined();
  });
});

describe('an enver whose workflow somebody has to merge', () => {
  it('is looked at when a branch of its repository is pushed', async () => {
    const world = await World.deployed();
    const { unready } = world.ports.source;
    const message = 'merge pull request #3 of coffee/foundation first';
    unready.set('foundation/b..main', { state: 'waiting', condition: 'WaitingForWorkflow', message });
    await world.push('coffee/foundation', { 'index.js': '2' });
    expect(world.dispatched).toEqual([]);
    unready.delete('foundation/b..main');
    await world.push('coffee/shop', {}, 'another repository');
    await world.push('coffee/foundation', {}, 'a tag', { kind: 'tag', ref: 'v1' });
    expect(world.dispatched).toEqual([]);
    // Its own branch is not the one that was pushed.
    await world.push('coffee/foundation', {}, 'merged', { kind: 'branch', ref: 'trunk' });
    expect(world.dispatched).toEqual(['foundation/b..main']);
    expect((await world.record('foundation/b..main')).conditions).toBeUndefined();
  });
});
