import {
  Build,
  Consumer,
  Contracts,
  ContractsLibEnver,
  type Manifest,
  Producer,
  Reaction,
  Revision,
  ScriptEnver,
} from '@ondemandenv/contracts-base';
import { z } from 'zod';
import type { OrgShape, UseShape } from './org-shape.js';

export const BOSS = { account: 'w', role: 'Boss' } as const;
export const INTERN = { account: 'w', role: 'Intern' } as const;
export const PRODUCT = 'out';
export const PLACEHOLDER = 'placeholder';

const place = { account: 'w', region: 'us-west-1' };

/** The manifest of an org of this shape. */
export function manifestOf(shape: OrgShape): Manifest {
  const result = contractsOf(shape).synth();
  if (!result.ok) throw new Error(JSON.stringify(result.errors));
  return result.manifest;
}

function contractsOf(shape: OrgShape): Contracts {
  const repos = ['contracts', 'r0', 'r1', 'r2'].map((name) => [name, { owner: 'o', name }] as const);
  const contracts = new Contracts('sim', {
    accounts: { w: { id: '111111111111' } },
    repos: Object.fromEntries(repos),
  });
  new ContractsLibEnver(new Build(contracts, 'contracts', { repo: 'contracts' }), {
    ...place,
    revision: Revision.branch('main'),
  });
  const builds = new Map<string, Build>();
  const envers = shape.envers.map((enver) => {
    if (!enver.present) return undefined;
    const build =
      builds.get(enver.build) ??
      new Build(contracts, enver.build, { repo: enver.repo, workDir: enver.build });
    builds.set(enver.build, build);
    const auto = enver.clones === 'auto' ? { auto: ['auto/*'] } : {};
    return new ScriptEnver(build, {
      ...place,
      revision: enver.tag === undefined ? Revision.branch('main') : Revision.tag(enver.tag),
      deploy: ['deploy'],
      destroy: ['destroy'],
      timeoutMinutes: enver.timeoutMinutes,
      ephemeral: enver.ephemeral,
      exec: { services: enver.services > 0 ? ['rds'] : [] },
      clones: enver.clones === 'off' ? 'off' : { max: shape.maxClones, ...auto },
    });
  });
  const product = { schema: z.string(), public: true };
  const products = envers.map((enver) => enver && new Producer(enver, PRODUCT, product));
  for (const [index, { uses }] of shape.envers.entries())
    for (const use of uses) {
      const [enver, product] = [envers[index], products[use.from]];
      if (!enver || !product) continue;
      new Consumer(enver, `in${use.from}`, product, {
        onChange: reactionOf(use),
        ...(use.placeholder && { placeholder: PLACEHOLDER }),
      });
    }
  return contracts;
}

function reactionOf({ reaction }: UseShape): Reaction {
  switch (reaction) {
    case 'deploy':
      return Reaction.deploy();
    case 'ignore':
      return Reaction.ignore();
    case 'alarm':
      return Reaction.alarm();
    case 'approve':
      return Reaction.approve(BOSS);
  }
}
