import {
  clone,
  type Enver,
  type EnverEntry,
  formatFinding,
  type Manifest,
  matchesPattern,
  type RevisionRef,
  repoName,
  revisionPath,
} from '@ondemandenv/contracts-base';
import { type Checkout, readCheckout } from '../checkout.js';
import { AppError } from './app-error.js';
import type { Surroundings } from './surroundings.js';

/**
 * The entry that the contracts give the enver at hand: the one that `ODMD_ENVER` names, else that of the branch or tag
 * that is checked out. A branch for which the platform makes a clone by itself stands for that clone.
 *
 * @param declared any enver of the build; which one is at hand is found out
 * @throws OdmdError ODMD570 neither names an enver of the build · ODMD571 `ODMD_ENVER` names none · ODMD572 the contracts break rules
 */
export function entryInContracts(declared: Enver, { env, cwd }: Surroundings): EnverEntry {
  const manifest = manifestOf(declared);
  const build = declared.build.id;
  const envers = Object.values(manifest.envers).filter((entry) => entry.build === build);
  const checkout = readCheckout(cwd);
  const { ODMD_ENVER: id, ODMD_REVISION: revision } = env;
  if (id === undefined || id === '') return entryOfCheckout(manifest, build, envers, checkout);
  const known = envers.find((entry) => entry.id === id);
  if (known) return known;
  const refs = [revision, checkout.branch, ...checkout.tags].filter((ref) => ref !== undefined);
  const copies = refs.flatMap((ref) =>
    envers.flatMap((base) => [
      cloneOf(manifest, base, { kind: 'branch', ref }),
      cloneOf(manifest, base, { kind: 'tag', ref }),
    ]),
  );
  const copy = copies.find((entry) => entry?.id === id);
  if (copy) return copy;
  throw new AppError('ODMD571', `is neither an enver of the build ${build} nor a clone of one`, {
    where: `ODMD_ENVER=${id}`,
    fix: `set it to one of ${list(envers.map((entry) => entry.id))}; for a clone, set ODMD_REVISION to its branch or tag too`,
  });
}

function entryOfCheckout(
  manifest: Manifest,
  build: string,
  envers: readonly EnverEntry[],
  { branch, tags, repo }: Checkout,
): EnverEntry {
  const here = envers.filter((entry) => repoName(entry.repo).toLowerCase() === repo?.toLowerCase());
  const refs: RevisionRef[] = [
    ...(branch === undefined ? [] : [{ kind: 'branch' as const, ref: branch }]),
    ...tags.map((ref) => ({ kind: 'tag' as const, ref })),
  ];
  const paths = new Set(refs.map(revisionPath));
  const own = here.find((entry) => paths.has(revisionPath(entry.revision)));
  if (own) return own;
  const bases = here.filter(({ clones }) => branch !== undefined && isAuto(clones, branch));
  const [base] = bases;
  const copy = base && branch !== undefined && cloneOf(manifest, base, { kind: 'branch', ref: branch });
  if (copy && bases.length === 1) return copy;
  throw new AppError('ODMD570', `no enver of the build ${build} is deployed from here`, {
    where: [
      branch === undefined ? 'no branch' : `branch ${branch}`,
      ...tags.map((tag) => `tag ${tag}`),
      repo === undefined ? 'no remote origin' : `remote ${repo}`,
    ].join(', '),
    fix: `set ODMD_ENVER, or check one of these out: ${list(envers.map((entry) => `${entry.revision.kind} ${entry.revision.ref} of ${repoName(entry.repo)}`))}`,
  });
}

function manifestOf({ build }: Enver): Manifest {
  const result = build.contracts.synth();
  if (result.ok) return result.manifest;
  throw new AppError(
    'ODMD572',
    `the contracts break their rules:\n${result.errors.map(formatFinding).join('\n')}`,
    { where: build.contracts.org, fix: 'use a release of the contracts that `odmd validate` accepts' },
  );
}

function cloneOf(manifest: Manifest, base: EnverEntry, revision: RevisionRef): EnverEntry | undefined {
  return clone(manifest, { builds: [base.build], base: base.revision, revision })[0];
}

/** Names in which `*` stands for anything. */
function isAuto(clones: EnverEntry['clones'], branch: string): boolean {
  if (clones === 'off') return false;
  return clones.auto.some((pattern) => matchesPattern(pattern, branch));
}

function list(items: readonly string[]): string {
  return items.join(', ') || '(none is declared)';
}
