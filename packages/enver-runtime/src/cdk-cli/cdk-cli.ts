import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { type EnverEntry, OdmdError, roleArn, roleNames } from '@ondemandenv/contracts-base';
import { z } from 'zod';
import type { ChildOptions } from '../child-process.js';
import { quietNpm } from '../packages/npm.js';
import { plainStep, runSteps, type Step } from '../steps.js';

/** The CDK CLI of a service, for one enver. */
export interface CdkCli {
  /** Runs a command of it; `args` are those after `cdk`. */
  run(...args: string[]): Promise<void>;
}

/** Keeps the CLI, and npm in the app's command, from asking anybody but AWS, and from news for their developers. */
const QUIET = {
  ...quietNpm,
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  CDK_DISABLE_CLI_TELEMETRY: 'true',
  CDK_DISABLE_VERSION_CHECK: 'true',
} as const;
/** What comes before the values of a stack's outputs. After it there is nothing that is not known otherwise. */
const OUTPUTS = 'Outputs:';

/**
 * Finds the CDK CLI among the dependencies of the service: the service, not the platform, decides on its release.
 *
 * @param say takes the lines that the CLI prints, without the values of outputs
 * @throws OdmdError ODMD561 it is not installed
 */
export async function findCdkCli(options: ChildOptions, say: (line: string) => void): Promise<CdkCli> {
  const main = await cliOf(options.cwd);
  const env = { ...options.env, ...QUIET };
  return {
    run: async (...args) => {
      const step: Step = { ...plainStep(process.execPath, main, ...args), title: ['cdk', ...args].join(' ') };
      let hidden = false;
      const onLine = (line: string) => {
        hidden ||= withoutColours(line).trim() === OUTPUTS;
        if (!hidden) say(line);
      };
      await runSteps([step], { ...options, env, onLine }, say, true);
    },
  };
}

/** The role with which CloudFormation makes and removes what is in the stacks of an enver. */
export function execRoleArn({ id, account }: EnverEntry): string {
  const names = roleNames(id);
  return roleArn(account.id, names.path, names.exec);
}

async function cliOf(folder: string): Promise<string> {
  try {
    const file = createRequire(join(folder, 'package.json')).resolve('aws-cdk/package.json');
    const { bin } = z
      .object({ bin: z.object({ cdk: z.string() }) })
      .parse(JSON.parse(await readFile(file, 'utf8')));
    return join(dirname(file), bin.cdk);
  } catch (cause) {
    throw new OdmdError('ODMD561', 'the CDK CLI is not among the dependencies of the service', {
      where: folder,
      fix: 'add aws-cdk to the devDependencies of its package.json, and install them',
      cause,
    });
  }
}

function withoutColours(line: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what colours are made of
  return line.replaceAll(/\x1b\[[0-9;]*m/g, '');
}
