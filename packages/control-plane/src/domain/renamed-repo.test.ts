import { OdmdError } from '@ondemandenv/contracts-base';
import { expect, it, vi } from 'vitest';
import { World } from '../testing/world.js';

const gone = new OdmdError('ODMD431', 'the repository cannot be found any more');

it('gives up hints about a repository that the contracts do not name, and keeps those about one of theirs', async () => {
  const world = await World.deployed();
  vi.spyOn(world.ports.source, 'head').mockRejectedValue(gone);
  const hint = (repo: string) => world.plane.handle({ kind: 'ref', repo, ref: 'refs/heads/main' });
  await expect(hint('coffee/former-name')).resolves.toBeUndefined();
  await expect(hint('coffee/shop')).rejects.toThrow(gone);
});
