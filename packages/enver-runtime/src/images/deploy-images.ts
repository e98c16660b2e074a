import { join } from 'node:path';
import { type EnverEntry, OdmdError, repositoryPrefix } from '@ondemandenv/contracts-base';
import type { ChildOptions } from '../child-process.js';
import { withoutInputsFile } from '../inputs-file.js';
import { putOut } from '../put-out.js';
import { plainStep, runSteps, type Step } from '../steps.js';
import { withLogin } from './registry-login.js';

/** Where the images of an enver are kept. */
export interface ImageRegistry {
  /** Host of the registry, with the port where it has one. */
  readonly host: string;
  /**
   * The digest of the image that a tag names, `sha256:…`; `undefined` when there is none.
   *
   * @throws OdmdError ODMD581 there is no such repository
   */
  digest(repository: string, tag: string): Promise<string | undefined>;
  /** What a client of the registry proves itself with: base64 of `user:password`. */
  login(): Promise<string>;
}

export interface ImageOptions extends ChildOptions {
  /** Takes a line of progress for a person. */
  readonly say: (line: string) => void;
  /** The program that builds and pushes: `docker`, or one that takes the same words. */
  readonly tool: string;
}

/** Without this, what buildx pushes is an index of the image and of how it was made, which not every service runs. */
const PLAIN_IMAGES = { BUILDX_NO_DEFAULT_ATTESTATIONS: '1' };

type Image = EnverEntry['images'][number];

/**
 * Builds the images of an enver, pushes each into its repository with the commit as its tag, and puts out where they
 * are. An image is made of its commit and nothing else: what is there under the commit's tag is neither built nor
 * pushed again. It may be killed anywhere and run again.
 *
 * @param sha the commit that is checked out
 * @param outputFile collects the outputs of the job
 * @throws OdmdError ODMD521 there is no such tool · ODMD581 no repository · ODMD582 the registry has no image after a push
 * @throws CommandFailed ODMD520 a build or a push failed
 */
export async function deployImages(
  entry: EnverEntry,
  sha: string,
  registry: ImageRegistry,
  outputFile: string,
  options: ImageOptions,
): Promise<void> {
  const digests = new Map<Image, string>();
  for (const image of entry.images) {
    const digest = await registry.digest(image.repository, sha);
    if (digest !== undefined) digests.set(image, digest);
  }
  for (const image of digests.keys()) options.say(`${image.repository}:${sha} is there already`);
  const missing = entry.images.filter((image) => !digests.has(image));
  if (missing.length > 0) await buildAndPush(missing, sha, registry, options);
  for (const image of missing) digests.set(image, await pushed(image, sha, registry));
  await putOut(outputFile, new Map([...digests].flatMap((known) => productsOf(entry, registry, known))));
}

async function buildAndPush(
  images: readonly Image[],
  sha: string,
  registry: ImageRegistry,
  { tool, say, ...options }: ImageOptions,
): Promise<void> {
  const { host } = registry;
  const name = ({ repository }: Image) => `${host}/${repository}:${sha}`;
  // Whole paths: one that begins with a dash is no option.
  const path = (relative: string) => join(options.cwd, relative);
  const build = (image: Image): Step =>
    plainStep(
      tool,
      ...['build', '--file', path(image.dockerfile), '--tag', name(image)],
      path(image.context),
    );
  const push = (image: Image): Step => plainStep(tool, 'push', name(image));
  await withLogin(options.env, { host, auth: await registry.login() }, async (variables) => {
    const env = { ...options.env, ...PLAIN_IMAGES, ...variables };
    const steps = [...images.map(build), ...images.map(push)];
    await withoutInputsFile(options.cwd, () => runSteps(steps, { ...options, env }, say, true));
  });
}

async function pushed({ repository }: Image, sha: string, registry: ImageRegistry): Promise<string> {
  const digest = await registry.digest(repository, sha);
  if (digest !== undefined) return digest;
  throw new OdmdError('ODMD582', 'the registry does not have the image that was pushed', {
    where: `${registry.host}/${repository}:${sha}`,
    fix: 'look whether the tool pushes to the registry whose name the image has, and not to a mirror',
  });
}

function productsOf(
  { id }: EnverEntry,
  { host }: ImageRegistry,
  [{ repository }, digest]: readonly [Image, string],
): [string, string][] {
  const name = repository.slice(repositoryPrefix(id).length);
  return [
    [`${name}/repositoryUri`, `${host}/${repository}`],
    [`${name}/imageDigest`, digest],
  ];
}
