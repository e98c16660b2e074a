import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from '../emulator/place.js';
import { ORG } from '../github/emulator.js';
import { ACCOUNTS } from './accounts.js';
import { runProgram } from './command.js';

/*
 * The org that is deployed: a queue of one team, two services of another in two accounts that use it, and one on top of
 * both. Each text is a file of one of its repositories.
 */

/** The role of the application that the orders deploy: what it may read while it runs, its contract says. */
export const APPLICATION = 'orders-application';

/** The contracts, as one module: what `odmd synth` reads in the job of the contractsLib. */
export function contractsModule({
  without = [],
  shop = 'shop',
}: {
  without?: readonly string[];
  shop?: string;
} = {}): string {
  const has = (build: string) => !without.includes(build);
  return `
import { Build, CdkEnver, Consumer, ContainerImageEnver, Contracts, ContractsLibEnver, Producer, Reaction, Revision, ScriptEnver } from '@ondemandenv/contracts-base';
import { z } from 'zod';

export const contracts = new Contracts('e2e', {
  accounts: {
    central: { id: '${ACCOUNTS.central}', central: true },
    workspace1: { id: '${ACCOUNTS.workspace1}' },
    workspace2: { id: '${ACCOUNTS.workspace2}' },
  },
  regions: ['us-west-1'],
  repos: {
    contracts: { owner: '${ORG}', name: 'contracts' },
    foundation: { owner: '${ORG}', name: 'foundation' },
    images: { owner: '${ORG}', name: 'images' },
    shop: { owner: '${ORG}', name: '${shop}' },
  },
});
const main = { revision: Revision.branch('main'), region: 'us-west-1' };
const workspace1 = { ...main, account: 'workspace1' };
const workspace2 = { ...main, account: 'workspace2' };

export const contractsLib = new ContractsLibEnver(new Build(contracts, 'contracts', { repo: 'contracts' }), workspace1);

class Foundation extends CdkEnver {
  queue = new Producer(this, 'queue', { schema: z.string(), example: 'a-queue' });
  get exec() {
    return { services: ['lambda', 'logs', 'sqs'], statements: [] };
  }
}
export const foundation = new Foundation(new Build(contracts, 'foundation', { repo: 'foundation' }), workspace1);

export const images = new ContainerImageEnver(new Build(contracts, 'images', { repo: 'images' }), {
  ...workspace1,
  images: { api: {} },
});

class Service extends ScriptEnver {
  url = new Producer(this, 'url', { schema: z.string(), example: 'https://example.com', public: true });
}
const commands = { deploy: ['node deploy.mjs'], destroy: ['node destroy.mjs'] };
const service = (id, place, props = {}) =>
  new Service(new Build(contracts, id, { repo: 'shop', workDir: id }), { ...place, ...commands, ...props });
export const orders = service('orders', workspace1, {
  runtimeGrants: [{ account: 'workspace1', role: '${APPLICATION}' }],
});
new Consumer(orders, 'queue', foundation.queue);
export const billing = service('billing', workspace2);
new Consumer(billing, 'queue', foundation.queue);
export const web = service('web', workspace2);
new Consumer(web, 'orders', orders.url);
new Consumer(web, 'billing', billing.url);
${has('probe') ? "export const probe = service('probe', workspace2);\nnew Consumer(probe, 'queue', foundation.queue, { onChange: Reaction.alarm() });\nnew Consumer(probe, 'orders', orders.url, { onChange: Reaction.approve({ account: 'workspace2', role: 'Release' }) });" : ''}
`;
}

const CONTRACTS_PACKAGE = '@o/contracts';
export const CONTRACTS = {
  'package.json': JSON.stringify({
    name: CONTRACTS_PACKAGE,
    version: '1.0.0',
    private: true,
    type: 'module',
    exports: './index.js',
  }),
  'index.js': contractsModule(),
};

/** The version of a queue's name lets a push change the product. */
export const FOUNDATION = {
  'cdk.json': JSON.stringify({ app: 'node app.js' }),
  'package.json': JSON.stringify({ name: 'foundation', private: true, type: 'module' }),
  'name.txt': 'first',
  'reader/index.js': 'exports.handler = async () => {};',
  'app.js': `
import { readFileSync } from 'node:fs';
import { foundation } from '@o/contracts';
import { EnverApp, EnverStack } from '@ondemandenv/enver-runtime/cdk';
import { Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Queue } from 'aws-cdk-lib/aws-sqs';

const app = new EnverApp(foundation, { nag: false });
const stack = new EnverStack(app);
const name = readFileSync('name.txt', 'utf8').trim();
const queue = new Queue(stack, 'Queue', { queueName: stack.physicalName(name) });
stack.output(foundation.queue, queue.queueName);
const reader = new Function(stack, 'Reader', {
  runtime: Runtime.NODEJS_22_X,
  handler: 'index.handler',
  code: Code.fromAsset('reader'),
});
queue.grantConsumeMessages(reader);
`,
};

/** @param url a template: `$QUEUE` is the input `queue` */
const deploy = (url: string) => `
import { appendFileSync } from 'node:fs';
const url = ${JSON.stringify(url)}.replace(/[$]([A-Z]+)/g, (_all, name) => process.env['ODMD_INPUT_' + name]);
appendFileSync(process.env.ODMD_OUTPUT, 'url=' + url + '\\n');
`;
const service = (name: string, url: string) => ({
  [`${name}/deploy.mjs`]: deploy(url),
  [`${name}/destroy.mjs`]: "console.log('removed');",
});
export const SHOP = {
  ...service('orders', 'https://orders.example/$QUEUE'),
  ...service('billing', 'https://billing.example/$QUEUE'),
  ...service('web', 'https://web.example/?$ORDERS&$BILLING'),
  ...service('probe', 'https://probe.example/'),
};

const inRuntime = (name: string) => join(root, 'packages/enver-runtime/node_modules', name);
const PACKAGES = {
  '@ondemandenv/contracts-base': join(root, 'packages/contracts-base'),
  '@ondemandenv/enver-runtime': join(root, 'packages/enver-runtime'),
  zod: join(root, 'node_modules/zod'),
  'aws-cdk': inRuntime('aws-cdk'),
  'aws-cdk-lib': inRuntime('aws-cdk-lib'),
  constructs: inRuntime('constructs'),
};

/** Installs what the repositories of the org depend on: whatever is below this folder finds it. */
export function installPackages(folder: string): void {
  const modules = join(folder, 'node_modules');
  for (const [name, target] of Object.entries(PACKAGES)) {
    mkdirSync(dirname(join(modules, name)), { recursive: true });
    symlinkSync(target, join(modules, name));
  }
  const contracts = join(modules, CONTRACTS_PACKAGE);
  mkdirSync(contracts, { recursive: true });
  for (const [file, text] of Object.entries(CONTRACTS)) writeFileSync(join(contracts, file), text);
}

/** Synthesises the manifest of the org as a person does. @returns its file */
export async function synthesise(folder: string): Promise<string> {
  const out = join(folder, 'synth');
  const app = join(folder, 'node_modules', CONTRACTS_PACKAGE);
  const odmd = join(root, 'packages/cli/dist/main.js');
  const ended = await runProgram(process.execPath, [odmd, 'synth', '--app', app, '--out', out], {
    cwd: folder,
  });
  if (ended.code !== 0) throw new Error(ended.log);
  return join(out, 'manifest.json');
}
