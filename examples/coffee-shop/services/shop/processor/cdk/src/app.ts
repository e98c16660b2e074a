import { contracts } from '@coffee-shop/contracts';
import { EnverApp, EnverStack } from '@ondemandenv/enver-runtime/cdk';
import { Arn, Validations } from 'aws-cdk-lib';
import { Table } from 'aws-cdk-lib/aws-dynamodb';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import {
  Cluster,
  ContainerImage,
  ContainerInsights,
  FargateService,
  FargateTaskDefinition,
  LogDrivers,
} from 'aws-cdk-lib/aws-ecs';
import { ApplicationLoadBalancer, ApplicationProtocol } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { Queue } from 'aws-cdk-lib/aws-sqs';

const { orderProcessor } = contracts;
const stack = new EnverStack(new EnverApp(orderProcessor));

// Orders wait in a queue until the container has counted them; those that it cannot count are kept.
const failed = new Queue(stack, 'Failed', { enforceSSL: true });
const orders = new Queue(stack, 'Orders', {
  enforceSSL: true,
  deadLetterQueue: { queue: failed, maxReceiveCount: 5 },
});
new Rule(stack, 'Placed', {
  eventBus: EventBus.fromEventBusName(stack, 'Bus', stack.input(orderProcessor.bus)),
  eventPattern: { source: [stack.input(orderProcessor.source)], detailType: ['OrderPlaced'] },
  targets: [new SqsQueue(orders)],
});

const subnets = stack.input(orderProcessor.subnets);
const vpc = Vpc.fromVpcAttributes(stack, 'Vpc', {
  vpcId: stack.input(orderProcessor.vpc),
  availabilityZones: subnets.map((_, index) => `${stack.region}${'ac'.charAt(index % 2)}`),
  privateSubnetIds: subnets,
});

// The digest names the very image: what was tested is what runs.
const [, name = ''] = /\/(.+)$/.exec(stack.input(orderProcessor.imageUri)) ?? [];
const repository = Repository.fromRepositoryAttributes(stack, 'Images', {
  repositoryName: name,
  repositoryArn: Arn.format({ service: 'ecr', resource: 'repository', resourceName: name }, stack),
});
const count = Table.fromTableName(stack, 'Count', stack.input(orderProcessor.countTable));
const task = new FargateTaskDefinition(stack, 'Task', { cpu: 256, memoryLimitMiB: 512 });
task.addContainer('processor', {
  image: ContainerImage.fromEcrRepository(repository, stack.input(orderProcessor.imageDigest)),
  environment: { COUNT: count.tableName, QUEUE: orders.queueUrl, PORT: '8080' },
  portMappings: [{ containerPort: 8080 }],
  logging: LogDrivers.awsLogs({ streamPrefix: 'processor' }),
});
orders.grantConsumeMessages(task.taskRole);
count.grantReadWriteData(task.taskRole);

const service = new FargateService(stack, 'Service', {
  cluster: new Cluster(stack, 'Cluster', { vpc, containerInsightsV2: ContainerInsights.ENABLED }),
  taskDefinition: task,
  vpcSubnets: { subnets: vpc.privateSubnets },
  minHealthyPercent: 100,
});
const balancer = new ApplicationLoadBalancer(stack, 'Balancer', {
  vpc,
  vpcSubnets: { subnets: vpc.privateSubnets },
  internetFacing: false,
});
const listener = balancer.addListener('Http', { port: 80, protocol: ApplicationProtocol.HTTP, open: false });
listener.addTargets('Processor', {
  port: 8080,
  protocol: ApplicationProtocol.HTTP,
  targets: [service],
  healthCheck: { path: '/health' },
});

stack.output(orderProcessor.health, { url: `http://${balancer.loadBalancerDnsName}/health` });

Validations.of(task).acknowledge(
  { id: 'AwsSolutions-ECS2', reason: 'names of a table and a queue are no secrets' },
  {
    id: 'AwsSolutions-IAM5[Resource::*]',
    reason: 'to sign in to the registry is an action without resources',
  },
);
Validations.of(balancer).acknowledge({
  id: 'AwsSolutions-ELB2',
  reason: 'it answers nobody but the health checks of this network',
});
