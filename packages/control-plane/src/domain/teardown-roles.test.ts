import { expect, it, vi } from 'vitest';
import { coffeeContracts } from '../testing/coffee-contracts.js';
import { World } from '../testing/world.js';

const web = 'web/b..main';

/** An enver that has left the contracts, and may go. */
async function leaving(): Promise<World> {
  const world = await World.deployed();
  expect(world.ports.stacks.letIn.get(web)).toBe('deploy');
  await world.publish(coffeeContracts({ withoutWeb: true }));
  return world;
}

const retire = async (world: World): Promise<void> => {
  await world.plane.retire(web, 'workspace1/Boss');
  await world.rest();
};

it('hands the roles of an enver to its teardown, and to its jobs again when it comes back', async () => {
  const world = await leaving();
  await retire(world);
  expect((await world.record(web)).run?.purpose).toBe('destroy');
  expect(world.ports.stacks.letIn.get(web)).toBe('destroy');
  await world.tornDown(web);
  expect(world.ports.stacks.letIn.has(web)).toBe(false);
  await world.publish(coffeeContracts());
  expect(world.dispatched.at(-1)).toBe(web);
  expect(world.ports.stacks.letIn.get(web)).toBe('deploy');
});

it('starts no teardown that would not be let in, and says so', async () => {
  const world = await leaving();
  const ensure = vi.spyOn(world.ports.stacks, 'ensure') as unknown as {
    mockResolvedValue(answer: unknown): void;
    mockRestore(): void;
  };
  ensure.mockResolvedValue('working');
  await retire(world);
  expect(await world.record(web)).toMatchObject({
    phase: 'deleting',
    reason: 'its roles are being handed to its teardown',
  });
  ensure.mockResolvedValue({ failed: 'no more roles' });
  await world.wait(60_000);
  const stuck = await world.record(web);
  expect(stuck.run).toBeUndefined();
  expect(stuck.reason).toBe('its roles cannot be handed to its teardown: no more roles');
  ensure.mockRestore();
  await world.wait(60_000);
  expect((await world.record(web)).run?.purpose).toBe('destroy');
});
