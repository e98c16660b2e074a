import { type Manifest, OdmdError } from '@ondemandenv/contracts-base';

export interface Repo {
  readonly owner: string;
  readonly name: string;
}

/**
 * The repositories of the contracts, or the one of them that was asked for.
 *
 * @throws OdmdError ODMD730 the contracts do not have it
 */
export function reposOf({ repos, envers }: Manifest, asked?: Repo): Repo[] {
  const named = [...Object.values(repos), ...Object.values(envers).map(({ repo }) => repo)];
  const all = [
    ...new Map(named.map(({ owner, name }) => [keyOf({ owner, name }), { owner, name }])).values(),
  ];
  if (!asked) return all;
  const found = all.filter((repo) => among([asked], repo));
  if (found.length > 0) return found;
  throw new OdmdError('ODMD730', 'the contracts have no such repository', {
    where: `${asked.owner}/${asked.name}`,
    fix: `use one of ${all.map(({ owner, name }) => `${owner}/${name}`).join(', ')}, or declare it`,
  });
}

/** Whether a repository is one of these. */
export function among(repos: readonly Repo[], repo: Repo): boolean {
  return repos.some((other) => keyOf(other) === keyOf(repo));
}

/** GitHub does not tell the cases of a name apart. */
function keyOf({ owner, name }: Repo): string {
  return `${owner}/${name}`.toLowerCase();
}
