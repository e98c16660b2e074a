import {
  type EnverEntry,
  ID_PATTERN,
  type Manifest,
  type ManifestRepo,
  OdmdError,
} from '@ondemandenv/contracts-base';

/**
 * All that a workflow file depends on. Whatever else the contracts say is read by the job itself, from the entry that
 * is in force when it runs.
 */
export interface Target {
  readonly repo: ManifestRepo;
  readonly build: string;
  readonly kind: EnverEntry['kind'];
  readonly account: { readonly name: string; readonly id: string };
  readonly region: string;
  /** Twelve digits: the account that the platform runs in. */
  readonly centralAccount: string;
  /** The region that the platform runs in. */
  readonly homeRegion: string;
}

const ACCOUNT = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;
const REGION = /^[a-z]{2,4}(-[a-z]+)+-\d{1,2}$/;

/** Where the platform runs. */
export type Platform = Pick<Target, 'centralAccount' | 'homeRegion'>;

/**
 * What needs workflow files: one target per build, account and region, sorted, each once however many envers it has.
 *
 * @throws OdmdError ODMD801 no home region · ODMD802 no central account · ODMD803 a name that no file can have
 */
export function targetsOf(manifest: Manifest): Target[] {
  const platform = { centralAccount: centralAccountOf(manifest), homeRegion: homeRegionOf(manifest) };
  const targets = new Map<string, Target>();
  for (const entry of Object.values(manifest.envers)) {
    const target = targetOf(entry, platform);
    const { repo, build, kind, account, region } = target;
    targets.set([repo.owner, repo.name, build, kind, region, account.name].join('/'), target);
  }
  return [...targets].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, target]) => target);
}

/** The target of one enver, or of a clone: it has that of its base. @throws OdmdError ODMD803 */
export function targetOf({ repo, build, kind, account, region }: EnverEntry, platform: Platform): Target {
  // The contracts' own rules say the same; a manifest may come from elsewhere, and these names become paths.
  const where = `build ${build}`;
  legal('build', build, ID_PATTERN, where);
  legal('account', account.name, ACCOUNT, where);
  legal('region', region, REGION, where);
  return {
    repo: { owner: repo.owner, name: repo.name },
    build,
    kind,
    account: { name: account.name, id: account.id },
    region,
    centralAccount: platform.centralAccount,
    homeRegion: platform.homeRegion,
  };
}

function homeRegionOf({ regions }: Manifest): string {
  const [home] = regions ?? [];
  if (home !== undefined) return legal('region', home, REGION, 'regions of the contracts');
  throw new OdmdError('ODMD801', 'the contracts do not say in which region the platform runs', {
    where: 'regions of the contracts',
    fix: "declare regions on Contracts, the platform's own first: `regions: ['us-west-1']`",
  });
}

function centralAccountOf({ accounts }: Manifest): string {
  const central = Object.values(accounts).find((account) => account.central);
  if (central) return central.id;
  throw new OdmdError('ODMD802', 'no account of the contracts is the central one', {
    where: 'accounts of the contracts',
    fix: 'mark the account that the platform runs in with `central: true`',
  });
}

function legal(what: string, name: string, pattern: RegExp, where: string): string {
  if (pattern.test(name)) return name;
  throw new OdmdError('ODMD803', `the ${what} ${JSON.stringify(name)} cannot be part of a workflow file`, {
    where,
    fix: 'run `odmd validate` on the contracts, and use a manifest that `odmd synth` wrote',
  });
}
