/** `pnpm policies`: compiles the policy matrix of the tests into one module, and runs it. */
import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const outfile = join(root, `test/dist/policies-${process.pid}.mjs`);
// The CDK's validation takes seconds, and looks at what is deployed, not at who may do what.
process.env.CDK_VALIDATION ??= 'false';
process.on('exit', () => rmSync(outfile, { force: true }));
await build({
  entryPoints: [join(root, 'test/policies/main.ts')],
  outfile,
  bundle: true,
  packages: 'external',
  platform: 'node',
  format: 'esm',
  target: 'node20.19',
  logLevel: 'error',
});
await import(pathToFileURL(outfile).href);
