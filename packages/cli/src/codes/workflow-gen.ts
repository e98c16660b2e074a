import type { Listed } from './entry.js';

/** The codes of workflow-gen. */
export const workflowGenCodes: Listed = {
  ODMD801: {
    title: 'The contracts do not say in which region the platform runs',
    fix: "Declare `regions` on Contracts, the platform's own first.",
  },
  ODMD802: {
    title: 'No account of the contracts is the central one',
    fix: 'Mark the account that the platform runs in with `central: true`.',
  },
  ODMD803: {
    title: 'A name cannot be part of a workflow file',
    fix: 'Run `odmd validate` on the contracts, and use a manifest that `odmd synth` wrote.',
  },
  ODMD804: {
    title: 'Two workflow files would have one name',
    fix: 'Rename a build or an account in the contracts.',
  },
};
