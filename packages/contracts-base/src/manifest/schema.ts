import { z } from 'zod';
import { ID_PATTERN } from '../naming/index.js';

/** Bumped whenever a reader of the older version would misunderstand a manifest. */
export const MANIFEST_SCHEMA_VERSION = 1;

/** A JSON Schema (draft 2020-12), as plain data. */
export const jsonSchemaSchema = z.record(z.string(), z.json());
export type JsonSchema = z.infer<typeof jsonSchemaSchema>;

const repoSchema = z.strictObject({ owner: z.string(), name: z.string() });
const accountSchema = z.strictObject({ id: z.string(), central: z.literal(true).optional() });
const revisionSchema = z.strictObject({ kind: z.enum(['branch', 'tag']), ref: z.string() });

export const productEntrySchema = z.strictObject({
  /** Name below the enver, e.g. `bus/source`. */
  name: z.string(),
  /** Config-store path. */
  path: z.string(),
  /** The type of the value. */
  schema: jsonSchemaSchema,
});

export const consumptionEntrySchema = z.strictObject({
  /** The name by which the consuming enver knows the value. */
  id: z.string(),
  /** Id of the producing enver. */
  from: z.string(),
  /** Config-store path of the product. */
  path: z.string(),
  schema: jsonSchemaSchema,
  onChange: z.enum(['deploy', 'ignore']),
  /** A deployable value until the first real one exists. */
  placeholder: z.json().optional(),
});

/** Everything that the platform and a CI job need to know of one enver; it can be read alone. */
export const enverEntrySchema = z.strictObject({
  id: z.string(),
  build: z.string().regex(ID_PATTERN),
  kind: z.enum(['script', 'contractsLib']),
  repo: repoSchema,
  /** Folder of the repository, `.` for all of it. */
  workDir: z.string(),
  /** Further paths whose change counts as a change of the source. */
  extraPaths: z.array(z.string()),
  revision: revisionSchema,
  /** Present on clones only: the id of the enver it copies. */
  cloneOf: z.string().optional(),
  account: z.strictObject({ name: z.string(), id: z.string() }),
  region: z.string(),
  timeoutMinutes: z.number().positive(),
  /** Shell command lines, by step. */
  commands: z.strictObject({ deploy: z.array(z.string()), destroy: z.array(z.string()) }),
  products: z.array(productEntrySchema),
  consumes: z.array(consumptionEntrySchema),
  /** `off`, or how many clones may live at once. */
  clones: z.union([z.literal('off'), z.strictObject({ max: z.int().min(0) })]),
});

/** The contracts of an org as plain data: the only thing of a contractsLib that the platform reads. */
export const manifestSchema = z.strictObject({
  schemaVersion: z.literal(MANIFEST_SCHEMA_VERSION),
  org: z.string().regex(ID_PATTERN),
  accounts: z.record(z.string(), accountSchema),
  repos: z.record(z.string(), repoSchema),
  /** By enver id. */
  envers: z.record(z.string(), enverEntrySchema),
});

export type Manifest = z.infer<typeof manifestSchema>;
export type EnverEntry = z.infer<typeof enverEntrySchema>;
export type ProductEntry = z.infer<typeof productEntrySchema>;
export type ConsumptionEntry = z.infer<typeof consumptionEntrySchema>;
export type ManifestRepo = z.infer<typeof repoSchema>;
