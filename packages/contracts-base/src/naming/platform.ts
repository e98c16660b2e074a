import { sha256 } from '../canonical-json.js';
import { type EnverId, roleNames } from './names.js';

/** The event bus of the central account. */
export const EVENT_BUS = 'odmd';

/** The `source` of events that come from an enver's jobs; its central role may use no other. */
export function eventSource(enver: EnverId): string {
  return `odmd.enver/${enver}`;
}

/** Caps the roles that the platform makes for envers, one per account. */
export const BOUNDARY = 'odmd-boundary';
/** Caps the roles that envers make for their applications, one per account. */
export const APP_BOUNDARY = 'odmd-app-boundary';

/** The role that the platform assumes in an account. */
export const PROVISIONED_BY = 'odmd-provisioner';

/** The bucket for what jobs upload to be deployed, one per account and region. */
export function artifactBucket(accountId: string, region: string): string {
  return `odmd-artifacts-${accountId}-${region}`;
}

/** The bucket of published manifests and applied entries, in the central account. */
export function manifestBucket(accountId: string, region: string): string {
  return `odmd-manifests-${accountId}-${region}`;
}

/** Where the applied contract entry of an enver is found in the manifest bucket. */
export function entryObject(enver: EnverId): string {
  return `entries/${enver}.json`;
}

/** The value by which an enver's roles are tagged: its id, as far as a tag has room for it. */
export function enverTag(enver: EnverId): string {
  return enver.length <= MAX_TAG ? enver : sha256(enver);
}

const MAX_TAG = 256;

/** Everything that an enver's jobs upload lies under this prefix of the artifact bucket. */
export function assetPrefix(enver: EnverId): string {
  return `assets/${enverTag(enver)}/`;
}

/**
 * The IAM path of the roles that an enver's own stacks make: below the path of its build, and of no other enver's.
 *
 * @example appRolePath('orders/b..main') // '/odmd/orders/app/orders--main/'
 */
export function appRolePath(enver: EnverId): string {
  const { path, build } = roleNames(enver);
  return `${path}app/${build.slice(0, -'-build'.length)}/`;
}

export function roleArn(accountId: string, path: string, name: string): string {
  return `arn:aws:iam::${accountId}:role${path}${name}`;
}
