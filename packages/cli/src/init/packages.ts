import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, relative, sep } from 'node:path';
import { OdmdError } from '@ondemandenv/contracts-base';

const SCOPE = '@ondemandenv/';

interface Package {
  readonly name: string;
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

/**
 * Where a new contractsLib gets the packages of this release from, when it is not a registry: by name, `file:` and the
 * path of a tarball, as seen from its folder.
 *
 * @param packages the folder with the tarballs of `odmd` and of everything of ours that it depends on
 * @throws OdmdError ODMD717 with every tarball that is not there
 */
export function tarballsIn(packages: string, folder: string): Record<string, string> {
  const wanted = ownPackages();
  const missing = wanted.map(tarball).filter((name) => !existsSync(join(packages, name)));
  if (missing.length > 0)
    throw new OdmdError('ODMD717', `the folder does not have ${missing.join(', ')}`, {
      where: packages,
      fix: `pack the packages of this release into it: in a clone of their repository, once built, \`pnpm -r --filter '${SCOPE}*' pack --pack-destination ${packages}\``,
    });
  const path = relative(folder, packages).split(sep).join('/');
  return Object.fromEntries(wanted.map((found) => [found.name, `file:${path}/${tarball(found)}`]));
}

/** This package and those of ours that it depends on, each as it is installed here. */
function ownPackages(): Package[] {
  const found = new Map<string, Package>();
  const visit = (manifest: string) => {
    const { name, version, dependencies = {} }: Package = JSON.parse(readFileSync(manifest, 'utf8'));
    if (found.has(name)) return;
    found.set(name, { name, version });
    const require = createRequire(manifest);
    for (const one of Object.keys(dependencies))
      if (one.startsWith(SCOPE)) visit(require.resolve(`${one}/package.json`));
  };
  visit(createRequire(import.meta.url).resolve('../../package.json'));
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The file that `npm pack` and `pnpm pack` make of a package. */
function tarball({ name, version }: Package): string {
  return `${name.replace('@', '').replace('/', '-')}-${version}.tgz`;
}
