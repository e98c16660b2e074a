import {
  CONTRACTS_LIB_LATEST,
  enverId,
  producerOf,
  productPath,
  revisionPath,
} from '@ondemandenv/contracts-base';
import type { Ports } from '../ports/index.js';
import { type ContractsInForce, contractsLoader } from './contracts-in-force.js';
import type { ControlPlane, Installation } from './control-plane.js';
import { consumersOf, enqueueEnvers, recordsOf } from './wake.js';

/** What taking events in needs of the world. */
export type IntakePorts = Pick<Ports, 'manifests' | 'queue' | 'records'>;

/** The part of the control plane that turns what happened elsewhere into hints; it changes nothing itself. */
export type Intake = Pick<ControlPlane, 'productsPublished' | 'enverSpoke' | 'stackChanged'>;

export function createIntake(
  ports: IntakePorts,
  installation: Installation,
  load: () => Promise<ContractsInForce> = contractsLoader(ports.records, ports.manifests, installation),
): Intake {
  const world = { ports };
  const contractsLib = enverId(installation.build, revisionPath(installation.revision));

  /**
   * Consumers of a producer whose job still runs are left alone: they would only wait for its end, and its end marks
   * them.
   */
  const enqueueReaders = async (paths: readonly string[], cause: string): Promise<void> => {
    const producers = await recordsOf(world, paths.map(producerOf));
    const running = new Set(producers.filter(({ run }) => run !== undefined).map(({ id }) => id));
    const settled = paths.filter((path) => !running.has(producerOf(path)));
    await enqueueEnvers(world, [...running, ...(await consumersOf(world, settled))], cause);
  };

  return {
    productsPublished: async (paths, cause) => {
      if (paths.includes(productPath(contractsLib, CONTRACTS_LIB_LATEST)))
        await ports.queue.send({ kind: 'sync' }, cause);
      await enqueueReaders(paths, cause);
    },
    enverSpoke: async (id, cause) => {
      const record = await ports.records.get('enver', id);
      if (!record) return;
      if (id === contractsLib) await ports.queue.send({ kind: 'sync' }, cause);
      await enqueueEnvers(world, [id], cause);
      if (record.run) return;
      const products = (await load()).entry(record)?.products ?? [];
      await enqueueReaders(
        products.map(({ path }) => path),
        cause,
      );
    },
    stackChanged: async (name, cause) => enqueueEnvers(world, await ports.records.find('stack', name), cause),
  };
}
