import { rmSync } from 'node:fs';
import { addPlatform, type CentralPlace, EnverCentralStack, EnverStack } from '@ondemandenv/central-stacks';
import { clone, type EnverEntry, type Manifest, neighboursOf } from '@ondemandenv/contracts-base';
import { App } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';

/** The branch whose clones are looked at beside the envers of the contracts. */
export const BRANCH = 'feature/login';

/** An org with everything that the platform has for it in the accounts. */
export interface Org {
  readonly manifest: Manifest;
  readonly central: CentralPlace;
  /** The envers of the contracts, and their clones for one branch. */
  readonly entries: readonly EnverEntry[];
}

/** The envers of an org's contracts, with a clone of each that may be cloned, wired as one set. */
export function orgOf(manifest: Manifest): Org {
  const envers = Object.values(manifest.envers);
  const account = Object.values(manifest.accounts).find(({ central }) => central)?.id ?? '';
  const cloned = envers.filter(({ clones, revision }) => clones !== 'off' && revision.kind === 'branch');
  const revision = { kind: 'branch', ref: BRANCH } as const;
  const bases = new Map(cloned.map((entry) => [entry.revision.ref, entry.revision]));
  const clones = [...bases.values()].flatMap((base) =>
    clone(manifest, { builds: cloned.map(({ build }) => build), base, revision }),
  );
  return {
    manifest,
    central: { account, region: manifest.regions?.[0] ?? '' },
    entries: [...envers, ...clones],
  };
}

/**
 * A CDK app with every stack of the platform for an org, those of its envers among them.
 *
 * @param outdir where it writes
 */
export function appOf({ manifest, central, entries }: Org, outdir?: string): App {
  const app = new App({ analyticsReporting: false, ...(outdir !== undefined && { outdir }) });
  addPlatform(app, {
    manifest,
    contractsBuild: entries.find(({ kind }) => kind === 'contractsLib')?.build ?? '',
    code: (name) => Code.fromInline(`exports.handler = async () => '${name}'`),
  });
  const accountIds = Object.fromEntries(
    Object.entries(manifest.accounts).map(([name, { id }]) => [name, id]),
  );
  for (const [index, entry] of entries.entries()) {
    const repo = { id: 7, ownerId: 3 };
    new EnverStack(app, `Enver${index}`, {
      entry,
      central,
      repo,
      accountIds,
      ...neighboursOf(manifest, entry),
    });
    new EnverCentralStack(app, `EnverCentral${index}`, { entry, central });
  }
  return app;
}

/** A template with its references resolved, and where it is deployed. */
export interface Deployed {
  readonly account: string;
  readonly region: string;
  readonly resources: readonly {
    readonly type: string;
    readonly properties: Readonly<Record<string, unknown>>;
  }[];
}

interface Resource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}

/** What a CDK app would deploy. */
export function deployedBy(app: App): Deployed[] {
  const { stacks, directory } = app.synth();
  const deployed = stacks.map((stack) => {
    const { account, region } = stack.environment;
    const resources: Readonly<Record<string, Resource>> = stack.template.Resources ?? {};
    const resolve = resolver(resources, account, region);
    return {
      account,
      region,
      resources: Object.values(resources).map(({ Type, Properties = {} }) => ({
        type: Type,
        properties: resolve(Properties) as Readonly<Record<string, unknown>>,
      })),
    };
  });
  rmSync(directory, { recursive: true, force: true });
  return deployed;
}

/** The ARN of a resource by its type and name, as far as policies refer to it. */
const ARNS: Readonly<Record<string, [property: string, arn: (at: string, name: string) => string]>> = {
  'AWS::S3::Bucket': ['BucketName', (_, name) => `arn:aws:s3:::${name}`],
  'AWS::SQS::Queue': ['QueueName', (at, name) => `arn:aws:sqs:${at}:${name}`],
  'AWS::SNS::Topic': ['TopicName', (at, name) => `arn:aws:sns:${at}:${name}`],
  'AWS::Events::EventBus': ['Name', (at, name) => `arn:aws:events:${at}:event-bus/${name}`],
  'AWS::Logs::LogGroup': ['LogGroupName', (at, name) => `arn:aws:logs:${at}:log-group:${name}:*`],
  'AWS::Lambda::Function': ['FunctionName', (at, name) => `arn:aws:lambda:${at}:function:${name}`],
};

/** Puts in what CloudFormation would. What it does not know stays a text that no request has in it. */
function resolver(resources: Readonly<Record<string, Resource>>, account: string, region: string) {
  const pseudo: Readonly<Record<string, string>> = {
    'AWS::Partition': 'aws',
    'AWS::AccountId': account,
    'AWS::Region': region,
    'AWS::URLSuffix': 'amazonaws.com',
  };
  const name = (id: string): string => {
    const { Type = '', Properties = {} } = resources[id] ?? {};
    return String(Properties[ARNS[Type]?.[0] ?? 'RoleName'] ?? `(${id})`);
  };
  const arn = (id: string): string =>
    ARNS[resources[id]?.Type ?? '']?.[1](`${region}:${account}`, name(id)) ?? `(${id})`;
  const ref = (id: string): string =>
    pseudo[id] ?? (resources[id]?.Type === 'AWS::SNS::Topic' ? arn(id) : name(id));
  const resolve = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(resolve);
    if (typeof value !== 'object' || value === null) return value;
    const { Ref, 'Fn::GetAtt': att, 'Fn::Join': join } = value as Record<string, unknown>;
    if (typeof Ref === 'string') return ref(Ref);
    if (Array.isArray(att)) return att[1] === 'Arn' ? arn(String(att[0])) : `(${att.join('.')})`;
    if (Array.isArray(join)) return (resolve(join[1]) as unknown[]).join(String(join[0]));
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, resolve(inner)]));
  };
  return resolve;
}
