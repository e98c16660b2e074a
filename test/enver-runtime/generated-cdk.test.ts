import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import {
  type EnverEntry,
  enverId,
  fullRef,
  type Manifest,
  productPath,
  revisionPath,
  workflowFile,
} from '@ondemandenv/contracts-base';
import { type WorkflowFile, workflowFiles } from '@ondemandenv/workflow-gen';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Ended, type Runner, startRunner } from '../workflows/act/runner.js';
import { COMMAND } from './aws-job.js';
import { CdkOrg, enverOn, FILES, HOSTILE } from './cdk-org.js';
import { WORKSPACE, World } from './world.js';

/*
 * A CDK app and a script, by their generated workflows: the real command, the stock CDK CLI, AWS with its policies
 * enforced, and nothing in the job's hands but the token that says what it is.
 */
vi.setConfig({ testTimeout: 180_000, hookTimeout: 120_000 });

let world: World;
let runner: Runner;
let org: CdkOrg;
let manifest: Manifest;
let files: readonly WorkflowFile[];
beforeAll(async () => {
  org = new CdkOrg();
  manifest = await org.manifest();
  world = await World.start();
  await world.add(...Object.values(manifest.envers));
  files = workflowFiles(manifest);
  const program = `#!/bin/sh\nexec "${process.execPath}" "${COMMAND}" "$@"\n`;
  runner = await startRunner(files, program, org.modules);
});
afterAll(async () => {
  runner?.close();
  await world?.stop();
  org?.close();
});

let count = 0;
/** Dispatches an enver as the platform does, and runs its workflow to its end. */
async function run(entry: EnverEntry, changes: Readonly<Record<string, string>> = {}): Promise<Ended> {
  const { ref } = entry.revision;
  const dispatch = `d${++count}`;
  const sha = runner.commit(ref, { ...FILES, ...changes });
  await world.dispatch(entry, dispatch, sha);
  const proof = await world.emulator.issuer.tokenRequest(world.claims(entry));
  const inputs = { enver: entry.id, dispatch, sha, reason: 'test' };
  const variables = { ...proof, AWS_ENDPOINT_URL: world.emulator.url, CDK_VALIDATION: 'false' };
  return runner.dispatch(fileOf(entry), ref, inputs, {}, variables);
}

function fileOf({ build, kind, region, account }: EnverEntry): WorkflowFile {
  const path = workflowFile({ build, kind, region, account: account.name });
  const found = files.find((file) => file.path === path);
  if (!found) throw new Error(`there is no ${path}`);
  return found;
}

async function stored(entry: EnverEntry, product: string): Promise<{ version?: number; value: unknown }> {
  const found = await world.stored(productPath(entry.id, product));
  return { ...found, value: JSON.parse(found?.value ?? 'null') };
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
    const label = await stored(queue, 'label');
    expect(label).toMatchObject({ version: 1, value: { text: 'first', queue: expect.stringMatching(/./) } });
    // The value of an output is in no log.
    expect(first.log).not.toContain((label.value as { queue: string }).queue);

    expect((await run(worker)).log).toContain('Job succeeded');
    const seen = await stored(worker, 'seen');
    expect(JSON.parse(String(seen.value))).toEqual(label.value);

    expect((await run(queue)).log).toContain('label  version 1 (unchanged)');
    expect(await stored(queue, 'label')).toEqual(label);

    expect((await run(queue, { 'queue/text.txt': 'second' })).log).toContain('label  version 2');
    expect(await stored(queue, 'label')).toMatchObject({ version: 2, value: { text: 'second' } });
  });

  it(`deploy the branch ${HOSTILE} beside it, unharmed`, async () => {
    const queue = enverOn(manifest, 'queue', HOSTILE);
    const { log } = await run(queue);
    expect(log).toContain('Job succeeded');
    expect(log).not.toContain('uid=');
    expect(await stackStatus(queue.stacks[0])).toBe('CREATE_COMPLETE');
    expect(await stored(queue, 'label')).toMatchObject({ version: 1, value: { text: 'first' } });
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
    const sha = runner.commit('main', FILES);
    await world.dispatch(queue, 'stolen', sha);
    const proof = await world.emulator.issuer.tokenRequest({
      ...world.claims(worker),
      ref: fullRef(worker.revision),
    });
    const inputs = { enver: queue.id, dispatch: 'stolen', sha };
    const variables = { ...proof, AWS_ENDPOINT_URL: world.emulator.url };
    const { log, code } = await runner.dispatch(fileOf(worker), 'main', inputs, {}, variables);
    expect(code).toBe(1);
    expect(log).toContain('queue--main-build: AWS refused to assume the role');
  });
});
