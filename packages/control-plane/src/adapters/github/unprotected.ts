import { fullRef, OdmdError, type RevisionRef } from '@ondemandenv/contracts-base';
import { branchGaps } from './branch-protection.js';
import { GAPS, type Gap } from './gaps.js';
import type { GitHubRepos } from './repos.js';
import { TagRulesets } from './tag-rulesets.js';

/** A branch or tag that people with write access to its repository can change without anybody's consent. */
export interface UnprotectedRef {
  /** `owner/name`. */
  readonly repo: string;
  readonly revision: RevisionRef;
  /**
   * What nothing keeps them from: `push` to it, `rewrite` it (a force push, or a tag that is moved), or `replace` it
   * (delete it and make another one of its name). `unknown` when GitHub does not let the App know.
   */
  readonly gaps: readonly Gap[] | 'unknown';
}

/**
 * Names the branches and tags, each once, that neither rulesets nor branch protection protect: whoever can change the
 * ref of an enver can do all that its roles can. Those who may bypass the rules count as trusted.
 *
 * Requests: one for a branch with rulesets, two for one without, and three for one with branch protection; for the tags
 * of a repository one, and one for every ruleset of tags. All are conditional.
 *
 * @param refs `repo` is `owner/name`
 * @throws ThrottledError
 */
export async function unprotected(
  repos: GitHubRepos,
  refs: readonly { readonly repo: string; readonly revision: RevisionRef }[],
): Promise<UnprotectedRef[]> {
  const each = new Map(refs.map((ref) => [`${ref.repo} ${fullRef(ref.revision)}`, ref]));
  const tags = new TagRulesets();
  const found: UnprotectedRef[] = [];
  for (const { repo: name, revision } of each.values()) {
    const gaps = await unlessRefused(async () => {
      const repo = await repos.require(name);
      return revision.kind === 'tag' ? tags.gaps(repo, revision.ref) : branchGaps(repo, revision.ref);
    });
    if (gaps === 'unknown') found.push({ repo: name, revision, gaps });
    else if (gaps.size > 0) found.push({ repo: name, revision, gaps: GAPS.filter((gap) => gaps.has(gap)) });
  }
  return found;
}

/** Not being allowed to know is no proof of anything. */
async function unlessRefused<T>(look: () => Promise<T>): Promise<T | 'unknown'> {
  try {
    return await look();
  } catch (error) {
    if (error instanceof OdmdError) return 'unknown';
    throw error;
  }
}
