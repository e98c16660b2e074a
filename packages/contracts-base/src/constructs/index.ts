export { Build, type BuildProps } from './build.js';
export { CdkEnver, type CdkEnverProps } from './cdk-enver.js';
export type { CloneSettings, ClonesOfEnver } from './clone-settings.js';
export { Consumer, type ConsumerProps } from './consumer.js';
export {
  ContainerImage,
  ContainerImageEnver,
  type ContainerImageEnverProps,
  type ImageProps,
  imageDigestSchema,
  repositoryUriSchema,
} from './container-image-enver.js';
export { type AccountProps, Contracts, type ContractsProps, type RepoProps } from './contracts.js';
export {
  CONTRACTS_LIB_LATEST,
  ContractsLibEnver,
  type ContractsLibEnverProps,
  type ContractsLibLatest,
  contractsLibLatestSchema,
} from './contracts-lib-enver.js';
export { Enver, type EnverKind, type EnverProps, type Place } from './enver.js';
export { DEFAULT_EXEC_SERVICES, type ExecProps, type IamStatementProps } from './exec.js';
export {
  type NpmPackage,
  NpmPackageEnver,
  type NpmPackageEnverProps,
  npmPackageSchema,
} from './npm-package-enver.js';
export type { Ownership } from './ownership.js';
export {
  type ChildProps,
  type Children,
  Producer,
  type ProducerProps,
  type ProductKind,
} from './producer.js';
export { ProducerGroup } from './producer-group.js';
export { Reaction } from './reaction.js';
export { Revision } from './revision.js';
export { ScriptEnver, type ScriptEnverProps } from './script-enver.js';
export {
  ArtifactProducer,
  type ArtifactProducerProps,
  artifactSchema,
  SecretProducer,
  type SecretProducerProps,
  secretArnSchema,
} from './special-producers.js';
export {
  UserAuthEnver,
  type UserAuthEnverProps,
  userPoolClientIdSchema,
  userPoolIdSchema,
} from './user-auth-enver.js';
