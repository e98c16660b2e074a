import { type EnverEntry, type JsonSchema, productPath } from '@ondemandenv/contracts-base';

const text: JsonSchema = { type: 'string' };
export const api: JsonSchema = {
  type: 'object',
  properties: { url: { type: 'string', format: 'uri' }, stage: { type: 'string' } },
  required: ['url', 'stage'],
  additionalProperties: false,
};

/** The contract entry of an enver `shop/b..main`. */
export function entry(changes: Partial<EnverEntry> = {}): EnverEntry {
  return {
    id: 'shop/b..main',
    build: 'shop',
    kind: 'script',
    repo: { owner: 'coffee', name: 'shop' },
    workDir: '.',
    extraPaths: [],
    revision: { kind: 'branch', ref: 'main' },
    account: { name: 'workspace1', id: '111122223333' },
    region: 'us-west-1',
    timeoutMinutes: 5,
    commands: { test: [], deploy: [], destroy: [] },
    stacks: [],
    images: [],
    tags: {},
    ephemeral: false,
    exec: { services: [], statements: [] },
    runtimeGrants: [],
    products: [],
    consumes: [],
    clones: 'off',
    ...changes,
  };
}

export function product(name: string, schema: JsonSchema = text): EnverEntry['products'][number] {
  return { name, path: productPath('shop/b..main', name), kind: 'value', schema };
}

/** Consumes `foundation/b..main/<name>` as `id`. */
export function use(
  id: string,
  name: string,
  changes: Partial<EnverEntry['consumes'][number]> = {},
): EnverEntry['consumes'][number] {
  const from = 'foundation/b..main';
  return {
    id,
    from,
    path: productPath(from, name),
    kind: 'value',
    schema: text,
    onChange: 'deploy',
    ...changes,
  };
}
