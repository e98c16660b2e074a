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
};
