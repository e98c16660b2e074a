import {
  Build,
  Consumer,
  Contracts,
  ContractsLibEnver,
  Producer,
  Reaction,
  Revision,
  ScriptEnver,
} from '@ondemandenv/contracts-base';
import { z } from 'zod';

export const ENVERS = 2;
export const PRODUCERS = 3;
export const CONSUMERS = 5;

/** How many constructs such an org has, apart from its root and its contractsLib. */
export function constructsOf(builds) {
  return builds * (1 + ENVERS * (1 + PRODUCERS + CONSUMERS));
}

/** The types of an enver's three products, made anew for each, as people write them. */
export function ownTypes() {
  return {
    url: z.string(),
    arn: z.string().min(20),
    api: z.object({ url: z.string(), stage: z.enum(['dev', 'prod']) }),
  };
}

/** The same types for all. */
export function sharedTypes() {
  const types = ownTypes();
  return () => types;
}

/**
 * A generated org: every build has two envers, every enver three products and five consumptions of builds before
 * it. The same number gives the same org.
 */
export function generate(builds, types = ownTypes) {
  const random = sequence(builds);
  const contracts = new Contracts('generated', {
    accounts: {
      central: { id: '111111111111', central: true },
      workspace0: { id: '222222222222' },
      workspace1: { id: '333333333333' },
    },
    repos: Object.fromEntries(
      Array.from({ length: Math.ceil(builds / 4) + 1 }, (_, n) => [
        `repo${n}`,
        { owner: 'generated', name: `repo${n}` },
      ]),
    ),
  });
  const place = { account: 'workspace0', region: 'us-west-1' };
  new ContractsLibEnver(new Build(contracts, 'contracts', { repo: 'repo0' }), {
    ...place,
    revision: Revision.branch('main'),
  });
  const products = [];
  for (let n = 0; n < builds; n++) {
    const build = new Build(contracts, `build${n}`, {
      repo: `repo${Math.floor(n / 4) + 1}`,
      workDir: `services/s${n}`,
    });
    const known = products.length;
    for (let e = 0; e < ENVERS; e++) {
      const enver = new ScriptEnver(build, {
        account: `workspace${e}`,
        region: 'us-west-1',
        revision: Revision.branch(e === 0 ? 'main' : 'dev'),
        deploy: ['./deploy.sh'],
      });
      for (const [name, schema] of Object.entries(types()))
        products.push(new Producer(enver, name, { schema }));
      for (let c = 0; c < CONSUMERS && known > 0; c++)
        new Consumer(enver, `input${c}`, products[Math.floor(random() * known)], {
          onChange: c === CONSUMERS - 1 ? Reaction.ignore() : Reaction.deploy(),
        });
    }
  }
  return contracts;
}

/** Numbers in [0, 1) that only depend on the seed (a linear congruential generator). */
function sequence(seed) {
  let state = seed + 1;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
