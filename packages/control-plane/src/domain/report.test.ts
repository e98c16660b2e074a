import { describe, expect, it } from 'vitest';
import type { RefReport, Work } from '../ports/index.js';
import { cloned, deployClones, latte, manager, processor, shop, web } from '../testing/clones.js';
import { coffeeContracts } from '../testing/coffee-contracts.js';
import { main, World } from '../testing/world.js';

const ref = `refs/heads/${latte.ref}`;
const work = { kind: 'report', repo: shop, ref } as const;

function reportOf(world: World): RefReport | undefined {
  return world.ports.notifier.reports.get(`${shop} ${ref}`);
}

/** `build phase: reason` of each enver of the report. */
function lines(world: World): string[] {
  return (reportOf(world)?.envers ?? []).map(({ build, phase, reason }) => `${build} ${phase}: ${reason}`);
}

/** How often people are told something from now on. */
function counted(world: World): { told: number } {
  const counter = { told: 0 };
  const { notifier } = world.ports;
  const tell = notifier.report.bind(notifier);
  notifier.report = async (to, report) => {
    counter.told += 1;
    await tell(to, report);
  };
  return counter;
}

describe('a report of a branch', () => {
  it('follows its clones until they are gone, and knows nothing of static envers', async () => {
    const world = await cloned();
    expect(lines(world)).toEqual([
      'manager running: first deployment',
      'processor running: first deployment',
      `web waiting: needs ${manager}/api, ${processor}/api`,
    ]);
    expect(reportOf(world)?.removal).toBe('odmd: delete');
    await deployClones(world);
    expect(lines(world)).toEqual([
      expect.stringMatching(/^manager deployed: at \w{7}$/),
      expect.stringMatching(/^processor deployed: /),
      expect.stringMatching(/^web deployed: /),
    ]);
    await world.push(shop, { 'web/a': 'bug' }, 'bug', latte);
    await world.fail(web);
    expect(lines(world)[2]).toBe('web failed: failure on purpose');
    await world.push(shop, {}, 'odmd: delete', latte);
    expect(lines(world)[0]).toMatch(/^manager deleting: after web/);
    for (const id of [web, processor, manager]) await world.tornDown(id);
    expect(reportOf(world)).toEqual({ envers: [], removal: 'odmd: delete' });
    expect([...world.ports.notifier.reports.keys()]).toEqual([`${shop} ${ref}`]);
  });

  it('shows products for people and none else, and when the clone goes', async () => {
    const world = await cloned('odmd: create web@main expires=2h', { webUrl: true });
    const start = world.clock.now();
    const [before] = reportOf(world)?.envers ?? [];
    expect(before).toMatchObject({ expiresAt: start + 2 * 3_600_000, products: [] });
    await world.succeed(web, { url: 'https://latte.example', key: 'not for people' });
    const [enver] = reportOf(world)?.envers ?? [];
    expect(enver).toMatchObject({ products: [{ name: 'url', value: '"https://latte.example"' }] });
    world.clock.advance(3_600_000);
    await world.push(shop, {}, 'work', latte);
    expect(reportOf(world)?.envers[0]?.expiresAt).toBe(start + 3 * 3_600_000);
  });

  it('shows a product as soon as the contracts make it public', async () => {
    const world = await cloned('odmd: create web@main');
    await world.succeed(web, { url: 'https://latte.example' });
    expect(reportOf(world)?.envers[0]?.products).toEqual([]);
    await world.publish(coffeeContracts({ webUrl: true }));
    expect(reportOf(world)?.envers[0]?.products).toHaveLength(1);
  });
});

describe('telling it', () => {
  it('takes one hint for a ref, however many of its clones have changed', async () => {
    const world = await World.deployed();
    world.ports.source.push(shop, latte, { message: 'odmd: create@main', files: {} });
    const sent: Work[] = [];
    const { queue } = world.ports;
    const sendMany = queue.sendMany.bind(queue);
    queue.sendMany = async (hints) => {
      sent.push(...hints.map((hint) => hint.work));
      await sendMany(hints);
    };
    await world.plane.handle({ kind: 'ref', repo: shop, ref });
    expect(sent.filter(({ kind }) => kind === 'report')).toEqual([work]);
    sent.length = 0;
    await world.plane.handle({ kind: 'ref', repo: shop, ref: `refs/heads/${main.ref}` });
    expect(sent.filter(({ kind }) => kind === 'report')).toEqual([]);
  });

  it('is done once, also by a sweep, unless somebody asks for it again', async () => {
    const world = await cloned();
    await deployClones(world);
    const counter = counted(world);
    await world.plane.sweep();
    await world.rest();
    await world.tell(work);
    expect(counter.told).toBe(0);
    await world.tell({ ...work, again: true });
    expect(counter.told).toBe(1);
  });

  it('says nothing of a ref that never had a clone, and once that there is none any more', async () => {
    const world = await World.deployed();
    const counter = counted(world);
    await world.tell({ ...work, again: true });
    await world.tell({ kind: 'report', repo: shop, ref: 'refs/notes/x' });
    expect(counter.told).toBe(0);
    await world.push(shop, {}, 'odmd: create web@main', latte);
    await world.succeed(web);
    await world.push(shop, {}, 'odmd: delete', latte);
    await world.tornDown(web);
    counter.told = 0;
    await world.tell(work);
    expect([counter.told, reportOf(world)?.envers]).toEqual([0, []]);
  });

  it('is made up for by a sweep when the hint was lost, also of what is gone', async () => {
    const world = await cloned('odmd: create web@main');
    await world.succeed(web);
    await world.push(shop, {}, 'odmd: delete', latte);
    const { queue } = world.ports;
    const sendMany = queue.sendMany.bind(queue);
    queue.sendMany = async (hints) => sendMany(hints.filter((hint) => hint.work.kind !== 'report'));
    await world.tornDown(web);
    queue.sendMany = sendMany;
    expect(lines(world)).toHaveLength(1);
    await world.plane.sweep();
    await world.rest();
    expect(lines(world)).toEqual([]);
  });

  it('ends with the newest when two of them cross each other', async () => {
    const world = await cloned('odmd: create web@main');
    const { notifier } = world.ports;
    const tell = notifier.report.bind(notifier);
    notifier.report = async (to, report) => {
      notifier.report = tell;
      // Meanwhile another process learns more, and is faster.
      await world.succeed(web);
      await tell(to, report);
    };
    await world.plane.handle({ ...work, again: true });
    expect(lines(world)).toEqual([expect.stringMatching(/^web deployed: /)]);
  });

  it('is said again when whoever said it died before anybody knew', async () => {
    const world = await cloned('odmd: create web@main');
    const { records } = world.ports;
    const transact = records.transact.bind(records);
    const [said] = lines(world);
    records.transact = async (writes) => {
      await transact(writes);
      records.transact = async () => {
        throw new Error('gone');
      };
    };
    await expect(world.plane.handle({ ...work, again: true })).rejects.toThrow('gone');
    records.transact = transact;
    const counter = counted(world);
    await world.tell(work);
    expect([counter.told, lines(world)]).toEqual([1, [said]]);
  });

  it('comes after work that failed half-way, which would see nothing new when it is done again', async () => {
    const world = await cloned('odmd: create web@main');
    const { events } = world.ports;
    const publish = events.publish.bind(events);
    await world.ports.source.end((await world.record(web)).run?.dispatchId ?? '', {
      conclusion: 'failure',
      reason: 'exit code 1',
    });
    events.publish = async () => {
      events.publish = publish;
      throw new Error('the bus is gone');
    };
    await expect(world.plane.handle({ kind: 'enver', id: web })).rejects.toThrow('the bus is gone');
    await world.rest();
    expect(lines(world)).toEqual(['web failed: exit code 1']);
  });
});
