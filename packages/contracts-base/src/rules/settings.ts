import { ScriptEnver } from '../constructs/script-enver.js';
import { allEnvers } from './helpers.js';
import type { Rule } from './rule.js';

/** Minutes: a job of GitHub's own runners is ended after six hours. */
const MAX_TIMEOUT = 360;

/** How envers are run. */
export const settingRules: readonly Rule[] = [
  {
    code: 'ODMD122',
    severity: 'error',
    title: 'A script enver has a command that deploys, and no empty one',
    *check(contracts) {
      for (const enver of allEnvers(contracts)) {
        if (!(enver instanceof ScriptEnver)) continue;
        if (enver.deploy.length === 0)
          yield {
            where: `enver ${enver.id}`,
            message: 'it has no command that deploys',
            fix: "give it at least one: `deploy: ['npm run deploy']`",
          };
        if ([...enver.deploy, ...enver.destroy].some((line) => line.trim() === ''))
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
];
