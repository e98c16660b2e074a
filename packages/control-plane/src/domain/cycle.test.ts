import {
  Build,
  Consumer,
  Contracts,
  ContractsLibEnver,
  Producer,
  Revision,
  ScriptEnver,
} from '@ondemandenv/contracts-base';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { World } from '../testing/world.js';

const zone = 'zone/b..main';
const log = 'log/b..main';

/** Two envers that consume each other: `zone` can start without the other. */
function cyclic(): Contracts {
  const contracts = new Contracts('coffee', {
    accounts: { w: { id: '222222222222' } },
    repos: Object.fromEntries(['contracts', 'one'].map((name) => [name, { owner: 'coffee', name }])),
  });
  const place = { revision: Revision.branch('main'), account: 'w', region: 'us-west-1' };
  new ContractsLibEnver(new Build(contracts, 'contracts', { repo: 'contracts' }), place);
  const [a, b] = ['zone', 'log'].map(
    (id) =>
      new ScriptEnver(new Build(contracts, id, { repo: 'one', workDir: id }), { ...place, deploy: ['x'] }),
  );
  if (!a || !b) throw new Error('unreachable');
  const out = new Producer(a, 'out', { schema: z.string() });
  new Consumer(b, 'in', out);
  new Consumer(a, 'in', new Producer(b, 'out', { schema: z.string() }), { placeholder: 'none yet' });
  return contracts;
}

async function started(): Promise<World> {
  const world = new World();
  await world.publish(cyclic());
  await world.push('coffee/one', { 'log/a': '1', 'zone/a': '1' });
  world.dispatched.length = 0;
  return world;
}

it('starts with the placeholder and settles when values stop changing', async () => {
  const world = await started();
  expect((await world.record(zone)).run?.vector.inputs['/odmd-share/log/b..main/out']).toMatch(
    /^placeholder#/,
  );
  await world.succeed(zone, { out: 'z' });
  await world.succeed(log, { out: 'l' });
  await world.succeed(zone, { out: 'z' });
  expect(world.dispatched).toEqual([log, zone]);
  expect(await world.phases()).toMatchObject({
    [zone]: expect.stringMatching(/^deployed/),
    [log]: expect.stringMatching(/^deployed/),
  });
});

it('that never settles is stopped, says so, and goes on with the next push', async () => {
  const world = await started();
  for (let round = 0; round < 20; round++) {
    const running = (await world.plane.envers()).find((enver) => enver.run);
    if (!running) break;
    await world.succeed(running.id, { out: `round ${round}` });
  }
  expect(world.dispatched.length).toBeLessThan(12);
  expect(Object.values(await world.phases())).toContainEqual(
    'blocked: its cycle does not settle: it was deployed 5 times for the same change',
  );
  world.dispatched.length = 0;
  await world.push('coffee/one', { 'zone/a': '2' });
  expect(world.dispatched).toEqual([zone]);
});

it('can be deleted as clones that use each other', async () => {
  const world = await started();
  await world.succeed(zone, { out: 'z' });
  await world.succeed(log, { out: 'l' });
  await world.succeed(zone, { out: 'z' });
  const branch = { kind: 'branch', ref: 'x' } as const;
  await world.push('coffee/one', { 'zone/a': '1' }, 'odmd: create@main', branch);
  for (const enver of await world.plane.envers())
    if (enver.run) await world.succeed(enver.id, { out: 'clone' });
  for (const enver of await world.plane.envers())
    if (enver.run) await world.succeed(enver.id, { out: 'clone' });
  await world.push('coffee/one', {}, 'odmd: delete', branch);
  for (const enver of await world.plane.envers())
    if (enver.run) await world.succeed(enver.id, { out: 'clone' });
  expect((await world.plane.envers()).filter((enver) => enver.clone)).toEqual([]);
});
