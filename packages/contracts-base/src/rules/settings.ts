import { LIFETIME } from '../constructs/clone-settings.js';
import { ScriptEnver } from '../constructs/script-enver.js';
import { UserAuthEnver } from '../constructs/user-auth-enver.js';
import { refProblem } from '../naming/index.js';
import { allEnvers, duplicates } from './helpers.js';
import type { Rule } from './rule.js';

/** Minutes: a job of GitHub's own runners is ended after six hours. */
const MAX_TIMEOUT = 360;

/** How envers are run. */
export const settingRules: readonly Rule[] = [
  {
    code: 'ODMD122',
    severity: 'error',
    title: 'A script enver has a command that deploys, and no enver has an empty one',
    *check(contracts) {
      for (const enver of allEnvers(contracts)) {
        const { deploy, destroy } = enver instanceof ScriptEnver ? enver : { deploy: [], destroy: [] };
        if (enver instanceof ScriptEnver && deploy.length === 0)
          yield {
            where: `enver ${enver.id}`,
            message: 'it has no command that deploys',
            fix: "give it at least one: `deploy: ['npm run deploy']`",
          };
        if ([...enver.test, ...deploy, ...destroy].some((line) => line.trim() === ''))
          yield {
            where: `enver ${enver.id}`,
            message: 'one of its commands is empty',
            fix: 'remove the empty command',
          };
      }
    },
  },
  {
    code: 'ODMD123',
    severity: 'error',
    title: `A run may take up to ${MAX_TIMEOUT} minutes`,
    *check(contracts) {
      for (const enver of allEnvers(contracts)) {
        const minutes = enver.timeoutMinutes;
        if (minutes > 0 && minutes <= MAX_TIMEOUT) continue;
        yield {
          where: `enver ${enver.id}`,
          message: `timeoutMinutes is ${minutes}`,
          fix: `give a number above 0 and up to ${MAX_TIMEOUT}`,
        };
      }
    },
  },
  {
    code: 'ODMD124',
    severity: 'error',
    title: 'The number of clones that may live at once is 0 or a positive whole number',
    *check(contracts) {
      for (const { id, clones } of allEnvers(contracts))
        if (clones !== 'off' && !(Number.isSafeInteger(clones.max) && clones.max >= 0))
          yield {
            where: `enver ${id}`,
            message: `clones.max is ${clones.max}`,
            fix: "give a whole number, or `clones: 'off'`",
          };
    },
  },
  {
    code: 'ODMD129',
    severity: 'error',
    title:
      'Branches that are cloned by themselves, and the time after which clones go, are written as documented',
    *check(contracts) {
      for (const { id, clones } of allEnvers(contracts)) {
        if (clones === 'off') continue;
        const where = `enver ${id}`;
        for (const pattern of clones.auto) {
          const problem = /\*\*/.test(pattern) ? 'contains **' : refProblem(pattern.replaceAll('*', 'x'));
          if (problem)
            yield {
              where,
              message: `the pattern ${JSON.stringify(pattern)} in clones.auto ${problem}`,
              fix: 'write the name of a branch, with `*` for anything, e.g. `feature/*`',
            };
        }
        for (const [pattern] of duplicates(clones.auto, (text) => text))
          yield { where, message: `clones.auto has ${pattern} twice`, fix: 'remove one of them' };
        if (clones.expires !== undefined && !LIFETIME.test(clones.expires))
          yield {
            where,
            message: `clones.expires is ${JSON.stringify(clones.expires)}`,
            fix: 'give minutes, hours or days: `90m`, `72h`, `7d`',
          };
      }
    },
  },
  {
    code: 'ODMD138',
    severity: 'error',
    title: 'The contractsLib is built from a branch and never cloned',
    *check(contracts) {
      for (const { id, kind, revision, clones } of allEnvers(contracts)) {
        if (kind !== 'contractsLib') continue;
        if (revision.immutable)
          yield {
            where: `enver ${id}`,
            message: 'it is built from a tag, so that contracts could never change',
            fix: 'build it from the branch on which contracts are agreed',
          };
        if (clones !== 'off')
          yield {
            where: `enver ${id}`,
            message: 'it may be cloned, and two would contradict each other',
            fix: "say `clones: 'off'`",
          };
      }
    },
  },
  {
    code: 'ODMD141',
    severity: 'error',
    title: 'A user-auth enver is never cloned',
    *check(contracts) {
      for (const enver of allEnvers(contracts))
        if (enver instanceof UserAuthEnver && enver.clones !== 'off')
          yield {
            where: `enver ${enver.id}`,
            message: 'it may be cloned, and people would have an account in each copy',
            fix: "leave its `clones` at 'off'",
          };
    },
  },
];
