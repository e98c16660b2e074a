import {
  APP_BOUNDARY,
  appRolePath,
  artifactBucket,
  assetPrefix,
  BOUNDARY,
  type EnverEntry,
  platformStackName,
  roleArn,
  roleNames,
} from '@ondemandenv/contracts-base';

/** Where the platform's central stack lives. */
export interface CentralPlace {
  /** 12 digits. */
  readonly account: string;
  /** The platform's home region. */
  readonly region: string;
}

/** The ARNs around one enver; each a pure function of its entry and of where central is. */
export function arnsOf(entry: EnverEntry, central: CentralPlace) {
  const { id, account, region } = entry;
  const names = roleNames(id);
  const inAccount = (service: string, resource: string) =>
    `arn:aws:${service}:${region}:${account.id}:${resource}`;
  const bucket = `arn:aws:s3:::${artifactBucket(account.id, region)}`;
  return {
    buildRole: roleArn(account.id, names.path, names.build),
    execRole: roleArn(account.id, names.path, names.exec),
    runtimeRole: roleArn(account.id, names.path, names.runtime),
    centralRole: roleArn(central.account, names.path, names.central),
    centralRuntimeRole: roleArn(central.account, names.path, names.runtime),
    boundary: `arn:aws:iam::${account.id}:policy/${BOUNDARY}`,
    centralBoundary: `arn:aws:iam::${central.account}:policy/${BOUNDARY}`,
    appBoundary: `arn:aws:iam::${account.id}:policy/${APP_BOUNDARY}`,
    appRoles: `arn:aws:iam::${account.id}:role${appRolePath(id)}*`,
    appPolicies: `arn:aws:iam::${account.id}:policy${appRolePath(id)}*`,
    stacks: entry.stacks.map((name) => inAccount('cloudformation', `stack/${name}/*`)),
    repositories: entry.images.map(({ repository }) => inAccount('ecr', `repository/${repository}`)),
    bucket,
    assets: `${bucket}/${assetPrefix(id)}*`,
    platformStack: platformStackName(id),
  } as const;
}

export type EnverArns = ReturnType<typeof arnsOf>;
