import { ACTIONS } from './actions.js';
import type { ActionStep, Permissions, ScriptStep } from './model.js';
import {
  CHECK_COMMIT,
  type EnverCommand,
  enverScript,
  INSTALL_DEPENDENCIES,
  installToolchain,
  QUIET_NPM,
  SAY_LATER,
} from './scripts.js';
import type { Target } from './target.js';
import { value } from './text.js';

/** How long GitHub lets a job run at most, in minutes; the contract's own limit is kept by `odmd-enver`. */
export const MAX_MINUTES = 360;
export const RUNNER = 'ubuntu-latest';
const NODE_VERSION = '24';
const GITHUB_PACKAGES = 'https://npm.pkg.github.com';

/** The step that exists in a run that was superseded or has to wait, by which it is told from one that deployed. */
export const LATER_STEP = 'Superseded or waiting';

/** Kinds whose job publishes an npm package to GitHub Packages. */
const PUBLISHES_PACKAGE: ReadonlySet<Target['kind']> = new Set(['npmPackage', 'contractsLib']);

/** Reading packages is what installing the org's contracts takes. */
export function permissionsOf({ kind }: Target): Permissions {
  return { contents: 'read', idToken: 'write', packages: PUBLISHES_PACKAGE.has(kind) ? 'write' : 'read' };
}

/** Variables that every step of a job sees: what the file is for. */
export function environmentOf(target: Target): Readonly<Record<string, string>> {
  return {
    ODMD_BUILD: target.build,
    ODMD_ACCOUNT: target.account.id,
    ODMD_CENTRAL_ACCOUNT: target.centralAccount,
    ODMD_CENTRAL_REGION: target.homeRegion,
    AWS_REGION: target.region,
  };
}

const COMMIT = [value('inputs.sha || github.sha')] as const;

/** What a dispatch says, for the steps that need it. These are claims: `odmd-enver` checks them against the ref. */
const DISPATCH = {
  ODMD_ENVER: [value('inputs.enver')],
  ODMD_DISPATCH: [value('inputs.dispatch')],
  ODMD_SHA: COMMIT,
  ODMD_REASON: [value('inputs.reason')],
} as const;

/** The steps up to the point where `odmd-enver` takes over. */
export function preparation({ kind }: Target): [ActionStep, ...(ActionStep | ScriptStep)[]] {
  const isLib = kind === 'contractsLib';
  return [
    {
      name: 'Check out the dispatched commit',
      action: ACTIONS.checkout,
      with: {
        ref: COMMIT,
        'persist-credentials': 'false',
        // A contractsLib counts its commits: that is the order of its publications.
        ...(isLib && { 'fetch-depth': '0' }),
      },
    },
    { name: 'Check that it is this commit', env: { ODMD_SHA: COMMIT }, script: CHECK_COMMIT },
    {
      name: 'Set up Node.js',
      action: ACTIONS.setupNode,
      with: {
        'node-version': NODE_VERSION,
        'registry-url': GITHUB_PACKAGES,
        // What a job of another branch has put into a cache must not reach one that deploys.
        'package-manager-cache': 'false',
      },
    },
    {
      name: 'Install odmd-enver',
      env: QUIET_NPM,
      // The job of a contractsLib synthesises the manifest, with `odmd`.
      script: installToolchain(isLib ? ['enver-runtime', 'cli'] : ['enver-runtime']),
    },
    {
      name: 'Install dependencies',
      env: { NODE_AUTH_TOKEN: [value('github.token')], ...QUIET_NPM },
      script: INSTALL_DEPENDENCIES,
    },
  ];
}

/** Commands of `odmd-enver`, each a step of its own; what comes after one that ended with 75 is left out. */
export function enverSteps(titles: readonly (readonly [EnverCommand, string])[]): readonly ScriptStep[] {
  const ids = titles.map(([command]) => command);
  return titles.map(([command, name], index): ScriptStep => {
    const [first, ...others] = ids.slice(0, index);
    return {
      name,
      id: command,
      ...(first !== undefined && { when: { later: false, of: [first, ...others] } }),
      env: {
        ...DISPATCH,
        ODMD_OUTPUT: [value('runner.temp'), '/odmd.outputs'],
        // Commands of the contract may install packages of the org, and publish them; reading inputs needs none.
        ...(command !== 'resolve' && { NODE_AUTH_TOKEN: [value('github.token')] }),
      },
      script: enverScript(command),
    };
  });
}

/** Comes last; see `LATER_STEP`. */
export function laterStep(first: EnverCommand, ...others: EnverCommand[]): ScriptStep {
  return { name: LATER_STEP, when: { later: true, of: [first, ...others] }, script: SAY_LATER };
}
