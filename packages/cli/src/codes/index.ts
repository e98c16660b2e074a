import { rules } from '@ondemandenv/contracts-base';
import { centralStacksCodes } from './central-stacks.js';
import { cliCodes } from './cli.js';
import { contractsBaseCodes } from './contracts-base.js';
import { controlPlaneCodes } from './control-plane.js';
import { type CodeEntry, entriesOf } from './entry.js';
import { enverRuntimeCodes } from './enver-runtime.js';
import { lambdasCodes } from './lambdas.js';
import { localPlatformCodes } from './local-platform.js';
import { ruleNotes } from './rules.js';
import { workflowGenCodes } from './workflow-gen.js';

export type { CodeEntry } from './entry.js';

/** Of a rule that has no note yet: each finding has a fix of its own. */
const NO_NOTE = { fix: 'Each finding of `odmd validate` names the place and what to change there.' };

/** Every code that the platform's packages report, in order. */
export function allCodes(): CodeEntry[] {
  return [
    ...rules.map(
      ({ code, severity, title }): CodeEntry => ({
        code,
        package: 'contracts-base',
        severity,
        title,
        ...(ruleNotes[code] ?? NO_NOTE),
      }),
    ),
    ...entriesOf('contracts-base', contractsBaseCodes),
    ...entriesOf('control-plane', controlPlaneCodes),
    ...entriesOf('enver-runtime', enverRuntimeCodes),
    ...entriesOf('local-platform', localPlatformCodes),
    ...entriesOf('cli', cliCodes),
    ...entriesOf('workflow-gen', workflowGenCodes),
    ...entriesOf('central-stacks', centralStacksCodes),
    ...entriesOf('lambdas', lambdasCodes),
  ].sort((a, b) => (a.code < b.code ? -1 : 1));
}

/** What the hundreds of the codes stand for. */
export const RANGES: Readonly<Record<string, string>> = {
  1: 'Rules of the contracts',
  2: 'Manifests and plans',
  3: 'Commit commands and clones',
  4: 'Sync and deployments',
  5: 'The job of an enver',
  6: 'The local platform',
  7: 'The command line',
  8: 'Generated workflows and stacks',
};
