import {
  CONTRACTS_LIB_LATEST,
  manifestDigest,
  productPath,
  Reaction,
  writeManifest,
} from '@ondemandenv/contracts-base';
import { describe, expect, it } from 'vitest';
import { coffeeContracts } from '../testing/coffee-contracts.js';
import { World } from '../testing/world.js';

const lib = 'contracts/b..main';
const latestPath = productPath(lib, CONTRACTS_LIB_LATEST);

/** Publishes what CI might have published, and lets the platform look at it. */
async function announce(world: World, latest: object, manifest?: string): Promise<void> {
  const { sha } = latest as { sha: string };
  if (manifest !== undefined) await world.ports.manifests.put(sha, manifest);
  await world.ports.config.put(latestPath, JSON.stringify(latest));
  await world.tell({ kind: 'sync' });
}

function manifestOf(options = {}) {
  const result = coffeeContracts(options).synth();
  if (!result.ok) throw new Error('the contracts are broken');
  return result.manifest;
}

describe('sync', () => {
  it('makes a record for every enver of the contracts and nothing else', async () => {
    const world = new World();
    await world.publish(coffeeContracts());
    const ids = (await world.plane.envers()).map(({ id }) => id);
    expect(ids).toEqual([lib, 'foundation/b..main', 'manager/b..main', 'processor/b..main', 'web/b..main']);
  });

  it('writes nothing for envers that did not change', async () => {
    const world = await World.deployed();
    const before = await world.plane.envers();
    await world.tell({ kind: 'sync' });
    expect(await world.plane.envers()).toEqual(before);
  });

  it('redeploys exactly the enver whose inputs changed', async () => {
    const world = await World.deployed();
    await world.publish(coffeeContracts({ webReadsMenu: true }));
    expect(world.dispatched).toEqual([lib, 'web/b..main']);
  });

  it('deploys an enver where its contract has moved it, and says what was left behind', async () => {
    const world = await World.deployed();
    await world.publish(coffeeContracts({ webRegion: 'eu-west-1' }));
    expect(world.dispatched).toEqual([lib, 'web/b..main']);
    await world.succeed('web/b..main');
    expect(await world.record('web/b..main')).toMatchObject({
      deployed: { place: '333333333333/eu-west-1' },
      conditions: [{ type: 'LeftBehind', message: expect.stringContaining('333333333333/us-west-1') }],
    });
    await world.plane.deploy('web/b..main', 'by hand');
    await world.rest();
    await world.succeed('web/b..main');
    expect((await world.record('web/b..main')).conditions).toBeUndefined();
  });

  it('retires an enver that left, and takes it up again when it comes back', async () => {
    const world = await World.deployed();
    await world.publish(coffeeContracts({ withoutWeb: true }));
    expect((await world.record('web/b..main')).phase).toBe('retired');
    await world.push('coffee/shop', { 'web/a': '2' });
    expect(world.dispatched).toEqual([lib]);
    await world.publish(coffeeContracts());
    expect(world.dispatched).toEqual([lib, lib, 'web/b..main']);
  });

  it('removes what left when somebody confirms it, with all that it deployed', async () => {
    const world = await World.deployed();
    await expect(world.plane.retire('web/b..main', 'workspace1/Boss')).rejects.toMatchObject({
      code: 'ODMD410',
    });
    await world.publish(coffeeContracts({ withoutWeb: true }));
    await world.plane.retire('web/b..main', 'workspace1/Boss');
    await world.rest();
    expect((await world.record('web/b..main')).run?.purpose).toBe('destroy');
    await world.tornDown('web/b..main');
    expect(await world.ports.records.get('enver', 'web/b..main')).toBeUndefined();
    expect(world.ports.stacks.provisioned.has('web/b..main')).toBe(false);
    await world.publish(coffeeContracts());
    expect(world.dispatched.at(-1)).toBe('web/b..main');
  });

  it('takes back that an enver is to go when the contracts have it again', async () => {
    const world = await World.deployed();
    await world.publish(coffeeContracts({ withoutWeb: true, managerOn: Reaction.ignore() }));
    await world.publish(coffeeContracts({ only: 'contracts' }));
    // The foundation waits for those who still use its products.
    await world.plane.retire('foundation/b..main', 'somebody');
    await world.rest();
    expect((await world.record('foundation/b..main')).reason).toContain('which still uses its products');
    await world.publish(coffeeContracts());
    expect((await world.record('foundation/b..main')).deleting).toBeUndefined();
    expect((await world.record('foundation/b..main')).phase).toBe('deployed');
  });

  it('keeps what became of a run that was live when its enver left', async () => {
    const world = new World();
    await world.publish(coffeeContracts());
    await world.push('coffee/foundation', { 'index.js': '1' });
    await world.publish(coffeeContracts({ only: 'contracts' }));
    await world.succeed('foundation/b..main', { menu: 'espresso', motto: 'hello' });
    const record = await world.record('foundation/b..main');
    expect(record).toMatchObject({ phase: 'retired', deployed: { vector: expect.anything() } });
    await world.plane.retire(record.id, 'somebody');
    await world.rest();
    await world.tornDown(record.id);
  });

  it('removes an ephemeral enver that left, and makes it anew when it came back meanwhile', async () => {
    const world = await World.deployed({ ephemeralWeb: true });
    await world.publish(coffeeContracts({ withoutWeb: true }));
    expect((await world.record('web/b..main')).deleting).toBe('it left the contracts');
    await world.publish(coffeeContracts({ ephemeralWeb: true }));
    expect((await world.record('web/b..main')).phase).toBe('deleting');
    await world.tornDown('web/b..main');
    expect((await world.record('web/b..main')).phase).toBe('running');
  });

  it.each([
    ['a digest that is not the manifest’s', 'ODMD403', { digest: '0'.repeat(64) }],
    ['a lower serial', 'ODMD405', { serial: 1 }],
    ['a commit that does not follow', 'ODMD405', { sha: 'f'.repeat(40) }],
  ])('refuses %s, says so, and changes nothing', async (_what, code, wrong) => {
    const world = await World.deployed();
    const manifest = manifestOf({ withoutWeb: true });
    const sha = world.ports.source.push(
      'coffee/contracts',
      { kind: 'branch', ref: 'main' },
      { message: 'x' },
    );
    const latest = { sha, digest: manifestDigest(manifest), version: '1', serial: 9, ...wrong };
    await announce(world, latest, writeManifest(manifest));
    expect(world.ports.notifier.answers.at(-1)?.message).toContain(code);
    expect((await world.record('web/b..main')).phase).toBe('deployed');
    expect((await world.ports.records.get('applied', 'applied'))?.serial).toBe(1);
  });

  it('refuses a manifest that was not uploaded or that it does not understand', async () => {
    const world = await World.deployed();
    const sha = world.ports.source.push(
      'coffee/contracts',
      { kind: 'branch', ref: 'main' },
      { message: 'x' },
    );
    await announce(world, { sha, digest: '0'.repeat(64), version: '1', serial: 9 });
    expect(world.ports.notifier.answers.at(-1)?.message).toContain('ODMD402');
    await announce(world, { sha, digest: '1'.repeat(64), version: '1', serial: 9 }, '{"schemaVersion":99}');
    expect(world.ports.notifier.answers.at(-1)?.message).toContain('ODMD202');
  });

  it('refuses what its job wrote that is no JSON', async () => {
    const world = await World.deployed();
    await world.ports.config.put(latestPath, 'no JSON');
    await world.tell({ kind: 'sync' });
    expect(world.ports.notifier.answers.at(-1)?.message).toContain('ODMD409');
    expect((await world.record(lib)).refused?.message).toContain('ODMD409');
  });

  it('refuses contracts that declare another contractsLib than the installed one', async () => {
    const world = await World.deployed();
    const manifest = manifestOf();
    const { [lib]: own, ...others } = manifest.envers;
    if (!own) throw new Error('no contractsLib');
    const moved = {
      ...manifest,
      envers: { ...others, [lib]: { ...own, repo: { owner: 'eve', name: 'contracts' } } },
    };
    const sha = world.ports.source.push(
      'coffee/contracts',
      { kind: 'branch', ref: 'main' },
      { message: 'x' },
    );
    await announce(
      world,
      { sha, digest: manifestDigest(moved), version: '1', serial: 9 },
      writeManifest(moved),
    );
    expect(world.ports.notifier.answers.at(-1)?.message).toContain('ODMD404');
  });
});
