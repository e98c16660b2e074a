import { z } from 'zod';
import { LIFETIME } from '../constructs/clone-settings.js';
import { ID_PATTERN } from '../naming/index.js';

/** Bumped whenever a reader of the older version would misunderstand a manifest. */
export const MANIFEST_SCHEMA_VERSION = 1;

/** A JSON Schema (draft 2020-12), as plain data. */
const jsonSchemaSchema = z.record(z.string(), z.json());
export type JsonSchema = z.infer<typeof jsonSchemaSchema>;

const repoSchema = z.strictObject({ owner: z.string(), name: z.string() });
const declaredRepoSchema = repoSchema.extend({
  /** Id of the GitHub App's installation that serves the repository. */
  installationId: z.int().positive().optional(),
});
const accountSchema = z.strictObject({
  id: z.string(),
  central: z.literal(true).optional(),
  production: z.literal(true).optional(),
});
const revisionSchema = z.strictObject({ kind: z.enum(['branch', 'tag']), ref: z.string() });

/** An account by the name that the contracts give it, and its id. */
const accountPlaceSchema = z.strictObject({ name: z.string(), id: z.string() });

/** A role by its name, in an account by the name that the contracts give it. */
const accountRoleSchema = z.strictObject({ account: z.string(), role: z.string() });

const productKindSchema = z.enum(['value', 'secret', 'artifact']);

const productEntrySchema = z.strictObject({
  /** Name below the enver, e.g. `bus/source`. */
  name: z.string(),
  /** Config-store path. */
  path: z.string(),
  /** A plain value, the ARN of a secret, or the place of an S3 object. */
  kind: productKindSchema,
  /** The type of the value. */
  schema: jsonSchemaSchema,
  /** Of a secret alone: further accounts that may read it, by its resource policy and its key. */
  readableFrom: z.array(accountPlaceSchema).min(1).optional(),
  /** Values may be shown in logs and comments. */
  public: z.literal(true).optional(),
  /** For offline synthesis and tests; never deployed. */
  example: z.json().optional(),
});

export const consumptionEntrySchema = z.strictObject({
  /** The name by which the consuming enver knows the value. */
  id: z.string(),
  /** Id of the producing enver. */
  from: z.string(),
  /** Config-store path of the product. */
  path: z.string(),
  /** As the product's. */
  kind: productKindSchema,
  schema: jsonSchemaSchema,
  onChange: z.enum(['deploy', 'ignore', 'alarm', 'approve']),
  /** Who may approve; present exactly when `onChange` is `approve`. */
  approvers: z.array(accountRoleSchema).min(1).optional(),
  /** A deployable value until the first real one exists. */
  placeholder: z.json().optional(),
});

/** One more thing that an enver's deployment may do; `{enver}` in a resource stands for its default stack name. */
export const iamStatementSchema = z.strictObject({
  effect: z.enum(['Allow', 'Deny']),
  actions: z.array(z.string()).min(1),
  resources: z.array(z.string()).min(1),
  /** As in an IAM policy: operator → key → values. */
  conditions: z.record(z.string(), z.record(z.string(), z.json())).optional(),
  /** The resources are used by other envers too, clones of this one among them. */
  shared: z.literal(true).optional(),
});

const cloneSettingsSchema = z.strictObject({
  /** How many may live at once. */
  max: z.int().min(0),
  /** Branches that get a clone by themselves: names in which `*` stands for anything. */
  auto: z.array(z.string()),
  /** Time without a push after which a clone goes, e.g. `72h`. */
  expires: z.string().regex(LIFETIME).optional(),
});

/** Everything that the platform and a CI job need to know of one enver; it can be read alone. */
export const enverEntrySchema = z.strictObject({
  id: z.string(),
  build: z.string().regex(ID_PATTERN),
  kind: z.enum(['cdk', 'containerImage', 'npmPackage', 'script', 'contractsLib']),
  repo: repoSchema,
  /** Folder of the repository, `.` for all of it. */
  workDir: z.string(),
  /** Further paths whose change counts as a change of the source. */
  extraPaths: z.array(z.string()),
  revision: revisionSchema,
  /** Present on clones only: the id of the enver it copies. */
  cloneOf: z.string().optional(),
  account: accountPlaceSchema,
  region: z.string(),
  timeoutMinutes: z.number().positive(),
  /** Shell command lines, by step. */
  commands: z.strictObject({
    test: z.array(z.string()),
    deploy: z.array(z.string()),
    destroy: z.array(z.string()),
  }),
  /** CloudFormation stacks of a `cdk` enver, in the order of deployment. */
  stacks: z.array(z.string()),
  /** Images of a `containerImage` enver: ECR repository, and paths below `workDir`. */
  images: z.array(z.strictObject({ repository: z.string(), context: z.string(), dockerfile: z.string() })),
  /** Present exactly on `npmPackage` envers. */
  package: z.strictObject({ name: z.string() }).optional(),
  /** The team that answers for the enver. */
  owner: z.string().optional(),
  costCentre: z.string().optional(),
  tags: z.record(z.string(), z.string()),
  /** What it made goes for good when it is deleted; always so for clones. */
  ephemeral: z.boolean(),
  /** What CloudFormation may do for it: services by their prefix in IAM actions, and further statements. */
  exec: z.strictObject({ services: z.array(z.string()), statements: z.array(iamStatementSchema) }),
  /** Roles of applications that may assume the runtime role, and so read its products while they run. */
  runtimeGrants: z.array(accountRoleSchema),
  products: z.array(productEntrySchema),
  consumes: z.array(consumptionEntrySchema),
  clones: z.union([z.literal('off'), cloneSettingsSchema]),
});

/** The contracts of an org as plain data: the only thing of a contractsLib that the platform reads. */
export const manifestSchema = z.strictObject({
  schemaVersion: z.literal(MANIFEST_SCHEMA_VERSION),
  org: z.string().regex(ID_PATTERN),
  accounts: z.record(z.string(), accountSchema),
  repos: z.record(z.string(), declaredRepoSchema),
  /** The regions where envers may live, the platform's home first; absent when any will do. */
  regions: z.array(z.string()).min(1).optional(),
  /** By enver id. */
  envers: z.record(z.string(), enverEntrySchema),
});

export type Manifest = z.infer<typeof manifestSchema>;
export type EnverEntry = z.infer<typeof enverEntrySchema>;
export type ProductEntry = z.infer<typeof productEntrySchema>;
export type ConsumptionEntry = z.infer<typeof consumptionEntrySchema>;
export type IamStatement = z.infer<typeof iamStatementSchema>;
export type AccountRole = z.infer<typeof accountRoleSchema>;
/** Owner and name of a repository. */
export type ManifestRepo = z.infer<typeof repoSchema>;

/** The manifest as JSON Schema (draft 2020-12), for readers and writers in other languages. */
export function manifestJsonSchema(): JsonSchema {
  const schema = z.toJSONSchema(manifestSchema, { target: 'draft-2020-12', io: 'output' });
  return JSON.parse(JSON.stringify(schema)) as JsonSchema;
}
