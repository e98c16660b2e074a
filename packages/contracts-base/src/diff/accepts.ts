import { canonicalJson } from '../canonical-json.js';
import { isObject } from '../equal-json.js';
import { dereference, finiteValues, type Schema, typesOf } from './normal-schema.js';

/** In which document references are looked up, and whether objects may have more properties than are declared. */
export interface Document {
  readonly root: Schema;
  readonly open: boolean;
}

/** Whether a schema accepts a value; `undefined` when that is beyond this function (formats, rare keywords). */
export function accepts(schema: Schema, value: unknown, document: Document): boolean | undefined {
  if (typeof schema === 'boolean') return schema;
  const verdicts = Object.keys(schema).map((keyword) => keywordAccepts(keyword, schema, value, document));
  return all(verdicts);
}

type Keywords = Exclude<Schema, boolean>;

function keywordAccepts(keyword: string, schema: Keywords, value: unknown, document: Document) {
  const wanted = schema[keyword];
  switch (keyword) {
    case '$defs':
      return true;
    case '$ref': {
      const target = dereference(document.root, wanted);
      return target === undefined ? undefined : accepts(target, value, document);
    }
    case 'type':
      return typesOf(schema).some((type) => isOfType(value, type));
    case 'const':
    case 'enum':
      return (finiteValues({ [keyword]: wanted }) ?? []).some(
        (one) => canonicalJson(one) === canonicalJson(value),
      );
    case 'allOf':
      return all(list(wanted).map((one) => accepts(one, value, document)));
    case 'anyOf':
      return any(list(wanted).map((one) => accepts(one, value, document)));
    case 'oneOf':
      return exactlyOne(list(wanted).map((one) => accepts(one, value, document)));
    default:
      if (typeof value === 'string') return textAccepts(keyword, wanted, value);
      if (typeof value === 'number') return numberAccepts(keyword, wanted, value);
      if (Array.isArray(value)) return arrayAccepts(keyword, schema, value, document);
      if (isObject(value)) return objectAccepts(keyword, schema, value, document);
      return GENERAL.has(keyword) ? undefined : true;
  }
}

/** Keywords beyond this function that judge values of every type. */
const GENERAL: ReadonlySet<string> = new Set(['$dynamicRef', 'else', 'if', 'not', 'then']);
const OF_TEXT: ReadonlySet<string> = new Set(['contentEncoding', 'contentMediaType', 'format']);
const OF_ARRAYS: ReadonlySet<string> = new Set([
  'contains',
  'maxContains',
  'minContains',
  'unevaluatedItems',
]);
const OF_OBJECTS: ReadonlySet<string> = new Set([
  'dependentRequired',
  'dependentSchemas',
  'patternProperties',
  'unevaluatedProperties',
]);

function textAccepts(keyword: string, wanted: unknown, value: string): boolean | undefined {
  if (OF_TEXT.has(keyword) || GENERAL.has(keyword)) return undefined;
  if (keyword === 'pattern') {
    try {
      return typeof wanted === 'string' ? new RegExp(wanted, 'u').test(value) : undefined;
    } catch {
      return undefined;
    }
  }
  if (keyword !== 'minLength' && keyword !== 'maxLength') return true;
  const length = [...value].length;
  return keyword === 'minLength' ? length >= Number(wanted) : length <= Number(wanted);
}

function numberAccepts(keyword: string, wanted: unknown, value: number): boolean | undefined {
  const bound = Number(wanted);
  if (keyword === 'minimum') return value >= bound;
  if (keyword === 'maximum') return value <= bound;
  if (keyword === 'exclusiveMinimum') return value > bound;
  if (keyword === 'exclusiveMaximum') return value < bound;
  // Of fractions, a remainder says more about binary numbers than about the value.
  if (keyword === 'multipleOf')
    return Number.isInteger(value) && Number.isInteger(bound) ? value % bound === 0 : undefined;
  return GENERAL.has(keyword) ? undefined : true;
}

function arrayAccepts(keyword: string, schema: Keywords, value: readonly unknown[], document: Document) {
  const prefix = list(schema.prefixItems);
  if (keyword === 'minItems') return value.length >= Number(schema.minItems);
  if (keyword === 'maxItems') return value.length <= Number(schema.maxItems);
  if (keyword === 'uniqueItems')
    return schema.uniqueItems !== true || new Set(value.map(canonicalJson)).size === value.length;
  if (keyword === 'prefixItems')
    return all(value.slice(0, prefix.length).map((item, at) => accepts(prefix[at] ?? true, item, document)));
  if (keyword === 'items') {
    const { items } = schema;
    return all(value.slice(prefix.length).map((item) => accepts(asSchema(items), item, document)));
  }
  return GENERAL.has(keyword) || OF_ARRAYS.has(keyword) ? undefined : true;
}

function objectAccepts(
  keyword: string,
  schema: Keywords,
  value: Readonly<Record<string, unknown>>,
  document: Document,
) {
  const names = Object.keys(value);
  const properties = isObject(schema.properties) ? schema.properties : {};
  if (keyword === 'required')
    return list(schema.required).every((name) => Object.hasOwn(value, String(name)));
  if (keyword === 'minProperties') return names.length >= Number(schema.minProperties);
  if (keyword === 'maxProperties') return names.length <= Number(schema.maxProperties);
  if (keyword === 'propertyNames')
    return all(names.map((name) => accepts(asSchema(schema.propertyNames), name, document)));
  if (keyword === 'properties')
    return all(
      names
        .filter((name) => Object.hasOwn(properties, name))
        .map((name) => accepts(asSchema(properties[name]), value[name], document)),
    );
  if (keyword === 'additionalProperties') {
    const rest = names.filter((name) => !Object.hasOwn(properties, name));
    if (schema.additionalProperties === false && document.open) return true;
    if (rest.length > 0 && 'patternProperties' in schema) return undefined;
    return all(rest.map((name) => accepts(asSchema(schema.additionalProperties), value[name], document)));
  }
  return GENERAL.has(keyword) || OF_OBJECTS.has(keyword) ? undefined : true;
}

function isOfType(value: unknown, type: string): boolean {
  if (type === 'null') return value === null;
  if (type === 'array') return Array.isArray(value);
  if (type === 'object') return isObject(value);
  if (type === 'integer') return Number.isInteger(value);
  return typeof value === type;
}

export function list(value: unknown): readonly Schema[] {
  return Array.isArray(value) ? value : [];
}

export function asSchema(value: unknown): Schema {
  return typeof value === 'boolean' || isObject(value) ? value : true;
}

function all(verdicts: readonly (boolean | undefined)[]): boolean | undefined {
  if (verdicts.includes(false)) return false;
  return verdicts.includes(undefined) ? undefined : true;
}

function any(verdicts: readonly (boolean | undefined)[]): boolean | undefined {
  if (verdicts.includes(true)) return true;
  return verdicts.includes(undefined) ? undefined : false;
}

function exactlyOne(verdicts: readonly (boolean | undefined)[]): boolean | undefined {
  const yes = verdicts.filter((one) => one === true).length;
  if (yes > 1) return false;
  return verdicts.includes(undefined) ? undefined : yes === 1;
}
