export {
  CloudFormationProvisioner,
  type CloudFormationProvisionerOptions,
  type ProvisionedStack,
} from './cloudformation-provisioner.js';
export { DUE_INDEX, DynamoRecordStore } from './dynamo-record-store.js';
export { EventBridgeBus } from './event-bridge-bus.js';
export { LambdaProvisioner, type ProvisionAnswer, type ProvisionRequest } from './lambda-provisioner.js';
export { S3ManifestStore } from './s3-manifest-store.js';
export { SqsWorkQueue } from './sqs-work-queue.js';
export { SsmConfigStore } from './ssm-config-store.js';
