import { type RevisionRef, refSlug } from '@ondemandenv/contracts-base';
import { describe, expect, it } from 'vitest';
import { coffeeContracts } from '../testing/coffee-contracts.js';
import { main, World } from '../testing/world.js';

const shop = 'coffee/shop';
const latte: RevisionRef = { kind: 'branch', ref: 'feature/latte' };
const cloneOf = (build: string, ref = latte.ref) => `${build}/b..main-_b..${refSlug(ref)}`;
const manager = cloneOf('manager');
const processor = cloneOf('processor');
const web = cloneOf('web');

async function cloned(message = 'latte\n\nodmd: create@main'): Promise<World> {
  const world = await World.deployed();
  await world.push(shop, { 'manager/a': 'latte' }, message, latte);
  return world;
}

async function deployClones(world: World): Promise<void> {
  await world.succeed(manager, { api: 'm-latte' });
  await world.succeed(processor, { api: 'p-latte' });
  await world.succeed(web);
}

async function ids(world: World): Promise<string[]> {
  return (await world.plane.envers()).map(({ id }) => id);
}

function lastAnswer(world: World): string {
  return world.ports.notifier.answers.at(-1)?.message ?? '';
}

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

  it('is refused while the clone is being deleted, and on a ref that has another clone of the build', async () => {
    const world = await cloned('odmd: create web@main');
    await world.succeed(web);
    await world.push(shop, {}, 'odmd: delete', latte);
    await world.push(shop, {}, 'odmd: create web@main', latte);
    expect(lastAnswer(world)).toContain('ODMD306');
  });

  it('for a tag is refused where it would use products of a branch', async () => {
    const world = await World.deployed();
    await world.push(shop, {}, 'odmd: create web@main', { kind: 'tag', ref: 'v1' });
    expect(lastAnswer(world)).toContain('ODMD309');
  });

  it('again, with another lifetime, changes how long the clone stays', async () => {
    const world = await cloned('odmd: create web@main expires=2h');
    await world.push(shop, {}, 'odmd: create web@main until=pr', latte);
    expect(lastAnswer(world)).toContain('how long it stays is what was asked for now');
    expect((await world.record(web)).clone).toMatchObject({ until: 'pr' });
    expect((await world.record(web)).clone?.expiresAfterMs).toBeUndefined();
    expect(world.dispatched).toEqual([web]);
  });

  it('of a clone’s branch copies the clone’s origin', async () => {
    const world = await cloned();
    const mocha: RevisionRef = { kind: 'branch', ref: 'mocha' };
    await world.push(shop, {}, 'odmd: create manager@feature/latte', mocha);
    expect((await world.record(cloneOf('manager', 'mocha'))).clone?.base).toBe('manager/b..main');
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
    const mocha: RevisionRef = { kind: 'branch', ref: 'mocha' };
    await world.push(shop, {}, 'odmd: create@main', mocha);
    expect(lastAnswer(world)).toContain('ODMD310');
    expect(await ids(world)).not.toContain(cloneOf('manager', 'mocha'));
    await world.push(shop, {}, 'odmd: delete', latte);
    expect(await ids(world)).toContain(web);
    await world.succeed(web);
    await world.tornDown(web);
    await world.push(shop, {}, 'odmd: create@main', mocha);
    expect(await ids(world)).toContain(cloneOf('web', 'mocha'));
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

describe('odmd: delete', () => {
  it('removes consumers before producers, and everything of them', async () => {
    const world = await cloned();
    await deployClones(world);
    await world.push(shop, {}, 'done\n\nodmd: delete', latte);
    expect(world.dispatched.slice(3)).toEqual([web]);
    await world.tornDown(web);
    expect(world.dispatched.slice(3)).toEqual([web, manager, processor]);
    await world.tornDown(manager);
    await world.tornDown(processor);
    expect((await ids(world)).filter((id) => id.includes('-_'))).toEqual([]);
    expect((await world.ports.config.list('/odmd-share/')).filter((path) => path.includes('-_'))).toEqual([]);
    expect((await world.ports.config.list('/odmd-state/')).filter((path) => path.includes('-_'))).toEqual([]);
    expect([...world.ports.stacks.provisioned].filter((id) => id.includes('-_'))).toEqual([]);
    expect((await world.ports.records.get('clones', 'web/b..main'))?.count).toBe(0);
  });

  it('in the same push as the create leaves nothing', async () => {
    const world = await World.deployed();
    world.ports.source.push(shop, latte, { message: 'odmd: create@main' });
    await world.push(shop, {}, 'odmd: delete', latte);
    expect((await ids(world)).filter((id) => id.includes('-_'))).toEqual([]);
  });

  it('of one build rewires those that stay, and waits until they no longer use it', async () => {
    const world = await cloned();
    await deployClones(world);
    await world.push(shop, {}, 'odmd: delete manager', latte);
    expect(world.dispatched.slice(3)).toEqual([web]);
    await world.succeed(web);
    expect(world.dispatched.slice(3)).toEqual([web, manager]);
    await world.tornDown(manager);
    expect(await ids(world)).not.toContain(manager);
  });

  it('retries a teardown that failed, and keeps the record with the reason until then', async () => {
    const world = await cloned('odmd: create manager@main');
    await world.succeed(manager, { api: 'x' });
    await world.push(shop, {}, 'odmd: delete', latte);
    await world.fail(manager);
    expect((await world.record(manager)).reason).toContain('teardown failed');
    world.clock.advance(61_000);
    await world.plane.tick();
    await world.rest();
    await world.tornDown(manager);
    expect(await ids(world)).not.toContain(manager);
  });

  it('and a new create later make a new clone', async () => {
    const world = await cloned('odmd: create manager@main');
    await world.succeed(manager, { api: 'x' });
    await world.push(shop, {}, 'odmd: delete', latte);
    await world.tornDown(manager);
    world.dispatched.length = 0;
    await world.push(shop, {}, 'odmd: create manager@main', latte);
    expect(world.dispatched).toEqual([manager]);
  });
});

describe('a branch whose name is like a pattern of the contract', () => {
  async function world(expires?: string): Promise<World> {
    const made = await World.deployed({ autoClones: ['feature/*', 'ai/*'], ...(expires && { expires }) });
    await made.push(shop, { 'web/a': 'x' }, 'no command at all', latte);
    return made;
  }

  it('gets its clone by itself, and no other branch does', async () => {
    const made = await world();
    expect(made.dispatched).toEqual([web]);
    await made.push(shop, { 'web/a': 'y' }, 'work', { kind: 'branch', ref: 'latte' });
    expect(made.dispatched).toEqual([web]);
  });

  it('does not get it again after somebody deleted it, before somebody asks', async () => {
    const made = await world();
    await made.succeed(web);
    await made.push(shop, {}, 'odmd: delete', latte);
    await made.tornDown(web);
    await made.push(shop, { 'web/a': 'z' }, 'work goes on', latte);
    expect(await ids(made)).not.toContain(web);
    await made.push(shop, {}, 'odmd: create@main', latte);
    expect(await ids(made)).toContain(web);
  });

  it('loses it when the time of the contract is over', async () => {
    const made = await world('2h');
    await made.succeed(web);
    made.clock.advance(2 * 3_600_000);
    await made.plane.tick();
    await made.rest();
    expect((await made.record(web)).deleting).toBe('it expired');
  });
});

describe('a clone of which there may be no more', () => {
  const mocha: RevisionRef = { kind: 'branch', ref: 'feature/mocha' };

  async function full(): Promise<World> {
    const world = await World.deployed({ autoClones: ['feature/*'], maxClones: 1 });
    await world.push(shop, {}, 'work', latte);
    await world.succeed(web);
    await world.push(shop, {}, 'work', mocha);
    return world;
  }

  it('waits for its place when the contract gives it, and says so once', async () => {
    const world = await full();
    expect(await ids(world)).not.toContain(cloneOf('web', mocha.ref));
    expect(lastAnswer(world)).toContain('one is made here as soon as another goes');
    const said = world.ports.notifier.answers.length;
    await world.plane.sweep();
    await world.rest();
    await world.push(shop, {}, 'more work', mocha);
    expect(world.ports.notifier.answers).toHaveLength(said);
    await world.push(shop, {}, 'odmd: delete', latte);
    await world.tornDown(web);
    expect(await ids(world)).toContain(cloneOf('web', mocha.ref));
    expect((await world.ports.records.get('clones', 'web/b..main'))?.count).toBe(1);
  });

  it('does not wait any more when its branch is gone', async () => {
    const world = await full();
    world.ports.source.deleteRef(shop, mocha);
    await world.tell({ kind: 'ref', repo: shop, ref: 'refs/heads/feature/mocha' });
    await world.push(shop, {}, 'odmd: delete', latte);
    await world.tornDown(web);
    expect((await world.ports.records.get('clones', 'web/b..main'))?.count).toBe(0);
  });
});

describe('a clone until its pull request is closed', () => {
  async function made(message: string): Promise<World> {
    const world = await cloned(message);
    await world.succeed(web);
    return world;
  }

  async function pulls(
    world: World,
    ...found: { branch: string; closedAt?: number; fork?: true }[]
  ): Promise<void> {
    world.ports.source.pulls.set(
      shop,
      found.map((pull, index) => ({ number: index + 1, ...pull })),
    );
    await world.tell({ kind: 'ref', repo: shop, ref: 'refs/heads/feature/latte' });
  }

  it('goes with it, and not before', async () => {
    const world = await made('odmd: create web@main until=pr');
    const closedAt = world.clock.now() + 1;
    await pulls(world, { branch: latte.ref });
    await pulls(world, { branch: latte.ref }, { branch: latte.ref, closedAt });
    expect((await world.record(web)).deleting).toBeUndefined();
    await pulls(world, { branch: latte.ref, closedAt });
    expect((await world.record(web)).deleting).toBe('pull request #1 is closed');
  });

  it('is not touched by one that was closed before it was made, or of another branch', async () => {
    const world = await made('odmd: create web@main until=pr');
    const before = world.clock.now() - 1;
    await pulls(world, { branch: latte.ref, closedAt: before }, { branch: 'other', closedAt: before + 2 });
    expect((await world.record(web)).deleting).toBeUndefined();
  });

  it('is not touched by a fork’s of a branch with the same name', async () => {
    const world = await made('odmd: create web@main until=pr');
    await pulls(world, { branch: latte.ref, closedAt: world.clock.now(), fork: true });
    expect((await world.record(web)).deleting).toBeUndefined();
  });

  it('stays when nobody said so', async () => {
    const world = await made('odmd: create web@main');
    await pulls(world, { branch: latte.ref, closedAt: world.clock.now() });
    expect((await world.record(web)).deleting).toBeUndefined();
  });

  it('goes although nobody told that it was closed: the sweep finds out', async () => {
    const world = await made('odmd: create web@main until=pr');
    world.ports.source.pulls.set(shop, [{ number: 7, branch: latte.ref, closedAt: world.clock.now() }]);
    await world.plane.sweep();
    await world.rest();
    expect((await world.record(web)).deleting).toBe('pull request #7 is closed');
  });

  it('is what a contract’s pattern makes', async () => {
    const world = await World.deployed({ autoClones: ['feature/*'] });
    await world.push(shop, {}, 'work', latte);
    expect((await world.record(web)).clone?.until).toBe('pr');
  });
});

describe('a clone goes', () => {
  it('when its branch is gone, and a static enver does not', async () => {
    const world = await cloned('odmd: create manager@main');
    world.ports.source.deleteRef(shop, latte);
    await world.tell({ kind: 'ref', repo: shop, ref: 'refs/heads/feature/latte' });
    await world.succeed(manager, { api: 'x' });
    await world.tornDown(manager);
    expect(await ids(world)).not.toContain(manager);
    world.ports.source.deleteRef(shop, main);
    await world.tell({ kind: 'ref', repo: shop, ref: 'refs/heads/main' });
    expect(await world.record('manager/b..main')).toMatchObject({
      phase: 'deployed',
      conditions: [{ type: 'SourceMissing', message: expect.stringContaining('keeps running') }],
    });
    await world.push(shop, {}, 'main is back');
    expect((await world.record('manager/b..main')).conditions).toBeUndefined();
  });

  it('when it expires, counted from the last push', async () => {
    const world = await cloned('odmd: create manager@main expires=2h');
    await world.succeed(manager, { api: 'x' });
    world.clock.advance(3_600_000);
    await world.push(shop, { 'manager/a': 'again' }, 'more', latte);
    await world.succeed(manager, { api: 'x' });
    world.clock.advance(3_600_001);
    await world.plane.tick();
    await world.rest();
    expect((await world.record(manager)).deleting).toBeUndefined();
    world.clock.advance(3_600_000);
    await world.plane.tick();
    await world.rest();
    expect((await world.record(manager)).deleting).toBe('it expired');
  });

  it('by itself, and those that used it are wired to the base again, so that it can', async () => {
    const world = await World.deployed();
    await world.push(shop, {}, 'odmd: create manager@main expires=1h', latte);
    await world.push(shop, {}, 'odmd: create web@main', latte);
    await world.succeed(manager, { api: 'x' });
    await world.succeed(web);
    await world.wait(3_600_000);
    expect(Object.keys((await world.record(web)).run?.vector.inputs ?? {})).toContain(
      '/odmd-share/manager/b..main/api',
    );
    await world.succeed(web);
    await world.tornDown(manager);
    expect(await ids(world)).not.toContain(manager);
  });

  it('with what its job made, although the runner was lost', async () => {
    const world = await cloned('odmd: create manager@main');
    world.ports.source.unready.set(manager, {
      state: 'waiting',
      condition: 'WaitingForWorkflow',
      message: 'so that it is not started again',
    });
    await world.fail(manager, 'lost');
    await world.push(shop, {}, 'odmd: delete', latte);
    await world.tornDown(manager);
    expect(await ids(world)).not.toContain(manager);
  });

  it('when its base leaves the contracts, while the base itself is kept as retired', async () => {
    const world = await cloned('odmd: create web@main');
    await world.succeed(web);
    await world.publish(coffeeContracts({ withoutWeb: true }));
    await world.tornDown(web);
    expect(await ids(world)).not.toContain(web);
    expect((await world.record('web/b..main')).phase).toBe('retired');
  });
});
