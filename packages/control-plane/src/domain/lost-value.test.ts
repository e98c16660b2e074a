import { describe, expect, it } from 'vitest';
import { coffeeContracts } from '../testing/coffee-contracts.js';
import { World } from '../testing/world.js';

const foundation = 'foundation/b..main';
const manager = 'manager/b..main';
const processor = 'processor/b..main';
const web = 'web/b..main';
const MENU = '/odmd-share/foundation/b..main/menu';

async function loseMenu(world: World): Promise<void> {
  await world.ports.config.deleteMany([MENU]);
  for (const id of [manager, processor, web]) await world.tell({ kind: 'enver', id });
}

describe('a value that somebody has deleted by hand', () => {
  it('is waited for, and is no change of the contracts', async () => {
    const world = await World.deployed();
    await loseMenu(world);
    expect(await world.phases()).toMatchObject({
      [manager]: `waiting: needs ${foundation}/menu, which ${foundation} was deployed without (\`odmd deploy ${foundation}\`)`,
      [web]: expect.stringMatching(/^deployed: /),
    });
    expect((await world.record(manager)).pending).toEqual([]);
  });

  it('holds up nobody for a change of the contracts that everybody has followed', async () => {
    const world = await World.deployed();
    const sha = await world.publish(coffeeContracts({ webRegion: 'eu-west-1', managerMinutes: 31 }));
    await loseMenu(world);
    await world.fail(web, 'lost');
    expect((await world.record(web)).run?.roots).toEqual([`contracts@${sha}`]);
  });

  it('is a change of its own where there is a placeholder', async () => {
    const world = await World.deployed({ menuPlaceholder: 'water' });
    const version = (await world.record(manager)).deployed?.vector.inputs[MENU];
    await loseMenu(world);
    expect(world.dispatched).toEqual([manager]);
    expect((await world.record(manager)).run).toMatchObject({
      roots: [`lost ${foundation}/menu ${version} to ${manager}`],
      vector: { inputs: { [MENU]: expect.stringMatching(/^placeholder#/) } },
    });
    expect((await world.record(web)).phase).toBe('deployed');
  });

  it('is not replaced by a placeholder while a run is about to bring it back', async () => {
    const world = await World.deployed({ menuPlaceholder: 'water' });
    await world.push('coffee/foundation', { 'index.js': '2' });
    await loseMenu(world);
    expect(world.dispatched).toEqual([foundation]);
    expect((await world.record(manager)).reason).toBe(`behind ${foundation}`);
    await world.succeed(foundation, { menu: 'espresso', motto: 'hello' });
    expect((await world.record(manager)).phase).toBe('deployed');
    expect(world.dispatched).toEqual([foundation]);
  });
});
