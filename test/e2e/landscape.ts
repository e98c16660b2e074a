import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetFunctionUrlConfigCommand, InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetQueueAttributesCommand, GetQueueUrlCommand, SQSClient } from '@aws-sdk/client-sqs';
import { SSMClient } from '@aws-sdk/client-ssm';
import { type EnverEntry, entryObject, type Manifest, manifestBucket } from '@ondemandenv/contracts-base';
import type { EnverRecord } from '@ondemandenv/control-plane';
import { DynamoRecordStore, SsmConfigStore } from '@ondemandenv/control-plane/aws';
import {
  type ClientSettings,
  type Credentials,
  Emulator,
  type PolicyDecision,
  REGION,
} from '../emulator/emulator.js';
import { GitHubEmulator, ORG } from '../github/emulator.js';
import { type Accounts, ASKED_OF_ROOT, administrator } from './accounts.js';
import { cdk } from './cdk.js';
import { GitHubProxy } from './github-proxy.js';
import { installPlatform } from './installation.js';
import { Jobs } from './jobs.js';
import { installPackages, synthesise } from './org.js';

/** Who asks without a signature: GitHub with a webhook, a job that shows its token. */
const UNSIGNED = 'arn:aws:iam::000000000000:root';

/** Whose platform it is. */
export interface LandscapeOrg {
  /** Who has its repositories on GitHub. */
  readonly owner: string;
  /** Synthesises its contracts as a person does, with what it installs in a folder. @returns the manifest's file */
  readonly synthesise: (folder: string) => Promise<string>;
}

const SMALL: LandscapeOrg = {
  owner: ORG,
  synthesise: (folder) => {
    installPackages(folder);
    return synthesise(folder);
  },
};

/**
 * The whole of it on this machine: AWS with its policies enforced, GitHub, and the platform, which the stock CDK CLI has
 * deployed from a manifest as a platform engineer does.
 */
export class Landscape {
  /** From which decision to which tests tried something as somebody else. */
  private readonly tries: [from: number, to: number][] = [];

  private constructor(
    readonly aws: Emulator,
    readonly github: GitHubEmulator,
    /** What is installed, and with which it was. */
    readonly manifest: Manifest,
    readonly accounts: Accounts,
    private readonly admins: Readonly<Record<string, Credentials>>,
    readonly proxy: GitHubProxy,
    readonly jobs: Jobs,
    private readonly folder: string,
  ) {}

  static async start({ owner, synthesise }: LandscapeOrg = SMALL): Promise<Landscape> {
    const folder = mkdtempSync(join(tmpdir(), 'odmd-e2e-'));
    const manifest = JSON.parse(readFileSync(await synthesise(folder), 'utf8')) as Manifest;
    const accounts = Object.fromEntries(
      Object.entries(manifest.accounts).map(([name, { id }]) => [name, id] as const),
    );
    const aws = await Emulator.start();
    const github = await GitHubEmulator.start({ owner });
    const proxy = await GitHubProxy.to(github.url);
    const made = Object.entries(accounts).map(
      async ([name, account]) => [name, await administrator(aws, account)] as const,
    );
    const admins = Object.fromEntries(await Promise.all(made));
    const jobs = await Jobs.start({ aws, github, folder });
    const landscape = new Landscape(aws, github, manifest, accounts, admins, proxy, jobs, folder);
    await installPlatform(landscape, folder);
    return landscape;
  }

  /** @throws when a root user was asked for anything but to make the administrator of its account */
  async stop(): Promise<void> {
    const asRoot = this.askedOfRoot();
    await this.jobs.stop();
    await this.proxy.close();
    await this.github.close();
    await this.aws.stop();
    rmSync(this.folder, { recursive: true, force: true });
    for (const [root, actions] of Object.entries(asRoot))
      if (actions.join() !== ASKED_OF_ROOT.join()) throw new Error(`${root} was asked for ${actions}`);
  }

  /** What root users did, in order, by their ARN. */
  askedOfRoot(): Readonly<Record<string, string[]>> {
    const found: Record<string, string[]> = {};
    for (const { principal, action, statement } of this.aws.decisions()) {
      // A rule passes events on as its account, where a policy of the bus lets it; nothing lets a root user, or keeps it.
      if (!principal.endsWith(':root') || statement !== '' || principal === UNSIGNED) continue;
      found[principal] = [...(found[principal] ?? []), action].sort();
    }
    return found;
  }

  /** Tries something as somebody else: that it was allowed then does not show that anybody needs it. */
  async trying<T>(attempts: () => Promise<T>): Promise<T> {
    const from = this.aws.decisions().length;
    try {
      return await attempts();
    } finally {
      this.tries.push([from, this.aws.decisions().length]);
    }
  }

  /** What policies let somebody do so far, without what was only tried, and what was done while it was. */
  uses(): PolicyDecision[] {
    const tried = (at: number) => this.tries.some(([from, to]) => from <= at && at < to);
    return this.aws.decisions().filter(({ decision }, at) => decision === 'Allow' && !tried(at));
  }

  /** Settings of a client for the administrator of an account. */
  as(name: string, region = REGION): ClientSettings {
    return this.aws.clientWith(this.administrator(name), region);
  }

  /** Who administers an account, by the name that the contracts give it. */
  administrator(name: string): Credentials {
    const found = this.admins[name];
    if (!found) throw new Error(`the org has no account ${name}`);
    return found;
  }

  /** Where the platform runs. */
  get central(): { readonly account: string; readonly region: string } {
    return { account: this.accounts.central ?? '', region: this.manifest.regions?.[0] ?? '' };
  }

  /** What the platform knows of every enver, by its id. */
  async envers(): Promise<Readonly<Record<string, EnverRecord>>> {
    const found: Record<string, EnverRecord> = {};
    const records = new DynamoRecordStore(new DynamoDBClient(this.as('central')), 'odmd-records');
    for await (const record of records.all('enver')) found[record.id] = record;
    return found;
  }

  /** The contract entry of an enver or clone that is in force for its jobs. */
  async entry(id: string): Promise<EnverEntry> {
    const s3 = new S3Client({ ...this.as('central'), forcePathStyle: true });
    const Bucket = manifestBucket(this.central.account, this.central.region);
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key: entryObject(id) }));
    return JSON.parse((await Body?.transformToString()) ?? '') as EnverEntry;
  }

  /** The newest value of a product or of a state, as the config store has it. */
  async value(path: string): Promise<{ readonly version: number; readonly value: unknown } | undefined> {
    const config = new SsmConfigStore(new SSMClient(this.as('central')));
    const stored = (await config.getMany([path])).get(path);
    return stored && { version: stored.version, value: JSON.parse(stored.value) };
  }

  /** Waits until it is so. What is to happen at a certain time happens every second meanwhile. */
  async until<T>(what: string, check: () => Promise<T | undefined | false>, seconds = 90): Promise<T> {
    const end = Date.now() + seconds * 1000;
    for (let count = 1; Date.now() < end; count++) {
      const found = await check();
      if (found !== undefined && found !== false) return found;
      await pause(250);
      if (count % 4 === 0) await this.invoke('schedule', { task: 'tick' });
    }
    throw new Error(`${what}: not after ${seconds} seconds\n${await this.story()}`);
  }

  /** Waits until these envers are in these phases. */
  async phases(expected: Readonly<Record<string, string | undefined>>, seconds?: number): Promise<void> {
    await this.until(
      JSON.stringify(expected),
      async () => {
        const envers = await this.envers();
        return Object.entries(expected).every(([id, phase]) => envers[id]?.phase === phase);
      },
      seconds,
    );
  }

  /** Waits until the queue is empty and no job is left to be carried out. */
  async calm(): Promise<void> {
    const sqs = new SQSClient(this.as('central'));
    const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: 'odmd-work.fifo' }));
    const counts = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const;
    await this.until('calm', async () => {
      const asked = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...counts] });
      const { Attributes = {} } = await sqs.send(asked);
      return this.jobs.idle && counts.every((name) => Attributes[name] === '0');
    });
  }

  /** For a test that failed: what is known of every enver, what functions complained of, and how the last jobs ended. */
  private async story(): Promise<string> {
    const envers = Object.values(await this.envers());
    const complaints = (await this.log('ingress', 'intake', 'reconciler', 'provisioner', 'schedule')).filter(
      (line) => /"level":"(WARN|ERROR)"|"a hint is tried again"|ERROR/.test(line),
    );
    const jobs = this.jobs.ended.filter(({ code }) => code !== 0).slice(-2);
    return [
      ...envers.map(
        ({ id, phase, reason, conditions }) => `${id}: ${phase}, ${reason} ${JSON.stringify(conditions)}`,
      ),
      ...complaints.slice(-15).map((line) => line.slice(0, 1500)),
      ...this.jobs.dispatched.map(
        ({ inputs, workflow }) => `dispatched ${inputs.enver} ${inputs.dispatch} ${workflow}`,
      ),
      ...jobs.map(({ inputs, log }) => `${inputs.enver} failed:\n${log.slice(-4000)}`),
    ].join('\n');
  }

  /** Lets one of the platform's functions run now, instead of when its time has come. */
  async invoke(name: string, payload: object): Promise<unknown> {
    const lambda = new LambdaClient(this.as('central'));
    const asked = new InvokeCommand({ FunctionName: `odmd-${name}`, Payload: JSON.stringify(payload) });
    const { FunctionError, Payload } = await lambda.send(asked);
    const text = Payload?.transformToString() ?? '';
    if (FunctionError !== undefined) throw new Error(`${name}: ${FunctionError} ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  }

  /** What the platform's functions have logged, the oldest first. */
  async log(...names: readonly string[]): Promise<string[]> {
    const logs = new CloudWatchLogsClient(this.as('central'));
    const events = await Promise.all(
      names.map(async (name) => {
        const read = await logs.send(new FilterLogEventsCommand({ logGroupName: `/odmd/${name}` }));
        return (read.events ?? []).map(({ timestamp = 0, message = '' }) => ({
          timestamp,
          text: `${name}: ${message}`,
        }));
      }),
    );
    return events
      .flat()
      .sort((a, b) => a.timestamp - b.timestamp)
      .map(({ text }) => text);
  }

  /** Where GitHub sends its webhooks. */
  async webhookUrl(): Promise<string> {
    const lambda = new LambdaClient(this.as('central'));
    const { FunctionUrl = '' } = await lambda.send(
      new GetFunctionUrlConfigCommand({ FunctionName: 'odmd-ingress' }),
    );
    // The host of a function's URL is nowhere but on AWS.
    return `${this.aws.url}/_aws/lambda-url/${new URL(FunctionUrl).hostname.split('.')[0]}/`;
  }

  /** The contracts with which the platform was installed. */
  get manifestFile(): string {
    return join(this.folder, 'synth', 'manifest.json');
  }

  /** The stock CDK CLI, as the administrator of an account. */
  cdk(name: string, ...args: string[]) {
    const { region } = this.central;
    return cdk({ url: this.aws.url, as: this.administrator(name), home: this.folder, region }, ...args);
  }
}
