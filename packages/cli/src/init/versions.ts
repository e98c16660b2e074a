import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { version } from '../version.js';

/** What a contractsLib is compiled with; this package does not depend on them. */
const COMPILER = { typescript: '6.0.3', '@types/node': '20.19.43' } as const;

/** The versions that a new contractsLib pins: what this release of `odmd` itself runs with. */
export function versionsToPin(): Record<string, string> {
  return {
    '@ondemandenv/cli': version(),
    '@ondemandenv/contracts-base': installed('@ondemandenv/contracts-base'),
    constructs: installed('constructs'),
    zod: installed('zod'),
    ...COMPILER,
  };
}

function installed(name: string): string {
  const require = createRequire(import.meta.url);
  const { version: found }: { version: string } = JSON.parse(
    readFileSync(require.resolve(`${name}/package.json`), 'utf8'),
  );
  return found;
}
