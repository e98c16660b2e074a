/**
 * Writes the generated pages of docs/reference from what the built packages say of themselves.
 * With --check, writes nothing and fails when a page is not what it would write.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { referencePage } from '../packages/cli/dist/codes/reference-page.js';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const pages = { 'docs/reference/codes.md': referencePage() };

for (const [name, text] of Object.entries(pages)) {
  const file = join(root, name);
  if (current(file) === text) continue;
  if (process.argv.includes('--check')) {
    console.error(`${name} is not fresh: run \`pnpm run docs\` and commit it`);
    process.exitCode = 1;
    continue;
  }
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  console.log(`wrote ${name}`);
}

function current(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}
