import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { EnverEntry } from '@ondemandenv/contracts-base';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { outputId } from './output-id.js';
import { api, entry, product, use } from './testing/entries.js';
import { cdkCalls, type FakeCdk, installFakeCdk } from './testing/fake-cdk.js';
import { type StepResult, TestJob } from './testing/job.js';

// Every step is a process of its own, and starts others.
vi.setConfig({ testTimeout: 60_000 });

let job: TestJob;
afterEach(() => job.close());

const EXEC_ROLE = 'arn:aws:iam::222222222222:role/odmd/shop/shop--main-exec';
const STACKS = ['shop--main--data', 'shop--main'];

function artifact(name: string, changes: object = {}) {
  const properties = { stackName: name, templateFile: `${name}.template.json`, ...changes };
  return { type: 'aws:cloudformation:stack', environment: 'aws://222222222222/us-west-1', properties };
}

/** An app that makes both stacks and all products. */
const fake: FakeCdk = {
  artifacts: {
    ...Object.fromEntries(STACKS.toReversed().map((name) => [name, artifact(name)])),
    'shop.assets': { type: 'cdk:asset-manifest' },
    Tree: { type: 'cdk:tree' },
  },
  templates: {
    'shop--main--data': { Outputs: { [outputId('name')]: { Value: 'x' } } },
    'shop--main': { Outputs: { [outputId('api')]: { Value: 'x' }, Other: { Value: 'y' } } },
  },
  outputs: {
    'shop--main--data': { [outputId('name')]: 'secret\nname' },
    'shop--main': { [outputId('api')]: '{"url":"http://secret/","stage":"live"}', Other: 'secret' },
  },
};

async function start(answers: FakeCdk = fake, changes: Partial<EnverEntry> = {}): Promise<TestJob> {
  const contract: Partial<EnverEntry> = { kind: 'cdk', stacks: STACKS, consumes: [use('bus', 'bus')] };
  job = await TestJob.start(
    entry({ ...contract, products: [product('api', api), product('name')], ...changes }),
  );
  await installFakeCdk(job.folder, answers);
  job.server.store('/odmd-share/foundation/b..main/bus', 'the bus');
  job.dispatch();
  expect(await job.step('resolve')).toMatchObject({ code: 0 });
  return job;
}

const text = ({ stdout, stderr }: StepResult) => stdout + stderr;

describe('deploy of a CDK app', () => {
  it('deploys exactly the stacks of the contract, in its order, with the exec role', async () => {
    await start();
    expect(await job.step('deploy')).toMatchObject({ code: 0 });
    const calls = await cdkCalls(job.folder);
    expect(
      calls.map(({ command, args, input }) => [command, command === 'synth' ? '' : args[0], input]),
    ).toEqual([
      ['synth', '', 'the bus'],
      ['deploy', 'shop--main--data', 'the bus'],
      ['deploy', 'shop--main', 'the bus'],
    ]);
    const [synth, ...deployments] = calls;
    const assembly = synth?.args[synth.args.indexOf('--output') + 1];
    for (const { args } of deployments) {
      expect(args.slice(1, 6)).toEqual(['--app', assembly, '--exclusively', '--role-arn', EXEC_ROLE]);
      expect(args.join(' ')).toContain('--require-approval never --progress events');
    }
  });

  it('puts the outputs out as products and prints none of them', async () => {
    await start();
    const deployed = await job.step('run');
    expect(deployed.code).toBe(0);
    expect(text(deployed)).toContain('cdk deploy at work');
    expect(text(deployed)).not.toMatch(/secret/);
    expect(await job.step('publish')).toMatchObject({ code: 0 });
    expect(job.server.newest('/odmd-share/shop/b..main/name')).toBe('secret\nname');
    expect(job.server.newest('/odmd-share/shop/b..main/api')).toEqual({
      url: 'http://secret/',
      stage: 'live',
    });
  });

  it('runs the tests of the contract first, and not by itself', async () => {
    await start(fake, { commands: { test: ['false'], deploy: [], destroy: [] } });
    expect(await job.step('run')).toMatchObject({ code: 1 });
    expect(await cdkCalls(job.folder)).toEqual([]);
    expect(await job.step('deploy')).toMatchObject({ code: 0 });
  });

  it('refuses other stacks than those of the contract before anything is deployed, all together', async () => {
    await start({
      ...fake,
      artifacts: {
        'shop--main': artifact('shop--main', { assumeRoleArn: 'arn:aws:iam::222222222222:role/cdk-deploy' }),
        Other: { ...artifact('other--main'), environment: 'aws://333333333333/us-west-1' },
        Prod: { type: 'cdk:cloud-assembly' },
      },
    });
    const refused = await job.step('deploy');
    expect(refused.code).toBe(1);
    const places = refused.stderr.match(/ODMD562 (stack|stage) \S+: .*/g)?.map((line) => line.slice(8));
    expect(places).toEqual([
      'stage Prod: the contract has no stages',
      'stack other--main: the contract has no such stack',
      'stack shop--main--data: the app does not make it',
      'stack shop--main: it is deployed through roles of the CDK bootstrap, which no enver may assume',
      'stack other--main: it is for aws://333333333333/us-west-1, the contract says aws://222222222222/us-west-1',
    ]);
    expect((await cdkCalls(job.folder)).map(({ command }) => command)).toEqual(['synth']);
  });

  it('refuses an app that has no output for a product', async () => {
    await start({ ...fake, templates: { ...fake.templates, 'shop--main': {} } });
    const refused = await job.step('deploy');
    expect(refused).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('product api: no stack has an output'),
    });
    expect(refused.stderr).toContain(`add the output ${outputId('api')}`);
  });

  it('stops at the first stack that fails, with its exit code', async () => {
    await start({ ...fake, codes: { 'deploy shop--main--data': 3 } });
    const failed = await job.step('deploy');
    expect(failed).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('ODMD520 cdk deploy shop--main--data'),
    });
    expect((await cdkCalls(job.folder)).map(({ args }) => args[0])).not.toContain('shop--main');
  });

  it('needs resolved inputs, an app and the CLI', async () => {
    await start();
    await rm(join(job.folder, 'node_modules'), { recursive: true });
    expect(await job.step('deploy')).toMatchObject({ code: 1, stderr: expect.stringMatching(/^ODMD561 /m) });
    await writeFile(join(job.folder, 'cdk.json'), '{}');
    expect(await job.step('deploy')).toMatchObject({ code: 1, stderr: expect.stringMatching(/^ODMD560 /m) });
    await rm(join(job.folder, 'odmd.inputs.json'));
    expect(await job.step('deploy')).toMatchObject({ code: 1, stderr: expect.stringMatching(/^ODMD514 /m) });
  });
});

describe('destroy of a CDK app', () => {
  it('deletes the stacks of the contract, last first, without asking the app', async () => {
    await start();
    await rm(join(job.folder, 'cdk.json'));
    expect(await job.step('destroy')).toMatchObject({ code: 0 });
    const calls = await cdkCalls(job.folder);
    expect(calls.map(({ command, args }) => [command, args[0]])).toEqual([
      ['destroy', 'shop--main'],
      ['destroy', 'shop--main--data'],
    ]);
    for (const { args } of calls) {
      expect(args).toContain('--force');
      expect(args).toContain('--exclusively');
      expect(args[args.indexOf('--role-arn') + 1]).toBe(EXEC_ROLE);
    }
  });
});
