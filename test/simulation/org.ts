import {
  Build,
  Consumer,
  Contracts,
  ContractsLibEnver,
  Producer,
  Revision,
  ScriptEnver,
} from '@ondemandenv/contracts-base';
import { z } from 'zod';
import type { Random } from './random.js';

/** The shape of a generated org: builds in an order in which each consumes earlier ones only. */
export interface OrgShape {
  readonly builds: readonly {
    readonly id: string;
    readonly repo: string;
    /** Indexes of builds whose product it consumes. */
    readonly uses: readonly number[];
  }[];
  readonly maxClones: number;
}

/** Between 2 and 7 builds in up to 3 repos, densely connected. */
export function randomShape(random: Random): OrgShape {
  const count = 2 + random.below(6);
  const repos = 1 + random.below(3);
  const builds = Array.from({ length: count }, (_, index) => ({
    id: `b${index}`,
    repo: `r${random.below(repos)}`,
    uses: Array.from({ length: index }, (_, other) => other).filter(() => random.chance(0.5)),
  }));
  return { builds, maxClones: 1 + random.below(2) };
}

/** The same org with one dependency more or less. */
export function changedShape(shape: OrgShape, random: Random): OrgShape {
  const target = 1 + random.below(shape.builds.length - 1);
  const source = random.below(target);
  const builds = shape.builds.map((build, index) => {
    if (index !== target) return build;
    const uses = build.uses.includes(source)
      ? build.uses.filter((use) => use !== source)
      : [...build.uses, source];
    return { ...build, uses: uses.sort() };
  });
  return { ...shape, builds };
}

export function contractsOf(shape: OrgShape): Contracts {
  const place = { revision: Revision.branch('main'), account: 'w', region: 'us-west-1' };
  const repos = ['contracts', 'r0', 'r1', 'r2'].map((name) => [name, { owner: 'o', name }] as const);
  const contracts = new Contracts('sim', {
    accounts: { w: { id: '111111111111' } },
    repos: Object.fromEntries(repos),
  });
  new ContractsLibEnver(new Build(contracts, 'contracts', { repo: 'contracts' }), place);
  const out: Producer[] = [];
  for (const { id, repo, uses } of shape.builds) {
    const build = new Build(contracts, id, { repo, workDir: id });
    const enver = new ScriptEnver(build, {
      ...place,
      deploy: ['x'],
      destroy: ['y'],
      clones: { max: shape.maxClones },
    });
    out.push(new Producer(enver, 'out', { schema: z.string() }));
    for (const use of uses) {
      const producer = out[use];
      if (producer) new Consumer(enver, `in${use}`, producer);
    }
  }
  return contracts;
}
