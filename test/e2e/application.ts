import { GetParametersCommand, SSMClient } from '@aws-sdk/client-ssm';
import { type EnverId, roleArn, roleNames } from '@ondemandenv/contracts-base';
import type { Credentials } from '../emulator/emulator.js';
import { allow, assume } from '../emulator/identities.js';
import type { Landscape } from './landscape.js';
import { APPLICATION } from './org.js';
import { newRole } from './people.js';

/** The running application of the orders; its own policy keeps it from no role. */
export function startApplication(land: Landscape): Promise<Credentials> {
  return newRole(land, 'workspace1', APPLICATION, allow('sts:AssumeRole'));
}

/** The runtime role of an enver, and from there the one in the central account, as an application takes them on. */
export async function runtimeOf(land: Landscape, enver: EnverId, as: Credentials): Promise<Credentials> {
  const { account } = land.manifest.envers[enver] ?? (await land.entry(enver));
  const { path, runtime } = roleNames(enver);
  const own = await assume(land.aws, roleArn(account.id, path, runtime), as);
  return assume(land.aws, roleArn(land.central.account, path, runtime), own);
}

/** The value of a product, read as an application does. */
export async function readProduct(land: Landscape, as: Credentials, path: string): Promise<unknown> {
  const ssm = new SSMClient(land.aws.clientWith(as));
  const { Parameters = [] } = await ssm.send(new GetParametersCommand({ Names: [path] }));
  return JSON.parse(Parameters[0]?.Value ?? 'null');
}
