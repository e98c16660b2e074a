/**
 * The CDK app of the platform, for one org. Context (`-c name=value`, or `cdk.context.json`):
 *
 *   manifest        file that `odmd synth` wrote (required)
 *   contractsBuild  build id of the contractsLib (default: contracts)
 *   enver           id of an enver whose own stacks are to be seen as well, with
 *   repoId, ownerId the numbers of its repository and its owner
 */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { addPlatform, manifestFile } from '@ondemandenv/central-stacks';
import { formatError, OdmdError, readManifest } from '@ondemandenv/contracts-base';
import { App } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';

const functions = join(dirname(dirname(fileURLToPath(import.meta.url))), 'lambdas/dist/functions');

try {
  const app = new App();
  const context = (name) => app.node.tryGetContext(name);
  const file = manifestFile(app);
  const id = context('enver');
  addPlatform(app, {
    manifest: readManifest(readFileSync(file, 'utf8'), file),
    contractsBuild: context('contractsBuild') ?? 'contracts',
    code: (name) => Code.fromAsset(join(functions, name)),
    ...(id && {
      enver: { id, repo: { id: Number(context('repoId')), ownerId: Number(context('ownerId')) } },
    }),
  });
  app.synth();
} catch (error) {
  if (!(error instanceof OdmdError)) throw error;
  console.error(formatError(error));
  process.exitCode = 1;
}
