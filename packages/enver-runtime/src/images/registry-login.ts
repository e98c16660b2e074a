import { mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';

type Variables = Readonly<Record<string, string | undefined>>;

/** How a client of registries proves what it may do. */
export interface RegistryLogin {
  /** Of the registry, with the port where it has one. */
  readonly host: string;
  /** Base64 of `user:password`. */
  readonly auth: string;
}

const configSchema = z.looseObject({
  auths: z.record(z.string(), z.unknown()).optional(),
  credsStore: z.string().optional(),
  credHelpers: z.record(z.string(), z.string()).optional(),
});
type Config = z.output<typeof configSchema>;

/**
 * Lets an action find a registry's login where `docker` and its relatives look for one, in a folder of its own that
 * nobody else can read and that goes whatever happens. The person's own configuration stays as it is and goes on to
 * count, for other registries, plugins and contexts.
 *
 * @param action gets the variables that name the folder
 */
export async function withLogin(
  env: Variables,
  login: RegistryLogin,
  action: (variables: Readonly<Record<string, string>>) => Promise<void>,
): Promise<void> {
  const own = env.DOCKER_CONFIG || join(env.HOME ?? '', '.docker');
  const folder = await mkdtemp(join(tmpdir(), 'odmd-login-'));
  try {
    await borrow(own, folder);
    const file = join(folder, 'config.json');
    const config = withAuth(await readConfig(join(own, 'config.json')), login);
    await writeFile(file, JSON.stringify(config), { mode: 0o600 });
    // Relatives of docker know it by this name.
    await action({ DOCKER_CONFIG: folder, REGISTRY_AUTH_FILE: file });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** All but the file of logins: plugins, contexts. */
async function borrow(own: string, folder: string): Promise<void> {
  for (const name of await readdir(own).catch(() => []))
    if (name !== 'config.json') await symlink(join(own, name), join(folder, name));
}

function withAuth({ credHelpers = {}, ...config }: Config, { host, auth }: RegistryLogin): Config {
  const others = Object.entries(credHelpers).filter(([name]) => name !== host);
  // A store of passwords would be asked instead of this file, unless the registry has a helper of its own: none.
  const helpers = config.credsStore === undefined ? others : [...others, [host, '']];
  return {
    ...config,
    auths: { ...config.auths, [host]: { auth } },
    credHelpers: Object.fromEntries(helpers),
  };
}

/** Without a file, or with one that is not understood, it is as if nothing were configured. */
async function readConfig(file: string): Promise<Config> {
  try {
    return configSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return {};
  }
}
