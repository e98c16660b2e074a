/**
 * The CDK app of the platform, for one org. Context (`-c name=value`, or `cdk.context.json`):
 *
 *   manifest        file that `odmd synth` wrote (required)
 *   contractsBuild  build id of the contractsLib (default: contracts)
 *   githubUrl       API of a GitHub of one's own (default: https://api.github.com)
 *   callers         names of the accounts whose people may ask the platform, with commas between (default: all)
 *   existingProviders  names of accounts that have GitHub's identity provider already, with commas between
 *   contractApprovers  who grants privileged changes of the contracts: account/role, with commas between (default: nobody
 *                      has to)
 *   dispatchesPerMinute  jobs that are dispatched per minute at most (default: 40, half of what GitHub takes)
 *   nag             false: without the rules of cdk-nag
 *   enver           id of an enver whose own stacks are to be seen as well, with
 *   repoId, ownerId the numbers of its repository and its owner
 */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { addPlatform, manifestFile } from '@ondemandenv/central-stacks';
import { formatError, OdmdError, readManifest } from '@ondemandenv/contracts-base';
import { App, Validations } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { AwsSolutionsChecks } from 'cdk-nag';

const functions = join(dirname(dirname(fileURLToPath(import.meta.url))), 'lambdas/dist/functions');

try {
  const app = new App();
  const context = (name) => app.node.tryGetContext(name);
  const file = manifestFile(app);
  const id = context('enver');
  const githubUrl = context('githubUrl');
  const callers = context('callers');
  const existingProviders = context('existingProviders');
  const contractApprovers = context('contractApprovers');
  const dispatchesPerMinute = context('dispatchesPerMinute');
  if (String(context('nag')) !== 'false') Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  addPlatform(app, {
    manifest: readManifest(readFileSync(file, 'utf8'), file),
    contractsBuild: context('contractsBuild') ?? 'contracts',
    ...(githubUrl && { githubUrl }),
    ...(callers && { callers: callers.split(',') }),
    ...(existingProviders && { existingProviders: existingProviders.split(',') }),
    ...(contractApprovers && { contractApprovers: contractApprovers.split(',').map(accountRole) }),
    ...(dispatchesPerMinute && { dispatchesPerMinute: Number(dispatchesPerMinute) }),
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

/** `workspace1/Admins` */
function accountRole(text) {
  const [account, role] = text.split('/');
  return { account, role };
}
