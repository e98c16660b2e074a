import { setTimeout as pause } from 'node:timers/promises';
import {
  CloudFormationClient,
  CreateStackCommand,
  DescribeStacksCommand,
} from '@aws-sdk/client-cloudformation';
import { CreateEventBusCommand, EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetParametersCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import {
  AccountStack,
  type CentralPlace,
  enverTemplates,
  RegionStack,
  type Template,
} from '@ondemandenv/central-stacks';
import {
  canonicalJson,
  dispatchStatePath,
  type EnverEntry,
  EVENT_BUS,
  entryObject,
  fullRef,
  inputVersion,
  manifestBucket,
  productPath,
  roleArn,
  roleNames,
  workflowFile,
} from '@ondemandenv/contracts-base';
import { App } from 'aws-cdk-lib';
import { type Credentials, Emulator, REGION } from '../emulator/emulator.js';
import { assume, assumeAsJob } from '../emulator/identities.js';
import type { JobClaims, TokenOptions } from '../emulator/token-issuer.js';

export const CENTRAL: CentralPlace = { account: '111111111111', region: REGION };
export const WORKSPACE = '222222222222';
const REPO = { id: 7, ownerId: 3 };
const SHA = 'a'.repeat(40);

// The CDK's own validation takes seconds for each app; the emulator finds out what is wrong with a template.
process.env.CDK_VALIDATION = 'false';

/** The platform's accounts on the emulator, made by the platform's own templates, for the jobs of some envers. */
export class World {
  readonly emulator: Emulator;

  private constructor(emulator: Emulator) {
    this.emulator = emulator;
  }

  static async start(): Promise<World> {
    const world = new World(await Emulator.start());
    await world.prepare();
    return world;
  }

  stop(): Promise<void> {
    return this.emulator.stop();
  }

  /** Makes the roles of envers and applies their contract entries, as the platform does. */
  async add(...entries: readonly EnverEntry[]): Promise<void> {
    for (const entry of entries) {
      const { own, central } = enverTemplates({ entry, central: CENTRAL, repo: REPO, accountIds: {} });
      await this.deploy(own);
      await this.deploy(central);
      await this.apply(entry);
    }
  }

  /** Applies a contract entry, without a change of roles. */
  async apply(entry: EnverEntry): Promise<void> {
    await this.put(
      manifestBucket(CENTRAL.account, CENTRAL.region),
      entryObject(entry.id),
      JSON.stringify(entry),
    );
  }

  /** Dispatches an enver with the newest versions of what it consumes. */
  async dispatch(entry: EnverEntry, id = 'd1', sha = SHA): Promise<void> {
    const inputs: Record<string, string> = {};
    for (const { path } of entry.consumes) {
      const stored = await this.stored(path);
      if (stored) inputs[path] = inputVersion(stored.version, stored.value);
    }
    const vector = { source: { sha, tree: 'tree' }, inputs };
    await this.store(dispatchStatePath(entry.id), canonicalJson({ id, vector }));
  }

  /** Stores a value as the platform's root. */
  async store(path: string, value: string): Promise<void> {
    const what = { Name: path, Value: value, Type: 'String', Overwrite: true } as const;
    await new SSMClient(this.emulator.clientFor(CENTRAL.account)).send(new PutParameterCommand(what));
  }

  /** The newest value of a path. */
  async stored(path: string): Promise<{ version: number; value: string } | undefined> {
    const ssm = new SSMClient(this.emulator.clientFor(CENTRAL.account));
    const { Parameters = [] } = await ssm.send(new GetParametersCommand({ Names: [path] }));
    const [found] = Parameters;
    return found && { version: found.Version ?? 0, value: found.Value ?? '' };
  }

  /** The newest version of a product of an enver, and its value; without a version when there is none. */
  async product({ id }: EnverEntry, name: string): Promise<{ version?: number; value: unknown }> {
    const found = await this.stored(productPath(id, name));
    return { ...(found && { version: found.version }), value: JSON.parse(found?.value ?? 'null') };
  }

  /** What GitHub says about the job that deploys an enver. */
  claims({ build, kind, region, account, repo, revision }: EnverEntry): JobClaims {
    return {
      repository: `${repo.owner}/${repo.name}`,
      repository_id: REPO.id,
      ref: fullRef(revision),
      workflow: workflowFile({ build, kind, region, account: account.name }),
    };
  }

  /** The build role of an enver, as its own job. */
  buildRole(entry: EnverEntry, options?: TokenOptions): Promise<Credentials> {
    const { path, build } = roleNames(entry.id);
    const token = this.emulator.issuer.jobToken(this.claims(entry), options);
    return assumeAsJob(this.emulator, roleArn(entry.account.id, path, build), token);
  }

  /** The role of an enver in the central account, as somebody. */
  centralRole(entry: EnverEntry, as: Credentials): Promise<Credentials> {
    const { path, central } = roleNames(entry.id);
    return assume(this.emulator, roleArn(CENTRAL.account, path, central), as);
  }

  private async prepare(): Promise<void> {
    const app = new App({ analyticsReporting: false });
    const provisioner = roleArn(CENTRAL.account, '/', 'odmd-provisioner-function');
    const stacks = [CENTRAL.account, WORKSPACE].map(
      (account) => new AccountStack(app, `Account${account}`, { account, central: CENTRAL, provisioner }),
    );
    const region = new RegionStack(app, 'Region', { account: WORKSPACE, region: REGION, central: CENTRAL });
    const assembly = app.synth();
    for (const { account, stackName, artifactId } of [...stacks, region]) {
      const body = JSON.stringify(assembly.getStackArtifact(artifactId).template);
      await this.deploy({ account, region: REGION, stackName, body });
    }
    const central = this.emulator.clientFor(CENTRAL.account);
    const Bucket = manifestBucket(CENTRAL.account, CENTRAL.region);
    await new S3Client(central).send(new CreateBucketCommand({ Bucket }));
    await new EventBridgeClient(central).send(new CreateEventBusCommand({ Name: EVENT_BUS }));
  }

  private async put(Bucket: string, Key: string, Body: string): Promise<void> {
    const s3 = new S3Client(this.emulator.clientFor(CENTRAL.account));
    await s3.send(new PutObjectCommand({ Bucket, Key, Body }));
  }

  private async deploy({ account, region, stackName, body }: Template): Promise<void> {
    const client = new CloudFormationClient(this.emulator.clientFor(account, region));
    const what = {
      StackName: stackName,
      TemplateBody: body,
      Capabilities: ['CAPABILITY_NAMED_IAM' as const],
    };
    await client.send(new CreateStackCommand(what));
    for (;;) {
      const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: stackName }));
      const status = Stacks[0]?.StackStatus ?? '';
      if (status === 'CREATE_COMPLETE') return;
      if (!status.endsWith('_IN_PROGRESS'))
        throw new Error(`${stackName} in ${account}: ${status}\n${this.emulator.log().slice(-4000)}`);
      await pause(10);
    }
  }
}
