import type { Listed } from './entry.js';

/** The codes of contracts-base that are no rules. */
export const contractsBaseCodes: Listed = {
  ODMD201: {
    title: 'A manifest, or an entry of one, is not JSON',
    fix: 'It was truncated or edited: write it again with `odmd synth`.',
  },
  ODMD202: {
    title: 'A manifest has a schema version that this release does not read',
    fix: 'Use the release of @ondemandenv that wrote the manifest, or write it again with this one.',
  },
  ODMD203: {
    title: 'A manifest is not of the shape that its schema says, or contradicts itself',
    fix: 'Write it again with `odmd synth`. Do not edit it: names and paths in it follow from its ids.',
  },
  ODMD210: {
    title: 'A planned change names an enver or product that the contracts do not have',
    fix: 'Name an enver as `<build>/<b..branch or t..tag>`, and a product by its path `/odmd-share/<enver>/<product>`.',
  },
};
