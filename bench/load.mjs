/** Compiles what the tests have for the emulators, which is TypeScript, and loads it. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

export const root = fileURLToPath(new URL('../', import.meta.url));

/**
 * @param folder below `test/`
 * @param exported what is wanted, by the names of its files there
 */
export async function loadTests(folder, exported) {
  const outfile = join(root, `test/dist/${folder}-${process.pid}.mjs`);
  const lines = Object.entries(exported).map(([name, file]) => `export { ${name} } from './${file}.js';`);
  try {
    await build({
      stdin: { contents: lines.join('\n'), resolveDir: join(root, 'test', folder) },
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
