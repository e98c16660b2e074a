import {
  CONTRACTS_LIB_LATEST,
  manifestDigest,
  productPath,
  writeManifest,
} from '@ondemandenv/contracts-base';
import { describe, expect, it } from 'vitest';
import { type CoffeeOptions, coffeeContracts } from '../testing/coffee-contracts.js';
import { main, World } from '../testing/world.js';

const lib = 'contracts/b..main';
const web = 'web/b..main';
const latestPath = productPath(lib, CONTRACTS_LIB_LATEST);

/** Somebody has rewritten the branch of the contracts and published from it. @returns the commit */
async function rewritten(world: World, options: CoffeeOptions, wrong: object = {}): Promise<string> {
  const result = coffeeContracts(options).synth();
  if (!result.ok) throw new Error('the contracts are broken');
  const { source, manifests, config } = world.ports;
  const files = { 'contracts.ts': 'rewritten' };
  const sha = source.push('coffee/other', main, { message: 'another history', files });
  await manifests.put(sha, writeManifest(result.manifest));
  const latest = { sha, digest: manifestDigest(result.manifest), version: '2', serial: 1, ...wrong };
  await config.put(latestPath, JSON.stringify(latest));
  await world.tell({ kind: 'sync' });
  return sha;
}

describe('contracts that do not follow the applied ones', () => {
  it('are applied when somebody forces it, which is noted, and later ones follow them', async () => {
    const world = await World.deployed();
    const sha = await rewritten(world, { withoutWeb: true });
    expect((await world.record(lib)).refused?.message).toContain('ODMD405');
    await world.plane.applyContracts({ sha, force: true, by: 'admin@coffee.example' });
    await world.rest();
    expect(await world.ports.records.get('applied', 'applied')).toMatchObject({
      sha,
      serial: 1,
      forcedBy: 'admin@coffee.example',
    });
    expect((await world.record(web)).phase).toBe('retired');
    const own = await world.record(lib);
    expect(own.refused).toBeUndefined();
    expect(own.history.map(({ text }) => text).join('\n')).toContain(
      `admin@coffee.example had the contracts of ${sha} applied over those of`,
    );
  });

  it('are not applied by force when others were published last', async () => {
    const world = await World.deployed();
    const before = await world.ports.records.get('applied', 'applied');
    const sha = await rewritten(world, {});
    await rewritten(world, { withoutWeb: true });
    const request = { sha, force: true, by: 'admin' } as const;
    await expect(world.plane.applyContracts(request)).rejects.toMatchObject({
      code: 'ODMD414',
      fix: expect.stringContaining('which are of'),
    });
    expect(await world.ports.records.get('applied', 'applied')).toEqual(before);
  });

  it('have to be what was announced, and theirs who own the platform, all the same', async () => {
    const world = await World.deployed();
    const before = await world.ports.records.get('applied', 'applied');
    const sha = await rewritten(world, {}, { digest: '0'.repeat(64) });
    const request = { sha, force: true, by: 'admin' } as const;
    await expect(world.plane.applyContracts(request)).rejects.toMatchObject({ code: 'ODMD403' });
    expect(await world.ports.records.get('applied', 'applied')).toEqual(before);
  });

  it('need the approval of privileged changes all the same', async () => {
    const boss = { account: 'workspace1', role: 'Boss' };
    const world = await World.deployed({}, { contractApprovers: [boss] });
    const sha = await rewritten(world, { webServices: ['rds'] });
    const request = { sha, force: true, by: 'admin' } as const;
    await expect(world.plane.applyContracts(request)).rejects.toMatchObject({ code: 'ODMD412' });
    await world.plane.decide({ enver: lib, path: latestPath, version: sha, granted: true, by: boss });
    await world.rest();
    await world.plane.applyContracts(request);
    expect((await world.ports.records.get('applied', 'applied'))?.sha).toBe(sha);
  });

  it('that are applied already are left as they are', async () => {
    const world = await World.deployed();
    const before = await world.ports.records.get('applied', 'applied');
    await world.plane.applyContracts({ sha: before?.sha ?? '', force: true, by: 'admin' });
    await world.rest();
    expect(await world.ports.records.get('applied', 'applied')).toEqual(before);
  });
});
