import { OdmdError } from '@ondemandenv/contracts-base';
import type { Ports, Work } from '../ports/index.js';
import { forceContracts } from './apply-contracts.js';
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
import { report } from './report.js';
import { sweep, tick } from './sweep.js';
import { sync } from './sync.js';
import { enqueueEnvers, retryOnConflict } from './wake.js';
import { WatchedRecords } from './watched-records.js';

/** The platform's domain on these ports. It keeps nothing in memory that it could not do without. */
export function createControlPlane(ports: Ports, installation: Installation): ControlPlane {
  const load = contractsLoader(ports.records, ports.manifests, installation);
  const platformOn = (own: Ports): Platform => {
    const platform: Platform = {
      ports: own,
      installation,
      context: async () => ({ ...platform, contracts: await load() }),
    };
    return platform;
  };
  const platform = platformOn(ports);

  /** One piece of work, and in the end a hint for each ref whose people see something else now. */
  const reporting = async <T>(work: (platform: Platform) => Promise<T>): Promise<T> => {
    const records = new WatchedRecords(ports.records);
    const tell = async () => {
      if (records.hints.length > 0) await ports.queue.sendMany(records.hints);
    };
    try {
      const done = await work(platformOn({ ...ports, records }));
      await tell();
      return done;
    } catch (error) {
      // What was written counts, whatever came after it; and why that failed is what has to be known.
      await tell().catch(() => {});
      throw error;
    }
  };

  return {
    handle: (work) => reporting((own) => handle(own, work)),
    ...createIntake(ports, installation, load),
    tick: () => tick(platform),
    sweep: async () => sweep(await platform.context()),
    decide: (decision) => reporting((own) => decide(own, decision)),
    deploy: (id, cause) => reporting((own) => forceDeploy(own, id, cause)),
    command: (repo, ref, line, by) =>
      reporting(async (own) => giveCommand(await own.context(), { repo, ref, line, by })),
    applyContracts: async ({ sha, by }) => forceContracts(await platform.context(), { sha, by }),
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

async function handle(platform: Platform, work: Work): Promise<void> {
  switch (work.kind) {
    case 'enver':
      return reconcile(platform, work.id);
    case 'ref':
      return handleRef(await platform.context(), work.repo, work.ref);
    case 'report':
      return report(await platform.context(), work);
    case 'sync':
      return sync(await platform.context());
  }
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
