import { OdmdError } from '@ondemandenv/contracts-base';
import { z } from 'zod';
import { parseJson } from '../parse-json.js';
import { askNpm, type NpmOptions } from './npm.js';
import type { OwnPackage } from './own-package.js';

/** The registry that a package is published to. */
export interface PackageRegistry {
  /** With a slash at its end. */
  readonly url: string;
  /** What npm is told, so that it goes to this registry whatever else is configured. */
  readonly args: readonly string[];
  /** With the token of the job, which so is in no file and no command line. */
  readonly env: NpmOptions['env'];
}

/**
 * Finds the registry as npm does: what `publishConfig` of the package says, else what is configured for its scope,
 * else for all packages.
 *
 * @param token of the job, for this registry only
 */
export async function registryOf(
  { name, publishConfig = {} }: OwnPackage,
  options: NpmOptions,
  token: string | undefined,
): Promise<PackageRegistry> {
  const scope = name.startsWith('@') ? name.split('/')[0] : undefined;
  const key = scope === undefined ? 'registry' : `${scope}:registry`;
  const declared = publishConfig[key] ?? publishConfig.registry;
  const configured = declared ?? (await setting(options, key)) ?? (await setting(options, 'registry'));
  if (typeof configured !== 'string' || !URL.canParse(configured))
    throw new OdmdError('ODMD590', 'the registry of the package has no usable address', {
      where: `package ${name}`,
      fix: 'name it in `publishConfig.registry` of its package.json',
    });
  const url = configured.replace(/\/*$/, '/');
  const auth = `npm_config_${url.replace(/^https?:/, '')}:_authToken`;
  return {
    url,
    args: [`--registry=${url}`, ...(scope === undefined ? [] : [`--${scope}:registry=${url}`])],
    env: { ...options.env, ...(token !== undefined && { [auth]: token }) },
  };
}

/** Whether a registry is on this machine. */
export function isLocal({ url }: PackageRegistry): boolean {
  return /^(localhost|127(\.\d+){3}|\[::1\])$/.test(new URL(url).hostname);
}

/**
 * The integrity of a published version; `undefined` when there is no such version.
 *
 * @throws OdmdError ODMD591 the registry refused, or did not answer
 */
export async function publishedIntegrity(
  { name, version }: OwnPackage,
  { cwd }: NpmOptions,
  { url, args, env }: PackageRegistry,
): Promise<string | undefined> {
  const asked = ['view', `${name}@${version}`, 'dist.integrity', '--json', '--prefer-online', ...args];
  const { ok, stdout, stderr } = await askNpm({ cwd, env }, ...asked);
  if (ok) return z.string().safeParse(parseJson(stdout)).data;
  // Releases of npm differ in where they print it.
  const code = [stdout, stderr]
    .map((text) => errorSchema.safeParse(parseJson(text)).data?.error.code)
    .find(Boolean);
  if (code === 'E404') return undefined;
  throw noAnswer(url, `which versions there are: ${code ?? firstLine(stderr)}`);
}

/**
 * Puts a published version, as the archive that it was published as, into a folder.
 *
 * @throws OdmdError ODMD591 the registry refused, or did not answer
 */
export async function fetchPublished(
  { name, version }: OwnPackage,
  folder: string,
  { cwd }: NpmOptions,
  { url, args, env }: PackageRegistry,
): Promise<void> {
  const asked = ['pack', `${name}@${version}`, '--silent', '--pack-destination', folder, ...args];
  const { ok, stderr } = await askNpm({ cwd, env }, ...asked);
  if (!ok) throw noAnswer(url, `what ${name}@${version} is: ${firstLine(stderr)}`);
}

function noAnswer(url: string, what: string): OdmdError {
  return new OdmdError('ODMD591', `the registry did not say ${what}`, {
    where: url,
    fix: 'give the job NODE_AUTH_TOKEN, with the permission to read and write packages; when the registry has a problem, run it again',
  });
}

const errorSchema = z.object({ error: z.object({ code: z.string() }) });

async function setting(options: NpmOptions, key: string): Promise<string | undefined> {
  const { ok, stdout } = await askNpm(options, 'config', 'get', key);
  return ok && stdout !== '' && stdout !== 'undefined' ? stdout : undefined;
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}
