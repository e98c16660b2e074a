import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { SSMClient } from '@aws-sdk/client-ssm';
import { functionName } from '@ondemandenv/central-stacks/names';
import { type EnverEntry, repoName } from '@ondemandenv/contracts-base';
import {
  type ConfigStore,
  type ControlPlane,
  createControlPlane,
  type RecordStore,
  type WorkQueue,
} from '@ondemandenv/control-plane';
import {
  DynamoRecordStore,
  EventBridgeBus,
  LambdaProvisioner,
  S3ManifestStore,
  SnsAlarms,
  SqsWorkQueue,
  SsmConfigStore,
} from '@ondemandenv/control-plane/aws';
import {
  ConfigRepoIdentities,
  ContractCheck,
  GitHubApp,
  GitHubNotifier,
  GitHubRepos,
  GitHubSourceHost,
  type UnprotectedRef,
  unprotected,
  WebhookDeliveries,
} from '@ondemandenv/control-plane/github';
import { filesOf, LATER_STEP, targetOf } from '@ondemandenv/workflow-gen';
import type { AppSecret } from './clients.js';
import type { Environment } from './environment.js';
import { errorFields, log, originNow } from './log.js';
import { provisionFacts } from './provision-facts.js';

export interface CloudPlatform {
  readonly plane: ControlPlane;
  readonly queue: WorkQueue;
  readonly config: ConfigStore;
  readonly records: RecordStore;
  /** Shows on pull requests of the contracts what they would change. */
  readonly contractCheck: ContractCheck;
  readonly deliveries: WebhookDeliveries;
  /** Asks GitHub which of these refs people can change without anybody's consent. */
  readonly unprotected: (refs: Parameters<typeof unprotected>[1]) => Promise<UnprotectedRef[]>;
}

/** The control plane on AWS and GitHub. */
export function createCloudPlatform(environment: Environment, secret: AppSecret): CloudPlatform {
  const region = environment.ODMD_CENTRAL_REGION;
  const config = new SsmConfigStore(new SSMClient({ region }));
  const records = new DynamoRecordStore(new DynamoDBClient({ region }), environment.ODMD_TABLE);
  const queue = new SqsWorkQueue(new SQSClient({ region }), environment.ODMD_QUEUE, originNow);
  const app = new GitHubApp({
    appId: secret.appId,
    privateKey: secret.privateKey,
    baseUrl: environment.ODMD_GITHUB_URL,
  });
  const repos = new GitHubRepos({
    app,
    installations: secret.installations,
    identities: new ConfigRepoIdentities(config),
  });
  const entryOf = (id: string): Promise<EnverEntry | undefined> => plane.entry(id);
  const home = { centralAccount: environment.ODMD_CENTRAL_ACCOUNT, homeRegion: region };
  const onUnsaid = (text: string, why: unknown) =>
    log('WARN', 'an answer was not said', { text, ...errorFields(why) });
  const plane = createControlPlane(
    {
      clock: { now: Date.now },
      config,
      records,
      queue,
      events: new EventBridgeBus(new EventBridgeClient({ region }), environment.ODMD_BUS),
      manifests: new S3ManifestStore(
        new S3Client({ region, forcePathStyle: true }),
        environment.ODMD_MANIFESTS,
      ),
      source: new GitHubSourceHost({
        repos,
        entryOf,
        filesOf: (entry) => filesOf(targetOf(entry, home)),
        laterStep: LATER_STEP,
      }),
      notifier: new SnsAlarms({
        sns: new SNSClient({ region }),
        topicArn: environment.ODMD_ALARMS,
        notifier: new GitHubNotifier({ app, repos, entryOf, onUnsaid }),
        onUnsaid,
      }),
      stacks: new LambdaProvisioner(
        new LambdaClient({ region }),
        functionName('provisioner'),
        provisionFacts({ repoOf: (name) => repos.require(name), home, manifest: () => plane.manifest() }),
        originNow,
      ),
    },
    environment.ODMD_INSTALLATION,
  );
  const contractCheck = new ContractCheck({
    app,
    repos,
    repo: repoName(environment.ODMD_INSTALLATION.repo),
    inForce: () => plane.manifest(),
  });
  return {
    plane,
    queue,
    config,
    records,
    contractCheck,
    deliveries: new WebhookDeliveries(app),
    unprotected: (refs) => unprotected(repos, refs),
  };
}
