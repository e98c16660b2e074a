import { describe, expect, it } from 'vitest';
import {
  cloned,
  cloneOf,
  deployClones,
  ids,
  lastAnswer,
  latte,
  manager,
  mocha,
  processor,
  shop,
  web,
} from '../testing/clones.js';
import { coffeeContracts } from '../testing/coffee-contracts.js';
import { World } from '../testing/world.js';

describe('odmd: create', () => {
  it('copies every enver of the repo that tracks the ref, wired to each other, in order', async () => {
    const world = await cloned();
    expect(world.dispatched).toEqual([manager, processor]);
    await deployClones(world);
    expect(world.dispatched).toEqual([manager, processor, web]);
    expect(Object.keys((await world.record(web)).deployed?.vector.inputs ?? {})).toEqual([
      `/odmd-share/${manager}/api`,
      '/odmd-share/foundation/b..main/motto',
      `/odmd-share/${processor}/api`,
    ]);
    expect((await world.record('manager/b..main')).deployed?.dispatchId).toMatch(/-1$/);
  });

  it('copies one build, which uses the others of the base', async () => {
    const world = await cloned('odmd: create web@main');
    expect(world.dispatched).toEqual([web]);
    expect(Object.keys((await world.record(web)).run?.vector.inputs ?? {})).toContain(
      '/odmd-share/manager/b..main/api',
    );
  });

  it('of further builds on the same ref joins the set and rewires it', async () => {
    const world = await cloned('odmd: create web@main');
    await world.succeed(web);
    await world.push(shop, {}, 'odmd: create manager@main', latte);
    await world.succeed(manager, { api: 'm-latte' });
    expect(world.dispatched).toEqual([web, manager, web]);
  });

  it('follows changes of what it depends on', async () => {
    const world = await cloned();
    await deployClones(world);
    await world.push('coffee/foundation', { 'index.js': '2' });
    await world.succeed('foundation/b..main', { menu: 'mocha', motto: 'hello' });
    expect(world.dispatched.slice(4).sort()).toEqual(
      [manager, processor, 'manager/b..main', 'processor/b..main'].sort(),
    );
  });

  it('is carried out once: neither the same push again nor its merge repeats it', async () => {
    const world = await cloned();
    const count = (await ids(world)).length;
    await world.tell({ kind: 'ref', repo: shop, ref: 'refs/heads/feature/latte' });
    await world.push(shop, { 'web/b': '1' }, 'Merge feature/latte\n\nodmd: create@main');
    expect(await ids(world)).toHaveLength(count);
    expect(lastAnswer(world)).toContain('it is the ref of');
  });

  it.each([
    'Add latte (#12)\n\n* work\n\n  odmd: create@main',
    "Merge branch 'feature/latte' into develop\n\nodmd: create@main",
    'Merge pull request #12 from coffee/feature/latte\r\n\r\nodmd: create@main',
  ])('is not carried out again where %j merges it', async (message) => {
    const world = await cloned();
    const before = await ids(world);
    await world.push(shop, {}, message, { kind: 'branch', ref: 'develop' });
    await world.push(shop, {}, message, latte);
    expect(await ids(world)).toEqual(before);
    expect(lastAnswer(world)).toContain('merges another branch');
  });

  it('is not carried out again by the same commits after a delete', async () => {
    const world = await cloned('odmd: create web@main');
    await world.succeed(web);
    await world.push(shop, {}, 'odmd: delete', latte);
    await world.tornDown(web);
    await world.tell({ kind: 'ref', repo: shop, ref: 'refs/heads/feature/latte' });
    await world.plane.sweep();
    await world.rest();
    expect(await ids(world)).not.toContain(web);
  });

  it('is refused while the clone is being deleted', async () => {
    const world = await cloned('odmd: create web@main');
    await world.succeed(web);
    await world.push(shop, {}, 'odmd: delete', latte);
    await world.push(shop, {}, 'odmd: create web@main', latte);
    expect(lastAnswer(world)).toContain('ODMD306');
  });

  it('is refused on a ref that has a clone of another enver of the build', async () => {
    const world = await World.deployed();
    await world.publish(coffeeContracts({ webOnDev: true }));
    await world.push(shop, {}, 'odmd: create web@main', latte);
    const before = await ids(world);
    await world.push(shop, {}, 'odmd: create web@dev', latte);
    expect(lastAnswer(world)).toContain('ODMD308');
    expect(lastAnswer(world)).toContain(`${web} is the enver of web on this ref`);
    expect(await ids(world)).toEqual(before);
  });

  it('is refused where the clone of another ref has the same id', async () => {
    const world = await cloned('odmd: create web@main');
    const record = await world.record(web);
    // Two refs whose slugs have the same hash: nobody can make that happen, so it is written down.
    const put = { ...record, version: record.version + 1, revision: mocha };
    await world.ports.records.transact([
      { put, expect: record.version },
      { remove: { kind: 'ref', id: `${shop} refs/heads/${latte.ref}` }, expect: 1 },
    ]);
    await world.push(shop, {}, 'odmd: create web@main', latte);
    expect(lastAnswer(world)).toContain('ODMD307');
    expect(lastAnswer(world)).toContain(`${web} belongs to ${mocha.ref}`);
    expect((await world.record(web)).revision).toEqual(mocha);
  });

  it('for a tag is refused where it would use products of a branch', async () => {
    const world = await World.deployed();
    await world.push(shop, {}, 'odmd: create web@main', { kind: 'tag', ref: 'v1' });
    expect(lastAnswer(world)).toContain('ODMD309');
  });

  it('of a clone’s branch copies the clone’s origin', async () => {
    const world = await cloned();
    await world.push(shop, {}, 'odmd: create manager@feature/latte', mocha);
    expect((await world.record(cloneOf('manager', mocha))).clone?.base).toBe('manager/b..main');
  });

  it.each([
    ['odmd: craete@main', 'ODMD301', 'did you mean `create`?'],
    ['odmd: create@nowhere', 'ODMD304', 'branches and tags that can be copied: main'],
    ['odmd: create foundation@main', 'ODMD302', 'its builds are manager, processor, web'],
    ['odmd: delete', 'ODMD303', 'nothing to delete'],
  ])('answers %j and changes nothing', async (line, code, words) => {
    const world = await World.deployed();
    const before = await ids(world);
    await world.push(shop, {}, `message\n\n${line}`, latte);
    expect(await ids(world)).toEqual(before);
    expect(lastAnswer(world)).toContain(code);
    expect(lastAnswer(world)).toContain(words);
  });

  it('of a singleton is refused', async () => {
    const world = await World.deployed();
    await world.push('coffee/contracts', {}, 'odmd: create@main', latte);
    expect(lastAnswer(world)).toContain('ODMD305');
  });

  it('beyond the limit is refused whole, and a deletion makes room', async () => {
    const world = await World.deployed();
    await world.publish(coffeeContracts({ maxClones: 1 }));
    await world.push(shop, {}, 'odmd: create web@main', latte);
    await world.push(shop, {}, 'odmd: create@main', mocha);
    expect(lastAnswer(world)).toContain('ODMD310');
    expect(await ids(world)).not.toContain(cloneOf('manager', mocha));
    await world.push(shop, {}, 'odmd: delete', latte);
    expect(await ids(world)).toContain(web);
    await world.succeed(web);
    await world.tornDown(web);
    await world.push(shop, {}, 'odmd: create@main', mocha);
    expect(await ids(world)).toContain(cloneOf('web', mocha));
  });
});

describe('a command given without a commit', () => {
  const ref = 'refs/heads/feature/latte';

  it('is carried out for the ref and answered', async () => {
    const world = await World.deployed();
    await world.push(shop, {}, 'no command', latte);
    expect(await world.plane.command(shop, ref, 'odmd: create web@main')).toEqual([]);
    await world.rest();
    expect(world.dispatched).toEqual([web]);
    expect((await world.record(web)).history[0]?.text).toContain('asked for in the command');
    const again = await world.plane.command(shop, ref, 'odmd: create web@main');
    expect(again).toEqual([{ level: 'info', message: `${web} exists already` }]);
    await world.succeed(web);
    await world.plane.command(shop, ref, 'odmd: delete');
    await world.rest();
    await world.tornDown(web);
    expect(await ids(world)).not.toContain(web);
  });

  it('is refused in words', async () => {
    const world = await World.deployed();
    await expect(world.plane.command(shop, ref, 'odmd: create@main')).rejects.toMatchObject({
      code: 'ODMD413',
    });
    await world.push(shop, {}, 'no command', latte);
    const [answer] = await world.plane.command(shop, ref, 'odmd: craete@main');
    expect(answer).toMatchObject({ level: 'error', message: expect.stringContaining('did you mean') });
  });
});
