import { join } from 'node:path';
import type { Credentials } from '../emulator/emulator.js';
import { root } from '../emulator/place.js';
import { type Ended, runProgram } from './command.js';

/** The stock CDK CLI, in the folder of this repository, as somebody. An endpoint is all that it is told of the emulator. */
export async function cdk(
  { url, as, home, region }: { url: string; as: Credentials; home: string; region: string },
  ...args: string[]
): Promise<Ended> {
  const program = join(root, 'node_modules/aws-cdk/bin/cdk');
  const ended = await runProgram(process.execPath, [program, ...args, '--no-notices', '--ci'], {
    cwd: root,
    env: {
      HOME: home,
      AWS_ENDPOINT_URL: url,
      AWS_REGION: region,
      AWS_ACCESS_KEY_ID: as.accessKeyId,
      AWS_SECRET_ACCESS_KEY: as.secretAccessKey,
      ...(as.sessionToken !== undefined && { AWS_SESSION_TOKEN: as.sessionToken }),
      CDK_VALIDATION: 'false',
      CDK_DISABLE_CLI_TELEMETRY: 'true',
    },
  });
  if (ended.code !== 0) throw new Error(`cdk ${args.join(' ')} ended with ${ended.code}:\n${ended.log}`);
  return ended;
}
