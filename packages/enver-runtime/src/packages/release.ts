import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { type NpmPackage, OdmdError } from '@ondemandenv/contracts-base';
import { withoutProof } from '../child-environment.js';
import type { ChildOptions } from '../child-process.js';
import { withoutInputsFile } from '../inputs-file.js';
import { plainStep, runSteps } from '../steps.js';
import { quietNpm } from './npm.js';
import { type OwnPackage, readOwnPackage } from './own-package.js';
import { fetchPublished, isLocal, type PackageRegistry, publishedIntegrity, registryOf } from './registry.js';

export interface ReleaseOptions extends ChildOptions {
  /** Takes a line of progress for a person. */
  readonly say: (line: string) => void;
  /** Whether it is published wherever the package says, or to registries on this machine only. */
  readonly anywhere: boolean;
  /** It must not become what is installed without naming a version: the package of a clone. */
  readonly aside: boolean;
}

/**
 * Packs the package in a folder, as its own scripts say, and publishes it, unless that version is there already. A
 * version is published once: the same one with other content is a mistake. It may be killed anywhere and run again.
 *
 * `NODE_AUTH_TOKEN` is for the registry alone: the scripts of the package do not get it.
 *
 * @throws OdmdError ODMD590 nothing that can be published · ODMD591 the registry · ODMD592 other content
 * @throws CommandFailed ODMD520 a script of the package, or npm, failed
 */
export async function releasePackage(options: ReleaseOptions): Promise<NpmPackage> {
  const { cwd, say } = options;
  const own = await readOwnPackage(cwd);
  if (own.private) throw isPrivate(own);
  const { NODE_AUTH_TOKEN: token, ...others } = withoutProof(options.env);
  const env = { ...others, ...quietNpm };
  const folder = await mkdtemp(join(tmpdir(), 'odmd-package-'));
  try {
    const packed = await pack(folder, { ...options, env });
    const integrity = await integrityOf(packed);
    const label = `${own.name}@${own.version}`;
    const registry = await registryOf(own, { cwd, env }, token);
    if (!options.anywhere && !isLocal(registry)) {
      say(`${label} is packed and not published: its registry is not on this machine`);
      return { name: own.name, version: own.version, integrity };
    }
    const before = await publishedIntegrity(own, { cwd, env }, registry);
    if (before !== undefined) {
      if (before !== integrity) await checkSameContent(own, packed, folder, registry, options);
      say(`${label} is published already`);
    } else await publish(own, packed, registry, options);
    return { name: own.name, version: own.version, integrity: before ?? integrity };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Runs the package's scripts for it; what npm prints beside them is for people, so the file is looked for. */
async function pack(folder: string, options: ReleaseOptions): Promise<string> {
  const step = plainStep('npm', 'pack', '--silent', '--pack-destination', folder);
  await withoutInputsFile(options.cwd, () =>
    runSteps([{ ...step, title: 'npm pack' }], options, options.say, true),
  );
  const name = (await readdir(folder)).find((file) => file.endsWith('.tgz'));
  if (name !== undefined) return join(folder, name);
  throw new OdmdError('ODMD590', 'npm packed nothing', { where: options.cwd, fix: 'try `npm pack` by hand' });
}

/** From the file that was checked, so no script of the package runs here. */
async function publish(
  own: OwnPackage,
  packed: string,
  { url, args, env }: PackageRegistry,
  options: ReleaseOptions,
): Promise<void> {
  const aside = options.aside || own.version.includes('-');
  const tag = aside && own.publishConfig?.tag === undefined ? ['--tag=next'] : [];
  const step = plainStep('npm', 'publish', packed, '--ignore-scripts', ...args, ...tag);
  const title = `npm publish ${own.name}@${own.version} to ${url}`;
  await runSteps([{ ...step, title }], { ...options, env }, options.say, true);
}

/** Another release of Node may compress the same content in another way. @throws OdmdError ODMD591 · ODMD592 */
async function checkSameContent(
  own: OwnPackage,
  packed: string,
  folder: string,
  registry: PackageRegistry,
  options: ReleaseOptions,
): Promise<void> {
  const there = join(folder, 'published');
  await mkdir(there);
  await fetchPublished(own, there, options, registry);
  const [file = ''] = await readdir(there);
  const content = async (path: string) => gunzipSync(await readFile(path));
  if ((await content(packed)).equals(await content(join(there, file)))) return;
  throw new OdmdError('ODMD592', `${own.name}@${own.version} is published already, with other content`, {
    where: registry.url,
    fix: 'raise the version in package.json: a version that was published never changes',
  });
}

/** As lock files have it. */
async function integrityOf(file: string): Promise<string> {
  return `sha512-${createHash('sha512')
    .update(await readFile(file))
    .digest('base64')}`;
}

function isPrivate({ name }: OwnPackage): OdmdError {
  return new OdmdError('ODMD590', 'the package is private', {
    where: `package ${name}`,
    fix: 'remove "private" from its package.json: it is there to be published',
  });
}
