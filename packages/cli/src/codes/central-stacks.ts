import type { Listed } from './entry.js';

/** The codes of central-stacks. */
export const centralStacksCodes: Listed = {
  ODMD851: {
    title: 'The name of a branch or tag has a character that IAM policies do not take',
    fix: 'Rename the branch or tag: letters above U+00FF cannot be named in the trust of a role.',
  },
  ODMD852: {
    title: 'The policy of a role is longer than IAM takes',
    fix: 'Consume fewer products: gather what belongs together into one product with an object type.',
  },
  ODMD853: {
    title: 'The contracts do not say where the platform runs',
    fix: 'Mark the central account with `central: true`, and list the `regions`, the platform’s own first.',
  },
  ODMD854: {
    title: 'The contracts have no such contractsLib',
    fix: 'Name the build of their own ContractsLibEnver.',
  },
  ODMD855: {
    title: 'The contracts have no such enver',
    fix: 'Use one of those that are listed.',
  },
  ODMD856: {
    title: 'It is not said whose platform is to be deployed',
    fix: 'Give the manifest: `cdk diff -c manifest=.odmd/manifest.json`.',
  },
  ODMD857: {
    title: 'A function cannot let in so many accounts',
    fix: 'Name those whose people ask the platform: `cdk deploy -c callers=workspace1,tools`.',
  },
  ODMD858: {
    title: 'An account that shall be let in is not one of the contracts',
    fix: 'Name accounts as the contracts do: `cdk deploy -c callers=workspace1,tools`.',
  },
  ODMD859: {
    title: 'A setting of the CDK app (`-c name=value`) is not understood',
    fix: 'Write it as the guide to the installation says, with the names that the contracts use.',
  },
};
