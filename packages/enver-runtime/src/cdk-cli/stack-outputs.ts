import { readFile } from 'node:fs/promises';
import { type EnverEntry, OdmdError } from '@ondemandenv/contracts-base';
import { z } from 'zod';
import { outputId } from '../output-id.js';
import type { ProductTexts } from '../put-out.js';

const stackOutputsSchema = z.record(z.string(), z.record(z.string(), z.string()));

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
