import { join } from 'node:path';
import { PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Landscape } from './landscape.js';

/** GitHub is on this machine: nothing is to wait for its limits. */
const MANY = 6_000;

/** Installs the platform in every account, as the guide has it: by the stock CDK CLI, and the secret of the App. */
export async function installPlatform(land: Landscape, folder: string): Promise<void> {
  const out = join(folder, 'cdk.out');
  const settings = {
    manifest: land.manifestFile,
    githubUrl: land.proxy.url,
    dispatchesPerMinute: MANY,
  };
  const context = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  await land.cdk('central', 'synth', '--quiet', '--output', out, ...context);
  const assembly = ['--app', out];
  const policies = ['--cloudformation-execution-policies', 'arn:aws:iam::aws:policy/AdministratorAccess'];
  await Promise.all(
    Object.entries(land.accounts).map(async ([name, account]) => {
      for (const region of regionsOf(land, name))
        await land.cdk(name, 'bootstrap', `aws://${account}/${region}`, ...policies, ...assembly);
    }),
  );
  const unasked = [...assembly, '--require-approval', 'never'];
  await land.cdk('central', 'deploy', 'Central', 'Account-central', ...unasked);
  const others = Object.keys(land.accounts).filter((name) => name !== 'central');
  await Promise.all(
    others.map((name) => land.cdk(name, 'deploy', `Account-${name}`, `Region-${name}-*`, ...unasked)),
  );
  const secrets = new SecretsManagerClient(land.as('central'));
  const SecretString = JSON.stringify(land.github.appSecret());
  await secrets.send(new PutSecretValueCommand({ SecretId: 'odmd-github-app', SecretString }));
  land.github.sendWebhooksTo(await land.webhookUrl());
}

/** The regions in which the platform has something of an account: its own, and those with envers. */
function regionsOf({ central, manifest }: Landscape, name: string): string[] {
  const envers = Object.values(manifest.envers).filter(({ account }) => account.name === name);
  return [...new Set([central.region, ...envers.map(({ region }) => region)])];
}
