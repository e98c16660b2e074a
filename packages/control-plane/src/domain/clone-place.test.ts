import { describe, expect, it } from 'vitest';
import { cloneOf, ids, lastAnswer, latte, mocha, shop, web } from '../testing/clones.js';
import { World } from '../testing/world.js';

describe('a branch whose name is like a pattern of the contract', () => {
  async function world(expires?: string): Promise<World> {
    const made = await World.deployed({ autoClones: ['feature/*', 'ai/*'], ...(expires && { expires }) });
    await made.push(shop, { 'web/a': 'x' }, 'no command at all', latte);
    return made;
  }

  it('gets its clone by itself, and no other branch does', async () => {
    const made = await world();
    expect(made.dispatched).toEqual([web]);
    await made.push(shop, { 'web/a': 'y' }, 'work', { kind: 'branch', ref: 'latte' });
    expect(made.dispatched).toEqual([web]);
  });

  it('does not get it again after somebody deleted it, before somebody asks', async () => {
    const made = await world();
    await made.succeed(web);
    await made.push(shop, {}, 'odmd: delete', latte);
    await made.tornDown(web);
    await made.push(shop, { 'web/a': 'z' }, 'work goes on', latte);
    expect(await ids(made)).not.toContain(web);
    await made.push(shop, {}, 'odmd: create@main', latte);
    expect(await ids(made)).toContain(web);
  });

  it('loses it when the time of the contract is over', async () => {
    const made = await world('2h');
    await made.succeed(web);
    made.clock.advance(2 * 3_600_000);
    await made.plane.tick();
    await made.rest();
    expect((await made.record(web)).deleting).toBe('it expired');
  });
});

describe('a clone of which there may be no more', () => {
  async function full(): Promise<World> {
    const world = await World.deployed({ autoClones: ['feature/*'], maxClones: 1 });
    await world.push(shop, {}, 'work', latte);
    await world.succeed(web);
    await world.push(shop, {}, 'work', mocha);
    return world;
  }

  it('waits for its place when the contract gives it, and says so once', async () => {
    const world = await full();
    expect(await ids(world)).not.toContain(cloneOf('web', mocha));
    expect(lastAnswer(world)).toContain('one is made here as soon as another goes');
    const said = world.ports.notifier.answers.length;
    await world.plane.sweep();
    await world.rest();
    await world.push(shop, {}, 'more work', mocha);
    expect(world.ports.notifier.answers).toHaveLength(said);
    await world.push(shop, {}, 'odmd: delete', latte);
    await world.tornDown(web);
    expect(await ids(world)).toContain(cloneOf('web', mocha));
    expect((await world.ports.records.get('clones', 'web/b..main'))?.count).toBe(1);
  });

  it('does not wait any more when its branch is gone', async () => {
    const world = await full();
    world.ports.source.deleteRef(shop, mocha);
    await world.tell({ kind: 'ref', repo: shop, ref: 'refs/heads/feature/mocha' });
    await world.push(shop, {}, 'odmd: delete', latte);
    await world.tornDown(web);
    expect((await world.ports.records.get('clones', 'web/b..main'))?.count).toBe(0);
  });
});
