import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import {
  canonicalJson,
  type EnverEntry,
  PRODUCT_SEGMENT,
  type ProductEntry,
} from '@ondemandenv/contracts-base';
import type { Problem } from './errors.js';
import type { Json } from './inputs.js';
import { isText, violations } from './json-schema.js';
import type { Output, ParsedOutputs } from './outputs-file.js';
import { parseJson } from './parse-json.js';
import { MAX_VALUE_BYTES } from './protocol.js';
import { shapeOf } from './shape.js';

/** A value that may be written. */
export interface CheckedProduct {
  readonly name: string;
  readonly path: string;
  /** Canonical JSON text. */
  readonly value: string;
  /** Absolute path of the file that has to be kept first: where it then is becomes the value. */
  readonly file?: string;
}

/**
 * Holds what a job put out against what its contract declares: every product there, nothing else, each of its
 * type and fit for the config store. Problems name the product and the rule, never the value.
 *
 * @param filesIn where an artifact may be put out as the path of a file; `undefined` where files are not kept
 */
export function checkProducts(
  entry: EnverEntry,
  { outputs, problems: badLines }: ParsedOutputs,
  filesIn?: string,
): { products: CheckedProduct[]; problems: Problem[] } {
  const problems = badLines.map(
    ({ line, message }): Problem => ({
      code: 'ODMD530',
      where: `line ${line} of $ODMD_OUTPUT`,
      message,
      fix: 'write a value of several lines as name<<END, the lines, END',
    }),
  );
  const products: CheckedProduct[] = [];
  for (const declared of entry.products) {
    const output = outputs.get(declared.name);
    const result = output ? check(declared, output.text, filesIn) : missing(declared);
    if ('value' in result) products.push(result);
    else problems.push(result);
  }
  const names = new Set(entry.products.map(({ name }) => name));
  for (const output of outputs.values())
    if (!names.has(output.name)) problems.push(undeclared(entry, output, badLines.length === 0));
  return { products, problems };
}

function check(declared: ProductEntry, text: string, filesIn: string | undefined): CheckedProduct | Problem {
  if (declared.kind !== 'artifact' || text.startsWith('s3://')) return checkValue(declared, text);
  return filesIn === undefined ? noFiles(declared) : checkFile(declared, text, filesIn);
}

function noFiles({ name }: ProductEntry): Problem {
  return {
    code: 'ODMD556',
    where: `product ${name}`,
    message: 'is a file, and this platform keeps no files',
    fix: `deploy it with a platform on AWS, or put out an object that is there: ${name}=s3://bucket/key@version`,
  };
}

function checkFile({ name, path }: ProductEntry, text: string, filesIn: string): CheckedProduct | Problem {
  const file = resolve(filesIn, text);
  if (statSync(file, { throwIfNoEntry: false })?.isFile()) return { name, path, value: '', file };
  return {
    code: 'ODMD533',
    where: `product ${name}`,
    message: 'is neither a file nor the place of an S3 object',
    fix: `put out the path of the file: ${name}=dist/app.zip`,
  };
}

function checkValue(declared: ProductEntry, text: string): CheckedProduct | Problem {
  const { name, path, schema } = declared;
  const where = `product ${name}`;
  const value = isText(schema) ? text : parseJson(text);
  if (value === undefined)
    return {
      code: 'ODMD533',
      where,
      message: 'is not JSON, and its type is not a plain string',
      fix: `write it as JSON, in one line: ${name}={"key": "text"}`,
    };
  const broken = violations(schema, value);
  if (broken.length > 0)
    return {
      code: 'ODMD533',
      where,
      message: `is not of its type: ${broken.join('; ')}; it is ${shapeOf(schema, value)}`,
      fix: 'publish a value of the declared type, or change the type in the contracts',
    };
  const stored = canonicalJson(value);
  const unfit = storeProblem(value, stored);
  return unfit === undefined ? { name, path, value: stored } : { code: 'ODMD534', where, ...unfit };
}

/** What SSM Parameter Store, or the environment of a consumer, cannot carry. */
function storeProblem(value: Json, stored: string): { message: string; fix: string } | undefined {
  if (value === '')
    return {
      message: 'is empty, which the config store refuses',
      fix: 'publish a word that stands for "none"',
    };
  if (stored.includes('{{'))
    return {
      message: 'contains {{, which the config store refuses',
      fix: 'encode it, for example as base64',
    };
  if (typeof value === 'string' && value.includes('\0'))
    return {
      message: 'contains a NUL character, which no environment variable can carry',
      fix: 'encode it, for example as base64',
    };
  const bytes = Buffer.byteLength(stored);
  if (bytes > MAX_VALUE_BYTES)
    return {
      message: `has ${bytes} bytes; the config store takes at most ${MAX_VALUE_BYTES}`,
      fix: 'publish it as an artifact: the product is then the place of an S3 object',
    };
  return undefined;
}

function missing({ name }: ProductEntry): Problem {
  return {
    code: 'ODMD532',
    where: `product ${name}`,
    message: 'is declared and was not put out',
    fix: `add a line ${name}=<value> to the file $ODMD_OUTPUT, or remove the producer from the contracts`,
  };
}

/** After a broken line, a "name" may be a line of some value: then only its place is told. */
function undeclared(entry: EnverEntry, { name, line }: Output, reliable: boolean): Problem {
  const legal = name.split('/').every((part) => PRODUCT_SEGMENT.test(part));
  const place = `line ${line} of $ODMD_OUTPUT`;
  const known = entry.products.map((product) => product.name).join(', ');
  return {
    code: 'ODMD531',
    where: reliable && legal ? `output ${name}, ${place}` : place,
    message: `${entry.id} declares no such product`,
    fix: `declare a producer of this name in the contracts, or put out one of: ${known || '(none is declared)'}`,
  };
}
