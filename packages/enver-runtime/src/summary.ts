import { appendFile } from 'node:fs/promises';
import type { Published } from './commands/publish.js';
import type { Resolved } from './commands/resolve.js';

/** What the page of a run on GitHub shows of `resolve`: paths and versions, never values. */
export function resolvedSummary({ enver, sha, inputs }: Resolved): string {
  const rows = inputs.map(({ use, version }) => [code(use.path), String(version)]);
  return section(`Resolved ${code(enver)} at ${code(sha)}`, ['input', 'version'], rows);
}

/** What it shows of `publish`: paths and versions, never values. */
export function publishedSummary({ enver, products }: Published): string {
  const rows = products.map(({ path, version, changed }) => [
    code(path),
    `${version}${changed ? '' : ' (unchanged)'}`,
  ]);
  return section(`Published ${code(enver)}`, ['product', 'version'], rows);
}

/**
 * Adds a section to the page of the run.
 *
 * @param file `$GITHUB_STEP_SUMMARY`
 * @param say is told when it cannot be written, which is no reason to fail
 */
export async function addSummary(file: string, text: string, say: (line: string) => void): Promise<void> {
  await appendFile(file, text).catch((error) => say(`the summary of the run was not written: ${error}`));
}

function section(title: string, head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return `### ${title}\n\nnone\n\n`;
  const lines = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
  return `### ${title}\n\n${lines.join('\n')}\n\n`;
}

function code(text: string): string {
  return `\`${text}\``;
}
