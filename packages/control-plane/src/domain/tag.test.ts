import type { RevisionRef } from '@ondemandenv/contracts-base';
import { describe, expect, it } from 'vitest';
import { coffeeContracts } from '../testing/coffee-contracts.js';
import { World } from '../testing/world.js';

const tag: RevisionRef = { kind: 'tag', ref: 'v1' };
const rates = 'rates/t..v1';
const release = 'release/t..v1';

async function released(): Promise<World> {
  const world = await World.deployed({ release: ['rates'] });
  await world.push('coffee/release', { 'rates/a': '1', 'release/a': '1' }, 'release 1', tag);
  await world.succeed(rates, { rates: '4 %', fees: '1' });
  await world.succeed(release);
  world.dispatched.length = 0;
  return world;
}

describe('an enver of a tag', () => {
  it('is built once, wherever the tag is moved to, which is told', async () => {
    const world = await released();
    const { deployed } = await world.record(rates);
    await world.push('coffee/release', { 'rates/a': '2' }, 'moved', tag);
    expect(world.dispatched).toEqual([]);
    expect(await world.record(rates)).toMatchObject({
      phase: 'deployed',
      deployed,
      conditions: [{ type: 'TagMoved', message: expect.stringContaining('make a new tag') }],
    });
  });

  it('is built from the commit that was dispatched, also when the tag is moved meanwhile', async () => {
    const world = await World.deployed({ release: ['rates'] });
    const first = await world.push('coffee/release', { 'rates/a': '1' }, 'release 1', tag);
    await world.push('coffee/release', { 'rates/a': '2' }, 'moved', tag);
    await world.succeed(rates, { rates: '4 %', fees: '1' });
    expect(world.dispatched.filter((id) => id === rates)).toHaveLength(1);
    expect(await world.record(rates)).toMatchObject({
      deployed: { vector: { source: { sha: first } } },
      conditions: [{ type: 'TagMoved' }],
    });
    await world.plane.deploy(rates, 'by hand');
    await world.rest();
    expect((await world.record(rates)).run?.vector.source.sha).toBe(first);
  });

  it('does not follow inputs that change all the same, which is told', async () => {
    const world = await released();
    await world.plane.deploy(rates, 'by hand');
    await world.rest();
    await world.succeed(rates, { rates: '5 %', fees: '1' });
    expect(world.dispatched).toEqual([rates]);
    expect((await world.record(release)).conditions).toEqual([
      expect.objectContaining({ type: 'BuiltOnce', message: expect.stringContaining('rates 1 → 2') }),
    ]);
    await world.plane.deploy(release, 'by hand');
    await world.rest();
    await world.succeed(release);
    expect((await world.record(release)).conditions).toBeUndefined();
  });

  it('keeps its contract’s inputs: contracts that change them are refused', async () => {
    const world = await released();
    await world.publish(coffeeContracts({ release: ['rates', 'fees'] }));
    const answer = world.ports.notifier.answers.at(-1)?.message;
    expect(answer).toContain('ODMD411');
    expect(answer).toContain(release);
    expect((await world.record('contracts/b..main')).reason).toContain('not applied');
  });

  it('may change its contract before it was built', async () => {
    const world = await World.deployed({ release: ['rates'] });
    await world.publish(coffeeContracts({ release: ['rates', 'fees'] }));
    expect((await world.record(release)).consumes).toHaveLength(2);
  });

  it('is tried again when its first deployment failed and its tag was moved', async () => {
    const world = await World.deployed({ release: ['rates'] });
    await world.push('coffee/release', { 'rates/a': '1' }, 'release 1', tag);
    await world.fail(rates);
    await world.push('coffee/release', { 'rates/a': '2' }, 'mended', tag);
    await world.succeed(rates, { rates: '4 %', fees: '1' });
    expect(await world.record(rates)).toMatchObject({ phase: 'deployed' });
    expect((await world.record(rates)).conditions).toBeUndefined();
  });
});
