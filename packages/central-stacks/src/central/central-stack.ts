import { EVENT_BUS, manifestBucket } from '@ondemandenv/contracts-base';
import { CfnOutput, Duration, RemovalPolicy, Stack, type StackProps, Tags, Validations } from 'aws-cdk-lib';
import { AttributeType, Billing, ProjectionType, TableEncryptionV2, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { CfnEventBusPolicy, EventBus, Match, Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { type Code, FunctionUrlAuthType } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { CentralPlace } from '../policy/enver.js';
import { addressForCallers } from './callers.js';
import { PlatformFunction } from './functions.js';
import { CENTRAL, type FunctionName } from './names.js';
import { operations } from './operations.js';
import { platformStatements } from './statements.js';

export interface CentralStackProps {
  readonly central: CentralPlace;
  /** The org's accounts (12 digits) by name: their CloudFormation events are taken. */
  readonly accounts: Readonly<Record<string, string>>;
  /** Which contracts the platform obeys: the installation as JSON. */
  readonly installation: string;
  /** The bundled code of each function. */
  readonly code: (name: FunctionName) => Code;
  /**
   * Where the API of GitHub is, for a GitHub of one's own.
   * @default 'https://api.github.com'
   */
  readonly githubUrl?: string;
  /**
   * Names of the accounts whose people may ask the platform, where IAM lets them.
   * @default all of them
   */
  readonly callers?: readonly string[];
}

/** How long one step of reconciling may take. */
const STEP = Duration.seconds(60);
/** Contract entries of envers that are gone, and those that were replaced, are kept so long. */
const OLD_VERSIONS_DAYS = 30;
/** A hint that failed so often is set aside, and somebody is told. */
const MAX_ATTEMPTS = 20;

/** The whole platform: what it remembers, what it is told, and the functions that act on it. */
export class CentralStack extends Stack {
  /** Where GitHub sends its webhooks. */
  readonly webhookUrl: string;
  /** Where `odmd` asks the platform. */
  readonly apiUrl: string;

  constructor(scope: Construct, id: string, props: CentralStackProps & StackProps) {
    const { central, accounts, installation, code, githubUrl = 'https://api.github.com' } = props;
    super(scope, id, {
      ...props,
      stackName: CENTRAL.stack,
      description: 'ONDEMANDENV: the central platform of the organisation',
      env: { account: central.account, region: central.region },
      terminationProtection: true,
    });
    Tags.of(this).add('odmd:platform', 'true');
    const may = platformStatements(central);

    const table = new TableV2(this, 'Records', {
      tableName: CENTRAL.table,
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
      billing: Billing.onDemand(),
      encryption: TableEncryptionV2.awsManagedKey(),
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      globalSecondaryIndexes: [
        {
          indexName: 'due',
          partitionKey: { name: 'due', type: AttributeType.STRING },
          sortKey: { name: 'nextAt', type: AttributeType.NUMBER },
          projectionType: ProjectionType.KEYS_ONLY,
        },
      ],
      removalPolicy: RemovalPolicy.RETAIN,
    });
    const manifests = new Bucket(this, 'Manifests', {
      bucketName: manifestBucket(central.account, central.region),
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      versioned: true,
      lifecycleRules: [
        {
          noncurrentVersionExpiration: Duration.days(OLD_VERSIONS_DAYS),
          abortIncompleteMultipartUploadAfter: Duration.days(1),
          expiredObjectDeleteMarker: true,
        },
      ],
      removalPolicy: RemovalPolicy.RETAIN,
    });
    Validations.of(manifests).acknowledge({
      id: 'AwsSolutions-S1',
      reason: 'nobody but the platform and the contracts’ own job can write into it, and versions are kept',
    });
    const deadLetters = new Queue(this, 'DeadLetters', {
      queueName: CENTRAL.deadLetters,
      fifo: true,
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    const queue = new Queue(this, 'Work', {
      queueName: CENTRAL.queue,
      fifo: true,
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      visibilityTimeout: STEP.plus(Duration.seconds(30)),
      retentionPeriod: Duration.days(4),
      deadLetterQueue: { queue: deadLetters, maxReceiveCount: MAX_ATTEMPTS },
    });
    const bus = new EventBus(this, 'Bus', { eventBusName: EVENT_BUS });
    for (const account of new Set(Object.values(accounts)))
      if (account !== central.account)
        new CfnEventBusPolicy(this, `EventsFrom${account}`, {
          eventBusName: bus.eventBusName,
          statementId: `account-${account}`,
          statement: {
            Effect: 'Allow',
            Principal: { AWS: `arn:aws:iam::${account}:root` },
            Action: 'events:PutEvents',
            Resource: bus.eventBusArn,
            Condition: { StringEquals: { 'events:source': 'aws.cloudformation' } },
          },
        });
    const appSecret = new Secret(this, 'GitHubApp', {
      secretName: CENTRAL.appSecret,
      description: 'The GitHub App: {"appId", "privateKey", "webhookSecrets": ["…"]}',
      removalPolicy: RemovalPolicy.RETAIN,
    });
    Validations.of(appSecret).acknowledge({
      id: 'AwsSolutions-SMG4',
      reason: 'GitHub alone makes keys of an App; a second webhook secret is taken while one is replaced',
    });
    const alarms = new Topic(this, 'Alarms', { topicName: CENTRAL.alarms, enforceSSL: true });

    const environment = {
      ODMD_TABLE: table.tableName,
      ODMD_QUEUE: queue.queueUrl,
      ODMD_BUS: bus.eventBusName,
      ODMD_MANIFESTS: manifests.bucketName,
      ODMD_APP_SECRET: CENTRAL.appSecret,
      ODMD_ALARMS: alarms.topicArn,
      ODMD_INSTALLATION: installation,
      ODMD_ACCOUNTS: JSON.stringify(accounts),
      ODMD_GITHUB_URL: githubUrl,
      ODMD_CENTRAL_ACCOUNT: central.account,
      ODMD_CENTRAL_REGION: central.region,
    };
    const make = (
      name: FunctionName,
      description: string,
      statements: Parameters<typeof platformFunction>[0]['statements'],
      more: { timeout?: Duration; memory?: number; roleName?: string; callsItself?: boolean } = {},
    ) =>
      platformFunction({
        scope: this,
        name,
        description,
        code: code(name),
        environment,
        statements,
        ...more,
      });

    const ingress = make('ingress', 'Takes webhooks of GitHub: checks the signature, enqueues, answers', [
      may.enqueue,
      may.readAppSecret,
    ]);
    const { url } = ingress.addFunctionUrl({ authType: FunctionUrlAuthType.NONE });
    this.webhookUrl = url;

    const intake = make(
      'intake',
      'Takes events of jobs and of CloudFormation: enqueues who may have to react',
      [may.enqueue, may.readRecords, may.readManifests, may.findManifests],
    );
    const ownStacks = `arn:aws:cloudformation:${central.region}:${central.account}:stack/odmd-enver-`;
    const fromJobs = { source: Match.prefix('odmd.enver/') };
    new Rule(this, 'FromJobs', {
      eventBus: bus,
      eventPattern: fromJobs,
      targets: [new LambdaFunction(intake)],
    });
    new Rule(this, 'FromStacks', {
      eventBus: bus,
      eventPattern: { source: ['aws.cloudformation'] },
      targets: [new LambdaFunction(intake)],
    });

    new Rule(this, 'FromOwnStacks', {
      description: 'What happens to the stacks that envers have in the central account',
      eventPattern: {
        source: ['aws.cloudformation'],
        detailType: ['CloudFormation Stack Status Change'],
        detail: { 'stack-id': Match.prefix(ownStacks) },
      },
      targets: [new LambdaFunction(intake)],
    });

    const provisioner = make(
      'provisioner',
      'Makes and removes what envers need in their accounts',
      [may.becomeProvisioner],
      { roleName: CENTRAL.provisionerRole, memory: 1_024 },
    );

    const acting = [
      may.enqueue,
      may.keepRecords,
      may.readManifests,
      may.findManifests,
      may.writeEntries,
      may.readValues,
      may.writeDispatches,
      may.knowRepositories,
      may.removeValues,
      may.announce,
      may.alarm,
      may.askProvisioner,
      may.readAppSecret,
    ];
    const reconciler = make(
      'reconciler',
      'Carries out hints: moves one enver, ref or the contracts on by a step',
      acting,
      // A hint leads to others: in a deep org to more than AWS takes for meant.
      { memory: 512, callsItself: true },
    );
    reconciler.addEventSource(new SqsEventSource(queue, { batchSize: 10, reportBatchItemFailures: true }));

    const schedule = make(
      'schedule',
      'Looks after what is due, and repairs what lost events left undone',
      [
        may.enqueue,
        may.readRecords,
        may.readManifests,
        may.findManifests,
        may.readValues,
        may.knowRepositories,
        may.readAppSecret,
      ],
      {
        timeout: Duration.minutes(10),
        memory: 512,
      },
    );
    for (const [name, minutes] of [
      ['tick', 1],
      ['sweep', 15],
    ] as const)
      new Rule(this, `Every${minutes}Minutes`, {
        description: `The platform's ${name}`,
        schedule: Schedule.rate(Duration.minutes(minutes)),
        targets: [new LambdaFunction(schedule, { event: RuleTargetInput.fromObject({ task: name }) })],
      });

    const api = make(
      'api',
      'Answers odmd: says how things are, and does what somebody asks for',
      [
        may.enqueue,
        may.countWork,
        may.keepRecords,
        may.readManifests,
        may.findManifests,
        may.readValues,
        may.knowRepositories,
        may.announce,
        may.readAppSecret,
      ],
      { memory: 512 },
    );
    this.apiUrl = addressForCallers(api, accounts, props.callers);
    new CfnOutput(this, 'WebhookUrl', { value: url, description: 'Where the GitHub App sends its webhooks' });
    new CfnOutput(this, 'ApiUrl', { value: this.apiUrl, description: 'Where odmd asks the platform' });

    operations(this, {
      alarms,
      queue,
      deadLetters,
      functions: { ingress, intake, provisioner, reconciler, schedule, api },
    });
  }
}

function platformFunction({
  scope,
  timeout = STEP,
  memory = 256,
  ...props
}: Omit<ConstructorParameters<typeof PlatformFunction>[1], 'timeout' | 'memory'> & {
  readonly scope: Construct;
  readonly timeout?: Duration;
  readonly memory?: number;
}): PlatformFunction {
  return new PlatformFunction(scope, { ...props, timeout, memory });
}
