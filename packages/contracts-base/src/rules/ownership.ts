import type { Ownership } from '../constructs/ownership.js';
import { allEnvers, duplicates } from './helpers.js';
import type { Breach, Rule } from './rule.js';

const TEXT = /^[\p{L}\p{N}\p{Zs}_.:/=+@-]*$/u;
const MAX_KEY = 128;
const MAX_VALUE = 256;
/** Of the 50 that AWS takes; the platform adds its own. */
const MAX_TAGS = 40;

/** Who answers and pays, and tags. */
export const ownershipRules: readonly Rule[] = [
  {
    code: 'ODMD133',
    severity: 'error',
    title: 'Owner, cost centre and tags are such as AWS takes for tags',
    *check(contracts) {
      // What envers have from above is told once, with the builds or the contracts.
      yield* problems('contracts', contracts.ownership);
      for (const build of contracts.builds)
        yield* problems(`build ${build.id}`, build.ownership, contracts.ownership);
      for (const enver of allEnvers(contracts))
        yield* problems(`enver ${enver.id}`, enver.ownership, enver.build.ownership);
    },
  },
];

function* problems(where: string, has: Ownership, above: Ownership = {}): Iterable<Breach> {
  for (const name of ['owner', 'costCentre'] as const) {
    const value = has[name];
    if (value === undefined || value === above[name] || (value.trim() !== '' && isValue(value))) continue;
    yield {
      where,
      message: `the ${name} ${JSON.stringify(value)} is not legal`,
      fix: `use 1 to ${MAX_VALUE} letters, digits, spaces and _ . : / = + - @`,
    };
  }
  const { tags = {} } = has;
  for (const [key, value] of Object.entries(tags)) {
    if (above.tags?.[key] === value) continue;
    if (key === '' || key.length > MAX_KEY || !TEXT.test(key))
      yield {
        where,
        message: `the tag key ${JSON.stringify(key)} is not legal`,
        fix: `use 1 to ${MAX_KEY} letters, digits, spaces and _ . : / = + - @`,
      };
    if (/^(aws|odmd):/i.test(key))
      yield {
        where,
        message: `the tag key ${JSON.stringify(key)} is reserved`,
        fix: 'keys that start with `aws:` or `odmd:` are not for contracts: choose another',
      };
    if (!isValue(value))
      yield {
        where,
        message: `the tag ${key} has the value ${JSON.stringify(value)}, which is not legal`,
        fix: `use up to ${MAX_VALUE} letters, digits, spaces and _ . : / = + - @`,
      };
  }
  const keys = Object.keys(tags);
  if (keys.length > MAX_TAGS && keys.length > Object.keys(above.tags ?? {}).length)
    yield { where, message: `it has ${keys.length} tags`, fix: `keep to ${MAX_TAGS}` };
  for (const group of duplicates(keys, (key) => key.toLowerCase()))
    if (!group.every((key) => Object.hasOwn(above.tags ?? {}, key)))
      yield {
        where,
        message: `the tag keys ${group.join(', ')} differ in case only`,
        fix: 'keep one of them; IAM compares keys without case',
      };
}

function isValue(value: string): boolean {
  return value.length <= MAX_VALUE && TEXT.test(value);
}
