import { type EnverEntry, productPath } from '@ondemandenv/contracts-base';
import { enverEntry } from '@ondemandenv/contracts-base/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Ended } from '../workflows/act/runner.js';
import { COMMAND } from './aws-job.js';
import { consumed, manifestOf, produced } from './entries.js';
import { GeneratedWorkflows } from './generated-workflows.js';
import { World } from './world.js';

/* Scripts, by their generated workflows. */
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const SCRIPTS = {
  'services/foundation/deploy.sh': 'echo "bus=$(cat bus.txt)" >> "$ODMD_OUTPUT"',
  'services/foundation/bus.txt': 'first-bus',
  'services/orders/deploy.sh':
    'echo "url=http://$ODMD_INPUT_BUS/" >> "$ODMD_OUTPUT"; echo "seen: $ODMD_INPUT_BUS $ODMD_REVISION"',
};
const deploy = { commands: { test: [], deploy: ['sh ./deploy.sh'], destroy: [] } };
const foundation = enverEntry({
  ...deploy,
  build: 'foundation',
  workDir: 'services/foundation',
  products: produced('foundation', 'bus'),
});
const orders = ordersOn('main');

/**
 * `act`, unlike GitHub, evaluates the variables that it sets itself: a ref that looks like an expression is put back, as
 * the runner committed it.
 */
const PROGRAM = `#!/bin/sh
branch=$(cat "$GITHUB_WORKSPACE/branch")
case "$branch" in *'{{'*) export GITHUB_REF="refs/heads/$branch" ;; esac
exec "${process.execPath}" "${COMMAND}" "$@"
`;

let world: World;
let workflows: GeneratedWorkflows;
beforeAll(async () => {
  world = await World.start();
  await world.add(foundation, orders);
  workflows = await GeneratedWorkflows.start(world, manifestOf(foundation, orders), { program: PROGRAM });
});
afterAll(async () => {
  workflows?.close();
  await world?.stop();
});

/** The enver of the orders for a branch, which all share one workflow. */
function ordersOn(ref: string): EnverEntry {
  const revision = { kind: 'branch', ref } as const;
  const { id } = enverEntry({ build: 'orders', revision });
  const products = produced('orders', 'url').map((product) => ({ ...product, path: productPath(id, 'url') }));
  const consumes = consumed(foundation);
  return enverEntry({ ...deploy, build: 'orders', workDir: 'services/orders', revision, products, consumes });
}

/** Commits the scripts, some of them in another form, and runs the workflow of an enver, or that of another one. */
function run(entry: EnverEntry, given: Readonly<Record<string, string>> = {}, by = entry): Promise<Ended> {
  const sha = workflows.commit(by.revision.ref, { ...SCRIPTS, ...given });
  return workflows.run(entry, sha, by);
}

describe('two envers, by their generated workflows', () => {
  const bus = productPath(foundation.id, 'bus');
  const url = productPath(orders.id, 'url');

  it('hand a product on', async () => {
    expect((await run(foundation)).log).toContain('Job succeeded');
    expect(await world.stored(bus)).toEqual({ version: 1, value: '"first-bus"' });
    const { log } = await run(orders);
    expect(log).toContain('Job succeeded');
    expect(await world.stored(url)).toEqual({ version: 1, value: '"http://first-bus/"' });
  });

  it('make no version of what is as it was, and one of what changed', async () => {
    expect((await run(foundation)).log).toContain('bus  version 1 (unchanged)');
    expect((await run(foundation, { 'services/foundation/bus.txt': 'second-bus' })).log).toContain(
      'bus  version 2',
    );
    await run(orders);
    expect(await world.stored(url)).toEqual({ version: 2, value: '"http://second-bus/"' });
  });

  it('get nothing in the name of the other', async () => {
    const { log, code } = await run(foundation, { 'services/orders/deploy.sh': 'exit 1' }, orders);
    expect(code).toBe(1);
    expect(log).toContain('foundation--main-build: AWS refused to assume the role');
    expect(await world.stored(bus)).toMatchObject({ version: 2 });
  });
});

describe('a branch whose name is an attack', () => {
  const names = ['$(id)', 'a";id;"', '`id`', '$\u007b{github.token}}', '-x', "';id;'"];

  it.each(names)('%s is deployed, unharmed', async (ref) => {
    const entry = ordersOn(ref);
    await world.add(entry);
    const { log } = await run(entry);
    expect(log).toContain('Job succeeded');
    expect(log).toContain(`seen: *** ${ref}`);
    expect(log).not.toContain('uid=');
    expect(await world.stored(productPath(entry.id, 'url'))).toEqual({
      version: 1,
      value: '"http://second-bus/"',
    });
  });
});
