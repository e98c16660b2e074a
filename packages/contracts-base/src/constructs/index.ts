export { Build, type BuildProps } from './build.js';
export { Consumer, type ConsumerProps } from './consumer.js';
export { type AccountProps, Contracts, type ContractsProps, type RepoProps } from './contracts.js';
export {
  CONTRACTS_LIB_LATEST,
  ContractsLibEnver,
  type ContractsLibEnverProps,
  type ContractsLibLatest,
  contractsLibLatestSchema,
} from './contracts-lib-enver.js';
export { type CloneSettings, Enver, type EnverKind, type EnverProps } from './enver.js';
export { Producer, type ProducerProps } from './producer.js';
export { Reaction } from './reaction.js';
export { Revision } from './revision.js';
export { ScriptEnver, type ScriptEnverProps } from './script-enver.js';
