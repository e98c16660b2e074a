import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { contracts } from '@coffee-shop/contracts';
import { writeManifest } from '@ondemandenv/contracts-base';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Emulator } from '../emulator/emulator.js';

/*
 * The platform of the example org, synthesised by the stock CDK CLI as its platform engineers do.
 */

const root = fileURLToPath(new URL('../../', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'odmd-platform-'));
const manifest = join(folder, 'manifest.json');
/** In whose name the CDK CLI works. */
let credentials: Readonly<Record<string, string>> = {};
let bundled = '';

afterAll(() => rmSync(folder, { recursive: true, force: true }));

beforeAll(async () => {
  const result = contracts.synth();
  if (!result.ok) throw new Error('the example is broken');
  writeFileSync(manifest, writeManifest(result.manifest));
  // Into a folder of its own: what is deployed from the usual one may be read by another test right now.
  bundled = (await run('scripts/bundle-lambdas.mjs', [join(folder, 'functions')])).out;
}, 120_000);

function run(
  file: string,
  args: string[],
  more = credentials,
): Promise<{ code: number; out: string; err: string }> {
  return new Promise((resolve) => {
    // In CI the CDK says on one stream what it says on the other one otherwise.
    const { CI: _, ...variables } = process.env;
    const env = { ...variables, ...more };
    execFile(process.execPath, [join(root, file), ...args], { cwd: root, env }, (error, out, err) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, err });
    });
  });
}

const CLI = 'node_modules/aws-cdk/bin/cdk';
const OPTIONS = ['--output', join(folder, 'cdk.out'), '--no-notices'];
const cdk = (...args: string[]) => run(CLI, [...args, ...OPTIONS]);

/** What the CDK has to say of its templates: its own validator, and the rules of cdk-nag. */
const complaints = (): unknown[] =>
  JSON.parse(readFileSync(join(folder, 'cdk.out', 'validation-report.json'), 'utf8')).pluginReports;

describe('the platform of an org', () => {
  it('is bundled small: a megabyte a function, five for the one that has the CDK in it', () => {
    const sizes = [...bundled.matchAll(/^(\w+): (\d+) KB$/gm)].map(([, name, kb]) => [name, Number(kb)]);
    expect(sizes).toHaveLength(6);
    for (const [name, kb] of sizes) expect(kb).toBeLessThan(name === 'provisioner' ? 5_120 : 1_024);
  });

  it('is synthesised from nothing but a manifest, and the CDK finds nothing wrong with it', async () => {
    const list = ['list', '-c', `manifest=${manifest}`, ...OPTIONS];
    // No other test has the validator, which says so as a warning only.
    const listed = await run(CLI, list, { CDK_VALIDATION: 'true' });
    expect(listed, listed.err).toMatchObject({ code: 0 });
    expect(complaints()).toEqual([]);
    expect(
      listed.out
        .trim()
        .split('\n')
        .map((line) => line.split(' ')[0]),
    ).toEqual(expect.arrayContaining(['Central', 'Account-workspace1', 'Region-workspace1-us-east-1']));
    const central = JSON.parse(readFileSync(join(folder, 'cdk.out', 'Central.template.json'), 'utf8'));
    const functions = Object.values<{ Type: string }>(central.Resources).filter(
      ({ Type }) => Type === 'AWS::Lambda::Function',
    );
    expect(functions).toHaveLength(6);
  }, 120_000);

  it('goes into an account with credentials of that account alone, once it is bootstrapped, and is shown as a diff', async () => {
    const emulator = await Emulator.start();
    try {
      credentials = {
        AWS_ENDPOINT_URL: emulator.url,
        AWS_ACCESS_KEY_ID: '444444444444',
        AWS_SECRET_ACCESS_KEY: 'root',
        CDK_DISABLE_CLI_TELEMETRY: 'true',
      };
      const places = ['us-west-1', 'us-east-1'].map((region) => `aws://444444444444/${region}`);
      const policy = ['--cloudformation-execution-policies', 'arn:aws:iam::aws:policy/AdministratorAccess'];
      const bootstrapped = await cdk('bootstrap', ...places, ...policy, '-c', `manifest=${manifest}`);
      expect(bootstrapped, bootstrapped.err).toMatchObject({ code: 0 });
      const stacks = ['Account-workspace1', 'Region-workspace1-*'];
      const deployed = await cdk(
        'deploy',
        ...stacks,
        '--require-approval',
        'never',
        '-c',
        `manifest=${manifest}`,
      );
      expect(deployed, deployed.err).toMatchObject({ code: 0 });
      const done = [...deployed.err.matchAll(/✅ {2}(\S+)/g)].map(([, name]) => name);
      expect(done.sort()).toEqual([
        'Account-workspace1',
        'Region-workspace1-us-east-1',
        'Region-workspace1-us-west-1',
      ]);
      const context = ['-c', `manifest=${manifest}`];
      const same = await cdk('diff', ...stacks, '--fail', ...context);
      expect(same, same.err).toMatchObject({ code: 0 });
      credentials = { ...credentials, AWS_ACCESS_KEY_ID: '111111111111' };
      const central = await cdk('diff', 'Central', '--fail', ...context);
      expect(central).toMatchObject({ code: 1, err: expect.stringContaining('[+] AWS::SQS::Queue Work') });
    } finally {
      credentials = {};
      await emulator.stop();
    }
  }, 180_000);

  it.each([
    ['ODMD856', []],
    ['ODMD859', ['-c', 'manifest=nowhere.json']],
  ])(
    'is not synthesised without one, which is said: %s',
    async (code, context) => {
      const refused = await cdk('list', ...context);
      expect(refused.code).toBe(1);
      expect(refused.err).toContain(code);
    },
    120_000,
  );
});
