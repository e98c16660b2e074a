/**
 * Compiles a TypeScript file of the simulation together with the sources of the packages that it tests into one
 * module. Nothing has to be built before, and a source can be changed on the way: that is how mutants are made.
 */
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

/** Of the repository. */
export const root = rootAbove(dirname(fileURLToPath(import.meta.url)));
const packages = join(root, 'packages');
const output = join(root, 'test/dist/simulation');
const alias = {
  '@ondemandenv/contracts-base': join(packages, 'contracts-base/src/index.ts'),
  '@ondemandenv/control-plane': join(packages, 'control-plane/src/index.ts'),
  '@ondemandenv/control-plane/memory': join(packages, 'control-plane/src/adapters/memory/index.ts'),
};

let count = 0;

/** Compiles a file of this folder, with a mutant's change if there is one, and loads it. */
export async function load(entry, mutant) {
  mkdirSync(output, { recursive: true });
  const outfile = join(output, `${entry.replace(/\.ts$/, '')}-${process.pid}-${++count}.mjs`);
  try {
    await build({
      entryPoints: [join(root, 'test/simulation', entry)],
      outfile,
      bundle: true,
      platform: 'node',
      format: 'esm',
      target: 'node20.19',
      external: ['zod', 'constructs', 'esbuild'],
      alias,
      logLevel: 'silent',
      sourcemap: 'inline',
      plugins: mutant ? [mutation(mutant)] : [],
    });
    return await import(pathToFileURL(outfile).href);
  } finally {
    rmSync(outfile, { force: true });
  }
}

function mutation({ name, file, replace }) {
  const target = join(packages, file);
  let loaded = false;
  return {
    name: 'mutation',
    setup({ onLoad, onEnd }) {
      onLoad({ filter: /\.ts$/ }, async ({ path }) => {
        if (path !== target) return undefined;
        loaded = true;
        return { contents: mutated(name, file, await readFile(path, 'utf8'), replace), loader: 'ts' };
      });
      onEnd(() => {
        if (!loaded) throw new Error(`mutant ${name}: ${file} is not part of the program`);
      });
    },
  };
}

/** This very file may be part of such a module. */
function rootAbove(folder) {
  return existsSync(join(folder, 'pnpm-workspace.yaml')) ? folder : rootAbove(dirname(folder));
}

function mutated(name, file, source, replace) {
  let text = source;
  for (const [from, to] of replace) {
    const times = text.split(from).length - 1;
    if (times !== 1) throw new Error(`mutant ${name}: ${file} has this ${times} times, not once: ${from}`);
    text = text.replace(from, () => to);
  }
  return text;
}
