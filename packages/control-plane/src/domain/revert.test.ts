import { expect, it } from 'vitest';
import { shop } from '../testing/clones.js';
import { World } from '../testing/world.js';

const web = 'web/b..main';

it('a push that takes back what is being deployed is a change that those behind can see', async () => {
  const world = await World.deployed();
  await world.push(shop, { 'web/a': '2' });
  const revert = await world.push(shop, { 'web/a': '1' });
  expect((await world.record(web)).pending).toMatchObject([{ root: `push ${shop}@${revert}` }]);
  await world.succeed(web);
  expect((await world.record(web)).run).toMatchObject({
    roots: [`push ${shop}@${revert}`],
    vector: { source: { sha: revert } },
  });
});

it('a push that takes back what then fails needs no deployment', async () => {
  const world = await World.deployed();
  await world.push(shop, { 'web/a': '2' });
  await world.push(shop, { 'web/a': '1' });
  await world.fail(web);
  expect(await world.record(web)).toMatchObject({ phase: 'deployed', pending: [] });
  expect((await world.record(web)).failed).toBeUndefined();
});
