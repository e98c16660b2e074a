import type { Listed } from './entry.js';

/** The codes of `odmd` itself. */
export const cliCodes: Listed = {
  ODMD701: {
    title: 'The contracts are not where they should be',
    fix: 'Name the package folder of the contracts, or their compiled module, with --app, and build it first.',
  },
  ODMD702: {
    title: 'The contracts do not load',
    fix: 'Correct the line that is named; `node <module>` shows the whole error.',
  },
  ODMD703: {
    title: 'The contracts are TypeScript, which this Node does not run',
    fix: 'Compile them first and name the package folder or the .js file.',
  },
  ODMD704: {
    title: 'A module exports no contracts',
    fix: 'Export the org as `export const contracts = new Contracts(…)`, or as the default export.',
  },
  ODMD705: {
    title: 'A manifest file cannot be read',
    fix: 'Name a manifest.json that `odmd synth` wrote.',
  },
  ODMD706: {
    title: 'A file cannot be written',
    fix: 'Name a file in a folder that you may write to.',
  },
  ODMD707: {
    title: 'The contracts have TypeScript errors',
    fix: 'Correct every line that is listed and build the package.',
  },
  ODMD708: {
    title: 'The contracts end the process',
    fix: 'Remove the `process.exit()` in the line that is named: contracts declare, and nothing else.',
  },
  ODMD709: {
    title: 'The contracts never finish loading',
    fix: 'Look for an `await` outside of functions whose promise never settles; contracts need to wait for nothing.',
  },
  ODMD710: {
    title: 'The platform has no such repository',
    fix: 'Use one that it has, or declare it in the contracts and push them.',
  },
  ODMD711: {
    title: 'There is no such enver',
    fix: 'Use one of those that are listed.',
  },
  ODMD712: {
    title: 'There is no such code',
    fix: 'Use one that `odmd explain` lists.',
  },
  ODMD713: {
    title: 'A folder for new contracts is not empty',
    fix: 'Name a new or empty folder: `odmd init <dir>`.',
  },
  ODMD714: {
    title: 'An enver waits for no such approval',
    fix: 'See `odmd status <enver>` for what it waits for; `odmd deploy <enver>` renews a request that expired.',
  },
  ODMD715: {
    title: 'An enver waits for several approvals',
    fix: 'Name one of the products that are listed.',
  },
  ODMD716: {
    title: 'It is not said for which branch or tag a clone is',
    fix: 'Give `--branch` or `--tag`, one of them.',
  },
  ODMD717: {
    title: 'Packages that new contracts install are not in the folder that is named',
    fix: 'Pack them all into it, of one release, or leave out --packages.',
  },
  ODMD718: {
    title: 'Git on this machine protects no branch',
    fix: 'Ask a platform on AWS, with --platform, which refs of envers are unprotected.',
  },
  ODMD720: {
    title: 'The command works in the job of an enver only',
    fix: "Use it in the enver's deploy or destroy commands.",
  },
  ODMD721: { title: 'The platform does not answer the job', fix: 'Look whether it runs, then deploy again.' },
  ODMD722: {
    title: "The platform's answer to the job was not understood",
    fix: 'Use the same release of the toolchain as of the platform.',
  },
  ODMD730: {
    title: 'The contracts have no such repository',
    fix: 'Name one of those that are listed, or declare it in the contracts.',
  },
  ODMD731: {
    title: 'A file that was not generated is in the place of one that is',
    fix: 'Move it to another name, or remove it.',
  },
  ODMD732: {
    title: 'A folder of workflow files cannot be read',
    fix: 'Name the folder of a repository, or of several, with --out.',
  },
  ODMD740: {
    title: 'What is named as the platform is not its address',
    fix: 'Give the https address that the stack `odmd-central` has as its output `ApiUrl`.',
  },
  ODMD741: {
    title: 'The region of the platform is not known',
    fix: 'Set AWS_REGION: an address of your own does not say it.',
  },
  ODMD742: {
    title: 'There are no credentials of AWS',
    fix: 'Sign in as you do for the AWS CLI, or set AWS_PROFILE.',
  },
  ODMD743: {
    title: 'AWS does not let you in to the platform',
    fix: "Take on a role of one of the org's accounts that may call the function `odmd-api`, or sign in again.",
  },
  ODMD744: {
    title: 'The platform cannot answer now',
    fix: 'Try again in a moment; if it stays so, look at the log of the function `odmd-api`.',
    later: true,
  },
  ODMD745: {
    title: 'The platform on AWS does not answer',
    fix: 'Look at your network, and whether it is the address of the platform.',
  },
  ODMD746: {
    title: 'The answer of the platform on AWS was not understood',
    fix: 'Look whether it is the address of the platform, and use the same release of `odmd` as of the platform.',
  },
};
