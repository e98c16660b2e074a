import { canonicalJson } from '../canonical-json.js';
import { isObject } from '../equal-json.js';
import { accepts, asSchema, list } from './accepts.js';
import { finiteValues, type Schema, typesOf } from './normal-schema.js';
import { described, first, type Misfit, misfit, type Pair, type Roots } from './type-misfit.js';

type Keywords = Exclude<Schema, boolean>;
type Check = (a: Keywords, b: Keywords, at: string, roots: Roots) => Misfit | undefined;

/** Compares keyword by keyword; `a` has one type, and neither has references or unions. */
export function keywordMisfit({ a, b, at }: Pair, roots: Roots): Misfit | undefined {
  if (!isObject(a) || !isObject(b)) return undefined;
  const [type = ''] = typesOf(a);
  const wanted = typesOf(b);
  const integral = type === 'number' && Number.isInteger(a.multipleOf);
  const fits =
    wanted.includes(type) ||
    (type === 'integer' && wanted.includes('number')) ||
    (integral && wanted.includes('integer'));
  if (!fits) return { at, why: `it may be ${described(a)}`, undecided: false };
  if ('const' in b || 'enum' in b)
    return { at, why: 'it may be another value than those listed', undecided: false };
  const check = CHECKS[type];
  return check?.(a, b, at, roots) ?? otherKeywords(type, a, b, at);
}

const CHECKS: Readonly<Record<string, Check>> = {
  string: (a, b, at) => sizes(a, b, at, 'minLength', 'maxLength'),
  number: numbers,
  integer: numbers,
  array: (a, b, at, roots) => sizes(a, b, at, 'minItems', 'maxItems') ?? items(a, b, at, roots),
  object: (a, b, at, roots) =>
    sizes(
      { ...a, minProperties: Math.max(Number(a.minProperties ?? 0), list(a.required).length) },
      b,
      at,
      'minProperties',
      'maxProperties',
    ) ?? properties(a, b, at, roots),
};

/** Keywords that the checks above have judged, or that say nothing about values. */
const JUDGED: Readonly<Record<string, readonly string[]>> = {
  '': ['$defs', 'type'],
  string: ['minLength', 'maxLength'],
  number: ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'],
  array: ['minItems', 'maxItems', 'items', 'prefixItems'],
  object: [
    'minProperties',
    'maxProperties',
    'properties',
    'required',
    'additionalProperties',
    'propertyNames',
  ],
};
/** Keywords that say nothing about values of other types than this one. */
const ONLY_FOR: Readonly<Record<string, string>> = {
  pattern: 'string',
  format: 'string',
  contentEncoding: 'string',
  contentMediaType: 'string',
  uniqueItems: 'array',
  contains: 'array',
  patternProperties: 'object',
  dependentRequired: 'object',
  dependentSchemas: 'object',
};

/** Keywords that depend on others beside them: that they are equal proves nothing. */
const ENTANGLED: ReadonlySet<string> = new Set([
  '$dynamicRef',
  'contains',
  'else',
  'if',
  'maxContains',
  'minContains',
  'then',
  'unevaluatedItems',
  'unevaluatedProperties',
]);

function otherKeywords(type: string, a: Keywords, b: Keywords, at: string): Misfit | undefined {
  const kind = type === 'integer' ? 'number' : type;
  return first(Object.keys(b), (keyword) => {
    const owner = Object.keys(JUDGED).find((name) => JUDGED[name]?.includes(keyword)) ?? ONLY_FOR[keyword];
    if (owner === '' || (owner !== undefined && owner !== kind) || JUDGED[kind]?.includes(keyword))
      return undefined;
    if (keyword === 'uniqueItems' && b.uniqueItems === false) return undefined;
    if (!ENTANGLED.has(keyword) && keyword in a && sameText(a[keyword], b[keyword])) return undefined;
    return {
      at,
      why: `it need not have the ${keyword} ${canonicalJson(b[keyword])}`,
      undecided: keyword in a || ONLY_FOR[keyword] === undefined,
    };
  });
}

/** References mean what their own documents say, so that equal ones prove nothing. */
function sameText(a: unknown, b: unknown): boolean {
  const text = canonicalJson(a);
  return text === canonicalJson(b) && !text.includes('"$ref"');
}

function sizes(a: Keywords, b: Keywords, at: string, min: string, max: string): Misfit | undefined {
  if (Number(b[min] ?? 0) > Number(a[min] ?? 0)) return { at, why: `its ${min} is lower`, undecided: false };
  if (Number(b[max] ?? Infinity) < Number(a[max] ?? Infinity))
    return { at, why: `its ${max} is higher`, undecided: false };
  return undefined;
}

function numbers(a: Keywords, b: Keywords, at: string): Misfit | undefined {
  const whole = a.type === 'integer';
  if (
    lower(a, whole) < lower(b, whole) ||
    (lower(a, whole) === lower(b, whole) && opens(b, 'minimum', a, whole))
  )
    return { at, why: 'it may be lower', undecided: false };
  if (
    upper(a, whole) > upper(b, whole) ||
    (upper(a, whole) === upper(b, whole) && opens(b, 'maximum', a, whole))
  )
    return { at, why: 'it may be higher', undecided: false };
  if (b.multipleOf === undefined || a.multipleOf === b.multipleOf || (whole && b.multipleOf === 1))
    return undefined;
  const [mine, theirs] = [Number(a.multipleOf ?? (whole ? 1 : Number.NaN)), Number(b.multipleOf)];
  const known = Number.isInteger(mine) && Number.isInteger(theirs);
  if (known && mine % theirs === 0) return undefined;
  return {
    at,
    why: `it need not be a multiple of ${theirs}`,
    undecided: !known && a.multipleOf !== undefined,
  };
}

function lower(schema: Keywords, whole: boolean): number {
  const exclusive = Number(schema.exclusiveMinimum ?? -Infinity);
  return Math.max(Number(schema.minimum ?? -Infinity), whole ? Math.floor(exclusive) + 1 : exclusive);
}

function upper(schema: Keywords, whole: boolean): number {
  const exclusive = Number(schema.exclusiveMaximum ?? Infinity);
  return Math.min(Number(schema.maximum ?? Infinity), whole ? Math.ceil(exclusive) - 1 : exclusive);
}

/** Of equal bounds: whether `b` leaves the bound itself out and `a` does not. */
function opens(b: Keywords, bound: 'minimum' | 'maximum', a: Keywords, whole: boolean): boolean {
  const keyword = bound === 'minimum' ? 'exclusiveMinimum' : 'exclusiveMaximum';
  const at = bound === 'minimum' ? lower : upper;
  return !whole && b[keyword] === at(b, false) && a[keyword] !== at(a, false);
}

function items(a: Keywords, b: Keywords, at: string, roots: Roots): Misfit | undefined {
  const [mine, theirs] = [list(a.prefixItems), list(b.prefixItems)];
  const most = Number(a.maxItems ?? Infinity);
  const named = Math.min(Math.max(mine.length, theirs.length), most);
  const rest = { a: asSchema(a.items), b: asSchema(b.items) };
  const slots = Array.from({ length: named }, (_, n) => n);
  const ended = slots.find((n) => (mine[n] ?? rest.a) === false) ?? Infinity;
  return (
    first(
      slots.filter((n) => n < ended),
      (n) => misfit({ a: mine[n] ?? rest.a, b: theirs[n] ?? rest.b, at: `${at}[${n}]` }, roots),
    ) ?? (most > named && ended === Infinity ? misfit({ ...rest, at: `${at}[]` }, roots) : undefined)
  );
}

function properties(a: Keywords, b: Keywords, at: string, roots: Roots): Misfit | undefined {
  const mine = isObject(a.properties) ? a.properties : {};
  const theirs = isObject(b.properties) ? b.properties : {};
  if ('patternProperties' in a || 'patternProperties' in b)
    return sameText(a, b) ? undefined : { at, why: 'patterns of names', undecided: true };
  const there = new Set(list(a.required).map(String));
  const missing = list(b.required)
    .map(String)
    .find((name) => !there.has(name));
  if (missing !== undefined) return { at: inner(at, missing), why: 'it may be missing', undecided: false };
  const closes = b.additionalProperties === false && roots.open;
  const further = {
    a: asSchema(a.additionalProperties),
    b: closes ? true : asSchema(b.additionalProperties),
  };
  const of = (known: Readonly<Record<string, unknown>>, name: string, other: Schema) =>
    Object.hasOwn(known, name) ? asSchema(known[name]) : other;
  const listed = finiteValues(asSchema(a.propertyNames))?.filter((name) => typeof name === 'string');
  const names = [...new Set([...Object.keys(mine), ...Object.keys(theirs), ...(listed ?? [])])].sort();
  const found = first(names, (name) => {
    const pair = { a: of(mine, name, further.a), b: of(theirs, name, further.b), at: inner(at, name) };
    if (pair.a === false || !mayBeNamed(a, name, roots)) return undefined;
    if (pair.b === false) return { at: pair.at, why: 'it may be there', undecided: false };
    return misfit(pair, roots);
  });
  const rest = listed ? undefined : misfit({ ...further, at: inner(at, '*') }, roots);
  return found ?? namesFit(a, b, at, roots) ?? rest;
}

function mayBeNamed(a: Keywords, name: string, { narrow }: Roots): boolean {
  return accepts(asSchema(a.propertyNames), name, { root: narrow, open: false }) !== false;
}

function namesFit(a: Keywords, b: Keywords, at: string, roots: Roots): Misfit | undefined {
  const wanted = asSchema(b.propertyNames);
  if (wanted === true) return undefined;
  const closed = a.additionalProperties === false;
  const names: Schema = closed
    ? { enum: Object.keys(isObject(a.properties) ? a.properties : {}) }
    : { type: 'string', ...(isObject(a.propertyNames) && a.propertyNames) };
  const found = misfit({ a: names, b: wanted, at: inner(at, '*') }, roots);
  return found && { ...found, why: `of its name: ${found.why}` };
}

function inner(at: string, name: string): string {
  return at === '' ? name : `${at}.${name}`;
}
