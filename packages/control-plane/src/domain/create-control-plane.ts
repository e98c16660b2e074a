import { OdmdError } from '@ondemandenv/contracts-base';
import type { Ports } from '../ports/index.js';
import { decide, withoutExpired } from './approvals.js';
import type { Platform } from './context.js';
import { contractsLoader, lastEntry } from './contracts-in-force.js';
import type { ControlPlane, Installation } from './control-plane.js';
import { createIntake } from './intake.js';
import { retire } from './lifetime.js';
import { reconcile } from './reconcile.js';
import { inPhase, save } from './record-writes.js';
import type { EnverRecord } from './records.js';
import { giveCommand, handleRef } from './refs.js';
import { sweep, tick } from './sweep.js';
import { sync } from './sync.js';
import { enqueueEnvers, retryOnConflict } from './wake.js';

/** The platform's domain on these ports. It keeps nothing in memory that it could not do without. */
export function createControlPlane(ports: Ports, installation: Installation): ControlPlane {
  const load = contractsLoader(ports.records, ports.manifests, installation);
  const platform: Platform = {
    ports,
    installation,
    context: async () => ({ ...platform, contracts: await load() }),
  };
  return {
    handle: async (work) => {
      switch (work.kind) {
        case 'enver':
          return reconcile(platform, work.id);
        case 'ref':
          return handleRef(await platform.context(), work.repo, work.ref);
        case 'sync':
          return sync(await platform.context());
      }
    },
    ...createIntake(ports, installation, load),
    tick: () => tick(platform),
    sweep: async () => sweep(await platform.context()),
    decide: (decision) => decide(platform, decision),
    deploy: (id, cause) => forceDeploy(platform, id, cause),
    command: async (repo, ref, line) => giveCommand(await platform.context(), repo, ref, line),
    retire: async (id, by) => retire(await platform.context(), id, by),
    entry: async (id) => {
      const record = await ports.records.get('enver', id);
      if (!record) return undefined;
      const { contracts } = await platform.context();
      const entry = contracts.entry(record);
      return entry ?? (record.deleting === undefined ? undefined : lastEntry(ports.manifests, record));
    },
    manifest: async () => (await platform.context()).contracts.manifest,
    envers: async () => {
      const records: EnverRecord[] = [];
      for await (const record of ports.records.all('enver')) records.push(record);
      return records;
    },
  };
}

async function forceDeploy(platform: Platform, id: string, cause: string): Promise<void> {
  const { ports } = platform;
  await retryOnConflict(async () => {
    const record = await ports.records.get('enver', id);
    if (!record || record.phase === 'retired' || record.deleting !== undefined)
      throw new OdmdError('ODMD406', `${id} is not an enver that can be deployed`, {
        fix: '`odmd status` lists the envers and their phases',
      });
    const now = ports.clock.now();
    const next = { ...withoutExpired(record), forced: cause, nextAt: now };
    await save(
      ports.records,
      record,
      record.run ? next : inPhase(next, 'waiting', `asked for: ${cause}`, now),
    );
  });
  await enqueueEnvers(platform, [id], cause);
}
