import { CloudFormationClient, paginateListStacks } from '@aws-sdk/client-cloudformation';
import { CloudWatchClient, DescribeAlarmsCommand, ListDashboardsCommand } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient, DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { ECRClient, paginateDescribeRepositories } from '@aws-sdk/client-ecr';
import { EventBridgeClient, ListEventBusesCommand, ListRulesCommand } from '@aws-sdk/client-eventbridge';
import {
  IAMClient,
  ListOpenIDConnectProvidersCommand,
  paginateListPolicies,
  paginateListRoles,
} from '@aws-sdk/client-iam';
import { LambdaClient, ListEventSourceMappingsCommand, paginateListFunctions } from '@aws-sdk/client-lambda';
import { ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import { paginateListSecrets, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { ListSubscriptionsCommand, ListTopicsCommand, SNSClient } from '@aws-sdk/client-sns';
import { paginateListQueues, SQSClient } from '@aws-sdk/client-sqs';
import { paginateDescribeParameters, SSMClient } from '@aws-sdk/client-ssm';
import type { ClientSettings } from '../emulator/emulator.js';

type Names = readonly (string | undefined)[];

/** All of a list that comes in pages. */
async function all<Page>(pages: AsyncIterable<Page>, names: (page: Page) => Names | undefined) {
  const found: (string | undefined)[] = [];
  for await (const page of pages) found.push(...(names(page) ?? []));
  return found;
}

/** How to list what an account has, by what it is called. */
const KINDS: Readonly<Record<string, (settings: ClientSettings) => Promise<Names>>> = {
  role: (settings) =>
    all(paginateListRoles({ client: new IAMClient(settings) }, {}), ({ Roles }) =>
      Roles?.map(({ RoleName }) => RoleName),
    ),
  policy: (settings) =>
    all(paginateListPolicies({ client: new IAMClient(settings) }, { Scope: 'Local' }), ({ Policies }) =>
      Policies?.map(({ PolicyName }) => PolicyName),
    ),
  provider: async (settings) => {
    const answer = await new IAMClient(settings).send(new ListOpenIDConnectProvidersCommand({}));
    return (answer.OpenIDConnectProviderList ?? []).map(({ Arn }) => Arn);
  },
  stack: (settings) =>
    all(paginateListStacks({ client: new CloudFormationClient(settings) }, {}), ({ StackSummaries }) =>
      StackSummaries?.filter(({ StackStatus }) => StackStatus !== 'DELETE_COMPLETE').map(
        ({ StackName }) => StackName,
      ),
    ),
  parameter: (settings) =>
    all(paginateDescribeParameters({ client: new SSMClient(settings) }, {}), ({ Parameters }) =>
      Parameters?.map(({ Name }) => Name),
    ),
  bucket: async (settings) => {
    const client = new S3Client({ ...settings, forcePathStyle: true });
    return ((await client.send(new ListBucketsCommand({}))).Buckets ?? []).map(({ Name }) => Name);
  },
  table: async (settings) =>
    (await new DynamoDBClient(settings).send(new ListTablesCommand({}))).TableNames ?? [],
  secret: (settings) =>
    all(paginateListSecrets({ client: new SecretsManagerClient(settings) }, {}), ({ SecretList }) =>
      SecretList?.map(({ Name }) => Name),
    ),
  repository: (settings) =>
    all(paginateDescribeRepositories({ client: new ECRClient(settings) }, {}), ({ repositories }) =>
      repositories?.map(({ repositoryName }) => repositoryName),
    ),
  function: (settings) =>
    all(paginateListFunctions({ client: new LambdaClient(settings) }, {}), ({ Functions }) =>
      Functions?.map(({ FunctionName }) => FunctionName),
    ),
  'event source': async (settings) => {
    const answer = await new LambdaClient(settings).send(new ListEventSourceMappingsCommand({}));
    return (answer.EventSourceMappings ?? []).map(({ EventSourceArn }) => EventSourceArn);
  },
  log: async (settings) => {
    const answer = await new CloudWatchLogsClient(settings).send(new DescribeLogGroupsCommand({}));
    return (answer.logGroups ?? []).map(({ logGroupName }) => logGroupName);
  },
  alarm: async (settings) => {
    const answer = await new CloudWatchClient(settings).send(new DescribeAlarmsCommand({}));
    return (answer.MetricAlarms ?? []).map(({ AlarmName }) => AlarmName);
  },
  dashboard: async (settings) => {
    const answer = await new CloudWatchClient(settings).send(new ListDashboardsCommand({}));
    return (answer.DashboardEntries ?? []).map(({ DashboardName }) => DashboardName);
  },
  queue: (settings) =>
    all(paginateListQueues({ client: new SQSClient(settings) }, {}), ({ QueueUrls }) =>
      QueueUrls?.map((url) => url.slice(url.lastIndexOf('/') + 1)),
    ),
  topic: async (settings) =>
    ((await new SNSClient(settings).send(new ListTopicsCommand({}))).Topics ?? []).map(
      ({ TopicArn }) => TopicArn,
    ),
  subscription: async (settings) => {
    const answer = await new SNSClient(settings).send(new ListSubscriptionsCommand({}));
    return (answer.Subscriptions ?? []).map(({ SubscriptionArn }) => SubscriptionArn);
  },
  rule: async (settings) => {
    const client = new EventBridgeClient(settings);
    const { EventBuses = [] } = await client.send(new ListEventBusesCommand({}));
    const lists = EventBuses.map(async ({ Name: EventBusName }) => {
      const { Rules = [] } = await client.send(new ListRulesCommand({ EventBusName }));
      return [`of the bus ${EventBusName}`, ...Rules.map(({ Name }) => `${EventBusName}/${Name}`)];
    });
    return (await Promise.all(lists)).flat();
  },
};

/**
 * Everything that an account has of the services that the platform and its envers use, or of some kinds of it, as
 * `kind name`, in order.
 */
export async function everything(
  settings: ClientSettings,
  kinds: readonly string[] = Object.keys(KINDS),
): Promise<string[]> {
  const lists = kinds.map(async (kind) =>
    ((await KINDS[kind]?.(settings)) ?? []).map((name) => `${kind} ${name}`),
  );
  return (await Promise.all(lists)).flat().sort();
}
