/**
 * Bundles the functions of the platform, one folder each, `lambdas/dist/functions/<name>/index.mjs`, or below the folder
 * that is named. The AWS SDK is the one of the Lambda runtime. Fails when a bundle grows beyond what starts fast.
 */
import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const KB = 1024;
const LIMITS = { ingress: KB, intake: KB, reconciler: KB, schedule: KB, api: KB, provisioner: 5 * KB };
const lambdas = join(dirname(dirname(fileURLToPath(import.meta.url))), 'lambdas');
const out = resolve(process.argv[2] ?? join(lambdas, 'dist', 'functions'));

// What is replaced in place can be read meanwhile.
const made = existsSync(out) ? readdirSync(out) : [];
for (const name of made.filter((name) => !(name in LIMITS))) rmSync(join(out, name), { recursive: true });
for (const [name, limit] of Object.entries(LIMITS)) {
  const outfile = join(out, name, 'index.mjs');
  await build({
    entryPoints: [join(lambdas, 'dist', `${name}.js`)],
    outfile,
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node22',
    format: 'esm',
    external: ['@aws-sdk/*'],
    sourcemap: false,
    // Some dependencies are CommonJS inside.
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
    logLevel: 'error',
  });
  const size = Math.ceil(statSync(outfile).size / KB);
  console.log(`${name}: ${size} KB`);
  if (size > limit) {
    console.error(`${name} has ${size} KB, and ${limit} is the limit`);
    process.exitCode = 1;
  }
}
