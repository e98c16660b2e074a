import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

type WorkflowParser = typeof import('@actions/workflow-parser');

/** GitHub's own parser of workflow files. It imports JSON in a way that takes a bundler. */
export function loadWorkflowParser(): WorkflowParser {
  const folder = mkdtempSync(join(tmpdir(), 'odmd-workflow-parser-'));
  try {
    const outfile = join(folder, 'parser.cjs');
    buildSync({
      stdin: {
        contents: "export * from '@actions/workflow-parser';",
        resolveDir: dirname(fileURLToPath(import.meta.url)),
      },
      outfile,
      bundle: true,
      platform: 'node',
      format: 'cjs',
      logLevel: 'warning',
    });
    return createRequire(import.meta.url)(outfile) as WorkflowParser;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
