import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { type EnverEntry, enverId, type Manifest, revisionPath } from '@ondemandenv/contracts-base';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Ended } from '../workflows/act/runner.js';
import { CdkOrg, enverOn, FILES, HOSTILE } from './cdk-org.js';
import { GeneratedWorkflows } from './generated-workflows.js';
import { WORKSPACE, World } from './world.js';

/* A CDK app and a script, by their generated workflows, with the stock CDK CLI. */
vi.setConfig({ testTimeout: 180_000, hookTimeout: 120_000 });

let world: World;
let org: CdkOrg;
let manifest: Manifest;
let workflows: GeneratedWorkflows;
beforeAll(async () => {
  org = new CdkOrg();
  manifest = await org.manifest();
  world = await World.start();
  await world.add(...Object.values(manifest.envers));
  const variables = { CDK_VALIDATION: 'false' };
  workflows = await GeneratedWorkflows.start(world, manifest, { modules: org.modules, variables });
});
afterAll(async () => {
  workflows?.close();
  await world?.stop();
  org?.close();
});

/** Commits the org's files, some of them in another form, and runs the workflow of an enver, or that of another one. */
function run(entry: EnverEntry, changes: Readonly<Record<string, string>> = {}, by = entry): Promise<Ended> {
  const sha = workflows.commit(by.revision.ref, { ...FILES, ...changes });
  return workflows.run(entry, sha, by);
}

async function stackStatus(StackName = ''): Promise<string | undefined> {
  const client = new CloudFormationClient(world.emulator.clientFor(WORKSPACE));
  const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName }));
  return Stacks[0]?.StackStatus;
}

describe('a CDK app and a script, by their generated workflows', () => {
  it('hand a product on, make no version of what is as it was, and one of what changed', async () => {
    const queue = enverOn(manifest, 'queue', 'main');
    const worker = enverOn(manifest, 'worker', 'main');
    const first = await run(queue);
    expect(first.log).toContain('Job succeeded');
    expect(await stackStatus(queue.stacks[0])).toBe('CREATE_COMPLETE');
    const label = await world.product(queue, 'label');
    expect(label).toMatchObject({ version: 1, value: { text: 'first', queue: expect.stringMatching(/./) } });
    // The value of an output is in no log.
    expect(first.log).not.toContain((label.value as { queue: string }).queue);

    expect((await run(worker)).log).toContain('Job succeeded');
    const seen = await world.product(worker, 'seen');
    expect(JSON.parse(String(seen.value))).toEqual(label.value);

    expect((await run(queue)).log).toContain('label  version 1 (unchanged)');
    expect(await world.product(queue, 'label')).toEqual(label);

    expect((await run(queue, { 'queue/text.txt': 'second' })).log).toContain('label  version 2');
    expect(await world.product(queue, 'label')).toMatchObject({ version: 2, value: { text: 'second' } });
  });

  it(`deploy the branch ${HOSTILE} beside it, unharmed`, async () => {
    const queue = enverOn(manifest, 'queue', HOSTILE);
    const { log } = await run(queue);
    expect(log).toContain('Job succeeded');
    expect(log).not.toContain('uid=');
    expect(await stackStatus(queue.stacks[0])).toBe('CREATE_COMPLETE');
    expect(await world.product(queue, 'label')).toMatchObject({ version: 1, value: { text: 'first' } });
  });

  it('deploy nothing of a branch that AWS cannot name: there is no role, and it says what to do', async () => {
    const revision = { kind: 'branch', ref: '功能' } as const;
    const main = enverOn(manifest, 'queue', 'main');
    const id = enverId(main.build, revisionPath(revision));
    const named = { ...main, id, revision, stacks: ['queue--x'] };
    await expect(world.add(named)).rejects.toMatchObject({
      code: 'ODMD851',
      fix: expect.stringContaining('rename the branch'),
    });
    const { log, code } = await run(named);
    expect(code).toBe(1);
    expect(log).toMatch(/ODMD550 .*: AWS refused to assume the role/);
    expect(log).not.toContain('uid=');
    expect(log).not.toContain('cdk deploy');
  });
});

describe('a job that was given the work of another enver', () => {
  it('gets no role for it', async () => {
    const [queue, worker] = [enverOn(manifest, 'queue', 'main'), enverOn(manifest, 'worker', 'main')];
    const { log, code } = await run(queue, {}, worker);
    expect(code).toBe(1);
    expect(log).toContain('queue--main-build: AWS refused to assume the role');
  });
});
