import { canonicalJson } from '../canonical-json.js';
import { isObject } from '../equal-json.js';
import type { JsonSchema } from '../manifest/index.js';
import { accepts, asSchema, type Document, list } from './accepts.js';
import { keywordMisfit } from './keyword-misfit.js';
import { dereference, finiteValues, normalSchema, type Schema, typesOf } from './normal-schema.js';

/** Why not every value of one type is a value of another. */
export interface Misfit {
  /** The place inside the value: `url`, `items[].name`; empty for the value itself. */
  readonly at: string;
  readonly why: string;
  /** It may fit after all; it could not be proved. */
  readonly undecided: boolean;
}

/**
 * Whether every value of `narrow` is one of `wide`: `undefined` when that is proved, else the first reason against
 * it. It decides what types of products are commonly made of: objects, arrays and tuples, unions, enumerations and
 * constants, bounds, equal formats and patterns, recursion. Whatever it cannot prove is a misfit marked `undecided`.
 *
 * @param open take the objects of `wide` as open: properties that it does not declare fit. Variants of a union stay
 *   closed unless a constant property tells them apart, since a reader may tell them apart by what is there.
 */
export function typeMisfit(narrow: JsonSchema, wide: JsonSchema, open = false): Misfit | undefined {
  const [a, b] = [normalSchema(narrow), normalSchema(wide)];
  if (canonicalJson(a) === canonicalJson(b)) return undefined;
  return misfit({ a, b, at: '' }, { narrow: a, wide: b, open, assumed: new Set() });
}

export interface Pair {
  readonly a: Schema;
  readonly b: Schema;
  readonly at: string;
}

export interface Roots {
  readonly narrow: Schema;
  readonly wide: Schema;
  readonly open: boolean;
  /** Pairs under way that a reference leads back to: values are finite, so they may be taken as proved. */
  readonly assumed: ReadonlySet<string>;
}

type Keywords = Exclude<Schema, boolean>;

export function misfit({ a, b, at }: Pair, roots: Roots): Misfit | undefined {
  if (b === true || a === false) return undefined;
  if (b === false) return { at, why: 'no value is allowed', undecided: false };
  const narrow: Keywords = a === true ? {} : a;
  if (isReference(narrow) || isReference(b)) return followed({ a: narrow, b, at }, roots);
  const values = finiteValues(narrow);
  if (values) return valuesFit(values, narrow, b, at, roots);
  for (const keyword of ['anyOf', 'oneOf'] as const)
    if (keyword in narrow) return alternativesFit(narrow, keyword, b, at, roots);
  const types = typesOf(narrow);
  if (types.length > 1) return first(types, (type) => misfit({ a: { ...narrow, type }, b, at }, roots));
  if ('allOf' in narrow && !('allOf' in b) && !('anyOf' in b) && !('oneOf' in b)) {
    const { allOf, ...rest } = narrow;
    const parts = [rest, ...list(allOf)].map((part) => misfit({ a: part, b, at }, roots));
    return parts.includes(undefined) ? undefined : { at, why: 'an intersection', undecided: true };
  }
  const { allOf, anyOf, oneOf, ...own } = b;
  const conjuncts = list(allOf).map((part) => () => misfit({ a: narrow, b: part, at }, roots));
  if ('anyOf' in b) conjuncts.push(() => unionFits(narrow, list(anyOf), at, roots, false));
  if ('oneOf' in b) conjuncts.push(() => unionFits(narrow, list(oneOf), at, roots, true));
  return first([() => keywordMisfit({ a: narrow, b: own, at }, roots), ...conjuncts], (check) => check());
}

function isReference(schema: Keywords): boolean {
  return '$ref' in schema;
}

function followed({ a, b, at }: Pair, roots: Roots): Misfit | undefined {
  const key = `${canonicalJson(a)} ${canonicalJson(b)} ${roots.open}`;
  if (roots.assumed.has(key)) return undefined;
  const next = { ...roots, assumed: new Set([...roots.assumed, key]) };
  const [narrow, wide] = [target(a, roots.narrow), target(b, roots.wide)];
  if (narrow === undefined || wide === undefined)
    return { at, why: 'a reference out of the schema', undecided: true };
  return misfit({ a: narrow, b: wide, at }, next);
}

function target(schema: Schema, root: Schema): Schema | undefined {
  if (!isObject(schema) || !('$ref' in schema)) return schema;
  const { $ref, $defs: _definitions, ...rest } = schema;
  const found = dereference(root, $ref);
  if (found === undefined || Object.keys(rest).length === 0) return found;
  return { allOf: [found, rest] };
}

function valuesFit(
  values: readonly unknown[],
  a: Keywords,
  b: Keywords,
  at: string,
  roots: Roots,
): Misfit | undefined {
  const own: Document = { root: roots.narrow, open: false };
  const other: Document = { root: roots.wide, open: roots.open };
  return first(values, (value) => {
    if (accepts(a, value, own) === false) return undefined;
    const verdict = accepts(b, value, other);
    if (verdict === true) return undefined;
    return { at, why: `it may be ${canonicalJson(value)}`, undecided: verdict === undefined };
  });
}

function alternativesFit(
  a: Keywords,
  keyword: 'anyOf' | 'oneOf',
  b: Keywords,
  at: string,
  roots: Roots,
): Misfit | undefined {
  const { [keyword]: alternatives, ...rest } = a;
  const plain = Object.keys(rest).filter((name) => name !== '$defs').length === 0;
  if (!plain && misfit({ a: rest, b, at }, roots) === undefined) return undefined;
  return first(list(alternatives), (one) => {
    const found = misfit({ a: one, b, at }, roots);
    return found && (plain ? found : { ...found, undecided: true });
  });
}

/** Whether one alternative takes all of `a`; with `exclusive`, while no other takes any of it. */
function unionFits(
  a: Keywords,
  alternatives: readonly Schema[],
  at: string,
  roots: Roots,
  exclusive: boolean,
): Misfit | undefined {
  const resolved = alternatives.map((one) => target(one, roots.wide) ?? one);
  const inside = roots.open && !toldApart(resolved) ? { ...roots, open: false } : roots;
  const problems = alternatives.map((one) => misfit({ a, b: one, at }, inside));
  const at0 = problems.indexOf(undefined);
  if (at0 >= 0) {
    if (!exclusive || resolved.every((one, n) => n === at0 || disjoint(a, one))) return undefined;
    return { at, why: 'it may be of several alternatives', undecided: true };
  }
  const candidates = problems.filter((_, n) => !disjoint(a, resolved[n] ?? true));
  const [only] = candidates;
  if (candidates.length === 1 && only) return only;
  return { at, why: `it may be ${described(a)}`, undecided: candidates.length > 0 };
}

/** Whether at most one of the alternatives is an object, or a constant property tells the objects apart. */
function toldApart(alternatives: readonly Schema[]): boolean {
  const objects = alternatives.filter((one) => typesOf(one).includes('object'));
  return objects.every((one, n) => objects.slice(n + 1).every((other) => disjoint(one, other)));
}

/** Whether it is certain that no value is of both. */
function disjoint(a: Schema, b: Schema): boolean {
  if (!isObject(a) || !isObject(b)) return a === false || b === false;
  const kinds = (schema: Schema) => typesOf(schema).map((type) => (type === 'integer' ? 'number' : type));
  const common = kinds(a).filter((type) => kinds(b).includes(type));
  if (common.length === 0) return true;
  const [some, others] = [finiteValues(a), finiteValues(b)];
  if (some && others) return !some.some((x) => others.some((y) => canonicalJson(x) === canonicalJson(y)));
  if (common.some((type) => type !== 'object')) return false;
  const [mine, theirs] = [a.properties, b.properties];
  if (!isObject(mine) || !isObject(theirs)) return false;
  return [...list(a.required), ...list(b.required)].map(String).some((name) => {
    if (!Object.hasOwn(mine, name) || !Object.hasOwn(theirs, name)) return false;
    return disjoint(asSchema(mine[name]), asSchema(theirs[name]));
  });
}

export function described(schema: Schema): string {
  const types = typesOf(schema);
  return types.length === 1 ? `of type ${types[0]}` : 'any value';
}

export function first<T>(items: readonly T[], check: (item: T) => Misfit | undefined): Misfit | undefined {
  let undecided: Misfit | undefined;
  for (const item of items) {
    const found = check(item);
    if (found && !found.undecided) return found;
    undecided ??= found;
  }
  return undecided;
}
