/** What people can do to a ref; see `UnprotectedRef`. */
export const GAPS = ['push', 'rewrite', 'replace'] as const;
export type Gap = (typeof GAPS)[number];

/** What the rules of rulesets keep people from; all others are about what is in a commit. */
const CLOSED_BY: Readonly<Record<string, readonly Gap[]>> = {
  update: ['push', 'rewrite'],
  pull_request: ['push', 'rewrite'],
  merge_queue: ['push', 'rewrite'],
  non_fast_forward: ['rewrite'],
  deletion: ['replace'],
  creation: ['replace'],
};

/** Closes what these rules keep people from. @param types of rules */
export function closeByRules(gaps: Set<Gap>, types: Iterable<string>): void {
  for (const type of types)
    for (const gap of (Object.hasOwn(CLOSED_BY, type) && CLOSED_BY[type]) || []) gaps.delete(gap);
}
