import { expect, it, vi } from 'vitest';
import { coffeeContracts } from '../testing/coffee-contracts.js';
import { World } from '../testing/world.js';

const web = 'web/b..main';

it('brings the roles of an enver in line with its contract, once, where nothing is deployed for it', async () => {
  const world = await World.deployed();
  const ensure = vi.spyOn(world.ports.stacks, 'ensure');
  await world.publish(coffeeContracts({ webServices: ['sqs'] }));
  expect(world.dispatched).toEqual(['contracts/b..main']);
  const services = () =>
    ensure.mock.calls.flatMap(([entry]) => (entry.id === web ? [entry.exec.services] : []));
  expect(services()).toEqual([['sqs']]);
  await world.tell({ kind: 'enver', id: web });
  await world.plane.sweep();
  await world.rest();
  expect(services()).toHaveLength(1);
});

it('lets a new account pull an image of which nothing else has changed', async () => {
  const world = await World.deployed({ imageIn: ['workspace1'] });
  await world.succeed('images/b..main', { 'server/imageDigest': 'sha256:1' });
  const ensure = vi.spyOn(world.ports.stacks, 'ensure');
  const made = () => ensure.mock.calls.filter(([entry]) => entry.id === 'images/b..main').length;
  await world.publish(coffeeContracts({ imageIn: ['workspace1'], managerMinutes: 31 }));
  expect(made()).toBe(0);
  await world.publish(coffeeContracts({ imageIn: ['workspace1', 'workspace0'] }));
  expect(made()).toBe(1);
  await world.plane.sweep();
  await world.rest();
  expect(made()).toBe(1);
});

it('says so when they cannot be changed, and tries again', async () => {
  const world = await World.deployed();
  const ensure = vi.spyOn(world.ports.stacks, 'ensure') as unknown as {
    mockResolvedValue(answer: unknown): void;
    mockRestore(): void;
  };
  ensure.mockResolvedValue({ failed: 'a policy is too long' });
  await world.publish(coffeeContracts({ webServices: ['sqs'] }));
  const { phase, conditions } = await world.record(web);
  expect(phase).toBe('deployed');
  expect(conditions).toMatchObject([
    { type: 'RolesOutdated', message: expect.stringContaining('a policy is too long') },
  ]);
  ensure.mockResolvedValue('working');
  await world.wait(60_000);
  ensure.mockRestore();
  await world.wait(60_000);
  expect((await world.record(web)).conditions).toBeUndefined();
});
