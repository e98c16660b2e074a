import { CdkEnver } from '../constructs/cdk-enver.js';
import type { Consumer } from '../constructs/consumer.js';
import { ContainerImageEnver } from '../constructs/container-image-enver.js';
import type { Enver } from '../constructs/enver.js';
import type { IamStatementProps } from '../constructs/exec.js';
import { NpmPackageEnver } from '../constructs/npm-package-enver.js';
import type { Producer } from '../constructs/producer.js';
import type { AccountRole } from '../constructs/reaction.js';
import { ScriptEnver } from '../constructs/script-enver.js';
import { SecretProducer } from '../constructs/special-producers.js';
import { toJsonSchema } from './json-schema.js';
import type { ConsumptionEntry, EnverEntry, IamStatement, JsonSchema, ProductEntry } from './schema.js';

/**
 * An enver's declaration as its entry. Every rule has to have been checked.
 *
 * Here and below, names stand in the order in which they are written: an org has tens of thousands of these objects,
 * and bringing their names into order would take longer than all the rest of the writing.
 */
export function entryOf(enver: Enver): EnverEntry {
  const { build, clones } = enver;
  const { owner, costCentre, tags = {} } = enver.ownership;
  const repo = known(build.contracts.repos, build.repo);
  return {
    account: accountOf(enver, enver.account),
    build: build.id,
    clones: clones === 'off' ? 'off' : { ...clones, auto: sortedSet(clones.auto) },
    commands: {
      deploy: enver instanceof ScriptEnver ? [...enver.deploy] : [],
      destroy: enver instanceof ScriptEnver ? [...enver.destroy] : [],
      test: [...enver.test],
    },
    consumes: enver.consumers.map(consumptionOf).sort(by('id')),
    ...(costCentre !== undefined && { costCentre }),
    ephemeral: enver.ephemeral,
    exec: {
      services: sortedSet(enver.exec.services),
      statements: enver.exec.statements.map(statementOf),
    },
    extraPaths: sortedSet(build.extraPaths),
    id: enver.id,
    images: enver instanceof ContainerImageEnver ? imagesOf(enver) : [],
    kind: enver.kind,
    ...(owner !== undefined && { owner }),
    ...(enver instanceof NpmPackageEnver && { package: { name: enver.packageName } }),
    products: enver.producers.map(productOf).sort(by('name')),
    region: enver.region,
    repo: { name: repo.name, owner: repo.owner },
    revision: { kind: enver.revision.kind, ref: enver.revision.ref },
    runtimeGrants: rolesOf(enver.runtimeGrants),
    stacks: enver instanceof CdkEnver ? enver.stackNames : [],
    tags: { ...tags },
    timeoutMinutes: enver.timeoutMinutes,
    workDir: build.workDir,
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
    ...(producer.example !== undefined && { example: plain<Json>(producer.example) }),
    kind: producer.kind,
    name: producer.name,
    path: producer.path,
    ...(producer.public && { public: true as const }),
    ...(producer instanceof SecretProducer && readersOf(producer)),
    schema: schemaOf(producer.schema),
  };
}

function readersOf({ enver, readableFrom }: SecretProducer): Pick<ProductEntry, 'readableFrom'> {
  const further = sortedSet(readableFrom).filter((name) => name !== enver.account);
  return further.length === 0 ? {} : { readableFrom: further.map((name) => accountOf(enver, name)) };
}

function accountOf({ build }: Enver, name: string): EnverEntry['account'] {
  return { id: known(build.contracts.accounts, name).id, name };
}

function consumptionOf({ id, producer, onChange, placeholder }: Consumer): ConsumptionEntry {
  return {
    ...(onChange.kind === 'approve' && { approvers: rolesOf(onChange.approvers) }),
    from: producer.enver.id,
    id,
    kind: producer.kind,
    onChange: onChange.kind,
    path: producer.path,
    ...(placeholder !== undefined && { placeholder: plain<Json>(placeholder) }),
    schema: schemaOf(producer.schema),
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
  return items.length < 2 ? [...items] : [...new Set(items)].sort();
}

function by<K extends string>(key: K) {
  return (a: Record<K, string>, b: Record<K, string>) => (a[key] < b[key] ? -1 : a[key] > b[key] ? 1 : 0);
}
