import type { Consumer } from '../constructs/consumer.js';
import { ContainerImage } from '../constructs/container-image-enver.js';
import type { Contracts } from '../constructs/contracts.js';
import type { Enver } from '../constructs/enver.js';
import { NpmPackageEnver } from '../constructs/npm-package-enver.js';
import type { Producer } from '../constructs/producer.js';
import { UserAuthEnver } from '../constructs/user-auth-enver.js';
import { cycles, type DependencyGraph } from '../graph/index.js';
import { allEnvers } from './helpers.js';
import type { Rule } from './rule.js';

/** Who may depend on whom. */
export const dependencyRules: readonly Rule[] = [
  {
    code: 'ODMD107',
    severity: 'error',
    title: 'An immutable enver consumes products of immutable envers only',
    *check(contracts) {
      for (const consumer of consumptions(contracts))
        if (consumer.enver.revision.immutable && !consumer.producer.enver.revision.immutable)
          yield {
            where: placeOf(consumer),
            message: `a tag enver consumes ${consumer.producer.name} of ${consumer.producer.enver.id}, which is a branch`,
            fix: 'consume the product of an enver that is built from a tag',
          };
    },
  },
  {
    code: 'ODMD108',
    severity: 'error',
    title: 'No enver consumes a product of its own build',
    *check(contracts) {
      for (const consumer of consumptions(contracts))
        if (consumer.enver.build === consumer.producer.enver.build)
          yield {
            where: placeOf(consumer),
            message: `it consumes ${consumer.producer.name} of its own build ${consumer.enver.build.id}`,
            fix: 'move one side to a build of its own, or pass the value inside the build',
          };
    },
  },
  {
    code: 'ODMD109',
    severity: 'error',
    title: 'There is exactly one contractsLib build, and it consumes nothing',
    *check(contracts) {
      const libs = allEnvers(contracts).filter((enver) => enver.kind === 'contractsLib');
      const builds = [...new Set(libs.map((enver) => enver.build.id))];
      if (builds.length !== 1)
        yield {
          where: 'contracts',
          message:
            builds.length === 0
              ? 'no enver is a ContractsLibEnver'
              : `several builds have one: ${builds.join(', ')}`,
          fix: 'declare the contracts package itself as one build with a ContractsLibEnver',
        };
      for (const enver of libs)
        for (const consumer of enver.consumers)
          yield {
            where: placeOf(consumer),
            message: 'the contractsLib consumes a product',
            fix: 'remove the consumer: contracts do not depend on what they describe',
          };
    },
  },
  {
    code: 'ODMD115',
    severity: 'error',
    title: 'Every dependency cycle is broken by a placeholder, so that its envers can start',
    *check(contracts) {
      for (const cycle of cycles(waitingGraph(contracts))) {
        const uses = allEnvers(contracts)
          .filter((enver) => cycle.includes(enver.id))
          .flatMap((enver) => enver.consumers)
          .filter((use) => use.placeholder === undefined && cycle.includes(use.producer.enver.id));
        yield {
          where: cycle.map((id) => `enver ${id}`).join(', '),
          message: `they wait for each other: ${uses.map((use) => `${use.enver.id} for ${use.producer.path}`).join(', ')}`,
          fix: 'give one consumer of the cycle a placeholder to start with',
        };
      }
    },
  },
  {
    code: 'ODMD121',
    severity: 'error',
    title: 'A consumer uses a product of the same contracts',
    *check(contracts) {
      for (const consumer of consumptions(contracts))
        if (consumer.producer.enver.build.contracts !== contracts)
          yield {
            where: placeOf(consumer),
            message: `the producer ${consumer.producer.path} belongs to other contracts`,
            fix: 'pass the producer of an enver that is declared under the same Contracts',
          };
    },
  },
  {
    code: 'ODMD190',
    severity: 'warning',
    title: 'A product is consumed by somebody, or public',
    *check(contracts) {
      const used = new Set(consumptions(contracts).map(({ producer }) => producer));
      for (const enver of allEnvers(contracts)) {
        if (enver.kind === 'contractsLib') continue;
        for (const producer of enver.producers)
          if (!used.has(producer) && !producer.public && !comesWithKind(producer))
            yield {
              where: `product ${producer.name} of ${enver.id}`,
              message: 'nobody consumes it',
              fix: 'consume it, remove it, or say `public: true` if it is for people to read',
            };
      }
    },
  },
  {
    code: 'ODMD192',
    severity: 'warning',
    title: 'An enver consumes something or is consumed',
    *check(contracts) {
      const wired = new Set<Enver>();
      for (const { enver, producer } of consumptions(contracts)) wired.add(enver).add(producer.enver);
      for (const enver of allEnvers(contracts))
        if (enver.kind !== 'contractsLib' && !wired.has(enver) && !enver.producers.some((p) => p.public))
          yield {
            where: `enver ${enver.id}`,
            message: 'it consumes nothing and nobody consumes anything of it',
            fix: 'wire it to the others; if it truly stands alone, mark what it makes for people as `public: true`',
          };
    },
  },
  {
    code: 'ODMD193',
    severity: 'warning',
    title: 'Envers do not redeploy each other in a circle',
    *check(contracts) {
      for (const cycle of cycles(graphOf(contracts, (use) => use.onChange.kind === 'deploy')))
        yield {
          where: cycle.map((id) => `enver ${id}`).join(', '),
          message: 'a change of any of them redeploys all of them, until no product changes any more',
          fix: 'let one consumer of the circle ignore changes: `onChange: Reaction.ignore()`',
        };
    },
  },
];

function consumptions(contracts: Contracts): readonly Consumer[] {
  return contracts.declared.consumers;
}

function placeOf({ id, enver }: Consumer): string {
  return `consumer ${id} of ${enver.id}`;
}

/** Edges along which an enver cannot deploy for the first time before its producer has. */
function waitingGraph(contracts: Contracts): DependencyGraph {
  return graphOf(contracts, (use) => use.placeholder === undefined);
}

/** Who consumes of whom, by the uses that count. What an enver has of itself breaks rule ODMD108. */
function graphOf(contracts: Contracts, counts: (use: Consumer) => boolean): DependencyGraph {
  return new Map(
    allEnvers(contracts).map((enver) => [
      enver.id,
      enver.consumers
        .filter((use) => counts(use) && use.producer.enver.id !== enver.id)
        .map((use) => use.producer.enver.id),
    ]),
  );
}

/** Products that an enver has by its kind, whether somebody wants them or not. */
function comesWithKind(producer: Producer): boolean {
  const { enver } = producer;
  if (producer.node.scope instanceof ContainerImage) return true;
  if (enver instanceof UserAuthEnver) return producer === enver.userPoolId || producer === enver.clientId;
  return enver instanceof NpmPackageEnver && producer === enver.package;
}
