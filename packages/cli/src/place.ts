import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Whose frames are never the place of an org's mistake, wherever they are installed or linked. */
const OURS = ['@ondemandenv/contracts-base', '@ondemandenv/cli'];

/** `file:line` of the innermost frame that is code of the org, if the error has one. */
export function placeIn(error: unknown): string | undefined {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  // `    at f (file:///org/index.js:3:14)`, or as the first line, of an error in the text itself, `file:///org/index.js:3`
  const frame = /^(?:\s+at (?:.*\()?(?:async )?)?((?:file:\/\/)?\/[^\n()]*?):(\d+)(?::\d+)?\)?$/gm;
  for (const [, path = '', line] of stack.matchAll(frame)) {
    const file = path.startsWith('file:') ? fileURLToPath(path) : path;
    if (!file.includes('/node_modules/') && !OURS.includes(packageOf(file) ?? '')) return `${file}:${line}`;
  }
  return undefined;
}

/** The name of the package that a file is in. */
function packageOf(file: string): string | undefined {
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    const manifest = join(folder, 'package.json');
    if (existsSync(manifest)) return nameIn(readFileSync(manifest, 'utf8'));
    if (folder === dirname(folder)) return undefined;
  }
}

function nameIn(manifest: string): string | undefined {
  try {
    const { name }: { name?: string } = JSON.parse(manifest);
    return name;
  } catch {
    return undefined; // somebody else's mistake, which must not hide the one that is looked for
  }
}
