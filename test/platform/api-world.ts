import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CloudFormationClient,
  CreateStackCommand,
  DescribeStacksCommand,
} from '@aws-sdk/client-cloudformation';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import { SSMClient } from '@aws-sdk/client-ssm';
import { CENTRAL, CentralStack } from '@ondemandenv/central-stacks';
import {
  CONTRACTS_LIB_LATEST,
  type Contracts,
  canonicalJson,
  type Manifest,
  manifestBucket,
  manifestDigest,
  productPath,
  writeManifest,
} from '@ondemandenv/contracts-base';
import { type ControlPlane, createControlPlane, type EnverRecord } from '@ondemandenv/control-plane';
import {
  DynamoRecordStore,
  EventBridgeBus,
  S3ManifestStore,
  SqsWorkQueue,
  SsmConfigStore,
} from '@ondemandenv/control-plane/aws';
import { GitHubNotifier, GitHubRepos, GitHubSourceHost } from '@ondemandenv/control-plane/github';
import { MemoryProvisioner } from '@ondemandenv/control-plane/memory';
import { LATER_STEP } from '@ondemandenv/workflow-gen';
import { App, Stack } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { vi } from 'vitest';
import { type Credentials, Emulator, REGION } from '../emulator/emulator.js';
import { installEmulator } from '../emulator/install.js';
import { root as repository } from '../emulator/place.js';
import { GitHubEmulator, INSTALLATION, ORG } from '../github/emulator.js';
import { identities, workflowsOf } from '../github/source-host.bench.js';

export const OWN = '111111111111';
export const WORKSPACE = '222222222222';
const ASSETS = 'assets-of-the-test';
const MAIN = { kind: 'branch', ref: 'main' } as const;
const INSTALLED = {
  build: 'contracts',
  repo: { owner: ORG, name: 'contracts' },
  revision: MAIN,
  account: { name: 'workspace1', id: WORKSPACE },
  region: REGION,
};
/** What would work by itself; the test lets the platform work when it wants it to. */
const BY_ITSELF = ['AWS::Lambda::EventSourceMapping', 'AWS::Events::Rule'];

export interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/**
 * The API of the platform on AWS: the function with its role, its address and all that it uses, as the central stack
 * has them, and a GitHub. What reconciles, the test does itself.
 */
export class ApiWorld {
  private constructor(
    readonly aws: Emulator,
    readonly github: GitHubEmulator,
    readonly url: string,
    readonly plane: ControlPlane,
    private readonly records: DynamoRecordStore,
    private readonly config: SsmConfigStore,
    private readonly manifests: S3ManifestStore,
  ) {}

  static async start(): Promise<ApiWorld> {
    const [aws, github] = await Promise.all([Emulator.start(), GitHubEmulator.start()]);
    const address = await deploy(aws, github);
    const url = `${aws.url}/_aws/lambda-url/${new URL(address).hostname.split('.')[0]}`;
    const settings = aws.clientFor(OWN);
    const records = new DynamoRecordStore(new DynamoDBClient(settings), CENTRAL.table);
    const config = new SsmConfigStore(new SSMClient(settings));
    const bucket = manifestBucket(OWN, REGION);
    const manifests = new S3ManifestStore(new S3Client({ ...settings, forcePathStyle: true }), bucket);
    const app = github.app();
    const repos = new GitHubRepos({
      app,
      installations: { [ORG]: INSTALLATION },
      identities: identities(),
    });
    const entryOf = (id: string) => plane.entry(id);
    const plane: ControlPlane = createControlPlane(
      {
        clock: { now: Date.now },
        config,
        records,
        manifests,
        queue: new SqsWorkQueue(new SQSClient(settings), `${aws.url}/${OWN}/${CENTRAL.queue}`),
        events: new EventBridgeBus(new EventBridgeClient(settings), 'odmd'),
        source: new GitHubSourceHost({ repos, entryOf, filesOf: workflowsOf, laterStep: LATER_STEP }),
        notifier: new GitHubNotifier({ app, repos, entryOf }),
        stacks: new MemoryProvisioner(),
      },
      INSTALLED,
    );
    return new ApiWorld(aws, github, url, plane, records, config, manifests);
  }

  async stop(): Promise<void> {
    await this.github.close();
    await this.aws.stop();
  }

  /** Plays the job of the contracts, and lets the platform apply them. */
  async publish(contracts: Contracts, sha: string): Promise<void> {
    await this.announce(contracts, sha);
    await this.upload(contracts, sha);
    await this.plane.handle({ kind: 'ref', repo: `${ORG}/contracts`, ref: 'refs/heads/main' });
    await this.plane.handle({ kind: 'sync' });
  }

  async announce(contracts: Contracts, sha: string): Promise<void> {
    const latest = { sha, digest: manifestDigest(manifestOf(contracts)), version: '1.0.0', serial: 1 };
    await this.publishProduct(productPath('contracts/b..main', CONTRACTS_LIB_LATEST), latest);
  }

  async upload(contracts: Contracts, sha: string): Promise<void> {
    await this.manifests.put(sha, writeManifest(manifestOf(contracts)));
  }

  async record(id: string): Promise<EnverRecord | undefined> {
    return this.records.get('enver', id);
  }

  /** Plays what would take a rollout to come about: what was asked for is over, and the record of an enver is this. */
  async become(id: string, changes: Partial<EnverRecord>): Promise<void> {
    const stored = await this.record(id);
    if (!stored) throw new Error(`there is no record of ${id}`);
    const { nextAt: _, forced: __, ...record } = stored;
    const put = { ...record, ...changes, version: record.version + 1 };
    await this.records.transact([{ put, expect: record.version }]);
  }

  async publishProduct(path: string, value: unknown): Promise<void> {
    await this.config.put(path, canonicalJson(value));
  }

  /** Runs the built `odmd` against the platform as these credentials. */
  odmd(as: Credentials | undefined, ...args: string[]): Promise<Ended> {
    const main = join(repository, 'packages/cli/dist/main.js');
    const env = {
      PATH: process.env.PATH,
      ODMD_PLATFORM: this.url,
      AWS_REGION: REGION,
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_CONFIG_FILE: '/nonexistent',
      AWS_SHARED_CREDENTIALS_FILE: '/nonexistent',
      ...(as && {
        AWS_ACCESS_KEY_ID: as.accessKeyId,
        AWS_SECRET_ACCESS_KEY: as.secretAccessKey,
        AWS_SESSION_TOKEN: as.sessionToken,
      }),
    };
    return new Promise((resolve) => {
      execFile(process.execPath, [main, ...args], { env }, (error, out, err) => {
        resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, err });
      });
    });
  }
}

function manifestOf(contracts: Contracts): Manifest {
  const result = contracts.synth();
  if (result.ok) return result.manifest;
  throw new Error(JSON.stringify(result.errors));
}

/** @returns the address of the function as the stack gives it out */
async function deploy(aws: Emulator, github: GitHubEmulator): Promise<string> {
  const settings = aws.clientFor(OWN);
  const s3 = new S3Client({ ...settings, forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket: ASSETS }));
  await s3.send(new PutObjectCommand({ Bucket: ASSETS, Key: 'api.zip', Body: bundledApi() }));
  const client = new CloudFormationClient(settings);
  const stack = { StackName: CENTRAL.stack, Capabilities: ['CAPABILITY_NAMED_IAM' as const] };
  await client.send(new CreateStackCommand({ ...stack, TemplateBody: template(github.url) }));
  const made = await vi.waitUntil(
    async () => {
      const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: CENTRAL.stack }));
      if (/FAILED|ROLLBACK/.test(Stacks?.[0]?.StackStatus ?? '')) throw new Error(aws.log().slice(-5_000));
      return Stacks?.[0]?.StackStatus === 'CREATE_COMPLETE' && Stacks[0];
    },
    { timeout: 30_000 },
  );
  const secrets = new SecretsManagerClient(settings);
  const SecretString = JSON.stringify(github.appSecret());
  await secrets.send(new PutSecretValueCommand({ SecretId: CENTRAL.appSecret, SecretString }));
  return made.Outputs?.find(({ OutputKey }) => OutputKey === 'ApiUrl')?.OutputValue ?? '';
}

function template(githubUrl: string): string {
  const app = new App();
  const assets = Bucket.fromBucketName(new Stack(app, 'Assets'), 'Assets', ASSETS);
  const stack = new CentralStack(app, 'Central', {
    central: { account: OWN, region: REGION },
    accounts: { central: OWN, workspace1: WORKSPACE },
    installation: JSON.stringify(INSTALLED),
    githubUrl,
    code: (name) => (name === 'api' ? Code.fromBucket(assets, 'api.zip') : Code.fromInline('//')),
  });
  const { Resources, Outputs }: MadeTemplate = app.synth().getStackArtifact(stack.artifactId).template;
  for (const [id, { Type, Properties }] of Object.entries(Resources))
    if (BY_ITSELF.includes(Type) || Properties?.SourceArn !== undefined) delete Resources[id];
  return JSON.stringify({ Resources, Outputs });
}

interface MadeTemplate {
  readonly Resources: Record<string, { Type: string; Properties?: { SourceArn?: unknown } }>;
  readonly Outputs: object;
}

function bundledApi(): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'odmd-api-'));
  try {
    const script = join(repository, 'scripts/bundle-lambdas.mjs');
    execFileSync(process.execPath, [script, join(folder, 'functions')]);
    const zip = join(folder, 'api.zip');
    const module = join(folder, 'functions/api/index.mjs');
    execFileSync(installEmulator(), ['-m', 'zipfile', '-c', zip, module]);
    return readFileSync(zip);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
