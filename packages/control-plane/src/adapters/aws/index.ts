export {
  CloudFormationProvisioner,
  type CloudFormationProvisionerOptions,
  type ProvisionedStack,
} from './cloudformation-provisioner.js';
export { DUE_INDEX, DynamoRecordStore } from './dynamo-record-store.js';
export { EventBridgeBus } from './event-bridge-bus.js';
export {
  LambdaProvisioner,
  type ProvisionAnswer,
  type ProvisionFacts,
  type ProvisionRequest,
} from './lambda-provisioner.js';
export { emptyFolder } from './object-folder.js';
export { S3ManifestStore } from './s3-manifest-store.js';
export { SnsAlarms, type SnsAlarmsOptions } from './sns-alarms.js';
export { ORIGIN, SqsWorkQueue } from './sqs-work-queue.js';
export { SsmConfigStore } from './ssm-config-store.js';
