import { type Manifest, neighboursOf, OdmdError } from '@ondemandenv/contracts-base';
import type { Code } from 'aws-cdk-lib/aws-lambda';
import type { App } from 'aws-cdk-lib/core';
import { AccountStack } from './account-stack.js';
import { CentralStack } from './central/central-stack.js';
import { CENTRAL, type FunctionName } from './central/names.js';
import { EnverCentralStack } from './enver-central-stack.js';
import { EnverStack } from './enver-stack.js';
import type { RepoIdentity } from './policy/build-role.js';
import type { CentralPlace } from './policy/enver.js';
import { RegionStack } from './region-stack.js';
import { checkSettings } from './settings.js';

export interface PlatformProps {
  readonly manifest: Manifest;
  /** Build id of the contractsLib whose contracts are obeyed; the manifest has it. */
  readonly contractsBuild: string;
  readonly code: (name: FunctionName) => Code;
  /**
   * Names of accounts that have GitHub's identity provider already.
   * @default none
   */
  readonly existingProviders?: readonly string[];
  /**
   * Roles that may approve privileged changes of the contracts.
   * @default nobody has to
   */
  readonly contractApprovers?: readonly { readonly account: string; readonly role: string }[];
  /**
   * Jobs that may be dispatched per minute.
   * @default 40
   */
  readonly dispatchesPerMinute?: number;
  /** @default 'https://api.github.com' */
  readonly githubUrl?: string;
  /**
   * Names of the accounts whose people may ask the platform, where IAM lets them.
   * @default all of them
   */
  readonly callers?: readonly string[];
  /** One enver whose own stacks are to be seen as well, as the platform makes them. */
  readonly enver?: { readonly id: string; readonly repo: RepoIdentity };
}

/** GitHub's limit is eighty requests a minute that make something; a dispatch may be accompanied by a comment. */
const DISPATCHES_PER_MINUTE = 40;

/**
 * Adds every stack of the platform for an org to a CDK app: the central one, one per account, one per account and region
 * with envers. Envers' own stacks are made by the platform; of one they can be added to be looked at.
 *
 * @throws OdmdError ODMD853 the manifest does not say where the platform runs · ODMD854 it has no such contractsLib ·
 *   ODMD855 it has no such enver · ODMD859 a setting is not understood
 */
export function addPlatform(app: App, props: PlatformProps): void {
  checkSettings(props);
  const { manifest, code, existingProviders = [], githubUrl, callers } = props;
  const central = centralOf(manifest);
  const accounts = Object.fromEntries(Object.entries(manifest.accounts).map(([name, { id }]) => [name, id]));
  new CentralStack(app, 'Central', {
    central,
    accounts,
    installation: JSON.stringify(installation(props)),
    code,
    ...(githubUrl !== undefined && { githubUrl }),
    ...(callers && { callers }),
  });
  const provisioner = `arn:aws:iam::${central.account}:role/${CENTRAL.provisionerRole}`;
  for (const [name, account] of Object.entries(accounts)) {
    const existingProvider = existingProviders.includes(name);
    new AccountStack(app, `Account-${name}`, { account, central, provisioner, existingProvider });
  }
  const regions = new Map<string, { account: string; region: string }>();
  for (const { account, region } of Object.values(manifest.envers))
    regions.set(`Region-${account.name}-${region}`, { account: account.id, region });
  for (const [id, place] of [...regions].sort(([a], [b]) => (a < b ? -1 : 1)))
    new RegionStack(app, id, { ...place, central, consumers: others(accounts, place.account, central) });
  if (props.enver) addEnver(app, props.enver, manifest, central, accounts);
}

/** The accounts that envers may be in, but for one. */
function others(
  accounts: Readonly<Record<string, string>>,
  account: string,
  central: CentralPlace,
): string[] {
  return [...new Set(Object.values(accounts))]
    .filter((id) => id !== account && id !== central.account)
    .sort();
}

function addEnver(
  app: App,
  { id, repo }: NonNullable<PlatformProps['enver']>,
  manifest: Manifest,
  central: CentralPlace,
  accountIds: Readonly<Record<string, string>>,
): void {
  const entry = manifest.envers[id];
  if (!entry)
    throw new OdmdError('ODMD855', `the contracts have no enver ${id}`, {
      fix: `use one of ${Object.keys(manifest.envers).join(', ')}`,
    });
  new EnverStack(app, 'Enver', { entry, central, repo, accountIds, ...neighboursOf(manifest, entry) });
  new EnverCentralStack(app, 'EnverCentral', { entry, central });
}

function centralOf({ accounts, regions }: Manifest): CentralPlace {
  const account = Object.values(accounts).find(({ central }) => central)?.id;
  const [region] = regions ?? [];
  if (account !== undefined && region !== undefined) return { account, region };
  throw new OdmdError('ODMD853', 'the contracts do not say where the platform runs', {
    where: account === undefined ? 'accounts' : 'regions',
    fix: 'mark the central account with `central: true`, and list the `regions`, the platform’s own first',
  });
}

function installation({ manifest, contractsBuild, contractApprovers, dispatchesPerMinute }: PlatformProps) {
  const entry = Object.values(manifest.envers).find(
    ({ kind, build }) => kind === 'contractsLib' && build === contractsBuild,
  );
  if (!entry)
    throw new OdmdError('ODMD854', `the contracts have no contractsLib ${contractsBuild}`, {
      fix: 'name the build of their own ContractsLibEnver',
    });
  const { build, repo, revision, account, region } = entry;
  return {
    build,
    repo,
    revision,
    account,
    region,
    ...(contractApprovers && { contractApprovers }),
    dispatchesPerMinute: dispatchesPerMinute ?? DISPATCHES_PER_MINUTE,
  };
}
