import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Contracts, EnverEntry, Manifest } from '@ondemandenv/contracts-base';
import { root } from '../emulator/place.js';
import { CENTRAL, WORKSPACE } from './world.js';

/** Branches of the queue's repository that have an enver each. */
export const HOSTILE = '$(id)';

/** A CDK app that makes a queue, and a script that uses its name. */
const CONTRACTS = `
import { Build, CdkEnver, Consumer, Contracts, ContractsLibEnver, Producer, Revision, ScriptEnver } from '@ondemandenv/contracts-base';
import { z } from 'zod';

class Queue extends CdkEnver {
  label = new Producer(this, 'label', { schema: z.object({ queue: z.string(), text: z.string() }) });
}
class Worker extends ScriptEnver {
  label = new Consumer(this, 'label', this.props.queue.label);
  seen = new Producer(this, 'seen', { schema: z.string() });
}
export const contracts = new Contracts('coffee', {
  regions: ['${CENTRAL.region}'],
  accounts: { central: { id: '${CENTRAL.account}', central: true }, workspace1: { id: '${WORKSPACE}' } },
  repos: { contracts: { owner: 'coffee', name: 'contracts' }, shop: { owner: 'coffee', name: 'shop' } },
});
const on = (ref) => ({ account: 'workspace1', region: '${CENTRAL.region}', revision: Revision.branch(ref) });
new ContractsLibEnver(new Build(contracts, 'contracts'), on('main'));
const build = new Build(contracts, 'queue', { repo: 'shop', workDir: 'queue' });
export const queue = new Queue(build, on('main'));
new Queue(build, on(${JSON.stringify(HOSTILE)}));
new Worker(new Build(contracts, 'worker', { repo: 'shop', workDir: 'worker' }), {
  ...on('main'), queue, deploy: ['sh ./deploy.sh'],
});
`;

const APP = `
import { readFileSync } from 'node:fs';
import { EnverApp, EnverStack } from '@ondemandenv/enver-runtime/cdk';
import { Duration } from 'aws-cdk-lib';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { queue } from '../contracts.mjs';

const stack = new EnverStack(new EnverApp(queue, { nag: false }));
const text = readFileSync('text.txt', 'utf8');
// The emulator sees no change where only an output has changed.
const { queueName } = new Queue(stack, 'Queue', { visibilityTimeout: Duration.seconds(text.length) });
stack.output(queue.label, { queue: queueName, text });
`;

/** What every branch of the repository holds. */
export const FILES: Readonly<Record<string, string>> = {
  'contracts.mjs': CONTRACTS,
  'queue/cdk.json': JSON.stringify({ app: 'node app.mjs' }),
  'queue/package.json': JSON.stringify({ name: 'queue', private: true }),
  'queue/app.mjs': APP,
  'queue/text.txt': 'first',
  'worker/deploy.sh': 'echo "seen=$ODMD_INPUT_LABEL" >> "$ODMD_OUTPUT"\n',
};

/** An org on the disk: packages as a service has them installed, and its contracts. */
export class CdkOrg {
  /** Absolute path of the installed packages. */
  readonly modules: string;
  private readonly folder = mkdtempSync(join(tmpdir(), 'odmd-cdk-org-'));

  constructor() {
    this.modules = join(this.folder, 'node_modules');
    const runtime = join(root, 'packages/enver-runtime');
    this.install('@ondemandenv/enver-runtime', runtime);
    for (const name of [
      'aws-cdk',
      'aws-cdk-lib',
      'cdk-nag',
      'constructs',
      'zod',
      '@ondemandenv/contracts-base',
    ])
      this.install(name, join(runtime, 'node_modules', name));
    writeFileSync(join(this.folder, 'contracts.mjs'), CONTRACTS);
  }

  async manifest(): Promise<Manifest> {
    const { contracts } = (await import(join(this.folder, 'contracts.mjs'))) as { contracts: Contracts };
    const result = contracts.synth();
    if (!result.ok) throw new Error(JSON.stringify(result.errors, null, 2));
    return result.manifest;
  }

  close(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private install(name: string, from: string): void {
    mkdirSync(dirname(join(this.modules, name)), { recursive: true });
    symlinkSync(from, join(this.modules, name));
  }
}

/** The enver of a build on a branch. */
export function enverOn({ envers }: Manifest, build: string, ref: string): EnverEntry {
  const found = Object.values(envers).find((entry) => entry.build === build && entry.revision.ref === ref);
  if (!found) throw new Error(`there is no ${build} on ${ref}`);
  return found;
}
