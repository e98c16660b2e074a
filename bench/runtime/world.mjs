/** Compiles what the tests have for jobs on the AWS emulator, which is TypeScript, and loads it. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

export const root = fileURLToPath(new URL('../../', import.meta.url));

export async function loadWorld() {
  const outfile = join(root, `test/dist/runtime-${process.pid}.mjs`);
  try {
    await build({
      stdin: {
        contents: "export { World } from './world.js'; export { AwsJob } from './aws-job.js';",
        resolveDir: join(root, 'test/enver-runtime'),
      },
      outfile,
      bundle: true,
      packages: 'external',
      platform: 'node',
      format: 'esm',
      target: 'node20.19',
      logLevel: 'warning',
    });
    return await import(pathToFileURL(outfile).href);
  } finally {
    rmSync(outfile, { force: true });
  }
}
