export {
  entryDigest,
  manifestDigest,
  readEntry,
  readManifest,
  writeEntry,
  writeManifest,
} from './bytes.js';
export { type CloneRequest, clone } from './clone.js';
export { toJsonSchema } from './json-schema.js';
export { type Neighbours, neighboursOf } from './neighbours.js';
export {
  type AccountRole,
  type ConsumptionEntry,
  consumptionEntrySchema,
  type EnverEntry,
  enverEntrySchema,
  type IamStatement,
  iamStatementSchema,
  type JsonSchema,
  MANIFEST_SCHEMA_VERSION,
  type Manifest,
  type ManifestRepo,
  manifestJsonSchema,
  manifestSchema,
  type ProductEntry,
} from './schema.js';
export type { SynthResult } from './synthesize.js';
