import { ContainerImage } from '../constructs/container-image-enver.js';
import type { Contracts } from '../constructs/contracts.js';
import { ID_PATTERN, inputVariable, PRODUCT_SEGMENT, refProblem } from '../naming/index.js';
import { allEnvers, duplicates } from './helpers.js';
import type { Rule } from './rule.js';

/** Parameter Store takes 15 levels, of which `/odmd-share/<build>/<revision>` are three, and 1011 characters. */
const MAX_PRODUCT_DEPTH = 12;
const MAX_PRODUCT_NAME = 256;

/** Ids: their syntax, and that no two are equal where they must differ. */
export const identityRules: readonly Rule[] = [
  {
    code: 'ODMD104',
    severity: 'error',
    title:
      'A build id is made of letters, digits, _ and -, has at most 64 characters, and is not reserved (`config`, `odmd-…`)',
    *check(contracts) {
      for (const { id } of contracts.builds) {
        // The platform's own stacks, buckets and queues begin with `odmd-`.
        const reserved = id === 'config' || /^odmd-/i.test(id);
        if (ID_PATTERN.test(id) && !reserved) continue;
        yield {
          where: `build ${JSON.stringify(id)}`,
          message: reserved ? 'the id is reserved for the platform' : 'the id is not legal',
          fix: 'use 1 to 64 letters, digits, `_` or `-`, other than `config`, and not beginning with `odmd-`',
        };
      }
    },
  },
  {
    code: 'ODMD105',
    severity: 'error',
    title:
      'Build ids are unique, also without case and with every other character than letters and digits read as -',
    *check(contracts) {
      for (const ids of duplicates(
        contracts.builds.map((build) => build.id),
        (id) => id.toLowerCase().replace(/[^a-z0-9]+/g, '-'),
      ))
        yield {
          where: `build ${ids[0]}`,
          message: `${ids.length} builds have ids that are too much alike: ${ids.join(', ')}`,
          fix: 'give each build an id of its own; names in AWS are compared without case and have no `_`',
        };
    },
  },
  {
    code: 'ODMD106',
    severity: 'error',
    title: 'A build has at most one enver on one ref',
    *check(contracts) {
      for (const build of contracts.builds)
        for (const envers of duplicates(build.envers, (enver) => enver.revision.path.toLowerCase()))
          yield {
            where: `build ${build.id}`,
            message: `${envers.length} envers share the revision path ${envers[0]?.revision.path} (case ignored)`,
            fix: 'give each enver of the build a branch or tag of its own',
          };
    },
  },
  {
    // Those of images have rule ODMD131.
    code: 'ODMD110',
    severity: 'error',
    title: 'A product name is legal and unique in its enver',
    *check(contracts) {
      for (const enver of allEnvers(contracts)) {
        for (const group of enver.groups) {
          if (group instanceof ContainerImage) continue;
          const { id, name } = group;
          const depth = name.split('/').length;
          if (!PRODUCT_SEGMENT.test(id))
            yield {
              where: `product ${name} of ${enver.id}`,
              message: `the name ${JSON.stringify(id)} is not legal`,
              fix: 'use 1 to 64 letters, digits, `_`, `-` or `.`, and not dots alone',
            };
          if (depth > MAX_PRODUCT_DEPTH || name.length > MAX_PRODUCT_NAME)
            yield {
              where: `product ${name} of ${enver.id}`,
              message: `the name has ${name.length} characters on ${depth} levels`,
              fix: `keep to ${MAX_PRODUCT_NAME} characters and ${MAX_PRODUCT_DEPTH} levels: the config store takes no longer paths`,
            };
        }
        for (const producers of duplicates(enver.producers, (producer) => producer.name))
          yield {
            where: `product ${producers[0]?.name} of ${enver.id}`,
            message: `${producers.length} products have this name`,
            fix: 'give each product a name of its own',
          };
      }
    },
  },
  {
    code: 'ODMD111',
    severity: 'error',
    title: 'Consumer ids of an enver are legal and unique, also as environment variables',
    *check(contracts) {
      for (const enver of allEnvers(contracts)) {
        for (const { id } of enver.consumers)
          if (!PRODUCT_SEGMENT.test(id))
            yield {
              where: `consumer ${id} of ${enver.id}`,
              message: `the id ${JSON.stringify(id)} is not legal`,
              fix: 'use 1 to 64 letters, digits, `_`, `-` or `.`, and not dots alone',
            };
        for (const consumers of duplicates(enver.consumers, ({ id }) => inputVariable(id)))
          yield {
            where: `enver ${enver.id}`,
            message: `the consumers ${consumers.map(({ id }) => id).join(', ')} share the variable ${inputVariable(consumers[0]?.id ?? '')}`,
            fix: 'rename one of them',
          };
      }
    },
  },
  {
    code: 'ODMD116',
    severity: 'error',
    title: 'A revision names a legal git branch or tag',
    *check(contracts) {
      for (const enver of allEnvers(contracts)) {
        const problem = refProblem(enver.revision.ref);
        if (problem)
          yield {
            where: `build ${enver.build.id}`,
            message: `the ${enver.revision.kind} ${JSON.stringify(enver.revision.ref)} ${problem}`,
            fix: 'name a branch or tag that git accepts (git check-ref-format)',
          };
      }
    },
  },
  {
    code: 'ODMD117',
    severity: 'error',
    title: 'The org name is made of letters, digits, _ and -',
    *check(contracts: Contracts) {
      if (!ID_PATTERN.test(contracts.org))
        yield {
          where: 'contracts',
          message: `the org name ${JSON.stringify(contracts.org)} is not legal`,
          fix: 'use 1 to 64 letters, digits, `_` or `-`',
        };
    },
  },
];
