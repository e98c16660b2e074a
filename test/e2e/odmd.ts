import { join } from 'node:path';
import { GetFunctionUrlConfigCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { type Credentials, REGION } from '../emulator/emulator.js';
import { root } from '../emulator/place.js';
import { type Ended, runProgram } from './command.js';
import type { Landscape } from './landscape.js';

/** Asks the platform with the built `odmd` as somebody. */
export async function odmdAs(
  land: Landscape,
  { accessKeyId, secretAccessKey, sessionToken = '' }: Credentials,
  ...args: readonly string[]
): ReturnType<typeof runProgram> {
  const asked = new GetFunctionUrlConfigCommand({ FunctionName: 'odmd-api' });
  const { FunctionUrl = '' } = await new LambdaClient(land.as('central')).send(asked);
  const env = {
    // The host of a function's URL is nowhere but on AWS.
    ODMD_PLATFORM: `${land.aws.url}/_aws/lambda-url/${new URL(FunctionUrl).hostname.split('.')[0]}`,
    AWS_REGION: REGION,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
  };
  const program = join(root, 'packages/cli/dist/main.js');
  return runProgram(process.execPath, [program, ...args], { cwd: root, env });
}

/** As the administrator of the central account. */
export function odmd(land: Landscape, ...args: string[]): Promise<Ended> {
  return odmdAs(land, land.administrator('central'), ...args);
}

/** As `odmd`, for what has to succeed. */
export async function odmdDoes(land: Landscape, ...args: string[]): Promise<string> {
  const { code, log } = await odmd(land, ...args);
  if (code !== 0) throw new Error(`odmd ${args.join(' ')} ended with ${code}:\n${log}`);
  return log;
}
