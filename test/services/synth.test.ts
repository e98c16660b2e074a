import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { appRolePath, cloneRevisionPath, enverId, Revision, stackName } from '@ondemandenv/contracts-base';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const SERVICES = fileURLToPath(new URL('../../examples/coffee-shop/services', import.meta.url));
const APPS: Readonly<Record<string, string>> = {
  edge: 'networking/edge',
  foundation: 'foundation',
  networking: 'networking/network',
  'order-manager': 'shop/manager',
  'order-processor': 'shop/processor/cdk',
  'user-auth': 'user-auth',
};

const run = promisify(execFile);
let out: string;
beforeAll(() => {
  out = mkdtempSync(join(tmpdir(), 'odmd-services-'));
});
afterAll(() => rmSync(out, { recursive: true, force: true }));

interface Synthesised {
  readonly enver: string;
  readonly ref: string;
  /** By the suffixes of their stacks. */
  readonly templates: Record<string, Template>;
}
interface Template {
  readonly Resources: Record<
    string,
    { Type: string; Properties?: Record<string, unknown>; DeletionPolicy?: string }
  >;
  readonly Outputs?: Record<string, unknown>;
}

/** Nothing answers there: whoever needs the network fails. */
const OFFLINE = {
  http_proxy: 'http://127.0.0.1:9',
  https_proxy: 'http://127.0.0.1:9',
  AWS_EC2_METADATA_DISABLED: 'true',
};

/** What starts the CDK app in a service's folder. The build of the app is that of the whole workspace here. */
const APP = ['dist/app.js'];

/** What the stock CDK CLI is started with to do so. */
function cdkSynth(cwd: string, output: string): string[] {
  const cli = join(createRequire(join(cwd, 'package.json')).resolve('aws-cdk/package.json'), '../bin/cdk');
  const quiet = ['--quiet', '--no-notices', '--no-version-reporting'];
  return [cli, 'synth', ...quiet, '--app', 'node dist/app.js', '--output', output];
}

/** Synthesises a service for one enver of its build, without the network. */
async function synth(build: string, enver: string, ref: string, cli = false): Promise<Synthesised> {
  const cwd = join(SERVICES, APPS[build] ?? '');
  const output = mkdtempSync(join(out, 'cdk-'));
  const env = {
    PATH: process.env.PATH,
    HOME: out,
    ODMD_ENVER: enver,
    ODMD_REVISION: ref,
    CDK_OUTDIR: output,
    CDK_VALIDATION: 'false',
    CDK_DISABLE_CLI_TELEMETRY: '1',
    ...OFFLINE,
  };
  const { stderr } = await run(process.execPath, cli ? cdkSynth(cwd, output) : APP, { cwd, env });
  expect(stderr).not.toMatch(/\[Warning|\[Error/i);
  const templates = ['', 'bus', 'data'].flatMap((suffix) => {
    const file = join(output, `${stackName(enver, suffix)}.template.json`);
    return existsSync(file) ? [[suffix, JSON.parse(readFileSync(file, 'utf8'))]] : [];
  });
  return { enver, ref, templates: Object.fromEntries(templates) };
}

function branch(build: string, ref: string): Promise<Synthesised> {
  return synth(build, enverId(build, cloneRevisionPath(Revision.branch('main'), Revision.branch(ref))), ref);
}

/**
 * The templates with every name of the enver replaced by what it stands for. Ids that the CDK makes of the path of a
 * construct have the letters of the stack's name in them, and a hash.
 */
function nameless({ enver, ref, templates }: Synthesised): Synthesised['templates'] {
  const names: [string, string][] = [
    [appRolePath(enver), '<roles>'],
    [stackName(enver), '<stack>'],
    [enver, '<enver>'],
    [`"${ref}"`, '"<ref>"'],
  ];
  const letters = stackName(enver).replaceAll('-', '');
  const text = names.reduce((all, [name, stand]) => all.replaceAll(name, stand), JSON.stringify(templates));
  const plain = text.replaceAll(new RegExp(`\\w*${letters}\\w*`, 'g'), (id) =>
    id.replace(letters, '<stack>').replaceAll(/[0-9A-F]{8,}/g, '<hash>'),
  );
  return JSON.parse(plain.replaceAll(/"[a-z][a-z0-9-]*-[0-9a-f]{12}"/g, '"<name>"'));
}

describe.each(Object.keys(APPS))('the CDK app of %s', (build) => {
  it('synthesised for two branches differs in names only, and for main in what stays', {
    timeout: 120_000,
  }, async () => {
    const main = await synth(build, `${build}/b..main`, 'main', true);
    const [one, two] = await Promise.all([branch(build, 'feature/x'), branch(build, 'feature/y')]);
    expect(Object.keys(main.templates).length).toBeGreaterThan(0);
    expect(nameless(one)).toEqual(nameless(two));
    const shape = (synthesised: Synthesised) =>
      Object.entries(nameless(synthesised)).map(([suffix, { Resources, Outputs }]) => [
        suffix,
        Object.entries(Resources).map(([id, { Type }]) => `${id} ${Type}`),
        Object.keys(Outputs ?? {}),
      ]);
    expect(shape(one)).toEqual(shape(main));
    const resources = Object.values(one.templates).flatMap(({ Resources }) => Object.values(Resources));
    expect(resources.filter(({ DeletionPolicy = 'Delete' }) => DeletionPolicy !== 'Delete')).toEqual([]);
    for (const { Type, Properties } of resources)
      if (Type === 'AWS::IAM::Role')
        expect(Properties).toMatchObject({
          Path: appRolePath(one.enver),
          PermissionsBoundary: expect.stringMatching(/:policy\/odmd-app-boundary$/),
        });
  });
});

describe('the services', () => {
  it.each(['order-events/package', 'shop/manager/lambda', 'shop/processor/service'])(
    'in %s pass their own tests',
    async (folder) => {
      await run(process.execPath, ['--test', join(SERVICES, folder)]);
    },
  );
});
