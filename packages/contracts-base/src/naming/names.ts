import { sha256 } from '../canonical-json.js';

/** `<build>/<revision path>`, e.g. `foundation/b..main`. */
export type EnverId = string;
/** `/odmd-share/<build>/<revision path>/<product>[/<child>…]`. */
export type ProductPath = string;

/** Build ids, org ids: letters, digits, `_` and `-`, at most 64. */
export const ID_PATTERN = /^[A-Za-z0-9_-]{1,64}$/;
/** One segment of a product's name, and the id of a consumer; never a path such as `..`. */
export const PRODUCT_SEGMENT = /^(?!\.+$)[A-Za-z0-9_.-]{1,64}$/;

/** Parts that `--` joins unambiguously. */
const PLAIN_PART = /^[A-Za-z0-9]+(-[A-Za-z0-9]+)*$/;
const LOOKS_HASHED = /-[0-9a-f]{12}$/i;

export function enverId(build: string, revisionPath: string): EnverId {
  return `${build}/${revisionPath}`;
}

/** The config-store path of a product; `name` may be nested: `bus/source`. */
export function productPath(enver: EnverId, name: string): ProductPath {
  return `/odmd-share/${enver}/${name}`;
}

/** Every product of an enver lies under this prefix, and nothing else does. */
export function productPrefix(enver: EnverId): string {
  return `/odmd-share/${enver}/`;
}

/** The enver that owns a product path. */
export function producerOf(path: ProductPath): EnverId {
  const [, , build = '', revision = ''] = path.split('/');
  return enverId(build, revision);
}

/** Where CI writes the vector it deployed; writable by that enver alone. */
export function deployedStatePath(enver: EnverId): string {
  return `/odmd-state/${enver}/deployed`;
}

/** Where the platform writes what the newest run has to deploy; readable by that enver alone. */
export function dispatchStatePath(enver: EnverId): string {
  return `/odmd-state/${enver}/dispatch`;
}

/** The default CloudFormation stack name: `[A-Za-z][A-Za-z0-9-]*`, at most 128 characters. */
export function stackName(enver: EnverId): string {
  return shortName(enver, 128);
}

/** IAM role names of an enver, each at most 64 characters, under the path `/odmd/<build>/`. */
export function roleNames(enver: EnverId) {
  const stem = shortName(enver, 64 - '-runtime'.length);
  return {
    path: `/odmd/${enver.split('/')[0]}/`,
    build: `${stem}-build`,
    exec: `${stem}-exec`,
    runtime: `${stem}-runtime`,
    central: `${stem}-central`,
  } as const;
}

/** One workflow file per build, account and region: an enver and its clones share it. */
export function workflowFile(target: {
  build: string;
  kind: string;
  region: string;
  account: string;
}): string {
  return `.github/workflows/ODMD_${target.build}-${target.kind}-${target.region}-${target.account}.yaml`;
}

/** `orderApi` → `ODMD_INPUT_ORDERAPI`: the environment variable that carries a consumed value into a script. */
export function inputVariable(consumerId: string): string {
  return `ODMD_INPUT_${consumerId.replace(/[^A-Za-z0-9]/g, '_').toUpperCase()}`;
}

/**
 * A name made of letters, digits and `-`, a pure function of the enver id: `<build>--<branch>` when two envers can
 * never share that; else (another character, a tag, a clone, too long, `--` or a hash inside, `-` at an end) it is
 * made to fit and ends in 12 hex digits of the id's sha256.
 */
function shortName(enver: EnverId, max: number): string {
  const [build = '', revision = ''] = enver.split('/');
  const branch = revision.replace(/^b\.\./, '');
  const wanted = `${build}--${branch}`;
  const plain = PLAIN_PART.test(build) && PLAIN_PART.test(branch) && /^[A-Za-z]/.test(build);
  if (plain && wanted.length <= max && !LOOKS_HASHED.test(wanted)) return wanted;
  const safe = (/^[A-Za-z]/.test(wanted) ? wanted : `o-${wanted}`).replace(/[^A-Za-z0-9-]+/g, '-');
  const hash = sha256(enver).slice(0, 12);
  return `${safe.slice(0, max - hash.length - 1)}-${hash}`;
}
