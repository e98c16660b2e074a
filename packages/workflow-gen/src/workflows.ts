import { sha256, workflowFile } from '@ondemandenv/contracts-base';
import { HEADER } from './generated-mark.js';
import type { DispatchInput, Workflow } from './model.js';
import {
  enverSteps,
  environmentOf,
  laterStep,
  MAX_MINUTES,
  permissionsOf,
  preparation,
  RUNNER,
} from './steps.js';
import type { Target } from './target.js';
import { value } from './text.js';

const ENVER: DispatchInput = {
  name: 'enver',
  description: 'Id of the enver, such as orders/b..main. It has to be the enver of the ref.',
  required: true,
};
const REASON: DispatchInput = { name: 'reason', description: 'Why this run was started', required: false };

/** The path in its repository of the workflow that deploys. */
export function deployFile({ build, kind, region, account }: Target): string {
  return workflowFile({ build, kind, region, account: account.name });
}

/**
 * The path in its repository of the workflow that tears down. A name of an account has no dot, so it is never the file
 * of one that deploys, whatever builds and accounts are called.
 */
export function teardownFile(target: Target): string {
  return deployFile(target).replace(/\.yaml$/, '.teardown.yaml');
}

/** Deploys the enver of the ref that it runs on, or a clone there. */
export function deployWorkflow(target: Target): Workflow {
  const { build, account, region } = target;
  return {
    header: HEADER,
    name: `ODMD ${build} (${account.name} ${region})`,
    runName: runName('deploy'),
    inputs: [
      ENVER,
      { name: 'dispatch', description: 'Id of the dispatch; none when started by hand', required: false },
      { name: 'sha', description: 'The commit to deploy; none for the newest of the ref', required: false },
      REASON,
    ],
    // A build has one enver on a ref: this is a group per enver, and no input can name the group of another. The
    // target is hashed since GitHub takes 400 characters, of which a ref may need most.
    concurrencyGroup: [`odmd-${targetHash(target)}-`, value('github.ref')],
    jobs: [
      {
        id: 'deploy',
        name: 'deploy',
        runsOn: RUNNER,
        permissions: permissionsOf(target),
        timeoutMinutes: MAX_MINUTES,
        env: environmentOf(target),
        steps: [
          ...preparation(target),
          ...enverSteps([
            ['resolve', 'Read the inputs'],
            ['run', 'Test and deploy'],
            ['publish', 'Publish the products'],
          ]),
          laterStep('resolve', 'run', 'publish'),
        ],
      },
    ],
  };
}

/** Runs on the default branch, from where it removes what was deployed from a ref that may be gone. */
export function teardownWorkflow(target: Target): Workflow {
  const { build, account, region } = target;
  return {
    header: HEADER,
    name: `ODMD teardown ${build} (${account.name} ${region})`,
    runName: runName('teardown'),
    inputs: [
      { ...ENVER, description: 'Id of the enver that goes. The platform has to have decided so.' },
      { name: 'dispatch', description: 'Id of the dispatch', required: true },
      { name: 'sha', description: 'The commit that was deployed last', required: true },
      REASON,
    ],
    // All teardowns run on one ref. A dispatch is of one enver, and the platform has one of it at a time.
    concurrencyGroup: [`odmd-teardown-${targetHash(target)}-`, value('inputs.dispatch')],
    jobs: [
      {
        id: 'destroy',
        name: 'destroy',
        runsOn: RUNNER,
        permissions: { ...permissionsOf(target), packages: 'read' },
        timeoutMinutes: MAX_MINUTES,
        env: environmentOf(target),
        steps: [...preparation(target), ...enverSteps([['destroy', 'Tear down']]), laterStep('destroy')],
      },
    ],
  };
}

/** From the name of a run the platform knows what it was dispatched for, and finds it again. */
function runName(what: 'deploy' | 'teardown'): Workflow['runName'] {
  return [`ODMD ${what} `, value('inputs.dispatch'), ' ', value('inputs.enver')];
}

function targetHash(target: Target): string {
  return sha256(deployFile(target)).slice(0, 12);
}
