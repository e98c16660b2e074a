import { CdkEnver } from '../constructs/cdk-enver.js';
import type { Consumer } from '../constructs/consumer.js';
import { ContainerImageEnver } from '../constructs/container-image-enver.js';
import type { Enver } from '../constructs/enver.js';
import type { IamStatementProps } from '../constructs/exec.js';
import { NpmPackageEnver } from '../constructs/npm-package-enver.js';
import type { Producer } from '../constructs/producer.js';
import type { AccountRole } from '../constructs/reaction.js';
import { ScriptEnver } from '../constructs/script-enver.js';
import { toJsonSchema } from './json-schema.js';
import type { ConsumptionEntry, EnverEntry, IamStatement, JsonSchema, ProductEntry } from './schema.js';

/** An enver's declaration as its entry. Every rule has to have been checked. */
export function entryOf(enver: Enver): EnverEntry {
  const { build, clones } = enver;
  const { contracts } = build;
  const repo = known(contracts.repos, build.repo);
  const { owner, costCentre, tags = {} } = enver.ownership;
  return {
    id: enver.id,
    build: build.id,
    kind: enver.kind,
    repo: { owner: repo.owner, name: repo.name },
    workDir: build.workDir,
    extraPaths: sortedSet(build.extraPaths),
    revision: { kind: enver.revision.kind, ref: enver.revision.ref },
    account: { name: enver.account, id: known(contracts.accounts, enver.account).id },
    region: enver.region,
    timeoutMinutes: enver.timeoutMinutes,
    commands: {
      test: [...enver.test],
      deploy: enver instanceof ScriptEnver ? [...enver.deploy] : [],
      destroy: enver instanceof ScriptEnver ? [...enver.destroy] : [],
    },
    stacks: enver instanceof CdkEnver ? enver.stackNames : [],
    images: enver instanceof ContainerImageEnver ? imagesOf(enver) : [],
    ...(enver instanceof NpmPackageEnver && { package: { name: enver.packageName } }),
    ...(owner !== undefined && { owner }),
    ...(costCentre !== undefined && { costCentre }),
    tags: { ...tags },
    ephemeral: enver.ephemeral,
    exec: {
      services: sortedSet(enver.exec.services),
      statements: enver.exec.statements.map(statementOf),
    },
    runtimeGrants: rolesOf(enver.runtimeGrants),
    products: enver.producers.map(productOf).sort(by('name')),
    consumes: enver.consumers.map(consumptionOf).sort(by('id')),
    clones: clones === 'off' ? 'off' : { ...clones, auto: sortedSet(clones.auto) },
  };
}

function imagesOf({ images }: ContainerImageEnver): EnverEntry['images'] {
  return Object.values(images)
    .map(({ repository, context, dockerfile }) => ({ repository, context, dockerfile }))
    .sort(by('repository'));
}

/** Actions and resources are sets, statements a list. */
function statementOf(given: IamStatementProps): IamStatement {
  return {
    effect: given.effect ?? 'Allow',
    actions: sortedSet(given.actions),
    resources: sortedSet(given.resources),
    ...(given.conditions && { conditions: plain(given.conditions) }),
    ...(given.shared && { shared: true as const }),
  };
}

function productOf(producer: Producer): ProductEntry {
  return {
    name: producer.name,
    path: producer.path,
    kind: producer.kind,
    schema: schemaOf(producer.schema),
    ...(producer.public && { public: true as const }),
    ...(producer.example !== undefined && { example: plain<Json>(producer.example) }),
  };
}

function consumptionOf({ id, producer, onChange, placeholder }: Consumer): ConsumptionEntry {
  return {
    id,
    from: producer.enver.id,
    path: producer.path,
    kind: producer.kind,
    schema: schemaOf(producer.schema),
    onChange: onChange.kind,
    ...(onChange.kind === 'approve' && { approvers: rolesOf(onChange.approvers) }),
    ...(placeholder !== undefined && { placeholder: plain<Json>(placeholder) }),
  };
}

function rolesOf(roles: readonly AccountRole[]): EnverEntry['runtimeGrants'] {
  const byName = new Map(roles.map(({ account, role }) => [`${account}/${role}`, { account, role }]));
  return [...byName].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, role]) => role);
}

type Json = NonNullable<ProductEntry['example']>;

/** A value of the contracts as it will be read back; rules have refused what JSON cannot carry. */
function plain<T>(value: unknown): T {
  return JSON.parse(JSON.stringify(value)) as T;
}

/** Rule ODMD114 has refused every type that this could not carry. */
function schemaOf(type: Parameters<typeof toJsonSchema>[0]): JsonSchema {
  const result = toJsonSchema(type);
  if ('problems' in result) throw new Error(`unreachable: ${result.problems.join('; ')}`);
  return result.schema;
}

function known<T>(map: Readonly<Record<string, T>>, name: string): T {
  const value = map[name];
  if (value === undefined) throw new Error(`unreachable: ${name} was checked by the rules`);
  return value;
}

function sortedSet(items: readonly string[]): string[] {
  return [...new Set(items)].sort();
}

function by<K extends string>(key: K) {
  return (a: Record<K, string>, b: Record<K, string>) => (a[key] < b[key] ? -1 : a[key] > b[key] ? 1 : 0);
}
