import type { Listed } from './entry.js';

/** The codes of the platform's functions. */
export const lambdasCodes: Listed = {
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
};
