import type { Listed } from './entry.js';

/** The codes of the platform's functions. */
export const lambdasCodes: Listed = {
  ODMD860: {
    title: 'Somebody may not have contracts applied that do not follow those in force',
    fix: "Ask somebody who runs the platform: with a role of its account, or one of the contracts' approvers.",
  },
  ODMD861: {
    title: 'The environment of a function of the platform is not complete',
    fix: 'Deploy the central stack again: it writes every variable.',
  },
  ODMD862: {
    title: 'An account does not let the platform in',
    fix: 'Deploy the stack `odmd-account` in that account.',
  },
  ODMD863: {
    title: 'The secret of the GitHub App does not hold one',
    fix: 'Write the id, the private key, the webhook secrets and the installations of the App into it, as JSON.',
  },
  ODMD864: {
    title: 'Somebody called who is not of an account of the contracts',
    fix: 'Call with a role of one of the accounts that the contracts declare.',
  },
  ODMD865: {
    title: 'A request to the platform was not understood',
    fix: 'Use the same release of `odmd` as of the platform.',
  },
  ODMD866: {
    title: 'What a request to the platform is about does not exist',
    fix: 'Name an enver that `odmd status` lists; use the same release of `odmd` as of the platform.',
  },
  ODMD867: {
    title: 'Somebody who is not a role cannot approve anything',
    fix: 'Take on the role that the contracts name as an approver.',
  },
  ODMD868: {
    title: 'The platform is busy with the same thing, or has to be patient',
    fix: 'Try again in the time that it says.',
    later: true,
  },
  ODMD869: { title: 'The platform failed to answer', fix: 'Read the log of the function `odmd-api`.' },
};
