import { type EnverEntry, type JsonSchema, productPath } from '@ondemandenv/contracts-base';
import { enverEntry } from '@ondemandenv/contracts-base/testing';

const text: JsonSchema = { type: 'string' };
export const api: JsonSchema = {
  type: 'object',
  properties: { url: { type: 'string', format: 'uri' }, stage: { type: 'string' } },
  required: ['url', 'stage'],
  additionalProperties: false,
};

/** The contract entry of an enver `shop/b..main`. */
export function entry(changes: Partial<EnverEntry> = {}): EnverEntry {
  return enverEntry({
    build: 'shop',
    timeoutMinutes: 5,
    commands: { test: [], deploy: [], destroy: [] },
    ...changes,
  });
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
