import { fullRef } from '@ondemandenv/contracts-base';
import { ask } from './ask.js';
import { isNotInThePlan } from './branch-protection.js';
import { closeByRules, type Gap } from './gaps.js';
import { isLikeRef } from './ref-pattern.js';
import type { Repo } from './repos.js';

interface Ruleset {
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  readonly rules: readonly string[];
}

/** The rulesets of tags, read once per repository: GitHub does not say itself which of them are for a tag. */
export class TagRulesets {
  private readonly known = new Map<number, Promise<readonly Ruleset[]>>();

  /** What people can do to a tag: there is nothing to push to one. @throws OdmdError ODMD433 */
  async gaps(repo: Repo, tag: string): Promise<ReadonlySet<Gap>> {
    const gaps = new Set<Gap>(['rewrite', 'replace']);
    const known = this.known.get(repo.id) ?? read(repo);
    this.known.set(repo.id, known);
    const ref = fullRef({ kind: 'tag', ref: tag });
    for (const { include, exclude, rules } of await known)
      if (include.some((one) => isLikeRef(one, ref)) && !exclude.some((one) => isLikeRef(one, ref)))
        closeByRules(gaps, rules);
    return gaps;
  }
}

async function read({ client, at, name }: Repo): Promise<Ruleset[]> {
  const rulesets: Ruleset[] = [];
  try {
    const query = { ...at, includes_parents: true, targets: 'tag', per_page: 100 };
    const { data } = await ask(name, () => client.repos.getRepoRulesets(query));
    for (const { id, target, enforcement } of data) {
      if (target !== 'tag' || enforcement !== 'active') continue;
      const about = { ...at, ruleset_id: id, includes_parents: true };
      const { conditions, rules = [] } = (await ask(name, () => client.repos.getRepoRuleset(about))).data;
      const { include = [], exclude = [] } =
        (conditions && 'ref_name' in conditions && conditions.ref_name) || {};
      rulesets.push({ include, exclude, rules: rules.map(({ type }) => type) });
    }
  } catch (error) {
    if (!isNotInThePlan(error)) throw error;
  }
  return rulesets;
}
