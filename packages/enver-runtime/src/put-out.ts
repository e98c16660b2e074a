import { appendFile } from 'node:fs/promises';
import { sha256 } from '@ondemandenv/contracts-base';

/** Values of products by their names: a text as it is, anything else as JSON. */
export type ProductTexts = ReadonlyMap<string, string>;

/** Puts products out as any other command of a job does. */
export async function putOut(outputFile: string, products: ProductTexts): Promise<void> {
  const texts = [...products].map(([name, text]) => {
    // A value that has its own hash in it does not exist.
    const end = `END_${sha256(text).slice(0, 32)}`;
    return `${name}<<${end}\n${text}\n${end}\n`;
  });
  if (texts.length > 0) await appendFile(outputFile, texts.join(''), { mode: 0o600 });
}
