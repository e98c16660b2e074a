import { OdmdError } from '@ondemandenv/contracts-base';
import { expect, it, vi } from 'vitest';
import { ThrottledError } from '../ports/index.js';
import { World } from '../testing/world.js';

const manager = 'manager/b..main';

it.each([
  ['asked for patience', new ThrottledError('slowly', 2_000)],
  ['said no', new OdmdError('ODMD434', 'slowly, the workflow is disabled', { fix: 'enable it' })],
])('hands a run over again as soon as there is hope, when the host %s', async (_how, error) => {
  const world = await World.deployed();
  const { source } = world.ports;
  // As on GitHub, where a run that was started may not be found for a while.
  Object.assign(source, { unseenMs: 60_000 });
  const dispatch = vi.spyOn(source, 'dispatch').mockRejectedValueOnce(error);
  await expect(world.push('coffee/shop', { 'manager/a': '2' })).rejects.toThrow('slowly');
  expect((await world.record(manager)).run).toMatchObject({ refused: true });
  const { run } = await world.record(manager);
  world.clock.advance(2_000);
  await world.plane.handle({ kind: 'enver', id: manager });
  expect(dispatch).toHaveBeenCalledTimes(2);
  expect(dispatch.mock.calls[1]?.[0].dispatchId).toBe(run?.dispatchId);
  expect((await world.record(manager)).run).not.toHaveProperty('refused');
  await world.plane.handle({ kind: 'enver', id: manager });
  expect(dispatch).toHaveBeenCalledTimes(2);
});
