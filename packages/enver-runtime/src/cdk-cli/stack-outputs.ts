import { appendFile, readFile } from 'node:fs/promises';
import { type EnverEntry, OdmdError, sha256 } from '@ondemandenv/contracts-base';
import { z } from 'zod';
import { outputId } from '../output-id.js';

const stackOutputsSchema = z.record(z.string(), z.record(z.string(), z.string()));

/** Values of products by their names. */
export type ProductTexts = ReadonlyMap<string, string>;

/**
 * The products among the outputs of a stack, as the CDK CLI wrote them.
 *
 * @param file of `--outputs-file`; a stack without outputs has none
 */
export async function readStackOutputs(file: string, { products }: EnverEntry): Promise<ProductTexts> {
  const outputs = Object.assign({}, ...Object.values(await read(file))) as Record<string, string>;
  const found = new Map<string, string>();
  for (const { name } of products) {
    const value = outputs[outputId(name)];
    if (value !== undefined) found.set(name, value);
  }
  return found;
}

/** Puts products out as any other command of a job does. */
export async function putOut(outputFile: string, products: ProductTexts): Promise<void> {
  const texts = [...products].map(([name, text]) => {
    // A value that has its own hash in it does not exist.
    const end = `END_${sha256(text).slice(0, 32)}`;
    return `${name}<<${end}\n${text}\n${end}\n`;
  });
  if (texts.length > 0) await appendFile(outputFile, texts.join(''), { mode: 0o600 });
}

async function read(file: string): Promise<z.output<typeof stackOutputsSchema>> {
  try {
    return stackOutputsSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return {};
    // No cause: it may repeat a value.
    throw new OdmdError('ODMD564', 'the outputs of the stacks cannot be read', {
      where: file,
      fix: 'use a release 2 of aws-cdk',
    });
  }
}
