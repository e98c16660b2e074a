import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  Build,
  CONTRACTS_LIB_LATEST,
  Consumer,
  Contracts,
  ContractsLibEnver,
  canonicalJson,
  manifestDigest,
  Producer,
  productPath,
  Revision,
  ScriptEnver,
  writeManifest,
} from '@ondemandenv/contracts-base';
import { createControlPlane } from '@ondemandenv/control-plane';
import { MemoryKeyValue, memoryPorts } from '@ondemandenv/control-plane/memory';
import { z } from 'zod';
import { JobAccess } from '../job-access.js';
import { LocalNotifier } from '../notifier.js';
import { ServiceSupervisor } from '../services/index.js';
import type { PlatformParts } from './platform-parts.js';

export const LIB = 'contracts/b..main';
export const FOUNDATION = 'foundation/b..main';
export const SHOP = 'shop/b..main';
const SHA = 'a'.repeat(40);

/** Foundation produces `menu` and `secret`; the shop consumes `menu` and produces `url`. */
function contracts(): Contracts {
  const all = new Contracts('coffee', {
    accounts: { central: { id: '111111111111', central: true }, work: { id: '222222222222' } },
    repos: { contracts: { owner: 'o', name: 'contracts' }, shop: { owner: 'o', name: 'shop' } },
  });
  const at = { revision: Revision.branch('main'), account: 'work', region: 'us-west-1' };
  new ContractsLibEnver(new Build(all, 'contracts', { repo: 'contracts' }), at);
  const foundation = new ScriptEnver(new Build(all, 'foundation', { repo: 'shop' }), {
    ...at,
    deploy: ['true'],
  });
  const menu = new Producer(foundation, 'menu', { schema: z.string() });
  new Producer(foundation, 'secret', { schema: z.string() });
  const shop = new ScriptEnver(new Build(all, 'shop', { repo: 'shop' }), { ...at, deploy: ['true'] });
  new Consumer(shop, 'menu', menu);
  new Producer(shop, 'url', { schema: z.string() });
  return all;
}

export interface TestWorld {
  readonly parts: PlatformParts;
  readonly home: string;
  readonly log: readonly string[];
  /** A new token for a job of an enver. */
  token(enver: string): string;
  close(): Promise<void>;
}

/** Everything behind the routes, real and in memory, with those contracts in force. */
export async function testParts(): Promise<TestWorld> {
  const home = realpathSync(mkdtempSync(join(tmpdir(), 'odmd http ')));
  const jobsFolder = join(home, 'jobs');
  mkdirSync(jobsFolder);
  const kv = new MemoryKeyValue();
  const clock = { now: Date.now };
  const ports = memoryPorts(clock, kv);
  const notifier = new LocalNotifier(kv, clock, () => {});
  const controlPlane = createControlPlane(
    { ...ports, notifier },
    {
      build: 'contracts',
      repo: { owner: 'o', name: 'contracts' },
      revision: Revision.branch('main'),
      account: { name: 'local', id: '000000000000' },
      region: 'local',
    },
  );
  await publish();
  const access = new JobAccess(kv);
  for (const enver of [LIB, FOUNDATION, SHOP]) access.grant(enver);
  const baseEnv = { PATH: process.env.PATH ?? '' };
  const services = new ServiceSupervisor({ home, kv, ports: { from: 21_010, to: 21_019 }, baseEnv });
  const log: string[] = [];
  const stopping = new AbortController();
  const parts: PlatformParts = {
    ...ports,
    notifier,
    clock,
    controlPlane,
    backlog: ports.queue,
    services,
    access,
    jobs: {
      active: () => 0,
      latest: (enver) => (enver === SHOP ? 'job' : undefined),
      logFile: (id) => join(home, id),
    },
    jobsFolder,
    repos: async () => [{ name: 'o/shop', url: join(home, 'shop.git') }],
    contractsLib: LIB,
    userToken: 'the-user',
    trouble: () => undefined,
    log: (line) => log.push(line),
    stop: () => stopping.abort(),
    stopping: stopping.signal,
  };
  const token = (enver: string) => access.issue({ enver, dispatchId: `${enver} 1` }) ?? '';
  const close = async () => {
    stopping.abort();
    await services.close();
    rmSync(home, { recursive: true, force: true });
  };
  return { parts, home, log, token, close };

  async function publish(): Promise<void> {
    const result = contracts().synth();
    if (!result.ok) throw new Error('the contracts of this test are broken');
    const { manifest } = result;
    const latest = { sha: SHA, digest: manifestDigest(manifest), version: '1', serial: 1 };
    await ports.manifests.put(SHA, writeManifest(manifest));
    await ports.config.put(productPath(LIB, CONTRACTS_LIB_LATEST), canonicalJson(latest));
    await controlPlane.sweep();
    await controlPlane.handle({ kind: 'sync' });
    for (let todo = await ports.queue.receive(10); todo.length > 0; todo = await ports.queue.receive(10))
      for (const delivery of todo) await ports.queue.done(delivery);
  }
}
