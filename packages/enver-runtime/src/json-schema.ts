import { type JsonSchema, OdmdError } from '@ondemandenv/contracts-base';
import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import ajvFormats from 'ajv-formats';

/** More would not help anybody; a union alone can give a dozen. */
const MAX_VIOLATIONS = 5;

/**
 * Every way in which a value breaks a type: the place in the value and the broken rule, never the value itself.
 *
 * @example ['/url: must match format "uri"']
 * @throws OdmdError ODMD505 when the schema cannot be used
 */
export function violations(schema: JsonSchema, value: unknown): string[] {
  const validate = compile(schema);
  if (validate(value)) return [];
  const names = propertyNames(schema);
  const texts = (validate.errors ?? []).map((error) => describe(error, names));
  return [...new Set(texts)].slice(0, MAX_VIOLATIONS);
}

/** Whether the type itself is a string: then a job writes the plain text and not JSON. */
export function isText(schema: JsonSchema): boolean {
  const target = typeof schema.$ref === 'string' ? definition(schema, schema.$ref) : schema;
  return target?.type === 'string';
}

function compile(schema: JsonSchema) {
  const ajv = new Ajv2020({ allErrors: true, strict: false, logger: false });
  ajvFormats.default(ajv);
  // zod writes the id of a type's metadata as `id`, which older drafts gave another meaning.
  ajv.removeKeyword('id');
  try {
    return ajv.compile(schema);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new OdmdError('ODMD505', `the contract's type cannot be checked: ${reason}`, {
      fix: "change the type of the product in the contracts to one that JSON Schema's draft 2020-12 carries",
      cause,
    });
  }
}

function describe(error: ErrorObject, names: ReadonlySet<string>): string {
  const place = error.instancePath
    .split('/')
    .map((part) => (part === '' || /^\d{1,4}$/.test(part) || names.has(unescapePointer(part)) ? part : '*'))
    .join('/');
  return `${place === '' ? '' : `${place}: `}${error.message ?? `breaks the rule ${error.keyword}`}`;
}

/** The property names that a schema declares. Any other key of a value is data and stays out of messages. */
export function propertyNames(schema: unknown, found = new Set<string>()): Set<string> {
  if (schema === null || typeof schema !== 'object') return found;
  for (const [key, part] of Object.entries(schema)) {
    if (key === 'properties' && part !== null && typeof part === 'object')
      for (const name of Object.keys(part)) found.add(name);
    propertyNames(part, found);
  }
  return found;
}

function definition(schema: JsonSchema, ref: string): Record<string, unknown> | undefined {
  const definitions = schema.$defs;
  if (!ref.startsWith('#/$defs/') || !isRecord(definitions)) return undefined;
  const target = definitions[unescapePointer(ref.slice('#/$defs/'.length))];
  return isRecord(target) ? target : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

/** RFC 6901. */
function unescapePointer(part: string): string {
  return part.replaceAll('~1', '/').replaceAll('~0', '~');
}
