import type { Context, Inside } from './plugin.js';

interface Ruleset {
  readonly id: number;
  readonly name: string;
  readonly target: 'branch' | 'tag';
  readonly enforcement: 'active' | 'evaluate' | 'disabled';
  readonly conditions: { readonly ref_name: { readonly include: string[]; readonly exclude: string[] } };
  readonly rules: { readonly type: string }[];
}

/**
 * Rulesets of a repository: they are kept, and told; nobody obeys them. Of branches, which GitHub compares itself, they
 * name each by its full ref.
 */
export function rulesetsOf({ routes }: Inside): void {
  const kept = new Map<string, Ruleset[]>();
  const of = ({ req }: Context) => {
    const repo = `${req.param('owner')}/${req.param('repo')}`;
    const rulesets = kept.get(repo) ?? [];
    kept.set(repo, rulesets);
    return rulesets;
  };
  routes.post('/repos/:owner/:repo/rulesets', async (context) => {
    const ruleset = { ...((await context.req.json()) as Omit<Ruleset, 'id'>), id: of(context).length + 1 };
    of(context).push(ruleset);
    return context.json(ruleset, 201);
  });
  // What is in them is told of each alone.
  routes.get('/repos/:owner/:repo/rulesets', (context) =>
    context.json(of(context).map(({ conditions: _conditions, rules: _rules, ...ruleset }) => ruleset)),
  );
  routes.get('/repos/:owner/:repo/rulesets/:id', (context) => {
    const found = of(context).find(({ id }) => id === Number(context.req.param('id')));
    return found ? context.json(found) : context.json({ message: 'Not Found' }, 404);
  });
  routes.get('/repos/:owner/:repo/rules/branches/:branch{.+}', (context) => {
    const ref = `refs/heads/${context.req.param('branch')}`;
    const rules = of(context)
      .filter(({ target, enforcement }) => target === 'branch' && enforcement === 'active')
      .filter(({ conditions: { ref_name } }) => ref_name.include.includes(ref))
      .flatMap((ruleset) => ruleset.rules.map((rule) => ({ ...rule, ruleset_id: ruleset.id })));
    return context.json(rules);
  });
}
