import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EnverEntry, OdmdError } from '@ondemandenv/contracts-base';
import { z } from 'zod';
import type { ChildOptions } from '../child-process.js';
import { putOut } from '../put-out.js';
import { checkAssembly } from './assembly.js';
import { execRoleArn, findCdkCli } from './cdk-cli.js';
import { readStackOutputs } from './stack-outputs.js';

export interface StacksOptions extends ChildOptions {
  /** Takes a line of progress for a person. */
  readonly say: (line: string) => void;
}

/**
 * Deploys the stacks of an enver's CDK app, in the order of the contract, with the credentials at hand and the enver's
 * exec role, and puts the products out that are among their outputs. It may be killed anywhere and run again.
 *
 * @param outputFile collects the outputs of the job
 * @throws OdmdError ODMD560 no app · ODMD561 no CDK CLI · ODMD563, ODMD564 what the CLI wrote is not understood
 * @throws ProblemsError ODMD562 the app makes something else than the contract says; nothing was deployed then
 * @throws CommandFailed ODMD520 the app or a deployment failed
 */
export async function deployStacks(
  entry: EnverEntry,
  outputFile: string,
  options: StacksOptions,
): Promise<void> {
  await checkApp(options.cwd);
  const cdk = await findCdkCli(options, options.say);
  await inFolder(async (folder) => {
    const assembly = join(folder, 'cdk.out');
    await cdk.run('synth', '--quiet', '--no-notices', '--output', assembly);
    for (const { name, selector } of await checkAssembly(assembly, entry)) {
      const outputs = join(folder, `${name}.json`);
      await cdk.run('deploy', selector, ...onAssembly(assembly, entry), ...DEPLOY, '--outputs-file', outputs);
      await putOut(outputFile, await readStackOutputs(outputs, entry));
    }
  });
}

/**
 * Deletes the stacks of an enver, last first. The app is not asked: what was deployed has to go, also when its source
 * cannot be synthesised any more. Stacks that are gone already are no failure.
 *
 * @throws OdmdError ODMD561 no CDK CLI
 * @throws CommandFailed ODMD520 a deletion failed
 */
export async function destroyStacks(entry: EnverEntry, options: StacksOptions): Promise<void> {
  const cdk = await findCdkCli(options, options.say);
  await inFolder(async (folder) => {
    const assembly = join(folder, 'cdk.out');
    await writeEmptyAssembly(assembly, entry);
    for (const name of entry.stacks.toReversed())
      await cdk.run('destroy', name, ...onAssembly(assembly, entry), '--force');
  });
}

const DEPLOY = ['--require-approval', 'never', '--progress', 'events', '--no-notices'];

/** One stack at a time, of an app that was synthesised before, by CloudFormation under the enver's exec role. */
function onAssembly(assembly: string, entry: EnverEntry): string[] {
  return ['--app', assembly, '--exclusively', '--role-arn', execRoleArn(entry)];
}

/** Without an app the CLI explains its own command line, which nobody typed. */
async function checkApp(cwd: string): Promise<void> {
  const schema = z.object({ app: z.string().min(1) });
  try {
    schema.parse(JSON.parse(await readFile(join(cwd, 'cdk.json'), 'utf8')));
  } catch (cause) {
    throw new OdmdError('ODMD560', 'it does not say how the CDK app is started', {
      where: join(cwd, 'cdk.json'),
      fix: 'write {"app": "node dist/app.js"} into a file cdk.json in the working directory of the build',
      cause,
    });
  }
}

/**
 * A cloud assembly with the enver's stacks and nothing in them: all that a deletion needs to know.
 *
 * @see https://github.com/aws/aws-cdk-cli/tree/main/packages/%40aws-cdk/cloud-assembly-schema
 */
async function writeEmptyAssembly(folder: string, { stacks, account, region }: EnverEntry): Promise<void> {
  const artifact = (stackName: string) => ({
    type: 'aws:cloudformation:stack',
    environment: `aws://${account.id}/${region}`,
    properties: { templateFile: 'empty.json', stackName },
  });
  const artifacts = Object.fromEntries(stacks.map((name) => [name, artifact(name)]));
  await mkdir(folder);
  await writeFile(join(folder, 'empty.json'), JSON.stringify({ Resources: {} }));
  await writeFile(join(folder, 'manifest.json'), JSON.stringify({ version: '36.0.0', artifacts }));
}

/** In a folder of its own, readable by nobody else, which is removed whatever happens. */
async function inFolder(action: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'odmd-cdk-'));
  try {
    await action(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
