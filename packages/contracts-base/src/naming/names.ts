import { sha256 } from '../canonical-json.js';

/** `<build>/<revision path>`, e.g. `foundation/b..main`. */
export type EnverId = string;
/** `/odmd-share/<build>/<revision path>/<product>[/<child>…]`. */
export type ProductPath = string;

/** Build ids, org ids: letters, digits, `_` and `-`, at most 64. */
export const ID_PATTERN = /^[A-Za-z0-9_-]{1,64}$/;
/** One segment of a product's name, and the id of a consumer; never a path such as `..`. */
export const PRODUCT_SEGMENT = /^(?!\.+$)[A-Za-z0-9_.-]{1,64}$/;

/** What an enver's further stacks add to its name: at most 32 letters, digits and single `-`; not like a hash. */
export const STACK_SUFFIX = /^(?=.{1,32}$)(?!(.*-)?[0-9a-f]{12}$)[A-Za-z0-9]+(-[A-Za-z0-9]+)*$/i;
/** The name of an image in its enver, as ECR takes it, at most 64 characters. */
export const IMAGE_NAME = /^(?=.{1,64}$)[a-z0-9]+([._-][a-z0-9]+)*$/;

const MAX_STACK_NAME = 128;
/** Of the 256 characters of a repository, without 64 of the build, 64 of the image and two slashes. */
const MAX_REPOSITORY_PART = 126;

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

/**
 * A CloudFormation stack name: `[A-Za-z][A-Za-z0-9-]*`, at most 128 characters. Without a suffix it is the enver's
 * default stack; each further one has a suffix (see `STACK_SUFFIX`) of its own.
 *
 * @example stackName('orders/b..main', 'data') // 'orders--main--data'
 */
export function stackName(enver: EnverId, suffix = ''): string {
  if (suffix === '') return shortName(enver, MAX_STACK_NAME);
  return `${shortName(enver, MAX_STACK_NAME - 2 - suffix.length)}--${suffix}`;
}

/** The suffix with which this is a stack name of the enver, `''` for the default one; `undefined` if it is none. */
export function stackSuffix(enver: EnverId, name: string): string | undefined {
  if (name === stackName(enver)) return '';
  const suffix = name.slice(name.lastIndexOf('--') + 2);
  return STACK_SUFFIX.test(suffix) && name === stackName(enver, suffix) ? suffix : undefined;
}

/** The stack, in the enver's account or in central, that holds what the platform makes for an enver. */
export function platformStackName(enver: EnverId): string {
  const prefix = 'odmd-enver-';
  return prefix + shortName(enver, MAX_STACK_NAME - prefix.length);
}

/**
 * The ECR repository of one of an enver's images (see `IMAGE_NAME`), at most 256 characters. Names that differ in
 * case only come out equal: the contracts' rules refuse them, and those of clones carry a hash.
 *
 * @example repositoryName('orders/b..main', 'api') // 'orders/main/api'
 */
export function repositoryName(enver: EnverId, image: string): string {
  return repositoryPrefix(enver) + image;
}

/** Every repository of an enver lies under this prefix, and nothing else does. */
export function repositoryPrefix(enver: EnverId): string {
  const { build, branch, plain } = partsOf(enver);
  const fits = branch.length <= MAX_REPOSITORY_PART && !LOOKS_HASHED.test(branch);
  if (plain && fits) return `${build}/${branch}/`.toLowerCase();
  const hash = hashOf(enver);
  const readable = dashed(dashed(branch).slice(0, MAX_REPOSITORY_PART - hash.length - 1));
  return `${dashed(build)}/${readable}-${hash}/`;
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
  const { build, branch, plain } = partsOf(enver);
  const wanted = `${build}--${branch}`;
  if (plain && wanted.length <= max && !LOOKS_HASHED.test(wanted)) return wanted;
  const safe = (/^[A-Za-z]/.test(wanted) ? wanted : `o-${wanted}`).replace(/[^A-Za-z0-9-]+/g, '-');
  const hash = hashOf(enver);
  return `${safe.slice(0, max - hash.length - 1)}-${hash}`;
}

function partsOf(enver: EnverId) {
  const [build = '', revision = ''] = enver.split('/');
  const branch = revision.replace(/^b\.\./, '');
  const plain = PLAIN_PART.test(build) && PLAIN_PART.test(branch) && /^[A-Za-z]/.test(build);
  return { build, branch, plain };
}

function hashOf(enver: EnverId): string {
  return sha256(enver).slice(0, 12);
}

/** As lower-case letters and digits with single dashes between them. */
function dashed(text: string): string {
  return (
    text
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-|-$/g, '') || 'o'
  );
}
